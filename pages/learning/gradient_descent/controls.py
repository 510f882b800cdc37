"""The controls of a descent: its cost, its rule, its noise, and where and how far it goes."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from nncore.theory.gradient_descent import Descent
from nncore.theory.loss_surfaces import LOSS_SURFACES, Range, loss_surface
from pages.ui import url_state, widgets
from pages.ui.interactive_figure import control
from pages.ui.interactive_figure.control import Control

NAMES = {name: each.label for name, each in LOSS_SURFACES.items()}
STARTS = {"w0": "First guess w₀", "v0": "First guess v₀"}


@dataclass(frozen=True)
class Settings:
    """The descent, its step size, its first guess and its number of steps."""

    descent: Descent
    eta: Control
    starts: tuple[Control, ...]
    """One control for each parameter of the cost."""
    steps: Control

    @property
    def controls(self) -> tuple[Control, ...]:
        """The controls that are shown with the picture: eta, w0, v0 if there is one, and steps."""
        return (self.eta, *self.starts, self.steps)

    @property
    def start(self) -> list[float]:
        """The first guess, as long as the cost has parameters."""
        return [each.value for each in self.starts]

    @property
    def on_w2(self) -> bool:
        """Whether this is plain descent on C = w², where every step multiplies w by the same factor."""
        return self.descent.landscape.name == "w2" and self.descent.seed is None and not self.descent.momentum

    @property
    def count(self) -> int:
        """The number of steps."""
        return int(self.steps.value)


@url_state.one_entry()
def read_settings() -> Settings:
    """Show the row of widgets; return their values and the controls that are shown with the picture."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cost = loss_surface(widgets.choice("cost", "Cost C", list(NAMES), "w2", names=NAMES, on_change=_begin_anew))
        momentum = widgets.slider("momentum", "Momentum μ", 0.0, 0.99, 0.0, step=0.01, format="%.6g")
        noisy = widgets.switch("noise", "Noisy slopes")
        seed = widgets.number("seed", "Seed", 0, 9999, 1, step=1, disabled=not noisy)
        st.button("One more step", key="one_step", on_click=_one_more, args=(cost.steps.high,), width="stretch")
    starts = zip(STARTS.items(), cost.starts, strict=False)
    return Settings(
        Descent(cost, momentum=momentum, seed=seed if noisy else None),
        _read("eta", "Step size η", cost.eta),
        tuple(_read(key, label, range_) for (key, label), range_ in starts),
        _read("steps", "Steps", cost.steps),
    )


def _read(key: str, label: str, range_: Range) -> Control:
    return control.read(key, label, range_.low, range_.high, range_.default, step=range_.step)


def _begin_anew() -> None:
    """Give the session the step size, first guess and number of steps with which the chosen cost begins."""
    cost = loss_surface(st.session_state["cost"])
    ranges = {"eta": cost.eta, "steps": cost.steps} | dict(zip(STARTS, cost.starts, strict=False))
    for key, range_ in ranges.items():
        st.session_state[key] = range_.default


def _one_more(most: float) -> None:
    st.session_state["steps"] = min(most, st.session_state["steps"] + 1)
