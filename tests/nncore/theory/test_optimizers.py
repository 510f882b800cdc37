"""The optimisers: Keras' own, in double precision, are the oracle."""

import keras
import numpy as np
import pytest

from nncore.theory.gradient_descent import Descent
from nncore.theory.loss_surfaces import LOSS_SURFACES, loss_surface
from nncore.theory.optimizers import OPTIMIZERS, StepState, optimizer

STEPS = 40
KERAS = {
    "gd": lambda eta, momentum: keras.optimizers.SGD(eta),
    "momentum": lambda eta, momentum: keras.optimizers.SGD(eta, momentum=momentum),
    "nesterov": lambda eta, momentum: keras.optimizers.SGD(eta, momentum=momentum, nesterov=True),
    "rmsprop": lambda eta, momentum: keras.optimizers.RMSprop(eta),
    "adam": lambda eta, momentum: keras.optimizers.Adam(eta, beta_1=np.float64(0.9), beta_2=np.float64(0.999)),
}
"""Keras' defaults; Adam's as NumPy numbers, since TensorFlow rounds a bare 0.999 to single precision."""


def keras_path(name, cost, start, eta, momentum):
    """Keras' optimiser led by the landscape's gradient, in float64."""
    rule = KERAS[name](eta, momentum)
    place = keras.Variable(np.array(start), dtype="float64")
    rule.build([place])
    path = [np.array(start, dtype=np.float64)]
    for _ in range(STEPS):
        gradient = keras.ops.convert_to_tensor(cost.gradient(path[-1]), dtype="float64")
        rule.apply_gradients([(gradient, place)])
        path.append(keras.ops.convert_to_numpy(place))
    return np.array(path)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("cost", LOSS_SURFACES)
def test_every_optimiser_walks_as_keras_does(name, cost):
    chosen = loss_surface(cost)
    eta = 2.0**-4 if OPTIMIZERS[name].adaptive or cost != "rosenbrock" else 2.0**-11  # exact in single precision
    start = [each.default for each in chosen.starts]
    ours = Descent(chosen, OPTIMIZERS[name], momentum=0.75).path(start, eta, STEPS)
    np.testing.assert_allclose(ours.points, keras_path(name, chosen, start, eta, 0.75), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_lines_of_a_script_take_the_same_steps_to_the_last_bit(name):
    rule, rng = optimizer(name), np.random.default_rng(2)
    m = s = np.zeros(3)
    names = {"np": np, "p": np.ones(3), "m": 0.0, "s": 0.0, "eta": 0.03, "momentum": 0.8}
    p = np.ones(3)
    for t in range(1, 30):
        g = rng.standard_normal(3)
        change, m, s = rule.update(StepState(g, m, s, t, np.float64(0.03), 0.8))
        p = p + change
        names |= {"g": g, "t": t}
        exec("\n".join(rule.code), names)
        np.testing.assert_array_equal(names["p"], p)


def test_an_unknown_optimiser_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"expected an optimiser out of gd, .*, received 'sgd'"):
        optimizer("sgd")
