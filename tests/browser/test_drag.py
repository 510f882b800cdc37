"""Drag-quick controls in a real browser: the picture follows the hand, Python hears when it lets go."""

import json
import re

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.benchmarks.latency import drag_to_repaint

pytestmark = pytest.mark.browser

Z, LIVE_Z = ".st-key-z [data-testid='stMetricValue']", ".st-key-live_z b"
BIAS, EXACT_BIAS = ".st-key-b input[type=range]", ".st-key-b input[type=number]"


@pytest.fixture
def neuron(server, page):
    """`neuron("b=1")` opens the page of the neuron by this link."""

    def open_at(query=""):
        page.goto(f"{server}/neuron?{query}")
        expect(page.locator(LIVE_Z)).not_to_be_empty(timeout=60_000)
        expect(page.locator(Z)).to_be_visible(timeout=30_000)
        return page

    return open_at


def hold(page, selector, share):
    """Take the thumb and drag it to this share of the track, and do not let go."""
    box = page.locator(selector).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=8)


def test_the_picture_follows_the_hand_and_python_hears_when_it_lets_go(neuron):
    page = neuron("b=0")
    before, link = page.locator(Z).inner_text(), page.url
    pictures = [page.locator(f".st-key-{key} .drag-plot") for key in ("neuron_drawing", "surface_map", "curve")]
    drawn = [picture.inner_html() for picture in pictures]
    hold(page, BIAS, 0.8)
    expect(page.locator(LIVE_Z)).not_to_have_text(before)
    for picture, old in zip(pictures, drawn, strict=True):
        assert picture.inner_html() != old
    page.wait_for_timeout(600)
    assert (page.locator(Z).inner_text(), page.url) == (before, link)
    live = page.locator(LIVE_Z).inner_text()
    page.mouse.up()
    expect(page.locator(Z)).to_have_text(live)
    expect(page).to_have_url(re.compile(r"b=5\.\d|b=6"))
    page.reload()
    expect(page.locator(LIVE_Z)).to_have_text(live, timeout=60_000)
    expect(page.locator(Z)).to_have_text(live)


@pytest.fixture
def asked(page):
    """The values and the wanted pictures of each message that a control of the page has sent."""
    found = []

    def note(frame):
        message = BackMsg.FromString(frame)
        for state in message.rerun_script.widget_states.widgets:
            for event in json.loads(state.json_trigger_value or "[]"):
                if event["event"] == "moved":
                    found.append((event["value"]["values"], event["value"]["wanted"]))

    page.on("websocket", lambda socket: socket.on("framesent", note))
    return found


def test_a_picture_is_asked_for_when_the_mouse_comes_to_its_control_and_then_moves_without_the_server(asked, neuron):
    page = neuron("w2=1")
    page.locator(".st-key-w2 .drag-name").hover()
    page.wait_for_timeout(1_000)
    assert asked == [({}, ["w2"])]
    live = page.locator(LIVE_Z).inner_text()
    hold(page, ".st-key-w2 input[type=range]", 0.9)
    expect(page.locator(LIVE_Z)).not_to_have_text(live)
    assert len(asked) == 1
    page.mouse.up()
    expect(page.locator(Z)).to_have_text(page.locator(LIVE_Z).inner_text())
    page.wait_for_timeout(1_000)
    assert [wanted for _, wanted in asked[1:]] == [["w2"]]


def test_a_mouse_that_only_crosses_controls_asks_for_nothing(asked, neuron):
    page = neuron()
    page.wait_for_timeout(500)
    page.evaluate("""async () => {
      for (const box of document.querySelectorAll(".drag-control")) {
        box.dispatchEvent(new PointerEvent("pointerenter"));
        await new Promise((done) => setTimeout(done, 5));
        box.dispatchEvent(new PointerEvent("pointerleave"));
      }
    }""")
    page.wait_for_timeout(500)
    assert asked == []


