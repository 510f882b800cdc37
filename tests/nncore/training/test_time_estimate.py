"""Foreseen seconds, before an epoch has been seen and after."""

import pytest

from nncore.specs.presets import PRESETS, preset
from nncore.training.time_estimate import SpeedEstimator, epoch_seconds


def with_training(name, **settings):
    experiment = preset(name)
    return experiment.model_copy(update={"training": experiment.training.model_copy(update=settings)})


def test_an_epoch_grows_with_pictures_and_shrinks_with_larger_batches():
    whole, half = (epoch_seconds(with_training("model3", train_size=size)) for size in (60_000, 30_000))
    assert half == pytest.approx(whole / 2, rel=0.01)
    assert epoch_seconds(with_training("model1", batch_size=1)) > 5 * epoch_seconds(preset("model1"))


def test_validation_pictures_cost_a_third_of_fitted_ones():
    split, plain = (epoch_seconds(with_training("model3", validation_split=share)) for share in (0.5, 0.0))
    assert split == pytest.approx(plain * (0.5 + 0.5 / 3), rel=0.01)


def test_the_pace_of_the_last_epochs_puts_the_estimate_right():
    pace, model1, model4 = SpeedEstimator(), preset("model1"), preset("model4")
    for _ in range(3):
        pace.observe(model1, 0.5 * epoch_seconds(model1))
    pace.observe(model1, 100 * epoch_seconds(model1))  # one stall among three
    assert pace.seconds(model4, 10) == pytest.approx(5 * epoch_seconds(model4))


@pytest.mark.parametrize("name", PRESETS)
def test_the_lectures_own_trainings_are_never_too_long_however_busy_the_machine(name):
    pace, experiment = SpeedEstimator(), preset(name)
    assert pace.seconds(experiment, experiment.training.epochs) < 1800
    pace.observe(experiment, 1e6)
    assert pace.seconds(experiment, experiment.training.epochs) < 1800


def test_a_pace_of_its_own_begins_as_usual_and_stays_within_its_bounds():
    pace, model1 = SpeedEstimator(usual=1.0, bounds=(1.0, 20.0)), preset("model1")
    assert pace.factor == 1.0
    for share, expected in ((0.1, 1.0), (5, 2.55), (1e6, 5.0)):  # the median of what was seen, then the bounds
        pace.observe(model1, share * epoch_seconds(model1))
        assert pace.factor == pytest.approx(expected)
