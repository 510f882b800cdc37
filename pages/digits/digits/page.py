"""Handwritten digits: what is in MNIST, how a picture becomes an input, and how a drawing becomes an MNIST picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.data import contact_sheet
from nncore.data import drawing as digits
from nncore.data.photo import PhotoError
from nncore.figures.digits import mnist as figures
from nncore.figures.digits.digit import percent, plot_digit
from nncore.networks.inspection import predict
from nncore.registry import networks
from pages.digits.digits import own_digit, preprocessing, script
from pages.training import predict as reading
from pages.ui import challenges, lesson, url_state, widgets

SPLITS = {"train": "Training", "test": "Test"}
JUDGE, READER = "model2", "model4"  # of the chosen picture, often wrong; of drawings, seldom wrong


def click_picture(indices: np.ndarray) -> None:
    points = st.session_state["sheet_figure"]["selection"]["point_indices"]
    if points:
        st.session_state["index"] = int(indices[points[0]])


def choose_picture(sheet: contact_sheet.ContactSheet, last: int, split: str, browsed: tuple[str, int, int]) -> int:
    """The number of one picture; when something else is browsed, that is the first picture of the sheet."""
    if url_state.previous("browsed", browsed) != browsed:
        st.session_state["index"] = int(sheet.indices[0])
    return widgets.index_number("index", f"Number of the {SPLITS[split].lower()} picture", last, int(sheet.indices[0]))


def show_inputs(picture: np.ndarray, label: int, sections: Mapping[str, str]) -> None:
    """One picture as numbers, as a row of numbers, and its target."""
    grid, words = st.columns([0.58, 0.42], gap="medium")
    with words:
        scaled = widgets.switch("scaled", "Divide by 255: grey values from 0 to 1")
        st.markdown(sections["scaled" if scaled else "raw"])
        st.markdown(f"**Target:** the digit {label}, one-hot")
        lesson.figure("target", figures.plot_target(label), f"Ten cells, all 0 but the one of digit {label}")
        st.markdown(sections["one_hot"])
        st.markdown(sections["shapes"])
    with grid:
        drawn = figures.plot_values(picture, scaled=scaled)
        lesson.figure("values", drawn, f"The 28 by 28 grey values of a {label}; drag over a part to enlarge it")
    st.markdown("**The same pixels as one row of 784**, each row of the picture behind the one above it")
    lesson.figure("strip", figures.plot_strip(picture), "The 784 grey values side by side")


@st.fragment
def draw_and_try(sections: Mapping[str, str], solved: dict[str, bool]) -> None:
    """The learner's own digit with what it becomes, and the challenges below, which follow every stroke."""
    st.subheader("Your own digit", anchor=False)
    left, middle, right = st.columns([0.3, 0.25, 0.45], gap="medium")
    below = st.container()
    with middle:
        centre = widgets.switch("centre", "Centre the ink", True)
        st.markdown(sections["centre"])
    try:
        with left:
            drawing = own_digit.ask_for_digit(sections)
        if drawing is None:
            raise digits.EmptyDrawingError(sections["empty"])
        ways = {way: digits.prepare(drawing, centre=way) for way in (True, False)}
        ask = default_engine().ask
        answers = {way: ask(networks.apply_to_network, predict, READER, ways[way].picture) for way in ways}
        with right:
            reading.show_answer(answers[centre], height=250)
        with middle:
            other = answers[not centre]
            best = int(other.argmax())
            label = "Without centring" if centre else "With centring"
            lesson.result("other_reading", label, f"{best} · {percent(float(other[best]))}")
            lesson.figure("other_picture", plot_digit(ways[not centre].picture, height=150), label)
        with below:
            preprocessing.show_steps(ways[centre], centre=centre)
            st.caption(sections["steps"])
        solved["centring"] = answers[True].argmax() != answers[False].argmax()
    except (EngineError, digits.EmptyDrawingError, PhotoError) as error:
        with right:
            lesson.problem(str(error))
    challenges.try_this(sections, solved)


engine = default_engine()
solved = dict.fromkeys(("frequent", "misread", "centring"), False)
sections = lesson.header(__file__)
equation = st.container(key="equation", horizontal=True, horizontal_alignment="center", gap="medium")
digit_column, split_column, sheet_column, index_column = st.columns([0.2, 0.25, 0.2, 0.35], gap="medium")
with digit_column:
    digit = int(widgets.choice("digit", "Digit", tuple("0123456789"), "0"))
with split_column:
    split = widgets.radio("split", "Pictures", tuple(SPLITS), "test", names=SPLITS)
left, right = st.columns([0.6, 0.4], gap="medium")
one_picture = st.container()
try:
    with left, st.spinner(engine.progress, show_time=True):
        counts = engine.ask(contact_sheet.class_counts)
    amount = int(counts[split][digit])
    with sheet_column:
        number = widgets.index_number("sheet", "Sheet", (amount - 1) // contact_sheet.SHEET)
    sheet = engine.ask(contact_sheet.browse, split, digit, number * contact_sheet.SHEET)
    mean = engine.ask(contact_sheet.mean_digit, split, digit)
    with index_column:
        index = choose_picture(sheet, int(counts[split].sum()) - 1, split, (split, digit, number))
    picture, label = engine.ask(contact_sheet.pick, split, index)
    read = int(engine.ask(networks.apply_to_network, predict, JUDGE, picture).argmax())
    with equation:
        row, column = divmod(int(picture.argmax()), 28)
        target = ",\\,".join(str(int(cell == label)) for cell in range(10))
        pixel = rf"x_{{{row},{column}}} = {picture[row, column]} \in \{{0, \ldots, 255\}}"
        for part in (pixel, r"28 \cdot 28 = 784 \text{ inputs}", f"y = [{target}]"):
            st.latex(part, width="content")
    with left:
        drawn = figures.plot_sheet(
            sheet.picture, contact_sheet.corners(len(sheet.indices)), sheet.indices, chosen=index
        )
        alt = f"{len(sheet.indices)} pictures of the digit {digit}"
        select = {"on_select": lambda: click_picture(sheet.indices), "selection_mode": "points"}
        lesson.figure("sheet_figure", drawn, alt, **select)
        st.caption(f"{amount:,} {SPLITS[split].lower()} pictures show a {digit}. Click one to take it apart below.")
    with right:
        averaged, chosen = st.columns(2)
        with averaged:
            lesson.figure("mean", plot_digit(mean, height=165, title=f"Mean {digit}"), f"The mean of all {digit}s")
        with chosen:
            drawn = plot_digit(picture, height=165, title=f"Number {index}: a {label}")
            lesson.figure("digit_figure", drawn, f"The chosen picture, a {label}")
        verdict = "rightly" if read == label else "wrongly"
        st.caption(f"The lecture's model 2 reads number {index} as a **{read}**, {verdict}.")
        lesson.figure("counts", figures.plot_counts(counts, digit=digit, height=230), "Pictures of each digit")
    with one_picture:
        st.subheader("One picture, as the network gets it", anchor=False)
        show_inputs(picture, label, sections)
        found = engine.warmed_up()
        if found is not None:
            st.caption(f"**Where these digits come from:** {found.source}. {found.licence}.")
    solved["frequent"] = split == "train" and digit == counts["train"].argmax()
    solved["misread"] = split == "test" and read != label
except EngineError as error:
    with left:
        lesson.problem(str(error))

draw_and_try(sections, solved)
lesson.code(script.script(), "digits.py")
lesson.lecture(sections)
