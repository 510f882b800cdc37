"""The colours, each with one meaning on every page, and the look that all figures share.

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
"""Inputs and data."""
WEIGHT = "#E69F00"
"""Weights and bias."""
OUTPUT = "#009E73"
"""Outputs and activations."""
COST = "#D55E00"
"""Cost and gradient."""
TEST = "#CC79A7"
"""Validation and test."""
SECOND = "#56B4E9"
"""A second thing compared."""
NEUTRAL = "#888888"
"""Axes, guides and what is over: readable on white and on black."""

SIGNED = [[0.0, INPUT], [0.5, "#F7F7F7"], [1.0, WEIGHT]]
"""Blue, white, orange: for quantities with a sign, always centred on zero (`zmid=0`)."""
GREY = [[0.0, "#000000"], [1.0, "#FFFFFF"]]
"""Pictures: 0 black, the largest value white, as MNIST is usually shown."""

Description = dict[str, Any]
"""A part of a figure in Plotly's own terms."""
FONT_SIZE = 16
CONFIG = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "svg"},
}
"""Plotly's own menu: save as SVG, zoom, reset."""
LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "font": {"size": FONT_SIZE}}
AXIS: Description = {"title": {"font": {"size": FONT_SIZE}}, "tickfont": {"size": FONT_SIZE - 2}, "automargin": True}


def finish(figure: go.Figure, *, height: int = 400, x: str = "", y: str = "", **layout: Any) -> go.Figure:
    """The shared look: large type, narrow margins, axis titles `x` and `y` with their units, `height` in pixels."""
    figure.update_layout(**_look(height))
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
    """A figure in the shared look from Plotly's own descriptions of its parts; an axis' `title` is its words.

    For what follows a slider: nothing is checked here, since Plotly's checks take a server 5 to 20 ms a figure.
    The tests have Plotly check every figure that they see.
    """
    axes = {name: {**AXIS, **axis, **_title(axis)} for name, axis in (("xaxis", xaxis), ("yaxis", yaxis))}
    return Described({"data": list(traces), "layout": {**_look(height), **axes, **layout}, "frames": list(frames)})


class Described(go.Figure):  # type: ignore[misc]
    """A figure that hands its description to the page as it is; Plotly's objects are made when somebody asks for one.

    Otherwise Plotly makes an object of each part and frame, to take all of them apart again for the page.
    """

    def __init__(self, description: Description) -> None:
        self._description: Description | None = description

    def __getattr__(self, name: str) -> Any:
        """For what is not there yet: Plotly keeps everything in attributes that begin with an underscore."""
        described = self.__dict__.get("_description")
        if described is None or not name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        self._description = None
        super().__init__(described, _validate=False)
        return getattr(self, name)

    def __reduce__(self) -> tuple[type[Described], tuple[Description]]:
        return type(self), (self._description or self.to_dict(),)

    def to_dict(self) -> Description:
        """With the template and the arrays as Plotly itself would send them."""
        if self._description is None:
            return dict(super().to_dict())
        described: Description = _sent(self._description)
        if pio.templates.default:
            described["layout"].setdefault("template", _template(pio.templates.default))
        return described


@functools.cache
def _template(name: str) -> Description:
    return dict(pio.templates[name].to_plotly_json())


def _sent(part: Any) -> Any:
    """A copy in which NumPy's arrays are as the browser's Plotly reads them quickest: their bytes in base64."""
    if isinstance(part, dict):
        return {name: _sent(each) for name, each in part.items()}
    if isinstance(part, list) and part and isinstance(part[0], dict | list):
        return [_sent(each) for each in part]
    if isinstance(part, np.ndarray) and part.dtype.kind in "iuf" and part.size:
        array = part.astype(np.int32) if part.dtype.kind in "iu" and part.itemsize > 4 else part
        shape = {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {}
        return {"dtype": array.dtype.str[1:], "bdata": base64.b64encode(array.tobytes()).decode()} | shape
    return part


def number_text(value: float, digits: int = 4) -> str:
    """A number for a drawing: `digits` significant digits and a true minus sign."""
    return f"{value + 0.0:.{digits}g}".replace("-", "−")


def _look(height: int) -> Description:
    words = {"font": {"size": FONT_SIZE}}
    return {
        "height": height,
        "margin": {"l": 10, "r": 10, "t": 36, "b": 10},
        **words,
        "hoverlabel": words,
        "legend": LEGEND,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }


def _title(axis: Description) -> Description:
    return {"title": {**AXIS["title"], "text": axis["title"]}} if "title" in axis else {}
