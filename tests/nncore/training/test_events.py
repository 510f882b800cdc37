import json

import numpy as np
import pytest

from nncore.training.events import BatchEnd, EpochEnd, TrainBegin, TrainEnd, from_message, to_message

KERNEL = np.random.default_rng(1).normal(size=(5, 5, 1, 20)).astype(np.float16)
EVENTS = [
    TrainBegin(epochs=3, batches=469, device="CPU"),
    BatchEnd(epoch=1, batch=20, batches=469, loss=2.3, accuracy=0.1),
    EpochEnd(1, 3, 0.4, 0.9, None, None, 0.2),
    TrainEnd(epochs=3, seconds=1.5, stopped=False, diverged=True),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_as_a_message_of_plain_data(event):
    message = to_message(event)
    assert from_message(json.loads(json.dumps(message))) == event


def test_an_epoch_survives_with_its_weights_and_updates():
    event = EpochEnd(2, 3, 0.4, 0.9, 0.5, 0.8, 0.2, {"conv2d_1": 0.01}, KERNEL)
    message = to_message(event)
    assert isinstance(message["weights"]["bytes"], bytes)
    found = from_message(message)
    np.testing.assert_array_equal(found.weights, KERNEL)
    assert found.weights.dtype == np.float16
    assert (found.updates, found.val_loss, found.val_accuracy) == ({"conv2d_1": 0.01}, 0.5, 0.8)


def test_weights_that_lie_in_steps_keep_their_order():
    turned = KERNEL.transpose(3, 0, 1, 2)
    found = from_message(to_message(EpochEnd(1, 1, 0.4, 0.9, None, None, 0.2, {}, turned)))
    np.testing.assert_array_equal(found.weights, turned)


def test_reading_a_message_leaves_the_message_as_it_was():
    message = to_message(EVENTS[0])
    from_message(message)
    assert message["kind"] == "TrainBegin"


def test_a_kind_that_is_none_of_ours_is_refused():
    with pytest.raises(KeyError, match="Coffee"):
        from_message({"kind": "Coffee"})
