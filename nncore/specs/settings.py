"""One setting of an experiment at a time: read it, and change it in an otherwise equal experiment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from nncore.specs.experiment import Experiment, Loss, NetworkSpec, Optimizer
from nncore.specs.layers import Activation, Conv2D, Dense, Dropout, Initializer

Value = int | float | str | bool


@dataclass(frozen=True)
class Hyperparameter:
    """A setting that can be changed alone: what it may be, how it is read and how it is put."""

    label: str
    read: Callable[[Experiment], Value | None]
    """None where an experiment has no such setting."""
    put: Callable[[Experiment, Any], dict[str, Any]]
    """The fields of the experiment that change, as plain data."""
    options: tuple[str, ...] = ()
    """The words to choose from; empty for a number or a switch."""
    low: float = 0.0
    high: float = 0.0
    """Of a number, as `specs` and `layers` allow it."""


def vary(experiment: Experiment, values: Mapping[str, Any]) -> Experiment:
    """The experiment with these settings changed, each by its name in SETTINGS, and validated anew.

    ValueError for an unknown setting or one that the experiment does not have; pydantic's ValidationError for a value
    that is out of its range.
    """
    for name, value in values.items():
        if name not in HYPERPARAMETERS:
            raise ValueError(f"expected one of {', '.join(HYPERPARAMETERS)}, received {name!r}")
        if HYPERPARAMETERS[name].read(experiment) is None:
            raise ValueError(f"{name}: this network has no such setting")
        fields = experiment.model_dump() | HYPERPARAMETERS[name].put(experiment, value)
        experiment = Experiment.model_validate(fields)
    return experiment


def available(experiment: Experiment) -> tuple[str, ...]:
    """The names of the settings that this experiment has."""
    return tuple(name for name, setting in HYPERPARAMETERS.items() if setting.read(experiment) is not None)


def hidden_dense(network: NetworkSpec) -> list[Dense]:
    """The dense layers before the output."""
    return [layer for layer in network.layers[:-1] if isinstance(layer, Dense)]


def _training(name: str) -> tuple[Callable[[Experiment], Any], Callable[[Experiment, Any], dict[str, Any]]]:
    def put(experiment: Experiment, value: Any) -> dict[str, Any]:
        return {"training": experiment.training.model_dump() | {name: value}}

    return lambda experiment: getattr(experiment.training, name), put


def _network(experiment: Experiment, layers: list[Any]) -> dict[str, Any]:
    plain = [layer.model_dump() if hasattr(layer, "model_dump") else layer for layer in layers]
    return {"network": {"input_shape": experiment.network.input_shape, "layers": plain}}


def _layers(
    name: str, chosen: Callable[[NetworkSpec], list[Any]]
) -> tuple[Callable[[Experiment], Any], Callable[[Experiment, Any], dict[str, Any]]]:
    """Field `name` of the chosen layers: read from the first, put into all of them."""

    def read(experiment: Experiment) -> Any:
        found = chosen(experiment.network)
        return getattr(found[0], name) if found else None

    def put(experiment: Experiment, value: Any) -> dict[str, Any]:
        places = [id(layer) for layer in chosen(experiment.network)]
        layers = experiment.network.layers
        return _network(experiment, [x.model_dump() | {name: value} if id(x) in places else x for x in layers])

    return read, put


def _first(kind: type) -> Callable[[NetworkSpec], list[Any]]:
    return lambda network: [layer for layer in network.layers[:-1] if isinstance(layer, kind)][:1]


def _read_dropout(experiment: Experiment) -> float | None:
    if not hidden_dense(experiment.network):
        return None
    rates = [layer.rate for layer in experiment.network.layers if isinstance(layer, Dropout)]
    return rates[0] if rates else 0.0


def _put_dropout(experiment: Experiment, rate: float) -> dict[str, Any]:
    """After every hidden dense layer; 0 takes the dropout away."""
    layers: list[Any] = []
    for place, layer in enumerate(experiment.network.layers):
        if isinstance(layer, Dropout):
            continue
        layers.append(layer)
        if rate and isinstance(layer, Dense) and place < len(experiment.network.layers) - 1:
            layers.append(Dropout(rate=rate))
    return _network(experiment, layers)


def _weighted(network: NetworkSpec) -> list[Any]:
    return [layer for layer in network.layers if isinstance(layer, Dense | Conv2D)]


HIDDEN = tuple(name for name in get_args(Activation) if name != "softmax")
HYPERPARAMETERS: dict[str, Hyperparameter] = {
    "units": Hyperparameter("Units of the first hidden layer", *_layers("units", _first(Dense)), low=1, high=512),
    "activation": Hyperparameter("Activation of the hidden layers", *_layers("activation", hidden_dense), HIDDEN),
    "filters": Hyperparameter(
        "Feature maps of the first convolution", *_layers("filters", _first(Conv2D)), low=1, high=64
    ),
    "kernel_size": Hyperparameter("Its kernel size", *_layers("kernel_size", _first(Conv2D)), low=1, high=9),
    "dropout": Hyperparameter("Dropout after the hidden layers", _read_dropout, _put_dropout, low=0.0, high=0.8),
    "optimizer": Hyperparameter("Optimizer", *_training("optimizer"), get_args(Optimizer)),
    "learning_rate": Hyperparameter("Learning rate", *_training("learning_rate"), low=0.0001, high=10.0),
    "batch_size": Hyperparameter("Batch size", *_training("batch_size"), low=1, high=8192),
    "loss": Hyperparameter("Cost function", *_training("loss"), get_args(Loss)),
    "initializer": Hyperparameter("Initial weights", *_layers("initializer", _weighted), get_args(Initializer)),
    "scale": Hyperparameter("Grey values 0..1 (else 0..255)", *_training("scale")),
    "epochs": Hyperparameter("Epochs", *_training("epochs"), low=1, high=500),
    "train_size": Hyperparameter("Training pictures", *_training("train_size"), low=100, high=60_000),
    "seed": Hyperparameter("Seed of the random numbers", *_training("seed"), low=0, high=999_999),
}
"""By their names, which are those of the training pages' controls."""
