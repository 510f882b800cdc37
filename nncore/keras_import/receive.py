"""Networks made elsewhere: a `.keras` file checked, tried on test digits, kept, and opened again by its name.

To be called in the interactive worker, never in the server's process. Keras gets an archive that is written anew from
what `keras_archive` and `blueprint` let through, and opens it in its safe mode.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from nncore import _keras as keras
from nncore.data import dataset
from nncore.keras_import.architecture import count_parameters, read_plan, takes_flat, write_plan
from nncore.keras_import.archive import AGAIN, OwnNetworkError, Parts, put_together, take_apart
from nncore.networks.forward import Floats, predict_batch
from nncore.storage.network_store import UploadedNetwork, clean_file_name
from nncore.storage.run_record import new_network_id

TRIED = 1_000
"""Test digits, from the first on, that tell which grey values the network wants."""
AT_ONCE = 100
ROUNDING = 1e-5
TINY = 1e-7
CLOSE = 0.02
"""Accuracies that differ by no more tell nothing: twenty digits of a thousand."""


class TrialReading(NamedTuple):
    """What a network made of the first test digits."""

    accuracy: float
    """The share that is read rightly, 0 to 1; -1 where an output is no number."""
    cost: float
    """The mean cross-entropy, of outputs beyond 0 to 1 after a softmax."""
    probabilities: bool
    """Whether all outputs lie between 0 and 1."""


class Reading(NamedTuple):
    """Which grey values a network wants, by its trials."""

    raw: TrialReading
    """With grey values from 0 to 255."""
    scaled: TrialReading
    """With grey values divided by 255."""

    @property
    def scale(self) -> bool:
        """Whether to divide by 255: where both read about as many rightly, as layers with relu may, by the cost."""
        if abs(self.raw.accuracy - self.scaled.accuracy) > CLOSE:
            return self.scaled.accuracy > self.raw.accuracy
        return self.scaled.cost < self.raw.cost

    @property
    def better(self) -> TrialReading:
        """The trial to go by."""
        return self.scaled if self.scale else self.raw


def receive(content: bytes, file_name: str) -> UploadedNetwork:
    """Check the bytes of a `.keras` file, try the network out and keep it; what is known of it then.

    Where its outputs go beyond 0 to 1, as logits do, a softmax is put after its last layer. OwnNetworkError, a
    sentence, for a file that does not serve; StoreError if it cannot be kept.
    """
    from nncore.storage.run_store import (
        default_store,  # here, since SQLAlchemy takes half a second that a first page need not wait
    )

    parts = take_apart(content)
    layers = read_plan(parts.plan)
    flat = takes_flat(parts.plan)
    model = _load(Parts(write_plan(flat, layers), parts.weights))
    reading = try_out(model)
    if not reading.better.probabilities:
        model.add(keras.layers.Softmax(name="added_softmax"))
    about = UploadedNetwork(
        id=new_network_id(),
        name=clean_file_name(file_name),
        scale=reading.scale,
        raw_accuracy=reading.raw.accuracy,
        scaled_accuracy=reading.scaled.accuracy,
        softmax_added=not reading.better.probabilities,
        parameters=count_parameters(flat, layers),
        created=datetime.now(UTC),
    )
    default_store().own_networks.keep(_save(model), about)
    return about


def open_file(content: bytes) -> Any:
    """The keras.Sequential in a file of `receive`, with the same checks as when it came."""
    parts = take_apart(content)
    return _load(Parts(write_plan(takes_flat(parts.plan), read_plan(parts.plan)), parts.weights))


def try_out(model: Any) -> Reading:
    """The network's trials with and without a division by 255; OwnNetworkError if both give outputs without number."""
    digits = dataset.mnist()
    pictures, labels = digits.x_test[:TRIED].astype(np.float32), digits.y_test[:TRIED]
    raw, scaled = (_judge(_outputs(model, pictures / divisor), labels) for divisor in (np.float32(1), np.float32(255)))
    if raw.accuracy < 0 and scaled.accuracy < 0:
        raise OwnNetworkError(
            "Expected outputs that are numbers, received infinite ones, or none, for test digits: a training that "
            "diverged leaves such weights."
        )
    return Reading(raw, scaled)


def _judge(outputs: Floats, labels: NDArray[np.uint8]) -> TrialReading:
    if not np.isfinite(outputs).all():
        return TrialReading(-1.0, float("inf"), probabilities=False)
    shares = bool(outputs.min() >= -ROUNDING and outputs.max() <= 1 + ROUNDING)
    parts = outputs if shares else softmax(outputs.astype(np.float64), axis=1)
    of_label = parts[np.arange(len(labels)), labels] / np.maximum(parts.sum(axis=1), TINY)
    cost = float(-np.log(np.maximum(of_label, TINY)).mean())
    return TrialReading(float((outputs.argmax(axis=1) == labels).mean()), cost, shares)


def _outputs(model: Any, pictures: Floats) -> Floats:
    blocks = [predict_batch(model, pictures[first : first + AT_ONCE]) for first in range(0, len(pictures), AT_ONCE)]
    return np.concatenate(blocks)


def _load(parts: Parts) -> Any:
    load = keras.models.load_model
    with tempfile.TemporaryDirectory(prefix="nncore-") as folder:
        path = Path(folder) / "own.keras"
        path.write_bytes(put_together(parts, version("keras")))
        try:
            return load(path, compile=False, safe_mode=True)
        except Exception:  # whatever Keras makes of weights that belong to other layers
            raise OwnNetworkError(
                f"Expected weights that fit the layers in the file, received others. {AGAIN}"
            ) from None


def _save(model: Any) -> bytes:
    with tempfile.TemporaryDirectory(prefix="nncore-") as folder:
        path = Path(folder) / "own.keras"
        model.save(path)
        return path.read_bytes()
