"""The script of a convolution, run on its own, prints what nncore computes, for a test digit and for a drawing."""

import numpy as np
import pytest

from nncore.theory.kernels import learned_kernels
from pages.convolution.convolution.picture import compute_maps
from pages.convolution.convolution.script import script
from tests.pages.convolution.given import settings_of
from tests.support.shown import printed

LINES = "0_0_0_-1_2_-1_0_0_0"


@pytest.mark.parametrize(
    ("kernel", "layer", "pooling", "pixel"),
    [
        ("sobel", {"stride": 3, "padding": "same"}, ("l2", 3, 3), (0, 5)),
        (LINES, {"bias": -7.25, "activation": "selu"}, ("average", 2, 1), (4, 0)),
        (learned_kernels("model3")[0][4], {"bias": 0.3, "activation": "tanh"}, ("max", 2, 2), (10, 11)),
        ("blur", {"size": 3, "stride": 2}, ("none", 2, 2), (3, 3)),
    ],
)
@pytest.mark.parametrize("index", [12, None], ids=["digit", "drawing"])
def test_the_script_prints_map_pixel_and_pooling(kernel, layer, pooling, pixel, index, mnist, keras_has_the_digits):
    pooling = dict(zip(("pooling", "pool_size", "pool_stride"), pooling, strict=True))
    settings = settings_of(mnist.x_test[12], kernel, index=index, pixel=pixel, **pooling, **layer)
    lines, maps = printed(script(settings)), compute_maps(settings)
    assert lines[0] == f"feature map {maps.feature_map.shape}"
    expected = {f"pixel {pixel}": maps.pixel.value, "sum + bias": maps.pixel.z}
    assert (maps.pooled is None) == (settings.pooling == "none")
    if maps.pooled is not None:
        assert lines.pop(3) == f"pooled {maps.pooled.shape}"
        expected["largest pooled value"] = maps.pooled.max()
    found = {name: float(value) for name, value in (line.split(" = ") for line in lines[1:])}
    assert found == pytest.approx({name: float(value) for name, value in expected.items()}, rel=1e-4)


def test_a_drawing_needs_no_digits(mnist):
    text = script(settings_of(mnist.x_test[0], np.ones((3, 3))))
    assert "load_data" not in text
    assert "picture = np.array([\n    [0,0," in text
