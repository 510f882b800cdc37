"""Choose the data set that a network is trained on: MNIST, Fashion-MNIST, or an uploaded file."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.data.uploads import read
from nncore.data.uploads.checks import LARGEST_BYTES, MOST_TRAIN, UploadError
from nncore.registry import datasets
from nncore.registry.datasets import DatasetStatus
from nncore.specs.datasets import BUILTIN_DATASETS
from nncore.specs.experiment import UPLOAD_PREFIX, Experiment
from nncore.storage.dataset_store import NoRoomError, UploadedDataset
from nncore.storage.network_store import clean_file_name
from nncore.storage.run_store import StoreError, default_store
from pages.ui import lesson, polling, url_state, widgets

UPLOADED, PROBLEM = "uploaded sets", "own_data:problem"
DOWNLOADED = tuple(name for name in BUILTIN_DATASETS if name != "mnist")  # no sample comes with the installation
LIMIT = LARGEST_BYTES // 2**20


@dataclass(frozen=True)
class Pictures:
    """The chosen data set."""

    name: str
    train: int
    """The number of its training images, as far as it is known."""


def choose() -> Pictures:
    """Show the select box `data` and return the chosen data set."""
    own = _uploaded_sets()
    names = {name: known.title for name, known in BUILTIN_DATASETS.items()} | {
        key: found.name for key, found in own.items()
    }
    help = "A file of your own can be uploaded further down, under “Pictures of your own”."
    name = widgets.choice(
        "data", "Pictures", tuple(names), "mnist", names=names, told=False, on_change=_use_all_of_it, help=help
    )
    return Pictures(name, min(own[name].train, MOST_TRAIN) if name in own else MOST_TRAIN)


def describe(pictures: Pictures) -> None:
    """Say what is known of the chosen data set, if it is not MNIST."""
    found: UploadedDataset | None = st.session_state[UPLOADED].get(pictures.name)
    if found is not None:
        st.caption(f"{lesson.escape(found.name)}: {found.train:,} pictures to train and {found.test:,} to test.")
    elif pictures.name in DOWNLOADED:
        _show_status(pictures.name, status_of(pictures.name))


def trainable(experiment: Experiment | None) -> Experiment | None:
    """The experiment, or None if its data set cannot be downloaded, so that it cannot be trained."""
    fetched = experiment is not None and experiment.training.data in DOWNLOADED
    status = status_of(experiment.training.data) if experiment is not None and fetched else None
    return None if status is not None and not (status.train or status.looking) else experiment


def upload() -> None:
    """Show the upload field `own_data`; a valid file is stored in the database and chosen."""
    with st.expander("Pictures of your own", key="own_pictures"):
        st.file_uploader(
            f"CSV (label and 784 grey values a row) or .npz (x_train, y_train, x_test, y_test), up to {LIMIT} MB",
            ("csv", "npz"), key="own_data", max_upload_size=LIMIT, on_change=_store_upload,
        )  # fmt: skip
        if PROBLEM in st.session_state:
            lesson.problem(st.session_state[PROBLEM])
        st.caption(
            "Pictures of 28 × 28 in ten classes, 0 to 9; of a CSV, the last sixth of each class is kept for testing. "
            "They are kept on this server, and whoever can see a run on them can use them too."
        )


def status_of(name: str) -> DatasetStatus:
    """The status of a built-in data set on the interactive worker; remembered once the set is there."""
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


def _show_status(name: str, status: DatasetStatus) -> None:
    if status.looking:
        polling.poll_until(lambda: not status_of(name).looking, lambda: status_of(name).words)
    elif status.train:
        known = BUILTIN_DATASETS[name]
        counted = f"{status.train:,} {known.things} to train and {status.test:,} to test, from {status.source}."
        st.caption(f"{counted} {known.licence}.")
    else:
        lesson.problem(f"{status.words} Nothing can be trained on it here.")


def _uploaded_sets() -> dict[str, UploadedDataset]:
    """The data sets uploaded in this session and the one in the link; says so on the page if that one is gone."""
    known: dict[str, UploadedDataset] = st.session_state.setdefault(UPLOADED, {})
    for key in dict.fromkeys((url_state.linked("data") or "", url_state.given("data") or "")):
        if key.startswith(UPLOAD_PREFIX):
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


def _use_all_of_it() -> None:
    """Set `train_size` to the whole of the newly chosen data set."""
    found = st.session_state[UPLOADED].get(st.session_state["data"])
    st.session_state["train_size"] = min(found.train, MOST_TRAIN) if found else MOST_TRAIN


def _store_upload() -> None:
    """Check, store and choose the file that was just uploaded."""
    # Not in a worker: pandas reads 26 MB of CSV in 0.6 s and keeps other threads waiting for 8 ms at most.
    st.session_state.pop(PROBLEM, None)
    file = st.session_state["own_data"]
    if file is None:
        return
    try:
        name = clean_file_name(file.name)
        found = read.read_upload(file.getvalue(), name)
        kept = default_store().own_sets.keep(read.pack(found), name, len(found.x_train), len(found.x_test))
    except (UploadError, NoRoomError, StoreError) as error:
        st.session_state[PROBLEM] = str(error)
        return
    st.session_state.setdefault(UPLOADED, {})[kept.key] = kept
    st.session_state["data"] = kept.key
    _use_all_of_it()
