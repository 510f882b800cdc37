"""Tests trained networks by name on all test digits, in the interactive worker.

A test is done in parts of a fraction of a second (`continue_evaluation`), so that other questions come in between. The
worker keeps the outputs of the dense layers, and answers all further questions from them in milliseconds.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nncore.data import contact_sheet
from nncore.data.dataset import Dataset
from nncore.networks import evaluation
from nncore.networks.build import prepare_inputs
from nncore.networks.evaluation import Floats, LayerHealth, Mistake
from nncore.registry.datasets import open_dataset
from nncore.registry.networks import Network, load_network
from nncore.specs import datasets

PART_SECONDS = 0.15
"""About the longest time that other questions have to wait."""
PART = 1000
"""Images that go through the network at once: some hundred megabytes for the largest convolutions."""
MEMORY = 300_000_000
"""Bytes of layer outputs that are kept, for the networks asked about last."""


@dataclass
class _Test:
    """The state of one network's test, which may be unfinished."""

    parts: list[list[Floats]] = field(default_factory=list)
    peaks: list[list[Floats]] = field(default_factory=list)
    """For each part, the largest values of all maps of each convolution, (n, maps)."""
    done: int = 0
    layers: list[Floats] = field(default_factory=list)
    """The outputs of the hidden dense layers and of the last layer, (n, units), once all parts are done."""
    bytes: int = 0


@dataclass(frozen=True)
class Evaluation:
    """The result of a test on all test digits."""

    tested: int
    """How many test images there are."""
    accuracy: float
    """The share that was classified correctly, 0 to 1."""
    matrix: NDArray[np.intp]
    """The confusion matrix (10, 10): rows are the true digits, columns the predicted ones."""
    by_class: NDArray[np.float64]
    """The share of each digit's images that was classified correctly, (10,)."""
    units: tuple[int, ...]
    """How many units each hidden dense layer has."""
    maps: tuple[int, ...]
    """How many maps each convolution has."""
    health: tuple[LayerHealth, ...]
    """The state of the hidden dense layers, then of the convolutions."""
    classes: tuple[str, ...]
    """The names of the ten classes: the digits, or whatever the images show."""
    things: str
    """The plural noun for what the images show."""
    train_pictures: int
    """How many training images the data set has."""
    sound: bool
    """Whether all outputs are finite, which they are not after a training that diverged."""


@dataclass(frozen=True)
class Examples:
    """Test images side by side, and the network's prediction for each."""

    sheet: contact_sheet.ContactSheet
    predictions: tuple[Mistake, ...]
    """The predictions in the order of the sheet; those of a cell on the diagonal are correct."""
    total: int
    """How many such images there are; the sheet shows the first that fit."""


_tests: OrderedDict[tuple[str, int], _Test] = OrderedDict()
_networks: dict[tuple[str, int], Network] = {}


def continue_evaluation(name: str) -> float:
    """Continue the named network's test for PART_SECONDS, and return the share that is done, 1 at the end.

    Raises UnknownNetworkError, a LookupError, for an unknown name.
    """
    network = load_network(name)
    test = _test_of(name, network)
    started = time.monotonic()
    digits = _dataset_of(network)
    while not test.layers and time.monotonic() - started < PART_SECONDS:
        _test_part(test, network, digits)
    return 1.0 if test.layers else test.done / len(digits.x_test)


def _dataset_of(network: Network) -> Dataset:
    return open_dataset(network.data)


def classes_of(name: str) -> tuple[str, ...]:
    """The names of the ten classes of the named network; raises LookupError for an unknown name."""
    return datasets.classes_of(load_network(name).data)


def _test_of(name: str, network: Network) -> _Test:
    """Find or start this network's test; a run that went on since has another model and starts anew."""
    key = (name, id(network.model))
    if key not in _tests:
        for old in [key for key in _tests if key[0] == name]:
            del _tests[old], _networks[old]
        _tests[key], _networks[key] = _Test(), network  # holding the network keeps its id from being reused
    _tests.move_to_end(key)
    while len(_tests) > 1 and sum(test.bytes for test in _tests.values()) > MEMORY:
        oldest, _ = _tests.popitem(last=False)
        del _networks[oldest]
    return _tests[key]


def _test_part(test: _Test, network: Network, digits: Dataset) -> None:
    pictures = digits.x_test[test.done : test.done + PART]
    prepared = prepare_inputs(pictures, network.experiment.network, scale=network.experiment.training.scale)
    outputs, peaks = evaluation.outputs_and_peaks(network.model, prepared)
    test.parts.append(outputs)
    test.peaks.append(peaks)
    test.done += len(pictures)
    if test.done >= len(digits.x_test):
        test.layers = [np.concatenate(layer) for layer in zip(*test.parts, strict=True)]
        test.parts = []
        test.bytes = sum(layer.nbytes for layer in test.layers)


