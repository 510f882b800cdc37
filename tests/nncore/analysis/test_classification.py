"""Named networks tested on all test digits, part by part; the oracles are the digits' labels and other answers."""

import numpy as np
import pytest

from nncore.analysis import classification
from nncore.registry.networks import UnknownNetworkError


def test_a_named_network_is_tested_in_parts_on_all_digits(mnist):
    shares = [classification.continue_evaluation("model1")]
    while shares[-1] < 1:
        shares.append(classification.continue_evaluation("model1"))
    assert shares == sorted(shares)
    summary = classification.summarize("model1")
    assert summary.tested == summary.matrix.sum() == len(mnist.y_test)
    assert summary.units == (30,)
    assert summary.sound


def test_a_cell_holds_its_pictures_the_surest_first(mnist):
    summary = classification.summarize("model2")
    found = classification.open_cell("model2", 4, 9)
    assert found.total == summary.matrix[4, 9]
    outputs = [one.score_predicted for one in found.predictions]
    assert outputs == sorted(outputs, reverse=True)
    assert (mnist.y_test[found.sheet.indices] == 4).all()
    np.testing.assert_array_equal(found.sheet.picture[:28, :28], mnist.x_test[found.sheet.indices[0]])
    mistakes = classification.open_mistakes("model2", 5)
    assert mistakes.total == summary.tested - np.trace(summary.matrix)
    assert len(mistakes.predictions) == 5


def test_accuracy_without_a_unit_is_that_of_the_list_of_all_units():
    full = classification.summarize("model2").accuracy
    each = classification.accuracies_one_by_one("model2", 0, 0.0)
    assert each[0] == classification.accuracy_with("model2", 0, [0], 0.0) != full
    assert (
        classification.accuracy_with("model2", 0, [], 0.0)
        == classification.accuracy_with("model2", 0, [3, 4], 1.0)
        == full
    )


def test_an_unknown_network_is_refused():
    with pytest.raises(UnknownNetworkError, match="nobody"):
        classification.continue_evaluation("nobody")


def test_a_layer_that_is_not_there_is_refused_in_words():
    with pytest.raises(IndexError, match="expected a hidden layer from 0 to 0, received 1"):
        classification.accuracy_with("model2", 1, [0], 0.0)
