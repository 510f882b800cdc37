"""Kinds of layers that a network made elsewhere may have: of each, the settings that its outputs depend on.

All other settings in a file (names, initializers, regularizers, ...) are passed over: they matter for training only.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from nncore.keras_import.layer_types import (
    Function,
    LastAxis,
    Number,
    Ones,
    OwnLayer,
    Padding,
    Pair,
    Pointwise,
    Share,
    as_last,
    maps,
    row,
    windows,
)
from nncore.specs.layers import Shape


class Dense(OwnLayer):
    """Every unit sees every input."""

    units: int = Field(ge=1, le=10_000)
    activation: Function = "linear"
    use_bias: bool = True
    keeps_picture = False

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        if len(shape) != 1:
            raise ValueError(f"expected one row of inputs, received shape {shape}: put a Flatten layer before it")
        return (self.units,)

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        return (shape[0] + self.use_bias) * self.units

    def products(self, shape: Shape, output: Shape) -> int:  # noqa: D102
        return shape[0] * self.units


class Conv2D(OwnLayer):
    """Feature maps with shared weights."""

    filters: int = Field(ge=1, le=1024)
    kernel_size: Pair
    strides: Pair = (1, 1)
    padding: Padding = "valid"
    activation: Pointwise = "linear"
    use_bias: bool = True
    data_format: Literal["channels_last"] | None = None
    dilation_rate: Ones = (1, 1)
    groups: Literal[1] = 1
    keeps_picture = False

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        return (*windows(shape, self.kernel_size, self.strides, self.padding), self.filters)

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        maps(shape)
        return (math.prod(self.kernel_size) * shape[2] + self.use_bias) * self.filters

    def products(self, shape: Shape, output: Shape) -> int:  # noqa: D102
        return math.prod(output) * math.prod(self.kernel_size) * shape[2]


class _Pooling(OwnLayer):
    pool_size: Pair = (2, 2)
    strides: Pair | None = None
    padding: Padding = "valid"
    data_format: Literal["channels_last"] | None = None
    keeps_picture = False

    def output_shape(self, shape: Shape) -> Shape:
        return (*windows(shape, self.pool_size, self.strides or self.pool_size, self.padding), shape[2])


class MaxPooling2D(_Pooling):
    """The largest value in each window."""


class AveragePooling2D(_Pooling):
    """The mean value of each window."""


class _GlobalPooling(OwnLayer):
    data_format: Literal["channels_last"] | None = None
    keepdims: Literal[False] = False
    keeps_picture = False

    def output_shape(self, shape: Shape) -> Shape:
        return (maps(shape)[2],)


class GlobalAveragePooling2D(_GlobalPooling):
    """The mean value of each map."""


class GlobalMaxPooling2D(_GlobalPooling):
    """The largest value of each map."""


class Flatten(OwnLayer):
    """All values in one row."""

    data_format: Literal["channels_last"] | None = None

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        return (math.prod(shape),)


class Reshape(OwnLayer):
    """The same values in a row, or as the picture that they were."""

    target_shape: Annotated[tuple[Annotated[int, Field(ge=-1, le=100_000)], ...], Field(min_length=1, max_length=3)]

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        size, known = math.prod(shape), math.prod(side for side in self.target_shape if side != -1)
        target = tuple(size // max(known, 1) if side == -1 else side for side in self.target_shape)
        if math.prod(target) != size or target not in ((28, 28, 1), (size,)):
            raise ValueError(f"expected the shape (28, 28, 1) or ({size},), received {self.target_shape}")
        return target


class Dropout(OwnLayer):
    """Idle outside training."""

    rate: Share


class SpatialDropout2D(Dropout):
    """Idle outside training, as is `GaussianDropout`."""


class GaussianDropout(Dropout):
    """Idle outside training."""


class GaussianNoise(OwnLayer):
    """Idle outside training."""

    stddev: Annotated[float, Field(ge=0, le=1e6)]


class Identity(OwnLayer):
    """Idle."""


class Rescaling(OwnLayer):
    """Input times scale, plus offset."""

    scale: Number
    offset: Number = 0.0


class Activation(OwnLayer):
    """An activation function by itself."""

    activation: Function

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        return row(shape, self.activation) if "softmax" in self.activation else shape


class Softmax(OwnLayer):
    """Shares of one whole."""

    axis: Annotated[Literal[-1], BeforeValidator(as_last)] = -1
    keeps_picture = False

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        return row(shape, "softmax")


class ReLU(OwnLayer):
    """What is above the threshold, and a share of what is below."""

    max_value: Annotated[float, Field(ge=0, le=1e6)] | None = None
    negative_slope: Number = 0.0
    threshold: Annotated[float, Field(ge=0, le=1e6)] = 0.0


class LeakyReLU(OwnLayer):
    """What is positive, and a share of what is not."""

    negative_slope: Number = 0.3


class ELU(OwnLayer):
    """What is positive, and a bent share of what is not."""

    alpha: Number = 1.0


class _Normalization(OwnLayer):
    axis: LastAxis = -1
    epsilon: Annotated[float, Field(gt=0, le=1)] = 1e-3
    center: bool = True
    scale: bool = True
    HELD: ClassVar[int] = 0
    """Numbers a channel besides the trained ones."""

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) == 2 or self.axis not in (-1, len(shape)):
            raise ValueError(f"expected one mean a map or unit, received axis {self.axis} for shape {shape}")
        return shape

    def parameters(self, shape: Shape) -> int:
        return (self.center + self.scale + self.HELD) * shape[-1]


class BatchNormalization(_Normalization):
    """Less the mean of training, over its spread."""

    HELD = 2


class LayerNormalization(_Normalization):
    """Less the mean over the maps at a pixel, or over the units, over their spread."""

    keeps_picture = False


KINDS: dict[str, type[OwnLayer]] = {
    kind.__name__: kind
    for kind in (
        Dense, Conv2D, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D, Flatten, Reshape,
        Dropout, SpatialDropout2D, GaussianDropout, GaussianNoise, Identity, Rescaling, Activation,
        Softmax, ReLU, LeakyReLU, ELU, BatchNormalization, LayerNormalization,
    )
}  # fmt: skip
IDLE = {"Flatten", "Reshape", "Identity", "GaussianNoise", "Dropout", "SpatialDropout2D", "GaussianDropout"}
"""Layers that hand their input on as it is, at most in another shape."""
