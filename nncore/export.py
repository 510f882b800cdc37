"""An experiment as a short Keras script or notebook, written as the lecture writes its own.

Run by itself, the script gives the history of `training.train` to the last printed digit: it sets the same seed
first, its layers draw their weights in the same order, and it feeds the same arrays. Arguments that equal the default
of Keras are left out. A run that was paused and continued is fitted in as many parts.
"""

from __future__ import annotations

from collections.abc import Sequence

import nbformat

from nncore.specs.experiment import DEFAULT_LEARNING_RATE, UPLOAD_PREFIX, Experiment, Segment, TrainingSpec
from nncore.specs.layers import AveragePooling2D, Conv2D, Dense, Dropout, Layer, MaxPooling2D

WIDTH = 88
"""The most characters of a line in the script."""
FULL_TRAIN_SIZE = 60_000
OPTIMIZER_CLASSES = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop", "adagrad": "Adagrad", "nadam": "Nadam"}

TEMPLATE = """\
# {name}
# Needs: pip install "keras>=3" tensorflow matplotlib{needs}
import keras{imports}


def get_data():
{load}
{data}
    return x_train, x_test, y_train, y_test


def build_model():
    model = keras.Sequential()
{layers}
    return model


if __name__ == "__main__":
    keras.utils.set_random_seed({seed})
    x_train, x_test, y_train, y_test = get_data()

    model = build_model()
    model.summary()
{compile}

{fit}
    for name, values in {history}.items():
        print(name, values[-1])

    score = model.evaluate(x_test, y_test, verbose=0)
    print("test loss and accuracy", score)
    print(round((1 - score[1]) * len(x_test)), "of", len(x_test), "wrong")

    import matplotlib.pyplot as plt

    plt.plot({history}["accuracy"])
{curve}    plt.xlabel("Epoch")
    plt.ylabel("Accuracy")
    plt.savefig("history.png")
"""

LOAD_KNOWN = "    (x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()"
LOAD_UPLOAD = """\
    arrays = np.load("{file}")
    x_train, y_train = arrays["x_train"], arrays["y_train"]
    x_test, y_test = arrays["x_test"], arrays["y_test"]"""
UPLOAD_FILE = "data.npz"
"""The file that the script of a run on uploaded pictures reads; the page offers it beside the script."""

VALIDATION_CURVE = """\
    plt.plot({history}["val_accuracy"])
    plt.legend(["training", "validation"])
"""


def to_script(experiment: Experiment, segments: Sequence[Segment] = ()) -> str:
    """Return a Python script of about fifty lines: get_data, build_model, compile, fit, evaluate, plot.

    `segments` are the later parts of an interrupted run; each becomes one more call of `fit`.
    """
    spec = experiment.training
    history, uploaded = "history" if segments else "fit.history", spec.data.startswith(UPLOAD_PREFIX)
    return TEMPLATE.format(
        name="".join(letter if letter.isprintable() else " " for letter in experiment.name),
        needs=f"; and {UPLOAD_FILE} beside this file" if uploaded else "",
        imports="\nimport numpy as np" if uploaded else "",
        load=LOAD_UPLOAD.format(file=UPLOAD_FILE) if uploaded else LOAD_KNOWN.format(name=spec.data),
        data=_data_lines(experiment),
        layers="\n".join(
            [
                f"    model.add(keras.Input({experiment.network.input_shape}))",
                *(add_line(layer) for layer in experiment.network.layers),
            ]
        ),
        seed=spec.seed,
        compile=_call(
            "    model.compile", [f'loss="{spec.loss}"', f"optimizer={_optimizer(spec)}", 'metrics=["accuracy"]']
        ),
        fit="\n".join(_fit_lines(spec, segments)),
        history=history,
        curve=VALIDATION_CURVE.format(history=history) if spec.validation_split else "",
    )


def _data_lines(experiment: Experiment) -> str:
    """Return the lines that reshape, scale and one-hot encode, as `networks.build.prepare_inputs` does."""
    spec, lines = experiment.training, []
    if spec.train_size < FULL_TRAIN_SIZE:
        lines.append(f"x_train, y_train = x_train[:{spec.train_size}], y_train[:{spec.train_size}]")
    shape = ", ".join(str(side) for side in experiment.network.input_shape)
    for name in ("x_train", "x_test"):
        lines.append(f"{name} = {name}.reshape(-1, {shape})")
    if spec.scale:
        lines += [f'{name} = {name}.astype("float32") / 255' for name in ("x_train", "x_test")]
    lines += [f"{name} = keras.utils.to_categorical({name}, 10)" for name in ("y_train", "y_test")]
    return "\n".join(f"    {line}" for line in lines)


