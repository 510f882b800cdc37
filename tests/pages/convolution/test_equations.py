"""The equations of the page about convolution, with the numbers of its settings."""

import numpy as np

from pages.convolution.convolution.equations import pixel_equation, size_equation
from pages.convolution.convolution.picture import compute_maps
from tests.pages.convolution.given import settings_of


def test_the_pixel_is_activation_of_sum_plus_bias():
    settings = settings_of(np.full((28, 28), 2), np.ones((3, 3)), bias=-20.5, activation="leaky_relu")
    equation = pixel_equation(compute_maps(settings).pixel, 3, 4)
    assert equation.startswith(r"a_{3,4} = f\big(\sum_{3\times 3} w\,x + b\big) = \text{leaky\_relu}")
    assert r"\left(18 + (-20.5)\right)" in equation
    assert r"\left(-2.5\right) = -" in equation


def test_the_sizes_go_from_the_picture_to_the_pooled_map():
    settings = settings_of(np.zeros((28, 28)), "blur")
    assert size_equation(settings) == r"\frac{28 - 5}{1} + 1 = 24"
    settings = settings_of(np.zeros((28, 28)), "blur", pooling="max")
    assert size_equation(settings) == r"\frac{28 - 5}{1} + 1 = 24 \ \to\  \frac{24 - 2}{2} + 1 = 12"
