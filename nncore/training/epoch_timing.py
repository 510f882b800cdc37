"""Measures how long an epoch of model 3 takes on each device and for more and more images, as in the lecture's table.

`python -m nncore.training.epoch_timing FILE` measures all devices of this machine and writes the results as JSON, with
date and versions.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from nncore.data.dataset import mnist
from nncore.networks import build
from nncore.specs.presets import preset
from nncore.training import device
from nncore.training.train import steps_per_event

SIZES = (5_000, 10_000, 20_000, 40_000, 60_000)
"""Images an epoch, up to all that MNIST has."""

LECTURE = {"CPU": {50_000: 41.0, 250_000: 198.0}, "GPU": {50_000: 4.0, 250_000: 26.0}}
"""The lecture's table: seconds an epoch of model 3, by device and number of images."""

COMMAND = "python -m nncore.training.epoch_timing"


class Timing(BaseModel):
    """One measurement."""

    model_config = ConfigDict(frozen=True)

    device: str
    """`CPU`, or the name of the GPU."""
    pictures: int
    """Images in an epoch; beyond 60,000 the digits are repeated."""
    seconds: float
    """Seconds an epoch, as the median of the timed epochs."""
    first_seconds: float
    """Seconds of the epoch before them, which also compiles the computation."""


class Timings(BaseModel):
    """All measurements on one machine."""

    model_config = ConfigDict(frozen=True)

    made: str
    """The day of the measurement, YYYY-MM-DD."""
    command: str
    """The command that repeats it."""
    cores: int
    backend: str
    versions: dict[str, str]
    timings: tuple[Timing, ...]


def time_epoch(pictures: int, *, on_cpu: bool = False, epochs: int = 3) -> Timing:
    """Train model 3 on so many digits for one epoch to warm up and `epochs` timed ones, as `train.train` does.

    Uses the device of this process, or with `on_cpu` its CPU. Raises ValueError for less than one batch of 128.
    """
    from keras import device as on_device  # `nncore._keras` has only Keras' submodules

    if pictures < preset("model3").training.batch_size:
        raise ValueError(f"expected at least 128 pictures, one batch, received {pictures}")
    experiment, digits = preset("model3"), mnist()
    spec, used = experiment.training, device.prepare()
    name = "CPU" if on_cpu or not used.names else used.names[0]
    x = np.resize(build.prepare_inputs(digits.x_train, experiment.network, scale=False), (pictures, 28, 28, 1))
    y = build.one_hot(np.resize(digits.y_train, pictures))
    with on_device("cpu:0" if name == "CPU" else "gpu:0"):
        model = build.build_model(experiment.network, seed=spec.seed)
        build.compile_model(model, spec, steps_per_execution=steps_per_event(experiment.network, spec.batch_size))
        taken = []
        for _ in range(1 + epochs):
            started = time.perf_counter()
            model.fit(x, y, batch_size=spec.batch_size, verbose=0)
            taken.append(time.perf_counter() - started)
    return Timing(device=name, pictures=pictures, seconds=statistics.median(taken[1:]), first_seconds=taken[0])


def measure(sizes: tuple[int, ...] = (*SIZES, 250_000)) -> Timings:
    """Time an epoch of each of these numbers of images on every device of this machine, the GPU first."""
    used = device.prepare()
    found = [time_epoch(size, on_cpu=cpu) for cpu in ([False, True] if used.names else [True]) for size in sizes]
    return Timings(
        made=datetime.now(UTC).date().isoformat(),
        command=COMMAND,
        cores=used.cores,
        backend=used.backend,
        versions=device.versions(),
        timings=tuple(found),
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"expected one file: {COMMAND} FILE")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    Path(sys.argv[1]).write_text(measure().model_dump_json(indent=2) + "\n", encoding="utf-8")
