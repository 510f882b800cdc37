"""The page about GPUs, with a real worker to be asked and timed."""

import time

from tests.support.shown import said
from tests.support.solving import solved

GPU = "pages/workshop/gpu/page.py"


def test_the_gpu_page_names_the_device_and_says_what_it_has_not_measured(open_page, engine):
    app = open_page(GPU)
    deadline = time.monotonic() + 30
    while "**Trains on**" not in said(app):
        assert time.monotonic() < deadline
        time.sleep(0.2)
        app.run()
    assert not app.exception
    assert "no stored measurement of a GPU yet" in said(app)
    assert app.code[0].value == "python -m nncore.training.epoch_timing FILE"
    assert app.table[0].value["CPU"].tolist() == ["41 s", "198 s"]
    assert solved(app) == {}
    app.number_input(key="speedup").set_value(7.6).run()
    assert solved(app).keys() == {"speedup"}


def test_an_epoch_is_timed_from_the_button(open_page, engine, monkeypatch):
    from pages.workshop.gpu import timing

    monkeypatch.setattr(timing, "OPTIONS", ("128", "256"))
    monkeypatch.setattr(timing, "DEFAULTS", ("128", "256"))
    app = open_page(GPU)
    deadline = time.monotonic() + 90
    while app.button(key="time").disabled:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        app.run()
    app.button(key="time").click().run()
    while app.table[0].value.shape != (2, 5):
        assert time.monotonic() < deadline
        time.sleep(0.2)
        app.run()
    assert not app.exception
    assert app.table[0].value["pictures"].tolist() == ["128", "256"]
