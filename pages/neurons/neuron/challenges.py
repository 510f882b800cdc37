"""The challenges of the lesson on one neuron: saturation and its opposite, and gates of two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nncore.theory.activations import SATURATED

if TYPE_CHECKING:
    from pages.neurons.neuron.controls import Settings


def solved_by(settings: Settings) -> dict[str, bool]:
    """Return for each challenge whether these settings solve it."""
    neuron, dataset = settings.neuron, settings.choices.dataset
    slope = abs(float(neuron.slope))
    weighted = any(weight * value for weight, value in zip(neuron.w, neuron.x, strict=True))
    return {
        "half": neuron.f.name == "sigmoid" and float(neuron.output) == 0.5 and weighted,
        "saturate": neuron.f.name in ("sigmoid", "tanh") and slope < SATURATED,
        "alive": float(neuron.z) >= 4 and slope >= 0.5,
        "gate": dataset in ("and", "or") and settings.correct == 4,
        "xor": dataset == "xor" and settings.correct == 3,
    }
