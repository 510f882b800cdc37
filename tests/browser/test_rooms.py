"""Rooms below a picture in a real browser: a move runs its own room, others follow in view or when the hand rests."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.benchmarks.visitor import Visitor

pytestmark = pytest.mark.browser
READY = 60_000
REST = 1_500  # pages/ui/lazy_sections/sections.js
ETA = ".st-key-eta input[type=range]"


@pytest.fixture
def descent(server, page):
    """The page of gradient descent at rest, and the fragments that it has Python run from then on."""
    asked = []

    def note(frame):
        message = BackMsg.FromString(frame)
        if message.WhichOneof("type") == "rerun_script":
            asked.append(message.rerun_script.fragment_id)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.goto(f"{server}/gradient_descent?eta=0.49")
    expect(page.get_by_text("In the lecture")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-race_picture .js-plotly-plot")).to_be_visible(timeout=READY)
    page.wait_for_function("!document.querySelector('[data-testid=stApp][data-test-script-state=running]')")
    page.wait_for_timeout(700)
    asked.clear()
    return page, asked


def code(page):
    """The script, as it stands in the page, folded away or not."""
    return page.locator(".st-key-code").evaluate("e => e.textContent")


def wait_for(page, there, seconds=20.0):
    for _ in range(int(seconds * 10)):
        if there():
            return
        page.wait_for_timeout(100)
    raise AssertionError("what was waited for did not come")


def test_a_key_is_one_message_and_rooms_out_of_view_follow_once_the_hand_rests(descent):
    page, asked = descent
    page.locator(ETA).press("ArrowRight")
    expect(page.locator(".st-key-verdict")).to_contain_text("Arrives in one step")
    page.wait_for_timeout(REST // 3)
    assert len(asked) == 1
    assert asked[0]
    assert "eta = 0.49" in code(page)
    wait_for(page, lambda: "eta = 0.5 " in code(page))
    expect(page.locator(".st-key-challenge_arrive")).to_contain_text("Solved.")
    page.wait_for_timeout(2 * REST)
    assert len(asked) == len(set(asked)) == 3, "each room once"


def test_a_hand_that_goes_on_leaves_the_rooms_out_of_view_alone(descent):
    page, asked = descent
    for _ in range(4):
        page.locator(ETA).press("ArrowRight")
        page.wait_for_timeout(REST // 2)
    assert len(asked) == 4
    assert len(set(asked)) == 1
    wait_for(page, lambda: "eta = 0.53" in code(page))


def test_a_room_that_comes_into_view_is_drawn_at_once(descent):
    page, _ = descent
    page.locator(ETA).press("ArrowRight")
    expect(page.locator(".st-key-verdict")).to_contain_text("Arrives in one step")
    page.locator(".st-key-room_try").scroll_into_view_if_needed()
    expect(page.locator(".st-key-challenge_arrive")).to_contain_text("Solved.", timeout=REST - 300)


def test_a_control_of_a_room_runs_that_room_and_what_is_below_it(descent):
    page, asked = descent
    slider = page.locator(".st-key-eta_adaptive input").first
    slider.scroll_into_view_if_needed()
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"eta=0\.49.*eta_adaptive=0\.11"))
    wait_for(page, lambda: "0.11" in code(page))
    page.wait_for_timeout(2 * REST)
    assert len(asked) == len(set(asked)) == 2, "the picture above was not drawn again"


class Reader(Visitor):
    """A visitor who reads the last w."""

    final = ""

    def _note(self, delta):
        super()._note(delta)
        if delta.new_element.WhichOneof("type") == "metric":
            self.final = delta.new_element.metric.body


def test_what_moved_in_the_moment_in_which_a_room_was_asked_for_is_not_lost(server):
    # Of what several rooms tell it in one moment, Streamlit's browser side runs the first room only.
    async def visit():
        async with Reader(server) as visitor:
            await visitor.open("gradient_descent")
            await visitor.move("momentum", 0.3)
            before = visitor.final
            await visitor.tell("watch_gradient_descent_1", "wanted", True)
            assert visitor.final == before
            await visitor.tell("watch_gradient_descent_1", "wanted", True, momentum=0.5)
            together = visitor.final
            await visitor.move("momentum", 0.3)
            again = visitor.final
            await visitor.move("momentum", 0.5)
            assert (before, together) == (again, visitor.final)
            assert before != together
            assert not visitor.exceptions

    with ThreadPoolExecutor() as apart:  # in this thread, Playwright has a loop of its own
        apart.submit(asyncio.run, visit()).result(READY / 1000)


def test_a_page_that_is_being_left_asks_for_nothing_more(server, page):
    """What asks in between would run for the old page once the new one is there, and leave that empty."""
    asked, held, holding = [], [], []

    def between(socket):
        behind = socket.connect_to_server()

        def to_server(frame):
            message = BackMsg.FromString(frame)
            if message.WhichOneof("type") == "rerun_script":
                asked.append(message.rerun_script.fragment_id)
            behind.send(frame)

        def to_page(frame):
            (held.append if holding else socket.send)(frame)

        socket.on_message(to_server)
        behind.on_message(to_page)
        held.append(socket)

    page.route_web_socket("**/_stcore/stream", between)
    page.goto(f"{server}/gradient_descent?eta=0.49")
    expect(page.locator(".st-key-race_picture .js-plotly-plot")).to_be_visible(timeout=READY)
    page.wait_for_timeout(700)
    page.locator(ETA).press("ArrowRight")
    expect(page.locator(".st-key-verdict")).to_contain_text("Arrives in one step")
    socket = held.pop()
    asked.clear()
    holding.append(True)
    page.get_by_role("link", name="A neuron").first.click()
    page.locator(".st-key-steps .drag-name").hover()  # whose picture has not come yet
    page.wait_for_timeout(2 * REST)
    assert asked == [""], "the other page, and no room or picture of this one"
    holding.clear()
    for frame in held:
        socket.send(frame)
    expect(page.locator(".st-key-w1 input[type=range]")).to_be_visible()
    page.locator(".st-key-w1 input[type=range]").press("ArrowRight")
    wait_for(page, lambda: "0.9" in code(page))  # the rooms of the other page follow as ever
