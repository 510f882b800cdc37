"""The drawing of the 2-2-1 network, by what is written in it in each phase."""

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.learning.backpropagation import plot_step, targets
from nncore.figures.learning.cost_curve import plot_updates
from nncore.theory.network_221 import PARAMETERS, Setting, start_network, take_step

STEP = take_step(start_network(Setting()), Setting())


def drawn(phase, chosen="w11", step=STEP):
    return plot_step(step.until(phase), phase, chosen)


def words(figure):
    rings = [text for trace in figure.data if trace.text and trace.name != "clicks" for text in trace.text]
    return " ".join([*rings, *(note.text for note in figure.layout.annotations)])


def lines(figure):
    return {shape.name: shape for shape in figure.layout.shapes}


@pytest.mark.parametrize(
    ("phase", "new"),
    [
        (1, ["0.55", "0.69", "z<sub>1</sub> = 0.2", "z<sub>2</sub> = 0.8"]),
        (2, ["0.587", "z = 0.3531"]),
        (3, ["0.085"]),
        (4, ["δ = −0.1"]),
        (5, ["δ<sub>1</sub> = 0.01485", "δ<sub>2</sub> = −0.01498"]),
        (6, ["∂C/∂w = 0.0149", "∂C/∂c = −0.1"]),
        (7, ["→ <b>0.4926</b>", "→ <b>0.25</b>"]),
    ],
)
def test_a_number_is_written_from_the_phase_on_that_computes_it(phase, new):
    for number in new:
        assert number in words(drawn(phase))
        assert phase == 1 or number not in words(drawn(phase - 1))


def test_letters_stand_where_a_number_is_not_known_yet():
    rings = {trace.name: list(trace.text) for trace in drawn(1).data if trace.text}
    assert (rings["output"], rings["cost"]) == (["a"], ["C"])
    assert rings["inputs"] == ["1", "0.5"]


def test_all_weights_and_the_target_are_written_from_the_beginning():
    written = words(drawn(1))
    for name, value in (("w<sub>12</sub>", "−0.8"), ("v<sub>1</sub>", "−0.6"), ("c", "0.2"), ("y", "1")):
        assert f"{name} = {value}" in written


def test_an_edge_is_wider_the_larger_its_weight_and_dashed_if_negative():
    edges = lines(drawn(6))
    assert edges["w21"].line.width > edges["w11"].line.width > edges["b1"].line.width
    assert edges["w12"].line.dash != "solid"
    assert edges["w11"].line.dash == "solid"
    assert {edges[name].line.color for name in PARAMETERS} == {theme.WEIGHT}


def test_a_phase_puts_the_edges_that_it_works_with_forward():
    for phase, active in ((1, {"w11", "w12", "b1", "w21", "w22", "b2"}), (2, {"v1", "v2", "c"}), (6, set(PARAMETERS))):
        edges = lines(drawn(phase))
        assert {name for name in PARAMETERS if edges[name].opacity == 1} == active


def test_the_backward_phases_point_back_in_the_colour_of_gradients():
    for phase, ends in ((3, []), (4, ["back to out"]), (5, ["back to 1", "back to 2"]), (6, [])):
        arrows = [trace for trace in drawn(phase).data if (trace.name or "").startswith("back")]
        assert [arrow.name for arrow in arrows] == ends
        assert all(arrow.line.color == theme.COST for arrow in arrows)


@pytest.mark.parametrize(("chosen", "ways"), [("w21", 3), ("b1", 3), ("v2", 2), ("c", 2)])
def test_the_way_from_the_chosen_weight_to_the_cost_is_marked(chosen, ways):
    assert sum(shape.name == "way" for shape in drawn(1, chosen).layout.shapes) == ways


def test_every_edge_has_points_to_click_along_it():
    clicks = next(trace for trace in drawn(1).data if trace.name == "clicks")
    assert len(clicks.x) == len(targets())
    assert list(dict.fromkeys(targets())) == list(PARAMETERS)
    edge = lines(drawn(1))["w21"]
    places = [n for n, name in enumerate(targets()) if name == "w21"]
    assert np.interp(clicks.x[places[4]], [edge.x0, edge.x1], [edge.y0, edge.y1]) == pytest.approx(clicks.y[places[4]])


def test_tiny_numbers_are_written_short():
    setting = Setting(start="large")
    assert "e−6" in words(drawn(6, step=take_step(start_network(setting), setting)))
    assert "e−06" not in words(drawn(6, step=take_step(start_network(setting), setting)))


def test_the_costs_are_drawn_from_the_first_with_the_last_marked():
    figure = plot_updates(np.array([0.5, 0.3, 0.2]))
    curve, now = figure.data
    assert list(curve.y) == [0.5, 0.3, 0.2]
    assert (now.x[0], now.y[0]) == (2, 0.2)
    assert figure.layout.yaxis.range[0] == 0
    assert plot_updates(np.zeros(1)).layout.yaxis.range[1] > 0
