"""The challenges of the dense network: what a finished run must have reached."""

from __future__ import annotations

from nncore.runs.snapshot import Snapshot


def solved_by(run: Snapshot | None) -> dict[str, bool]:
    """Return for each challenge, by name, whether the page's run meets it; a run that is not finished meets none."""
    if run is None or run.status != "finished" or not run.history["accuracy"]:
        return {"quick": False, "overfit": False, "fail": False}
    accuracy = run.history["accuracy"][-1]
    val_accuracy = run.history.get("val_accuracy", [accuracy])[-1]
    training = run.experiment.training
    return {
        "quick": training.data == "mnist" and training.epochs <= 10 and (run.test_accuracy or 0.0) >= 0.93,
        "overfit": accuracy - val_accuracy >= 0.04,
        "fail": accuracy < 0.2,
    }
