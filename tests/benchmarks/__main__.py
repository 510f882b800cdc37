"""Seconds an epoch through `nncore.training`, beside the lecture's plain `fit` and PyTorch: `make bench`.

Each contender is a process of its own, and they take turns epoch by epoch, so that a machine that becomes busy slows
all of them. The first epoch, in which graphs are built, does not count. Medians are compared; the fastest epochs
tell what a calm machine would say.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec

from tests.benchmarks.contenders import CONTENDERS

EPOCHS = {"model1": 15, "model3": 5}
TARGETS = {("model1", "fit"): 2.5, ("model1", "torch"): 1.3, ("model3", "fit"): 1.0, ("model3", "torch"): 1.5}


class Contender:
    """A process that trains one epoch at each call and says how long it took."""

    def __init__(self, name, model, epochs):
        command = [sys.executable, "-m", "tests.benchmarks.contenders", name, model, str(epochs)]
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )

    def train_epoch(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("seconds "):
                return float(line.split()[1])
        raise SystemExit(f"expected seconds, the process ended: {' '.join(self.process.args)}")

    def close(self):
        self.process.kill()
        self.process.communicate()


def measure(model, names, epochs):
    """Seconds of each epoch but the first, by contender."""
    contenders = {name: Contender(name, model, epochs + 1) for name in names}
    try:
        seconds = {name: [] for name in names}
        for number in range(epochs + 1):
            for name, contender in contenders.items():
                seconds[name].append(contender.train_epoch())
                print(f"{model} epoch {number} {name} {seconds[name][-1]:.3f} s", file=sys.stderr)
        return {name: times[1:] for name, times in seconds.items()}
    finally:
        for contender in contenders.values():
            contender.close()


def print_table(found):
    print(f"{'':23}{'seconds an epoch':>24}{'nncore is faster by':>21}")
    print(
        f"{'model':8}{'contender':15}{'median':>8}{'fastest':>8}{'slowest':>8}{'median':>13}{'fastest':>8}{'target':>8}"
    )
    for (model, name), seconds in found.items():
        row = f"{model:8}{name:15}{statistics.median(seconds):8.3f}{min(seconds):8.3f}{max(seconds):8.3f}"
        if name != "nncore":
            ours = found[model, "nncore"]
            row += f"{statistics.median(seconds) / statistics.median(ours):13.2f}{min(seconds) / min(ours):8.2f}"
        print(row + (f"{TARGETS[model, name]:8.1f}" if (model, name) in TARGETS else ""))


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, help=f"measured epochs for each (default {EPOCHS})")
    parser.add_argument("--without", nargs="*", default=[], choices=CONTENDERS, help="leave these out")
    chosen = parser.parse_args()
    has_torch = find_spec("torch") is not None
    names = [name for name in CONTENDERS if name not in chosen.without and (has_torch or not name.startswith("torch"))]
    packages = ["keras", "tensorflow", *(["torch"] if has_torch else [])]
    found = {
        (model, name): seconds
        for model, epochs in EPOCHS.items()
        for name, seconds in measure(model, names, chosen.epochs or epochs).items()
    }
    print(f"{os.cpu_count()} cores, {platform.system()}, " + ", ".join(f"{name} {version(name)}" for name in packages))
    print_table(found)
    for name in names:
        print(f"{name}: {CONTENDERS[name]}")
    if not has_torch:
        print("PyTorch is not installed and was left out: pip install torch==2.13.0")


if __name__ == "__main__":
    main()
