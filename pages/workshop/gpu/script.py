"""The script of the page about GPUs: an epoch of model 3 timed, in plain Keras."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pages.ui.script_text import fill, section

LESSON = Path(__file__).with_name("lesson.md")


def script(sizes: Sequence[int], devices: Sequence[str]) -> str:
    """Two epochs of model 3 a size and device, of which the second counts; devices as Keras names them."""
    return fill(section(LESSON), sizes=list(sizes), devices=list(devices))
