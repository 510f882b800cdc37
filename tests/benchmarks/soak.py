"""Full matrices, each of which proves a kind once, in hours: `make soak`; the result is a row of the README's table.

What is given is passed on to pytest: `python -m tests.benchmarks.soak -n 2`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from tests.benchmarks import readme
from tests.benchmarks.readme import Row


def row_of(report: Path) -> Row:
    """How many tests there were, how many of them failed, and how long it took; from pytest's JUnit file."""
    suite = ElementTree.parse(report).getroot()[0]
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    hours = float(suite.attrib["time"]) / 3600
    return Row(f"{suite.attrib['tests']} tests of full matrices", f"{failed} failed, in {hours:.1f} h", "0 failed")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "soak.xml"
        command = [sys.executable, "-m", "pytest", "-m", "soak", f"--junitxml={report}", *sys.argv[1:]]
        status = subprocess.run(command, check=False).returncode
        if status in (0, 1):  # all passed, or some failed: all ran
            readme.write({"soak": [row_of(report)]})
    sys.exit(status)


if __name__ == "__main__":
    main()
