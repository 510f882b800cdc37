"""Trains the lecture's four models and writes a table of the results beside those of its slides: `make lecture`.

`python -m nncore.reference.reproduce --epochs 1 --pictures 2000` shortens it, and says so in the table.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from nncore.data.dataset import load_mnist
from nncore.reference import load_run
from nncore.specs.experiment import Experiment
from nncore.specs.presets import PRESETS, preset
from nncore.training.events import EpochEnd, Event
from nncore.training.train import train

COMMAND = "make lecture"


@dataclass(frozen=True)
class Printed:
    """The figures that the slides print for a model. Accuracies are 0 to 1."""

    parameters: int
    """How many parameters the model has."""
    training_accuracy: Mapping[int, float]
    """Training accuracy by epoch, counted from 1."""
    seconds: str
    """Seconds an epoch, as whole numbers like Keras prints them."""
    test_accuracy: float

    @property
    def wrong(self) -> int:
        """How many of 10,000 test digits are wrong, by the accuracy."""
        return round(10_000 * (1 - self.test_accuracy))


PRINTED: dict[str, Printed] = {
    "model1": Printed(23_860, {1: 0.1933, 2: 0.3126, 199: 0.8947, 200: 0.8947}, "0", 0.8852),
    "model2": Printed(23_860, {1: 0.4576, 2: 0.7246, 100: 0.9338}, "1", 0.9295),
    "model3": Printed(289_630, {1: 0.8638, 2: 0.9466, 30: 0.9911}, "24 to 25", 0.9835),
    "model4": Printed(108_870, {1: 0.7966, 2: 0.9486, 99: 0.9996, 100: 0.9996}, "32 to 33", 0.9912),
}
"""The slides' figures by model; model 2 has the size and so the parameters of model 1."""


@dataclass(frozen=True)
class ReproducedModel:
    """The result of training one of the models."""

    experiment: Experiment
    history: Mapping[str, Sequence[float]]
    """The values of each metric, one an epoch."""
    test_accuracy: float
    """The share of test digits classified correctly, 0 to 1."""
    wrong: int
    """How many test digits were classified wrongly."""
    tested: int
    """How many test digits there are."""
    seconds: float
    """How long all epochs took."""


@dataclass(frozen=True)
class Row:
    """One figure of a model, as printed on the slides and as measured."""

    model: str
    what: str
    printed: str
    measured: str


def stored(name: str) -> ReproducedModel:
    """The stored reference run of `model1` to `model4`; raises ValueError for another name."""
    run = load_run(name)
    return ReproducedModel(run.experiment, run.history, run.test_accuracy, run.wrong, 10_000, run.seconds)


def compare(name: str, measured: ReproducedModel) -> list[Row]:
    """List the figures of one model, one a row, with a dash where the training was too short to have one."""
    printed, reached = PRINTED[name], measured.history["accuracy"]
    rows = [
        Row(name, "parameters", f"{printed.parameters:,}", f"{measured.experiment.network.parameter_count:,}"),
    ]
    for epoch, accuracy in printed.training_accuracy.items():
        here = f"{100 * reached[epoch - 1]:.2f} %" if epoch <= len(reached) else "–"
        rows.append(Row(name, f"training accuracy, epoch {epoch}", f"{100 * accuracy:.2f} %", here))
    each = measured.seconds / max(1, len(reached))
    return [
        *rows,
        Row(name, "test accuracy", f"{100 * printed.test_accuracy:.2f} %", f"{100 * measured.test_accuracy:.2f} %"),
        Row(
            name, f"wrong of {measured.tested:,}", f"{printed.wrong * measured.tested / 10_000:,.0f}",
            f"{measured.wrong:,}",
        ),
        Row(name, "seconds an epoch", printed.seconds, f"{each:.2f}"),
    ]  # fmt: skip


def shorten(experiment: Experiment, epochs: int | None, pictures: int | None) -> Experiment:
    """Limit the experiment to so many epochs and training images, each if it is given."""
    spec = experiment.training
    change = {"epochs": min(epochs or spec.epochs, spec.epochs), "train_size": pictures or spec.train_size}
    return experiment.model_copy(update={"training": spec.model_copy(update=change)})


def as_markdown(rows: Sequence[Row], note: str) -> str:
    """Write the rows as a Markdown table, and the note under it."""
    names = ("model", "figure", "printed", "measured")
    cells = [names, *((row.model, row.what, row.printed, row.measured) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:], "", note, ""])


def reproduce(
    names: Sequence[str], epochs: int | None = None, pictures: int | None = None, say: Callable[[str], None] = print
) -> str:
    """Train these models on this machine and return the table.

    Epochs and training images are limited as by `shorten`. `say` is called with a line after every epoch. Raises
    ValueError for an unknown name and RuntimeError if a training is stopped.
    """
    dataset = load_mnist(say)
    rows: list[Row] = []
    device = ""
    for name in names:
        experiment = shorten(preset(name), epochs, pictures)
        result = train(experiment, dataset, on_event=partial(_tell, say, name))
        if result.test_accuracy is None or result.wrong is None:
            raise RuntimeError(f"{name}: expected a tested network, received a training that was stopped")
        seen = (result.history, result.test_accuracy, result.wrong, result.tested, result.seconds)
        rows += compare(name, ReproducedModel(experiment, *seen))
        device = result.device
    short = "" if epochs is None and pictures is None else f" Shortened: epochs {epochs}, pictures {pictures}."
    return as_markdown(rows, f"Measured on {datetime.now(UTC).date()} by `{COMMAND}` on: {device}.{short}")


def _tell(say: Callable[[str], None], name: str, event: Event) -> None:
    if isinstance(event, EpochEnd):
        say(f"{name}  epoch {event.epoch}/{event.epochs}  loss {event.loss:.4f}  accuracy {event.accuracy:.4f}")


def main(arguments: Sequence[str]) -> None:
    """Read the options, train, print the table and write it to a file."""
    parser = argparse.ArgumentParser(prog="python -m nncore.reference.reproduce", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"of {', '.join(PRESETS)}; all without")
    parser.add_argument("--epochs", type=int, help="at most so many a model")
    parser.add_argument("--pictures", type=int, help="train on the first so many only")
    parser.add_argument("--out", type=Path, default=Path("lecture-reproduced.md"))
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.models if name not in PRESETS]:
        parser.error(f"expected models of {', '.join(PRESETS)}, received {', '.join(unknown)}")
    table = reproduce(asked.models or list(PRESETS), asked.epochs, asked.pictures)
    asked.out.write_text(table, encoding="utf-8")
    print(f"\n{table}\nWritten to {asked.out}.")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main(sys.argv[1:])