def _finished(name: str) -> tuple[Network, list[Floats], Dataset]:
    """Finish the test and return the network, its layers' outputs and the data set."""
    while continue_evaluation(name) < 1:
        pass
    network = load_network(name)
    return network, _test_of(name, network).layers, _dataset_of(network)


def summarize(name: str) -> Evaluation:
    """Evaluate the named network on all test digits: accuracy, confusion, and the state of its hidden layers.

    Finishes the test first. Raises LookupError for an unknown name.
    """
    network, (*hidden, outputs), pictures = _finished(name)
    labels = pictures.y_test
    matrix = evaluation.confusion(labels, outputs.argmax(axis=1))
    units = [
        evaluation.examine_layer(number, network.model.layers[place].activation.__name__, values)
        for number, (place, values) in enumerate(zip(evaluation.hidden_layers(network.model), hidden, strict=True), 1)
    ]
    peaks = [np.concatenate(layer) for layer in zip(*_test_of(name, network).peaks, strict=True)]
    maps = [
        evaluation.examine_maps(number, network.model.layers[place].activation.__name__, values)
        for number, (place, values) in enumerate(zip(evaluation.convolutions(network.model), peaks, strict=True), 1)
    ]
    return Evaluation(
        tested=len(labels),
        accuracy=evaluation.accuracy(outputs, labels),
        matrix=matrix,
        by_class=evaluation.class_accuracy(matrix),
        units=tuple(values.shape[1] for values in hidden),
        maps=tuple(layer.units for layer in maps),
        health=(*units, *maps),
        classes=pictures.classes,
        things=pictures.things,
        train_pictures=len(pictures.x_train),
        sound=bool(np.isfinite(outputs).all()),
    )


def open_cell(name: str, label: int, predicted: int) -> Examples:
    """Show the test images of digit `label` that were predicted as `predicted`, those with the highest output first.

    Both digits are 0 to 9.
    """
    _, (*_, outputs), pictures = _finished(name)
    labels = pictures.y_test
    indices = np.flatnonzero((labels == label) & (outputs.argmax(axis=1) == predicted))
    indices = indices[np.argsort(-outputs[indices, predicted], kind="stable")]
    shown = indices[: contact_sheet.SHEET]
    predictions = tuple(
        Mistake(int(n), label, predicted, float(outputs[n, predicted]), float(outputs[n, label])) for n in shown
    )
    return Examples(contact_sheet.show(pictures.x_test, shown), predictions, len(indices))


def open_mistakes(name: str, count: int) -> Examples:
    """Show at most `count` of the worst mistakes, as `evaluation.worst_mistakes` ranks them."""
    _, (*_, outputs), pictures = _finished(name)
    labels = pictures.y_test
    found = evaluation.worst_mistakes(outputs, labels, count)
    wrong = int((outputs.argmax(axis=1) != labels).sum())
    places = np.array([mistake.index for mistake in found], np.intp)
    return Examples(contact_sheet.show(pictures.x_test, places), tuple(found), wrong)


def accuracy_with(name: str, layer: int, units: Sequence[int], factor: float) -> float:
    """Test accuracy, 0 to 1, if the outputs of these units of hidden dense layer `layer` are multiplied by `factor`.

    Layers and units are counted from 0; raises IndexError for one that does not exist.
    """
    network, (*hidden, _), pictures = _finished(name)
    if not 0 <= layer < len(hidden):
        raise IndexError(f"expected a hidden layer from 0 to {len(hidden) - 1}, received {layer}")
    factors = evaluation.factors_for(hidden[layer].shape[1], units, factor)
    return evaluation.accuracy(evaluation.outputs_with(network.model, layer, hidden[layer], factors), pictures.y_test)


def accuracies_one_by_one(name: str, layer: int, factor: float, first: int = 0) -> list[float]:
    """Test accuracies with only unit `first` multiplied by `factor`, then only the next one, and so on.

    Returns as many as PART_SECONDS allow, at least one, or fewer at the end of the layer.
    """
    _, (*hidden, _), _ = _finished(name)
    units = hidden[layer].shape[1]
    started, found = time.monotonic(), [accuracy_with(name, layer, [first], factor)]
    while first + len(found) < units and time.monotonic() - started < PART_SECONDS:
        found.append(accuracy_with(name, layer, [first + len(found)], factor))
    return found
