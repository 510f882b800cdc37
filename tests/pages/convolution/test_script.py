"""The script of a convolution, run on its own, prints what nncore computes, for a test digit and for a drawing."""

import numpy as np
import pytest

from nncore.theory.convolution import explain_output, feature_map, pool
from nncore.theory.kernels import learned_kernels, preset_kernel, read_kernel
from pages.convolution.convolution.script import script
from tests.support.shown import printed

PLAIN = {"bias": 0.0, "stride": 1, "padding": "valid", "activation": "relu"}
LINES = read_kernel("0_0_0_-1_2_-1_0_0_0")


@pytest.mark.parametrize(
    ("kernel", "settings", "pooling", "pixel"),
    [
        (preset_kernel("sobel", 5), {"stride": 3, "padding": "same"}, ("l2", 3, 3), (0, 5)),
        (LINES, {"bias": -7.25, "activation": "selu"}, ("average", 2, 1), (4, 0)),
        (learned_kernels("model3")[0][4], {"bias": 0.3, "activation": "tanh"}, ("max", 2, 2), (10, 11)),
        (preset_kernel("blur", 3), {"stride": 2}, None, (3, 3)),
    ],
)
@pytest.mark.parametrize("index", [12, None], ids=["digit", "drawing"])
def test_the_script_prints_map_pixel_and_pooling(kernel, settings, pooling, pixel, index, mnist, keras_has_the_digits):
    picture, settings = mnist.x_test[12], PLAIN | settings
    lines = printed(script(picture, index, kernel, settings, pooling, pixel))
    values, apart = feature_map(picture, kernel, **settings), explain_output(picture, kernel, *pixel, **settings)
    assert lines[0] == f"feature map {values.shape}"
    numbers = {f"pixel {pixel}": apart.value, "sum + bias": apart.z}
    if pooling:
        kind, size, stride = pooling
        pooled = pool(values, kind, size=size, stride=stride)
        assert lines.pop(3) == f"pooled {pooled.shape}"
        numbers["largest pooled value"] = pooled.max()
    found = {name: float(value) for name, value in (line.split(" = ") for line in lines[1:])}
    assert found == pytest.approx({name: float(value) for name, value in numbers.items()}, rel=1e-4)


def test_a_drawing_needs_no_digits(mnist):
    text = script(mnist.x_test[0], None, np.ones((3, 3)), PLAIN, None, (0, 0))
    assert "load_data" not in text
    assert "picture = np.array([\n    [0,0," in text
