"""The kinds of layers that an uploaded network may have, each with the settings that its outputs depend on.

Each class mirrors the config of the Keras layer that it is named after. All other settings in a file (names,
initializers, regularizers, ...) are ignored: they matter for training only.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from nncore.keras_import.layer_types import (
    SUFFIX,
    Function,
    LastAxis,
    LayerConfig,
    Number,
    Ones,
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


class DenseConfig(LayerConfig):
    """A fully connected layer: every unit has a weight for every input."""

    units: int = Field(ge=1, le=10_000)
    activation: Function = "linear"
    use_bias: bool = True
    keeps_pixels = False

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        if len(shape) != 1:
            raise ValueError(f"expected one row of inputs, received shape {shape}: put a Flatten layer before it")
        return (self.units,)

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        return (shape[0] + self.use_bias) * self.units

    def products(self, shape: Shape, output: Shape) -> int:  # noqa: D102
        return shape[0] * self.units


class Conv2DConfig(LayerConfig):
    """A convolution: each map has one kernel, shared by all positions."""

    filters: int = Field(ge=1, le=1024)
    kernel_size: Pair
    strides: Pair = (1, 1)
    padding: Padding = "valid"
    activation: Pointwise = "linear"
    use_bias: bool = True
    data_format: Literal["channels_last"] | None = None
    dilation_rate: Ones = (1, 1)
    groups: Literal[1] = 1
    keeps_pixels = False

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        return (*windows(shape, self.kernel_size, self.strides, self.padding), self.filters)

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        maps(shape)
        return (math.prod(self.kernel_size) * shape[2] + self.use_bias) * self.filters

    def products(self, shape: Shape, output: Shape) -> int:  # noqa: D102
        return math.prod(output) * math.prod(self.kernel_size) * shape[2]


class _PoolingConfig(LayerConfig):
    pool_size: Pair = (2, 2)
    strides: Pair | None = None
    padding: Padding = "valid"
    data_format: Literal["channels_last"] | None = None
    keeps_pixels = False

    def output_shape(self, shape: Shape) -> Shape:
        return (*windows(shape, self.pool_size, self.strides or self.pool_size, self.padding), shape[2])


class MaxPooling2DConfig(_PoolingConfig):
    """Max pooling keeps the largest value of each window."""


class AveragePooling2DConfig(_PoolingConfig):
    """Average pooling keeps the mean value of each window."""


class _GlobalPoolingConfig(LayerConfig):
    data_format: Literal["channels_last"] | None = None
    keepdims: Literal[False] = False
    keeps_pixels = False

    def output_shape(self, shape: Shape) -> Shape:
        return (maps(shape)[2],)


class GlobalAveragePooling2DConfig(_GlobalPoolingConfig):
    """Global average pooling keeps the mean value of each map."""


class GlobalMaxPooling2DConfig(_GlobalPoolingConfig):
    """Global max pooling keeps the largest value of each map."""


class FlattenConfig(LayerConfig):
    """Flattening lays all values out in one row."""

    data_format: Literal["channels_last"] | None = None

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        return (math.prod(shape),)


class ReshapeConfig(LayerConfig):
    """Reshaping lays the values out in one row, or as the 28x28 image that they were."""

    target_shape: Annotated[tuple[Annotated[int, Field(ge=-1, le=100_000)], ...], Field(min_length=1, max_length=3)]

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        size, known = math.prod(shape), math.prod(side for side in self.target_shape if side != -1)
        target = tuple(size // max(known, 1) if side == -1 else side for side in self.target_shape)
        if math.prod(target) != size or target not in ((28, 28, 1), (size,)):
            raise ValueError(f"expected the shape (28, 28, 1) or ({size},), received {self.target_shape}")
        return target


class DropoutConfig(LayerConfig):
    """Dropout does nothing outside training."""

    rate: Share


class SpatialDropout2DConfig(DropoutConfig):
    """Dropout of whole maps does nothing outside training."""


class GaussianDropoutConfig(DropoutConfig):
    """Multiplicative noise does nothing outside training."""


class GaussianNoiseConfig(LayerConfig):
    """Added noise does nothing outside training."""

    stddev: Annotated[float, Field(ge=0, le=1e6)]


class IdentityConfig(LayerConfig):
    """The identity returns its input."""


class RescalingConfig(LayerConfig):
    """Rescaling computes input * scale + offset."""

    scale: Number
    offset: Number = 0.0


class ActivationConfig(LayerConfig):
    """A layer that only applies an activation function."""

    activation: Function

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        return row(shape, self.activation) if "softmax" in self.activation else shape


class SoftmaxConfig(LayerConfig):
    """Softmax turns a row of values into probabilities that add up to 1."""

    axis: Annotated[Literal[-1], BeforeValidator(as_last)] = -1
    keeps_pixels = False

    def output_shape(self, shape: Shape) -> Shape:  # noqa: D102
        return row(shape, "softmax")


class ReLUConfig(LayerConfig):
    """A rectifier keeps values above the threshold and multiplies those below by `negative_slope`."""

    max_value: Annotated[float, Field(ge=0, le=1e6)] | None = None
    negative_slope: Number = 0.0
    threshold: Annotated[float, Field(ge=0, le=1e6)] = 0.0


class LeakyReLUConfig(LayerConfig):
    """A leaky rectifier multiplies negative values by `negative_slope`."""

    negative_slope: Number = 0.3


class ELUConfig(LayerConfig):
    """An exponential linear unit replaces negative z by alpha * (exp(z) - 1)."""

    alpha: Number = 1.0


class _NormalizationConfig(LayerConfig):
    axis: LastAxis = -1
    epsilon: Annotated[float, Field(gt=0, le=1)] = 1e-3
    center: bool = True
    scale: bool = True
    UNTRAINED_PER_CHANNEL: ClassVar[int] = 0
    """How many numbers the layer holds for each channel besides the trained ones."""

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) == 2 or self.axis not in (-1, len(shape)):
            raise ValueError(f"expected one mean a map or unit, received axis {self.axis} for shape {shape}")
        return shape

    def parameters(self, shape: Shape) -> int:
        return (self.center + self.scale + self.UNTRAINED_PER_CHANNEL) * shape[-1]


class BatchNormalizationConfig(_NormalizationConfig):
    """Batch normalization subtracts the mean seen in training and divides by the standard deviation seen there."""

    UNTRAINED_PER_CHANNEL = 2


class LayerNormalizationConfig(_NormalizationConfig):
    """Layer normalization does so with the mean and deviation over the maps at a pixel, or over the units."""

    keeps_pixels = False


KINDS: dict[str, type[LayerConfig]] = {
    config.__name__.removesuffix(SUFFIX): config
    for config in (
        DenseConfig, Conv2DConfig, MaxPooling2DConfig, AveragePooling2DConfig, GlobalAveragePooling2DConfig,
        GlobalMaxPooling2DConfig, FlattenConfig, ReshapeConfig, DropoutConfig, SpatialDropout2DConfig,
        GaussianDropoutConfig, GaussianNoiseConfig, IdentityConfig, RescalingConfig, ActivationConfig, SoftmaxConfig,
        ReLUConfig, LeakyReLUConfig, ELUConfig, BatchNormalizationConfig, LayerNormalizationConfig,
    )
}  # fmt: skip
"""The classes of this module by the name of the Keras layer."""
IDLE = {"Flatten", "Reshape", "Identity", "GaussianNoise", "Dropout", "SpatialDropout2D", "GaussianDropout"}
"""The kinds that pass their input on unchanged, at most in another shape."""
