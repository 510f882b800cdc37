"""Each challenge is solved by a state of its page that meets it, and not by one that comes close."""

import time
from pathlib import Path

import numpy as np
import pytest

from nncore.data.drawing import prepare
from nncore.networks.inspection import predict
from nncore.reference import load_reference
from pages.ui.challenges import parts
from tests.support.solving import is_solved

ROOT = Path(__file__).parents[2] / "pages"
NEURON, DESCENT = "pages/neurons/neuron/page.py", "pages/learning/gradient_descent/page.py"
MLP, CNN, MAPS = "pages/digits/mlp/page.py", "pages/convolution/cnn/page.py", "pages/convolution/feature_maps/page.py"
QUICK_MLP = {"preset": "model2", "scale": "true", "epochs": "4"}
SMALL_CNN = {"preset": "model4", "filters": "8", "filters2": "16", "units": "30", "optimizer": "adam"}
SMALL_CNN |= {"learning_rate": "0.001"}
GATE = {"w1": "1", "w2": "1", "x3": "0"}

BY_CONTROLS = [
    (NEURON, "half", {"b": "-0.3"}, {"b": "-0.2"}),
    (NEURON, "half", {"b": "-0.3"}, {"b": "-0.3", "activation": "softplus"}),
    (NEURON, "saturate", {"b": "5"}, {"b": "1"}),
    (NEURON, "alive", {"b": "6", "activation": "relu"}, {"b": "6", "activation": "tanh"}),
    (NEURON, "gate", {**GATE, "dataset": "and", "b": "-1.5"}, {**GATE, "dataset": "and", "b": "-0.5"}),
    (NEURON, "gate", {**GATE, "dataset": "or", "b": "-0.5"}, {**GATE, "dataset": "xor", "b": "-0.5"}),
    (NEURON, "xor", {**GATE, "dataset": "xor", "b": "-0.5"}, {**GATE, "dataset": "xor", "b": "0.5"}),
    (DESCENT, "arrive", {"eta": "0.5"}, {"eta": "0.49"}),
    (DESCENT, "arrive", {"eta": "0.5"}, {"eta": "0.5", "w0": "0"}),
    (DESCENT, "swing", {"eta": "1.0"}, {"eta": "0.99"}),
    (DESCENT, "mirror", {"eta": "0.99"}, {"eta": "0.01"}),
    (CNN, "too_large", {"kernel_size": "28", "second_block": "true"}, {"kernel_size": "20"}),
    (MAPS, "cut", {"map": "0", "row": "14", "col": "14"}, {"map": "14", "row": "14", "col": "14"}),
    (MAPS, "wide", {"model": "model4", "layer": "2"}, {"model": "model4", "layer": "1"}),
    (MAPS, "flip", {"index": "80", "off": "4,14"}, {"index": "80", "off": "14"}),
    (MAPS, "flip", {"index": "80", "off": "4,14"}, {"index": "78", "off": "0"}),
    (MAPS, "hide", {"index": "80", "occlusion_size": "5"}, {"index": "80", "occlusion_size": "15"}),
    (MAPS, "hide", {"index": "80", "occlusion_size": "5"}, {"index": "0", "occlusion_size": "5"}),
]
BY_TRAINING = [
    (MLP, "quick", QUICK_MLP, {**QUICK_MLP, "train_size": "500"}),
    (
        MLP,
        "overfit",
        {"preset": "model2", "train_size": "400", "validation_split": "0.5", "epochs": "40"},
        {**QUICK_MLP, "validation_split": "0.1"},
    ),
    (MLP, "fail", {"learning_rate": "10", "epochs": "1", "train_size": "2000", "optimizer": "adam"}, QUICK_MLP),
    (
        CNN,
        "small",
        {**SMALL_CNN, "scale": "true", "epochs": "2"},
        {**SMALL_CNN, "epochs": "1", "train_size": "1000"},
    ),
    (
        CNN,
        "one_map",
        {"filters": "1", "epochs": "1", "train_size": "1000"},
        {"filters": "2", "epochs": "1", "train_size": "1000"},
    ),
]


@pytest.mark.parametrize(("page", "name", "meets", "close"), BY_CONTROLS)
def test_a_challenge_is_solved_by_the_controls_that_meet_it(open_page, page, name, meets, close):
    assert is_solved(open_page(page, **meets), name)
    assert not is_solved(open_page(page, **close), name)


def trained(open_page, page, query):
    app = open_page(page, **query)
    app.button(key="train").click().run()
    deadline = time.monotonic() + 300  # other tests beside this one go first: training is nice
    while not any("Finished" in bar.text for bar in app.get("progress")):
        assert time.monotonic() < deadline, [bar.text for bar in app.get("progress")]
        time.sleep(0.3)
        app.run()
    return app


@pytest.mark.parametrize(("page", "name", "meets", "close"), BY_TRAINING)
def test_a_challenge_is_solved_by_a_training_that_meets_it(open_page, page, name, meets, close):
    assert is_solved(trained(open_page, page, meets), name)
    assert not is_solved(trained(open_page, page, close), name)


def test_a_solved_challenge_stays_solved_in_the_session(open_page):
    app = open_page(DESCENT, eta="0.5")
    app.session_state["eta"] = 0.2
    app.run()
    assert is_solved(app, "arrive")


def test_a_doubtful_drawing_solves_the_last_challenge_of_the_look_inside(open_page, monkeypatch, mnist):
    model = load_reference("model4")
    blends = (np.maximum(one, other) for one in mnist.x_test[:20] for other in mnist.x_test[20:40])
    doubtful = next(blend for blend in blends if predict(model, prepare(blend).picture).max() < 0.55)
    for drawing, solved in ((doubtful, True), (mnist.x_test[0], False)):
        monkeypatch.setattr("pages.ui.canvas.draw_digit", lambda drawing=drawing: drawing)
        assert is_solved(open_page(MAPS, source="draw", model="model4"), "doubt") == solved


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.md")), ids=lambda path: path.parent.name)
def test_every_challenge_of_the_prose_has_a_hint_and_an_explanation(path):
    for prose in path.read_text().split("## challenge ")[1:]:
        task, hint, explanation = parts(prose.split("\n", 1)[1].split("\n## ")[0].strip())
        assert min(len(task), len(hint), len(explanation)) > 20


def test_prose_without_a_hint_is_refused_with_what_was_expected():
    with pytest.raises(ValueError, match="expected a task, ### hint and ### solved"):
        parts("Only a task.")
