"""A grey square slid over the picture: where it is, the digit that was read becomes less probable, or another one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.cluster.engine import default_engine
from nncore.figures.convolution.ablation import plot_compared, plot_occlusion
from nncore.figures.digits.digit import plot_digit
from nncore.networks.ablation import cover
from nncore.networks.forward import predict_batch
from nncore.registry import networks
from pages.convolution.feature_maps.selection import Outcome, Selection
from pages.ui import lesson, widgets

SMALL = 5


def show(look: Selection, sections: Mapping[str, str]) -> Outcome:
    """The side of the square is the key `occlusion_size`."""
    st.markdown(sections["room occlusion"])
    left, middle, right = st.columns([0.42, 0.24, 0.34], gap="medium")
    with left:
        size = int(widgets.slider("occlusion_size", "Side of the grey square, in pixels", 3, 15, 7, step=2))
    covered = cover(look.picture, size)
    outputs = default_engine().ask(networks.apply_to_network, predict_batch, look.name, covered)
    rows, columns = look.picture.shape
    kept = outputs[:, look.read].reshape(rows, columns)
    reads = outputs.argmax(axis=1).reshape(rows, columns)
    worst = int(kept.argmin())
    row, column = divmod(worst, columns)
    with left:
        box = (row - size // 2, column - size // 2, size, size)
        drawn = plot_occlusion(look.picture, kept, reads, digit=look.read, box=box)
        lesson.figure("occlusion", drawn, f"The probability of {look.read} for every place of the square")
    with middle:
        lesson.result("occlusion_worst", f"At worst, {look.read} with", f"{100 * kept[row, column]:.1f} %")
        st.markdown(f"**The worst place:** row {row}, column {column}")
        lesson.figure("occluded", plot_digit(covered[worst], height=230), "The picture with the square there")
    with right:
        lesson.result("occlusion_other", "Places where another digit is read", f"{int((reads != look.read).sum())}")
        drawn = plot_compared({"all to see": look.outputs, "hidden there": outputs[worst]}, label=look.label)
        lesson.figure("compared_occlusion", drawn, "The ten outputs with and without the square")
    return Outcome(solved=("hide",) if look.sure and size <= SMALL and bool((reads != look.read).any()) else ())
