"""Which pictures a network is trained on: MNIST, Fashion-MNIST, or a file of the visitor's own."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.data.uploads import read
from nncore.data.uploads.checks import LARGEST_BYTES, MOST_TRAIN, OwnDataError
from nncore.registry import datasets
from nncore.registry.datasets import DatasetStatus
from nncore.specs.datasets import BUILTIN_DATASETS
from nncore.specs.experiment import OWN_DATA, Experiment
from nncore.storage.dataset_store import NoRoomError, UploadedDataset
from nncore.storage.network_store import clean_file_name
from nncore.storage.run_store import StoreError, default_store
from pages.ui import lesson, polling, url_state, widgets

KNOWN_HERE, PROBLEM = "own sets", "own_data:problem"
FETCHED = tuple(name for name in BUILTIN_DATASETS if name != "mnist")  # without a sample in the installation
LIMIT = LARGEST_BYTES // 2**20


@dataclass(frozen=True)
class Pictures:
    """The chosen set."""

    name: str
    train: int
    """Training pictures that there are, as far as is known."""


def choose() -> Pictures:
    """The select box `data`."""
    own = _own_sets()
    names = {name: known.title for name, known in BUILTIN_DATASETS.items()} | {
        key: found.name for key, found in own.items()
    }
    help = "A file of your own can be uploaded further down, under “Pictures of your own”."
    name = widgets.choice(
        "data", "Pictures", tuple(names), "mnist", names=names, told=False, on_change=_take_all, help=help
    )
    return Pictures(name, min(own[name].train, MOST_TRAIN) if name in own else MOST_TRAIN)


def describe(pictures: Pictures) -> None:
    """What there is to know of the chosen set, where it is not MNIST."""
    found: UploadedDataset | None = st.session_state[KNOWN_HERE].get(pictures.name)
    if found is not None:
        st.caption(f"{lesson.escape(found.name)}: {found.train:,} pictures to train and {found.test:,} to test.")
    elif pictures.name in FETCHED:
        _show_sight(pictures.name, sight_of(pictures.name))


def trainable(experiment: Experiment | None) -> Experiment | None:
    """The experiment, or None where its pictures could not be had: there is nothing to train on then."""
    fetched = experiment is not None and experiment.training.data in FETCHED
    sight = sight_of(experiment.training.data) if experiment is not None and fetched else None
    return None if sight is not None and not (sight.train or sight.looking) else experiment


def upload() -> None:
    """The field `own_data` for a file; a good one is kept in the database and chosen."""
    with st.expander("Pictures of your own", key="own_pictures"):
        st.file_uploader(
            f"CSV (label and 784 grey values a row) or .npz (x_train, y_train, x_test, y_test), up to {LIMIT} MB",
            ("csv", "npz"), key="own_data", max_upload_size=LIMIT, on_change=_take,
        )  # fmt: skip
        if PROBLEM in st.session_state:
            lesson.problem(st.session_state[PROBLEM])
        st.caption(
            "Pictures of 28 × 28 in ten classes, 0 to 9; of a CSV, the last sixth of each class is kept for testing. "
            "They are kept on this server, and whoever can see a run on them can use them too."
        )


def sight_of(name: str) -> DatasetStatus:
    """How it stands with a built-in set, as the interactive worker sees it; remembered once it is there."""
    known: dict[str, DatasetStatus] = st.session_state.setdefault("built-in sets", {})
    if name in known:
        return known[name]
    try:
        if default_engine().warmed_up() is None:
            return DatasetStatus(words="It is looked for as soon as the workers are ready.", looking=True)
        found = default_engine().ask(datasets.dataset_status, name)
    except EngineError as error:
        return DatasetStatus(words=str(error))
    if found.train:
        known[name] = found
    return found


def _show_sight(name: str, sight: DatasetStatus) -> None:
    if sight.looking:
        polling.until(lambda: not sight_of(name).looking, lambda: sight_of(name).words)
    elif sight.train:
        known = BUILTIN_DATASETS[name]
        counted = f"{sight.train:,} {known.things} to train and {sight.test:,} to test, from {sight.source}."
        st.caption(f"{counted} {known.licence}.")
    else:
        lesson.problem(f"{sight.words} Nothing can be trained on it here.")


def _own_sets() -> dict[str, UploadedDataset]:
    """The sets that this session has uploaded, and the one in the link; a sentence where that one is gone."""
    known: dict[str, UploadedDataset] = st.session_state.setdefault(KNOWN_HERE, {})
    for key in dict.fromkeys((url_state.linked("data") or "", url_state.given("data") or "")):
        if key.startswith(OWN_DATA):
            try:
                found = default_store().own_sets.find(key)
            except StoreError as error:
                lesson.problem(str(error))
                continue
            known.pop(key, None)
            if found is not None:
                known[key] = found
            else:
                lesson.problem(f"No pictures are kept here under “{lesson.escape(key)}”: upload the file again.")
    return known


def _take_all() -> None:
    """Another set is taken whole."""
    found = st.session_state[KNOWN_HERE].get(st.session_state["data"])
    st.session_state["train_size"] = min(found.train, MOST_TRAIN) if found else MOST_TRAIN


def _take() -> None:
    """Read and keep the file that was just uploaded."""
    # Not in a worker: pandas reads 26 MB of CSV in 0.6 s and keeps other threads waiting for 8 ms at most.
    st.session_state.pop(PROBLEM, None)
    file = st.session_state["own_data"]
    if file is None:
        return
    try:
        name = clean_file_name(file.name)
        found = read.read_upload(file.getvalue(), name)
        kept = default_store().own_sets.keep(read.pack(found), name, len(found.x_train), len(found.x_test))
    except (OwnDataError, NoRoomError, StoreError) as error:
        st.session_state[PROBLEM] = str(error)
        return
    st.session_state.setdefault(KNOWN_HERE, {})[kept.key] = kept
    st.session_state["data"] = kept.key
    _take_all()
