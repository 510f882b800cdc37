"""The two lanes on real worker processes: answers at once, errors in words, a killed worker replaced."""

import operator
import os
import platform
import resource
import time

import numpy as np
import pytest

from nncore.cluster import worker
from nncore.cluster.engine import EngineError
from nncore.networks.inspection import predict
from nncore.registry import networks
from nncore.registry.networks import UnknownNetworkError


@pytest.fixture(scope="module")
def engine(own_engine):
    """Workers of this module's own, since they are killed here."""
    return own_engine


def test_the_warm_up_says_what_computes_and_where_the_digits_came_from(engine):
    found = engine.warmed_up()
    assert found.device.startswith(("CPU", "1 GPU"))
    assert found.source
    assert found.train_digits in (4_000, 60_000)


def test_a_question_about_a_reference_network_is_answered_with_its_ten_outputs(engine, mnist):
    answer = engine.ask(networks.apply_to_network, predict, "model4", mnist.x_test[0])
    assert answer.shape == (10,)
    assert answer.argmax() == mnist.y_test[0]
    np.testing.assert_allclose(answer.sum(), 1, rtol=1e-5)


def test_the_functions_own_error_reaches_the_page(engine):
    with pytest.raises(ZeroDivisionError):
        engine.ask(operator.truediv, 1, 0)
    with pytest.raises(FileNotFoundError):
        engine.ask(os.stat, "/no such file")


def test_an_unknown_network_is_named_in_a_sentence(engine, mnist):
    with pytest.raises(UnknownNetworkError, match=r"expected model1 to model4 .* received 'nobody'"):
        engine.ask(networks.apply_to_network, predict, "nobody", mnist.x_test[0])


def test_no_answer_in_time_is_a_sentence(engine):
    with pytest.raises(EngineError, match="did not answer within 0 seconds"):
        engine.ask(time.sleep, 2.0, timeout=0.2)
    assert engine.ask(operator.add, 1, 2) == 3


def test_a_killed_worker_is_replaced_and_answers_again(engine):
    before = engine.ask(os.getpid)
    began = time.monotonic()
    with pytest.raises(EngineError, match="is being restarted"):
        engine.ask(os._exit, 1)
    assert time.monotonic() - began < 5, "the question was put to one worker after another"
    after = engine.ask(os.getpid, timeout=120)
    assert after != before


def test_test_digits_are_picked_by_index_and_wrap_around(engine, mnist):
    picture, digit = engine.ask(worker.pick_digit, 3)
    np.testing.assert_array_equal(picture, mnist.x_test[3])
    assert digit == mnist.y_test[3]
    np.testing.assert_array_equal(engine.ask(worker.pick_digit, 3 + len(mnist.x_test))[0], picture)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of the GNU C library")
def test_a_worker_keeps_the_memory_that_a_step_of_training_frees_for_the_next(engine):
    def count_page_faults() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(100):
            np.ones(250_000, np.float32)  # 245 pages of 4 kB
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    assert engine.ask(count_page_faults) < 5 * 245
