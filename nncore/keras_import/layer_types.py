"""What a layer made elsewhere is checked by before Keras sees it: types and ranges of settings, shapes, counts.

Shapes are without the batch.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from nncore.specs.layers import Shape


def _as_word(value: Any) -> Any:
    """A function or layer of its own, which a file describes at length, by the name of its class."""
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

Padding = Literal["valid", "same"]
Side = Annotated[int, Field(ge=1, le=28)]


def _as_pair(value: Any) -> Any:
    return (value, value) if isinstance(value, int) else value


def as_last(value: Any) -> Any:
    """The axis alone where it stands in a list."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


Pair = Annotated[tuple[Side, Side], BeforeValidator(_as_pair)]
Ones = Annotated[tuple[Literal[1], Literal[1]], BeforeValidator(_as_pair)]
LastAxis = Annotated[Literal[-1, 1, 3], BeforeValidator(as_last)]
"""Of 1 and 3 only the one that is the last: see `own_layers.BatchNormalization`."""
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
Share = Annotated[float, Field(ge=0, lt=1)]


class OwnLayer(BaseModel):
    """A layer as a `.keras` file describes it. What a class does not say otherwise leaves shape and places alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    FIXED: ClassVar[frozenset[str]] = frozenset({"data_format", "dilation_rate", "groups", "keepdims"})
    """Settings with one value only, which is Keras' own default."""
    keeps_picture: ClassVar[bool] = True
    """Whether each value still belongs to one pixel of the picture."""

    @property
    def kind(self) -> str:
        """The class in Keras."""
        return type(self).__name__

    def settings(self) -> dict[str, Any]:
        """What Keras is to be told."""
        return self.model_dump(exclude=set(self.FIXED), mode="json")

    def output_shape(self, shape: Shape) -> Shape:
        """Of an input of this shape; ValueError, in words, if it takes no such input."""
        return shape

    def parameters(self, shape: Shape) -> int:
        """All numbers that the layer holds for an input of this shape, trained or not."""
        return 0

    def products(self, shape: Shape, output: Shape) -> int:
        """Weights times inputs for one picture."""
        return 0

    @staticmethod
    def values(shape: Shape) -> int:
        """How many values an output of this shape has."""
        return math.prod(shape)


def maps(shape: Shape) -> Shape:
    """The shape, if it is one of maps; ValueError, in words, if not."""
    if len(shape) != 3:
        raise ValueError(f"expected maps (rows, columns, maps), received shape {shape}")
    return shape


def row(shape: Shape, what: str) -> Shape:
    """The shape, if it is one of units in a row; ValueError, in words, if not."""
    if len(shape) != 1:
        raise ValueError(f"expected a row of units for {what}, received shape {shape}")
    return shape


def windows(shape: Shape, size: Pair, strides: Pair, padding: Padding) -> tuple[int, int]:
    """Rows and columns of the output: (n - size)//stride + 1, or with padding `same` n/stride rounded up."""
    sides = maps(shape)[:2]
    if padding == "same":
        rows, columns = (-(-side // stride) for side, stride in zip(sides, strides, strict=True))
        return rows, columns
    if any(window > side for side, window in zip(sides, size, strict=True)):
        raise ValueError(f"expected a window within {sides[0]} x {sides[1]} pixels, received {size[0]} x {size[1]}")
    rows, columns = ((n - k) // s + 1 for n, k, s in zip(sides, size, strides, strict=True))
    return rows, columns
