"""The challenges of the page of the dense network: what a finished run has to have come to."""

from __future__ import annotations

from nncore.runs.snapshot import Snapshot


def solved_by(run: Snapshot | None) -> dict[str, bool]:
    """Which challenges the page's run meets; none before it has finished."""
    if run is None or run.status != "finished" or not run.history["accuracy"]:
        return {"quick": False, "overfit": False, "fail": False}
    reached = run.history["accuracy"][-1]
    validated = run.history.get("val_accuracy", [reached])[-1]
    right = run.test_accuracy or 0.0
    return {
        "quick": run.experiment.training.data == "mnist" and run.experiment.training.epochs <= 10 and right >= 0.93,
        "overfit": reached - validated >= 0.04,
        "fail": reached < 0.2,
    }
