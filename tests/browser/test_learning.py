"""The lessons on costs and descent in a real browser: pictures follow the hand, animations play without the server."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
READY = 60_000


@pytest.fixture
def visit(server, page):
    """`visit("cost?w=2")` opens a page at rest; what is sent to the server from then on is in the list it returns."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))

    def open_at(path):
        page.goto(f"{server}/{path}")
        expect(page.get_by_text("In the lecture")).to_be_visible(timeout=READY)
        expect(page.locator(".drag-plot svg path").first).to_be_attached(timeout=READY)
        page.wait_for_function("!document.querySelector('[data-testid=stApp][data-test-script-state=running]')")
        page.wait_for_timeout(700)
        sent.clear()
        return sent

    return open_at


def hold(page, key, share):
    """Take the thumb of a control, drag it to this share of its track and do not let go."""
    track = page.locator(f".st-key-{key} input[type=range]")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    value, low, high = (float(track.evaluate(f"e => e.{name}")) for name in ("value", "min", "max"))
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + (value - low) / (high - low) * box["width"], height)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], height, steps=8)


def wait_for_picture(page, sent, key):
    """Have the mouse come to a control, which asks for its picture, and wait until that is there."""
    page.locator(f".st-key-{key} .drag-name").hover()
    page.wait_for_timeout(300)
    assert len(sent) == 1
    page.wait_for_function("!document.querySelector('[data-testid=stApp][data-test-script-state=running]')")
    page.wait_for_timeout(300)
    sent.clear()


def solved(page, name):
    return page.locator(f".st-key-challenge_{name}").get_by_text("Solved.")


@pytest.mark.parametrize("cost", ["w2", "double_well", "rosenbrock"])
def test_the_path_follows_the_hand_and_the_verdict_comes_when_it_lets_go(visit, page, cost):
    sent = visit(f"gradient_descent?cost={cost}")
    plots = [page.locator(f".st-key-{key} .drag-plot") for key in ("path", "trace", "trace_cost")]
    before, heading = [plot.inner_html() for plot in plots], page.locator(".st-key-path .drag-heading").inner_text()
    w = page.locator(".st-key-w_final [data-testid='stMetricValue']").inner_text()
    wait_for_picture(page, sent, "eta")
    hold(page, "eta", 0.6)
    expect(page.locator(".st-key-path .drag-heading")).not_to_have_text(heading)
    assert all(plot.inner_html() != old for plot, old in zip(plots, before, strict=True))
    assert sent == []
    live = page.locator(".st-key-path .drag-heading").inner_text()
    page.mouse.up()
    expect(page.locator(".st-key-w_final [data-testid='stMetricValue']")).not_to_have_text(w, timeout=READY)
    expect(page).to_have_url(re.compile(r"eta=0\.\d"))
    expect(page.locator(".st-key-verdict")).to_contain_text(live.split(":")[0])
    expect(page.locator(".st-key-path .drag-heading")).to_have_text(live)


def test_a_challenge_is_solved_by_moving_a_control(visit, page):
    visit("gradient_descent?eta=0.49")
    expect(solved(page, "arrive")).to_have_count(0)
    page.locator(".st-key-eta input[type=range]").press("ArrowRight")
    expect(solved(page, "arrive")).to_be_visible(timeout=READY)
    expect(page).to_have_url(re.compile(r"eta=0\.5\b"))


def test_the_descent_plays_step_by_step_without_asking_the_server(visit, page):
    sent = visit("gradient_descent?cost=saddle")
    heading, path = page.locator(".st-key-path .drag-heading"), page.locator(".st-key-path svg")
    end, drawn, link = heading.inner_text(), path.inner_html(), page.url
    wait_for_picture(page, sent, "steps")
    page.locator(".st-key-steps_play").click()
    page.wait_for_function("end => document.querySelector('.st-key-path .drag-heading').innerText !== end", arg=end)
    seen = {path.inner_html() for _ in range(8) if page.wait_for_timeout(150) is None}
    assert len(seen) > 3
    assert drawn not in seen
    expect(heading).to_have_text(end, timeout=15_000)
    assert (sent, page.url) == ([], link)


