"""Epochs of model 3 timed, and the queue of one that they go through."""

import json
import subprocess
import sys

import numpy as np
import pytest

from nncore.cluster.engine import EngineError
from nncore.cluster.timing_queue import AFTER_RUNS, OccupiedError, Stopwatch, outcome
from nncore.training import epoch_timing
from nncore.training.epoch_timing import LECTURE, SIZES, time_epoch


def test_an_epoch_is_timed_on_the_cpu_and_says_so():
    found = time_epoch(256, on_cpu=True, epochs=2)
    assert (found.device, found.pictures) == ("CPU", 256)
    assert 0 < found.seconds < found.first_seconds + 60


def test_less_than_a_batch_is_refused():
    with pytest.raises(ValueError, match="at least 128 pictures, one batch, received 127"):
        time_epoch(127, on_cpu=True)


@pytest.mark.parametrize("pictures", [300, 60_500])
def test_digits_are_repeated_beyond_those_that_there_are(pictures, mnist, monkeypatch):
    seen = {}

    class Watching:
        def fit(self, x, y, **options):
            seen.update(x=x, y=y)

    monkeypatch.setattr(epoch_timing.build, "build_model", lambda *arguments, **options: Watching())
    monkeypatch.setattr(epoch_timing.build, "compile_model", lambda *arguments, **options: None)
    time_epoch(pictures, on_cpu=True, epochs=1)
    assert seen["x"].shape == (pictures, 28, 28, 1)
    assert seen["y"].shape == (pictures, 10)
    places = np.arange(pictures) % len(mnist.x_train)
    assert (seen["y"].argmax(1) == mnist.y_train[places]).all()
    assert (seen["x"][-1, :, :, 0] == mnist.x_train[places[-1]]).all()


def test_the_sizes_grow_and_the_lectures_table_is_as_printed():
    assert list(SIZES) == sorted(SIZES)
    assert SIZES[-1] == 60_000
    assert LECTURE == {"CPU": {50_000: 41, 250_000: 198}, "GPU": {50_000: 4, 250_000: 26}}


def test_all_devices_are_measured_at_every_size_and_written_down(monkeypatch):
    found = epoch_timing.measure(sizes=(128, 256))
    assert {(timed.device, timed.pictures) for timed in found.timings} >= {("CPU", 128), ("CPU", 256)}
    assert epoch_timing.Timings.model_validate(json.loads(found.model_dump_json())) == found
    assert found.command == "python -m nncore.training.epoch_timing"


def test_the_command_without_a_file_says_what_it_expects():
    done = subprocess.run([sys.executable, "-m", "nncore.training.epoch_timing"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "expected one file: python -m nncore.training.epoch_timing FILE" in done.stderr


class Future:
    def __init__(self, status="pending", error=None):
        self.status, self.error = status, error

    def done(self):
        return self.status != "pending"

    def cancel(self):
        self.status = "cancelled"

    def result(self, timeout):
        if self.error:
            raise self.error
        return "found"


class Engine:
    def __init__(self):
        self.submitted = []

    def submit(self, function, *arguments, key, priority=0):
        self.submitted.append((arguments, priority))
        return Future()


def test_one_timing_at_a_time_behind_all_runs():
    engine = Engine()
    watch = Stopwatch(engine)
    first = watch.begin(5000, on_cpu=True)
    with pytest.raises(OccupiedError, match="being timed for somebody else"):
        watch.begin(5000, on_cpu=True)
    first.status = "finished"
    watch.begin(10_000, on_cpu=False)
    assert engine.submitted == [((5000, True, 1), AFTER_RUNS), ((10_000, False, 1), AFTER_RUNS)]
    assert AFTER_RUNS < 0, "runs have 0"


def test_a_timing_that_waits_can_be_dropped_and_makes_room():
    watch = Stopwatch(Engine())
    watch.drop(watch.begin(5000, on_cpu=True))
    watch.begin(5000, on_cpu=True)


def test_an_error_of_the_worker_becomes_a_sentence():
    assert outcome(Future("finished")) == "found"
    with pytest.raises(EngineError, match="The worker could not do it: no memory"):
        outcome(Future("error", MemoryError("no memory")))


def test_a_real_worker_names_its_device_and_times_an_epoch(engine):
    watch = Stopwatch(engine)
    watch.device()
    future = watch.begin(256, on_cpu=True)
    assert future.result(60).pictures == 256
    assert watch.device().backend == "tensorflow"
