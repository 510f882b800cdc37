"""Test accuracy of a network with some units or maps changed, measured in parts and cached for the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import streamlit as st

from nncore.analysis import classification, map_ablation
from nncore.analysis.classification import Evaluation
from nncore.cluster.engine import default_engine

SINGLY = 2_000
"""Number of test digits on which each single map is measured."""
CACHE_SIZE = 40
Result = TypeVar("Result")


@dataclass(frozen=True)
class Layer:
    """A hidden dense layer, with units, or a convolution, with maps."""

    what: str
    """`unit` or `map`."""
    number: int
    """Its index among the hidden dense layers, or among the convolutions, from 0."""
    count: int


class AblatedAccuracy(NamedTuple):
    """Test accuracy with some units changed, and `full` with none, both on the first `digits` test digits."""

    accuracy: float
    full: float
    digits: int


class OneByOne(NamedTuple):
    """Test accuracy with each single unit changed, and `full` with none, on the first `digits` test digits."""

    accuracies: list[float]
    full: float
    digits: int


def ablated_accuracy(
    name: str, summary: Evaluation, layer: Layer, changed: Sequence[int], factor: float
) -> AblatedAccuracy:
    """Measure the accuracy with the outputs of the `changed` units or maps multiplied by `factor`."""
    if layer.what == "unit":
        now = default_engine().ask(classification.accuracy_with, name, layer.number, changed, factor)
        return AblatedAccuracy(now, summary.accuracy, summary.tested)
    asked = (name, summary.matrix.tobytes(), layer, tuple(changed), factor)
    return _cached(asked, lambda: _without_maps(name, summary, layer, changed, factor))


def _without_maps(
    name: str, summary: Evaluation, layer: Layer, changed: Sequence[int], factor: float
) -> AblatedAccuracy:
    digits = _keep(name, layer)
    now = _accuracy(name, layer, changed, factor, digits)
    full = summary.accuracy if digits == summary.tested else _accuracy(name, layer, (), 1.0, digits)
    return AblatedAccuracy(now, full, digits)


def one_by_one(name: str, summary: Evaluation, layer: Layer, factor: float) -> OneByOne:
    """Measure the accuracy with the output of each single unit or map multiplied by `factor`; shows a progress bar."""
    asked = (name, summary.matrix.tobytes(), layer, factor)
    return _cached(asked, lambda: _one_by_one(name, summary, layer, factor))


def _one_by_one(name: str, summary: Evaluation, layer: Layer, factor: float) -> OneByOne:
    bar, found = st.empty(), list[float]()
    digits = summary.tested if layer.what == "unit" else min(SINGLY, _keep(name, layer))
    while len(found) < layer.count:
        if layer.what == "unit":
            found += default_engine().ask(classification.accuracies_one_by_one, name, layer.number, factor, len(found))
        else:
            found.append(_accuracy(name, layer, [len(found)], factor, digits))
        bar.progress(
            len(found) / layer.count, f"Switching off {len(found)} of {layer.count} {layer.what}s, one at a time"
        )
    bar.empty()
    whole = digits == summary.tested
    return OneByOne(found, summary.accuracy if whole else _accuracy(name, layer, (), 1.0, digits), digits)


def _keep(name: str, layer: Layer) -> int:
    """Have the worker keep the layer's maps of the test digits; return the number of digits."""
    bar = st.empty()
    while (progress := default_engine().ask(map_ablation.cache_pooled_maps, name, layer.number)).done < progress.total:
        words = f"Computing the maps of {progress.total:,} test pictures, once for this layer"
        bar.progress(progress.done / progress.total, words)
    bar.empty()
    return progress.total


def _accuracy(name: str, layer: Layer, changed: Sequence[int], factor: float, digits: int) -> float:
    right = upto = 0
    while upto < digits:
        count = default_engine().ask(
            map_ablation.count_correct, name, layer.number, list(changed), factor, upto, digits
        )
        right, upto = right + count.correct, count.upto
    return right / digits


def _cached(asked: tuple[object, ...], measure: Callable[[], Result]) -> Result:
    """The result cached in this session under `asked`, which holds the confusion matrix: it changes with training."""
    known: dict[tuple[object, ...], Result] = st.session_state.setdefault("ablated accuracies", {})
    if asked not in known:
        known[asked] = measure()
        while len(known) > CACHE_SIZE:
            del known[next(iter(known))]
    return known[asked]
