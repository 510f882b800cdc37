"""The layers that a network may have, with their shapes and parameters; nothing here imports Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Activation = Literal["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "selu", "linear", "softmax"]
Initializer = Literal[
    "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "random_normal", "zeros"
]
Shape = tuple[int, ...]


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
