"""How well a network reads: the numbers against scikit-learn and against a plain loop over Keras' own predictions."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, recall_score

from nncore.networks import evaluation
from nncore.networks.build import build_model, prepare_inputs
from nncore.reference import load_reference
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import Dense
from nncore.specs.presets import PRESETS

COUNT = 1500
ROUNDING = 1e-4
"""Model 2 takes pictures of 0 to 255: its sums round at about 1e-5, otherwise in a batch of 32 than of 1500."""


@pytest.fixture(scope="module")
def read(mnist):
    """Model 2, its outputs for some test digits by Keras' own `predict`, and their labels."""
    model = load_reference("model2")
    pictures = prepare_inputs(mnist.x_test[:COUNT], PRESETS["model2"].network, scale=False)
    return model, pictures, model.predict(pictures, verbose=0), mnist.y_test[:COUNT]


def test_the_confusion_counts_every_picture_in_its_row_and_column(read):
    _, _, outputs, labels = read
    counted = np.zeros((10, 10), int)
    np.add.at(counted, (labels, outputs.argmax(axis=1)), 1)
    matrix = evaluation.confusion(labels, outputs.argmax(axis=1))
    np.testing.assert_array_equal(matrix, counted)
    assert matrix.sum() == len(labels)


def test_accuracy_and_that_of_each_digit_are_scikit_learns(read):
    _, _, outputs, labels = read
    readings = outputs.argmax(axis=1)
    assert evaluation.accuracy(outputs, labels) == pytest.approx(accuracy_score(labels, readings))
    by_class = evaluation.class_accuracy(evaluation.confusion(labels, readings))
    np.testing.assert_allclose(by_class, recall_score(labels, readings, average=None))


def test_a_digit_without_pictures_has_no_accuracy():
    matrix = evaluation.confusion(np.array([1, 1]), np.array([1, 7]))
    shares = evaluation.class_accuracy(matrix)
    assert shares[1] == 0.5
    assert np.isnan(np.delete(shares, 1)).all()


def test_the_worst_mistake_is_the_one_with_the_largest_lead_of_the_wrong_digit():
    outputs = np.zeros((4, 10), np.float32)
    outputs[0, [3, 5]] = 0.6, 0.4
    outputs[1, [3, 5]] = 0.9, 0.1
    outputs[2, 5] = 1.0
    outputs[3, 0] = 1.0
    found = evaluation.worst_mistakes(outputs, np.array([5, 5, 5, 0]))
    assert [(m.index, m.label, m.predicted) for m in found] == [(1, 5, 3), (0, 5, 3)]
    assert found[0].score_predicted == pytest.approx(0.9)
    assert found[0].score_true == pytest.approx(0.1)
    assert len(evaluation.worst_mistakes(outputs, np.array([5, 5, 5, 0]), count=1)) == 1


def test_every_worst_mistake_of_a_network_is_a_mistake(read):
    _, _, outputs, labels = read
    for mistake in evaluation.worst_mistakes(outputs, labels):
        assert mistake.label == labels[mistake.index] != mistake.predicted
        assert mistake.score_predicted == outputs[mistake.index].max()


def test_the_dense_layers_outputs_end_with_what_keras_predicts(read):
    model, pictures, outputs, _ = read
    *hidden, last = evaluation.outputs_and_peaks(model, pictures)[0]
    assert [values.shape for values in hidden] == [(COUNT, 30)]
    np.testing.assert_allclose(last, outputs, atol=ROUNDING)


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0])
def test_units_switched_off_read_as_keras_with_their_outgoing_weights_scaled(read, factor):
    model, pictures, _, _ = read
    hidden = evaluation.outputs_and_peaks(model, pictures)[0][0]
    for units in ([4], [0, 7, 29]):
        scaled = load_reference("model2")
        kernel, bias = scaled.layers[-1].get_weights()
        kernel[units] *= factor
        scaled.layers[-1].set_weights([kernel, bias])
        mine = evaluation.outputs_with(model, 0, hidden, evaluation.factors_for(30, units, factor))
        np.testing.assert_allclose(mine, scaled.predict(pictures, verbose=0), atol=ROUNDING)


def test_a_unit_of_the_first_of_two_hidden_layers_is_switched_off_before_the_second(mnist):
    layers = (Dense(units=6, activation="relu"), Dense(units=5, activation="tanh"), Dense(units=10))
    model = build_model(NetworkSpec(layers=layers), seed=3)
    pictures = mnist.x_test[:50].reshape(50, 784) / np.float32(255)
    first = evaluation.outputs_and_peaks(model, pictures)[0][0]
    mine = evaluation.outputs_with(model, 0, first, evaluation.factors_for(6, [2], 0.0))
    kernel, bias = model.layers[0].get_weights()
    kernel[:, 2] = bias[2] = 0.0
    model.layers[0].set_weights([kernel, bias])
    np.testing.assert_allclose(mine, model.predict(pictures, verbose=0), atol=1e-5)


def test_units_that_are_not_there_are_refused_in_words():
    with pytest.raises(IndexError, match=r"expected units from 0 to 4, received \[5\]"):
        evaluation.factors_for(5, [5], 0.0)
    with pytest.raises(ValueError, match="expected 3 factors, one a unit, received shape"):
        evaluation.outputs_with(None, 0, np.zeros((2, 3), np.float32), np.ones(4))


def test_dead_and_saturated_units_are_counted():
    outputs = np.array([[0.0, 0.0, 2.0], [0.0, 1.0, 3.0]], np.float32)
    assert evaluation.examine_layer(1, "relu", outputs).dead == 1
    assert evaluation.examine_layer(1, "linear", outputs).dead == 0
    flat = np.array([[0.999, 0.0], [-0.99, 0.5]], np.float32)
    assert evaluation.examine_layer(1, "tanh", flat).saturated == 0.5
    assert evaluation.examine_layer(1, "softplus", flat).saturated == 0.0
