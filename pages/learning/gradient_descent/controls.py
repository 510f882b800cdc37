"""The controls of a descent, and the pictures that move with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import streamlit as st

from nncore.theory.convergence import Convergence
from nncore.theory.gradient_descent import Descent, Trajectory
from nncore.theory.loss_surfaces import LOSS_SURFACES, Range, loss_surface
from pages.learning.gradient_descent import picture
from pages.ui import url_state, widgets
from pages.ui.interactive_figure import control, element
from pages.ui.interactive_figure.control import Control
from pages.ui.memoize import memoize

NAMES = {name: each.words for name, each in LOSS_SURFACES.items()}
SUBSCRIPTS = {"w0": "First guess w₀", "v0": "First guess v₀"}


@dataclass(frozen=True)
class Settings:
    """What the page is set to."""

    descent: Descent
    eta: Control
    starts: tuple[Control, ...]
    steps: Control

    @property
    def controls(self) -> tuple[Control, ...]:
        """What is shown with the picture."""
        return (self.eta, *self.starts, self.steps)

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


@url_state.one_entry()
def read_settings() -> Settings:
    """The row of widgets, and the values of the controls that are shown with the picture."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = loss_surface(widgets.choice("cost", "Cost C", list(NAMES), "w2", names=NAMES, on_change=_begin_anew))
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


def _read(key: str, label: str, range_: Range) -> Control:
    return control.read(key, label, range_.low, range_.high, range_.default, step=range_.step)


def _begin_anew() -> None:
    """Another cost begins with its own step size, first guess and number of steps."""
    chosen = loss_surface(st.session_state["cost"])
    ranges = {"eta": chosen.eta, "steps": chosen.steps} | dict(zip(SUBSCRIPTS, chosen.starts, strict=False))
    for key, range_ in ranges.items():
        st.session_state[key] = range_.default


def _one_more(most: float) -> None:
    st.session_state["steps"] = min(most, st.session_state["steps"] + 1)


@memoize
def follow(settings: Settings) -> Trajectory:
    """The path that is shown."""
    return settings.descent.path(settings.start, settings.eta.value, settings.count)


def each_step(path: Trajectory) -> pa.Table:
    """Its steps with their numbers, one a row."""
    rows = {"j": np.arange(len(path.points) - 1), "cost": path.cost[:-1]}
    for index, letter in enumerate(path.descent.landscape.parameters):
        rows[letter] = path.points[:-1, index]
        rows["gradient" if index == 0 else f"gradient_{letter}"] = path.slopes[:-1, index]
        rows["next" if index == 0 else f"next_{letter}"] = path.substitutions(index)
    return pa.table(rows)


def show_descent(settings: Settings) -> Convergence:
    """The controls with the path on the cost and its traces; what becomes of the path where the controls stand."""
    views = element.requested("descent", settings.controls)
    drawn = [picture.draw(view.moving.key, settings.descent, view.controls) for view in views]
    pictures = {view.name: each.packed for view, each in zip(views, drawn, strict=True)}
    element.send("descent", settings.controls, pictures, columns=2, play="steps")
    return drawn[0].fates[views[0].moving.value]


def solved_by(settings: Settings, fate: Convergence) -> dict[str, bool]:
    """Which challenges are solved by these settings and what becomes of their path."""
    eta, start, cost = settings.eta.value, settings.start, settings.descent.landscape
    on_w2 = settings.on_w2 and start[0] != 0
    in_a_valley, deepest = fate.place in cost.minima, fate.place == cost.minima[0]
    hovers = fate.after(settings.count).outcome == "hovers"
    return {
        "arrive": on_w2 and eta == 0.5,
        "swing": on_w2 and eta == 1,
        "mirror": on_w2 and eta == 0.99,
        "over": cost.name == "double_well" and settings.descent.seed is None and start[0] >= 3 and deepest,
        "saddle": cost.name == "saddle" and start[1] == 0 and hovers and in_a_valley,
    }
