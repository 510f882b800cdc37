"""The section "Search" of /runs: choose what is searched and for how long, start it and follow it."""

from __future__ import annotations

import streamlit as st

from nncore.runs import search_space
from nncore.runs.search import default_searches
from nncore.runs.search_space import Plan, SearchProgress
from nncore.runs.service import RefusedError
from nncore.specs.experiment import Experiment
from nncore.specs.presets import PRESETS
from nncore.specs.settings import HYPERPARAMETERS, available, vary
from pages.training import owner
from pages.ui import lesson, widgets
from pages.workshop.runs import search_results

REFRESH_SECONDS = 1.0
KINDS = {"dense": "Dense, like model 2", "convolutional": "Convolutional, like model 3"}
MODELS = {"dense": "model2", "convolutional": "model3"}
DEFAULTS = ("units", "activation", "learning_rate", "optimizer")
PROBLEM = "search:problem"


def last_search() -> SearchProgress | None:
    """The progress of this visitor's last search, or None."""
    found = default_searches().of(owner.token()) if owner.token() else None
    return found.progress() if found else None


def show_search(prose: str) -> tuple[Plan | None, SearchProgress | None]:
    """Show controls, progress and results; return the plan of the controls and the progress of the last search."""
    st.markdown(prose)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        plan = _controls()
    progress = last_search()
    running = progress is not None and progress.running

    @st.fragment(run_every=REFRESH_SECONDS if running else None)
    def follow() -> None:
        now = last_search()
        with st.container(horizontal=True):
            off = plan is None or (now is not None and now.running)
            st.button("Search", key="search", icon=":material/manage_search:", type="primary", disabled=off,
                      on_click=_start, args=(plan,))  # fmt: skip
            st.button("Stop", key="stop_search", icon=":material/stop:", disabled=now is None or not now.running,
                      on_click=_stop)  # fmt: skip
        if PROBLEM in st.session_state:
            lesson.problem(st.session_state.pop(PROBLEM))
        search_results.show_progress(now)
        if running != (now is not None and now.running):
            st.rerun()

    with right:
        follow()
    if progress is not None:
        search_results.show_what_mattered(progress, last_search)
    return plan, progress


def _controls() -> Plan | None:
    kind = widgets.radio("search_kind", "Network", tuple(KINDS), "dense", names=KINDS)
    base = PRESETS[MODELS[kind]]
    options = tuple(name for name in search_space.SPACE if name in available(base))
    names = {name: HYPERPARAMETERS[name].label for name in options}
    chosen = widgets.several("search_settings", "Settings to search over", options, DEFAULTS, names=names)
    left, right = st.columns(2)
    with left:
        epochs = widgets.number("search_epochs", "Epochs a run", 1, 30, 3, step=1)
        runs = widgets.number("search_runs", "Runs at most", 2, search_space.MOST_RUNS, 12, step=1)
    with right:
        pictures = widgets.number("search_pictures", "Pictures", 500, 60_000, 5000, step=500)
        minutes = widgets.number("search_minutes", "Minutes at most", 1, int(search_space.MOST_MINUTES), 5, step=1)
    seed = widgets.number("search_seed", "Seed of the search", 0, 999_999, 1, step=1)
    if not chosen:
        lesson.problem("Choose at least one setting to search over.")
        return None
    return Plan(_base(base, epochs, pictures), tuple(chosen), runs, float(minutes), seed)


def _base(preset: Experiment, epochs: int, pictures: int) -> Experiment:
    """The preset with few epochs and images, a fifth of them held out for validation."""
    short = vary(preset, {"epochs": epochs, "train_size": pictures, "scale": True})
    spec = short.training.model_copy(update={"validation_split": 0.2})
    return short.model_copy(update={"training": spec, "name": "search"})


def _start(plan: Plan) -> None:
    try:
        default_searches().start(plan, owner=owner.token_for_training(), nickname=owner.nickname())
    except RefusedError as error:
        st.session_state[PROBLEM] = str(error)


def _stop() -> None:
    found = default_searches().of(owner.token())
    if found is not None:
        found.stop()
