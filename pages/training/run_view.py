"""What a run looks like on a page: status, results, curves and first weights; or what there is before one."""

from __future__ import annotations

import streamlit as st

from nncore.figures.digits.training_curves import draw_weights, plot_changes, plot_history
from nncore.reference import load_run
from nncore.runs.snapshot import Snapshot
from nncore.specs.datasets import item_name
from nncore.specs.experiment import Experiment
from nncore.specs.presets import PRESETS
from pages.training import owner
from pages.ui import lesson

STATUS = {
    "waiting": "Waiting for a free worker",
    "training": "Training",
    "paused": "Paused",
    "finished": "Finished",
    "cancelled": "Cancelled",
    "failed": "Failed",
    "interrupted": "Interrupted",
}


def show_nothing_yet(experiment: Experiment | None) -> None:
    """What there is to see without a run: the parameters, and the stored run if these are a preset's settings."""
    with st.container(key="run_status"):
        st.markdown("Not trained yet: press **Train**.")
    if experiment is None:
        return
    lesson.result("param_count", "Parameters", f"{experiment.network.parameter_count:,}")
    for name, preset in PRESETS.items():
        if (preset.network, preset.training) == (experiment.network, experiment.training):
            stored = load_run(name)
            drawn = plot_history(stored.history, preset.training.epochs)
            lesson.figure("stored_history", drawn, "Accuracy and loss of the stored run against the epoch")
            st.caption(
                f"A stored run with these settings, made on {stored.made} by `{stored.command}` in "
                f"{duration(stored.seconds)}: test accuracy {100 * stored.test_accuracy:.2f} %, "
                f"{stored.wrong:,} of 10,000 read wrongly."
            )


def show(run: Snapshot, experiment: Experiment | None, *, mine: bool) -> None:
    """The run's status, results, curves and first weights, the quick parts first."""
    _show_status(run, mine=mine)
    _show_results(run)
    spec = run.experiment.training
    drawn = plot_history(run.history, spec.epochs, run.segments, learning_rate=spec.learning_rate)
    lesson.figure("history", drawn, "Accuracy and loss against the epoch")
    _show_weights(run)
    if experiment is not None and not _is_of(run, experiment):
        st.caption("This run was trained with other settings than the controls now show.")


def _is_of(run: Snapshot, experiment: Experiment) -> bool:
    """Whether the controls show the run's settings; a run that went on may have more epochs, at another rate."""
    went_on = {"epochs": 1, "learning_rate": 1.0} if run.segments else {}
    here, there = (e.training.model_copy(update=went_on) for e in (experiment, run.experiment))
    return (experiment.network, here) == (run.experiment.network, there)


def _show_status(run: Snapshot, *, mine: bool) -> None:
    words = [STATUS[run.status], f"epoch {run.epochs_done} of {run.experiment.training.epochs} done"]
    if run.position is not None:
        words[1:] = [f"place {run.position} in the queue"]
    if run.seconds_to_start is not None:
        words.append(f"starts in about {duration(run.seconds_to_start)}")
    if run.seconds_left is not None and run.active:
        words.append(f"about {duration(run.seconds_left)} left")
    elif run.seconds is not None:
        words.append(f"{duration(run.seconds)} of training")
    with st.container(key="run_status"):
        st.progress(run.progress, " · ".join(words))
        if not mine:
            st.caption(f"{owner.describe(run.nickname, mine)}: you can look at it, and press Train for your own.")
        if run.message and run.status in ("paused", "cancelled"):
            st.caption(run.message)
        elif run.message:
            lesson.problem(run.message)
        for segment in run.segments:
            if segment.reason == "restarted":
                st.info(
                    f"Its worker was lost and the run was restarted: it went on from epoch {segment.epoch}, the last "
                    "one that was finished.",
                    icon=":material/restart_alt:",
                )


def _show_results(run: Snapshot) -> None:
    last = run.history.get("accuracy", [])
    columns = st.columns(4)
    with columns[0]:
        lesson.result("param_count", "Parameters", f"{run.experiment.network.parameter_count:,}")
    with columns[1]:
        lesson.result("train_accuracy", "Training accuracy", f"{100 * last[-1]:.2f} %" if last else "–")
    with columns[2]:
        known = run.test_accuracy is not None
        lesson.result("test_accuracy", "Test accuracy", f"{100 * (run.test_accuracy or 0):.2f} %" if known else "–")
    with columns[3]:
        of = f"of {run.tested:,} test {item_name(run.experiment.training.data)}" if run.tested else None
        lesson.result("wrong", "Wrong", "–" if run.wrong is None else f"{run.wrong:,}", of=of)


def _show_weights(run: Snapshot) -> None:
    if run.weights is None:
        return
    pictures, changes = st.columns([0.55, 0.45], gap="medium")
    with pictures:
        st.image(
            draw_weights(run.weights, zoom=2 if run.weights.ndim == 2 else 8),
            "What the first layer looks for: blue weights are negative, orange ones positive.",
            alt="The first layer's weights as small pictures",
        )
    with changes:
        st.caption("How far the last epoch moved each layer's weights, as a share of their length:")
        lesson.figure("updates", plot_changes(run.updates), "Size of the last epoch's updates by layer")


def duration(seconds: float) -> str:
    """In words, no finer than an estimate is."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
