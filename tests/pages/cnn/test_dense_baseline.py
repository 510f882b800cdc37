"""The dense network beside the convolutional one: stored runs at first, then one trained on the same digits."""

import time

from nncore.runs.service import default_runs

CNN = "pages/convolution/cnn/page.py"


def rows(app):
    return next(table.value for table in app.table if "Training pictures" in table.value.columns)


def wait_until(app, met):
    deadline = time.monotonic() + 300
    while not met():
        assert time.monotonic() < deadline, rows(app)
        time.sleep(0.3)
        app.run()


def test_stored_runs_stand_side_by_side_until_the_dense_one_is_trained_on_the_same_digits(open_page):
    few = {"filters": "2", "filters2": "2", "units": "10", "train_size": "1500"}
    owner = "somebody"
    app = open_page(CNN, preset="model4", **few, epochs="400", batch_size="64", seed="8", owner=owner)
    assert list(rows(app)["Network"]) == ["Convolutional: stored run of model4", "Dense: stored run of model2"]
    assert list(rows(app)["Parameters"]) == ["108,870", "23,860"]
    app.button(key="train").click().run()
    app.button(key="train_dense").click().run()
    assert any("One run at a time" in warning.value for warning in app.warning)
    default_runs().cancel(default_runs().active_run(owner), owner)
    wait_until(app, lambda: default_runs().active_run(owner) is None)
    app.query_params["run"] = "none-any-more"
    app.number_input(key="epochs").set_value(2).run()
    app.button(key="train_dense").click().run()
    assert not app.exception
    wait_until(app, lambda: rows(app)["Network"].iloc[1] == "Dense: finished here")
    dense = default_runs().snapshot(app.query_params["dense"]).experiment
    spec = dense.training
    assert (spec.train_size, spec.batch_size, spec.seed, spec.optimizer) == (1500, 64, 8, "adam")
    assert dense.network.parameter_count == 23_860
    assert rows(app)["Training pictures"].iloc[1] == "1,500"
