"""Each challenge is solved by a kernel and a layer that meet it, and not by such as come close."""

import pytest

from nncore.theory.kernels import PRESETS
from pages.convolution.convolution.challenges import NAMES, solved_by
from pages.convolution.convolution.picture import compute_maps
from tests.pages.convolution.given import settings_of

LINES = "0_0_0_-1_2_-1_0_0_0"


def solved(picture, *, kernel=PRESETS[0], **more):
    settings = settings_of(picture, kernel, **more)
    return solved_by(settings, compute_maps(settings))


@pytest.mark.parametrize(("name", "meets", "close"), [
    ("twelve", {"stride": 2}, {"stride": 2, "size": 3}),
    ("twelve", {"stride": 2}, {"pooling": "max"}),
    ("strokes", {"kernel": LINES}, {"kernel": "edges_vertical", "size": 3}),
    ("strokes", {"kernel": "-1_2_-1_-1_2_-1_-1_2_-1"}, {"kernel": "-1_0_1_-1_0_1_-1_0_1"}),
    ("strokes", {"kernel": LINES}, {"kernel": "0_0_0_-1_3_-1_0_0_0"}),
    ("strokes", {"kernel": LINES}, {"kernel": "0_-1_0_0_2_0_0_-1_0"}),
    ("same", {"padding": "same"}, {"padding": "same", "size": 3}),
    ("same", {"padding": "same"}, {"padding": "same", "stride": 2}),
    ("quarter", {"pooling": "max"}, {"pooling": "average"}),
    ("quarter", {"pooling": "max"}, {"pooling": "max", "pool_stride": 3}),
])  # fmt: skip
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(mnist, name, meets, close):
    digit = mnist.x_test[0]
    assert (solved(digit, **meets)[name], solved(digit, **close)[name]) == (True, False)
    assert tuple(solved(digit, **meets)) == NAMES
