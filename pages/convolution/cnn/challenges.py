"""The challenges of the page of the convolutional network: what a finished run has to have come to."""

from __future__ import annotations

from nncore.networks.build import PRESETS
from nncore.runs.snapshot import Snapshot
from nncore.specs.layers import Conv2D


def solved_by(run: Snapshot | None) -> dict[str, bool]:
    """Which challenges the page's run meets; none before it has finished."""
    if run is None or run.status != "finished":
        return {"small": False, "one_map": False}
    network = run.experiment.network
    digits = run.experiment.training.data == "mnist"
    small = digits and network.parameter_count < PRESETS["model2"].network.parameter_count
    maps = [layer.filters for layer in network.layers if isinstance(layer, Conv2D)]
    return {"small": small and (run.test_accuracy or 0.0) >= 0.95, "one_map": maps[:1] == [1]}
