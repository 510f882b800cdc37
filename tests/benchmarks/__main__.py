"""Seconds an epoch through `nncore.training`, beside the lecture's plain `fit` and PyTorch: `make bench`.

Each measurement is a process of its own. The contenders take turns, so that a machine that becomes busy slows
all of them; the first epoch, in which graphs are built, does not count. Medians are compared.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec

from tests.benchmarks.contenders import CONTENDERS

EPOCHS = {"model1": 9, "model3": 4}
TARGETS = {("model1", "fit"): 2.5, ("model1", "torch"): 1.3, ("model3", "fit"): 1.0, ("model3", "torch"): 1.5}


def measure(contender, model):
    """Seconds of each epoch but the first, in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.contenders", contender, model, str(EPOCHS[model])]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{contender}, {model}: expected times, received\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def collect(contenders, rounds):
    """Median seconds an epoch of each process, by model and contender."""
    found = {(model, contender): [] for model in EPOCHS for contender in contenders}
    for number in range(rounds):
        for model, contender in found:
            found[model, contender].append(statistics.median(measure(contender, model)))
            print(
                f"round {number + 1}/{rounds} {model} {contender} {found[model, contender][-1]:.3f} s", file=sys.stderr
            )
    return found


def print_table(found):
    print(
        f"{'model':8}{'contender':15}{'s/epoch':>8}{'fastest':>9}{'slowest':>9}{'nncore is faster by':>21}{'target':>8}"
    )
    for (model, contender), seconds in found.items():
        middle, ours = statistics.median(seconds), statistics.median(found[model, "nncore"])
        ratio = "" if contender == "nncore" else f"{middle / ours:.2f}"
        target = f"{TARGETS[model, contender]:.1f}" if (model, contender) in TARGETS else ""
        print(
            f"{model:8}{contender:15}{middle:8.3f}{min(seconds):9.3f}{max(seconds):9.3f}{ratio:>21}{target:>8}".rstrip()
        )


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="processes of each kind, taking turns (default 5)")
    rounds = parser.parse_args().rounds
    has_torch = find_spec("torch") is not None
    contenders = [name for name in CONTENDERS if has_torch or not name.startswith("torch")]
    found = collect(contenders, rounds)
    packages = ["keras", "tensorflow", *(["torch"] if has_torch else [])]
    print(f"{os.cpu_count()} cores, {platform.system()}, " + ", ".join(f"{name} {version(name)}" for name in packages))
    print_table(found)
    for name in contenders:
        print(f"{name}: {CONTENDERS[name]}")
    if not has_torch:
        print("PyTorch is not installed and was left out: pip install torch==2.13.0")


if __name__ == "__main__":
    main()
