"""Pictures on their way into Keras: in the order of Keras' own adapter."""

import numpy as np
import pytest

from nncore.training.data_adapter import feed

X, Y = np.arange(1000, dtype=np.float32).reshape(500, 2), np.arange(500, dtype=np.float32)


def batches(adapter):
    return [tuple(part.numpy() for part in batch) for batch in adapter.get_tf_dataset()]


@pytest.mark.parametrize("shuffle", [True, False])
def test_the_batches_are_those_of_keras_own_adapter(shuffle):
    import keras
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

    keras.utils.set_random_seed(3)
    expected = batches(ArrayDataAdapter(X, Y, batch_size=64, shuffle=shuffle))
    keras.utils.set_random_seed(3)
    received = batches(feed(X, Y, 64, shuffle=shuffle))
    assert len(received) == len(expected) == 8
    for mine, theirs in zip(received, expected, strict=True):
        assert len(mine) == 2
        for part, wanted in zip(mine, theirs, strict=True):
            np.testing.assert_array_equal(part, wanted)
    assert (not np.array_equal(received[0][1], Y[:64])) == shuffle
