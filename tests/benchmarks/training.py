"""Seconds an epoch through `nncore.training.train`, beside the lecture's plain `fit` and PyTorch.

Each contender is a process of its own, and they take turns epoch by epoch, so that a machine that becomes busy slows
all of them. The first epoch, in which graphs are built, does not count. Medians are compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from tests.benchmarks.readme import Row

EPOCHS = {"model1": 15, "model2": 15, "model3": 5, "model4": 5}
CONTENDERS = {"fit": "Keras' plain `fit`", "torch": "PyTorch with a `DataLoader`", "torch_slices": "PyTorch on slices"}
TARGETS = {("model1", "fit"): 2.5, ("model1", "torch"): 1.3, ("model3", "fit"): 1.0, ("model3", "torch"): 1.5}
"""How many times as long as here they should take."""


class Contender:
    """A process that trains one epoch at each call and says how long it took."""

    def __init__(self, name: str, model: str, epochs: int) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.contenders", name, model, str(epochs)]
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )

    def train_epoch(self) -> float:
        """Seconds; SystemExit if the process ended."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write("go\n")
        asked.flush()
        for line in answered:
            if line.startswith("seconds "):
                return float(line.split()[1])
        raise SystemExit(f"expected seconds, the process ended: {self._process.args}")

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def measure(model: str, names: list[str], epochs: int) -> dict[str, list[float]]:
    """Seconds of each epoch but the first, by contender."""
    contenders = {name: Contender(name, model, epochs + 1) for name in names}
    try:
        seconds: dict[str, list[float]] = {name: [] for name in names}
        for number in range(epochs + 1):
            for name, contender in contenders.items():
                seconds[name].append(contender.train_epoch())
                print(f"{model} epoch {number} {name} {seconds[name][-1]:.3f} s", file=sys.stderr)
        return {name: times[1:] for name, times in seconds.items()}
    finally:
        for contender in contenders.values():
            contender.close()


def measure_all() -> list[Row]:
    """Models 1 to 4: seconds an epoch here, and how many times as long the others take."""
    rows = []
    for model, epochs in EPOCHS.items():
        found = measure(model, ["nncore", *CONTENDERS], epochs)
        ours = statistics.median(found["nncore"])
        calm = min(found["nncore"])
        rows.append(Row(f"model {model[-1]}, seconds an epoch with live events", f"{ours:.3g} s (least {calm:.3g} s)"))
        for name, words in CONTENDERS.items():
            ratio, least = statistics.median(found[name]) / ours, min(found[name]) / calm
            target = TARGETS.get((model, name))
            rows.append(
                Row(
                    f"model {model[-1]}, {words}",
                    f"{ratio:.2f} times as long (least against least {least:.2f})",
                    f"{target:g} times or more" if target else "",
                )
            )
    return rows