def add_line(layer: Layer) -> str:
    """Return the line `model.add(...)` for a layer, wrapped if it would be longer than `WIDTH`."""
    arguments = _layer_arguments(layer)
    line = f"    model.add(keras.layers.{layer.kind}({', '.join(arguments)}))"
    if len(line) <= WIDTH:
        return line
    inner = "".join(f"            {argument},\n" for argument in arguments)
    return f"    model.add(\n        keras.layers.{layer.kind}(\n{inner}        )\n    )"


def _layer_arguments(layer: Layer) -> list[str]:
    match layer:
        case Dense():
            return [str(layer.units), *_weight_arguments(layer)]
        case Conv2D():
            steps = [f"strides={layer.strides}"] if layer.strides != 1 else []
            border = [f'padding="{layer.padding}"'] if layer.padding != "valid" else []
            size = f"kernel_size=({layer.kernel_size}, {layer.kernel_size})"
            return [str(layer.filters), size, *steps, *border, *_weight_arguments(layer)]
        case MaxPooling2D() | AveragePooling2D():
            steps = [f"strides=({layer.strides}, {layer.strides})"] if layer.strides else []
            return [f"pool_size=({layer.pool_size}, {layer.pool_size})", *steps]
        case Dropout():
            return [str(layer.rate)]
        case _:
            return []


def _weight_arguments(layer: Dense | Conv2D) -> list[str]:
    arguments = []
    if layer.activation != "linear":
        arguments.append(f'activation="{layer.activation}"')
    if layer.initializer != "glorot_uniform":
        arguments.append(f'kernel_initializer="{layer.initializer}"')
    if layer.l2:
        arguments.append(f"kernel_regularizer=keras.regularizers.L2({layer.l2})")
    return arguments


def _optimizer(spec: TrainingSpec) -> str:
    """Return the name of the optimizer, or the call of its class if the learning rate is not the default."""
    if spec.learning_rate == DEFAULT_LEARNING_RATE[spec.optimizer]:
        return f'"{spec.optimizer}"'
    return f"keras.optimizers.{OPTIMIZER_CLASSES[spec.optimizer]}(learning_rate={spec.learning_rate})"


def _fit_lines(spec: TrainingSpec, segments: Sequence[Segment]) -> list[str]:
    """Return one call of `fit`, or one for each part of an interrupted run."""
    split = [f"validation_split={spec.validation_split}"] if spec.validation_split else []
    common = [f"batch_size={spec.batch_size}", *split, "verbose=2"]
    if not segments:
        return [_call("    fit = model.fit", ["x_train", "y_train", f"epochs={spec.epochs}", *common])]
    ends = [segment.epoch for segment in segments] + [spec.epochs]
    lines, rate = [], spec.learning_rate
    if ends[0]:
        lines.append(_call("    fit = model.fit", ["x_train", "y_train", f"epochs={ends[0]}", *common]))
        lines.append("    history = dict(fit.history)")
    else:
        lines.append("    history = {}")
    for segment, end in zip(segments, ends[1:], strict=True):
        why = "was restarted" if segment.reason == "restarted" else "went on"
        lines += ["", f"    # The run {why} after epoch {segment.epoch}."]
        lines.append(f"    keras.utils.set_random_seed({spec.seed + segment.epoch})")
        if segment.learning_rate != rate:
            rate = segment.learning_rate
            lines.append(f"    model.optimizer.learning_rate = {rate}")
        part = [f"initial_epoch={segment.epoch}", f"epochs={end}"]
        lines.append(_call("    fit = model.fit", ["x_train", "y_train", *part, *common]))
        lines.append("    history = {name: history.get(name, []) + fit.history[name] for name in fit.history}")
    return lines


def to_notebook(experiment: Experiment, segments: Sequence[Segment] = ()) -> str:
    """Return the script as the JSON of a Jupyter notebook with one step per cell."""
    script = to_script(experiment, segments)
    head, main = script.split('if __name__ == "__main__":\n')
    steps = [part.strip("\n") for part in head.split("\n\n\n")]
    steps += [part.strip("\n") for part in _unindented(main).split("\n\n")]
    cells = [
        nbformat.v4.new_markdown_cell(f"# {experiment.name}\n\nThe same numbers as on the screen, from the same seed.")
    ]
    cells += [nbformat.v4.new_code_cell(step) for step in steps if step]
    notebook = nbformat.v4.new_notebook(cells=cells)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # nbformat draws random ids, but the same run should give the same file
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return str(nbformat.writes(notebook))


def _unindented(lines: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in lines.split("\n"))


def _call(start: str, arguments: list[str]) -> str:
    """Return `start(arguments)` on one line, or with one argument per line if it would be longer than `WIDTH`."""
    line = f"{start}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return line
    inner = "".join(f"        {argument},\n" for argument in arguments)
    return f"{start}(\n{inner}    )"
