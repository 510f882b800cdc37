"""Specifications of a network and of its training: frozen, validated models that travel as JSON.

Nothing here imports Keras. `explain` turns a pydantic error into sentences for a reader.
"""

from __future__ import annotations

import re
import reprlib
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from nncore.specs.datasets import BUILTIN_DATASETS
from nncore.specs.layers import Conv2D, Dense, Frozen, Layer, ParameterCount, Shape

LossName = Literal["mean_squared_error", "categorical_crossentropy"]
OptimizerName = Literal["sgd", "adam", "rmsprop", "adagrad", "nadam"]

DEFAULT_LEARNING_RATE: dict[str, float] = {
    "sgd": 0.01,
    "adam": 0.001,
    "rmsprop": 0.001,
    "adagrad": 0.001,
    "nadam": 0.001,
}
"""The default of Keras 3 for each optimizer, which the lecture uses."""

UPLOAD_PREFIX = "own-"
"""The prefix of the names of uploaded data sets; the rest is the id in the database."""

MAX_PARAMETERS = 5_000_000
"""The most parameters of a network; more would not train on a CPU within a lesson."""


class NetworkSpec(Frozen):
    """A stack of layers from a 28x28 picture to ten outputs.

    `input_shape` is (784,) or (28, 28, 1). Validation fails if a layer does not fit the one before it, the last layer
    is not dense with 10 units, or there are more than `MAX_PARAMETERS`.
    """

    input_shape: Shape = (784,)
    layers: tuple[Layer, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _layers_fit(self) -> Self:
        if self.input_shape not in ((784,), (28, 28, 1)):
            raise ValueError(f"input_shape: expected (784,) or (28, 28, 1), received {self.input_shape}")
        shape: Shape = self.input_shape
        total = 0
        for number, layer in enumerate(self.layers, 1):
            try:
                total += layer.parameters(shape).count if len(shape) in _dimensions(layer) else 0
                shape = layer.output_shape(shape)
            except ValueError as error:
                raise ValueError(f"layer {number} ({layer.kind}): {error}") from None
        last = self.layers[-1]
        if not isinstance(last, Dense) or last.units != 10:
            raise ValueError(
                f"expected a last layer of 10 dense units, one a digit, received {last.kind} with shape {shape}"
            )
        if total > MAX_PARAMETERS:
            raise ValueError(
                f"expected at most {MAX_PARAMETERS:,} parameters, received {total:,}: take fewer units or maps"
            )
        return self

    def shapes(self) -> list[Shape]:
        """Return the output shape of each layer, without the batch dimension."""
        shapes: list[Shape] = []
        shape: Shape = self.input_shape
        for layer in self.layers:
            shape = layer.output_shape(shape)
            shapes.append(shape)
        return shapes

    def parameters(self) -> list[ParameterCount]:
        """Return the trainable parameters of each layer as arithmetic."""
        inputs = [self.input_shape, *self.shapes()]
        return [layer.parameters(shape) for layer, shape in zip(self.layers, inputs, strict=False)]

    @property
    def parameter_count(self) -> int:
        """The number of all trainable parameters together."""
        return sum(part.count for part in self.parameters())


def _dimensions(layer: Layer) -> tuple[int, ...]:
    return (1,) if isinstance(layer, Dense) else (3,) if isinstance(layer, Conv2D) else (1, 3)


class TrainingSpec(Frozen):
    """The data and the settings with which a network is trained; the field names are those of Keras."""

    loss: LossName = "categorical_crossentropy"
    optimizer: OptimizerName = "sgd"
    learning_rate: float = Field(0.01, gt=0, le=100)
    batch_size: int = Field(128, ge=1, le=8192)
    epochs: int = Field(10, ge=1, le=500)
    seed: int = Field(1, ge=0, le=2**31 - 1)
    scale: bool = Field(False, description="divide the grey values 0..255 by 255")
    data: str = Field("mnist", description="the pictures: mnist, fashion_mnist, or own-… for a visitor's own")
    train_size: int = Field(60_000, ge=100, le=60_000, description="the first so many training pictures")
    validation_split: float = Field(0.0, ge=0, le=0.5, description="share at the end of them kept for validation")

    @field_validator("data")
    @classmethod
    def _is_a_data_set(cls, name: str) -> str:
        if name not in BUILTIN_DATASETS and not re.fullmatch(rf"{UPLOAD_PREFIX}[A-Za-z0-9_-]{{1,32}}", name):
            known = ", ".join(BUILTIN_DATASETS)
            raise ValueError(f"data: expected {known} or {UPLOAD_PREFIX}… of an upload, received {reprlib.repr(name)}")
        return name


class Experiment(Frozen):
    """A network, its training and its data: everything that a run depends on."""

    name: str = Field("experiment", min_length=1, max_length=60)
    network: NetworkSpec
    training: TrainingSpec = TrainingSpec()


class Segment(Frozen):
    """A later part of a run that was interrupted: its first epoch, its learning rate, and the reason for it.

    It is trained after `keras.utils.set_random_seed(seed + epoch)`, so that a script can repeat it.
    """

    epoch: int = Field(ge=0)
    """The number of epochs finished before it."""
    learning_rate: float
    """The learning rate from here on."""
    reason: Literal["continued", "restarted"]
    """`continued` by a person, or `restarted` because its worker was lost."""


def explain(error: ValidationError) -> list[str]:
    """Turn a pydantic error into sentences, each saying what was expected and what was received."""
    return [_sentence(part) for part in error.errors()]


def _sentence(part: Any) -> str:
    message, more = str(part["msg"]), part.get("ctx", {})
    if message.startswith("Value error, "):
        return message.removeprefix("Value error, ")
    where = " ".join(str(step) for step in part["loc"] if not isinstance(step, int)) or "value"
    expected, received = message.replace("Input should be", "expected"), reprlib.repr(part["input"])
    match part["type"]:
        case "extra_forbidden":
            expected = "expected only known fields"
        case "missing":
            expected, received = "expected a value", "none"
        case "union_tag_invalid":
            expected, received = f"expected one of {more['expected_tags']}", repr(more["tag"])
        case "too_short" | "string_too_short":
            expected, received = f"expected a length of at least {more['min_length']}", str(len(part["input"]))
        case "too_long" | "string_too_long":
            expected, received = f"expected a length of at most {more['max_length']}", str(len(part["input"]))
    return f"{where}: {expected}, received {received}"
