"""The exported script and notebook, run in a process of their own, against `training.train` with the same seed."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from nncore.data.dataset import NAMES
from nncore.data.uploads.read import pack
from nncore.export import UPLOAD_FILE, to_notebook, to_script
from nncore.specs.experiment import Experiment, NetworkSpec, Segment, TrainingSpec
from nncore.specs.layers import AveragePooling2D, Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from nncore.specs.presets import PRESETS, preset
from nncore.training.train import train

RUNNER = """
import json, os, pathlib, runpy, sys
import keras, numpy as np
def load(file):
    arrays = np.load(file)
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
keras.datasets.mnist.load_data = lambda: load(sys.argv[1])
keras.datasets.fashion_mnist.load_data = lambda: load(sys.argv[2])
for script in sorted(pathlib.Path.cwd().glob("*/script.py")):
    os.chdir(script.parent)
    found = runpy.run_path(str(script), run_name="__main__")
    history = found.get("history", found["fit"].history)
    pathlib.Path("found.json").write_text(json.dumps({"history": history, "score": found["score"]}))
"""
"""Keras accepts only its own mnist.npz, byte for byte, so the digits come in here: no test needs a network."""

EVERY_OPTION = Experiment(
    name="every option",
    network=NetworkSpec(
        input_shape=(28, 28, 1),
        layers=(
            Conv2D(filters=4, kernel_size=3, strides=2, padding="same", activation="selu", initializer="lecun_normal"),
            MaxPooling2D(pool_size=3, strides=2),
            Conv2D(filters=6, kernel_size=3, activation="leaky_relu", initializer="he_uniform", l2=0.002),
            AveragePooling2D(),
            Dropout(rate=0.25),
            Flatten(),
            Dense(units=20, activation="softplus", initializer="he_normal", l2=0.001),
            Dropout(rate=0.1),
            Dense(units=10, activation="softmax"),
        ),
    ),
    training=TrainingSpec(
        optimizer="adam", learning_rate=0.004, batch_size=50, epochs=2, seed=77, scale=True, train_size=1_500,
        validation_split=0.2,
    ),
)  # fmt: skip


def shortened(name, epochs, train_size, data="mnist"):
    experiment = preset(name)
    training = experiment.training.model_copy(update={"epochs": epochs, "train_size": train_size, "data": data})
    return experiment.model_copy(update={"training": training})


PAUSED = (
    Segment(epoch=1, learning_rate=0.004, reason="restarted"),
    Segment(epoch=2, learning_rate=0.02, reason="continued"),
)
LONGER = EVERY_OPTION.model_copy(update={"training": EVERY_OPTION.training.model_copy(update={"epochs": 3})})
CASES = {
    "model 1": (shortened("model1", 2, 4_000), ()),
    "model 2": (shortened("model2", 2, 2_000), ()),
    "model 3": (shortened("model3", 1, 2_000), ()),
    "model 4": (shortened("model4", 1, 1_000), ()),
    "every option": (EVERY_OPTION, ()),
    "paused twice": (LONGER, PAUSED),
    "notebook": (shortened("model2", 2, 2_000), ()),
    "Fashion-MNIST": (shortened("model2", 2, 2_000, "fashion_mnist"), ()),
    "own pictures": (shortened("model2", 2, 400, "own-abc"), ()),
}


def train_in_parts(experiment, segments, digits):
    """As the service does it: each stretch from the backup of the one before."""
    kept, result = [None], None
    for place, segment in enumerate((None, *segments)):
        until = segments[place].epoch if place < len(segments) else experiment.training.epochs
        rate = segment.learning_rate if segment else None
        result = train(experiment, digits, backup=kept[-1], keep=kept.append, until=until, learning_rate=rate)
    return result


def pictures_of(case, digits):
    """Others than the digits where the case wants others: upside down, or few."""
    data = CASES[case][0].training.data
    if data == "mnist":
        return digits
    if data == "fashion_mnist":
        return replace(digits, x_train=digits.x_train[:, ::-1], x_test=digits.x_test[:, ::-1])
    return replace(digits, x_train=digits.x_train[-400:], y_train=digits.y_train[-400:], x_test=digits.x_test[-100:],
                   y_test=digits.y_test[-100:])  # fmt: skip


def written(case):
    """The file that is run: for the notebook, its code cells one after the other."""
    experiment, segments = CASES[case]
    if case != "notebook":
        return to_script(experiment, segments)
    cells = json.loads(to_notebook(experiment, segments))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


@pytest.fixture(scope="module")
def scripts_run(mnist, tmp_path_factory):
    """The folder in which all scripts were run, an empty home for a process without this project, and its output."""
    home = tmp_path_factory.mktemp("home")
    for case in ("model 1", "Fashion-MNIST"):
        found = pictures_of(case, mnist)
        np.savez(home / f"{CASES[case][0].training.data}.npz", **{name: getattr(found, name) for name in NAMES})
    for case in CASES:
        (home / case).mkdir()
        if case == "own pictures":
            (home / case / UPLOAD_FILE).write_bytes(pack(pictures_of(case, mnist)))
        (home / case / "script.py").write_text(written(case), encoding="utf-8")
    told = ("PATH", "TF_CPP_MIN_LOG_LEVEL", "TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS")  # as here: sums depend on them
    environment = {name: os.environ[name] for name in told} | {"HOME": str(home)}
    command = [sys.executable, "-c", RUNNER, str(home / "mnist.npz"), str(home / "fashion_mnist.npz")]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return home, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_script_gives_the_history_and_the_test_result_of_the_page(case, mnist, scripts_run):
    home, printed = scripts_run
    found = json.loads((home / case / "found.json").read_text())
    result = train_in_parts(*CASES[case], pictures_of(case, mnist))
    assert found["history"].keys() == result.history.keys()
    for name, values in result.history.items():
        assert found["history"][name] == pytest.approx(values, rel=1e-6), name
    assert found["score"] == pytest.approx([result.test_loss, result.test_accuracy], rel=1e-6)
    assert f"{result.wrong} of {result.tested} wrong" in printed
    assert (home / case / "history.png").stat().st_size > 5_000


def test_a_notebook_is_valid_and_the_same_each_time():
    import nbformat

    notebook = to_notebook(LONGER, PAUSED)
    nbformat.validate(nbformat.reads(notebook, as_version=4))
    assert notebook == to_notebook(LONGER, PAUSED)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_s_script_is_as_plain_as_the_lecture_s(name):
    script = to_script(preset(name))
    assert f'optimizer="{preset(name).training.optimizer}"' in script
    for absent in ("learning_rate", "astype", "validation", "initializer", "regularizer", "[:60000]", "padding"):
        assert absent not in script
    assert len(script.splitlines()) < 60
    assert max(map(len, script.splitlines())) <= 88


def test_an_own_learning_rate_needs_the_optimizer_s_class():
    training = TrainingSpec(optimizer="rmsprop", learning_rate=1e-05)
    script = to_script(Experiment(network=preset("model1").network, training=training))
    assert "optimizer=keras.optimizers.RMSprop(learning_rate=1e-05)" in script


def test_a_name_stays_a_comment_whatever_it_holds():
    named = preset("model1").model_copy(update={"name": 'x"""\rraise SystemExit\n\u2028raise SystemExit {seed}'})
    script = to_script(named)
    compile(script, "script.py", "exec")
    assert script.splitlines()[1:] == to_script(preset("model1")).splitlines()[1:]


@pytest.mark.parametrize("data", ["fashion_mnist", "own-abc"])
def test_only_the_lines_that_load_the_pictures_differ_for_another_set(data):
    base = shortened("model1", 2, 400)
    other = shortened("model1", 2, 400, data)
    lines = set(to_script(other).splitlines()) - set(to_script(base).splitlines())
    expected = {"    (x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()"}
    if data == "own-abc":
        expected = {
            '# Needs: pip install "keras>=3" tensorflow matplotlib; and data.npz beside this file',
            "import numpy as np",
            '    arrays = np.load("data.npz")',
            '    x_train, y_train = arrays["x_train"], arrays["y_train"]',
            '    x_test, y_test = arrays["x_test"], arrays["y_test"]',
        }
    assert lines == expected
