"""A 2-2-1 network drawn with every number on the edge or neuron that it belongs to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from nncore.figures import theme

if TYPE_CHECKING:
    from nncore.theory.network_221 import Step

Place = tuple[float, float]
NODES: dict[str, Place] = {
    "x1": (0.35, 1.9),
    "x2": (0.35, -1.9),
    "1": (4.4, 1.9),
    "2": (4.4, -1.9),
    "out": (7.8, 0.0),
    "C": (9.9, 0.0),
    "one1": (4.4, 3.3),
    "one2": (4.4, -3.3),
    "one": (7.8, 1.9),
}
"""Inputs, the two hidden neurons, the output neuron, the cost, and the biases' ones."""
EDGES = {
    "w11": ("x1", "1"),
    "w12": ("x2", "1"),
    "b1": ("one1", "1"),
    "w21": ("x1", "2"),
    "w22": ("x2", "2"),
    "b2": ("one2", "2"),
    "v1": ("1", "out"),
    "v2": ("2", "out"),
    "c": ("one", "out"),
}
"""Each parameter's edge; the order is that of the nine names everywhere."""
FRONT, BACK = ("v1", "v2", "c"), ("w11", "w12", "b1", "w21", "w22", "b2")
ACTIVE = {1: BACK, 2: FRONT, 3: (), 4: (), 5: ("v1", "v2"), 6: (*BACK, *FRONT), 7: (*BACK, *FRONT)}
"""The edges that a phase works with; the others are drawn faintly."""
FRESH = {1: ("1", "2"), 2: ("out",), 3: ("C",), 4: ("out",), 5: ("1", "2"), 6: (), 7: ()}
"""The neurons that a phase computes."""
LABELS: dict[str, tuple[float, float, str, str]] = {
    "w11": (2.4, 2.0, "center", "bottom"),
    "w12": (0.05, -1.02, "left", "bottom"),
    "b1": (4.75, 3.6, "left", "top"),
    "w21": (0.05, 1.02, "left", "top"),
    "w22": (2.4, -2.0, "center", "top"),
    "b2": (4.75, -3.6, "left", "bottom"),
    "v1": (4.75, 1.02, "left", "top"),
    "v2": (4.75, -1.02, "left", "bottom"),
    "c": (8.1, 2.15, "left", "top"),
}
"""Where the numbers of an edge stand, clear of all lines, and which side of them is held there."""
CLICKS = 9
"""Places along an edge that hear a click."""
HEIGHT = 430
SILENT = {"hoverinfo": "skip"}


def plot_step(step: Step, phase: int, chosen: str) -> go.Figure:
    """The network with the numbers that `step` holds, those of `phase` emphasised, and the way from a weight to C.

    Draw `step.until(phase)` to show only what is known. The trace `clicks` has points along every edge, in the order
    of `targets`; a negative weight's edge is dashed.
    """
    shapes = [_line(*edge, "way", 1.0, {"color": "rgba(136,136,136,0.35)", "width": 20}) for edge in _way(chosen)]
    for name, edge in EDGES.items():
        shapes.append(_line(*edge, name, 1.0 if name in ACTIVE[phase] else 0.4, _weight_line(step.parameters[name])))
    shapes.append(_line("out", "C", "output", 1.0, {"color": theme.OUTPUT, "width": 3}))
    backwards = {4: (("C", "out"),), 5: (("out", "1"), ("out", "2"))}.get(phase, ())
    hidden = {"visible": False, "fixedrange": True}
    return theme.draw(
        [*(_arrow(*edge) for edge in backwards), *_nodes(step, phase), _clicks(step)],
        height=HEIGHT,
        showlegend=False,
        hovermode="closest",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        dragmode=False,
        xaxis=hidden | {"range": [-0.2, 10.5]},
        yaxis=hidden | {"range": [-3.65, 3.65]},
        shapes=shapes,
        annotations=[*(_edge_label(step, name) for name in EDGES), *_node_labels(step)],
    )


def targets() -> list[str]:
    """The parameter behind each point of the trace `clicks`."""
    return [name for name in EDGES for _ in range(CLICKS)]


def _way(chosen: str) -> list[tuple[str, str]]:
    """From the chosen weight on to the cost: the edges that its chain rule multiplies along."""
    start, end = EDGES[chosen]
    return [(start, end), *([(end, "out")] if end != "out" else []), ("out", "C")]


def _ends(start: str, end: str, more: float = 0.0) -> tuple[list[float], list[float]]:
    """From ring to ring, or `more` inside: rings let shine through what is behind them."""
    (x0, y0), (x1, y1) = NODES[start], NODES[end]
    length = math.hypot(x1 - x0, y1 - y0)
    near, far = ((0.26 if node.startswith("one") else 0.52) / length + more / length for node in (start, end))
    return [x0 + near * (x1 - x0), x1 - far * (x1 - x0)], [y0 + near * (y1 - y0), y1 - far * (y1 - y0)]


