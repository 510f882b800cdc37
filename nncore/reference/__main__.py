"""Train the lecture's four models in full and store them here: `python -m nncore.reference [model1 ...]`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from nncore.data.dataset import load_mnist
from nncore.reference import COMMAND, ReferenceRun
from nncore.specs.presets import PRESETS, preset
from nncore.training.events import EpochEnd, Event
from nncore.training.train import train


def _print_epoch(event: Event) -> None:
    if isinstance(event, EpochEnd):
        print(f"  epoch {event.epoch}/{event.epochs}  loss {event.loss:.4f}  accuracy {event.accuracy:.4f}", flush=True)


def main(names: list[str]) -> None:
    """Train each named model, or all four, and write NAME.npz and NAME.json beside this file."""
    folder = Path(__file__).parent
    dataset = load_mnist(print)
    if len(dataset.x_train) != 60_000:
        raise SystemExit(f"expected the complete MNIST, received {dataset}")
    for name in names or PRESETS:
        print(name, flush=True)
        experiment = preset(name)
        result = train(experiment, dataset, on_event=_print_epoch)
        if result.test_loss is None or result.test_accuracy is None or result.wrong is None:
            raise SystemExit(f"{name}: expected a tested network, received a training that was stopped")
        run = ReferenceRun(
            experiment=experiment,
            made=datetime.now(UTC).date().isoformat(),
            command=COMMAND,
            device=result.device,
            versions=result.versions,
            seconds=round(result.seconds, 1),
            history={key: [round(value, 6) for value in values] for key, values in result.history.items()},
            test_loss=result.test_loss,
            test_accuracy=result.test_accuracy,
            wrong=result.wrong,
        )
        (folder / f"{name}.npz").write_bytes(result.weights)
        (folder / f"{name}.json").write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")
        print(f"  test accuracy {run.test_accuracy:.4f}, {run.wrong} wrong, {run.seconds} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
