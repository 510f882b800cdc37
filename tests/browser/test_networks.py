"""A student clicks neurons and weights, steps through the phases, and opens links to what was seen."""

import re

import pytest
from playwright.sync_api import expect

from nncore.figures.learning import backpropagation
from nncore.figures.neurons import network_diagram
from nncore.networks.diagram import dense_stack, draw
from nncore.theory.network_221 import Setting, take_step, train
from tests.browser.conftest import into_view, rest

pytestmark = pytest.mark.browser
READY = 90_000
PLACE = """(plot, number) => {
    const trace = plot.data.find(trace => trace.name === 'clicks'), layout = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.x + layout._size.l + layout.xaxis.d2p(trace.x[number]),
            box.y + layout._size.t + layout.yaxis.d2p(trace.y[number])];
}"""


def click_point(page, number):
    """Click the point of this number in the drawing's trace `clicks`."""
    plot = page.locator(".st-key-network_drawing .js-plotly-plot")
    expect(plot).to_be_visible(timeout=READY)
    into_view(plot)
    rest(page)
    x, y = plot.evaluate(PLACE, number)
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y, steps=3)
    page.wait_for_timeout(200)  # Plotly looks twenty times a second at what the mouse is over
    page.mouse.click(x, y)


def test_a_clicked_neuron_shows_its_weighted_sum_the_link_brings_it_back_and_depth_moves_the_gradients(server, page):
    page.goto(f"{server}/network?preset=3-4-4-2&seed=3")
    stack = dense_stack(3, (4, 4), 2, "tanh", "sigmoid")
    click_point(page, network_diagram.targets(draw(stack, 3, 0, 0)).index((1, 2)))
    expect(page.locator(".st-key-unit input")).to_have_value("2", timeout=READY)
    expect(page.locator(".st-key-layer input")).to_have_value(re.compile("^1 ·"))
    expect(page.get_by_text("Unit 2 of layer 1, term by term")).to_be_visible()
    expect(page).to_have_url(re.compile(r"layer=1.*unit=2|unit=2.*layer=1"))
    value = f"{draw(stack, 3, 1, 2).unit.stored:.5g}"
    expect(page.locator(".st-key-stored")).to_contain_text(value)
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator(".st-key-stored")).to_contain_text(value, timeout=READY)
    expect(page.locator(".st-key-preset input")).to_have_value("3-4-4-2")

    page.goto(f"{server}/network?preset=model1&unit=9&depth=4")
    expect(page.locator(".st-key-network_drawing")).to_contain_text("6 of 784", timeout=READY)
    click_point(page, 7 + 4)  # behind the seven of the hidden layer that are shown
    expect(page.get_by_text("Unit 4 of layer 1, term by term")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-param_count")).to_contain_text("23,860")

    ratio = page.locator(".st-key-gradient_ratio [data-testid='stMetricValue']")
    before = ratio.inner_text()
    page.locator(".st-key-depth input[type=range]").press("ArrowRight")
    expect(page).to_have_url(re.compile("depth=5"), timeout=READY)
    expect(ratio).not_to_have_text(before, timeout=READY)
    assert float(ratio.inner_text()) < float(before)
    expect(page.locator(".st-key-gradient_verdict")).to_contain_text("vanishes")
    expect(page.locator(".st-key-network_drawing .js-plotly-plot").first).to_be_visible()


def test_stepping_forward_writes_each_number_when_its_phase_comes_and_a_clicked_edge_shows_its_chain_rule(server, page):
    page.goto(f"{server}/backpropagation")
    drawing = page.locator(".st-key-network_drawing .js-plotly-plot").last  # a changed figure comes before the old goes
    expect(drawing).to_contain_text("0.55", timeout=READY)
    expect(drawing).not_to_contain_text("0.587")
    step = page.locator(".st-key-next button")
    for phase, written in ((2, "0.587"), (3, "0.085"), (4, "δ = −0.1"), (5, "0.01485"), (6, "0.0149"), (7, "0.4926")):
        step.click()
        expect(drawing).to_contain_text(written, timeout=READY)
        expect(page).to_have_url(re.compile(f"phase={phase}"))
    click_point(page, backpropagation.targets().index("v2") + 4)
    expect(page.locator(".st-key-weight input")).to_have_value("v2", timeout=READY)
    expect(page).to_have_url(re.compile("weight=v2"))
    expect(page.get_by_text("The chain rule of v2")).to_be_visible()
    gradient = take_step(train(Setting(), 0).network, Setting()).gradients["v2"]
    expect(page.locator(".st-key-gradient")).to_contain_text(f"{gradient:.4g}")
    expect(page.locator(".st-key-agreement")).to_contain_text("All nine agree to six digits.", timeout=READY)
    step.click()
    expect(page).to_have_url(re.compile("updates=1"), timeout=READY)
    expect(page.locator(".st-key-phase input[type=range]")).to_have_value("1")
    page.locator(".st-key-repeat button").click()
    expect(page).to_have_url(re.compile("updates=101"), timeout=READY)


def test_a_lecturers_links_leave_drawing_and_equation_hide_what_they_name_and_keep_the_lines_widths(server, page):
    for path, gone in (("backpropagation?present=1&hide=updates,cost_function", ("updates", "cost_function")),
                       ("network?present=1&preset=3-4-4-2&hide=seed", ("seed",))):  # fmt: skip
        page.goto(f"{server}/{path}")
        expect(page.locator(".st-key-network_drawing .js-plotly-plot").first).to_be_visible(timeout=READY)
        expect(page.locator(".st-key-equation")).to_be_visible()
        for key in (*gone, "room_try", "room_code", "room_lecture"):
            expect(page.locator(f".st-key-{key}")).to_be_hidden()
        expect(page.locator('[data-testid="stSidebar"]')).to_be_hidden()
    lines = page.locator(".st-key-network_drawing .js-line").all()
    assert len({line.evaluate("line => getComputedStyle(line).strokeWidth") for line in lines}) > 3
