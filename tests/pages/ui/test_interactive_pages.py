"""The moving pictures of the pages: whichever control is in hand, and with none in hand, they show the same."""

import numpy as np
import pytest

from tests.support.packed import dragged_on, drawn_at, given_all, given_to

NEURON, COST = "pages/neurons/neuron/page.py", "pages/learning/cost/page.py"
DESCENT = "pages/learning/gradient_descent/page.py"


def words(drawn):
    """What is written above the panels, about them, and in the readouts."""
    return [panel[name] for panel in drawn["panels"] for name in ("heading", "alt")] + drawn["readouts"]


def _renamed(text, old, key):
    return text.replace(old, f"against the {key}") if isinstance(text, str) else text


def assert_same(one, other, where=""):
    """Equal in all texts, shapes and numbers, but for what single precision rounds."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for name in one:
            assert_same(one[name], other[name], f"{where}.{name}")
    elif isinstance(one, list):
        assert len(one) == len(other), where
        for number, (each, its) in enumerate(zip(one, other, strict=True)):
            assert_same(each, its, f"{where}[{number}]")
    elif isinstance(one, str | None):
        assert one == other, where
    else:
        np.testing.assert_allclose(np.ravel(one), np.ravel(other), rtol=1e-5, atol=1e-6, err_msg=where)


@pytest.mark.parametrize(
    ("page", "query", "element"),
    [
        (NEURON, {"w1": "-1.3", "b": "0.77", "compare": "tanh", "dataset": "or"}, 0),
        (NEURON, {"x1": "0.123", "activation": "relu", "surface": "x2x3"}, 0),
        (NEURON, {"logit2": "-3", "temperature": "0.5"}, 1),
        (COST, {"w": "2", "b": "-0.33", "y": "1"}, 0),
        (COST, {"eta": "0.4", "steps": "37"}, 1),
        (COST, {"slope": "0.5", "offset": "1.15"}, 2),
        (DESCENT, {"eta": "0.3", "steps": "7", "momentum": "0.6"}, 0),
        (DESCENT, {"cost": "double_well", "eta": "0.123", "w0": "3"}, 0),
        (DESCENT, {"cost": "saddle", "noise": "true", "v0": "0"}, 0),
        (DESCENT, {"cost": "rosenbrock", "steps": "60"}, 0),
    ],
)
def test_whichever_control_is_in_hand_the_picture_shows_the_same(open_page, page, query, element):
    app = open_page(page, **query)
    (standing,) = given_to(dragged_on(app)[element])["pictures"].values()
    alone, given = drawn_at(standing, 0), given_all(app, element)
    for control in given["controls"]:
        drawn = drawn_at(given["pictures"][control["key"]], control["positions"].index(control["value"]))
        if control is given["controls"][0]:
            assert_same(alone, drawn)
        else:
            first = given["controls"][0]["key"]  # one panel has the control's name in it
            assert words(drawn) == [_renamed(each, f"against the {first}", control["key"]) for each in words(alone)]
