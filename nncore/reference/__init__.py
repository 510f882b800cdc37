"""The lecture's four models as this project trained them; `python -m nncore.reference` made the files here.

Knows `networks`, `training` and all below them."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

from nncore.networks.build import preset, unpack_model
from nncore.specs.experiment import Experiment

COMMAND = "python -m nncore.reference"


class ReferenceRun(BaseModel):
    """A stored training: what was trained, when, on what, and what came of it. Accuracies are shares, 0 to 1."""

    model_config = ConfigDict(frozen=True)

    experiment: Experiment
    made: str
    """The day, YYYY-MM-DD."""
    command: str
    device: str
    versions: dict[str, str]
    seconds: float
    history: dict[str, list[float]]
    test_loss: float
    test_accuracy: float
    wrong: int


@lru_cache(maxsize=4)
def load_run(name: str) -> ReferenceRun:
    """The stored history and test result of `model1` to `model4`; ValueError for another name."""
    preset(name)
    text = files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return ReferenceRun.model_validate(json.loads(text))


def load_reference(name: str) -> Any:
    """The trained keras.Model of `model1` to `model4`; ValueError for another name."""
    network = preset(name).network
    return unpack_model(network, files(__name__).joinpath(f"{name}.npz").read_bytes())
