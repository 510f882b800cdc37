"""Receives uploaded networks: checks a `.keras` file, tries it on test digits, stores it, and opens it again.

Call this in the interactive worker, never in the server's process. Keras gets an archive that is written anew from what
`archive` and `architecture` let through, and opens it in its safe mode.
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
from nncore.keras_import.architecture import count_parameters, read_config, takes_flat, write_config
from nncore.keras_import.archive import AGAIN, Parts, UploadedNetworkError, read_archive, write_archive
from nncore.networks.forward import Floats, predict_batch
from nncore.storage.network_store import UploadedNetwork, clean_file_name
from nncore.storage.run_record import new_network_id

TRIED = 1_000
"""How many test digits, from the first on, decide which pixel values the network expects."""
BATCH = 100
ROUNDING = 1e-5
TINY = 1e-7
CLOSE = 0.02
"""Accuracies that differ by no more than this decide nothing: it is twenty digits of a thousand."""


class TrialResult(NamedTuple):
    """How a network did on the first test digits."""

    accuracy: float
    """The share that is classified correctly, 0 to 1; -1 where an output is not finite."""
    cost: float
    """The mean cross-entropy; where outputs lie outside 0 to 1, it is taken after a softmax."""
    probabilities: bool
    """Whether all outputs lie between 0 and 1."""


class ScalingTrials(NamedTuple):
    """Which pixel values a network expects, judged by its results with both."""

    raw: TrialResult
    """The result with pixel values from 0 to 255."""
    scaled: TrialResult
    """The result with pixel values divided by 255."""

    @property
    def scale(self) -> bool:
        """Whether to divide by 255.

        The higher accuracy decides, or where both are about equal, as they may be with relu, the lower cost.
        """
        if abs(self.raw.accuracy - self.scaled.accuracy) > CLOSE:
            return self.scaled.accuracy > self.raw.accuracy
        return self.scaled.cost < self.raw.cost

    @property
    def better(self) -> TrialResult:
        """The result with the pixel values that `scale` chooses."""
        return self.scaled if self.scale else self.raw


def receive(content: bytes, file_name: str) -> UploadedNetwork:
    """Check the bytes of a `.keras` file, try the network out, store it, and return its description.

    Where its outputs go beyond 0 to 1, as logits do, a softmax is added after its last layer. Raises
    UploadedNetworkError for a file that cannot be used and StoreError if it cannot be stored.
    """
    from nncore.storage.run_store import (
        default_store,  # imported here: SQLAlchemy takes half a second that a first page need not wait for
    )

    parts = read_archive(content)
    layers = read_config(parts.config)
    flat = takes_flat(parts.config)
    model = _load(Parts(write_config(flat, layers), parts.weights))
    trials = try_out(model)
    if not trials.better.probabilities:
        model.add(keras.layers.Softmax(name="added_softmax"))
    about = UploadedNetwork(
        id=new_network_id(),
        name=clean_file_name(file_name),
        scale=trials.scale,
        raw_accuracy=trials.raw.accuracy,
        scaled_accuracy=trials.scaled.accuracy,
        softmax_added=not trials.better.probabilities,
        parameters=count_parameters(flat, layers),
        created=datetime.now(UTC),
    )
    default_store().own_networks.keep(_save(model), about)
    return about


def open_file(content: bytes) -> Any:
    """Open the keras.Sequential in a file that `receive` stored, with the same checks as when it was uploaded."""
    parts = read_archive(content)
    return _load(Parts(write_config(takes_flat(parts.config), read_config(parts.config)), parts.weights))


def try_out(model: Any) -> ScalingTrials:
    """Try the network on test digits with and without a division by 255.

    Raises UploadedNetworkError if some outputs are not finite in both cases.
    """
    digits = dataset.mnist()
    images, labels = digits.x_test[:TRIED].astype(np.float32), digits.y_test[:TRIED]
    raw, scaled = (_judge(_outputs(model, images / divisor), labels) for divisor in (np.float32(1), np.float32(255)))
    if raw.accuracy < 0 and scaled.accuracy < 0:
        raise UploadedNetworkError(
            "Expected outputs that are numbers, received infinite ones, or none, for test digits: a training that "
            "diverged leaves such weights."
        )
    return ScalingTrials(raw, scaled)


def _judge(outputs: Floats, labels: NDArray[np.uint8]) -> TrialResult:
    if not np.isfinite(outputs).all():
        return TrialResult(-1.0, float("inf"), probabilities=False)
    probabilities = bool(outputs.min() >= -ROUNDING and outputs.max() <= 1 + ROUNDING)
    scores = outputs if probabilities else softmax(outputs.astype(np.float64), axis=1)
    true_score = scores[np.arange(len(labels)), labels] / np.maximum(scores.sum(axis=1), TINY)
    cost = float(-np.log(np.maximum(true_score, TINY)).mean())
    return TrialResult(float((outputs.argmax(axis=1) == labels).mean()), cost, probabilities)


def _outputs(model: Any, images: Floats) -> Floats:
    blocks = [predict_batch(model, images[first : first + BATCH]) for first in range(0, len(images), BATCH)]
    return np.concatenate(blocks)


def _load(parts: Parts) -> Any:
    load = keras.models.load_model
    with tempfile.TemporaryDirectory(prefix="nncore-") as folder:
        path = Path(folder) / "network.keras"
        path.write_bytes(write_archive(parts, version("keras")))
        try:
            return load(path, compile=False, safe_mode=True)
        except Exception:  # Keras has no one exception for weights that belong to other layers
            raise UploadedNetworkError(
                f"Expected weights that fit the layers in the file, received others. {AGAIN}"
            ) from None


def _save(model: Any) -> bytes:
    with tempfile.TemporaryDirectory(prefix="nncore-") as folder:
        path = Path(folder) / "network.keras"
        model.save(path)
        return path.read_bytes()
