"""The script of the digits, run on its own, counts and reshapes what Keras loads."""

import numpy as np
import pytest

from pages.digits.digits.script import script
from tests.support.shown import printed


@pytest.fixture
def full_size(mnist, monkeypatch):
    """60,000 and 10,000 digits, also where this machine has fewer."""
    train = np.resize(mnist.x_train, (60_000, 28, 28)), np.resize(mnist.y_train, 60_000)
    test = np.resize(mnist.x_test, (10_000, 28, 28)), np.resize(mnist.y_test, 10_000)
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: (train, test))
    return train, test


def test_the_script_counts_shows_reshapes_encodes_and_scales(full_size):
    lines = printed(script())
    (_, y_train), (x_test, y_test) = full_size
    assert lines[0] == "pictures (60000, 28, 28) (10000, 28, 28) uint8"
    counts = np.bincount(y_train), np.bincount(y_test)
    assert lines[1:11] == [f"{n} {counts[0][n]} to train, {counts[1][n]} to test" for n in range(10)]
    np.testing.assert_array_equal([[int(value) for value in row.split()] for row in lines[11:39]], x_test[0])
    assert lines[39] == "reshaped (60000, 784) (60000, 28, 28, 1)"
    assert lines[40] == f"a {y_train[0]} becomes {np.eye(10)[y_train[0]]}"
    assert lines[41] == "from 0.0 to 1.0"
