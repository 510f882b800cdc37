"""The equations of a neuron and of softmax hold the numbers on the screen."""

import pytest
import scipy.special

from pages.neurons.neuron.equations import activated, softmax_share, softmax_table, weighted_sum
from tests.pages.neuron.given import settings_of


def test_the_sum_and_the_output_are_written_out_term_by_term():
    neuron = settings_of(b=-9.5).neuron
    assert weighted_sum(neuron) == (
        r"z = \mathbf{w}\cdot\mathbf{x} + b = 0.8\cdot 1 + (-0.4)\cdot 0.5 + 0.3\cdot (-1) + (-9.5) = -9.2"
    )
    assert activated(neuron).startswith("f(z) = ")
    assert activated(neuron).endswith(r"= 0.000101")


def test_softmax_divides_each_exponential_by_the_sum():
    logits, temperature = [3.0, 1.0, 0.1, -2.5, 0.5], 0.5
    shares = scipy.special.softmax([logit / temperature for logit in logits])
    table = softmax_table(logits, temperature).to_pydict()
    assert [float(share) for share in table["share p"]] == pytest.approx(shares, rel=1e-3)
    for fraction, share in zip(table["divided by the sum"], shares, strict=True):
        exponential, total = fraction.split(" / ")
        assert float(exponential) / float(total) == pytest.approx(share, rel=2e-3)
    assert softmax_share(logits, temperature).endswith(f"= {shares[0]:.4g}")
