"""Using GPUs: what this machine has, how long an epoch of model 3 takes on it, and the lecture's table."""

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.training.device import Device
from nncore.training.epoch_timing import COMMAND, LECTURE, Timing
from pages.ui import challenges, lesson, widgets
from pages.workshop.gpu import script, tables, timing
from pages.workshop.gpu.challenges import solved_by


def show_machine() -> Device | None:
    """Name the devices that train and that answer questions; return the first, or None while it is not known."""
    used = tables.ask_for_device()
    try:
        asking = default_engine().warmed_up()
    except EngineError as error:
        lesson.problem(str(error))
        return used
    with st.container(key="devices"):
        if used is not None:
            st.markdown(f"**Trains on** {used}.")
        if asking is not None:
            st.markdown(f"**Answers questions on** {asking.device}.")
    return used


def ask_guesses(measured: list[Timing]) -> dict[str, bool]:
    """Show the inputs `guess` and `speedup`; return whether each challenge is solved."""
    left, right = st.columns(2)
    with left:
        guess = widgets.number("guess", "My guess for 60,000 pictures, in seconds", 0.0, 1000.0, 0.0, step=0.5)
    with right:
        speedup = widgets.number("speedup", "The lecture's GPU is so many times faster", 0.0, 100.0, 0.0, step=0.1)
    return solved_by(speedup, guess, measured)


sections = lesson.header(__file__)
device = show_machine()
with st.container(key="equation"):
    st.latex(
        r"\text{speed-up} = \frac{t_{\text{CPU}}}{t_{\text{GPU}}}"
        rf" = \frac{{{LECTURE['CPU'][50_000]:g}\ \text{{s}}}}{{{LECTURE['GPU'][50_000]:g}\ \text{{s}}}}"
        rf" = {LECTURE['CPU'][50_000] / LECTURE['GPU'][50_000]:.1f}"
    )
    st.caption("As the slides print it, for 50,000 pictures.", text_alignment="center")
timing.show_timing(device)
left, right = st.columns([2, 3], gap="medium")
with left:
    st.subheader("The lecture's table", anchor=False)
    with st.container(key="lecture_table"):
        st.table(tables.lecture_rows(), hide_index=True, alt="Seconds an epoch, CPU and GPU, as the slides print")
    st.caption("An epoch of model 3 on a Power 8 processor, and with a P100 GPU beside it.")
with right:
    st.subheader("Why a GPU is faster, and when it is not", anchor=False)
    st.markdown(sections["why"])
    with st.container(key="none_stored"):
        st.markdown(sections["stored"])
    st.code(f"{COMMAND} FILE", language="bash")
st.subheader("Guess first", anchor=False)
solved = ask_guesses(timing.measured())
challenges.try_this(sections, solved)
lesson.code(script.script(*timing.chosen()), "epochs.py")
lesson.lecture(sections)
