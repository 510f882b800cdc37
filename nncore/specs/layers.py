"""The layers of a network, with the arithmetic of their shapes and parameters; nothing here imports Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ActivationName = Literal["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "selu", "linear", "softmax"]
InitializerName = Literal[
    "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "random_normal", "zeros"
]
Shape = tuple[int, ...]


@dataclass(frozen=True)
class ParameterCount:
    """The number of trainable parameters of one layer, and the arithmetic that gives it."""

    arithmetic: str
    """The arithmetic, such as `784*30 + 30`."""
    count: int
    """Its result, such as 23,550."""


class Frozen(BaseModel):
    """A pydantic model that is immutable, comparable and hashable, and refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Dense(Frozen):
    """A layer in which every unit is connected to every input, from shape (n,) to shape (units,)."""

    kind: Literal["Dense"] = "Dense"
    units: int = Field(ge=1, le=2048)
    activation: ActivationName = "linear"
    initializer: InitializerName = "glorot_uniform"
    l2: float = Field(0.0, ge=0, le=1, description="factor of the squared weights added to the loss")

    def output_shape(self, shape: Shape) -> Shape:
        """Return (units,); raise ValueError unless the input is flat."""
        if len(shape) != 1:
            raise ValueError(f"expected a flat input such as (784,), received {shape}: put a Flatten layer before it")
        return (self.units,)

    def parameters(self, shape: Shape) -> ParameterCount:
        """Return inputs*units weights and one bias per unit."""
        return ParameterCount(f"{shape[0]}*{self.units} + {self.units}", shape[0] * self.units + self.units)


class Conv2D(Frozen):
    """A convolution with shared weights, from (rows, columns, channels) to feature maps (rows', columns', filters)."""

    kind: Literal["Conv2D"] = "Conv2D"
    filters: int = Field(ge=1, le=256)
    kernel_size: int = Field(5, ge=1, le=28)
    strides: int = Field(1, ge=1, le=8)
    padding: Literal["valid", "same"] = "valid"
    activation: ActivationName = "linear"
    initializer: InitializerName = "glorot_uniform"
    l2: float = Field(0.0, ge=0, le=1)

    def output_shape(self, shape: Shape) -> Shape:
        """Return (n - kernel)//stride + 1 pixels per side, or ceil(n/stride) with padding `same`, and the filters.

        Raises ValueError if the input is no picture or smaller than the kernel.
        """
        return (*_windows("kernel", shape, self.kernel_size, self.strides, self.padding), self.filters)

    def parameters(self, shape: Shape) -> ParameterCount:
        """Return kernel*kernel*channels weights and one bias per filter."""
        k, c = self.kernel_size, shape[2]
        return ParameterCount(f"({k}*{k}*{c} + 1)*{self.filters}", (k * k * c + 1) * self.filters)


class _Pooling(Frozen):
    pool_size: int = Field(2, ge=1, le=14)
    strides: int | None = Field(None, ge=1, le=14, description="None: as far as the pool is wide")

    def output_shape(self, shape: Shape) -> Shape:
        """Return (n - pool)//stride + 1 pixels per side, with the channels unchanged.

        Raises ValueError if the input is no picture or smaller than the pool.
        """
        return (*_windows("pool", shape, self.pool_size, self.strides or self.pool_size, "valid"), shape[2])

    def parameters(self, _shape: Shape) -> ParameterCount:
        """Return 0, since a pooling layer has nothing to train."""
        return ParameterCount("0", 0)


class MaxPooling2D(_Pooling):
    """A layer that keeps the largest value in each window."""

    kind: Literal["MaxPooling2D"] = "MaxPooling2D"


class AveragePooling2D(_Pooling):
    """A layer that takes the mean value of each window."""

    kind: Literal["AveragePooling2D"] = "AveragePooling2D"


class Flatten(Frozen):
    """A layer that lays (rows, columns, channels) out in one row of numbers, with channels varying fastest."""

    kind: Literal["Flatten"] = "Flatten"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the product of the sides of the input, as (n,)."""
        total = 1
        for side in shape:
            total *= side
        return (total,)

    def parameters(self, _shape: Shape) -> ParameterCount:
        """Return 0, since only the shape changes."""
        return ParameterCount("0", 0)


class Dropout(Frozen):
    """A layer that sets a random share `rate` of its inputs to 0 during training, and does nothing afterwards."""

    kind: Literal["Dropout"] = "Dropout"
    rate: float = Field(ge=0, lt=1)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input, which does not change."""
        return shape

    def parameters(self, _shape: Shape) -> ParameterCount:
        """Return 0, since there is nothing to train."""
        return ParameterCount("0", 0)


Layer = Annotated[Dense | Conv2D | MaxPooling2D | AveragePooling2D | Flatten | Dropout, Field(discriminator="kind")]


def _windows(what: str, shape: Shape, size: int, stride: int, padding: str) -> Shape:
    """Return the number of windows of this size along rows and columns; raise ValueError if none fits."""
    if len(shape) != 3:
        raise ValueError(f"expected a picture such as (28, 28, 1), received an input of shape {shape}")
    if padding == "same":
        return tuple(-(-side // stride) for side in shape[:2])
    if size > min(shape[:2]):
        raise ValueError(f"expected a {what} no larger than its {shape[0]}x{shape[1]} input, received {size}x{size}")
    return tuple((side - size) // stride + 1 for side in shape[:2])
