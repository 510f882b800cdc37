"""Examples of finished runs and searches, made without training."""

from datetime import UTC, datetime

from nncore.runs.search_space import Plan, SearchProgress, Trial
from nncore.specs.presets import PRESETS
from nncore.specs.settings import vary
from nncore.storage.run_record import RunRecord

NOW = datetime.now(UTC)


def run_of(preset, right, **settings):
    """A finished run of this preset with other settings, and the share of test digits that it reads rightly."""
    experiment = vary(PRESETS[preset], settings)
    times = dict.fromkeys(("created", "queued", "updated"), NOW)
    return RunRecord(id=preset, experiment=experiment, status="finished", test_accuracy=right, **times)


def search_of(*accuracies):
    """A search over two settings whose trials came to these accuracies."""
    base = PRESETS["model2"]
    training = base.training.model_copy(update={"validation_split": 0.2})
    plan = Plan(base.model_copy(update={"training": training}), ("units", "batch_size"))
    trials = [Trial(n, f"run{n}", dict.fromkeys(plan.settings, 1), a, a, True) for n, a in enumerate(accuracies, 1)]
    return SearchProgress(plan, tuple(trials), False, "", 5.0)
