"""Back, Forward, a reload, another page in between: controls of every kind follow the link."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
READY = 90_000
NAMES = {
    "gradient_descent": "Gradient descent",
    "mlp": "A dense network",
    "convolution": "Convolution and pooling",
    "runs": "Compare runs",
    "feature_maps": "Inside the network",
}


def choose(page, key, option):
    page.locator(f".st-key-{key} input").first.press("ArrowDown")  # opens the list, also where it is drawn anew
    page.get_by_role("option", name=option, exact=True).click()


def type_number(page, key, text):
    field = page.locator(f".st-key-{key} input[type=number]")
    field.select_text()
    field.press_sequentially(text, delay=60)
    field.press("Enter")


SHOWN = """keys => Object.fromEntries(keys.map(key => {
  const place = document.querySelector(`.st-key-${key}`);
  const fields = [...(place?.querySelectorAll("input") ?? [])];
  if (!fields.length) return [key, null];
  if (fields[0].type === "checkbox") return [key, fields[0].checked];
  if (fields[0].type === "radio") return [key, fields.findIndex((field) => field.checked)];
  const tags = [...place.querySelectorAll("[data-tag]")];
  return [key, tags.length ? tags.map((tag) => tag.innerText).join() : fields[0].value];
}))"""
"""What controls of Streamlit's and ours show, by their keys; null for one that is not on the screen."""


def press_switch(page, key):
    page.locator(f".st-key-{key} label").first.click()


def press_slider(page, key, times=1):
    for _ in range(times):
        page.locator(f".st-key-{key} input[type=range]").press("ArrowRight")


def pick(page, key, label):
    page.locator(f".st-key-{key}").get_by_text(label, exact=True).click()


MOVES = {
    "gradient_descent": [
        (lambda page: press_slider(page, "momentum"), "momentum=0.01"),
        (lambda page: press_switch(page, "noise"), "noise=true"),
        (lambda page: type_number(page, "seed", "12"), "seed=12"),
        (lambda page: page.locator(".st-key-eta input[type=range]").press("ArrowRight"), "eta=0.11"),
        (lambda page: choose(page, "cost", "two valleys"), "cost=double_well"),
    ],
    "mlp": [
        (lambda page: choose(page, "preset", "Model 2: dense, improved"), "preset=model2"),
        (lambda page: type_number(page, "epochs", "12"), "epochs=12"),
        (lambda page: press_slider(page, "hidden_layers"), "hidden_layers=2"),
        (lambda page: type_number(page, "units2", "17"), "units2=17"),
        (lambda page: choose(page, "optimizer", "RMSprop"), "optimizer=rmsprop"),
    ],
    "convolution": [
        (lambda page: type_number(page, "index", "7"), "index=7"),
        (lambda page: choose(page, "kernel", "Learned by model 3"), "kernel=model3"),
        (lambda page: type_number(page, "learned", "4"), "learned=4"),
        (lambda page: type_number(page, "stride", "2"), "stride=2"),
        (lambda page: choose(page, "pooling", "Max"), "pooling=max"),
    ],
    "runs": [
        (lambda page: pick(page, "room", "Search"), "room=search"),
        (lambda page: type_number(page, "search_epochs", "4"), "search_epochs=4"),
        (lambda page: pick(page, "search_kind", "Convolutional, like model 3"), "search_kind=convolutional"),
        (lambda page: type_number(page, "search_minutes", "8"), "search_minutes=8"),
        (lambda page: type_number(page, "search_seed", "12"), "search_seed=12"),
    ],
    "feature_maps": [
        (lambda page: type_number(page, "index", "80"), "index=80"),
        (lambda page: choose(page, "layer", "2 · Flatten · 2880"), "layer=2"),
        (lambda page: type_number(page, "map", "3"), "map=3"),
        (lambda page: pick(page, "room", "hide a part"), "room=occlusion"),
        (lambda page: press_slider(page, "occlusion_size"), "occlusion_size=9"),
    ],
}


AT_REST = "!document.querySelector('[data-testid=stApp][data-test-script-state=running]')"


def state_of(page, keys):
    """What the link says, and what the controls show."""
    link = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    return link, page.evaluate(SHOWN, keys)


def expect_state(page, keys, wanted, when):
    """Waits for it: the page answers a moment after the link has changed."""
    for _ in range(450):
        found = state_of(page, keys)
        if found == wanted:
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{when}: expected {wanted}, found {found}")


def rested(page, keys):
    """The state once it stays as it is."""
    found = None
    while found != (found := state_of(page, keys)):
        page.wait_for_function(AT_REST, timeout=READY)
        page.wait_for_timeout(1_500)
    return found


@pytest.mark.parametrize(
    "name",
    [*list(MOVES)[:-1], pytest.param("feature_maps", marks=pytest.mark.soak)],  # whose list opens on a page at work
)
def test_each_move_is_one_step_back_and_a_page_is_found_again_as_it_was_left(server, page, name):
    page.goto(f"{server}/{name}")
    expect(page.get_by_role("heading", name="In the lecture")).to_be_visible(timeout=READY)
    keys = [said.split("=")[0] for _, said in MOVES[name]]
    states, length = [rested(page, keys)], page.evaluate("history.length")
    for move, said in MOVES[name]:
        move(page)
        expect(page).to_have_url(re.compile(rf"[?&]{said}(&|$)"), timeout=READY)
        states.append(rested(page, keys))
    assert page.evaluate("history.length") - length == len(MOVES[name])
    for number in reversed(range(len(MOVES[name]))):
        page.go_back()
        expect_state(page, keys, states[number], f"back to {number}")
    for number in range(1, len(states)):
        page.go_forward()
        expect_state(page, keys, states[number], f"forward to {number}")
    page.reload()
    expect_state(page, keys, states[-1], "reloaded")
    page.get_by_role("link", name="Cost functions").first.click()
    expect(page).to_have_url(re.compile(r"/cost$"), timeout=READY)
    page.get_by_role("link", name=NAMES[name]).first.click()
    expect_state(page, keys, states[-1], "left and found again")
