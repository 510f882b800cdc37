"""Trained networks by name: `model1` to `model4` as this project trained them, a finished run, or a visitor's file.

The interactive worker keeps the last few open, so that a question about one is answered in milliseconds.
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

from nncore.networks.build import PRESETS, preset, unpack_model
from nncore.reference import load_reference
from nncore.specs.experiment import Experiment
from nncore.storage.run_record import OWN_NETWORK, WAYS

Answer = TypeVar("Answer")


class UnknownNetworkError(LookupError):
    """No reference model, no finished run and no file has this name; the message is a sentence."""


class Network(NamedTuple):
    """A trained keras.Sequential and the pictures that it is for."""

    model: Any
    scale: bool
    """Whether it reads grey values divided by 255."""
    data: str
    """The set of pictures, as `specs.TrainingSpec.data` has it."""
    origin: Experiment | None = None
    """What was trained; None for a network made elsewhere."""

    @property
    def experiment(self) -> Experiment:
        """What was trained; UnknownNetworkError for a network made elsewhere."""
        if self.origin is None:
            raise UnknownNetworkError("How this network was trained is not known: it was made elsewhere.")
        return self.origin


def load_network(name: str) -> Network:
    """The network of this name; UnknownNetworkError if there is none or its run has no weights."""
    if name in PRESETS:
        return _open_reference(name)
    if name.startswith(OWN_NETWORK):
        return _open_file(name)
    from nncore.storage.run_store import (
        default_store,  # here, since SQLAlchemy takes half a second that a first page need not wait
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
    """The run's network as it was last written: one that goes on, or whose result is on its way, has others later."""
    from nncore.storage.run_store import default_store

    run, weights = default_store().load(run_id), default_store().load_weights(run_id)
    if run is None or weights is None:
        raise UnknownNetworkError(f"The run {run_id!r} has no trained network yet: train it for an epoch first.")
    return _trained(unpack_model(run.experiment.network, weights), run.experiment)


@lru_cache(maxsize=4)
def _open_file(name: str) -> Network:
    """A visitor's network, which is never written again: `keras-…`, or `keras-….raw` and `keras-….scaled`."""
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
    """Whether the named network wants grey values divided by 255, and the set of pictures it is for."""
    network = load_network(name)
    return network.scale, network.data


def to_keras_file(name: str) -> bytes:
    """The named network as Keras' own file format, for `keras.models.load_model`; UnknownNetworkError as above."""
    with tempfile.TemporaryDirectory(prefix="nncore-") as folder:
        path = Path(folder) / "network.keras"
        load_network(name).model.save(path)
        return path.read_bytes()


def apply_to_network(
    function: Callable[..., Answer], name: str, picture: NDArray[Any], *arguments: Any, **options: Any
) -> Answer:
    """`function(model, picture, ...)` on the named network, in the process that calls this.

    The picture is (28, 28) with values from 0 to 255; it is divided by 255 if the network was trained so.
    """
    network = load_network(name)
    prepared = np.asarray(picture, np.float32) / np.float32(255 if network.scale else 1)
    return function(network.model, prepared, *arguments, **options)
