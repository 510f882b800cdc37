"""The challenges of the convolutional network: what a finished run must have reached, and settings that fail."""

from __future__ import annotations

from nncore.runs.snapshot import Snapshot
from nncore.specs.experiment import Experiment
from nncore.specs.layers import Conv2D
from nncore.specs.presets import PRESETS


def solved_by(run: Snapshot | None, experiment: Experiment | None) -> dict[str, bool]:
    """Return for each challenge, by name, whether it is met by the page's run or settings.

    A run that is not finished meets none; `experiment` is None where the settings make no network.
    """
    solved = {"small": False, "one_map": False, "too_large": experiment is None}
    if run is None or run.status != "finished":
        return solved
    network, data = run.experiment.network, run.experiment.training.data
    smaller = network.parameter_count < PRESETS["model2"].network.parameter_count
    filters = [layer.filters for layer in network.layers if isinstance(layer, Conv2D)]
    solved["small"] = data == "mnist" and smaller and (run.test_accuracy or 0.0) >= 0.95
    solved["one_map"] = filters[:1] == [1]
    return solved
