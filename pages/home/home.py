"""The first page: the map of the lecture, and what this machine offers."""

from collections.abc import Mapping

import streamlit as st

from nncore.engine import EngineError, default_engine
from pages.ui import lesson, waiting

MAP = (
    ("Neurons", "A neuron", "neuron", "neurons/neuron.py"),
    ("Neurons", "A network", "network", "neurons/network.py"),
    ("Learning", "Cost functions", "cost", "learning/cost.py"),
    ("Learning", "Gradient descent", "gradient_descent", "learning/gradient_descent.py"),
    ("Learning", "Backpropagation", "backpropagation", "learning/backpropagation.py"),
    ("Digits", "Handwritten digits", "digits", "digits/digits.py"),
    ("Digits", "A dense network", "mlp", "digits/mlp.py"),
    ("Convolution", "Convolution and pooling", "convolution", "convolution/convolution.py"),
    ("Convolution", "A convolutional network", "cnn", "convolution/cnn.py"),
    ("Convolution", "Inside the network", "feature_maps", "convolution/feature_maps.py"),
    ("Workshop", "Compare runs", "runs", "workshop/runs.py"),
    ("Workshop", "Using GPUs", "gpu", "workshop/gpu.py"),
)


def show_map(sections: Mapping[str, str]) -> None:
    """One card a lesson, in the order of the lecture."""
    for row in (MAP[start : start + 4] for start in range(0, len(MAP), 4)):
        columns = st.columns(4)
        for column, (chapter, title, name, page) in zip(columns, row, strict=False):
            with column, st.container(border=True, key=f"card_{name}", height="stretch"):
                st.caption(chapter)
                st.page_link(f"pages/{page}", label=f"**{title}**")
                st.markdown(sections[name])


def show_machine() -> None:
    """The device that computes and where the digits came from."""
    engine = default_engine()
    try:
        found = engine.warmed_up()
    except EngineError as error:
        lesson.problem(str(error))
        return
    if found is None:
        waiting.until(
            lambda: engine.warmed_up() is not None,
            lambda: f"{engine.progress} Lessons without training work already.",
            say=st.info,
        )
        return
    left, right = st.columns(2)
    with left, st.container(key="device"):
        st.markdown(f"**Computes on** {found.device}.")
    with right, st.container(key="data_source"):
        st.markdown(
            f"**Digits**: {found.train_digits:,} to train and {found.test_digits:,} to test, from {found.source}. "
            f"{found.licence}."
        )
    for note in found.notes:
        st.caption(f"Tried before: {note}")


sections = lesson.header(__file__)
show_map(sections)
st.subheader("This machine", anchor=False)
show_machine()
lesson.lecture(sections)
