"""The lecture's models 1 to 4 as experiments."""

from __future__ import annotations

from nncore.specs.experiment import Experiment, NetworkSpec, TrainingSpec
from nncore.specs.layers import Conv2D, Dense, Flatten, MaxPooling2D

IMAGE_SHAPE = (28, 28, 1)
"""Rows, columns and channels of one digit, as a convolutional network takes it."""

PRESETS: dict[str, Experiment] = {
    "model1": Experiment(
        name="model1",
        network=NetworkSpec(layers=(Dense(units=30, activation="sigmoid"), Dense(units=10, activation="sigmoid"))),
        training=TrainingSpec(loss="mean_squared_error", optimizer="sgd", epochs=200),
    ),
    "model2": Experiment(
        name="model2",
        network=NetworkSpec(layers=(Dense(units=30, activation="tanh"), Dense(units=10, activation="softmax"))),
        training=TrainingSpec(optimizer="adam", learning_rate=0.001, epochs=100),
    ),
    "model3": Experiment(
        name="model3",
        network=NetworkSpec(
            input_shape=IMAGE_SHAPE,
            layers=(
                Conv2D(filters=20, kernel_size=5, activation="relu"),
                MaxPooling2D(),
                Flatten(),
                Dense(units=100, activation="tanh"),
                Dense(units=10, activation="softmax"),
            ),
        ),
        training=TrainingSpec(optimizer="sgd", epochs=30),
    ),
    "model4": Experiment(
        name="model4",
        network=NetworkSpec(
            input_shape=IMAGE_SHAPE,
            layers=(
                Conv2D(filters=20, kernel_size=5, activation="relu"),
                MaxPooling2D(),
                Conv2D(filters=40, kernel_size=3, activation="relu"),
                MaxPooling2D(),
                Flatten(),
                Dense(units=100, activation="tanh"),
                Dense(units=10, activation="softmax"),
            ),
        ),
        training=TrainingSpec(optimizer="sgd", epochs=100),
    ),
}
"""The lecture's four experiments as printed: batches of 128, raw pixel values, Keras' learning rates."""


def preset(name: str) -> Experiment:
    """The lecture's experiment of this name, `model1` to `model4`; ValueError for another name."""
    if name not in PRESETS:
        raise ValueError(f"expected one of {', '.join(PRESETS)}, received {name!r}")
    return PRESETS[name]
