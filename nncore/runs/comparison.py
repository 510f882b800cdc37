"""Runs beside each other: which settings differ, what they cost, who leads, and all of them as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nncore.specs.datasets import BUILTIN_DATASETS
from nncore.specs.experiment import Experiment
from nncore.specs.layers import Conv2D, Dense, Dropout, Flatten
from nncore.storage.run_record import RunRecord
from nncore.storage.run_status import ACTIVE

Kind = Literal["dense", "convolutional"]
Order = Literal["newest", "accuracy", "parameters", "seconds", "nickname"]
SHARED = ("initializer", "l2")
"""Fields of layers that are one setting as long as all layers agree."""


def kind_of(experiment: Experiment) -> Kind:
    """Whether it convolves."""
    convolves = any(isinstance(layer, Conv2D) for layer in experiment.network.layers)
    return "convolutional" if convolves else "dense"


def flatten(experiment: Experiment) -> dict[str, Any]:
    """All settings by name, `dense_1 units`, `optimizer`; the experiment's own name is none of them."""
    flat: dict[str, Any] = {}
    counted: dict[str, int] = {}
    for layer in experiment.network.layers[:-1]:
        if isinstance(layer, Dropout | Flatten):
            continue
        kind = re.sub("(?<=[a-z])(?=[A-Z])", "_", layer.kind).lower()
        counted[kind] = counted.get(kind, 0) + 1
        name = f"{kind}_{counted[kind]}"
        fields = layer.model_dump(exclude={"kind", *SHARED}).items()
        flat |= {f"{name} {field}": value for field, value in fields}
    last = experiment.network.layers[-1]
    flat["output activation"] = last.activation if isinstance(last, Dense) else ""
    weighted = [layer for layer in experiment.network.layers if isinstance(layer, Dense | Conv2D)]
    for field in SHARED:
        flat[field] = _together([getattr(layer, field) for layer in weighted])
    flat["dropout"] = _together([x.rate for x in experiment.network.layers if isinstance(x, Dropout)] or [0.0])
    return flat | experiment.training.model_dump()


def _together(values: Sequence[Any]) -> Any:
    """One value where all are equal, else all of them in words."""
    return values[0] if len(set(values)) == 1 else ", ".join(f"{value}" for value in values)


def differing(experiments: Sequence[Experiment]) -> dict[str, tuple[Any, ...]]:
    """Only the settings in which they are not all alike, a value an experiment; None where one has no such setting."""
    flat = [flatten(experiment) for experiment in experiments]
    names = dict.fromkeys(name for one in flat for name in one)
    values = {name: tuple(one.get(name) for one in flat) for name in names}
    return {name: found for name, found in values.items() if len(set(found)) > 1}


def describe(experiment: Experiment) -> str:
    """The layers in few characters: `conv 20 (5×5) · pool · 100 tanh · 10 softmax`; and the pictures, if not MNIST."""
    words = []
    for layer in experiment.network.layers:
        if isinstance(layer, Dense):
            words.append(f"{layer.units} {layer.activation}")
        elif isinstance(layer, Conv2D):
            words.append(f"conv {layer.filters} ({layer.kernel_size}×{layer.kernel_size})")
        elif isinstance(layer, Dropout):
            words.append(f"dropout {layer.rate:g}")
        elif not isinstance(layer, Flatten):
            words.append("pool")
    data = experiment.training.data
    if data != "mnist":
        words.append(BUILTIN_DATASETS[data].title if data in BUILTIN_DATASETS else "own pictures")
    return " · ".join(words)


def choose(
    records: Iterable[RunRecord], *, owner: str = "", status: str = "all", kind: str = "all", find: str = ""
) -> list[RunRecord]:
    """Those of this `owner` mark (all for ""), status and kind, with `find` in the nickname, upper or lower case."""
    return [
        record
        for record in records
        if (not owner or record.owner == owner)
        and status in ("all", record.status)
        and kind in ("all", kind_of(record.experiment))
        and find.casefold() in record.nickname.casefold()
    ]


def sort(records: Iterable[RunRecord], order: Order) -> list[RunRecord]:
    """In this order, runs that lack what is sorted by at the end."""
    keys: dict[Order, Any] = {
        "newest": lambda r: (False, -r.created.timestamp()),
        "accuracy": lambda r: (r.test_accuracy is None, -(r.test_accuracy or 0.0)),
        "parameters": lambda r: (False, r.experiment.network.parameter_count),
        "seconds": lambda r: (r.seconds is None, r.seconds or 0.0),
        "nickname": lambda r: (not r.nickname, r.nickname.casefold()),
    }
    return sorted(records, key=keys[order])


def smaller_and_better(records: Sequence[RunRecord]) -> tuple[RunRecord, RunRecord] | None:
    """Two of them, the first with fewer parameters and a better accuracy on the same pictures; None without such."""
    tested = [record for record in records if record.test_accuracy is not None]
    for one in tested:
        for other in tested:
            fewer = one.experiment.network.parameter_count < other.experiment.network.parameter_count
            alike = one.experiment.training.data == other.experiment.training.data
            if fewer and alike and (one.test_accuracy or 0.0) > (other.test_accuracy or 0.0):
                return one, other
    return None


@dataclass(frozen=True)
class Rank:
    """A nickname's best run on the class board."""

    nickname: str
    accuracy: float
    """On the test digits, 0 to 1."""
    parameters: int
    seconds: float | None
    runs: int
    """Tested ones of this nickname."""


def rank(records: Iterable[RunRecord]) -> list[Rank]:
    """The best run of each nickname that was tested on MNIST, best first; of equal ones that with fewer parameters."""
    named: dict[str, list[RunRecord]] = {}
    for record in records:
        on_digits = record.experiment.training.data == "mnist"
        if record.nickname and record.test_accuracy is not None and on_digits:
            named.setdefault(record.nickname, []).append(record)
    places = []
    for nickname, runs in named.items():
        best = max(runs, key=lambda r: (r.test_accuracy or 0.0, -r.experiment.network.parameter_count))
        count = best.experiment.network.parameter_count
        places.append(Rank(nickname, best.test_accuracy or 0.0, count, best.seconds, len(runs)))
    return sorted(places, key=lambda place: (-place.accuracy, place.parameters))


def active(records: Iterable[RunRecord]) -> tuple[list[RunRecord], int]:
    """Those that train now, and how many wait."""
    busy = [record for record in records if record.status in ACTIVE]
    training = [record for record in busy if record.status == "training"]
    return training, len(busy) - len(training)


def as_csv(records: Sequence[RunRecord]) -> str:
    """One run a row: results first, then every setting; neither owners nor servers.

    A nickname that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
    """
    rows: list[dict[str, Any]] = []
    for record in records:
        history = {name: values[-1] for name, values in record.history.items() if values}
        rows.append(
            {
                "run": record.id,
                "nickname": _harmless(record.nickname),
                "kind": kind_of(record.experiment),
                "status": record.status,
                "created": record.created.isoformat(timespec="seconds"),
                "parameters": record.experiment.network.parameter_count,
                "epochs done": len(record.history.get("loss", [])),
                **{f"last {name}": value for name, value in history.items()},
                "test_accuracy": record.test_accuracy,
                "wrong": record.wrong,
                "seconds": record.seconds,
                **flatten(record.experiment),
            }
        )
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _harmless(typed: str) -> str:
    return f"'{typed}" if typed[:1] in ("=", "+", "-", "@", "\t", "\r") else typed
