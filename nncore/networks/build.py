"""The way from a specification to a Keras model, compiled or not, and from its weights to bytes and back."""

from __future__ import annotations

import io
import re
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore import _keras as keras
from nncore.specs.experiment import DEFAULT_LEARNING_RATE, NetworkSpec, TrainingSpec
from nncore.specs.layers import Conv2D, Dense, Dropout, Layer

KERAS_LARGEST_SEED = 10**9
"""The largest seed that `keras.random.SeedGenerator` draws when it is given none; the smallest is 1."""


def build_model(network: NetworkSpec, *, seed: int | None = None) -> Any:
    """Build a keras.Sequential with initial weights drawn after `seed`, or without one, different at each call.

    With a seed, the weights are those of a script that calls `keras.utils.set_random_seed(seed)` and builds, whatever
    other threads do: Keras draws a layer's seed from Python's global `random`, and so do Dask's threads, which
    surround a training in a worker. The draws are therefore made here, in Keras' order, from a separate generator.

    Layers are named as the lecture prints them, `dense_1`, `dense_2`; the numbers that Keras gives count on from
    one model of the process to the next.
    """
    model = keras.models.Sequential([keras.layers.Input(network.input_shape)])
    draws = Random(seed)  # noqa: S311 - for weights, not for secrets
    for layer, name in zip(network.layers, layer_names(network), strict=True):
        model.add(_build_layer(layer, name, draws))
    return model


def layer_names(network: NetworkSpec) -> list[str]:
    """One name a layer, made of its kind in Keras' spelling and a number: conv2d_1, max_pooling2d_1, dense_1."""
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
    """Build keras.initializers.HeNormal from `he_normal`, with a seed drawn for it; zeros need none."""
    if name == "zeros":
        return keras.initializers.Zeros()
    kind = "".join(part.title() for part in name.split("_"))
    return getattr(keras.initializers, kind)(seed=draws.randint(1, KERAS_LARGEST_SEED))


def compile_model(model: Any, training: TrainingSpec, *, steps_per_execution: int = 1) -> None:
    """Compile for the specified loss and optimizer, with accuracy as the metric.

    TensorFlow runs without XLA: on a CPU, XLA made the convolutions two to three times slower, and it changes the last
    digits. `steps_per_execution` is how many batches Keras trains on between two callbacks.
    """
    model.compile(
        loss=training.loss,
        optimizer=make_optimizer(training),
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
        jit_compile=keras.backend.backend() != "tensorflow",
    )


def make_optimizer(training: TrainingSpec) -> Any:
    """Build the Keras optimizer that the specification names, with its learning rate."""
    optimizer = keras.optimizers.get(training.optimizer)
    if training.learning_rate != DEFAULT_LEARNING_RATE[training.optimizer]:
        optimizer.learning_rate = training.learning_rate
    return optimizer


def state(model: Any) -> list[Any]:
    """All variables that training changes in a compiled model: weights, random generators, the optimizer's."""
    return [*model.variables, *model.optimizer.variables]


def prepare_inputs(images: NDArray[np.uint8], network: NetworkSpec, *, scale: bool) -> NDArray[Any]:
    """Reshape images (n, 28, 28) of 0 to 255 to the network's input: raw bytes, or float32 from 0 to 1 if `scale`."""
    shaped = images.reshape(len(images), *network.input_shape)
    return shaped.astype("float32") / 255 if scale else shaped


def one_hot(labels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Encode labels (n,), 0 to 9, as rows of nine zeros and a one, (n, 10)."""
    return np.eye(10)[labels]


def pack_weights(model: Any) -> bytes:
    """Pack the weights into a compressed .npz without pickles, in the order of `model.get_weights()`."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, *model.get_weights())
    return buffer.getvalue()


def unpack_model(network: NetworkSpec, packed: bytes) -> Any:
    """Build a model with the weights that `pack_weights` packed; raise ValueError if they do not fit the network."""
    model = build_model(network)
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        weights = [arrays[f"arr_{number}"] for number in range(len(arrays.files))]
    expected, received = [w.shape for w in model.get_weights()], [w.shape for w in weights]
    if expected != received:
        raise ValueError(f"expected weights of shapes {expected}, received {received}")
    model.set_weights(weights)
    return model
