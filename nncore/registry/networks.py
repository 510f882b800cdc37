"""Trained networks by name: `model1` to `model4` as this project trained them, a run's network, or an uploaded one.

The interactive worker keeps the last few in memory, so that it answers a question about one in milliseconds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from nncore.networks.build import unpack_model
from nncore.reference import load_reference
from nncore.specs.experiment import Experiment
from nncore.specs.presets import PRESETS, preset
from nncore.storage.run_record import OWN_NETWORK, WAYS

Answer = TypeVar("Answer")


class UnknownNetworkError(LookupError):
    """No reference model, trained run or uploaded network has this name; the message is a sentence."""


class Network(NamedTuple):
    """A trained keras.Sequential and the images that it is for."""

    model: Any
    scale: bool
    """Whether its inputs are pixel values divided by 255."""
    data: str
    """The name of its data set, as in `specs.experiment.TrainingSpec.data`."""
    origin: Experiment | None = None
    """How it was trained; None for an uploaded network."""

    @property
    def experiment(self) -> Experiment:
        """How the network was trained; raises UnknownNetworkError for an uploaded network."""
        if self.origin is None:
            raise UnknownNetworkError("How this network was trained is not known: it was made elsewhere.")
        return self.origin


def load_network(name: str) -> Network:
    """Load the network with this name: `model1` to `model4`, the id of a run, or the id of an uploaded network.

    An uploaded network's id may end in `.raw` or `.scaled`, which sets its pixel values to 0 to 255 or 0 to 1. Raises
    UnknownNetworkError if there is no such network or its run has no weights yet.
    """
    if name in PRESETS:
        return _open_reference(name)
    if name.startswith(OWN_NETWORK):
        return _open_file(name)
    from nncore.storage.run_store import (
        default_store,  # imported here: SQLAlchemy takes half a second that a first page need not wait for
    )

    run = default_store().load(name)
    found = _open_run(name, run.attempt, run.updated) if run else None
    if found is None:
        raise UnknownNetworkError(
            f"expected model1 to model4 or the id of a run with a trained network, received {name!r}"
        )
    return found


@lru_cache(maxsize=4)
def _open_reference(name: str) -> Network:
    return _trained(load_reference(name), preset(name))


@lru_cache(maxsize=8)
def _open_run(run_id: str, _attempt: int, _written: datetime) -> Network:
    """The network as its run last wrote it. A run that goes on writes another one, with a later time."""
    from nncore.storage.run_store import default_store

    run, weights = default_store().load(run_id), default_store().load_weights(run_id)
    if run is None or weights is None:
        raise UnknownNetworkError(f"The run {run_id!r} has no trained network yet: train it for an epoch first.")
    return _trained(unpack_model(run.experiment.network, weights), run.experiment)


@lru_cache(maxsize=4)
def _open_file(name: str) -> Network:
    """An uploaded network, which never changes: `keras-…`, or `keras-….raw` and `keras-….scaled`."""
    from nncore.keras_import.receive import open_file
    from nncore.storage.run_store import default_store

    kept, (identity, _, way) = default_store().own_networks, name.partition(".")
    about, file = kept.find(identity), kept.load_file(identity)
    if about is None or file is None:
        raise UnknownNetworkError(f"The network {name!r} is not kept here any more: open its file again.")
    return Network(open_file(file), WAYS.get(way, about.scale), "mnist")


def _trained(model: Any, experiment: Experiment) -> Network:
    return Network(model, experiment.training.scale, experiment.training.data, experiment)


def input_scaling(name: str) -> tuple[bool, str]:
    """Whether the named network expects pixel values divided by 255, and the name of its data set.

    Raises UnknownNetworkError for an unknown name.
    """
    network = load_network(name)
    return network.scale, network.data


def to_keras_file(name: str) -> bytes:
    """Save the named network in Keras' file format, for `keras.models.load_model`, and return the bytes.

    Raises UnknownNetworkError for an unknown name.
    """
    with tempfile.TemporaryDirectory(prefix="nncore-") as folder:
        path = Path(folder) / "network.keras"
        load_network(name).model.save(path)
        return path.read_bytes()


def apply_to_network(
    function: Callable[..., Answer], name: str, image: NDArray[Any], *arguments: Any, **options: Any
) -> Answer:
    """Return `function(model, image, ...)` for the named network, computed in the calling process.

    The image is (28, 28), or (n, 28, 28), with values from 0 to 255; it is divided by 255 if the network was trained
    so. Raises UnknownNetworkError for an unknown name.
    """
    network = load_network(name)
    prepared = np.asarray(image, np.float32) / np.float32(255 if network.scale else 1)
    return function(network.model, prepared, *arguments, **options)
