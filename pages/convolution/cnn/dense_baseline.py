"""Train a dense network on the same digits, and compare it with the convolutional one."""

from __future__ import annotations

import streamlit as st

from nncore.cluster.engine import EngineError
from nncore.reference import load_run
from nncore.runs.service import BusyError, RefusedError, default_runs
from nncore.runs.snapshot import Snapshot
from nncore.specs.experiment import Experiment
from nncore.specs.presets import PRESETS
from nncore.storage.run_status import NotPossibleError
from nncore.storage.run_store import StoreError
from pages.training import owner, run_view
from pages.ui import lesson, url_state

SHARED_SETTINGS = ("data", "train_size", "validation_split", "scale", "batch_size", "epochs", "seed")
"""The training settings that the dense network takes over from the convolutional one."""
PROBLEM = "cnn:dense problem"
TROUBLES = (EngineError, StoreError, RefusedError, NotPossibleError)
REFRESH_SECONDS = 1.0


def dense_like(experiment: Experiment) -> Experiment:
    """Return the lecture's model 2 with the SHARED_SETTINGS of another experiment."""
    dense = PRESETS["model2"]
    same = {name: getattr(experiment.training, name) for name in SHARED_SETTINGS}
    return Experiment(name="dense", network=dense.network, training=dense.training.model_copy(update=same))


def show(run: Snapshot | None, experiment: Experiment | None, preset: str) -> None:
    """Show the button `train_dense` and the table `beside`, which compares the convolutional with the dense network.

    `run` is the page's run, `experiment` what its controls are set to and `preset` the name of its preset; a stored run
    stands in for a network that has not been trained.
    """
    active = _active(_dense_run())

    @st.fragment(run_every=REFRESH_SECONDS if active else None)
    def compare() -> None:
        dense = _dense_run()
        st.subheader("Beside the dense network", anchor=False)
        with st.container(horizontal=True, gap="small"):
            _show_buttons(run.experiment if run is not None else experiment, dense)
        if PROBLEM in st.session_state:
            lesson.problem(st.session_state.pop(PROBLEM))
        rows = [_row("Convolutional", run, preset), _row("Dense", dense, "model2")]
        with st.container(key="beside"):
            st.table(rows, hide_index=True, alt="The convolutional and the dense network side by side")
        if run is not None and dense is not None:
            _show_differing_settings(run.experiment, dense.experiment)
        if active != _active(dense):
            st.rerun()

    compare()


def _active(run: Snapshot | None) -> bool:
    return run is not None and run.active


def _show_buttons(template: Experiment | None, dense: Snapshot | None) -> None:
    """Show the button that trains the dense network like `template`, and one that cancels the visitor's own run."""
    off = template is None or _active(dense)
    label = "Train the dense network on the same digits"
    st.button(label, key="train_dense", icon=":material/play_arrow:", disabled=off, on_click=_train, args=(template,))
    if dense is not None and dense.active and dense.belongs_to(owner.token()):
        st.button("Cancel", key="cancel_dense", icon=":material/stop:", on_click=_cancel, args=(dense.run_id,))


def _row(kind: str, run: Snapshot | None, stored_name: str) -> dict[str, str]:
    """Return one row of the table; before the first epoch it describes the stored run of this name."""
    accuracy: float | None
    seconds: float | None
    if run is None or not run.epochs_done:
        stored = load_run(stored_name)
        experiment, epochs = stored.experiment, len(stored.history["loss"])
        accuracy, seconds = stored.test_accuracy, stored.seconds
        source = f"stored run of {stored_name}" + ("" if run is None else f" ({_status(run)} now)")
    else:
        experiment, epochs = run.experiment, run.epochs_done
        accuracy, seconds = run.test_accuracy, run.seconds
        source = f"{_status(run)} here"
    return {
        "Network": f"{kind}: {source}",
        "Test accuracy": "–" if accuracy is None else f"{100 * accuracy:.2f} %",
        "Parameters": f"{experiment.network.parameter_count:,}",
        "Seconds": "–" if seconds is None else f"{seconds:.1f}",
        "Epochs": str(epochs),
        "Training pictures": f"{experiment.training.train_size:,}",
    }


def _status(run: Snapshot) -> str:
    return run_view.STATUS[run.status].lower()


def _show_differing_settings(one: Experiment, other: Experiment) -> None:
    """Say in which of the SHARED_SETTINGS two experiments differ."""
    differing = [name for name in SHARED_SETTINGS if getattr(one.training, name) != getattr(other.training, name)]
    if differing:
        names = ", ".join(name.replace("_", " ") for name in differing)
        st.caption(
            f"The two were trained differently in: {names}. Train the dense one again to compare like with like."
        )
    else:
        st.caption("Both saw the same digits, equally often, in batches of the same size.")


def _dense_run() -> Snapshot | None:
    """Return the dense run of the link or of this page, else the last run of the page /mlp in this session."""
    run_id = url_state.carried("dense") or url_state.kept("run", "mlp")
    try:
        return default_runs().snapshot(run_id) if run_id else None
    except StoreError:
        return None


def _train(experiment: Experiment) -> None:
    """Submit the dense network and put its run into the link; the reason against it is shown at the next run."""
    try:
        token = owner.token_for_training()
        run_id = default_runs().submit(dense_like(experiment), owner=token, nickname=owner.nickname())
        url_state.carry("dense", run_id)
    except BusyError:
        st.session_state[PROBLEM] = (
            "One run at a time: the dense network can be trained when your other run is over, paused or cancelled."
        )
    except TROUBLES as error:
        st.session_state[PROBLEM] = str(error)


def _cancel(run_id: str) -> None:
    try:
        default_runs().cancel(run_id, owner.token())
    except TROUBLES as error:
        st.session_state[PROBLEM] = str(error)
