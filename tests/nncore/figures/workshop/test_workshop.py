"""Figures of the workshop: runs over one another, a search, and seconds of an epoch."""

import math

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.digits.training_curves import plot_history
from nncore.figures.workshop import epoch_timing, run_comparison, search

HISTORY = {"loss": [2.0, 1.0], "accuracy": [0.5, 0.75], "val_loss": [2.5, 1.5], "val_accuracy": [0.4, 0.6]}


def test_a_run_keeps_its_colour_and_only_validation_is_dashed():
    curves = [
        run_comparison.Curve(name, HISTORY, colour) for name, colour in zip("ab", run_comparison.COLOURS, strict=False)
    ]
    traces = run_comparison.plot_curves(curves).data
    assert len(traces) == 8
    assert {trace.line.color for trace in traces if trace.name == "a"} == {run_comparison.COLOURS[0]}
    dashed = [trace.line.dash for trace in traces if trace.name == "b"]
    assert dashed == ["solid", "solid", "dash", "dash"]
    assert list(traces[1].y) == [50, 75], "accuracy in percent"
    assert list(traces[2].y) == HISTORY["val_loss"]
    assert sum(bool(trace.showlegend) for trace in traces) == 2, "one entry a run"


def test_colours_are_different_and_of_the_palette():
    assert len(set(run_comparison.COLOURS)) == len(run_comparison.COLOURS) == 7
    assert theme.INPUT in run_comparison.COLOURS


def test_costs_show_every_run_against_parameters_and_seconds_by_name():
    figure = run_comparison.plot_costs(
        [run_comparison.Point("Ada", 0.9, 1000, 5.0), run_comparison.Point("Bo", 0.8, 50, 1.0)]
    )
    left, right = figure.data
    assert (list(left.x), list(right.x)) == ([1000, 50], [5.0, 1.0])
    assert list(left.y) == list(right.y) == [90, 80]
    assert list(left.text) == ["Ada", "Bo"]
    assert figure.layout.xaxis.type == "log"


def test_parallel_axes_hold_words_switches_logarithms_and_accuracy_last():
    columns = {"optimizer": ["sgd", "adam", "sgd"], "rate": [0.001, 0.01, 1.0], "scale": [True, False, True],
               "units": [30, 40, 50], "filters": [20, None, 20]}  # fmt: skip
    axes = run_comparison.plot_parallel(columns, [0.5, 0.9, 0.7]).data[0].dimensions
    by_name = {axis.label: axis for axis in axes}
    assert list(by_name["optimizer"].ticktext) == ["adam", "sgd"]
    assert list(by_name["optimizer"].values) == [1, 0, 1]
    np.testing.assert_allclose(by_name["rate"].values, [-3, -2, 0])
    assert list(by_name["rate"].ticktext) == ["0.001", "0.01", "1"]
    assert list(by_name["scale"].ticktext) == ["False", "True"]
    assert list(by_name["units"].values) == [30, 40, 50]
    assert "–" in by_name["filters"].ticktext
    assert axes[-1].label == "accuracy in %"
    np.testing.assert_allclose(axes[-1].values, [50, 90, 70])


def test_printed_accuracies_lie_on_the_accuracy_of_the_history():
    figure = run_comparison.mark_printed(plot_history(HISTORY, 2), {1: 0.45, 2: 0.7})
    printed = figure.data[-1]
    assert (list(printed.x), list(printed.y)) == ([1, 2], [45, 70])
    assert (printed.xaxis, figure.data[0].xaxis) == ("x", "x")


def test_the_best_so_far_never_falls_and_skips_what_came_to_nothing():
    best, trials = search.plot_progress([None, 0.5, 0.3, 0.8], budget=6).data
    assert list(best.y) == [None, 50, 50, 80]
    assert list(trials.y) == [None, 50, 30, 80]


def test_importance_has_the_largest_share_on_top():
    bars = search.plot_importance({"units": 0.2, "rate": 0.8}).data[0]
    assert list(bars.y) == ["units", "rate"], "Plotly draws from the bottom"
    assert list(bars.x) == [20, 80]


@pytest.mark.parametrize(("values", "kind"), [([0.001, 0.1], "log"), (["a", "b"], "category")])
def test_slices_have_one_axis_a_setting_logarithmic_where_asked(values, kind):
    figure = search.plot_slices({"x": values, "y": [1, 2]}, [0.5, 0.6], ["x"])
    assert len(figure.data) == 2
    assert figure.layout.xaxis.type == kind
    assert list(figure.data[0].y) == [50, 60]
    assert figure.data[0].marker.opacity[0] < figure.data[0].marker.opacity[1] == 1


def test_timings_are_sorted_lines_with_pictures_a_second():
    figure = epoch_timing.plot_timings({"CPU": [(10_000, 2.0), (5_000, 1.0)]}, {"CPU": {50_000: 41.0}})
    here, printed = figure.data
    assert list(here.x) == [5_000, 10_000]
    assert list(here.customdata) == [5_000, 5_000]
    assert (here.line.dash, printed.line.dash) == ("solid", "dot")
    assert math.isclose(printed.y[0], 41)
    assert "seconds" in figure.layout.yaxis.title.text
