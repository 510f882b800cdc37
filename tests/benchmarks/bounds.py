"""What must be quick inside one process, each with its bound: events and stops of a training, files that are refused.

Tests prove that these do what they should; here it is measured how soon.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import h5py
import numpy as np
from PIL import Image

from nncore.data.dataset import mnist
from nncore.data.drawing import prepare
from nncore.data.photo import PhotoError, read_photo
from nncore.keras_import.archive import UploadedNetworkError, read_archive
from nncore.keras_import.receive import open_file, try_out
from nncore.reference import load_reference
from nncore.specs.experiment import Experiment
from nncore.specs.presets import preset
from nncore.training.data_adapter import feed
from nncore.training.events import BatchEnd, EpochEnd, Event
from nncore.training.time_estimate import SpeedEstimator
from nncore.training.train import train
from tests.benchmarks.readme import Row
from tests.benchmarks.service import service
from tests.support import keras_files
from tests.support.photographs import encoded, photographed, png_header

TRIES = 5
PIPELINES = 60
"""Given up at once: with a thread that tunes each, some take seconds to be freed, and later ones up to a minute."""


def long_training(validation_split: float = 0.0) -> Experiment:
    """Model 3 on 4,000 digits for longer than anybody waits."""
    chosen = {"epochs": 500, "train_size": 4_000, "validation_split": validation_split}
    return preset("model3").model_copy(update={"training": preset("model3").training.model_copy(update=chosen)})


def gaps_between_events() -> list[float]:
    """Seconds from one event of a training to the next, during two seconds, in a process that has trained before."""
    pace, times, experiment = SpeedEstimator(usual=1.0, bounds=(1.0, 20.0)), list[float](), long_training()

    def hear(event: Event) -> None:
        if isinstance(event, BatchEnd):
            times.append(time.perf_counter())
        elif isinstance(event, EpochEnd) and event.epoch > 1:
            pace.observe(experiment, event.seconds)

    def is_over() -> bool:
        return bool(times) and time.perf_counter() - times[0] > 2

    for _ in range(2):
        times.clear()
        train(experiment, mnist(), on_event=hear, should_stop=is_over, pace=pace.factor)
    return list(np.diff(times))


def seconds_to_a_stop(validation_split: float) -> float:
    """From a request in the second epoch to the end of `train`."""
    raised: list[float] = []

    def hear(event: Event) -> None:
        if isinstance(event, BatchEnd) and event.epoch == 2 and not raised:
            raised.append(time.perf_counter())

    train(long_training(validation_split), mnist(), on_event=hear, should_stop=lambda: bool(raised))
    return time.perf_counter() - raised[0]


def seconds_to_free_a_pipeline() -> float:
    """The longest that one of many pipelines takes that are given up in the middle."""
    x, y = np.arange(1000, dtype=np.float32).reshape(500, 2), np.arange(500, dtype=np.float32)
    pipelines = [iter(feed(x, y, 64, shuffle=True).get_tf_dataset()) for _ in range(PIPELINES)]
    for pipeline in pipelines:
        next(pipeline)
    time.sleep(1.0)
    return max(_seconds(pipelines.pop) for _ in range(PIPELINES - 1))


def picture_bombs() -> list[bytes]:
    """3.6 gigapixels in 200 bytes, and 30 megapixels that are really there."""
    return [png_header(60_000, 60_000), encoded(Image.new("L", (6000, 5000), 255), "PNG")]


def network_bombs() -> list[bytes]:
    """256 MB in a small archive, and some hundred bytes that declare four terabytes."""

    def fill(weights: h5py.File) -> None:
        weights.create_dataset("layers/dense/vars/0", (2**20, 2**20), "f4", chunks=(1024, 1024), compression="gzip")

    return [keras_files.a_bomb(), keras_files.with_weights(keras_files.saved(keras_files.small()), fill)]


def open_and_try(file: bytes) -> None:
    """In the interactive worker: what a visitor's file costs there."""
    try_out(open_file(file))


def seconds_to_open_the_largest_network() -> list[float]:
    """Until the interactive worker has opened and tried it."""
    file = keras_files.saved(keras_files.the_largest())
    with service() as (engine, _):
        return [_seconds(partial(engine.ask, timeout=120), open_and_try, file) for _ in range(TRIES)]


def _read_photograph(file: bytes) -> None:
    load_reference("model4")(prepare(read_photo(file).ink).picture[None, ..., None].astype(np.float32))


def _seconds(function: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    with suppress(PhotoError, UploadedNetworkError):
        function(*arguments)
    return time.perf_counter() - started


def _of_files(function: Callable[[bytes], object], files: list[bytes]) -> list[float]:
    """Seconds for all of these files, several times."""
    return [sum(_seconds(function, file) for file in files) for _ in range(TRIES)]


def _row(what: str, took: list[float], bound: int) -> Row:
    return Row(what, f"{1000 * np.median(took):.0f} ms (most {1000 * max(took):.0f} ms)", f"{bound} ms")


def measure_all() -> list[Row]:
    """Medians of five, but for the events, of which one in ten may be late."""
    half, late = 1000 * np.quantile(gaps_between_events(), (0.5, 0.9))
    telephone = photographed(mnist().x_test[0], np.random.default_rng(1)).resize((4000, 3000))
    stops = [[seconds_to_a_stop(split) for _ in range(TRIES)] for split in (0.0, 0.5)]
    return [
        Row(
            "model 3 on 4,000 digits, event to event", f"p50 {half:.0f} ms, p90 {late:.0f} ms", "p50 200 ms, p90 250 ms"
        ),
        _row("a stop in its second epoch", stops[0], 500),
        _row("the same where half of the digits validate", stops[1], 500),
        _row("two pictures that are bombs refused", _of_files(read_photo, picture_bombs()), 500),
        _row("a telephone's photograph read", _of_files(_read_photograph, [encoded(telephone, quality=90)]), 1500),
        _row("two `.keras` files that are bombs refused", _of_files(read_archive, network_bombs()), 1000),
        _row("the largest `.keras` file opened and tried", seconds_to_open_the_largest_network(), 30_000),
        _row(f"{PIPELINES} pipelines given up, the slowest", [seconds_to_free_a_pipeline()], 150),
    ]
