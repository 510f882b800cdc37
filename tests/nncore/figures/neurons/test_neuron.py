"""The moving picture of a neuron, by its parts."""

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.interactive.scene import FormattedNumber, Label, Line, Points
from nncore.figures.neurons.neuron import plot_curves, plot_drawing, plot_neuron
from nncore.theory.activations import ACTIVATIONS, activation
from nncore.theory.neuron import Neuron

VALUES = np.array([-1.0, 0.2, 4.0])


def neuron(name="sigmoid", b=0.2):
    return Neuron((1.0, 0.5, -1.0), (0.8, -0.4, 5.0), b, activation(name))


def words(panel):
    """All labels of a panel, numbers filled in for the first position."""
    filled = []
    for label in (part for part in panel.parts if isinstance(part, Label)):
        text = label.text
        if isinstance(text, FormattedNumber):
            text = text.template.replace("{}", f"{np.atleast_1d(text.number)[0]:.{text.digits}g}")
        filled.append(text)
    return filled


def edges(panel):
    return [part for part in panel.parts if isinstance(part, Line) and part.colour == theme.WEIGHT]


def test_the_numbers_of_the_neuron_are_in_its_drawing():
    shown = words(plot_drawing(neuron()))
    assert {"x₁", "1", "0.5", "-1", "w₁ = 0.8", "w₂ = -0.4", "w₃ = 5", "b = 0.2", "z = -4.2", "sigmoid"} <= set(shown)


def test_the_drawing_moves_with_the_number_that_moves():
    panel = plot_drawing(neuron().moved("w1", VALUES))
    moving = [part.text for part in panel.parts if isinstance(part, Label) and np.ndim(getattr(part.text, "number", 0))]
    assert {text.template for text in moving} == {"w₁ = {}", "z = {}", "{}"}
    np.testing.assert_array_equal(edges(panel)[0].width, 1.5 + 1.6 * np.abs(VALUES))
    assert list(edges(panel)[0].dash) == ["dash", "solid", "solid"]


def test_an_edge_is_wider_the_larger_its_weight_and_dashed_if_negative():
    w1, w2, w3, b = edges(plot_drawing(neuron(b=-0.2)))
    assert float(w2.width) < float(w1.width) < float(w3.width)
    assert [edge.dash for edge in (w1, w2, w3, b)] == ["solid", "dash", "solid", "dash"]


def test_colours_keep_their_meaning():
    rings = [part for part in plot_drawing(neuron()).parts if isinstance(part, Points)]
    assert [ring.colour for ring in rings] == [theme.INPUT] * 3 + [theme.WEIGHT] * 2 + [theme.OUTPUT] * 2


def test_a_tiny_output_fits_its_ring():
    low = neuron(b=-9.0)
    assert "0" in words(plot_drawing(low))


@pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS)
@pytest.mark.parametrize("b", [-85.0, -0.3, 0.0, 2.5, 85.0])
def test_both_curves_pass_through_the_places_that_they_mark(f, b):
    still = Neuron((0.0,) * 3, (0.0,) * 3, b, f)
    panel = plot_curves(still)
    slopes, heights = (part for part in panel.parts if isinstance(part, Line))
    for line, points, function in zip((slopes, heights), panel.parts[-2:], (f.slope, f), strict=True):
        np.testing.assert_allclose(line.y, function(line.x))
        assert (points.x.item(), points.y.item()) == (b, pytest.approx(float(function(b))))
    low, high = panel.x.low.item(), panel.x.high.item()
    assert line.x[0] <= low < b < high <= line.x[-1]
    inside = (low <= line.x) & (line.x <= high)
    drawn = np.concatenate([heights.y[inside], slopes.y[inside]])
    assert panel.y.low.item() < drawn.min() <= drawn.max() <= panel.y.high.item()


def test_a_second_activation_lies_behind_the_first_in_its_own_colour():
    still = neuron()
    alone, both = plot_curves(still), plot_curves(still, activation("tanh"))
    added = [part for part in both.parts if getattr(part, "colour", "") == theme.SECOND]
    assert len(both.parts) == len(alone.parts) + 4
    np.testing.assert_allclose(added[1].y, np.tanh(added[1].x))
    assert added[-1].y.item() == pytest.approx(np.tanh(float(still.z)))
    assert "tanh" in both.heading
    assert both.parts.index(added[0]) == 1


@pytest.mark.parametrize("moving", ["x1", "w3", "b"])
def test_readouts_are_those_of_the_neuron_at_each_position(moving):
    picture = plot_neuron(neuron(), moving, VALUES, compared=activation("relu"))
    z, output, slope, compared = (readout.text.number for readout in picture.readouts)
    moved = neuron().moved(moving, VALUES)
    np.testing.assert_array_equal(z, moved.z)
    np.testing.assert_array_equal(output, moved.output)
    np.testing.assert_array_equal(slope, moved.slope)
    np.testing.assert_array_equal(compared, np.maximum(0, moved.z))


def test_every_control_shows_the_same_neuron_at_its_own_value():
    pictures = [
        plot_neuron(neuron(), name, np.array([value])) for name, value in (("x1", 1.0), ("w2", -0.4), ("b", 0.2))
    ]
    for picture in pictures:
        assert [panel.key for panel in picture.panels] == ["neuron_drawing", "surface_map", "curve"]
        assert words(picture.panels[0]) == words(pictures[0].panels[0])
