"""The lessons on costs and descent in a real browser: pictures follow the hand, animations play without the server."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import into_view, rest, wait_until

pytestmark = pytest.mark.browser
READY = 60_000
ETA = ".st-key-eta input[type=range]"
FOLDED = ("room_try", "room_code", "room_lecture")
"""What a lecturer's link leaves out below the pictures."""


@pytest.fixture
def visit(server, page, sent):
    """`visit("cost?w=2")` opens a page at rest; what is sent to the server from then on is in `sent`."""

    def open_at(path):
        page.goto(f"{server}/{path}")
        expect(page.locator(".drag-plot svg path").first).to_be_attached(timeout=READY)
        rest(page)
        sent.clear()

    return open_at


def hold(page, key, share):
    """Take the thumb of a control, drag it to this share of its track and do not let go."""
    track = page.locator(f".st-key-{key} input[type=range]")
    into_view(track)
    box = track.bounding_box()
    value, low, high = (float(track.evaluate(f"e => e.{name}")) for name in ("value", "min", "max"))
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + (value - low) / (high - low) * box["width"], height)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], height, steps=8)


def wait_for_picture(page, sent, key):
    """Have the mouse come to a control, which asks for its picture, and wait until that is there."""
    page.locator(f".st-key-{key} .drag-name").hover()
    wait_until(page, lambda: sent)
    rest(page)
    assert len(sent) == 1
    sent.clear()


def plots(page, *keys):
    return [page.locator(f".st-key-{key} .drag-plot") for key in keys]


def drawn(pictures):
    return [picture.inner_html() for picture in pictures]


def all_changed(before, pictures):
    return all(new != old for new, old in zip(drawn(pictures), before, strict=True))


def value(page, key):
    return page.locator(f".st-key-{key} [data-testid='stMetricValue']")


def solved(page, name):
    return page.locator(f".st-key-challenge_{name}").get_by_text("Solved.")


@pytest.mark.parametrize("cost", ["w2", "rosenbrock", pytest.param("double_well", marks=pytest.mark.soak)])
def test_the_path_follows_the_hand_and_the_verdict_comes_when_it_lets_go(visit, page, sent, cost):
    visit(f"gradient_descent?cost={cost}")
    pictures, heading = plots(page, "path", "trace", "trace_cost"), page.locator(".st-key-path .drag-heading")
    before, said, w = drawn(pictures), heading.inner_text(), value(page, "w_final").inner_text()
    wait_for_picture(page, sent, "eta")
    hold(page, "eta", 0.6)
    expect(heading).not_to_have_text(said)
    assert all_changed(before, pictures)
    assert sent == []
    live = heading.inner_text()
    page.mouse.up()
    expect(value(page, "w_final")).not_to_have_text(w, timeout=READY)
    expect(page).to_have_url(re.compile(r"eta=0\.\d"))
    expect(page.locator(".st-key-verdict")).to_contain_text(live.split(":")[0])
    expect(heading).to_have_text(live)


def test_a_key_solves_a_challenge_another_cost_brings_a_second_start_and_one_more_step_is_a_click(visit, page):
    visit("gradient_descent?eta=0.49")
    verdict = page.locator(".st-key-verdict")
    said = verdict.inner_text()
    expect(solved(page, "arrive")).to_have_count(0)
    page.locator(ETA).press("ArrowRight")
    expect(page).to_have_url(re.compile(r"eta=0\.5\b"))
    expect(verdict).not_to_have_text(said)
    expect(solved(page, "arrive")).to_be_visible(timeout=READY)

    page.locator(".st-key-cost input").click()
    page.get_by_role("option", name="an elongated bowl").click()
    expect(page.locator(".st-key-v0 input[type=range]")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-path canvas")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?cost=bowl$"))
    expect(page.locator(".st-key-v_final")).to_be_visible()

    steps = page.locator(".st-key-steps input[type=number]")
    one_more = str(int(steps.input_value()) + 1)
    page.locator(".st-key-one_step button").click()
    expect(page).to_have_url(re.compile(f"steps={one_more}"), timeout=READY)
    expect(steps).to_have_value(one_more)


