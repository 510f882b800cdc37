"""What a run needs to go on: Keras' BackupAndRestore, and its folder as bytes that fit into a database.

Keras writes weights and epoch into two files, one after the other, so a process that is killed between them leaves
a backup that counts an epoch twice. Here its folder is scratch; what counts is `Backup`, kept in one piece. Keras 3.15
also leaves the random state of Dropout out of saved weights, so it lies beside them in a file of ours.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore import _keras as keras
from nncore.networks import build

KEEP_SECONDS = 0.5
"""Backups of short epochs are at least so far apart: one costs 10 to 20 ms, an epoch of model 1 200 ms."""

SEEDS = "seed_generators.npz"
"""The states of the layers' random generators, in the model's order."""


@dataclass(frozen=True)
class Backup:
    """A training after a finished epoch."""

    epoch: int
    """Epochs finished."""
    history: dict[str, list[float]]
    """One value an epoch, as `fit` returns it."""
    files: bytes = field(repr=False)
    """BackupAndRestore's folder as a zip file: weights and optimizer as HDF5, the epoch as JSON; and SEEDS."""


def make_keeper(model: Any, folder: str, backup: Backup | None, keep: Callable[[Backup], None]) -> Any:
    """A Keras callback that restores `backup` when training begins, and calls `keep` with later ones.

    `folder` is an empty one for its use; ValueError if the backup is none.

    `finish_epoch` is to be called after each whole epoch; `close` after training, however it ended. It leaves the
    model as it was after its last whole epoch.
    """
    if backup is not None:
        try:
            with zipfile.ZipFile(io.BytesIO(backup.files)) as files:
                files.extractall(folder)
        except zipfile.BadZipFile as error:
            raise ValueError(f"expected a backup as a zip file, received something else: {error}") from None

    class Keeper(keras.callbacks.BackupAndRestore):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(folder, delete_checkpoint=False, double_checkpoint=False)
            self.kept_at = time.monotonic()
            self.finished: tuple[int, dict[str, list[float]]] | None = None
            self.state: list[NDArray[Any]] = []
            self.due = False

        def on_train_begin(self, logs: Any = None) -> None:
            super().on_train_begin(logs)
            if (Path(folder) / SEEDS).exists():
                with np.load(Path(folder) / SEEDS, allow_pickle=False) as states:
                    for variable, name in zip(_seed_states(model), states.files, strict=True):
                        variable.assign(states[name])

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            """Left to `finish_epoch`, which knows whether the epoch was whole."""

        def finish_epoch(self, epochs: int, history: dict[str, list[float]], *, last: bool) -> bool:
            """Take note of the state after so many epochs; whether it is kept already."""
            self.finished = epochs, {name: list(values) for name, values in history.items()}
            self.state = [np.array(keras.ops.convert_to_numpy(variable)) for variable in build.state(model)]
            self.due = True
            if last or time.monotonic() - self.kept_at >= KEEP_SECONDS:
                self.save()
            return not self.due

        def save(self) -> None:
            epochs, history = self.finished  # type: ignore[misc]  # only called once there is one
            super().on_epoch_end(epochs - 1)
            np.savez(Path(folder) / SEEDS, *[keras.ops.convert_to_numpy(state) for state in _seed_states(model)])
            self.due, self.kept_at = False, time.monotonic()
            keep(Backup(epochs, history, _zip(Path(folder))))

        def close(self, *, whole: bool) -> None:
            """Go back to the last whole epoch if the last was not, and keep what is not kept yet."""
            if self.finished is not None and not whole:
                for variable, value in zip(build.state(model), self.state, strict=True):
                    variable.assign(value)
            if self.due:
                self.save()

    return Keeper()


def _seed_states(model: Any) -> list[Any]:
    return [variable for variable in model.variables if variable.path.endswith("seed_generator_state")]


def _zip(folder: Path) -> bytes:
    """All files of the folder; not compressed, since weights hardly shrink."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as files:
        for path in sorted(folder.iterdir()):
            files.write(path, path.name)
    return buffer.getvalue()