def test_the_race_plays_without_asking_the_server(visit, page):
    sent = visit("gradient_descent?cost=rosenbrock&race=gd,adam,nesterov")
    figure = page.locator(".st-key-race_picture .js-plotly-plot")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".updatemenu-button").first).to_be_visible(timeout=READY)
    points = "document.querySelectorAll('.st-key-race_picture .scatterlayer .point')"
    marks = f"[...{points}].map(e => e.getAttribute('transform'))"
    page.wait_for_function(f"{marks}.length === 3")
    page.wait_for_timeout(500)
    sent.clear()
    end = page.evaluate(marks)
    figure.locator(".updatemenu-button").first.click()
    page.wait_for_function(f"end => String({marks}) !== end", arg=",".join(end))
    middle = page.evaluate(marks)
    page.wait_for_function(f"seen => String({marks}) !== seen", arg=",".join(middle))
    page.wait_for_function(f"end => String({marks}) === end", arg=",".join(end), timeout=20_000)
    assert sent == []


def test_one_more_step_is_a_click(visit, page):
    visit("gradient_descent?eta=0.5&steps=5")
    page.locator(".st-key-one_step button").click()
    expect(page).to_have_url(re.compile("steps=6"), timeout=READY)
    expect(page.locator(".st-key-steps input[type=number]")).to_have_value("6")


def test_another_cost_is_another_picture_with_a_second_start(visit, page):
    visit("gradient_descent?eta=1.1")
    page.locator(".st-key-cost input").click()
    page.get_by_role("option", name="an elongated bowl").click()
    expect(page.locator(".st-key-v0 input[type=range]")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-path canvas")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?cost=bowl$"))
    expect(page.locator(".st-key-v_final")).to_be_visible()


def test_a_link_brings_back_cost_start_noise_and_racers(visit, page):
    visit("gradient_descent?cost=saddle&v0=0&noise=true&seed=5&momentum=0.3&race=rmsprop")
    expect(page.locator(".st-key-verdict")).to_contain_text("minimum")
    expect(page.locator(".st-key-seed input")).to_have_value("5")
    expect(page.locator(".st-key-race")).to_contain_text("RMSprop")
    expect(solved(page, "saddle")).to_be_visible()


def test_a_descent_that_diverges_leaves_the_picture_and_it_is_said(visit, page):
    visit("gradient_descent?cost=double_well&eta=1.5&w0=5")
    expect(page.locator(".st-key-verdict [data-testid=stAlertContentError]")).to_contain_text("Diverges")
    expect(page.locator(".st-key-path svg")).to_contain_text("out of the picture at step")


def test_a_lecturers_link_keeps_the_pictures_and_hides_what_it_names(visit, page):
    visit("gradient_descent?cost=bowl")
    page.goto(page.url.replace("cost=bowl", "cost=bowl&race=gd,adam&present=1&hide=eta,momentum"))
    for key in ("equation", "path", "trace", "trace_cost", "w0", "v0", "steps", "verdict", "race_picture"):
        expect(page.locator(f".st-key-{key}")).to_be_visible(timeout=READY)
    for key in ("eta", "momentum", "room_try", "room_code", "room_lecture"):
        expect(page.locator(f".st-key-{key}")).to_be_hidden()
    page.goto(page.url.split("/gradient")[0] + "/cost?present=1")
    for key in ("equation", "costs", "gradients", "outputs", "equation_data", "squares"):
        expect(page.locator(f".st-key-{key}")).to_be_visible(timeout=READY)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_buttons_of_the_race_can_be_read_with_and_without_the_mouse(server, browser, scheme):
    context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server}/gradient_descent?race=gd,momentum,adam")
    button = page.locator(".st-key-race_picture .updatemenu-button").first
    expect(button).to_be_visible(timeout=READY)
    button.scroll_into_view_if_needed()
    brightness = "colour => colour.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3"
    for act in (lambda: None, button.hover):
        act()
        fill = button.locator("rect").evaluate("e => getComputedStyle(e).fill")
        assert fill in ("rgba(0, 0, 0, 0)", "transparent", "none")
        text = page.evaluate(brightness, button.locator("text").evaluate("e => getComputedStyle(e).fill"))
        ground = page.evaluate(
            brightness, page.locator("[data-testid=stApp]").evaluate("e => getComputedStyle(e).backgroundColor")
        )
        assert abs(text - ground) > 100
    context.close()


