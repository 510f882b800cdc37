"""The controls of a descent, and the pictures that move with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import streamlit as st

from nncore.descent import Descent, Path, Walks, thinned
from nncore.figures.descent import plot_descent
from nncore.figures.packing import pack
from nncore.landscapes import LANDSCAPES, Range, landscape
from nncore.verdicts import Fate, carry_on
from pages.ui import controls, drag, dragged
from pages.ui.dragged import Dragged
from pages.ui.kept import kept

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
        chosen = landscape(controls.choice("cost", "Cost C", list(NAMES), "w2", names=NAMES, on_change=_begin_anew))
        kept = controls.slider("momentum", "Momentum μ", 0.0, 0.99, 0.0, step=0.01, format="%.6g")
        noisy = controls.switch("noise", "Noisy slopes")
        number = controls.number("seed", "Seed", 0, 9999, 1, step=1, disabled=not noisy)
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
    packed, fate = _pictures(settings)
    drag.show("descent", (settings.eta, *settings.starts, settings.steps), packed, columns=2, play="steps")
    return fate


@kept
def _pictures(settings: Settings) -> tuple[bytes, Fate]:
    """Two pictures, packed, and the fate of the path: one while `eta` or a start moves, and one of the steps."""
    moved = (settings.eta, *settings.starts)
    here = np.array([settings.eta.value, *settings.start])
    rows = np.repeat(here[None], sum(len(control.positions) for control in moved), axis=0)  # eta, w0 (and v0)
    ends = np.cumsum([len(control.positions) for control in moved])
    for column, (end, control) in enumerate(zip(ends, moved, strict=True)):
        rows[end - len(control.positions) : end, column] = control.positions
    points, fates = carry_on(settings.descent, rows[:, 1:], rows[:, 0], settings.count)
    numbers, words = thinned(settings.count), [each.after(settings.count).words for each in fates]
    moving = Walks(settings.descent.landscape, numbers, points[:, numbers], words)
    fate = fates[int(np.searchsorted(settings.eta.positions, settings.eta.value))]
    return pack([plot_descent(moving), plot_descent(_growing(settings, fate))]), fate


def _growing(settings: Settings, fate: Fate) -> Walks:
    """One path with more and more steps."""
    counts = settings.steps.positions.astype(int)
    numbers = np.union1d(thinned(int(counts[-1])), counts)
    whole = settings.descent.walk(settings.start, settings.eta.value, int(counts[-1]))[numbers]
    points = np.where((numbers <= counts[:, None])[..., None], whole, np.nan)
    return Walks(settings.descent.landscape, numbers, points, [fate.after(int(count)).words for count in counts])