def test_descent_and_race_play_step_by_step_without_asking_the_server(visit, page, sent):
    visit("gradient_descent?cost=saddle&race=gd,adam,nesterov")
    heading, path = page.locator(".st-key-path .drag-heading"), page.locator(".st-key-path svg")
    end, picture, link = heading.inner_text(), path.inner_html(), page.url
    wait_for_picture(page, sent, "steps")
    page.locator(".st-key-steps_play").click()
    page.wait_for_function("end => document.querySelector('.st-key-path .drag-heading').innerText !== end", arg=end)
    seen = {path.inner_html() for _ in range(8) if page.wait_for_timeout(150) is None}
    assert len(seen) > 3
    assert picture not in seen
    expect(heading).to_have_text(end, timeout=15_000)
    assert (sent, page.url) == ([], link)

    figure = page.locator(".st-key-race_picture .js-plotly-plot")
    into_view(figure)
    play = figure.locator(".updatemenu-button").first
    expect(play).to_be_visible(timeout=READY)
    points = "document.querySelectorAll('.st-key-race_picture .scatterlayer .point')"
    marks = f"[...{points}].map(e => e.getAttribute('transform'))"
    page.wait_for_function(f"{marks}.length === 3")
    rest(page)
    sent.clear()
    end = page.evaluate(marks)
    play.click()
    page.wait_for_function(f"end => String({marks}) !== end", arg=",".join(end))
    middle = page.evaluate(marks)
    page.wait_for_function(f"seen => String({marks}) !== seen", arg=",".join(middle))
    page.wait_for_function(f"end => String({marks}) === end", arg=",".join(end), timeout=20_000)
    assert sent == []


def test_a_link_brings_back_what_was_seen_and_a_value_that_is_none_falls_back(server, page):
    verdict = page.locator(".st-key-verdict")
    page.goto(f"{server}/gradient_descent?eta=1.1&w0=3&steps=20")
    expect(verdict).to_contain_text(re.compile("diverge", re.IGNORECASE), timeout=READY)
    w = value(page, "w_final").inner_text()
    assert float(w.replace("−", "-").replace(",", "")) == pytest.approx(3 * (1 - 2.2) ** 20, rel=1e-3)
    for key in ("path", "trace"):
        expect(page.locator(f".st-key-{key} svg")).to_be_visible()

    page.goto(f"{server}/gradient_descent?cost=double_well&eta=1.5&w0=5")
    expect(verdict.locator("[data-testid=stAlertContentError]")).to_contain_text("Diverges", timeout=READY)
    expect(page.locator(".st-key-path svg")).to_contain_text("out of the picture at step")

    page.goto(f"{server}/gradient_descent?cost=saddle&v0=0&noise=true&seed=5&momentum=0.3&race=rmsprop")
    expect(verdict).to_contain_text("minimum", timeout=READY)
    expect(page.locator(".st-key-seed input")).to_have_value("5")
    expect(page.locator(".st-key-race")).to_contain_text("RMSprop")
    expect(solved(page, "saddle")).to_be_visible()

    for wrong in ("abc", "77"):
        page.goto(f"{server}/gradient_descent?eta={wrong}")
        expect(page.locator(ETA)).to_have_value("0.1", timeout=READY)
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)


def test_a_lecturers_link_keeps_pictures_equation_and_controls_and_hides_what_it_names(server, page):
    def shows(*keys):
        for key in keys:
            expect(page.locator(f".st-key-{key}")).to_be_visible(timeout=READY)

    def hides(*keys):
        for key in keys:
            expect(page.locator(f".st-key-{key}")).to_be_hidden()

    sidebar = page.locator('[data-testid="stSidebar"]')
    page.goto(f"{server}/gradient_descent?present=1&eta=0.3")
    shows("equation", "path", "trace", "eta", "verdict")
    hides(*FOLDED)
    expect(sidebar).to_be_hidden()
    page.locator(ETA).press("ArrowRight")
    expect(page).to_have_url(re.compile(r"present=1.*eta=0\.31|eta=0\.31.*present=1"))
    expect(sidebar).to_be_hidden()

    page.goto(f"{server}/gradient_descent?cost=bowl&race=gd,adam&present=1&hide=eta,momentum")
    shows("equation", "path", "trace", "trace_cost", "w0", "v0", "steps", "verdict", "race_picture")
    hides("eta", "momentum", *FOLDED)

    page.goto(f"{server}/gradient_descent?hide=w0,steps,no_such_key,}}body{{display:none")
    shows("eta", "path")
    hides("w0", "steps")

    page.goto(f"{server}/cost?present=1")
    shows("equation", "costs", "gradients", "outputs", "equation_data", "squares")


