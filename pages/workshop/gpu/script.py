"""The script of the page about GPUs: an epoch of model 3 timed, in plain Keras."""

from __future__ import annotations

from collections.abc import Sequence

TIMING = """\
# Needs: pip install "keras>=3" tensorflow
import time

import keras

(x_train, y_train), _ = keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 28, 28, 1)
y_train = keras.utils.to_categorical(y_train, 10)


def build_model():
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(keras.layers.Conv2D(20, 5, activation="relu"))
    model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(100, activation="tanh"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
    return model


for device in {devices}:
    for pictures in {sizes}:
        with keras.device(device):
            model = build_model()
            for epoch in range(2):  # the first one also prepares the computation
                started = time.perf_counter()
                model.fit(x_train[:pictures], y_train[:pictures], batch_size=128, verbose=0)
        print(device, pictures, "pictures: %.2f s" % (time.perf_counter() - started))
"""


def timing_script(sizes: Sequence[int], devices: Sequence[str]) -> str:
    """Two epochs of model 3 a size and device, of which the second counts; devices as Keras names them."""
    return TIMING.format(sizes=list(sizes), devices=list(devices))
