"""A class on two app servers behind the one address of compose.yaml: who is where, and what if a server dies."""

import contextlib
import re
import time
import urllib.request

import numpy as np
import pytest
from playwright.sync_api import expect

from nncore.cluster.certificates import write_certificates
from tests.browser.conftest import PROJECTOR, free_port, rest, serve
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
    """The front's address, and app servers that can be ended."""

    def __init__(self, folder, front_port, port, environment):
        self.url = f"http://{HOST}:{front_port}"
        self._folder, self._front_port, self._port, self._environment = folder, front_port, port, environment
        self._running = {}

    def start(self, address):
        (self._folder / address).mkdir(exist_ok=True)
        name = {"TEST_HOST_NAME": f"app-{address[-1]}"}  # as containers have
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

    def start_all(self):
        """Start what is missing, and wait until newcomers are sent to each."""
        for address in set(ADDRESSES) - set(self._running):
            self.start(address)
        found = set()
        self.send_newcomers(lambda cookie: found.add(cookie) or len(found) == len(ADDRESSES))

    def send_newcomers(self, enough):
        """One after the other, until the cookie that one is given is `enough`."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), _get(f"http://127.0.0.1:{self._front_port}/_stcore/health") as answer:
                if enough(answer.headers.get_all("set-cookie")[-1]):
                    return
            time.sleep(0.1)
        pytest.fail("newcomers are not sent to all servers")

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
    """HAProxy, its app servers, on which nobody is, and their scheduler."""
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
        made.start_all()
        yield made


@pytest.fixture
def student(browser):
    """Makes a page in a browser of its own."""
    with contextlib.ExitStack() as stack:

        def come():
            context = browser.new_context(viewport=PROJECTOR)
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


def train(page, link):
    page.goto(link)
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=READY)
    press(page, "train")


def set_units(page, units, parameters):
    """A control of a page at rest is moved, and the page answers over the websocket."""
    rest(page)
    page.locator(".st-key-units input").fill(str(units))
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-room_layers")).to_contain_text(parameters)


def unfold(page, key):
    if page.locator(f".st-key-{key} details").get_attribute("open") is None:
        page.locator(f".st-key-{key} summary").click()


def take_the_script_home(page, path):
    unfold(page, "code")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download the script").click()
    downloaded.value.save_as(path)
    return path.read_text()


def bring_pictures(page, content, name):
    unfold(page, "own_pictures")
    chooser = page.locator(".st-key-own_data input[type=file]")
    chooser.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    expect(page.locator(".st-key-data input")).to_have_value(name, timeout=READY)


def epochs_done(page):
    return int(re.search(r"epoch (\d+) of", status(page).inner_text()).group(1))


def wait_for_more_epochs(page, before):
    deadline = time.monotonic() + READY / 1000
    while epochs_done(page) <= before:
        assert time.monotonic() < deadline, f"still at epoch {before}: {status(page).inner_text()}"
        page.wait_for_timeout(200)


def test_two_students_are_on_two_servers_and_when_one_is_killed_its_student_goes_on_on_the_other(
    room, student, digits_csv, tmp_path
):
    one, two = student(), student()
    train(one, f"{room.url}/mlp?preset=model2&epochs=1&train_size=1000&units=21")
    expect(status(one)).to_contain_text("Finished · epoch 1 of 1 done", timeout=READY)
    accuracy = one.locator(".st-key-test_accuracy").text_content().strip()
    (home,) = room.pages()
    (other,) = set(ADDRESSES) - {home}
    two.goto(f"{room.url}/gradient_descent")
    expect(two.locator(".st-key-verdict")).to_be_visible(timeout=READY)
    room.wait_for_pages(**{home: 1, other: 1})
    kept = cookie(one)
    assert kept["value"] != cookie(two)["value"]
    assert (kept["httpOnly"], kept["sameSite"], kept["expires"]) == (True, "Lax", -1)
    for page in (one, two):
        page.reload()
    expect(status(one)).to_contain_text("Finished · epoch 1 of 1 done", timeout=READY)
    set_units(one, 22, "17,500")
    expect(one).to_have_url(re.compile("units=22"))  # at the end of the run
    assert "keras" in take_the_script_home(one, tmp_path / "script.py")
    bring_pictures(one, digits_csv, "two hundred.csv")
    room.wait_for_pages(**{home: 1, other: 1})
    assert cookie(one) == kept, "each stays on its server with all that a page does"

    room.kill(home)
    room.wait_for_pages(**{other: 2})  # by itself
    assert cookie(one)["value"] == cookie(two)["value"]
    expect(status(one)).to_contain_text("Finished · epoch 1 of 1 done")
    expect(one.locator(".st-key-units input")).to_have_value("22")
    set_units(one, 21, "16,705")
    assert "keras" in take_the_script_home(one, tmp_path / "again.py")
    bring_pictures(one, digits_csv[: digits_csv.rstrip().rindex(b"\n") + 1], "one less.csv")
    one.reload()
    expect(status(one)).to_contain_text("Finished · epoch 1 of 1 done", timeout=READY)
    expect(one.locator(".st-key-test_accuracy")).to_have_text(accuracy)


def test_a_run_goes_on_when_its_server_is_killed_and_when_it_is_stopped(room, student):
    room.start_all()
    room.wait_for_pages()
    page = student()
    train(page, f"{room.url}/mlp?preset=model2&epochs=400&train_size=20000")
    expect(status(page)).to_contain_text(re.compile(r"Training · epoch [1-9]"), timeout=READY)
    (home,) = room.pages()
    (other,) = set(ADDRESSES) - {home}
    room.kill(home)
    room.wait_for_pages(**{other: 1})
    wait_for_more_epochs(page, epochs_done(page))
    room.start(home)
    where_the_page_is = cookie(page)["value"]
    room.send_newcomers(lambda cookie: where_the_page_is not in cookie)  # the one that is back has no page
    room.stop(other)
    room.wait_for_pages(**{home: 1})
    wait_for_more_epochs(page, epochs_done(page))
    expect(status(page)).to_contain_text("Training")
    press(page, "cancel")
    expect(status(page)).to_contain_text("Cancelled", timeout=READY)
