"""The lecture's models 1 to 4, and the way from a specification to a Keras model and back to bytes."""

from __future__ import annotations

import io
import re
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore import _keras as keras
from nncore.specs.experiment import DEFAULT_LEARNING_RATE, Experiment, NetworkSpec, TrainingSpec
from nncore.specs.layers import Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D

PICTURE = (28, 28, 1)
KERAS_LARGEST_SEED = 10**9
"""`keras.random.SeedGenerator` without a seed draws one from 1 to this."""

PRESETS: dict[str, Experiment] = {
    "model1": Experiment(
        name="model1",
        network=NetworkSpec(layers=(Dense(units=30, activation="sigmoid"), Dense(units=10, activation="sigmoid"))),
        training=TrainingSpec(loss="mean_squared_error", optimizer="sgd", epochs=200),
    ),
    "model2": Experiment(
        name="model2",
        network=NetworkSpec(layers=(Dense(units=30, activation="tanh"), Dense(units=10, activation="softmax"))),
        training=TrainingSpec(optimizer="adam", learning_rate=0.001, epochs=100),
    ),
    "model3": Experiment(
        name="model3",
        network=NetworkSpec(
            input_shape=PICTURE,
            layers=(
                Conv2D(filters=20, kernel_size=5, activation="relu"),
                MaxPooling2D(),
                Flatten(),
                Dense(units=100, activation="tanh"),
                Dense(units=10, activation="softmax"),
            ),
        ),
        training=TrainingSpec(optimizer="sgd", epochs=30),
    ),
    "model4": Experiment(
        name="model4",
        network=NetworkSpec(
            input_shape=PICTURE,
            layers=(
                Conv2D(filters=20, kernel_size=5, activation="relu"),
                MaxPooling2D(),
                Conv2D(filters=40, kernel_size=3, activation="relu"),
                MaxPooling2D(),
                Flatten(),
                Dense(units=100, activation="tanh"),
                Dense(units=10, activation="softmax"),
            ),
        ),
        training=TrainingSpec(optimizer="sgd", epochs=100),
    ),
}
"""The lecture's four experiments as printed: batches of 128, raw grey values, Keras' learning rates."""


def preset(name: str) -> Experiment:
    """The lecture's experiment of this name, `model1` to `model4`; ValueError for another name."""
    if name not in PRESETS:
        raise ValueError(f"expected one of {', '.join(PRESETS)}, received {name!r}")
    return PRESETS[name]


def build_model(network: NetworkSpec, *, seed: int | None = None) -> Any:
    """A keras.Sequential with fresh weights: after `seed`, or other ones at each call.

    With a seed, the weights are those of a script that calls `keras.utils.set_random_seed(seed)` and builds, whatever
    other threads do: Keras draws a layer's seed from Python's global `random`, and so do Dask's threads, which
    surround a training in a worker. The draws are therefore made here, in Keras' order, from a generator of our own.

    Layers are named as the lecture prints them, `dense_1`, `dense_2`; Keras' own numbers would go on counting from
    one model of the process to the next.
    """
    model = keras.models.Sequential([keras.layers.Input(network.input_shape)])
    draws = Random(seed)  # noqa: S311 - for weights, not for secrets
    for layer, name in zip(network.layers, layer_names(network), strict=True):
        model.add(_build_layer(layer, name, draws))
    return model


def layer_names(network: NetworkSpec) -> list[str]:
    """One name a layer, its kind in Keras' spelling and a number: conv2d_1, max_pooling2d_1, dense_1, dense_2."""
    kinds = [re.sub("(?<=[a-z])(?=[A-Z])", "_", layer.kind).lower() for layer in network.layers]
    return [f"{kind}_{kinds[:place].count(kind) + 1}" for place, kind in enumerate(kinds)]


def _build_layer(layer: Layer, name: str, draws: Random) -> Any:
    settings = {"name": name, **layer.model_dump(exclude={"kind", "initializer", "l2"})}
    if isinstance(layer, Dropout) and layer.rate:
        settings["seed"] = draws.randint(1, KERAS_LARGEST_SEED)
    if isinstance(layer, Dense | Conv2D):
        settings["kernel_initializer"] = _build_initializer(layer.initializer, draws)
        settings["kernel_regularizer"] = keras.regularizers.L2(layer.l2) if layer.l2 else None
    return getattr(keras.layers, layer.kind)(**settings)


def _build_initializer(name: str, draws: Random) -> Any:
    """`he_normal` as keras.initializers.HeNormal with a seed of its own; zeros take none."""
    if name == "zeros":
        return keras.initializers.Zeros()
    kind = "".join(part.title() for part in name.split("_"))
    return getattr(keras.initializers, kind)(seed=draws.randint(1, KERAS_LARGEST_SEED))


def compile_model(model: Any, training: TrainingSpec, *, steps_per_execution: int = 1) -> None:
    """Compile for the specified loss and optimizer, with accuracy as the metric.

    Without XLA: on a CPU it made the convolutions two to three times slower, and it changes the last digits.
    """
    model.compile(
        loss=training.loss,
        optimizer=make_optimizer(training),
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
        jit_compile=keras.backend.backend() != "tensorflow",
    )


def make_optimizer(training: TrainingSpec) -> Any:
    """The specified optimizer, for `compile`."""
    optimizer = keras.optimizers.get(training.optimizer)
    if training.learning_rate != DEFAULT_LEARNING_RATE[training.optimizer]:
        optimizer.learning_rate = training.learning_rate
    return optimizer


def state(model: Any) -> list[Any]:
    """All that training changes in a compiled model: weights, random generators, the optimizer's variables."""
    return [*model.variables, *model.optimizer.variables]


def prepare_inputs(pictures: NDArray[np.uint8], network: NetworkSpec, *, scale: bool) -> NDArray[Any]:
    """Pictures (n, 28, 28), 0..255, in the shape the network takes: raw bytes, or float32 in 0..1 if scaled."""
    shaped = pictures.reshape(len(pictures), *network.input_shape)
    return shaped.astype("float32") / 255 if scale else shaped


def one_hot(labels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Labels (n,), 0..9, as rows of nine zeros and a one: (n, 10)."""
    return np.eye(10)[labels]


def pack_weights(model: Any) -> bytes:
    """The weights as a compressed .npz without pickles, in the order of `model.get_weights()`."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, *model.get_weights())
    return buffer.getvalue()


def unpack_model(network: NetworkSpec, packed: bytes) -> Any:
    """A model with the weights of `pack_weights`; ValueError if they do not fit the network."""
    model = build_model(network)
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        weights = [arrays[f"arr_{number}"] for number in range(len(arrays.files))]
    expected, received = [w.shape for w in model.get_weights()], [w.shape for w in weights]
    if expected != received:
        raise ValueError(f"expected weights of shapes {expected}, received {received}")
    model.set_weights(weights)
    return model
