"""A class on two app servers behind the one address of compose.yaml: who is where, and what if a server ends."""

import contextlib
import re
import time
import urllib.request

import numpy as np
import pytest
from playwright.sync_api import expect

from nncore.cluster.certificates import write_certificates
from tests.browser.conftest import free_port, serve
from tests.nncore.data.test_uploads import NAMES
from tests.support.front import COMPOSE, serve_front
from tests.support.scheduler import serve_scheduler

pytestmark = [pytest.mark.browser, pytest.mark.alone]
READY = 120_000
HOST = "lecture.localhost"
"""A name that browsers take for this machine, as a class has one for the server."""
ADDRESSES = ("127.0.0.2", "127.0.0.3")
"""Of the app servers, on one port, as containers have it."""
A_HOST_NAME_EACH = "import os, socket; socket.gethostname = lambda: os.environ['TEST_HOST_NAME']"
COOKIE = "app_server"


class Classroom:
    """The front's address, and app servers that can be ended and come back."""

    def __init__(self, folder, front_port, port, environment):
        self.url = f"http://{HOST}:{front_port}"
        self._folder, self._front_port, self._port, self._environment = folder, front_port, port, environment
        self._running = {}

    def start(self, address):
        (self._folder / address).mkdir(exist_ok=True)
        name = {"TEST_HOST_NAME": f"app-{address[-1]}"}  # the same after it comes back, as a container's
        server = serve(self._folder / address, address=address, port=self._port, **self._environment, **name)
        _, process = server.__enter__()
        self._running[address] = server, process

    def stop(self, address):
        server, _ = self._running.pop(address)
        server.__exit__(None, None, None)

    def kill(self, address):
        self._running[address][1].kill()
        self.stop(address)

    def stop_all(self):
        for address in list(self._running):
            self.stop(address)

    def complete(self):
        """Start what is missing, and wait until newcomers are sent to every server."""
        for address in set(ADDRESSES) - set(self._running):
            self.start(address)
        found, deadline = set(), time.monotonic() + 60
        while len(found) < len(ADDRESSES):
            assert time.monotonic() < deadline, f"the front knows only {found}"
            with contextlib.suppress(OSError), _get(f"http://127.0.0.1:{self._front_port}/_stcore/health") as answer:
                found.add(answer.headers.get_all("set-cookie")[-1])
            time.sleep(0.1)

    def wait_for_pages(self, **expected):
        """Until so many pages are open on the servers, as these say themselves, without those that have none."""
        deadline = time.monotonic() + 60
        while (found := self.pages()) != expected:
            assert time.monotonic() < deadline, f"expected {expected} pages, received {found}"
            time.sleep(0.1)

    def pages(self):
        """How many pages are open on each server that has some, as it says itself."""
        found = {}
        for address in self._running:
            with _get(f"http://{address}:{self._port}/_stcore/metrics") as answer:
                count = re.search(r"^active_sessions (\d+)", answer.read().decode(), re.MULTILINE)
            found[address] = int(count.group(1))
        return {address: count for address, count in found.items() if count}


def _get(url):
    return urllib.request.urlopen(url, timeout=10)


@pytest.fixture(scope="module")
def room(haproxy, tmp_path_factory):
    """HAProxy, its app servers to come, and their scheduler."""
    folder = tmp_path_factory.mktemp("front")
    (folder / "sitecustomize.py").write_text(A_HOST_NAME_EACH)
    front_port, port = free_port(), free_port(ADDRESSES[0])
    files = [str(path) for path in write_certificates(folder / "tls")]
    with contextlib.ExitStack() as stack:
        stack.enter_context(serve_front(haproxy, folder, front_port, ADDRESSES, port))
        environment = {
            **COMPOSE["services"]["app"]["environment"],
            "NNCORE_DATABASE_URL": f"sqlite:///{folder / 'runs.db'}",
            "NNCORE_SCHEDULER": stack.enter_context(serve_scheduler(files)),
            **dict(zip(("NNCORE_TLS_CA", "NNCORE_TLS_CERT", "NNCORE_TLS_KEY"), files, strict=True)),
            "STREAMLIT_SERVER_ALLOWED_HOSTS": HOST,
            "PYTHONPATH": str(folder),
        }
        del environment["NNCORE_CACHE"]
        made = Classroom(folder, front_port, port, environment)
        stack.callback(made.stop_all)
        yield made


@pytest.fixture
def classroom(room):
    """All servers are there and nobody is on them."""
    room.complete()
    room.wait_for_pages()
    return room


@pytest.fixture
def student(browser):
    """Makes a page in a browser of its own."""
    with contextlib.ExitStack() as stack:

        def come():
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            stack.callback(context.close)
            return context.new_page()

        yield come


@pytest.fixture(scope="module")
def digits_csv(mnist):
    """Two hundred digits as a CSV."""
    rows = np.column_stack([mnist.y_train[:200], mnist.x_train[:200].reshape(-1, 784)])
    return "\n".join([NAMES, *(",".join(map(str, row)) for row in rows.tolist()), ""]).encode()


