"""Drag-quick controls in a real browser: the picture follows the hand, Python hears when it lets go."""

import json
import re

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.conftest import rest, wait_until

pytestmark = pytest.mark.browser

Z, LIVE_Z = ".st-key-z [data-testid='stMetricValue']", ".st-key-live_z b"
LIVE_OUTPUT = ".st-key-live_output b"
BIAS, EXACT_BIAS = ".st-key-b input[type=range]", ".st-key-b input[type=number]"
WEIGHT = ".st-key-w1 input[type=range]"
PICTURES = ("neuron_drawing", "surface_map", "curve")
MIDDLE = """() => {
  const canvas = document.querySelector('.st-key-surface_map canvas');
  return [...canvas.getContext('2d').getImageData(100, 100, 1, 1).data];
}"""
CROSS = """async () => {
  for (const box of document.querySelectorAll(".drag-control")) {
    box.dispatchEvent(new PointerEvent("pointerenter"));
    await new Promise((done) => setTimeout(done, 5));
    box.dispatchEvent(new PointerEvent("pointerleave"));
  }
}"""
"""A mouse on its way to something else."""
MOVE_AT_ONCE = """range => {
  range.value = 6;
  range.dispatchEvent(new Event("input", { bubbles: true }));
}"""
"""As on a telephone, where nothing says beforehand which control a finger will touch."""


@pytest.fixture
def neuron(server, page):
    """`neuron("b=1")` opens the page of the neuron by this link."""

    def open_at(query=""):
        page.goto(f"{server}/neuron?{query}")
        is_complete(page)
        return page

    return open_at


def is_complete(page):
    expect(page.locator(LIVE_Z)).not_to_be_empty(timeout=60_000)
    expect(page.locator(Z)).to_be_visible(timeout=30_000)


def hold(page, selector, share):
    """Take the thumb and drag it to this share of the track, and do not let go."""
    box = page.locator(selector).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=8)


def asked(sent):
    """The values and the requested pictures of each message that a control of the page has sent."""
    found = []
    for frame in sent:
        for state in BackMsg.FromString(frame).rerun_script.widget_states.widgets:
            for event in json.loads(state.json_trigger_value or "[]"):
                if event["event"] == "moved":
                    found.append((event["value"]["values"], event["value"]["requested"]))
    return found


def test_the_picture_follows_the_hand_and_python_hears_when_it_lets_go(sent, neuron):
    page = neuron("w1=1&w2=0&x3=0&b=0")
    rest(page)
    page.evaluate(CROSS)
    page.wait_for_timeout(500)
    assert asked(sent) == [], "a mouse that only crosses controls asks for nothing"
    page.locator(".st-key-b .drag-name").hover()
    wait_until(page, lambda: asked(sent))
    rest(page)
    assert asked(sent) == [({}, ["b"])]

    before, link, middle = page.locator(Z).inner_text(), page.url, page.evaluate(MIDDLE)
    pictures = [page.locator(f".st-key-{key} .drag-plot") for key in PICTURES]
    drawn = [picture.inner_html() for picture in pictures]
    hold(page, BIAS, 0.95)
    expect(page.locator(LIVE_Z)).not_to_have_text(before)
    for picture, old in zip(pictures, drawn, strict=True):
        assert picture.inner_html() != old
    page.wait_for_function(f"before => String(({MIDDLE})()) !== String(before)", arg=middle)
    red, green, blue, _ = page.evaluate(MIDDLE)
    assert max(abs(red - 0x00), abs(green - 0x9E), abs(blue - 0x73)) < 6
    page.wait_for_timeout(600)
    assert (len(asked(sent)), page.locator(Z).inner_text(), page.url) == (1, before, link)
    live = page.locator(LIVE_Z).inner_text()
    page.mouse.up()
    expect(page.locator(Z)).to_have_text(live)
    expect(page).to_have_url(re.compile(r"b=(9|10)"))
    rest(page)
    assert [keys for _, keys in asked(sent)[1:]] == [["b"]]

    page.mouse.move(5, 5)
    page.reload()
    is_complete(page)
    for number in (Z, LIVE_Z):
        expect(page.locator(number)).to_have_text(live)
    rest(page)
    sent.clear()
    page.locator(BIAS).evaluate(MOVE_AT_ONCE)
    expect(page.locator(LIVE_Z)).to_have_text(f"{float(before) + 6:g}")
    assert asked(sent) == [({}, ["b"])], "the value itself is told once it is let go"
    assert page.locator(Z).inner_text() == live
    page.locator(BIAS).dispatch_event("change")
    expect(page.locator(Z)).to_have_text(f"{float(before) + 6:g}")


