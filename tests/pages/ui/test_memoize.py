"""What pages keep for the next visitor: computed once, one at a time, with the hundred last."""

import threading
import time

from pages.ui.memoize import CACHE_SIZE, memoize


def ask_at_once(function, asked):
    """Each argument from a thread of its own; what they got, in their order."""
    got = [None] * len(asked)
    barrier = threading.Barrier(len(asked))

    def ask(place, argument):
        barrier.wait(10)
        got[place] = function(argument)

    threads = [threading.Thread(target=ask, args=each) for each in enumerate(asked)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return got


def test_who_asks_for_the_same_at_the_same_time_waits_for_the_one_result():
    computed = []

    @memoize
    def square(number):
        computed.append(number)
        time.sleep(0.05)
        return [number**2]

    got = ask_at_once(square, [3] * 8)
    assert computed == [3]
    assert all(each is got[0] for each in got)


def test_no_two_are_computed_at_once_also_not_of_two_functions():
    running, most = [], []

    def compute(number):
        running.append(number)
        most.append(len(running))
        time.sleep(0.02)
        running.remove(number)
        return -number

    one, other = memoize(compute), memoize(lambda number: compute(number))
    assert ask_at_once(lambda number: (one if number % 2 else other)(number), range(6)) == [0, -1, -2, -3, -4, -5]
    assert max(most) == 1


def test_one_kept_function_may_ask_another():
    inner = memoize(lambda number: number + 1)
    assert memoize(lambda number: inner(number) * 2)(4) == 10


def test_what_is_there_is_had_while_something_else_is_computed():
    begun, ended = threading.Event(), threading.Event()

    @memoize
    def wait(number):
        if number:
            begun.set()
            assert ended.wait(10)
        return number

    wait(0)
    waiting = threading.Thread(target=wait, args=(1,))
    waiting.start()
    assert begun.wait(10)
    assert wait(0) == 0  # or for ever, since nothing ends the other
    ended.set()
    waiting.join(10)


def test_the_last_hundred_are_kept_by_when_they_were_asked_for():
    computed = []
    count = memoize(lambda number: computed.append(number) or number)
    for number in (*range(CACHE_SIZE), 0, CACHE_SIZE, 0, 1):
        assert count(number) == number
    assert computed == [*range(CACHE_SIZE + 1), 1]


def test_an_error_is_not_kept():
    asked = []

    @memoize
    def fail_first(number):
        asked.append(number)
        if len(asked) == 1:
            raise ValueError(number)
        return number

    for _ in range(2):
        try:
            found = fail_first(5)
        except ValueError:
            found = "error"
    assert (found, asked) == (5, [5, 5])
