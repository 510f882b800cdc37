"""A look inside a trained network: its answer and the activations of its layers, for one picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def predict(model: Any, picture: NDArray[Any]) -> NDArray[np.float32]:
    """The ten outputs for a picture (28, 28), as it was scaled for training; probabilities after a softmax."""
    batch = np.asarray(picture, np.float32).reshape(1, *model.input_shape[1:])
    return np.asarray(model(batch, training=False), np.float32)[0]
