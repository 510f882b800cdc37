"""Feeds arrays to Keras' `fit` in the batches and the order of Keras' own adapter, but without TensorFlow's autotuning.

TensorFlow 2.21 runs a thread beside every pipeline that tunes it. When a pipeline is released, one time in ten to
twenty this thread misses the signal to end and sleeps on, for as long as the pipeline has existed and at most a minute.
The release waits for it and holds Python's global lock meanwhile. So a run after a stopped one began up to 20 seconds
late, in a worker that heard no request to stop. With images in memory there is nothing to tune.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from numpy.typing import NDArray


def feed(x: NDArray[Any], y: NDArray[Any], batch_size: int, *, shuffle: bool = False) -> Any:
    """Wrap arrays (n, ...) of inputs and targets for Keras' `fit` and `evaluate`, which give the same results with it.

    `shuffle` reorders the examples every epoch, as `fit` does by default.
    """
    return _untuned()(x, y, shuffle=shuffle, batch_size=batch_size)


@cache
def _untuned() -> type[Any]:
    """A subclass of Keras' adapter for arrays, made when Keras is first needed; `fit` accepts an adapter unchanged."""
    adapters = importlib.import_module("keras.src.trainers.data_adapters.array_data_adapter")

    class Untuned(adapters.ArrayDataAdapter):  # type: ignore[misc, name-defined]  # the base class is only known at run time
        def get_tf_dataset(self) -> Any:
            dataset = super().get_tf_dataset()
            options = type(dataset.options())()
            options.autotune.enabled = False
            return dataset.with_options(options)

    return Untuned
