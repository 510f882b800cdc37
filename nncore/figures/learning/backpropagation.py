"""A diagram of the 2-2-1 network, with every number on the edge or neuron that it belongs to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from nncore.figures import theme

if TYPE_CHECKING:
    from nncore.theory.network_221 import Step

Position = tuple[float, float]
NODES: dict[str, Position] = {
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
"""The positions of the inputs, the hidden neurons, the output neuron, the cost, and the ones of the biases."""
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
"""The edge of each parameter, in the order of the nine names used everywhere."""
FRONT, BACK = ("v1", "v2", "c"), ("w11", "w12", "b1", "w21", "w22", "b2")
ACTIVE = {1: BACK, 2: FRONT, 3: (), 4: (), 5: ("v1", "v2"), 6: (*BACK, *FRONT), 7: (*BACK, *FRONT)}
"""The edges that each phase uses; the others are drawn faintly."""
FRESH = {1: ("1", "2"), 2: ("out",), 3: ("C",), 4: ("out",), 5: ("1", "2"), 6: (), 7: ()}
"""The neurons that each phase computes."""
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
"""The position of the numbers of each edge, clear of all lines, and the side at which they are anchored."""
CLICKS = 9
"""The number of points along an edge that receive a click."""
HEIGHT = 430
NO_HOVER = {"hoverinfo": "skip"}


def plot_step(step: Step, phase: int, chosen: str) -> go.Figure:
    """Plot a network with the numbers of `step`, those of `phase` (1 to 7) marked, and the path from `chosen` to C.

    `chosen` is the name of a parameter. Pass `step.until(phase)` to show only what is known by then. The trace
    `clicks` has points along every edge, in the order of `targets`; the edge of a negative weight is dashed.
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
    """Return the parameter behind each point of the trace `clicks`."""
    return [name for name in EDGES for _ in range(CLICKS)]


def _way(chosen: str) -> list[tuple[str, str]]:
    """Return the edges from the chosen weight to the cost, along which its chain rule multiplies."""
    start, end = EDGES[chosen]
    return [(start, end), *([(end, "out")] if end != "out" else []), ("out", "C")]


def _ends(start: str, end: str, more: float = 0.0) -> tuple[list[float], list[float]]:
    """Return the ends of a line from ring to ring, `more` away from both, since rings are translucent."""
    (x0, y0), (x1, y1) = NODES[start], NODES[end]
    length = math.hypot(x1 - x0, y1 - y0)
    near, far = ((0.26 if node.startswith("one") else 0.52) / length + more / length for node in (start, end))
    return [x0 + near * (x1 - x0), x1 - far * (x1 - x0)], [y0 + near * (y1 - y0), y1 - far * (y1 - y0)]


