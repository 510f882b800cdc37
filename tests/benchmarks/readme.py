"""Measured figures into the README, between `<!-- name -->` and `<!-- /name -->`, with the date and the machine."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def machine() -> str:
    """Date, cores and versions, for the sentence before a table."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "keras", "tensorflow"))
    return f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, {platform.system()}, no GPU, {packages}"


def write(name: str, text: str) -> None:
    """Put the text between the markers of this name; ValueError if the README has none."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    before = README.read_text(encoding="utf-8")
    if not marked.search(before):
        raise ValueError(f"expected <!-- {name} --> and <!-- /{name} --> in the README, found none")
    README.write_text(marked.sub(lambda found: f"{found[1]}{text}\n{found[2]}", before), encoding="utf-8")
