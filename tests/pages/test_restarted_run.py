"""What a page says of a run whose worker was lost."""

from nncore.specs.experiment import Segment
from nncore.specs.presets import PRESETS
from nncore.storage.run_record import new_id
from nncore.storage.run_store import default_store


def test_a_run_that_was_restarted_says_from_which_epoch_it_went_on(open_page):
    run_id = new_id()
    default_store().create(run_id, PRESETS["model1"])
    restarted = Segment(epoch=3, learning_rate=0.01, reason="restarted")
    history = {"loss": [4.0, 3.0, 2.0, 1.0], "accuracy": [0.5, 0.6, 0.7, 0.8]}
    default_store().update(run_id, status="finished", segments=[restarted.model_dump(mode="json")], history=history)
    app = open_page("pages/digits/mlp/page.py", run=run_id)
    assert any("Its worker was lost and the run was restarted: it went on from epoch 3" in i.value for i in app.info)
    default_store().delete(run_id)
