"""The colours, each with one meaning on every page, and the style that all figures share.

The palette is Okabe and Ito's, which colour-blind readers tell apart (https://jfly.uni-koeln.de/color/).
Backgrounds stay transparent and text has no colour of its own, so that Streamlit's light and dark themes show.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio

INPUT = "#0072B2"
"""The colour of inputs and data."""
WEIGHT = "#E69F00"
"""The colour of weights and bias."""
OUTPUT = "#009E73"
"""The colour of outputs and activations."""
COST = "#D55E00"
"""The colour of cost and gradient."""
TEST = "#CC79A7"
"""The colour of validation and test."""
SECOND = "#56B4E9"
"""The colour of a second thing that is compared."""
NEUTRAL = "#888888"
"""The colour of axes, guides and finished things; it is readable on white and on black."""

SIGNED = [[0.0, INPUT], [0.5, "#F7F7F7"], [1.0, WEIGHT]]
"""The blue, white and orange colour scale of signed quantities, always centred on zero (`zmid=0`)."""
GREY = [[0.0, "#000000"], [1.0, "#FFFFFF"]]
"""The colour scale of pictures: 0 is black and the largest value white, as MNIST is usually shown."""

Description = dict[str, Any]
"""A part of a figure as Plotly describes it in JSON."""
FONT_SIZE = 16
CONFIG = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "svg"},
}
"""The settings of Plotly's menu: save as SVG, zoom, reset."""
LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "font": {"size": FONT_SIZE}}
AXIS: Description = {"title": {"font": {"size": FONT_SIZE}}, "tickfont": {"size": FONT_SIZE - 2}, "automargin": True}


def finish(figure: go.Figure, *, height: int = 400, x: str = "", y: str = "", **layout: Any) -> go.Figure:
    """Give a figure the shared style: large type, narrow margins, axis titles `x` and `y`, and a height in pixels.

    Any further `layout` is passed on to Plotly.
    """
    figure.update_layout(**_style(height))
    figure.update_xaxes(**AXIS)
    figure.update_yaxes(**AXIS)
    if x:
        figure.update_xaxes(title_text=x)
    if y:
        figure.update_yaxes(title_text=y)
    return figure.update_layout(**layout)


def draw(
    traces: Sequence[Description],
    *,
    height: int = 400,
    xaxis: Description,
    yaxis: Description,
    frames: Sequence[Description] = (),
    **layout: Any,
) -> go.Figure:
    """Return a figure in the shared style from descriptions of its parts; the `title` of an axis is a string.

    Use it for a figure that follows a slider: nothing is validated, since that costs a server 5 to 20 ms per figure.
    Instead, the tests let Plotly validate every figure that they make.
    """
    axes = {name: {**AXIS, **axis, **_title(axis)} for name, axis in (("xaxis", xaxis), ("yaxis", yaxis))}
    return Described({"data": list(traces), "layout": {**_style(height), **axes, **layout}, "frames": list(frames)})


class Described(go.Figure):  # type: ignore[misc]
    """A figure that passes its description on to the page, and makes Plotly's objects only when one is accessed.

    Plotly itself would make an object of each part and frame, only to convert all of them back to JSON.
    """

    def __init__(self, description: Description) -> None:
        self._description: Description | None = description

    def __getattr__(self, name: str) -> Any:
        """Build the figure at the first access to one of Plotly's attributes, which all begin with an underscore."""
        described = self.__dict__.get("_description")
        if described is None or not name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        self._description = None
        super().__init__(described, _validate=False)
        return getattr(self, name)

    def __reduce__(self) -> tuple[type[Described], tuple[Description]]:
        return type(self), (self._description or self.to_dict(),)

    def to_dict(self) -> Description:
        """Return the description with the template, and with arrays as Plotly itself would send them."""
        if self._description is None:
            return dict(super().to_dict())
        described: Description = _serialized(self._description)
        if pio.templates.default:
            described["layout"].setdefault("template", _template(pio.templates.default))
        return described


@functools.cache
def _template(name: str) -> Description:
    return dict(pio.templates[name].to_plotly_json())


def _serialized(part: Any) -> Any:
    """Return a copy with NumPy arrays as bytes in base64, which Plotly in the browser reads fastest."""
    if isinstance(part, dict):
        return {name: _serialized(each) for name, each in part.items()}
    if isinstance(part, list) and part and isinstance(part[0], dict | list):
        return [_serialized(each) for each in part]
    if isinstance(part, np.ndarray) and part.dtype.kind in "iuf" and part.size:
        array = part.astype(np.int32) if part.dtype.kind in "iu" and part.itemsize > 4 else part
        shape = {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {}
        return {"dtype": array.dtype.str[1:], "bdata": base64.b64encode(array.tobytes()).decode()} | shape
    return part


def click_targets(x: Any, y: Any, *, size: float, symbol: str = "square", **trace: Any) -> Description:
    """Return a trace of invisible markers at x and y, `size` pixels wide, to receive the clicks on a picture."""
    unseen = {"marker": {"opacity": 0}}
    markers = {"mode": "markers", "marker": {"symbol": symbol, "size": size, "opacity": 0}}
    clicks = {"selected": unseen, "unselected": unseen, "hovertemplate": "%{text}<extra></extra>"}
    return {"type": "scatter", "x": x, "y": y, **markers, **clicks, **trace}


def number_text(value: float, digits: int = 4) -> str:
    """Format a number for a drawing, with `digits` significant digits and a true minus sign."""
    return f"{value + 0.0:.{digits}g}".replace("-", "−")


def _style(height: int) -> Description:
    text = {"font": {"size": FONT_SIZE}}
    return {
        "height": height,
        "margin": {"l": 10, "r": 10, "t": 36, "b": 10},
        **text,
        "hoverlabel": text,
        "legend": LEGEND,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }


def _title(axis: Description) -> Description:
    return {"title": {**AXIS["title"], "text": axis["title"]}} if "title" in axis else {}
