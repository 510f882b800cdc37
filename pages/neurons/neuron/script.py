"""The script of the lesson on one neuron: its sum, output and slope, the same in Keras, and softmax."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nncore.theory.neuron import Neuron
from pages.ui.script_text import fill, section

LESSON = Path(__file__).with_name("lesson.md")


def script(neuron: Neuron, logits: Sequence[float], temperature: float) -> str:
    """Return the script for a neuron of three inputs, none of its numbers an array, and for softmax over the logits."""
    return fill(
        section(LESSON),
        x=list(neuron.x),
        w=list(neuron.w),
        b=neuron.b,
        name=neuron.f.name,
        code=neuron.f.code,
        derivative_code=neuron.f.derivative_code,
        logits=list(logits),
        temperature=temperature,
    )
