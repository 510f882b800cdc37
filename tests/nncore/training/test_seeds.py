"""The same seed gives the same network as in a script of one's own, whatever else happens in the process."""

import random
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from nncore.networks.build import build_model
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D

INITIALIZERS = (
    "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "random_normal", "zeros",
)  # fmt: skip


def specified():
    return NetworkSpec(
        input_shape=(28, 28, 1),
        layers=(
            Conv2D(filters=3, initializer="he_uniform"),
            MaxPooling2D(),
            Dropout(rate=0.3),
            Flatten(),
            *(Dense(units=9, initializer=name) for name in INITIALIZERS),
            Dropout(rate=0.0),
            Dropout(rate=0.2),
            Dense(units=10),
        ),
    )


SEEDS = (0, 7, 2**31 - 1)
SCRIPT = f"""
import keras, numpy as np
for seed in {SEEDS}:
    keras.utils.set_random_seed(seed)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(3, 5, kernel_initializer="he_uniform"),
            keras.layers.MaxPooling2D(),
            keras.layers.Dropout(0.3),
            keras.layers.Flatten(),
            *(keras.layers.Dense(9, kernel_initializer=name) for name in {INITIALIZERS}),
            keras.layers.Dropout(0.0),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10),
        ]
    )
    np.savez(f"{{seed}}.npz", *(np.asarray(variable) for variable in network.variables))
"""


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The folder in which the plain script wrote each seed's variables.

    In a process of its own: here, a thread of another test's may draw from the numbers that Keras draws from.
    """
    folder = tmp_path_factory.mktemp("plain")
    subprocess.run([sys.executable, "-c", SCRIPT], cwd=folder, check=True)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_seeded_network_is_that_of_a_plain_script_with_the_same_seed(seed, plain):
    with np.load(plain / f"{seed}.npz") as written:
        assert_same(build_model(specified(), seed=seed).variables, written.values())


def test_threads_that_draw_random_numbers_do_not_change_a_seeded_network():
    quiet = build_model(specified(), seed=7)
    done = threading.Event()

    def draw():
        while not done.is_set():
            random.random()
            time.sleep(0.0005)

    noise = threading.Thread(target=draw)
    noise.start()
    try:
        assert_same(build_model(specified(), seed=7).variables, quiet.variables)
    finally:
        done.set()
        noise.join()


def test_another_seed_gives_another_network():
    one, other = build_model(specified(), seed=1), build_model(specified(), seed=2)
    assert not np.array_equal(one.get_weights()[0], other.get_weights()[0])
