"""The controls of the dense network: from the preset to the seed, they make one experiment."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from nncore.specs.experiment import Experiment
from nncore.specs.layers import ActivationName, Dense, Dropout, InitializerName
from pages.training import dataset_select, settings
from pages.ui import widgets

MOST_HIDDEN_LAYERS = 3


def choose_experiment() -> Experiment | None:
    """Show every control of the page and return the experiment that they describe.

    Settings that make no network return None; the page then says why.
    """
    left, right = st.columns([0.61, 0.39])
    with left:
        defaults = settings.preset_choice(("model1", "model2"), widget_values)
    with right:
        pictures = dataset_select.choose()
    dataset_select.describe(pictures)
    hidden = _choose_hidden_layers(defaults)
    training = settings.main_training_controls(defaults)
    with st.expander("More settings"):
        dropout, output, regularization = _choose_regularization(defaults)
        training |= settings.further_training_controls(defaults, pictures)
    layers: list[Any] = []
    for layer in hidden:
        layers.append(Dense(**layer, **regularization))
        if dropout:
            layers.append(Dropout(rate=dropout))
    layers.append(Dense(units=10, activation=output, **regularization))
    return settings.build_experiment("dense", (784,), layers, training)


def widget_values(experiment: Experiment) -> dict[str, Any]:
    """Return the values of all widgets, by key, that describe an experiment with dense layers only."""
    *hidden, output = [layer for layer in experiment.network.layers if isinstance(layer, Dense)]
    rates = [layer.rate for layer in experiment.network.layers if isinstance(layer, Dropout)]
    values: dict[str, Any] = {"hidden_layers": len(hidden), "output_activation": output.activation}
    for number in range(1, MOST_HIDDEN_LAYERS + 1):
        layer = hidden[min(number, len(hidden)) - 1] if hidden else Dense(units=30, activation="sigmoid")
        values |= {_key("units", number): layer.units, _key("activation", number): layer.activation}
    values |= {"initializer": output.initializer, "l2": output.l2, "dropout": rates[0] if rates else 0.0}
    return values | settings.training_values(experiment.training)


def _key(name: str, number: int) -> str:
    """Return `units` for the first layer, `units2` for the second."""
    return name if number == 1 else f"{name}{number}"


def _choose_hidden_layers(defaults: dict[str, Any]) -> list[dict[str, Any]]:
    """Choose how many hidden layers there are, and the units and activation of each."""
    count = widgets.slider("hidden_layers", "Hidden layers", 0, MOST_HIDDEN_LAYERS, defaults["hidden_layers"])
    layers = []
    for number in range(1, count + 1):
        left, right = st.columns(2)
        which = f" of layer {number}" if count > 1 else ""
        units, activation = _key("units", number), _key("activation", number)
        with left:
            size = widgets.number(units, f"Units{which}", 1, 512, defaults[units], step=1)
        with right:
            function = widgets.choice(activation, f"Activation{which}", settings.ACTIVATIONS, defaults[activation])
        layers.append({"units": size, "activation": function})
    return layers


def _choose_regularization(defaults: dict[str, Any]) -> tuple[float, str, dict[str, Any]]:
    """Choose the dropout rate, the output's activation, and the initializer and L2 penalty of all dense layers."""
    left, right = st.columns(2)
    with left:
        output = widgets.choice(
            "output_activation", "Output activation", get_args(ActivationName), defaults["output_activation"]
        )
        dropout = widgets.slider("dropout", "Dropout", 0.0, 0.8, defaults["dropout"], step=0.05)
    with right:
        initializer = widgets.choice(
            "initializer", "Initial weights", get_args(InitializerName), defaults["initializer"]
        )
        l2 = widgets.number("l2", "L2 penalty", 0.0, 1.0, defaults["l2"], step=0.0001, format="%g")
    return dropout, output, {"initializer": initializer, "l2": l2}
