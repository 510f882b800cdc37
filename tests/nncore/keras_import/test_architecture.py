"""Which networks made elsewhere can be shown, and what is said of the others; nothing of a file is ever run."""

import contextlib
import json

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers as kl

from nncore.keras_import.architecture import read_config, write_config
from nncore.keras_import.archive import Parts, UploadedNetworkError, read_archive, write_archive
from nncore.keras_import.layers import KINDS
from nncore.keras_import.receive import receive
from tests.support.keras_files import chain, parts_of, replanned, saved, small, with_weights


@pytest.fixture(scope="module")
def good():
    """The file of a small network."""
    return saved(small())


@keras.saving.register_keras_serializable(package="own")
class Doubled(kl.Layer):
    """A layer of one's own."""

    def call(self, values):
        return 2 * values


@keras.saving.register_keras_serializable(package="own")
class Class(keras.Model):
    """A network as a class of one's own."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.dense = kl.Dense(10)

    def call(self, values):
        return self.dense(values)


def a_class():
    model = Class()
    model(np.zeros((1, 784), "float32"))
    return model


def branched():
    picture = kl.Input((784,))
    left = kl.Dense(10)(picture)
    return keras.Model(picture, kl.Add()([left, kl.Dense(10)(picture)]))


def two_inputs():
    inputs = kl.Input((784,)), kl.Input((784,))
    return keras.Model(inputs, kl.Dense(10)(kl.Concatenate()(inputs)))


def two_outputs():
    picture = kl.Input((784,))
    return keras.Model(picture, [kl.Dense(10)(picture), kl.Dense(10)(picture)])


def output_on_the_way():
    picture = kl.Input((784,))
    first = kl.Dense(10)(picture)
    return keras.Model(picture, [first, kl.Dense(10)(first)])


def used_twice():
    picture, dense = kl.Input((784,)), kl.Dense(784)
    return keras.Model(picture, kl.Dense(10)(dense(dense(picture))))


def dense(*layers):
    """After these layers on pictures, ten outputs."""
    return chain(*layers, kl.Flatten(), kl.Dense(10))


REFUSED = {
    "lambda": (lambda: chain(kl.Lambda(lambda x: x / 255), kl.Dense(10), shape=(784,)),
               r"Layer 0, “Lambda”: expected layers without programs.* Keras' safe mode refuses it too"),
    "a layer of its own": (lambda: chain(Doubled(), kl.Dense(10), shape=(784,)), "“Doubled”: expected layers that can"),
    "a class of its own": (a_class, "received “Class”: a class of its own is a program"),
    "a network inside": (lambda: chain(chain(kl.Dense(20), shape=(784,)), kl.Dense(10), shape=(784,)),
                         "received a network inside the network"),
    "an unknown kind": (lambda: dense(kl.SeparableConv2D(4, 3)), "“SeparableConv2D”: expected layers that can"),
    "branches": (branched, "received a network that branches"),
    "two inputs": (two_inputs, "received a network that branches"),
    "two outputs": (two_outputs, "a network with one output, that of its last layer, received 2"),
    "an output on the way": (output_on_the_way, "a network with one output, that of its last layer, received 2"),
    "a layer used twice": (used_twice, "received a network that branches"),
    "coloured pictures": (lambda: chain(kl.Flatten(), kl.Dense(10), shape=(28, 28, 3)), r"input “\(28, 28, 3\)”"),
    "larger pictures": (lambda: chain(kl.Flatten(), kl.Dense(10), shape=(32, 32, 1)), r"input “\(32, 32, 1\)”"),
    "pictures of any size": (lambda: chain(kl.GlobalMaxPooling2D(), kl.Dense(10), shape=(None, None, 1)),
                             r"input “\(None, None, 1\)”"),
    "five classes": (lambda: chain(kl.Dense(5), shape=(784,)), r"ten outputs, one a digit, received shape “\(5,\)”"),
    "a picture as output": (lambda: chain(kl.Conv2D(10, 3)), r"ten outputs, .* received shape “\(26, 26, 10\)”"),
    "rows of a picture": (lambda: chain(kl.Dense(20), kl.Flatten(), kl.Dense(10), shape=(28, 28)),
                          "put a Flatten layer before it"),
    "many parameters": (lambda: chain(kl.Dense(6500), kl.Dense(10), shape=(784,)), "at most 5,000,000 parameters"),
    "many products": (lambda: dense(kl.Conv2D(64, 5), kl.Conv2D(80, 5), kl.MaxPooling2D()), "50,000,000 products"),
    "a wide row": (lambda: dense(kl.Conv2D(32, 5)), "or 10,000 in a row, received 18,432"),
    "large maps": (lambda: chain(kl.Conv2D(200, 1), kl.GlobalMaxPooling2D(), kl.Dense(10)), "100,352 values in maps"),
    "many layers": (lambda: dense(*[kl.Identity() for _ in range(40)]), "Expected at most 40 layers, received 43"),
    "holes in a kernel": (lambda: dense(kl.Conv2D(4, 3, dilation_rate=2)), "dilation_rate.*: expected 1, received 2"),
    "groups": (lambda: dense(kl.Conv2D(4, 3), kl.Conv2D(4, 3, groups=2)), "groups: expected 1, received 2"),
    "a function of its own": (lambda: dense(kl.Conv2D(4, 3, activation=lambda x: -x)), "'a function of its own'"),
    "softmax over a picture": (lambda: dense(kl.Softmax()), "a row of units for softmax"),
    "units made maps": (lambda: dense(kl.Flatten(), kl.Dense(784), kl.Reshape((28, 28, 1)), kl.Conv2D(2, 3)),
                        "received a row of units made into maps"),
    "pixels stacked": (lambda: dense(kl.Reshape((14, 14, 4))), r"expected the shape \(28, 28, 1\) or \(784,\)"),
    "means over rows": (lambda: dense(kl.BatchNormalization(axis=1)), "expected one mean a map or unit"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_is_refused_in_a_sentence_before_keras_sees_it(name, monkeypatch):
    make, sentence = REFUSED[name]
    file = saved(make())
    monkeypatch.setattr(keras.models, "load_model", lambda *arguments, **options: pytest.fail("Keras saw it"))
    with pytest.raises(UploadedNetworkError, match=sentence) as refused:
        receive(file, "strange.keras")
    assert str(refused.value).startswith(("Expected ", "Layer "))
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 450


def test_weights_of_other_layers_are_refused():
    others = parts_of(saved(chain(kl.Dense(20), kl.Dense(10), shape=(784,))))["model.weights.h5"]
    plan = read_archive(saved(small())).config
    with pytest.raises(UploadedNetworkError, match="weights that fit the layers in the file, received others"):
        receive(write_archive(Parts(plan, others), "3.15.0"), "mixed.keras")


def test_missing_weights_are_refused(good):
    with pytest.raises(UploadedNetworkError, match="weights that fit the layers in the file, received others"):
        receive(with_weights(good, lambda weights: weights.create_group("layers")), "empty.keras")


def test_a_window_larger_than_its_maps_is_refused():
    file = replanned(saved(dense(kl.AveragePooling2D(20))), lambda plan: plan["config"]["layers"][1]["config"].update(
        pool_size=[28, 3]))  # fmt: skip
    one = read_config(read_archive(file).config)[0]
    with pytest.raises(ValueError, match="expected a window within 1 x 28 pixels, received 28 x 3"):
        one.output_shape((1, 28, 1))


def test_a_network_without_its_input_is_refused(good):
    with pytest.raises(UploadedNetworkError, match=r"that knows its input: give it a keras\.Input"):
        receive(replanned(good, lambda plan: plan["config"]["layers"].pop(0)), "unbuilt.keras")


PROGRAMS = {
    "initializer": ("kernel_initializer", {"module": "os", "class_name": "function", "config": "system"}),
    "constraint": ("kernel_constraint", {"module": "builtins", "class_name": "function", "config": "exec"}),
    "dtype": ("dtype", {"module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization"}),
    "quantization": ("quantization_config", {"module": "keras.utils", "class_name": "get_file", "config": {}}),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_names_a_program_where_a_setting_should_be_never_reaches_keras(good, name):
    setting, program = PROGRAMS[name]
    changed = replanned(good, lambda plan: plan["config"]["layers"][1]["config"].update({setting: program}))
    written = json.dumps(write_config(True, read_config(read_archive(changed).config)))
    for word in ("os", "system", "builtins", "exec", "enable_unsafe", "get_file", "function"):
        assert f'"{word}' not in written
    receive(changed, "harmless.keras")


def test_a_plan_that_names_a_module_of_its_own_is_refused(good):
    for change in (lambda plan: plan.update(module="os"), lambda plan: plan["config"]["layers"][1].update(module="os")):
        with pytest.raises(UploadedNetworkError):
            receive(replanned(good, change), "strange.keras")


def test_how_it_was_compiled_is_passed_over(good):
    changed = replanned(good, lambda plan: plan.update(compile_config={"optimizer": {"module": "os"}}))
    receive(changed, "compiled.keras")


def test_the_refusal_of_an_unknown_kind_names_all_that_are_known():
    with pytest.raises(UploadedNetworkError) as refused:
        receive(saved(dense(kl.UpSampling2D())), "strange.keras")
    assert all(kind in str(refused.value) for kind in KINDS)


NONSENSE = (None, True, -1, 0, 10**30, 1e308, float("nan"), "", "x", "Dense", [], {}, [[1]], {"a": {}}, [None, 784])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_nonsense_anywhere_in_a_plan_is_read_or_refused_and_raises_nothing_else(good, data):
    plan = json.loads(parts_of(good)["config.json"])
    place = plan
    for _ in range(data.draw(st.integers(0, 6))):
        inside = [value for value in (place.values() if isinstance(place, dict) else place)
                  if isinstance(value, dict | list) and value]  # fmt: skip
        if inside:
            place = data.draw(st.sampled_from(inside))
    key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(st.sampled_from(NONSENSE))
    with contextlib.suppress(UploadedNetworkError):
        assert read_config(plan)
