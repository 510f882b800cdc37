"""The challenges of the lesson on networks: parameters, the strongest weight, and gradients that hold or explode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nncore.networks.diagram import Diagram
from nncore.networks.gradient_flow import DepthProfile

if TYPE_CHECKING:
    from nncore.specs.experiment import NetworkSpec


def solved_by(network: NetworkSpec, diagram: Diagram | None, profile: DepthProfile | None) -> dict[str, bool]:
    """Return for each challenge whether it is solved; without the workers' diagram or gradients, theirs are not."""
    return {
        "exact": _is_exact(network),
        "widest": diagram is not None and _owns_the_strongest_weight(diagram),
        "hold": profile is not None and _hidden_layers(profile) >= 10 and profile.outcome == "holds",
        "explode": profile is not None and _hidden_layers(profile) <= 10 and profile.ratio > 1000,
    }


def _is_exact(network: NetworkSpec) -> bool:
    sizes = [shape[0] for shape in network.shapes()]
    return (len(sizes), sizes[-1], network.input_shape, network.parameter_count) == (3, 1, (2,), 100)


def _owns_the_strongest_weight(diagram: Diagram) -> bool:
    neurons = sum(column.size for column in diagram.columns if column.kind == "Dense")
    return neurons >= 5 and float(np.abs(diagram.unit.weights).max()) == diagram.largest


def _hidden_layers(profile: DepthProfile) -> int:
    return len(profile.sizes) - 1
