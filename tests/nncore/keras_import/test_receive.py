"""Files of networks made elsewhere; oracles: Keras' own answers of the network that was saved, and SciPy's softmax."""

import keras
import numpy as np
import pytest
from keras import layers as kl
from scipy.special import softmax

from nncore.analysis import projection, top_activations
from nncore.keras_import import receive as receiving
from nncore.keras_import.architecture import read_config
from nncore.keras_import.archive import read_archive
from nncore.keras_import.receive import receive
from nncore.networks.ablation import each_off
from nncore.networks.forward import predict_batch
from nncore.networks.inspection import PIXEL_KINDS, activations, explain_pixel, explain_unit, predict
from nncore.registry import networks
from nncore.registry.networks import UnknownNetworkError, load_network
from nncore.storage.run_store import default_store
from tests.support import keras_files


def answers(model, pictures):
    """Keras' own, of the network as it was saved."""
    shaped = pictures.astype("float32").reshape(len(pictures), *model.input_shape[1:])
    return np.asarray(model(shaped, training=False), np.float32)


def share_read(model, pictures, labels):
    return float((answers(model, pictures).argmax(axis=1) == labels).mean())


@pytest.fixture(scope="module")
def first(mnist):
    """A thousand test digits and their labels."""
    return mnist.x_test[:1000], mnist.y_test[:1000]


@pytest.mark.parametrize(
    ("make", "divisor"), [(keras_files.read_digits, 1), (keras_files.read_scaled_digits, 255)], ids=["raw", "scaled"]
)
def test_a_network_is_told_from_its_answers_which_grey_values_it_wants(make, divisor, first):
    model, (pictures, labels) = make(), first
    found = receive(keras_files.saved(model), "mine.keras")
    assert found.scale == (divisor == 255)
    assert found.raw_accuracy == share_read(model, pictures, labels)
    assert found.scaled_accuracy == share_read(model, pictures / 255, labels)
    assert max(found.raw_accuracy, found.scaled_accuracy) > 0.97
    assert (found.name, found.parameters, found.softmax_added) == ("mine.keras", 289_630, False)
    answer = networks.apply_to_network(predict_batch, found.id, pictures[:50])
    np.testing.assert_allclose(answer, answers(model, pictures[:50] / divisor), atol=1e-5)


def test_which_grey_values_it_gets_can_be_said_with_its_name(first):
    model, pictures = keras_files.read_scaled_digits(), first[0]
    found = receive(keras_files.saved(model), "mine.keras")
    for name, divisor in ((found.id, 255), (f"{found.id}.scaled", 255), (f"{found.id}.raw", 1)):
        expected = answers(model, pictures[:5] / divisor)
        np.testing.assert_allclose(networks.apply_to_network(predict_batch, name, pictures[:5]), expected, atol=1e-5)
    assert networks.input_scaling(f"{found.id}.raw") == (False, "mnist")


def test_logits_get_a_softmax_after_the_last_layer(first):
    model, (pictures, labels) = keras_files.read_digits_in_logits(), first
    found = receive(keras_files.saved(model), "logits.keras")
    assert found.softmax_added
    assert found.raw_accuracy == share_read(model, pictures, labels)
    answer = networks.apply_to_network(predict_batch, found.id, pictures[:50])
    np.testing.assert_allclose(answer, softmax(answers(model, pictures[:50]), axis=1), atol=1e-5)
    layers = networks.apply_to_network(activations, found.id, pictures[0])
    assert [layer.kind for layer in layers[-2:]] == ["Dense", "Softmax"]
    np.testing.assert_allclose(layers[-2].values, answers(model, pictures[:1])[0], rtol=1e-4)


def test_what_an_optimizer_remembers_is_left_out_of_what_is_kept(first):
    model, (pictures, labels) = keras_files.small(), first
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(pictures.reshape(-1, 784) / 255, labels, epochs=3, batch_size=32, verbose=0)
    file = keras_files.saved(model)
    found = receive(file, "trained.keras")
    assert found.scaled_accuracy == share_read(model, pictures / 255, labels) > 0.7
    assert len(default_store().own_networks.load_file(found.id)) < 0.5 * len(file)


ZOO = {
    "normalized maps": lambda: keras_files.chain(
        kl.Rescaling(1 / 255), kl.Conv2D(6, 3, use_bias=False), kl.BatchNormalization(), kl.ReLU(),
        kl.MaxPooling2D(padding="same"), kl.SpatialDropout2D(0.2), kl.Conv2D(8, (3, 5), strides=(2, 1), padding="same"),
        kl.LayerNormalization(), kl.LeakyReLU(0.1), kl.AveragePooling2D(3, strides=1, padding="same"),
        kl.GlobalAveragePooling2D(), kl.Dense(10, activation="softmax"),
    ),
    "rows of units": lambda: keras_files.chain(
        kl.Rescaling(1 / 127.5, offset=-1), kl.Flatten(), kl.GaussianNoise(0.1), kl.Dense(30, activation="gelu"),
        kl.BatchNormalization(scale=False), kl.Activation("swish"), kl.GaussianDropout(0.1), kl.ELU(0.5),
        kl.LayerNormalization(center=False), kl.Dense(10), kl.Softmax(), shape=(28, 28),
    ),
    "a row made a picture": lambda: keras_files.chain(
        kl.Reshape((28, 28, -1)), kl.Identity(), kl.Conv2D(4, 5, activation="elu"), kl.GlobalMaxPooling2D(),
        kl.Dense(10, activation="sigmoid"), shape=(784,),
    ),
    "two of a kind": lambda: keras_files.chain(
        kl.Conv2D(3, 3, activation="relu"), kl.Conv2D(5, 3, activation="tanh"), kl.Flatten(),
        kl.Dense(12, activation="relu"), kl.Dense(10), kl.Activation("log_softmax"),
    ),
}  # fmt: skip


