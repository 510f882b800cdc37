"""One contender trains one model in this process, an epoch at a time, when it is told to.

`python -m tests.benchmarks.contenders CONTENDER MODEL EPOCHS`; `tests.benchmarks` starts it. It trains an epoch for
each line that it reads, and answers with the seconds. All train on the same digits, in batches of 128, with the model's
own optimizer, and keep count of loss and accuracy. `nncore` is `nncore.training.train.train` with its events, `fit` the
lecture's `model.fit(..., verbose=2)`, `torch` a TensorDataset in a shuffling DataLoader and a plain loop,
`torch_slices` the same loop over slices of a shuffled index.
"""

import sys
import time

from nncore.data import dataset as data
from nncore.networks import build
from nncore.specs.presets import preset
from nncore.training.events import EpochEnd
from nncore.training.train import train


class Turns:
    """Waits for its turn before each epoch, and says afterwards how long the epoch took."""

    def __init__(self):
        self.wait()

    def wait(self):
        sys.stdin.readline()
        self.started = time.perf_counter()

    def epoch_ended(self):
        print("seconds", time.perf_counter() - self.started, flush=True)
        self.wait()


def shortened(model, epochs):
    experiment = preset(model)
    return experiment.model_copy(update={"training": experiment.training.model_copy(update={"epochs": epochs})})


def run_nncore(model, epochs, dataset):
    turns = Turns()
    train(
        shortened(model, epochs),
        dataset,
        on_event=lambda event: turns.epoch_ended() if isinstance(event, EpochEnd) else None,
    )


def run_fit(model, epochs, dataset):
    import keras

    spec = shortened(model, epochs)
    network = build.build_model(spec.network, seed=1)
    network.compile(loss=spec.training.loss, optimizer=spec.training.optimizer, metrics=["accuracy"])
    turns = Turns()
    network.fit(
        dataset.x_train.reshape(-1, *spec.network.input_shape),
        keras.utils.to_categorical(dataset.y_train, 10),
        epochs=epochs,
        batch_size=128,
        verbose=2,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: turns.epoch_ended())],
    )


def build_torch(model):
    """The network, its loss, and whether the loss takes one-hot targets."""
    from torch import nn

    if model == "model1":
        layers = nn.Sequential(nn.Flatten(), nn.Linear(784, 30), nn.Sigmoid(), nn.Linear(30, 10), nn.Sigmoid())
        return layers, nn.MSELoss(), True
    hidden = {
        "model2": (nn.Flatten(), nn.Linear(784, 30), nn.Tanh(), nn.Linear(30, 10)),
        "model3": (nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2880, 100), nn.Tanh(),
                   nn.Linear(100, 10)),
        "model4": (nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 40, 3), nn.ReLU(), nn.MaxPool2d(2),
                   nn.Flatten(), nn.Linear(1000, 100), nn.Tanh(), nn.Linear(100, 10)),
    }  # fmt: skip
    return nn.Sequential(*hidden[model]), nn.CrossEntropyLoss(), False


def run_torch(model, epochs, dataset, *, slices=False):
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(1)
    network, loss_function, one_hot = build_torch(model)
    spec = preset(model).training
    rule = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[spec.optimizer]
    optimizer = rule(network.parameters(), lr=spec.learning_rate)
    x = torch.tensor(dataset.x_train, dtype=torch.float32).reshape(-1, 1, 28, 28)
    labels = torch.tensor(dataset.y_train, dtype=torch.int64)
    y = torch.nn.functional.one_hot(labels, 10).float() if one_hot else labels
    loader = DataLoader(TensorDataset(x, y), batch_size=128, shuffle=True)
    turns = Turns()
    for _ in range(epochs):
        total, correct = 0.0, 0
        for pictures, targets in slice_batches(x, y) if slices else loader:
            optimizer.zero_grad()
            outputs = network(pictures)
            loss = loss_function(outputs, targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(pictures)
            digits = targets.argmax(1) if one_hot else targets
            correct += (outputs.argmax(1) == digits).sum().item()
        print(f"loss {total / len(x):.4f} accuracy {correct / len(x):.4f}")
        turns.epoch_ended()


def slice_batches(x, y):
    import torch

    for chosen in torch.randperm(len(x)).split(128):
        yield x[chosen], y[chosen]


RUN = {
    "nncore": run_nncore,
    "fit": run_fit,
    "torch": run_torch,
    "torch_slices": lambda *arguments: run_torch(*arguments, slices=True),
}

if __name__ == "__main__":
    contender, model, epochs = sys.argv[1:]
    RUN[contender](model, int(epochs), data.load_mnist())
