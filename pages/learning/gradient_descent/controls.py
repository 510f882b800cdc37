"""The controls of a descent, and the pictures that move with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import streamlit as st

from nncore.figures.interactive.encode import pack
from nncore.figures.learning.gradient_descent import plot_descent
from nncore.theory.convergence import Fate, carry_on
from nncore.theory.gradient_descent import Descent, Path, Walks, thinned
from nncore.theory.loss_surfaces import LANDSCAPES, Range, landscape
from pages.ui import widgets
from pages.ui.interactive_figure import control as dragged
from pages.ui.interactive_figure import element
from pages.ui.interactive_figure.control import Dragged
from pages.ui.memoize import kept

NAMES = {name: each.words for name, each in LANDSCAPES.items()}
SUBSCRIPTS = {"w0": "First guess w₀", "v0": "First guess v₀"}


@dataclass(frozen=True)
class Settings:
    """What the page is set to."""

    descent: Descent
    eta: Dragged
    starts: tuple[Dragged, ...]
    steps: Dragged

    @property
    def start(self) -> list[float]:
        """The first guess, as long as the cost has parameters."""
        return [each.value for each in self.starts]

    @property
    def on_w2(self) -> bool:
        """Whether this is plain descent on C = w², where every step is the same factor."""
        return self.descent.landscape.name == "w2" and self.descent.seed is None and not self.descent.momentum

    @property
    def count(self) -> int:
        """The number of steps."""
        return int(self.steps.value)


def read_settings() -> Settings:
    """The row of widgets, and the values of the controls that are shown with the picture."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = landscape(widgets.choice("cost", "Cost C", list(NAMES), "w2", names=NAMES, on_change=_begin_anew))
        kept = widgets.slider("momentum", "Momentum μ", 0.0, 0.99, 0.0, step=0.01, format="%.6g")
        noisy = widgets.switch("noise", "Noisy slopes")
        number = widgets.number("seed", "Seed", 0, 9999, 1, step=1, disabled=not noisy)
        st.button("One more step", key="one_step", on_click=_one_more, args=(chosen.steps.high,), width="stretch")
    starts = zip(SUBSCRIPTS.items(), chosen.starts, strict=False)
    return Settings(
        Descent(chosen, momentum=kept, seed=number if noisy else None),
        _read("eta", "Step size η", chosen.eta),
        tuple(_read(key, label, range_) for (key, label), range_ in starts),
        _read("steps", "Steps", chosen.steps),
    )


def _read(key: str, label: str, range_: Range) -> Dragged:
    return dragged.read(key, label, range_.low, range_.high, range_.default, step=range_.step)


def _begin_anew() -> None:
    """Another cost begins with its own step size, first guess and number of steps."""
    chosen = landscape(st.session_state["cost"])
    ranges = {"eta": chosen.eta, "steps": chosen.steps} | dict(zip(SUBSCRIPTS, chosen.starts, strict=False))
    for key, range_ in ranges.items():
        st.session_state[key] = range_.default


def _one_more(most: float) -> None:
    st.session_state["steps"] = min(most, st.session_state["steps"] + 1)


@kept
def follow(settings: Settings) -> Path:
    """The path that is shown."""
    return settings.descent.path(settings.start, settings.eta.value, settings.count)


def each_step(path: Path) -> pa.Table:
    """Its steps with their numbers, one a row."""
    rows = {"j": np.arange(len(path.points) - 1), "cost": path.cost[:-1]}
    for index, letter in enumerate(path.descent.landscape.parameters):
        rows[letter] = path.points[:-1, index]
        rows["gradient" if index == 0 else f"gradient_{letter}"] = path.slopes[:-1, index]
        rows["next" if index == 0 else f"next_{letter}"] = path.substitutions(index)
    return pa.table(rows)


def show_descent(settings: Settings) -> Fate:
    """The controls with the path on the cost and its traces; what becomes of the path where the controls stand."""
    controls = (settings.eta, *settings.starts, settings.steps)
    values, found = {control.key: control.value for control in controls}, []

    def draw(moving: str, *there: Dragged) -> bytes:
        packed, fates = _picture(moving, settings.descent, there)
        positions = next(control.positions for control in there if control.key == moving)
        found.append(fates[int(np.searchsorted(positions, values[moving]))])
        return packed

    element.show("descent", controls, draw, columns=2, play="steps")
    return found[-1]


@kept
def _picture(moving: str, descent: Descent, controls: tuple[Dragged, ...]) -> tuple[bytes, list[Fate]]:
    """The picture of one of eta, w0 (v0) and steps, packed, and the fate at each position of it.

    A fate is that of the longest path that can be shown, so that words do not depend on how many steps are.
    """
    *begin, steps = controls
    walks, fates = _growing(descent, begin, steps) if moving == steps.key else _moving(moving, descent, begin, steps)
    return pack(plot_descent(walks)), fates


def _moving(moving: str, descent: Descent, begin: Sequence[Dragged], steps: Dragged) -> tuple[Walks, list[Fate]]:
    """As many paths as the step size or the start has positions."""
    column = [control.key for control in begin].index(moving)
    rows = np.repeat([[control.value for control in begin]], len(begin[column].positions), axis=0)
    rows[:, column] = begin[column].positions
    points, fates = carry_on(descent, rows[:, 1:], rows[:, 0], int(steps.high))
    count = int(steps.value)
    numbers, words = thinned(count), [fate.after(count).words for fate in fates]
    return Walks(descent.landscape, numbers, points[:, numbers], words), fates


def _growing(descent: Descent, begin: Sequence[Dragged], steps: Dragged) -> tuple[Walks, list[Fate]]:
    """One path with more and more steps."""
    eta, *start = (control.value for control in begin)
    counts = steps.positions.astype(int)
    numbers = np.union1d(thinned(int(counts[-1])), counts)
    (whole,), (fate,) = carry_on(descent, start, eta, int(counts[-1]))
    points = np.where((numbers <= counts[:, None])[..., None], whole[numbers], np.nan)
    words = [fate.after(int(count)).words for count in counts]
    return Walks(descent.landscape, numbers, points, words), [fate] * len(counts)