def test_keys_move_a_control_by_steps_and_a_typed_number_is_taken_exactly(neuron):
    page = neuron("w1=0&b=0.25")
    for key, value in (("ArrowRight", "0.3"), ("ArrowDown", "0.2"), ("PageUp", "1.2"), ("Home", "-10"), ("End", "10")):
        page.locator(BIAS).press(key)
        link = rf"b={re.escape(value)}($|&)" if value != "0.2" else "neuron.w1=0$"
        expect(page).to_have_url(re.compile(link))
        expect(page.locator(BIAS)).to_have_value(value)
        expect(page.locator(EXACT_BIAS)).to_have_value(value)
    for _ in range(17):
        page.locator(WEIGHT).press("ArrowRight")
    expect(page).to_have_url(re.compile(r"w1=1\.7"))
    expect(page.locator(".st-key-equation")).to_contain_text("1.7")

    page.locator(EXACT_BIAS).select_text()
    page.locator(EXACT_BIAS).press_sequentially("1.2345", delay=150)  # the picture that was asked for comes in between
    page.locator(EXACT_BIAS).press("Enter")
    expect(page).to_have_url(re.compile(r"b=1\.2345"))
    expect(page.locator(BIAS)).to_have_value("1.2345")
    expect(page.locator(LIVE_Z)).to_have_text(page.locator(Z).inner_text())
    page.locator(BIAS).press("ArrowRight")
    expect(page).to_have_url(re.compile(r"b=1\.3"))
    page.locator(EXACT_BIAS).fill("99")
    page.locator(EXACT_BIAS).press("Enter")
    expect(page.locator(".st-key-b [role=status]")).to_have_text("Expected a number from -10 to 10, received 99.")
    expect(page.locator(EXACT_BIAS)).to_have_value("1.3")
    assert "b=1.3" in page.url


def test_back_and_forward_bring_back_where_the_controls_were(sent, neuron):
    """Dragged numbers and select boxes, within a page and from one page to another."""
    page = neuron("w1=0.5")
    activation = page.locator(".st-key-activation input").first
    numbers = [page.locator(Z).inner_text()]

    def moved_by(act):
        act()
        expect(page.locator(Z)).not_to_have_text(numbers[-1])
        expect(page.locator(LIVE_Z)).not_to_have_text(numbers[-1])
        numbers.append(page.locator(Z).inner_text())

    moved_by(lambda: page.locator(WEIGHT).press("ArrowRight"))
    activation.click()
    page.get_by_role("option", name="relu", exact=True).click()
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.6&activation=relu$"))
    expect(page.locator(LIVE_OUTPUT)).to_have_text(numbers[-1])
    before = len(asked(sent))
    moved_by(lambda: page.locator(BIAS).press("ArrowRight"))
    expect(page.locator(LIVE_OUTPUT)).to_have_text(numbers[-1])
    assert len(asked(sent)) > before, "where something else is set, a control moves as before"

    page.get_by_role("link", name="Gradient descent").first.click()
    expect(page.locator(".st-key-eta input[type=range]")).to_be_visible(timeout=30_000)
    page.go_back()
    expect(page.locator(Z)).to_have_text(numbers[2], timeout=30_000)
    expect(page.locator(BIAS)).to_have_value("0.3")
    expect(activation).to_have_value("relu")
    page.go_back()
    expect(page.locator(Z)).to_have_text(numbers[1])
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.6&activation=relu$"))
    page.go_back()
    expect(activation).to_have_value("sigmoid")
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.6$"))
    page.go_back()
    for number in (Z, LIVE_Z):
        expect(page.locator(number)).to_have_text(numbers[0])
    expect(page.locator(WEIGHT)).to_have_value("0.5")
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.5$"))
    page.go_forward()
    for number in (Z, LIVE_Z):
        expect(page.locator(number)).to_have_text(numbers[1])
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.6$"))

    page.get_by_role("link", name="Gradient descent").first.click()
    expect(page.locator(".st-key-eta input[type=range]")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="A neuron").first.click()
    expect(page.locator(WEIGHT)).to_have_value("0.6", timeout=30_000)
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.6"))


SIZES = """() => ['.st-key-curve svg text:last-of-type', '.st-key-b label'].map(
    (selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize))"""
COLOUR = "text => getComputedStyle(text).fill"


def test_a_picture_can_be_read_in_both_themes_and_without_seeing_it_and_a_lecturers_link_makes_it_larger(neuron):
    page = neuron("b=1&temperature=1")  # which opens the section of softmax
    for key in (*PICTURES, "logits", "exponentials", "shares"):
        picture = page.locator(f".st-key-{key} svg")
        expect(picture).to_have_role("img")
        assert len(picture.get_attribute("aria-label")) > 20
    expect(page.locator(".st-key-neuron_drawing svg")).to_have_attribute("aria-label", re.compile("z is 1.3.$"))
    expect(page.get_by_label("Bias b", exact=True)).to_have_value("1")
    expect(page.get_by_label("Bias b, exactly")).to_have_value("1")
    usual = page.evaluate(SIZES)
    assert min(usual) >= 14

    brightness = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        neuron("present=1")
        text = page.locator(".st-key-curve svg text").first
        brightness[scheme] = sum(map(int, re.findall(r"\d+", text.evaluate(COLOUR))[:3]))
    page.emulate_media(color_scheme="null")
    assert brightness["light"] < 200
    assert brightness["dark"] > 550
    for larger, size in zip(page.evaluate(SIZES), usual, strict=True):
        assert larger > 1.15 * size
    for key in PICTURES:
        expect(page.locator(f".st-key-{key} svg")).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-promise")).to_be_hidden()

    neuron("hide=b,curve")
    for gone in (BIAS, EXACT_BIAS, ".st-key-curve"):
        expect(page.locator(gone)).to_be_hidden()
    for left in (WEIGHT, ".st-key-surface_map svg", ".st-key-neuron_drawing svg"):
        expect(page.locator(left)).to_be_visible()
