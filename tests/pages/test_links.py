"""Every parameter of every page: a link opens the page with it, still says it then, and again on the way back to it."""

import pytest

ELSEWHERE = "pages/learning/cost/page.py"
"""It has a `b`, `w`, `y`, `eta`, `steps` of its own."""
DIGIT = {"index": "17", "model": "model4", "layer": "2", "map": "7", "row": "3", "col": "6", "channel": "4"}
TRAINING = {
    "loss": "mean_squared_error", "optimizer": "nadam", "learning_rate": "0.02", "epochs": "7", "batch_size": "100",
    "validation_split": "0.25", "scale": "true", "train_size": "1500", "seed": "9", "data": "fashion_mnist",
    "nickname": "Ada", "owner": "somebody",
}  # fmt: skip
LINKS = [
    ("neurons/neuron", {
        "x1": "0.5", "x2": "-1", "x3": "2", "w1": "0.123", "w2": "0.4", "w3": "-3", "b": "-9.5", "activation": "tanh",
        "compare": "relu", "surface": "x2x3", "dataset": "xor", "logit1": "-1", "logit5": "3.3", "temperature": "2.5",
    }),
    ("neurons/network", {
        "preset": "3-4-4-2", "hidden_layers": "3", "inputs": "5", "units": "7", "units2": "6", "units3": "3",
        "outputs": "9", "activation": "relu", "output_activation": "softmax", "initializer": "he_normal", "seed": "4",
        "layer": "1", "unit": "2", "depth": "12", "depth_activation": "tanh", "depth_initializer": "he_normal",
        "depth_scale": "1.5",
    }),
    ("learning/gradient_descent", {
        "cost": "saddle", "momentum": "0.55", "noise": "true", "seed": "3", "eta": "0.33", "w0": "2.5", "v0": "0.4",
        "steps": "33", "race": "gd,rmsprop,adam", "eta_adaptive": "0.2",
    }),
    ("learning/backpropagation", {
        "x1": "0.3", "x2": "-1.1", "y": "0.35", "eta": "2.5", "start": "equal", "cost_function": "cross_entropy",
        "weight": "w12", "updates": "12", "phase": "3",
    }),
    ("learning/backpropagation", {"activation": "tanh"}),
    ("digits/digits", {
        "digit": "3", "split": "train", "sheet": "1", "index": "77", "scaled": "true", "centre": "false",
        "source": "upload",
    }),
    ("digits/mlp", TRAINING | {
        "preset": "model2", "hidden_layers": "3", "units": "12", "units2": "13", "units3": "14", "activation": "selu",
        "activation2": "relu", "activation3": "sigmoid", "output_activation": "sigmoid", "dropout": "0.15",
        "initializer": "he_normal", "l2": "0.002",
    }),
    ("convolution/cnn", TRAINING | {
        "preset": "model4", "filters": "3", "kernel_size": "4", "filters2": "5", "kernel_size2": "2",
        "pooling": "average", "units": "11", "pool_size": "3", "activation": "relu",
    }),
    ("convolution/cnn", {"second_block": "true"}),
    ("convolution/convolution", {
        "index": "5", "kernel": "blur", "size": "3", "bias": "-1.5", "stride": "2", "padding": "same",
        "activation": "tanh", "pooling": "max", "pool_size": "3", "pool_stride": "1", "row": "2", "column": "9",
    }),
    ("convolution/convolution", {"source": "draw", "kernel": "model3", "learned": "4"}),
    ("convolution/convolution", {"kernel": "0,1,0,1,-4,1,0,1,0"}),
    ("convolution/feature_maps", DIGIT | {"off": "2,5"}),
    ("convolution/feature_maps", {"source": "draw", "model": "model2"}),
    ("convolution/feature_maps", {"occlusion_size": "9"}),
    ("convolution/feature_maps", {"room": "exemplars"}),
    ("convolution/feature_maps", {"beside": "model1"}),
    ("workshop/runs", {
        "who": "mine", "find": "ad", "status": "finished", "kind": "dense", "sort": "accuracy", "nickname": "Bo",
    }),
    ("workshop/runs", {
        "room": "search", "search_kind": "convolutional", "search_settings": "optimizer,learning_rate",
        "search_epochs": "5", "search_runs": "8", "search_pictures": "2000", "search_minutes": "9", "search_seed": "4",
    }),
    ("workshop/runs", {"room": "lecture", "printed_model": "model4"}),
    ("workshop/gpu", {"pictures": "5000,60000", "guess": "12.5", "speedup": "7.6"}),
]  # fmt: skip


def as_link(value):
    """A value of the session as a link writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def said(app):
    """The link; AppTest has each text in a list of its own where a page has not touched it."""
    return {key: text[0] if isinstance(text, list) else text for key, text in app.query_params.items()}


def go(app, page):
    """To another page as the menu does: the link does not come along."""
    app.query_params.clear()
    app.switch_page(page).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("page", "query"), LINKS, ids=[f"{page}: {', '.join(query)}" for page, query in LINKS])
def test_a_page_opens_as_its_link_says_which_still_says_it_and_is_found_again_so(open_page, page, query):
    app = open_page(f"pages/{page}/page.py", **query)
    shown = {key: as_link(app.session_state[key]) for key in query}
    assert shown == query
    assert said(app) == query
    go(app, ELSEWHERE)
    assert said(app) == {}
    go(app, f"pages/{page}/page.py")
    assert {key: as_link(app.session_state[key]) for key in query} == query
    assert query.items() <= said(app).items()
    assert set(said(app)) - set(query) <= {"room"}, "which of the rooms of /feature_maps is open need not be said twice"
