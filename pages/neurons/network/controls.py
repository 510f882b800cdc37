"""The controls of a network of any size: a preset, layer sizes, activations and first weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st

from nncore.networks.diagram import dense_stack
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import ActivationName, InitializerName
from nncore.specs.presets import PRESETS
from nncore.theory.activations import ACTIVATIONS
from pages.ui import widgets

DENSE: dict[str, tuple[int, tuple[int, ...], int, str, str]] = {
    "2-3-2": (2, (3,), 2, "sigmoid", "sigmoid"),
    "3-4-4-2": (3, (4, 4), 2, "tanh", "sigmoid"),
    "784-30-10": (784, (30,), 10, "relu", "softmax"),
    "model1": (784, (30,), 10, "sigmoid", "sigmoid"),
    "model2": (784, (30,), 10, "tanh", "softmax"),
}
"""Inputs, hidden layers, outputs, activation of the hidden layers and of the output layer of each preset."""
CHOICES = (*DENSE, "model3", "model4")
NAMES = {f"model{number}": f"Model {number} of the lecture" for number in range(1, 5)}
INITIALIZERS: tuple[InitializerName, ...] = get_args(InitializerName)
MOST_LAYERS = 4


@dataclass(frozen=True)
class Settings:
    """The network, its first weights, and the neuron that is taken apart."""

    network: NetworkSpec
    seed: int
    """The seed with which Keras draws the first weights."""
    layer: int
    """The layer of the neuron, counted from 0 as in `model.layers`."""
    unit: int
    """The number of the neuron in its layer, from 0."""


def choose_settings() -> Settings:
    """Show the controls of the network and of one of its neurons; return their values."""
    network, seed = _choose_network()
    return Settings(network, seed, *_choose_neuron(network))


def _choose_network() -> tuple[NetworkSpec, int]:
    """Show the preset, if it is dense its sizes, activations and initializer, and the seed; return network and seed."""
    preset = widgets.choice("preset", "Network", CHOICES, CHOICES[0], names=NAMES, on_change=_move_all)
    if preset not in DENSE:
        return PRESETS[preset].network, _choose_seed()
    values = _values_of(preset)
    sizes = _choose_sizes(values)
    one, other = st.columns(2, wrap=False)
    with one:
        f = widgets.choice("activation", "Activation", tuple(ACTIVATIONS), values["activation"])
    with other:
        functions = get_args(ActivationName)
        output = widgets.choice("output_activation", "of the outputs", functions, values["output_activation"])
    one, other = st.columns(2, wrap=False)
    with one:
        initializer = widgets.choice("initializer", "First weights", INITIALIZERS, INITIALIZERS[0])
    with other:
        seed = _choose_seed()
    network = dense_stack(sizes[0], tuple(sizes[1:-1]), sizes[-1], f, output, initializer)  # type: ignore[arg-type]
    return network, seed


def _choose_seed() -> int:
    return int(widgets.number("seed", "Seed", 0, 999_999, 1, step=1))


def _choose_sizes(values: dict[str, Any]) -> list[int]:
    """Show the sizes of the layers; return those of the inputs, the hidden layers and the outputs, in this order."""
    one, other = st.columns(2, wrap=False)
    with one:
        hidden = widgets.slider("hidden_layers", "Hidden layers", 0, MOST_LAYERS, values["hidden_layers"])
    with other:
        sizes = [int(widgets.number("inputs", "Inputs", 1, 784, values["inputs"], step=1))]
    units = [(_key(n), f"Units of layer {n}" if hidden > 1 else "Units", 512) for n in range(1, hidden + 1)]
    numbers = [*units, ("outputs", "Outputs", 100)]
    for first in range(0, len(numbers), 2):
        for column, (key, label, high) in zip(st.columns(2, wrap=False), numbers[first : first + 2], strict=False):
            with column:
                sizes.append(int(widgets.number(key, label, 1, high, values[key], step=1)))
    return sizes


def _choose_neuron(network: NetworkSpec) -> tuple[int, int]:
    """Show the controls of one neuron of a dense layer; return its layer and unit."""
    names = {
        str(number): f"{number} · {layer.units} units"
        for number, layer in enumerate(network.layers)
        if layer.kind == "Dense"
    }
    one, other = st.columns(2, wrap=False)
    with one:
        layer = int(widgets.option("layer", "Layer", names))
    with other:
        return layer, widgets.index_number("unit", "Unit", network.shapes()[layer][-1] - 1)


def _values_of(preset: str) -> dict[str, Any]:
    inputs, hidden, outputs, activation, output = DENSE[preset]
    values: dict[str, Any] = {"inputs": inputs, "outputs": outputs, "hidden_layers": len(hidden)}
    values |= {_key(n): hidden[min(n, len(hidden)) - 1] for n in range(1, MOST_LAYERS + 1)}
    return values | {"activation": activation, "output_activation": output}


def _key(number: int) -> str:
    return "units" if number == 1 else f"units{number}"


def _move_all() -> None:
    """Give the session the sizes of the chosen preset, and the first neuron of its first dense layer."""
    preset = st.session_state["preset"]
    layers = PRESETS[preset].network.layers if preset not in DENSE else ()
    first = next((number for number, layer in enumerate(layers) if layer.kind == "Dense"), 0)
    st.session_state.update({"layer": str(first), "unit": 0} | (_values_of(preset) if preset in DENSE else {}))


def choose_clicked(neurons: Sequence[tuple[int, int]]) -> None:
    """Choose the neuron that was clicked in the diagram, in which these (layer, unit) can be clicked."""
    points = st.session_state["network_drawing"]["selection"]["point_indices"]
    if points:
        layer, st.session_state["unit"] = neurons[points[0]]
        st.session_state["layer"] = str(layer)
