"""Pictures on their way into Keras' `fit`: the batches and the order of Keras' own adapter, but nothing tunes itself.

TensorFlow 2.21 has a thread beside every pipeline that tunes it. When a pipeline is given up, one time in ten to
twenty this thread misses the sign to end and sleeps on, for as long as the pipeline is old and a minute at most; who
frees the pipeline waits for it and holds Python's lock meanwhile. So a run after a stopped one began up to 20 seconds
late, in a worker that heard no stop. There is nothing to tune where the pictures lie in memory.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from numpy.typing import NDArray


def feed(x: NDArray[Any], y: NDArray[Any], batch_size: int, *, shuffle: bool = False) -> Any:
    """What Keras' `fit` and `evaluate` take in place of these arrays, (n, ...) each, with which they do the same."""
    return _untuned()(x, y, shuffle=shuffle, batch_size=batch_size)


@cache
def _untuned() -> type[Any]:
    """Keras' adapter for arrays, imported with Keras; `fit` takes an adapter as it is."""
    adapters = importlib.import_module("keras.src.trainers.data_adapters.array_data_adapter")

    class Untuned(adapters.ArrayDataAdapter):  # type: ignore[misc, name-defined]  # known only when Keras is
        def get_tf_dataset(self) -> Any:
            dataset = super().get_tf_dataset()
            options = type(dataset.options())()
            options.autotune.enabled = False
            return dataset.with_options(options)

    return Untuned
