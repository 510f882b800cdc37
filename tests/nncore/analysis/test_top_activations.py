"""Exemplars and the hidden space of real networks; oracles: Keras' own outputs for all digits, NumPy's sorting, PCA."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from nncore.analysis import projection, top_activations
from nncore.networks.inspection import activations
from nncore.reference import load_reference


def found_after_all_blocks(name, layer, channel):
    found = top_activations.strongest(name, layer, channel)
    while not found.done:
        before, found = found, top_activations.strongest(name, layer, channel)
        assert before.measured < found.measured <= found.total
    return found


@pytest.fixture
def few(monkeypatch, mnist):
    """The first 1,200 test digits, so that Keras' own outputs are quickly there too."""
    from nncore.data import dataset

    small = dataset.Dataset(mnist.x_train, mnist.y_train, mnist.x_test[:1200], mnist.y_test[:1200], mnist.source)
    monkeypatch.setattr(dataset, "built_in", lambda *arguments: small)
    top_activations._best.cache_clear()
    yield small
    top_activations._best.cache_clear()


@pytest.mark.parametrize(("name", "layer", "channel"), [("model3", 0, 14), ("model4", 2, 7), ("model2", 0, 3)])
def test_the_strongest_digits_are_those_of_keras_outputs_sorted(few, name, layer, channel):
    import keras

    model = load_reference(name)
    until = keras.Model(model.inputs[0], model.layers[layer].output)
    pictures = few.x_test.reshape(-1, *model.input_shape[1:]).astype(np.float32)
    values = until.predict(pictures, verbose=0)[..., channel].reshape(1200, -1).max(axis=1)
    found = found_after_all_blocks(name, layer, channel)
    np.testing.assert_allclose(found.largest, np.sort(values)[::-1][:10], rtol=1e-4)
    np.testing.assert_allclose(values[found.indices], found.largest, rtol=1e-4)
    np.testing.assert_array_equal(found.labels, few.y_test[found.indices])
    np.testing.assert_array_equal(found.pictures, few.x_test[found.indices])


def test_the_outlined_field_is_what_the_largest_value_sees(few):
    found = found_after_all_blocks("model3", 0, 14)
    for picture, field, largest in zip(found.pictures, found.fields, found.largest, strict=True):
        values = activations(load_reference("model3"), picture.astype(np.float32))[0].values[..., 14]
        assert field[2:] == (5, 5)
        assert values[field[0], field[1]] == pytest.approx(largest, rel=1e-4)


def test_a_unit_has_no_field(few):
    assert found_after_all_blocks("model2", 0, 3).fields == ()


def test_a_layer_is_measured_once_for_all_its_maps(few, monkeypatch):
    found_after_all_blocks("model3", 0, 0)
    monkeypatch.setattr(top_activations, "_measure", None)
    assert top_activations.strongest("model3", 0, 5).done


def test_a_layer_outside_is_refused(few):
    with pytest.raises(IndexError, match="expected a layer from 0 to 4, received 9"):
        top_activations.strongest("model3", 9, 0)


def test_the_points_are_the_principal_components_of_the_layers_values(few):
    model = load_reference("model3")
    values = np.stack([activations(model, picture.astype(np.float32))[3].values for picture in few.x_test[:1000]])
    fitted = PCA(n_components=2, svd_solver="full")
    expected = fitted.fit_transform(values.astype(np.float64))
    space = projection.locate("model3", 3)
    np.testing.assert_allclose(np.abs(space.positions), np.abs(expected), rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(space.explained_variance_ratio, fitted.explained_variance_ratio_, rtol=1e-3)
    assert space.done
    np.testing.assert_array_equal(space.labels, few.y_test[:1000])


def test_tsne_goes_on_from_question_to_question_and_ends(monkeypatch, mnist):
    projection._layer_of.cache_clear()
    monkeypatch.setattr(projection, "ITERATIONS", 20)
    monkeypatch.setattr(projection, "COUNT", 200)
    seen = [projection.locate("model3", 3, "tsne", seconds=0)]
    while not seen[-1].done:
        seen.append(projection.locate("model3", 3, "tsne", seconds=0))
    assert not np.array_equal(seen[1].positions, seen[2].positions)
    assert [space.iteration for space in seen] == [0, 5, 10, 15, 20]
    assert all(type(space.positions) is np.ndarray for space in seen)  # a server reads it without openTSNE
    np.testing.assert_array_equal(projection.locate("model3", 3, "tsne").positions, seen[-1].positions)
    projection._layer_of.cache_clear()


def test_another_way_to_lay_out_is_refused():
    with pytest.raises(ValueError, match="expected pca or tsne, received 'umap'"):
        projection.locate("model3", 3, "umap")