def test_a_control_that_moves_before_its_picture_is_there_has_it_follow(asked, neuron):
    """As on a telephone, where nothing says beforehand which control a finger will touch."""
    page = neuron("b=1")
    live = page.locator(LIVE_Z).inner_text()
    page.locator(BIAS).evaluate("""range => {
      range.value = 6;
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    expect(page.locator(LIVE_Z)).to_have_text("6.3")
    assert asked == [({}, ["b"])], "the value itself is told once it is let go"
    assert page.locator(Z).inner_text() == live
    page.locator(BIAS).dispatch_event("change")
    expect(page.locator(Z)).to_have_text("6.3")


def test_where_something_else_is_set_the_picture_shows_it_and_moves_as_before(asked, neuron):
    page = neuron("b=1")
    page.locator(BIAS).press("ArrowRight")
    expect(page.locator(Z)).to_have_text("1.4")
    page.locator(".st-key-activation input").first.click()
    page.get_by_role("option", name="relu", exact=True).click()
    expect(page.locator(".st-key-live_output b")).to_have_text("1.4")
    before = len(asked)
    page.locator(".st-key-w1 input[type=range]").press("ArrowRight")
    expect(page.locator(".st-key-live_output b")).to_have_text("1.5")
    assert len(asked) > before


def test_the_surface_is_repainted_with_the_hand(neuron):
    page = neuron("w1=1&w2=0&x3=0&b=0")
    canvas = "document.querySelector('.st-key-surface_map canvas')"
    middle = f"() => [...{canvas}.getContext('2d').getImageData(100, 100, 1, 1).data]"
    before = page.evaluate(middle)
    hold(page, BIAS, 0.95)
    page.wait_for_function(f"before => String(({middle})()) !== String(before)", arg=before)
    red, green, blue, _ = page.evaluate(middle)
    assert max(abs(red - 0x00), abs(green - 0x9E), abs(blue - 0x73)) < 6
    page.mouse.up()


def test_a_repaint_takes_no_longer_than_the_eye_notices(neuron):
    repaint = drag_to_repaint(neuron(), "b", "surface_map", moves=15)
    print(repaint)
    assert min(repaint.times) <= 50, repaint


def test_the_keyboard_moves_a_control_by_a_step_by_ten_and_to_its_ends(neuron):
    page = neuron("b=0.25")
    keys = [("ArrowRight", "0.3"), ("ArrowDown", "0.2"), ("PageUp", "1.2"), ("Home", "-10"), ("End", "10")]
    for key, value in keys:
        page.locator(BIAS).press(key)
        expect(page).to_have_url(
            re.compile(rf"b={re.escape(value)}($|&)") if value != "0.2" else re.compile("neuron/?$")
        )
        expect(page.locator(BIAS)).to_have_value(value)
        expect(page.locator(EXACT_BIAS)).to_have_value(value)


def test_many_presses_in_a_row_lose_none(neuron):
    page = neuron("w1=0")
    for _ in range(17):
        page.locator(".st-key-w1 input[type=range]").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"w1=1\.7"))
    expect(page.locator(".st-key-equation")).to_contain_text("1.7")


def test_a_typed_number_is_taken_exactly(neuron):
    page = neuron()
    page.locator(EXACT_BIAS).select_text()
    page.locator(EXACT_BIAS).press_sequentially("1.2345", delay=150)  # the picture that was asked for comes in between
    page.locator(EXACT_BIAS).press("Enter")
    expect(page).to_have_url(re.compile(r"b=1\.2345"))
    expect(page.locator(BIAS)).to_have_value("1.2345")
    z = page.locator(Z).inner_text()
    expect(page.locator(LIVE_Z)).to_have_text(z)
    page.locator(BIAS).press("ArrowRight")
    expect(page).to_have_url(re.compile(r"b=1\.3"))


def test_a_typed_number_out_of_range_is_answered_with_what_was_expected(neuron):
    page = neuron("b=2")
    page.locator(EXACT_BIAS).fill("99")
    page.locator(EXACT_BIAS).press("Enter")
    expect(page.locator(".st-key-b [role=status]")).to_have_text("Expected a number from -10 to 10, received 99.")
    expect(page.locator(EXACT_BIAS)).to_have_value("2")
    assert "b=2" in page.url


def test_each_page_keeps_its_values_when_left_and_found_again(neuron):
    page = neuron("b=3.5")
    page.get_by_role("link", name="Gradient descent").click()
    expect(page.locator("h1")).to_have_text("Gradient descent", timeout=30_000)
    page.get_by_role("link", name="A neuron").click()
    expect(page.locator(BIAS)).to_have_value("3.5", timeout=30_000)
    expect(page).to_have_url(re.compile(r"b=3\.5"))


def test_a_link_hides_a_control_or_a_panel_and_leaves_the_rest(neuron):
    page = neuron("hide=b,curve")
    for gone in (BIAS, EXACT_BIAS, ".st-key-curve"):
        expect(page.locator(gone)).to_be_hidden()
    for left in (".st-key-w1 input[type=range]", ".st-key-surface_map svg", ".st-key-neuron_drawing svg"):
        expect(page.locator(left)).to_be_visible()


def test_a_lecturers_link_makes_type_and_lines_larger(neuron):
    def sizes(page):
        return page.evaluate("""() => ['.st-key-curve svg text:last-of-type', '.st-key-b label'].map(
            (selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize))""")

    usual = sizes(neuron())
    for larger, size in zip(sizes(neuron("present=1")), usual, strict=True):
        assert larger > 1.15 * size
    assert min(usual) >= 14


def test_presented_on_a_small_projector_the_whole_picture_is_on_the_screen(neuron):
    page = neuron("present=1")
    page.set_viewport_size({"width": 1366, "height": 768})
    for key in ("neuron_drawing", "surface_map", "curve"):
        expect(page.locator(f".st-key-{key} svg")).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-promise")).to_be_hidden()


def test_every_picture_has_words_for_those_who_do_not_see_it(neuron):
    page = neuron("b=1")
    for key in ("neuron_drawing", "surface_map", "curve", "logits", "exponentials", "shares"):
        picture = page.locator(f".st-key-{key} svg")
        expect(picture).to_have_role("img")
        assert len(picture.get_attribute("aria-label")) > 20
    expect(page.locator(".st-key-neuron_drawing svg")).to_have_attribute("aria-label", re.compile("z is 1.3.$"))
    expect(page.get_by_label("Bias b", exact=True)).to_have_value("1")
    expect(page.get_by_label("Bias b, exactly")).to_have_value("1")


def test_text_follows_the_theme(server, browser):
    colours = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{server}/neuron")
        page.locator(".st-key-curve svg text").first.wait_for(timeout=60_000)
        fill = page.locator(".st-key-curve svg text").first.evaluate("text => getComputedStyle(text).fill")
        colours[scheme] = sum(int(number) for number in re.findall(r"\d+", fill)[:3])
        context.close()
    assert colours["light"] < 200
    assert colours["dark"] > 550


def test_back_and_forward_bring_back_where_the_controls_were(neuron):
    """Dragged numbers and select boxes, within a page and from one page to another."""
    page = neuron("w1=0.5")
    activation = page.locator(".st-key-activation input").first
    outputs = [page.locator(Z).inner_text()]
    page.locator(".st-key-w1 input[type=range]").press("ArrowRight")
    expect(page.locator(Z)).not_to_have_text(outputs[0])
    outputs.append(page.locator(Z).inner_text())
    activation.click()
    page.get_by_role("option", name="tanh", exact=True).click()
    expect(page).to_have_url(re.compile(r"w1=0\.6&activation=tanh"))
    page.get_by_role("link", name="Gradient descent").first.click()
    expect(page.locator(".st-key-eta input[type=range]")).to_be_visible(timeout=30_000)

    page.go_back()
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.6&activation=tanh$"))
    expect(page.locator(Z)).to_have_text(outputs[1], timeout=30_000)
    expect(activation).to_have_value("tanh")
    page.go_back()
    expect(activation).to_have_value("sigmoid")
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.6$"))
    page.go_back()
    for number, value in ((Z, outputs[0]), (LIVE_Z, outputs[0])):
        expect(page.locator(number)).to_have_text(value)
    expect(page.locator(".st-key-w1 input[type=range]")).to_have_value("0.5")
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.5$"))
    page.go_forward()
    expect(page.locator(Z)).to_have_text(outputs[1])
    expect(page.locator(LIVE_Z)).to_have_text(outputs[1])
    expect(page).to_have_url(re.compile(r"neuron\?w1=0\.6$"))
