"""Trained networks by name, tested on all test digits: what the pages under a training ask the interactive worker.

A test is done in parts of a fraction of a second (`continue_evaluation`), so that other questions come in between; the
worker keeps what the dense layers gave, and answers all further questions from there in milliseconds.
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
"""Other questions wait for no more than about this."""
PART = 1000
"""Pictures that go through the network at once: some hundred megabytes for the largest convolutions."""
MEMORY = 300_000_000
"""Bytes of layers' outputs that are kept, of the networks asked about last."""


@dataclass
class _Test:
    """One network on its way through the test digits."""

    parts: list[list[Floats]] = field(default_factory=list)
    peaks: list[list[Floats]] = field(default_factory=list)
    """The largest values of all maps of each convolution, part by part."""
    done: int = 0
    layers: list[Floats] = field(default_factory=list)
    """Outputs of the hidden dense layers and of the last, once all parts are there."""
    bytes: int = 0


@dataclass(frozen=True)
class Evaluation:
    """What a test on all test digits came to."""

    tested: int
    accuracy: float
    """0 to 1."""
    matrix: NDArray[np.intp]
    """(10, 10), rows the digit, columns what was read."""
    by_class: NDArray[np.float64]
    """(10,), the share of each digit's pictures that was read rightly."""
    units: tuple[int, ...]
    """Units of each hidden dense layer."""
    maps: tuple[int, ...]
    """Of each convolution."""
    health: tuple[LayerHealth, ...]
    classes: tuple[str, ...]
    """Names of the ten classes: the digits, or what else the pictures show."""
    things: str
    """What the test pictures show, in the plural."""
    train_pictures: int
    """How many the set has to train on."""
    sound: bool
    """Whether all outputs are numbers; a training that diverged leaves none."""


@dataclass(frozen=True)
class Examples:
    """Test pictures side by side, and what the network made of each."""

    sheet: contact_sheet.ContactSheet
    read: tuple[Mistake, ...]
    """In the order of the sheet, with rightly read pictures too."""
    total: int
    """How many there are; the sheet shows the first that fit."""


_tests: OrderedDict[tuple[str, int], _Test] = OrderedDict()
_networks: dict[tuple[str, int], Network] = {}


def continue_evaluation(name: str) -> float:
    """Go on testing for PART_SECONDS; the share done, 1 when the test is over. LookupError for an unknown name."""
    network = load_network(name)
    test = _begun(name, network)
    started = time.monotonic()
    digits = _pictures_of(network)
    while not test.layers and time.monotonic() - started < PART_SECONDS:
        _test_part(test, network, digits)
    return 1.0 if test.layers else test.done / len(digits.x_test)


def _pictures_of(network: Network) -> Dataset:
    return open_dataset(network.data)


def classes_of(name: str) -> tuple[str, ...]:
    """What the ten outputs of the named network stand for. LookupError for an unknown name."""
    return datasets.classes_of(load_network(name).data)


def _begun(name: str, network: Network) -> _Test:
    """This network's test; a run that went on since is another network and begins anew."""
    key = (name, id(network.model))
    if key not in _tests:
        for old in [key for key in _tests if key[0] == name]:
            del _tests[old], _networks[old]
        _tests[key], _networks[key] = _Test(), network  # the network is held, so that its id is not given again
    _tests.move_to_end(key)
    while len(_tests) > 1 and sum(test.bytes for test in _tests.values()) > MEMORY:
        oldest, _ = _tests.popitem(last=False)
        del _networks[oldest]
    return _tests[key]


def _test_part(test: _Test, network: Network, digits: Dataset) -> None:
    pictures = digits.x_test[test.done : test.done + PART]
    prepared = prepare_inputs(pictures, network.experiment.network, scale=network.experiment.training.scale)
    outputs, peaks = evaluation.look_through(network.model, prepared)
    test.parts.append(outputs)
    test.peaks.append(peaks)
    test.done += len(pictures)
    if test.done >= len(digits.x_test):
        test.layers = [np.concatenate(layer) for layer in zip(*test.parts, strict=True)]
        test.parts = []
        test.bytes = sum(layer.nbytes for layer in test.layers)


def _finished(name: str) -> tuple[Network, list[Floats], Dataset]:
    """The network, its layers' outputs and the pictures."""
    while continue_evaluation(name) < 1:
        pass
    network = load_network(name)
    return network, _begun(name, network).layers, _pictures_of(network)


def summarize(name: str) -> Evaluation:
    """Accuracy, confusion and the state of the hidden units of the named network."""
    network, (*hidden, outputs), pictures = _finished(name)
    labels = pictures.y_test
    matrix = evaluation.confusion(labels, outputs.argmax(axis=1))
    units = [
        evaluation.examine_layer(number, network.model.layers[place].activation.__name__, values)
        for number, (place, values) in enumerate(zip(evaluation.hidden_layers(network.model), hidden, strict=True), 1)
    ]
    peaks = [np.concatenate(layer) for layer in zip(*_begun(name, network).peaks, strict=True)]
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


def open_cell(name: str, label: int, read: int) -> Examples:
    """The test pictures of digit `label` that were read as `read`, the surest first."""
    _, (*_, outputs), pictures = _finished(name)
    labels = pictures.y_test
    indices = np.flatnonzero((labels == label) & (outputs.argmax(axis=1) == read))
    indices = indices[np.argsort(-outputs[indices, read], kind="stable")]
    shown = indices[: contact_sheet.SHEET]
    readings = tuple(Mistake(int(n), label, read, float(outputs[n, read]), float(outputs[n, label])) for n in shown)
    return Examples(contact_sheet.show(pictures.x_test, shown), readings, len(indices))


def open_mistakes(name: str, count: int) -> Examples:
    """The worst mistakes, at most `count` of them."""
    _, (*_, outputs), pictures = _finished(name)
    labels = pictures.y_test
    found = evaluation.worst_mistakes(outputs, labels, count)
    wrong = int((outputs.argmax(axis=1) != labels).sum())
    places = np.array([mistake.index for mistake in found], np.intp)
    return Examples(contact_sheet.show(pictures.x_test, places), tuple(found), wrong)


def accuracy_with(name: str, layer: int, units: Sequence[int], factor: float) -> float:
    """Test accuracy, 0 to 1, when these units of hidden dense layer `layer`, from 0, give `factor` times their output.

    IndexError for a layer or a unit that is not there.
    """
    network, (*hidden, _), pictures = _finished(name)
    if not 0 <= layer < len(hidden):
        raise IndexError(f"expected a hidden layer from 0 to {len(hidden) - 1}, received {layer}")
    factors = evaluation.factors_for(hidden[layer].shape[1], units, factor)
    return evaluation.accuracy(evaluation.outputs_with(network.model, layer, hidden[layer], factors), pictures.y_test)


def accuracies_one_by_one(name: str, layer: int, factor: float, first: int = 0) -> list[float]:
    """Test accuracies with unit `first` alone at `factor`, then the next one alone, for PART_SECONDS; at least one."""
    _, (*hidden, _), _ = _finished(name)
    units = hidden[layer].shape[1]
    started, found = time.monotonic(), [accuracy_with(name, layer, [first], factor)]
    while first + len(found) < units and time.monotonic() - started < PART_SECONDS:
        found.append(accuracy_with(name, layer, [first + len(found)], factor))
    return found
