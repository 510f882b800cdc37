"""Types and checks for the layers of an uploaded network: ranges of settings, output shapes, parameter counts.

Everything is checked here before Keras sees it. Shapes are without the batch axis.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from nncore.specs.layers import Shape


def _as_word(value: Any) -> Any:
    """Replace a custom function or layer, which a file describes by a dict, by a phrase with its class name."""
    if not isinstance(value, dict):
        return value
    name = value.get("class_name")
    return f"a {'function' if name in (None, 'function', '__lambda__') else name} of its own"


_POINTWISE = Literal[
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "sigmoid", "hard_sigmoid", "tanh",
    "softplus", "softsign", "exponential", "linear",
]  # fmt: skip
Pointwise = Annotated[_POINTWISE, BeforeValidator(_as_word)]
Function = Annotated[Literal[_POINTWISE, "softmax", "log_softmax"], BeforeValidator(_as_word)]

SUFFIX = "Config"
"""A class is named like the Keras layer that it describes, followed by this."""
Padding = Literal["valid", "same"]
Side = Annotated[int, Field(ge=1, le=28)]


def _as_pair(value: Any) -> Any:
    return (value, value) if isinstance(value, int) else value


def as_last(value: Any) -> Any:
    """Unwrap an axis that is written as a list of one; any other value is returned unchanged."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


Pair = Annotated[tuple[Side, Side], BeforeValidator(_as_pair)]
Ones = Annotated[tuple[Literal[1], Literal[1]], BeforeValidator(_as_pair)]
LastAxis = Annotated[Literal[-1, 1, 3], BeforeValidator(as_last)]
"""An axis of 1 or 3 is valid only if it is the last one, which `layers._NormalizationConfig` checks."""
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
Share = Annotated[float, Field(ge=0, lt=1)]


class LayerConfig(BaseModel):
    """A layer as a `.keras` file describes it.

    By default a layer keeps the shape, has no parameters, and leaves each value at its pixel; subclasses override that.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    FIXED: ClassVar[frozenset[str]] = frozenset({"data_format", "dilation_rate", "groups", "keepdims"})
    """Settings that allow only one value, Keras' default; they are not written to the new config."""
    keeps_pixels: ClassVar[bool] = True
    """Whether each output value still belongs to one pixel of the image."""

    @property
    def kind(self) -> str:
        """The name of the layer's class in Keras."""
        return type(self).__name__.removesuffix(SUFFIX)

    def settings(self) -> dict[str, Any]:
        """Return the settings to write into the config that Keras loads."""
        return self.model_dump(exclude=set(self.FIXED), mode="json")

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output shape for an input of this shape; raise ValueError if the layer takes no such input."""
        return shape

    def parameters(self, shape: Shape) -> int:
        """Count the numbers that the layer holds for an input of this shape, trained or not."""
        return 0

    def products(self, shape: Shape, output: Shape) -> int:
        """Count the multiplications of a weight by an input for one image, given input and output shape."""
        return 0

    @staticmethod
    def values(shape: Shape) -> int:
        """Count the values of an output of this shape."""
        return math.prod(shape)


def maps(shape: Shape) -> Shape:
    """Return the shape if it is (rows, columns, maps); raise ValueError if not."""
    if len(shape) != 3:
        raise ValueError(f"expected maps (rows, columns, maps), received shape {shape}")
    return shape


def row(shape: Shape, what: str) -> Shape:
    """Return the shape if it is (units,); raise ValueError, naming `what` needs it, if not."""
    if len(shape) != 1:
        raise ValueError(f"expected a row of units for {what}, received shape {shape}")
    return shape


def windows(shape: Shape, size: Pair, strides: Pair, padding: Padding) -> tuple[int, int]:
    """Rows and columns of the output of a convolution or pooling.

    They are (n - size)//stride + 1, or with padding `same` n/stride rounded up. Raises ValueError for a window larger
    than the image.
    """
    sides = maps(shape)[:2]
    if padding == "same":
        rows, columns = (-(-side // stride) for side, stride in zip(sides, strides, strict=True))
        return rows, columns
    if any(window > side for side, window in zip(sides, size, strict=True)):
        raise ValueError(f"expected a window within {sides[0]} x {sides[1]} pixels, received {size[0]} x {size[1]}")
    rows, columns = ((n - k) // s + 1 for n, k, s in zip(sides, size, strides, strict=True))
    return rows, columns
