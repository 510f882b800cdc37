"""Figures from descriptions: the page receives what Plotly itself would have sent."""

import base64
import json
import pickle

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
import pytest

from nncore.figures import theme


def drawn():
    traces = [
        {"type": "scatter", "x": np.array([0.1, 0.2]), "y": [1.5, None], "line": {"color": theme.COST}},
        {"type": "heatmap", "z": np.arange(6.0).reshape(2, 3), "customdata": np.array([[1, 2, 3], [4, 5, 6]])},
        {"type": "bar", "x": np.array(["a", "b"]), "y": np.array([np.nan, 2.0])},
    ]
    frames = [{"name": "0", "data": [{"type": "scatter", "x": [1.0]}], "traces": [0]}]
    return theme.draw(traces, xaxis={"title": "w"}, yaxis={"title": "cost C"}, frames=frames, showlegend=False)


def sent(figure):
    """What the page receives; arrays as lists, whatever type of number their bytes hold."""
    return json.loads(pio.to_json(figure, validate=False), object_hook=unpacked)


def unpacked(found):
    if "bdata" not in found:
        return found
    array = np.frombuffer(base64.b64decode(found["bdata"]), found["dtype"])
    shape = [int(each) for each in found.get("shape", str(array.size)).split(",")]
    return [None if number != number else number for number in array.reshape(shape).ravel().tolist()], shape


@pytest.mark.parametrize("template", ["streamlit", "plotly", None])
def test_the_page_receives_what_plotly_itself_would_send(template, monkeypatch):
    import streamlit.elements.plotly_chart  # noqa: F401  registers its template

    monkeypatch.setattr(pio.templates, "default", template)
    assert sent(drawn()) == sent(go.Figure(drawn()))  # the second goes through Plotly's own objects


def test_a_figure_can_be_changed_after_it_was_drawn():
    figure = drawn()
    figure.update_layout(height=123)
    assert figure.layout.height == 123
    assert figure.to_dict()["layout"]["height"] == 123
    assert figure.layout.xaxis.title.text == "w"


def test_a_figure_can_be_pickled_and_unknown_attributes_are_errors():
    figure = drawn()
    again = pickle.loads(pickle.dumps(figure))
    assert sent(again) == sent(figure)
    assert list(again.data[0].x) == [0.1, 0.2]
    for name in ("no_such_thing", "_no_such_thing"):
        with pytest.raises(AttributeError, match=name):
            getattr(figure, name)
