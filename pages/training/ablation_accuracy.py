"""Test accuracy of a network with some units or maps changed, asked for in parts and kept for the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import streamlit as st

from nncore.analysis import classification, map_ablation
from nncore.analysis.classification import Evaluation
from nncore.cluster.engine import default_engine

SINGLY = 2_000
"""Test digits on which each map alone is measured."""
REMEMBERED = 40
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Layer:
    """A hidden dense layer with its units, or a convolution with its maps."""

    what: str
    """`unit` or `map`."""
    number: int
    """Among the hidden dense layers, or the convolutions, from 0."""
    count: int


class AblatedAccuracy(NamedTuple):
    """With some units changed, and beside it with none; the digits are the first ones."""

    accuracy: float
    full: float
    digits: int


class OneByOne(NamedTuple):
    """With each unit alone changed, and with none."""

    accuracies: list[float]
    full: float
    digits: int


def accuracy(name: str, summary: Evaluation, layer: Layer, changed: Sequence[int], factor: float) -> AblatedAccuracy:
    """With the changed units or maps at `factor` times their output."""
    if layer.what == "unit":
        now = default_engine().ask(classification.accuracy_with, name, layer.number, changed, factor)
        return AblatedAccuracy(now, summary.accuracy, summary.tested)
    asked = (name, summary.matrix.tobytes(), layer, tuple(changed), factor)
    return _once(asked, lambda: _of_maps(name, summary, layer, changed, factor))


def _of_maps(name: str, summary: Evaluation, layer: Layer, changed: Sequence[int], factor: float) -> AblatedAccuracy:
    digits = _keep(name, layer)
    now = _share_right(name, layer, changed, factor, digits)
    full = summary.accuracy if digits == summary.tested else _share_right(name, layer, (), 1.0, digits)
    return AblatedAccuracy(now, full, digits)


def one_by_one(name: str, summary: Evaluation, layer: Layer, factor: float) -> OneByOne:
    """With each unit, or map, alone at `factor`; a bar shows how far it is."""
    asked = (name, summary.matrix.tobytes(), layer, factor)
    return _once(asked, lambda: _each(name, summary, layer, factor))


def _each(name: str, summary: Evaluation, layer: Layer, factor: float) -> OneByOne:
    bar, found = st.empty(), list[float]()
    digits = summary.tested if layer.what == "unit" else min(SINGLY, _keep(name, layer))
    while len(found) < layer.count:
        if layer.what == "unit":
            found += default_engine().ask(classification.accuracies_one_by_one, name, layer.number, factor, len(found))
        else:
            found.append(_share_right(name, layer, [len(found)], factor, digits))
        bar.progress(
            len(found) / layer.count, f"Switching off {len(found)} of {layer.count} {layer.what}s, one at a time"
        )
    bar.empty()
    whole = digits == summary.tested
    return OneByOne(found, summary.accuracy if whole else _share_right(name, layer, (), 1.0, digits), digits)


def _keep(name: str, layer: Layer) -> int:
    """Have the worker keep the maps of the test digits; how many digits those are."""
    bar = st.empty()
    while (progress := default_engine().ask(map_ablation.keep_further, name, layer.number)).done < progress.total:
        words = f"Computing the maps of {progress.total:,} test pictures, once for this layer"
        bar.progress(progress.done / progress.total, words)
    bar.empty()
    return progress.total


def _share_right(name: str, layer: Layer, changed: Sequence[int], factor: float, digits: int) -> float:
    right = upto = 0
    while upto < digits:
        count = default_engine().ask(map_ablation.count_right, name, layer.number, list(changed), factor, upto, digits)
        right, upto = right + count.right, count.upto
    return right / digits


def _once(asked: tuple[object, ...], measure: Callable[[], Answer]) -> Answer:
    """What was measured in this session; a network that trained on is another, as its summary says."""
    known: dict[tuple[object, ...], Answer] = st.session_state.setdefault("remeasured", {})
    if asked not in known:
        known[asked] = measure()
        while len(known) > REMEMBERED:
            del known[next(iter(known))]
    return known[asked]
