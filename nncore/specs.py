"""What a network is and how it is trained: frozen, validated models that travel as JSON.

Nothing here imports Keras. `explain` turns a pydantic error into sentences for a reader.
"""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Activation = Literal["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "selu", "linear", "softmax"]
Initializer = Literal[
    "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "random_normal", "zeros"
]
Loss = Literal["mean_squared_error", "categorical_crossentropy"]
Optimizer = Literal["sgd", "adam", "rmsprop", "adagrad", "nadam"]
Shape = tuple[int, ...]

DEFAULT_LEARNING_RATE: dict[str, float] = {
    "sgd": 0.01,
    "adam": 0.001,
    "rmsprop": 0.001,
    "adagrad": 0.001,
    "nadam": 0.001,
}
"""Keras 3's own default for each optimizer, which the lecture uses."""

MAX_PARAMETERS = 5_000_000
"""More than this does not train in a lesson on a CPU."""


@dataclass(frozen=True)
class ParameterCount:
    """One layer's trainable parameters, as arithmetic: `784*30 + 30` and 23,550."""

    arithmetic: str
    count: int


class Frozen(BaseModel):
    """Immutable, comparable, hashable; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Dense(Frozen):
    """Every unit sees every input. Input shape (n,), output shape (units,)."""

    kind: Literal["Dense"] = "Dense"
    units: int = Field(ge=1, le=2048)
    activation: Activation = "linear"
    initializer: Initializer = "glorot_uniform"
    l2: float = Field(0.0, ge=0, le=1, description="factor of the squared weights added to the loss")

    def output_shape(self, shape: Shape) -> Shape:
        """`(units,)`; a picture must be flattened first."""
        if len(shape) != 1:
            raise ValueError(f"expected a flat input such as (784,), received {shape}: put a Flatten layer before it")
        return (self.units,)

    def parameters(self, shape: Shape) -> ParameterCount:
        """inputs*units weights and one bias a unit."""
        return ParameterCount(f"{shape[0]}*{self.units} + {self.units}", shape[0] * self.units + self.units)


class Conv2D(Frozen):
    """Feature maps with shared weights. Input (rows, columns, channels), output (rows', columns', filters)."""

    kind: Literal["Conv2D"] = "Conv2D"
    filters: int = Field(ge=1, le=256)
    kernel_size: int = Field(5, ge=1, le=28)
    strides: int = Field(1, ge=1, le=8)
    padding: Literal["valid", "same"] = "valid"
    activation: Activation = "linear"
    initializer: Initializer = "glorot_uniform"
    l2: float = Field(0.0, ge=0, le=1)

    def output_shape(self, shape: Shape) -> Shape:
        """(n - kernel)//stride + 1 pixels a side, or ceil(n/stride) with padding `same`."""
        return (*_windows("kernel", shape, self.kernel_size, self.strides, self.padding), self.filters)

    def parameters(self, shape: Shape) -> ParameterCount:
        """(kernel*kernel*channels + 1) a filter, the 1 being its bias."""
        k, c = self.kernel_size, shape[2]
        return ParameterCount(f"({k}*{k}*{c} + 1)*{self.filters}", (k * k * c + 1) * self.filters)


class _Pooling(Frozen):
    pool_size: int = Field(2, ge=1, le=14)
    strides: int | None = Field(None, ge=1, le=14, description="None: as far as the pool is wide")

    def output_shape(self, shape: Shape) -> Shape:
        """(n - pool)//stride + 1 pixels a side, the channels unchanged."""
        return (*_windows("pool", shape, self.pool_size, self.strides or self.pool_size, "valid"), shape[2])

    def parameters(self, _shape: Shape) -> ParameterCount:
        """None: a pooling layer has nothing to train."""
        return ParameterCount("0", 0)


class MaxPooling2D(_Pooling):
    """The largest value in each window."""

    kind: Literal["MaxPooling2D"] = "MaxPooling2D"


class AveragePooling2D(_Pooling):
    """The mean value of each window."""

    kind: Literal["AveragePooling2D"] = "AveragePooling2D"


class Flatten(Frozen):
    """(rows, columns, channels) in one row of numbers, channels fastest."""

    kind: Literal["Flatten"] = "Flatten"

    def output_shape(self, shape: Shape) -> Shape:
        """The product of the input's sides."""
        total = 1
        for side in shape:
            total *= side
        return (total,)

    def parameters(self, _shape: Shape) -> ParameterCount:
        """None: only the shape changes."""
        return ParameterCount("0", 0)


class Dropout(Frozen):
    """While training, a share of the values is set to 0; in use, nothing happens."""

    kind: Literal["Dropout"] = "Dropout"
    rate: float = Field(ge=0, lt=1)

    def output_shape(self, shape: Shape) -> Shape:
        """As the input."""
        return shape

    def parameters(self, _shape: Shape) -> ParameterCount:
        """None: nothing to train."""
        return ParameterCount("0", 0)


Layer = Annotated[Dense | Conv2D | MaxPooling2D | AveragePooling2D | Flatten | Dropout, Field(discriminator="kind")]


def _windows(what: str, shape: Shape, size: int, stride: int, padding: str) -> Shape:
    """How many windows of this size fit along rows and columns; an error in words where none does."""
    if len(shape) != 3:
        raise ValueError(f"expected a picture such as (28, 28, 1), received an input of shape {shape}")
    if padding == "same":
        return tuple(-(-side // stride) for side in shape[:2])
    if size > min(shape[:2]):
        raise ValueError(f"expected a {what} no larger than its {shape[0]}x{shape[1]} input, received {size}x{size}")
    return tuple((side - size) // stride + 1 for side in shape[:2])


class NetworkSpec(Frozen):
    """A stack of layers from the 28x28 picture, flat or with its channel, to ten outputs."""

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
        """Each layer's output shape, without the batch."""
        found: list[Shape] = []
        shape: Shape = self.input_shape
        for layer in self.layers:
            shape = layer.output_shape(shape)
            found.append(shape)
        return found

    def parameters(self) -> list[ParameterCount]:
        """Each layer's trainable parameters as arithmetic."""
        inputs = [self.input_shape, *self.shapes()]
        return [layer.parameters(shape) for layer, shape in zip(self.layers, inputs, strict=False)]

    @property
    def parameter_count(self) -> int:
        """All trainable parameters together."""
        return sum(part.count for part in self.parameters())


def _dimensions(layer: Layer) -> tuple[int, ...]:
    return (1,) if isinstance(layer, Dense) else (3,) if isinstance(layer, Conv2D) else (1, 3)


class TrainingSpec(Frozen):
    """How the network is fitted; the words are Keras' own."""

    loss: Loss = "categorical_crossentropy"
    optimizer: Optimizer = "sgd"
    learning_rate: float = Field(0.01, gt=0, le=100)
    batch_size: int = Field(128, ge=1, le=8192)
    epochs: int = Field(10, ge=1, le=500)
    seed: int = Field(1, ge=0, le=2**31 - 1)
    scale: bool = Field(False, description="divide the grey values 0..255 by 255")
    train_size: int = Field(60_000, ge=100, le=60_000, description="the first so many training pictures")
    validation_split: float = Field(0.0, ge=0, le=0.5, description="share at the end of them kept for validation")


class Experiment(Frozen):
    """A network, how it is trained and on what: all that a run depends on."""

    name: str = Field("experiment", min_length=1, max_length=60)
    network: NetworkSpec
    training: TrainingSpec = TrainingSpec()


def explain(error: ValidationError) -> list[str]:
    """The sentences behind a pydantic error: what was expected, what was received."""
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