def _line(start: str, end: str, name: str, opacity: float, line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as a shape below the neurons."""
    (x0, x1), (y0, y1) = _ends(start, end)
    shape = {"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "layer": "below"}
    return shape | {"name": name, "opacity": opacity, "line": line}


def _weight_line(weight: float) -> dict[str, Any]:
    dash = "12px,7px" if weight < 0 else "solid"
    return {"color": theme.WEIGHT, "width": 1.5 + 1.6 * min(abs(weight), 5.0), "dash": dash}


def _arrow(start: str, end: str) -> dict[str, Any]:
    """Return the arrow of a backward phase in the colour of gradients, with its head at `end`."""
    x, y = _ends(start, end)
    head = {"symbol": ["circle", "arrow"], "angleref": "previous", "size": [1, 20], "color": theme.COST}
    line = {"color": theme.COST, "width": 4}
    return {"x": x, "y": y, "mode": "lines+markers", "line": line, "marker": head, "name": f"back to {end}"} | NO_HOVER


def _nodes(step: Step, phase: int) -> list[dict[str, Any]]:
    """Return rings with the number of each neuron, or with its letter while the number is unknown."""
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
            "x": [NODES[node][0] for node in nodes],
            "y": [NODES[node][1] for node in nodes],
            "mode": "markers+text",
            "marker": {
                "size": size,
                "color": [_veil(colour, 0.5 if node in FRESH[phase] else 0.14) for node in nodes],
                "line": {"color": colour, "width": 3},
                "opacity": 1,
            },
            "text": texts,
            "textfont": {"size": theme.FONT_SIZE},
            "name": name,
        }
        | NO_HOVER
        for name, nodes, texts, colour, size in rings
    ]


def _edge_label(step: Step, name: str) -> dict[str, Any]:
    """Return the weight, its gradient in red, and after the update its new value behind an arrow."""
    x, y, xanchor, yanchor = LABELS[name]
    lines = [f"{_sub(name)} = {theme.number_text(step.parameters[name])}"]
    if name in step.gradients:
        lines.append(_red(f"∂C/∂{name[0]} = {_short(step.gradients[name])}"))
    if name in step.updated:
        lines.append(f"→ <b>{theme.number_text(step.updated[name])}</b>")
    return _label((x, y), lines, xanchor=xanchor, yanchor=yanchor)


def _node_labels(step: Step) -> list[dict[str, Any]]:
    known = step.values
    right = {"xanchor": "left", "xshift": 36}
    return [
        _label(NODES["1"], _equations(known, ("z1", "delta1")), yanchor="bottom", yshift=-10, **right),
        _label(NODES["2"], _equations(known, ("z2", "delta2")), yanchor="top", yshift=10, **right),
        _label(NODES["out"], _equations(known, ("z", "delta")), yanchor="top", yshift=-34, xanchor="left", xshift=-14),
        _label(NODES["x1"], ["x<sub>1</sub>"], yshift=44),
        _label(NODES["x2"], ["x<sub>2</sub>"], yshift=-44),
        _label(NODES["C"], ["cost C"], yshift=46),
        _label(NODES["C"], [f"target<br>y = {theme.number_text(step.setting.y)}"], yanchor="top", yshift=-34),
    ]


def _equations(known: dict[str, float], names: Iterable[str]) -> list[str]:
    lines = []
    for name in names:
        if name in known:
            letter = name.replace("delta", "δ")
            text = f"{_sub(letter)} = {_short(known[name], 4)}"
            lines.append(_red(text) if letter != name else text)
    return lines


def _short(value: float, digits: int = 3) -> str:
    """Format a number like `theme.number_text`, but below a thousandth with a power of ten in few characters."""
    if 0 < abs(value) < 1e-3:
        return f"{value:.{max(digits - 2, 0)}e}".replace("e-0", "e-").replace("-", "−")
    return theme.number_text(value, digits)


def _ring(known: dict[str, float], name: str) -> str:
    """Return a value with three decimals, or with a power of ten if these are 0, or the letter if it is unknown."""
    if name not in known:
        return _sub(name)
    value = known[name]
    return _short(round(value, 3)) if abs(value) >= 0.0005 or value == 0 else _short(value, 1)


def _label(point: Position, lines: list[str], **position: Any) -> dict[str, Any]:
    return {"x": point[0], "y": point[1], "text": "<br>".join(lines), "showarrow": False, "align": "left"} | position


def _clicks(step: Step) -> dict[str, Any]:
    """Return invisible points that can be clicked, since a line cannot."""
    x, y, texts = [], [], []
    for name, (start, end) in EDGES.items():
        (x0, x1), (y0, y1) = _ends(start, end, 0.15)
        x += list(np.linspace(x0, x1, CLICKS))
        y += list(np.linspace(y0, y1, CLICKS))
        texts += [f"{_sub(name)} = {theme.number_text(step.parameters[name])}: click for its chain rule"] * CLICKS
    return theme.click_targets(x, y, size=26, symbol="circle", text=texts, name="clicks")


def _sub(name: str) -> str:
    """Return a name such as `w12` with its index as a subscript in HTML."""
    return f"{name[0]}<sub>{name[1:]}</sub>" if name[1:] else name


def _red(text: str) -> str:
    return f'<span style="color:{theme.COST}">{text}</span>'


def _veil(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
