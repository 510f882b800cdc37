"""Kernels: what each preset does to a simple picture, what the networks learned, and kernels in links."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from nncore.reference import load_reference
from nncore.theory.convolution import convolve
from nncore.theory.kernels import (
    LEARNED,
    PRESETS,
    SIZES,
    KernelError,
    learned_kernels,
    preset_kernel,
    read_kernel,
    write_kernel,
)

VERTICAL, HORIZONTAL = np.zeros((28, 28)), np.zeros((28, 28))
VERTICAL[:, 14:] = 1  # light from column 14 on
HORIZONTAL[14:] = 1


@pytest.mark.parametrize("size", SIZES)
def test_edge_kernels_see_edges_of_their_direction_only_and_no_flat_grey(size):
    for name, seen, unseen in (
        ("edges_vertical", VERTICAL, HORIZONTAL),
        ("sobel", VERTICAL, HORIZONTAL),
        ("edges_horizontal", HORIZONTAL, VERTICAL),
    ):
        kernel = preset_kernel(name, size)
        assert convolve(seen, kernel).max() > 0
        assert not convolve(unseen, kernel).any()
        assert not convolve(np.full((28, 28), 200.0), kernel).any()


@pytest.mark.parametrize("size", SIZES)
def test_blur_is_the_mean_and_identity_changes_nothing(size):
    picture = np.random.default_rng(1).normal(size=(28, 28))
    np.testing.assert_allclose(
        convolve(picture, preset_kernel("blur", size), padding="same"),
        ndimage.uniform_filter(picture, size, mode="constant"),
    )
    np.testing.assert_array_equal(convolve(picture, preset_kernel("identity", size), padding="same"), picture)


@pytest.mark.parametrize("size", SIZES)
def test_sharpen_keeps_flat_grey_and_overshoots_at_an_edge(size):
    kernel = preset_kernel("sharpen", size)
    assert kernel.sum() == 1
    sharpened = convolve(VERTICAL, kernel)
    assert sharpened.min() < 0
    assert sharpened.max() > 1


def test_sobel_is_scipys():
    picture = np.random.default_rng(1).normal(size=(28, 28))
    np.testing.assert_allclose(convolve(picture, preset_kernel("sobel", 3)), ndimage.sobel(picture, axis=1)[1:-1, 1:-1])


@pytest.mark.parametrize("name", LEARNED)
def test_learned_kernels_are_the_weights_of_the_networks_first_layer(name):
    kernels, biases = learned_kernels(name)
    weights = load_reference(name).layers[0].get_weights()
    np.testing.assert_array_equal(kernels, np.moveaxis(weights[0][:, :, 0], -1, 0))
    np.testing.assert_array_equal(biases, weights[1])
    with pytest.raises(ValueError, match="read-only"):
        kernels[0, 0, 0] = 1


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(SIZES), st.data())
def test_a_written_kernel_is_read_again_to_six_digits(size, data):
    numbers = st.floats(-1000, 1000, allow_subnormal=False)
    kernel = np.array(data.draw(st.lists(numbers, min_size=size**2, max_size=size**2))).reshape(size, size)
    np.testing.assert_allclose(read_kernel(write_kernel(kernel)), kernel, rtol=1e-5)


def test_a_kernel_in_a_link_can_be_read_and_typed_by_people():
    assert write_kernel(preset_kernel("sobel", 3)) == "-1_0_1_-2_0_2_-1_0_1"
    np.testing.assert_array_equal(read_kernel("-1, 0, 1;-2, 0, 2;-1, 0, 1"), preset_kernel("sobel", 3))


@pytest.mark.parametrize(
    "text", ["", "nonsense", "1_2_3", "1_2_3_4_5_6_7_8_x", "1_2_3_4_5_6_7_8_nan", "1e9" + "_0" * 8]
)
def test_what_is_no_kernel_is_refused_in_a_sentence(text):
    with pytest.raises(KernelError, match=f"expected 9 or 25 numbers from -1000 to 1000, received “{text}”"):
        read_kernel(text)


@pytest.mark.parametrize(("name", "size"), [("emboss", 3), (PRESETS[0], 7)])
def test_an_unknown_preset_or_size_is_refused_in_a_sentence(name, size):
    with pytest.raises(ValueError, match=f"expected a kernel out of .* received '{name}' with size {size}"):
        preset_kernel(name, size)
    with pytest.raises(ValueError, match="expected model3 or model4, received 'emboss'"):
        learned_kernels("emboss")