def with_other_weights(model):
    """Weights, also the means of a normalization, that a fresh network does not have."""
    draws = np.random.default_rng(3)
    model.set_weights([np.abs(draws.normal(0.1, 0.2, weight.shape)) for weight in model.get_weights()])
    return model


@pytest.mark.parametrize("name", ZOO)
def test_every_kind_of_layer_gives_what_keras_gives_and_can_be_looked_into(name, first):
    model, pictures = with_other_weights(ZOO[name]()), first[0][:20]
    found = receive(keras_files.saved(model), "zoo.keras")
    prepared = pictures / (255 if found.scale else 1)
    expected = answers(model, prepared)
    expected = softmax(expected, axis=1) if found.softmax_added else expected
    np.testing.assert_allclose(
        networks.apply_to_network(predict_batch, found.id, pictures), expected, rtol=1e-3, atol=1e-5
    )
    assert found.parameters == model.count_params()
    for number, layer in enumerate(networks.apply_to_network(activations, found.id, pictures[0])):
        assert layer.values.ndim in (1, 3)
        if layer.kind in PIXEL_KINDS:
            pixel = networks.apply_to_network(explain_pixel, found.id, pictures[0], number, 3, 2, 1)
            assert pixel.value == pytest.approx(pixel.stored, rel=1e-3, abs=1e-4)
        elif layer.kind == "Dense":
            unit = networks.apply_to_network(explain_unit, found.id, pictures[0], number, 4)
            assert unit.value == pytest.approx(unit.stored, rel=1e-3, abs=1e-4)
        assert networks.apply_to_network(each_off, found.id, pictures[0], number).shape == (layer.values.shape[-1], 10)


def test_half_precision_is_opened_in_whole_precision(first):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = keras_files.small()
    finally:
        keras.config.set_dtype_policy("float32")
    found = receive(keras_files.saved(model), "half.keras")
    opened = load_network(found.id).model
    assert opened.layers[0].compute_dtype == "float32"
    np.testing.assert_array_equal(opened.get_weights()[0], model.get_weights()[0])


def test_a_fixed_batch_does_not_matter(first):
    model = keras.Sequential([kl.Input(batch_shape=(7, 784)), kl.Dense(10, activation="softmax")])
    found = receive(keras_files.saved(model), "batch.keras")
    assert networks.apply_to_network(predict, found.id, first[0][0]).shape == (10,)


def test_what_is_kept_is_opened_by_another_process_and_its_rooms_work(engine, first):
    model, pictures = keras_files.read_digits(), first[0]
    found = engine.ask(receiving.receive, keras_files.saved(model), "mine.keras")
    answer = engine.ask(networks.apply_to_network, predict, found.id, pictures[3])
    np.testing.assert_allclose(answer, answers(model, pictures[3:4])[0], atol=1e-5)
    assert engine.ask(projection.locate, found.id, 3).positions.shape == (1000, 2)
    assert engine.ask(top_activations.strongest, found.id, 0, 3).measured > 0
    assert engine.ask(networks.input_scaling, found.id) == (False, "mnist")
    saved_again = engine.ask(networks.to_keras_file, found.id)
    assert read_config(read_archive(saved_again).config)


def test_the_sentence_of_a_refusal_reaches_the_page(engine):
    with pytest.raises(receiving.UploadedNetworkError, match="Expected a network as Keras saves it"):
        engine.ask(receiving.receive, b"A sentence is no network.", "notes.keras")


def test_how_a_network_made_elsewhere_was_trained_is_not_claimed():
    found = receive(keras_files.saved(keras_files.small()), "small.keras")
    with pytest.raises(UnknownNetworkError, match="was made elsewhere"):
        _ = load_network(found.id).experiment


def test_a_network_that_is_gone_is_a_sentence():
    with pytest.raises(UnknownNetworkError, match="not kept here any more: open its file again"):
        load_network("keras-nobody")


def test_a_network_without_numbers_is_refused():
    with pytest.raises(receiving.UploadedNetworkError, match="a training that diverged leaves such weights"):
        receive(keras_files.saved(keras_files.spoilt()), "spoilt.keras")


def test_the_largest_network_is_opened():
    model = keras_files.the_largest()
    assert receiving.open_file(keras_files.saved(model)).count_params() == model.count_params()