def test_the_costs_follow_the_hand_and_the_results_come_when_it_lets_go(visit, page):
    sent = visit("cost?w=0&b=0")
    costs, gradients = (page.locator(f".st-key-{key} .drag-plot") for key in ("costs", "gradients"))
    before = [costs.inner_html(), gradients.inner_html()]
    wait_for_picture(page, sent, "w")
    hold(page, "w", 0.8)
    expect(page.locator(".st-key-output_live b")).not_to_have_text("0.5")
    assert costs.inner_html() != before[0]
    assert gradients.inner_html() != before[1]
    assert sent == []
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"w=[23]"), timeout=READY)
    expect(page.locator(".st-key-quadratic [data-testid='stMetricValue']")).not_to_have_text("0.125")


def test_the_slow_start_plays_side_by_side_without_asking_the_server(visit, page):
    sent = visit("cost?w=2&b=2")
    plots = [page.locator(f".st-key-{key} svg") for key in ("outputs", "training_quadratic", "training_cross_entropy")]
    slow, fast = (page.locator(f".st-key-{key}_live b") for key in ("quadratic", "cross_entropy"))
    before, ends = [plot.inner_html() for plot in plots], (slow.inner_text(), fast.inner_text())
    assert float(ends[0]) > 0.9 > 0.1 > float(ends[1])
    wait_for_picture(page, sent, "steps")
    page.locator(".st-key-steps_play").click()
    page.wait_for_function("end => document.querySelector('.st-key-quadratic_live b').innerText !== end", arg=ends[0])
    assert all(plot.inner_html() != old for plot, old in zip(plots, before, strict=True))
    expect(slow).to_have_text(ends[0], timeout=20_000)
    expect(fast).to_have_text(ends[1])
    assert sent == []


def test_the_squares_follow_the_line_and_descent_finds_the_least_sum(visit, page):
    sent = visit("cost")
    squares = page.locator(".st-key-squares svg")
    before = squares.inner_html()
    wait_for_picture(page, sent, "slope")
    hold(page, "slope", 0.55)
    page.wait_for_function("old => document.querySelector('.st-key-squares svg').innerHTML !== old", arg=before)
    assert sent == []
    page.mouse.up()
    expect(page).to_have_url(re.compile("slope="), timeout=READY)
    for _ in range(10):
        shown = page.locator(".st-key-line_cost [data-testid='stMetricValue']").inner_text()
        page.locator(".st-key-downhill button").click()
        page.wait_for_function(
            "old => document.querySelector('.st-key-line_cost [data-testid=stMetricValue]').innerText !== old",
            arg=shown,
        )
    expect(solved(page, "smallest")).to_be_visible(timeout=READY)


def test_the_squares_are_squares_on_the_screen(visit, page):
    visit("cost")
    scale = page.evaluate("""() => {
        const path = document.querySelector('.st-key-squares svg path[fill="#D55E00"]');
        const points = path.getAttribute('d').split('M')[1].match(/-?[\\d.]+/g).map(Number);
        return [Math.abs(points[2] - points[0]), Math.abs(points[5] - points[3])];
    }""")
    assert scale[0] == pytest.approx(scale[1], rel=0.01)
    assert scale[0] > 50
