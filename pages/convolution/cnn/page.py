"""A convolutional network: models 3 and 4 and their variations, trained live beside the dense one's figures."""

from typing import Any

import streamlit as st

from nncore.networks.build import PICTURE, PRESETS
from nncore.specs.experiment import Experiment
from nncore.specs.layers import AveragePooling2D, Conv2D, Dense, Flatten, MaxPooling2D
from pages.convolution.cnn import dense_baseline
from pages.convolution.cnn.challenges import solved_by
from pages.training import dataset_select, evaluation, panel, predict, settings, summary
from pages.ui import challenges, lesson, widgets

POOLING = {"max": MaxPooling2D, "average": AveragePooling2D}


def values_of(experiment: Experiment) -> dict[str, Any]:
    """An experiment with one or two convolutions as widget values, by key."""
    layers = experiment.network.layers
    convolutions = [layer for layer in layers if isinstance(layer, Conv2D)]
    pools = [layer for layer in layers if isinstance(layer, MaxPooling2D | AveragePooling2D)]
    hidden = next(layer for layer in layers if isinstance(layer, Dense))
    first, second = convolutions[0], convolutions[1] if len(convolutions) > 1 else Conv2D(filters=40, kernel_size=3)
    values: dict[str, Any] = {
        "filters": first.filters,
        "kernel_size": first.kernel_size,
        "second_block": len(convolutions) > 1,
        "filters2": second.filters,
        "kernel_size2": second.kernel_size,
        "pooling": "max" if isinstance(pools[0], MaxPooling2D) else "average",
        "pool_size": pools[0].pool_size,
        "units": hidden.units,
        "activation": hidden.activation,
    }
    return values | settings.training_values(experiment.training)


def block_controls(values: dict[str, Any], number: int, disabled: bool = False) -> dict[str, int]:
    """Feature maps and kernel size of one convolution, side by side."""
    suffix, place = ("", "") if number == 1 else ("2", ", second block")
    left, right = st.columns(2)
    with left:
        key = f"filters{suffix}"
        filters = widgets.number(key, f"Feature maps{place}", 1, 64, values[key], step=1, disabled=disabled)
    with right:
        key = f"kernel_size{suffix}"
        size = widgets.number(key, f"Kernel size{place}", 1, 28, values[key], step=1, disabled=disabled)
    return {"filters": filters, "kernel_size": size}


def further_controls(values: dict[str, Any]) -> dict[str, Any]:
    """Pooling and the dense layer."""
    left, right = st.columns(2)
    with left:
        pooling = widgets.choice("pooling", "Pooling", tuple(POOLING), values["pooling"], names=settings.NAMES)
        units = widgets.number("units", "Units of the dense layer", 1, 512, values["units"], step=1)
    with right:
        pool_size = widgets.slider("pool_size", "Pool size", 1, 6, values["pool_size"])
        activation = widgets.choice(
            "activation", "Activation of the dense layer", settings.ACTIVATIONS, values["activation"]
        )
    return {"pooling": POOLING[pooling](pool_size=pool_size), "dense": Dense(units=units, activation=activation)}


def all_controls() -> Experiment | None:
    """Every setting of the page, from the preset to the seed, as an experiment."""
    left, right = st.columns([0.61, 0.39])
    with left:
        values = settings.preset_choice(("model3", "model4"), values_of)
    with right:
        pictures = dataset_select.choose()
    dataset_select.describe(pictures)
    blocks = [block_controls(values, 1)]
    if widgets.switch("second_block", "A second convolution and pooling", values["second_block"]):
        blocks.append(block_controls(values, 2))
    training = settings.main_training_controls(values)
    with st.expander("More settings"):
        more = further_controls(values)
        training |= settings.further_training_controls(values, pictures)
    layers: list[Any] = []
    for block in blocks:
        layers += [Conv2D(**block, activation="relu"), more["pooling"]]
    layers += [Flatten(), more["dense"], Dense(units=10, activation="softmax")]
    return settings.build_experiment("convolutional", PICTURE, layers, training)


sections = lesson.header(__file__)
left, right = st.columns([2, 3], gap="medium")
with left:
    experiment = all_controls()
    if experiment is not None:
        summary.show_equation(experiment)
    dataset_select.upload()
with right:
    run = panel.train_and_follow("cnn", dataset_select.trainable(experiment))
coach_room = st.container()
dense_baseline.show(run, experiment, st.session_state["preset"])
predict.draw_and_read(run, st.session_state["preset"])
test_room = st.container()
if experiment is not None:
    summary.show_summary(experiment)
    dense = PRESETS["model2"].network.parameter_count
    st.markdown(sections["against_dense"].format(dense=f"{dense:,}", cnn=f"{experiment.network.parameter_count:,}"))
challenges.try_this(sections, solved_by(run) | {"too_large": experiment is None})
if experiment is not None:
    summary.show_code(experiment, "convolutional_network", run)
lesson.lecture(sections)
evaluation.show_evaluation(run, st.session_state["preset"], coach_room, test_room)