def cookie(page):
    (found,) = [one for one in page.context.cookies() if one["name"] == COOKIE]
    return found


def status(page):
    return page.locator(".st-key-run_status")


def press(page, key):
    page.locator(f".st-key-{key} button").click()


def epochs_done(page):
    return int(re.search(r"epoch (\d+) of", status(page).inner_text()).group(1))


def wait_for_more_epochs(page, before):
    deadline = time.monotonic() + READY / 1000
    while epochs_done(page) <= before:
        assert time.monotonic() < deadline, f"still at epoch {before}: {status(page).inner_text()}"
        page.wait_for_timeout(200)


def train(page, link):
    page.goto(link)
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=READY)
    press(page, "train")


def set_units(page, units, parameters):
    """A control of a page at rest is moved, and the page answers over the websocket."""
    page.wait_for_function("!document.querySelector('[data-testid=stApp][data-test-script-state=running]')")
    page.locator(".st-key-units input").fill(str(units))
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-room_layers")).to_contain_text(parameters)


def take_the_script_home(page, path):
    page.locator(".st-key-code summary").click()
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download the script").click()
    downloaded.value.save_as(path)
    return path.read_text()


def bring_pictures(page, content, name):
    page.get_by_text("Pictures of your own", exact=True).click()
    chooser = page.locator(".st-key-own_data input[type=file]")
    chooser.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    expect(page.locator(".st-key-data input")).to_have_value(name, timeout=READY)


def test_two_students_are_on_two_servers_and_stay_there_with_all_that_a_page_does(
    classroom, student, digits_csv, tmp_path
):
    one, two = student(), student()
    one.goto(f"{classroom.url}/mlp?preset=model2")
    expect(one.locator(".st-key-train button")).to_be_enabled(timeout=READY)
    assert len(classroom.pages()) == 1
    two.goto(f"{classroom.url}/gradient_descent")
    expect(two.locator(".st-key-verdict")).to_be_visible(timeout=READY)
    classroom.wait_for_pages(**dict.fromkeys(ADDRESSES, 1))
    kept = cookie(one)
    assert kept["value"] != cookie(two)["value"]
    assert (kept["httpOnly"], kept["sameSite"], kept["expires"]) == (True, "Lax", -1)
    for page in (one, two):
        page.reload()
    expect(one.locator(".st-key-cell input")).to_be_visible(timeout=READY)  # the last to come: the page is all there
    set_units(one, 21, "16,705")
    assert "units=21" in one.url
    assert "keras" in take_the_script_home(one, tmp_path / "script.py")
    bring_pictures(one, digits_csv, "two hundred.csv")
    classroom.wait_for_pages(**dict.fromkeys(ADDRESSES, 1))
    assert cookie(one) == kept


def test_when_a_server_is_killed_its_student_goes_on_on_the_other_one(classroom, student, digits_csv, tmp_path):
    page = student()
    train(page, f"{classroom.url}/mlp?preset=model2&epochs=1&train_size=1000&units=21")
    expect(status(page)).to_contain_text("Finished · epoch 1 of 1 done", timeout=READY)
    accuracy = page.locator(".st-key-test_accuracy").text_content().strip()
    kept = cookie(page)
    (home,) = classroom.pages()
    (other,) = set(ADDRESSES) - {home}
    classroom.kill(home)
    classroom.wait_for_pages(**{other: 1})  # by itself
    assert cookie(page)["value"] != kept["value"]
    expect(status(page)).to_contain_text("Finished · epoch 1 of 1 done")
    expect(page.locator(".st-key-units input")).to_have_value("21")
    set_units(page, 22, "17,500")
    assert "keras" in take_the_script_home(page, tmp_path / "script.py")
    bring_pictures(page, digits_csv, "two hundred.csv")
    page.reload()
    expect(status(page)).to_contain_text("Finished · epoch 1 of 1 done", timeout=READY)
    expect(page.locator(".st-key-test_accuracy")).to_have_text(accuracy)


def test_a_run_goes_on_when_its_server_is_killed_and_comes_back_and_when_it_is_stopped(classroom, student):
    page = student()
    train(page, f"{classroom.url}/mlp?preset=model2&epochs=400&train_size=20000")
    expect(status(page)).to_contain_text(re.compile(r"Training · epoch [1-9]"), timeout=READY)
    (home,) = classroom.pages()
    (other,) = set(ADDRESSES) - {home}
    classroom.kill(home)
    classroom.wait_for_pages(**{other: 1})
    expect(status(page)).not_to_contain_text("left")  # what was known of it there is in the database
    before = epochs_done(page)
    classroom.start(home)  # as Docker does; the server takes its run up again, and the page on the other one sees it
    wait_for_more_epochs(page, before)
    classroom.stop(home)
    expect(status(page)).to_contain_text("Interrupted", timeout=READY)
    expect(status(page)).to_contain_text("The server was stopped")
    press(page, "continue")
    expect(status(page)).to_contain_text(re.compile("Waiting|Training"), timeout=READY)
    press(page, "cancel")
    expect(status(page)).to_contain_text("Cancelled", timeout=READY)
