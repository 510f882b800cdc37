"""The controls of the convolutional network: from the preset to the seed, they make one experiment."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nncore.specs.experiment import Experiment
from nncore.specs.layers import AveragePooling2D, Conv2D, Dense, Flatten, MaxPooling2D
from nncore.specs.presets import IMAGE_SHAPE
from pages.training import dataset_select, settings
from pages.ui import widgets

Pooling = MaxPooling2D | AveragePooling2D
POOLING: dict[str, type[Pooling]] = {"max": MaxPooling2D, "average": AveragePooling2D}


def choose_experiment() -> Experiment | None:
    """Show every control of the page and return the experiment that they describe.

    Settings that make no network return None; the page then says why.
    """
    left, right = st.columns([0.61, 0.39])
    with left:
        defaults = settings.preset_choice(("model3", "model4"), widget_values)
    with right:
        pictures = dataset_select.choose()
    dataset_select.describe(pictures)
    convolutions = [_choose_convolution(defaults)]
    if widgets.switch("second_block", "A second convolution and pooling", defaults["second_block"]):
        convolutions.append(_choose_convolution(defaults, "2", ", second block"))
    training = settings.main_training_controls(defaults)
    with st.expander("More settings"):
        pooling, dense = _choose_pooling_and_dense(defaults)
        training |= settings.further_training_controls(defaults, pictures)
    layers: list[Any] = []
    for convolution in convolutions:
        layers += [Conv2D(**convolution, activation="relu"), pooling]
    layers += [Flatten(), dense, Dense(units=10, activation="softmax")]
    return settings.build_experiment("convolutional", IMAGE_SHAPE, layers, training)


def widget_values(experiment: Experiment) -> dict[str, Any]:
    """Return the values of all widgets, by key, that describe an experiment with one or two convolutions."""
    layers = experiment.network.layers
    convolutions = [layer for layer in layers if isinstance(layer, Conv2D)]
    pooling = next(layer for layer in layers if isinstance(layer, Pooling))
    hidden = next(layer for layer in layers if isinstance(layer, Dense))
    first, second = convolutions[0], convolutions[1] if len(convolutions) > 1 else Conv2D(filters=40, kernel_size=3)
    values: dict[str, Any] = {
        "filters": first.filters,
        "kernel_size": first.kernel_size,
        "second_block": len(convolutions) > 1,
        "filters2": second.filters,
        "kernel_size2": second.kernel_size,
        "pooling": "max" if isinstance(pooling, MaxPooling2D) else "average",
        "pool_size": pooling.pool_size,
        "units": hidden.units,
        "activation": hidden.activation,
    }
    return values | settings.training_values(experiment.training)


def _choose_convolution(defaults: dict[str, Any], suffix: str = "", which: str = "") -> dict[str, int]:
    """Choose the feature maps and the kernel size of one convolution; `suffix` ends the widgets' keys."""
    filters, kernel_size = f"filters{suffix}", f"kernel_size{suffix}"
    left, right = st.columns(2)
    with left:
        maps = widgets.number(filters, f"Feature maps{which}", 1, 64, defaults[filters], step=1)
    with right:
        size = widgets.number(kernel_size, f"Kernel size{which}", 1, 28, defaults[kernel_size], step=1)
    return {"filters": maps, "kernel_size": size}


def _choose_pooling_and_dense(defaults: dict[str, Any]) -> tuple[Pooling, Dense]:
    """Choose the pooling after each convolution and the hidden dense layer."""
    left, right = st.columns(2)
    with left:
        pooling = widgets.choice("pooling", "Pooling", tuple(POOLING), defaults["pooling"], names=settings.NAMES)
        units = widgets.number("units", "Units of the dense layer", 1, 512, defaults["units"], step=1)
    with right:
        pool_size = widgets.slider("pool_size", "Pool size", 1, 6, defaults["pool_size"])
        activation = widgets.choice(
            "activation", "Activation of the dense layer", settings.ACTIVATIONS, defaults["activation"]
        )
    return POOLING[pooling](pool_size=pool_size), Dense(units=units, activation=activation)
