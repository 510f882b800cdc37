"""The lecture's four models as this project trained them; `python -m nncore.reference` made the files here.

Knows `networks`, `training` and all below them."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

from nncore.networks.build import unpack_model
from nncore.specs.experiment import Experiment
from nncore.specs.presets import preset

COMMAND = "python -m nncore.reference"


class ReferenceRun(BaseModel):
    """A stored training: its experiment, day, command, device, and results. Accuracies are 0 to 1."""

    model_config = ConfigDict(frozen=True)

    experiment: Experiment
    made: str
    """The day of the training, YYYY-MM-DD."""
    command: str
    """The command that repeats it."""
    device: str
    versions: dict[str, str]
    """The versions of Python and the packages it was made with."""
    seconds: float
    """How long all epochs took."""
    history: dict[str, list[float]]
    """The values of each metric, one an epoch."""
    test_loss: float
    test_accuracy: float
    wrong: int
    """How many of the 10,000 test digits were classified wrongly."""


@lru_cache(maxsize=4)
def load_run(name: str) -> ReferenceRun:
    """Load the stored training of `model1` to `model4`; raise ValueError for another name."""
    preset(name)
    text = files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return ReferenceRun.model_validate(json.loads(text))


def load_reference(name: str) -> Any:
    """Load the trained keras.Sequential of `model1` to `model4`; raise ValueError for another name."""
    network = preset(name).network
    return unpack_model(network, files(__name__).joinpath(f"{name}.npz").read_bytes())
