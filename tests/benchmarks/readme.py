"""Measured figures, one a row, and the one table of them in the README between `<!-- benchmark -->` markers.

Each part of the benchmark brings its rows with the day on which it was measured; a part that is measured alone renews
its own rows and leaves the others.
"""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parents[2] / "README.md"
MARKED = re.compile(r"(<!-- benchmark -->\n).*?(<!-- /benchmark -->)", re.DOTALL)
COLUMNS = ("part", "what", "measured", "target", "day")
PACKAGES = ("streamlit", "keras", "tensorflow", "torch")


class Row(NamedTuple):
    """One figure: what was measured, the result in words, and what it should be, if that was fixed before."""

    what: str
    measured: str
    target: str = ""


def machine() -> str:
    """Cores, system, versions and how quick a core is, for the sentence before the table."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = f"{os.cpu_count()} cores, on which Python counts to a million in {yardstick():.0f} ms"
    return f"{cores}, {platform.system()}, no GPU, {packages}"


def yardstick() -> float:
    """Milliseconds for a loop of plain Python, the quickest of fifty: by it, figures of two machines are compared."""

    def count() -> float:
        started = time.perf_counter()
        for _ in range(1_000_000):
            pass
        return 1000 * (time.perf_counter() - started)

    return min(count() for _ in range(50))


def table(parts: dict[str, Sequence[Row]], known: str = "") -> str:
    """The parts as one Markdown table, after the rows of other parts in a `known` one."""
    today = str(datetime.now(UTC).date())
    rows = [line for line in known.splitlines() if line.startswith("| ") and _part(line) not in {*parts, "part"}]
    for part, measured in parts.items():
        rows += ["| " + " | ".join((part, *row, today)) + " |" for row in measured]
    return "\n".join(["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|", *rows])


def _part(line: str) -> str:
    return line.split("|")[1].strip()


def write(parts: dict[str, Sequence[Row]]) -> None:
    """Put these rows into the README's table; ValueError if it has no markers."""
    before = README.read_text(encoding="utf-8")
    marked = MARKED.search(before)
    if not marked:
        raise ValueError("expected <!-- benchmark --> and <!-- /benchmark --> in the README, found none")
    text = f"Measured by `make bench` ({machine()}):\n\n{table(parts, marked[0])}"
    README.write_text(MARKED.sub(lambda found: f"{found[1]}{text}\n{found[2]}", before), encoding="utf-8")
