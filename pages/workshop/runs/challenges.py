"""The challenges of /runs, checked against the chosen runs and the last search."""

from __future__ import annotations

from nncore.runs import comparison
from nncore.runs.search_space import SearchProgress
from nncore.storage.run_record import RunRecord

GAIN = 0.02
"""By how much the best trial of a search must be more accurate than its first."""


def solved_by(chosen: list[RunRecord], progress: SearchProgress | None) -> dict[str, bool]:
    """Whether each challenge is solved by the chosen runs and the last search."""
    tested = [record for record in chosen if record.test_accuracy is not None]
    differing = comparison.differing([record.experiment for record in tested])
    accuracies = [trial.accuracy or 0.0 for trial in progress.tested] if progress else []
    return {
        "one_setting": len(chosen) == len(tested) == 2 and len(differing) == 1,
        "smaller": comparison.smaller_and_better(tested) is not None,
        "search": len(accuracies) >= 4 and max(accuracies) >= accuracies[0] + GAIN,
    }
