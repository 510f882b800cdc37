"""The hyperparameters of an experiment: read one, or change it in an otherwise equal experiment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from nncore.specs.experiment import Experiment, LossName, NetworkSpec, OptimizerName
from nncore.specs.layers import ActivationName, Conv2D, Dense, Dropout, InitializerName

Value = int | float | str | bool


@dataclass(frozen=True)
class Hyperparameter:
    """A setting that can be changed by itself: its range or options, and functions to read and to change it."""

    label: str
    """Its name on the page."""
    get: Callable[[Experiment], Value | None]
    """Return its value, or None if an experiment has no such setting."""
    set: Callable[[Experiment, Any], dict[str, Any]]
    """Return the fields of the experiment that a new value changes, as plain data."""
    options: tuple[str, ...] = ()
    """The names to choose from; empty for a number or a switch."""
    low: float = 0.0
    """The least value of a number that the page offers."""
    high: float = 0.0
    """The greatest value of a number that the page offers."""


def vary(experiment: Experiment, values: Mapping[str, Any]) -> Experiment:
    """Return the experiment with these hyperparameters changed, each by its name in `HYPERPARAMETERS`.

    Raises ValueError for an unknown hyperparameter or one that the experiment does not have, and pydantic's
    ValidationError for a value out of its range.
    """
    for name, value in values.items():
        if name not in HYPERPARAMETERS:
            raise ValueError(f"expected one of {', '.join(HYPERPARAMETERS)}, received {name!r}")
        if HYPERPARAMETERS[name].get(experiment) is None:
            raise ValueError(f"{name}: this network has no such setting")
        fields = experiment.model_dump() | HYPERPARAMETERS[name].set(experiment, value)
        experiment = Experiment.model_validate(fields)
    return experiment


def available(experiment: Experiment) -> tuple[str, ...]:
    """Return the names of the hyperparameters that this experiment has."""
    return tuple(name for name, setting in HYPERPARAMETERS.items() if setting.get(experiment) is not None)


def hidden_dense(network: NetworkSpec) -> list[Dense]:
    """Return the dense layers before the output layer."""
    return [layer for layer in network.layers[:-1] if isinstance(layer, Dense)]


def _training(name: str) -> tuple[Callable[[Experiment], Any], Callable[[Experiment, Any], dict[str, Any]]]:
    def change(experiment: Experiment, value: Any) -> dict[str, Any]:
        return {"training": experiment.training.model_dump() | {name: value}}

    return lambda experiment: getattr(experiment.training, name), change


def _network(experiment: Experiment, layers: list[Any]) -> dict[str, Any]:
    plain = [layer.model_dump() if hasattr(layer, "model_dump") else layer for layer in layers]
    return {"network": {"input_shape": experiment.network.input_shape, "layers": plain}}


def _layers(
    name: str, chosen: Callable[[NetworkSpec], list[Any]]
) -> tuple[Callable[[Experiment], Any], Callable[[Experiment, Any], dict[str, Any]]]:
    """Return functions that read field `name` of the first chosen layer, and change it in all chosen layers."""

    def read(experiment: Experiment) -> Any:
        layers = chosen(experiment.network)
        return getattr(layers[0], name) if layers else None

    def change(experiment: Experiment, value: Any) -> dict[str, Any]:
        changing = [id(layer) for layer in chosen(experiment.network)]
        layers = experiment.network.layers
        return _network(experiment, [x.model_dump() | {name: value} if id(x) in changing else x for x in layers])

    return read, change


def _first(kind: type) -> Callable[[NetworkSpec], list[Any]]:
    return lambda network: [layer for layer in network.layers[:-1] if isinstance(layer, kind)][:1]


def _get_dropout(experiment: Experiment) -> float | None:
    if not hidden_dense(experiment.network):
        return None
    rates = [layer.rate for layer in experiment.network.layers if isinstance(layer, Dropout)]
    return rates[0] if rates else 0.0


def _changedropout(experiment: Experiment, rate: float) -> dict[str, Any]:
    """Put dropout after every hidden dense layer, or remove it if the rate is 0."""
    layers: list[Any] = []
    for index, layer in enumerate(experiment.network.layers):
        if isinstance(layer, Dropout):
            continue
        layers.append(layer)
        if rate and isinstance(layer, Dense) and index < len(experiment.network.layers) - 1:
            layers.append(Dropout(rate=rate))
    return _network(experiment, layers)


def _weighted(network: NetworkSpec) -> list[Any]:
    return [layer for layer in network.layers if isinstance(layer, Dense | Conv2D)]


HIDDEN = tuple(name for name in get_args(ActivationName) if name != "softmax")
HYPERPARAMETERS: dict[str, Hyperparameter] = {
    "units": Hyperparameter("Units of the first hidden layer", *_layers("units", _first(Dense)), low=1, high=512),
    "activation": Hyperparameter("Activation of the hidden layers", *_layers("activation", hidden_dense), HIDDEN),
    "filters": Hyperparameter(
        "Feature maps of the first convolution", *_layers("filters", _first(Conv2D)), low=1, high=64
    ),
    "kernel_size": Hyperparameter("Its kernel size", *_layers("kernel_size", _first(Conv2D)), low=1, high=9),
    "dropout": Hyperparameter("Dropout after the hidden layers", _get_dropout, _changedropout, low=0.0, high=0.8),
    "optimizer": Hyperparameter("Optimizer", *_training("optimizer"), get_args(OptimizerName)),
    "learning_rate": Hyperparameter("Learning rate", *_training("learning_rate"), low=0.0001, high=10.0),
    "batch_size": Hyperparameter("Batch size", *_training("batch_size"), low=1, high=8192),
    "loss": Hyperparameter("Cost function", *_training("loss"), get_args(LossName)),
    "initializer": Hyperparameter("Initial weights", *_layers("initializer", _weighted), get_args(InitializerName)),
    "scale": Hyperparameter("Grey values 0..1 (else 0..255)", *_training("scale")),
    "epochs": Hyperparameter("Epochs", *_training("epochs"), low=1, high=500),
    "train_size": Hyperparameter("Training pictures", *_training("train_size"), low=100, high=60_000),
    "seed": Hyperparameter("Seed of the random numbers", *_training("seed"), low=0, high=999_999),
}
"""All hyperparameters by name; the names are those of the controls on the training pages."""
