"""The sheet of learned kernels, looked at through its traces."""

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.convolution.kernels import plot_kernels
from nncore.theory.kernels import learned_kernels


@pytest.fixture
def figure():
    return plot_kernels(learned_kernels("model3")[0], chosen=12)


def test_twenty_kernels_stand_ten_in_a_row_with_a_gap_between(figure):
    sheet = np.asarray(figure.data[0].z, float)
    assert sheet.shape == (2 * 6 - 1, 10 * 6 - 1)
    assert np.isnan(sheet[5]).all()
    assert np.isnan(sheet[:, 5]).all()
    kernel = learned_kernels("model3")[0][12]
    np.testing.assert_allclose(sheet[6:11, 12:17], kernel / np.abs(kernel).max())


def test_weights_are_signed_and_centred_on_zero(figure):
    heat = figure.data[0]
    assert (heat.zmin, heat.zmax) == (-1, 1)
    assert [colour for _, colour in heat.colorscale] == [colour for _, colour in theme.SIGNED]


def test_every_kernel_has_a_point_to_click_in_its_middle(figure):
    points = figure.data[1]
    assert len(points.x) == 20
    assert (points.x[12], points.y[12]) == (14, 8)
    assert points.text[12] == "kernel 12"


def test_the_chosen_kernel_is_outlined_and_none_where_none_is_chosen(figure):
    box = figure.layout.shapes[0]
    assert (box.x0, box.x1, box.y0, box.y1) == (11, 17, 5, 11)
    assert box.line.color == theme.OUTPUT
    assert not plot_kernels(learned_kernels("model4")[0]).layout.shapes


def test_a_kernel_of_zeros_is_drawn_too():
    assert not np.asarray(plot_kernels(np.zeros((3, 5, 5))).data[0].z, float)[:5, :5].any()
