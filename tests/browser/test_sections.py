"""What lies below a picture, in a real browser: folded away until it is opened, and then it follows the hand."""

import re

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.conftest import into_view

pytestmark = pytest.mark.browser
READY = 60_000
ETA = ".st-key-eta input[type=range]"
PLACES = "names => names.map(name => document.querySelector(`.st-key-${name}`).getBoundingClientRect().top)"


def press(page, section):
    """The title of a section, which opens or closes it."""
    page.locator(f".st-key-{section} summary").click()


def test_a_section_opens_without_moving_what_is_above_and_follows_the_hand_while_it_is_open(server, page):
    page.goto(f"{server}/gradient_descent?eta=0.49")
    race, code = page.locator(".st-key-race_picture .js-plotly-plot"), page.locator(".st-key-code")
    expect(page.get_by_text("In the lecture")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-trace .drag-plot svg")).to_be_visible(timeout=READY)
    page.locator(ETA).press("ArrowRight")
    expect(page.locator(".st-key-verdict")).to_contain_text("Arrives in one step")
    expect(page.locator(".st-key-challenge_arrive")).to_contain_text("Solved.")
    expect(race).to_have_count(0)
    expect(code).not_to_contain_text("import")

    path, verdict, section = page.evaluate(PLACES, ["path", "verdict", "race_section"])
    press(page, "race_section")
    expect(race).to_be_visible()
    path_now, verdict_now, section_now = page.evaluate(PLACES, ["path", "verdict", "race_section"])
    assert (verdict_now - path_now, section_now - path_now) == (verdict - path, section - path)
    press(page, "steps_section")
    expect(page.locator(".st-key-steps_section [data-testid=stDataFrame]")).to_be_visible()
    press(page, "code")
    expect(code).to_contain_text("eta = 0.5 ")

    page.locator(ETA).press("ArrowRight")
    expect(page.locator(".st-key-verdict")).to_contain_text("Oscillates and converges")
    expect(code).to_contain_text("eta = 0.51")
    adaptive = page.locator(".st-key-eta_adaptive input").first
    into_view(adaptive)
    adaptive.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"eta=0\.51.*eta_adaptive=0\.11"))
    expect(code).to_contain_text("0.11")
    press(page, "race_section")
    expect(race).to_be_hidden()
    page.locator(ETA).press("ArrowRight")
    expect(code).to_contain_text("eta = 0.52")
    expect(code).to_contain_text("0.11")
    expect(page).to_have_url(re.compile(r"eta=0\.52.*eta_adaptive=0\.11"))
    page.reload()
    expect(race).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-eta_adaptive")).to_contain_text("0.11")


def test_a_page_that_is_being_left_asks_for_nothing_more_and_the_next_one_follows_the_hand(server, page):
    """What asks in between would run for the old page once the new one is there, and leave that empty."""
    page = page.context.new_page()  # of its own, since what it sends and hears is held up
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
    expect(page.locator(".st-key-trace .drag-plot svg")).to_be_visible(timeout=READY)
    page.wait_for_timeout(700)
    page.locator(ETA).press("ArrowRight")
    expect(page.locator(".st-key-verdict")).to_contain_text("Arrives in one step")
    socket = held.pop()
    asked.clear()
    holding.append(True)
    page.get_by_role("link", name="A neuron").first.click()
    page.locator(".st-key-steps .drag-name").hover()  # whose picture has not come yet
    page.wait_for_timeout(1_000)
    assert asked == [""], "the other page, and no picture of this one"
    holding.clear()
    for frame in held:
        socket.send(frame)
    weight = page.locator(".st-key-w1 input[type=range]")
    expect(weight).to_be_visible()
    weight.press("ArrowRight")
    expect(page.locator(".st-key-z")).to_contain_text("0.6")
    press(page, "softmax_section")
    expect(page.locator(".st-key-shares svg")).to_be_visible()
    press(page, "code")
    expect(page.locator(".st-key-code")).to_contain_text("0.9, -0.4")
    page.locator(".st-key-b input[type=range]").press("End")
    expect(page.locator(".st-key-saturation")).to_be_visible()
    expect(page.locator(".st-key-code")).to_contain_text("b = 10.0")
    page.locator(".st-key-logit1 input[type=range]").press("End")
    expect(page.locator(".st-key-code")).to_contain_text("np.array([5.0, 1.0")
    page.locator(".st-key-b input[type=range]").press("Home")
    expect(page.locator(".st-key-code")).to_contain_text("b = -10.0")
    page.close()
