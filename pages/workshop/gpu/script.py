"""The script of /gpu: time an epoch of model 3 in plain Keras."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pages.ui.script_text import fill, section

LESSON = Path(__file__).with_name("lesson.md")


def script(sizes: Sequence[int], devices: Sequence[str]) -> str:
    """The script that times these numbers of images on these devices, which have Keras' names, such as `gpu:0`."""
    return fill(section(LESSON), sizes=list(sizes), devices=list(devices))
