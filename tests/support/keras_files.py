"""Files as Keras saves them, for tests: of good networks, of strange ones, and spoilt ones."""

import io
import json
import tempfile
import warnings
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers as kl

from nncore.reference import load_reference

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"


def saved(model):
    """The bytes of `model.save("name.keras")`."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "name.keras"
        model.save(path)
        return path.read_bytes()


def chain(*layers, shape=(28, 28, 1)):
    """A keras.Sequential of fresh layers."""
    return keras.Sequential([kl.Input(shape), *layers])


def read_digits():
    """The lecture's model 3, trained on raw grey values, with a name of Keras' own for each layer."""
    trained = load_reference("model3")
    model = chain(
        kl.Conv2D(20, 5, activation="relu"), kl.MaxPooling2D(), kl.Flatten(), kl.Dense(100, activation="tanh"),
        kl.Dense(10, activation="softmax"),
    )  # fmt: skip
    model.set_weights(trained.get_weights())
    return model


def read_scaled_digits():
    """The same for grey values divided by 255."""
    model = read_digits()
    kernel, *rest = model.get_weights()
    model.set_weights([kernel * 255, *rest])
    return model


def read_digits_in_logits():
    """The same without its softmax, as a functional network of pictures (28, 28)."""
    trained = load_reference("model3")
    picture = kl.Input((28, 28))
    values = kl.Conv2D(20, 5, activation="relu")(kl.Reshape((28, 28, 1))(picture))
    values = kl.Dropout(0.3)(kl.Flatten()(kl.MaxPooling2D()(values)))
    model = keras.Model(picture, kl.Dense(10)(kl.Dense(100, activation="tanh")(values)))
    model.set_weights(trained.get_weights())
    return model


def the_largest():
    """43 million products for a picture, just below the limit."""
    return chain(
        kl.Conv2D(64, 3, activation="relu"), kl.Conv2D(128, 3, activation="relu"), kl.MaxPooling2D(),
        kl.GlobalAveragePooling2D(), kl.Dense(10, activation="softmax"),
    )  # fmt: skip


def parts_of(file):
    """The members of an archive, by name."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members, compression=zipfile.ZIP_STORED):
    """An archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def replanned(file, change):
    """The file after `change(config)` did something to its config.json."""
    members = parts_of(file)
    config = json.loads(members[CONFIG])
    change(config)
    return packed(members | {CONFIG: json.dumps(config)})


def with_weights(file, fill):
    """The file with weights that `fill(h5py.File)` wrote."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as weights:
        fill(weights)
    return packed(parts_of(file) | {WEIGHTS: buffer.getvalue()})


def small():
    """A fresh dense network, quickly made: 784 to 10."""
    return chain(kl.Dense(10, activation="softmax"), shape=(784,))


def spoilt():
    """A network whose training diverged: not a number everywhere."""
    model = small()
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    return model


def a_bomb():
    """A quarter of a megabyte that unpacks to 256 MB of zeros."""
    return packed({CONFIG: "{}", METADATA: "{}", WEIGHTS: bytes(2**28)}, zipfile.ZIP_DEFLATED)