def _line(start: str, end: str, name: str, opacity: float, line: dict[str, Any]) -> dict[str, Any]:
    """A line as a shape below the neurons."""
    (x0, x1), (y0, y1) = _ends(start, end)
    shape = {"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "layer": "below"}
    return shape | {"name": name, "opacity": opacity, "line": line}


def _weight_line(weight: float) -> dict[str, Any]:
    dash = "12px,7px" if weight < 0 else "solid"
    return {"color": theme.WEIGHT, "width": 1.5 + 1.6 * min(abs(weight), 5.0), "dash": dash}


def _arrow(start: str, end: str) -> dict[str, Any]:
    """What a backward phase hands back, in the colour of gradients, with its head at `end`."""
    x, y = _ends(start, end)
    head = {"symbol": ["circle", "arrow"], "angleref": "previous", "size": [1, 20], "color": theme.COST}
    line = {"color": theme.COST, "width": 4}
    return {"x": x, "y": y, "mode": "lines+markers", "line": line, "marker": head, "name": f"back to {end}"} | SILENT


def _nodes(step: Step, phase: int) -> list[dict[str, Any]]:
    """Rings with the number that each holds, or with its letter while that is not known."""
    known = step.values
    x1, x2 = step.setting.x
    rings = (
        ("inputs", ("x1", "x2"), (theme.number_text(x1), theme.number_text(x2)), theme.INPUT, 58),
        ("hidden", ("1", "2"), (_ring(known, "a1"), _ring(known, "a2")), theme.OUTPUT, 66),
        ("output", ("out",), (_ring(known, "a"),), theme.OUTPUT, 66),
        ("cost", ("C",), (_ring(known, "C"),), theme.COST, 66),
        ("ones", ("one1", "one2", "one"), ("1", "1", "1"), theme.WEIGHT, 30),
    )
    return [
        {
            "x": [NODES[place][0] for place in places],
            "y": [NODES[place][1] for place in places],
            "mode": "markers+text",
            "marker": {
                "size": size,
                "color": [_veil(colour, 0.5 if place in FRESH[phase] else 0.14) for place in places],
                "line": {"color": colour, "width": 3},
                "opacity": 1,
            },
            "text": texts,
            "textfont": {"size": theme.FONT_SIZE},
            "name": name,
        }
        | SILENT
        for name, places, texts, colour, size in rings
    ]


def _edge_label(step: Step, name: str) -> dict[str, Any]:
    """The weight, its gradient in red, and after the update its new value behind an arrow."""
    x, y, xanchor, yanchor = LABELS[name]
    lines = [f"{_sub(name)} = {theme.number_text(step.parameters[name])}"]
    if name in step.gradients:
        lines.append(_red(f"∂C/∂{name[0]} = {_short(step.gradients[name])}"))
    if name in step.updated:
        lines.append(f"→ <b>{theme.number_text(step.updated[name])}</b>")
    return _label((x, y), lines, xanchor=xanchor, yanchor=yanchor)


def _node_labels(step: Step) -> list[dict[str, Any]]:
    known = step.values
    beside = {"xanchor": "left", "xshift": 36}
    return [
        _label(NODES["1"], _said(known, ("z1", "delta1")), yanchor="bottom", yshift=-10, **beside),
        _label(NODES["2"], _said(known, ("z2", "delta2")), yanchor="top", yshift=10, **beside),
        _label(NODES["out"], _said(known, ("z", "delta")), yanchor="top", yshift=-34, xanchor="left", xshift=-14),
        _label(NODES["x1"], ["x<sub>1</sub>"], yshift=44),
        _label(NODES["x2"], ["x<sub>2</sub>"], yshift=-44),
        _label(NODES["C"], ["cost C"], yshift=46),
        _label(NODES["C"], [f"target<br>y = {theme.number_text(step.setting.y)}"], yanchor="top", yshift=-34),
    ]


def _said(known: dict[str, float], names: Iterable[str]) -> list[str]:
    lines = []
    for name in names:
        if name in known:
            letter = name.replace("delta", "δ")
            text = f"{_sub(letter)} = {_short(known[name], 4)}"
            lines.append(_red(text) if letter != name else text)
    return lines


def _short(value: float, digits: int = 3) -> str:
    """As `theme.number_text`, with powers of ten from thousandths on, in few characters."""
    if 0 < abs(value) < 1e-3:
        return f"{value:.{max(digits - 2, 0)}e}".replace("e-0", "e-").replace("-", "−")
    return theme.number_text(value, digits)


def _ring(known: dict[str, float], name: str) -> str:
    """Three decimals in a ring, or two significant digits where that would be nothing; the letter if not known."""
    if name not in known:
        return _sub(name)
    value = known[name]
    return _short(round(value, 3)) if abs(value) >= 0.0005 or value == 0 else _short(value, 1)


def _label(place: Place, lines: list[str], **where: Any) -> dict[str, Any]:
    return {"x": place[0], "y": place[1], "text": "<br>".join(lines), "showarrow": False, "align": "left"} | where


def _clicks(step: Step) -> dict[str, Any]:
    """Points that are not seen and can be clicked, since a line cannot be."""
    x, y, words = [], [], []
    for name, (start, end) in EDGES.items():
        (x0, x1), (y0, y1) = _ends(start, end, 0.15)
        x += list(np.linspace(x0, x1, CLICKS))
        y += list(np.linspace(y0, y1, CLICKS))
        words += [f"{_sub(name)} = {theme.number_text(step.parameters[name])}: click for its chain rule"] * CLICKS
    unseen = {"marker": {"opacity": 0}}
    look = {"mode": "markers", "marker": {"size": 26, "opacity": 0}, "selected": unseen, "unselected": unseen}
    return {"x": x, "y": y, "text": words, "hovertemplate": "%{text}<extra></extra>", "name": "clicks"} | look


def _sub(name: str) -> str:
    """`w12` as Plotly writes it with its index below the line."""
    return f"{name[0]}<sub>{name[1:]}</sub>" if name[1:] else name


def _red(text: str) -> str:
    return f'<span style="color:{theme.COST}">{text}</span>'


def _veil(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