def test_the_buttons_of_the_race_can_be_read_with_and_without_the_mouse_in_both_themes(server, page):
    brightness = "colour => colour.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{server}/gradient_descent?race=gd,momentum,adam")
        button = page.locator(".st-key-race_picture .updatemenu-button").first
        expect(button).to_be_visible(timeout=READY)
        into_view(button)
        app = page.locator("[data-testid=stApp]")
        ground = page.evaluate(brightness, app.evaluate("e => getComputedStyle(e).backgroundColor"))
        assert (ground > 128) == (scheme == "light")
        for act in (lambda: None, button.hover):
            act()
            fill = button.locator("rect").evaluate("e => getComputedStyle(e).fill")
            assert fill in ("rgba(0, 0, 0, 0)", "transparent", "none")
            text = page.evaluate(brightness, button.locator("text").evaluate("e => getComputedStyle(e).fill"))
            assert abs(text - ground) > 100
    page.emulate_media(color_scheme="null")


def test_costs_and_squares_follow_the_hand_and_descent_finds_the_least_sum(visit, page, sent):
    visit("cost?w=0&b=0")
    pictures = plots(page, "costs", "gradients")
    before = drawn(pictures)
    wait_for_picture(page, sent, "w")
    hold(page, "w", 0.8)
    expect(page.locator(".st-key-output_live b")).not_to_have_text("0.5")
    assert all_changed(before, pictures)
    assert sent == []
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"w=[23]"), timeout=READY)
    expect(value(page, "quadratic")).not_to_have_text("0.125")
    rest(page)
    sent.clear()

    squares = page.locator(".st-key-squares svg")
    corners = squares.locator('path[fill="#D55E00"]').first.get_attribute("d").split("M")[1]
    points = [float(number) for number in re.findall(r"-?[\d.]+", corners)]
    width, height = abs(points[2] - points[0]), abs(points[5] - points[3])
    assert width == pytest.approx(height, rel=0.01)
    assert width > 50
    before = squares.inner_html()
    wait_for_picture(page, sent, "slope")
    hold(page, "slope", 0.55)
    page.wait_for_function("old => document.querySelector('.st-key-squares svg').innerHTML !== old", arg=before)
    assert sent == []
    page.mouse.up()
    expect(page).to_have_url(re.compile("slope="), timeout=READY)
    cost = value(page, "line_cost")
    for _ in range(10):
        shown = cost.inner_text()
        page.locator(".st-key-downhill button").click()
        expect(cost).not_to_have_text(shown)
    expect(solved(page, "smallest")).to_be_visible(timeout=READY)


def test_the_slow_start_plays_side_by_side_without_asking_the_server(visit, page, sent):
    visit("cost?w=2&b=2")
    pictures = [
        page.locator(f".st-key-{key} svg") for key in ("outputs", "training_quadratic", "training_cross_entropy")
    ]
    slow, fast = (page.locator(f".st-key-{key}_live b") for key in ("quadratic", "cross_entropy"))
    before, ends = drawn(pictures), (slow.inner_text(), fast.inner_text())
    assert float(ends[0]) > 0.9 > 0.1 > float(ends[1])
    wait_for_picture(page, sent, "steps")
    page.locator(".st-key-steps_play").click()
    page.wait_for_function("end => document.querySelector('.st-key-quadratic_live b').innerText !== end", arg=ends[0])
    assert all_changed(before, pictures)
    expect(slow).to_have_text(ends[0], timeout=20_000)
    expect(fast).to_have_text(ends[1])
    assert sent == []
