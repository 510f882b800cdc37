"""The digits themselves: browse MNIST, how a picture becomes an input, and how a drawing becomes an MNIST picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.cluster.engine import EngineError, default_engine
from nncore.data import contact_sheet
from nncore.figures.digits.digit import plot_digit
from nncore.figures.digits.mnist import plot_counts, plot_sheet
from nncore.networks.inspection import predict
from nncore.registry import networks
from pages.digits.digits import inputs, own_digit
from pages.digits.digits.challenges import NAMES, solved_by
from pages.digits.digits.controls import (
    SPLITS,
    Settings,
    choose_clicked_picture,
    choose_digit_and_split,
    choose_picture,
)
from pages.digits.digits.equations import picture_equations
from pages.digits.digits.script import script
from pages.ui import lesson

NETWORK = "model2"  # often wrong, so that misread pictures are easy to find
Counts = Mapping[str, NDArray[np.intp]]


def show_contact_sheet(settings: Settings, counts: Counts) -> None:
    """Show the pictures of one digit; a click chooses one."""
    indices, digit = settings.sheet.indices, settings.digit
    drawn = plot_sheet(settings.sheet.picture, contact_sheet.corners(len(indices)), indices, chosen=settings.index)
    select = {"on_select": lambda: choose_clicked_picture(indices), "selection_mode": "points"}
    lesson.figure("sheet_figure", drawn, f"{len(indices)} pictures of the digit {digit}", **select)
    amount, split = counts[settings.split][digit], SPLITS[settings.split].lower()
    st.caption(f"{amount:,} {split} pictures show a {digit}. Click one to take it apart below.")


def show_mean_and_picture(settings: Settings, picture: NDArray[np.uint8], label: int, predicted: int) -> None:
    """Show the mean of all pictures of the digit, and the chosen picture with what the network reads."""
    averaged, chosen = st.columns(2)
    mean = default_engine().ask(contact_sheet.mean_digit, settings.split, settings.digit)
    with averaged:
        drawn = plot_digit(mean, height=165, title=f"Mean {settings.digit}")
        lesson.figure("mean", drawn, f"The mean of all {settings.digit}s")
    with chosen:
        drawn = plot_digit(picture, height=165, title=f"Number {settings.index}: a {label}")
        lesson.figure("digit_figure", drawn, f"The chosen picture, a {label}")
    verdict = "rightly" if predicted == label else "wrongly"
    st.caption(f"The lecture's model 2 reads number {settings.index} as a **{predicted}**, {verdict}.")


engine = default_engine()
solved = dict.fromkeys(NAMES, False)
sections = lesson.header(__file__)
equation = st.container(key="equation", horizontal=True, horizontal_alignment="center", gap="medium")
columns = st.columns([0.2, 0.25, 0.2, 0.35], gap="medium")
digit, split = choose_digit_and_split(columns)
left, right = st.columns([0.6, 0.4], gap="medium")
inputs_container = st.container()
try:
    with left, st.spinner(engine.progress, show_time=True):
        counts = engine.ask(contact_sheet.class_counts)
    settings = choose_picture(columns, digit, split, counts)
    picture, label = engine.ask(contact_sheet.pick, split, settings.index)
    predicted = int(engine.ask(networks.apply_to_network, predict, NETWORK, picture).argmax())
    with equation:
        for part in picture_equations(picture, label):
            st.latex(part, width="content")
    with left:
        show_contact_sheet(settings, counts)
    with right:
        show_mean_and_picture(settings, picture, label, predicted)
        lesson.figure("counts", plot_counts(counts, digit=digit, height=230), "Pictures of each digit")
    with inputs_container:
        inputs.show(picture, label, sections)
        data = engine.warmed_up()
        if data is not None:
            st.caption(f"**Where these digits come from:** {data.source}. {data.licence}.")
    solved = solved_by(split, digit, counts, label, predicted)
except EngineError as error:
    with left:
        lesson.problem(str(error))

own_digit.draw_and_try(sections, solved)
lesson.code(script(), "digits.py")
lesson.lecture(sections)
