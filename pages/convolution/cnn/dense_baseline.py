"""A dense network beside the convolutional one, trained on the same digits: accuracy, parameters, seconds."""

from __future__ import annotations

import streamlit as st

from nncore.cluster.engine import EngineError
from nncore.networks.build import PRESETS
from nncore.reference import load_run
from nncore.runs.service import BusyError, RefusedError, default_runs
from nncore.runs.snapshot import Snapshot
from nncore.specs.experiment import Experiment
from nncore.storage.run_status import NotPossibleError
from nncore.storage.run_store import StoreError
from pages.training import owner as ownership
from pages.training import run_view
from pages.ui import lesson, url_state

SHARED_SETTINGS = ("data", "train_size", "validation_split", "scale", "batch_size", "epochs", "seed")
"""What the dense network takes over from the convolutional one: digits, how often they are seen, and the seed."""
PROBLEM = "cnn:dense problem"
TROUBLES = (EngineError, StoreError, RefusedError, NotPossibleError)
REFRESH_SECONDS = 1.0


def dense_like(experiment: Experiment) -> Experiment:
    """The lecture's model 2, on the digits of this experiment and for as many epochs."""
    dense = PRESETS["model2"]
    same = {name: getattr(experiment.training, name) for name in SHARED_SETTINGS}
    return Experiment(name="dense", network=dense.network, training=dense.training.model_copy(update=same))


def show(run: Snapshot | None, experiment: Experiment | None, preset: str) -> None:
    """The button `train_dense` and the table `beside`; stored runs stand where nothing was trained."""
    dense = _look_up()
    active = dense is not None and dense.active

    @st.fragment(run_every=REFRESH_SECONDS if active else None)
    def room() -> None:
        now = _look_up()
        template = run.experiment if run is not None else experiment
        st.subheader("Beside the dense network", anchor=False)
        with st.container(horizontal=True, gap="small"):
            off = template is None or (now is not None and now.active)
            label = "Train the dense network on the same digits"
            st.button(
                label, key="train_dense", icon=":material/play_arrow:", disabled=off, on_click=_train, args=(template,)
            )
            if now is not None and now.active and now.belongs_to(ownership.token()):
                st.button("Cancel", key="cancel_dense", icon=":material/stop:", on_click=_cancel, args=(now.run_id,))
        if PROBLEM in st.session_state:
            lesson.problem(st.session_state.pop(PROBLEM))
        rows = [_row("Convolutional", run, preset), _row("Dense", now, "model2")]
        with st.container(key="beside"):
            st.table(rows, hide_index=True, alt="The convolutional and the dense network side by side")
        if run is not None and now is not None:
            _say_whether_the_digits_are_the_same(run.experiment, now.experiment)
        if active != (now is not None and now.active):
            st.rerun()

    room()


def _row(kind: str, run: Snapshot | None, stored_name: str) -> dict[str, str]:
    """One network in words; its stored run where there is no run."""
    if run is None or not run.epochs_done:
        stored = load_run(stored_name)
        spec, network, epochs = stored.experiment.training, stored.experiment.network, len(stored.history["loss"])
        who, right, seconds = f"{kind}: stored run of {stored_name}", stored.test_accuracy, stored.seconds
        who += "" if run is None else f" ({run_view.STATUS[run.status].lower()} now)"
    else:
        spec, network, epochs = run.experiment.training, run.experiment.network, run.epochs_done
        who, right, seconds = f"{kind}: {run_view.STATUS[run.status].lower()} here", run.test_accuracy, run.seconds
    return {
        "Network": who,
        "Test accuracy": "–" if right is None else f"{100 * right:.2f} %",
        "Parameters": f"{network.parameter_count:,}",
        "Seconds": "–" if seconds is None else f"{seconds:.1f}",
        "Epochs": str(epochs),
        "Training pictures": f"{spec.train_size:,}",
    }


def _say_whether_the_digits_are_the_same(one: Experiment, other: Experiment) -> None:
    differing = [name for name in SHARED_SETTINGS if getattr(one.training, name) != getattr(other.training, name)]
    if differing:
        names = ", ".join(name.replace("_", " ") for name in differing)
        st.caption(
            f"The two were trained differently in: {names}. Train the dense one again to compare like with like."
        )
    else:
        st.caption("Both saw the same digits, equally often, in batches of the same size.")


def _look_up() -> Snapshot | None:
    """The dense run in the link, else the one trained here, else the last one of the dense page in this session."""
    run_id = url_state.carried("dense") or url_state.kept("run", "mlp")
    try:
        return default_runs().snapshot(run_id) if run_id else None
    except StoreError:
        return None


def _train(experiment: Experiment) -> None:
    try:
        owner = ownership.token_for_training()
        run_id = default_runs().submit(dense_like(experiment), owner=owner, nickname=ownership.nickname())
        url_state.carry("dense", run_id)
    except BusyError:
        st.session_state[PROBLEM] = (
            "One run at a time: the dense network can be trained when your other run is over, paused or cancelled."
        )
    except TROUBLES as error:
        st.session_state[PROBLEM] = str(error)


def _cancel(run_id: str) -> None:
    try:
        default_runs().cancel(run_id, ownership.token())
    except TROUBLES as error:
        st.session_state[PROBLEM] = str(error)
