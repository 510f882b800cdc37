"""compose.yaml: one address before any number of app servers, and what each of its services is told."""

import contextlib
import http.cookies
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nncore.cluster.connect import SETTINGS
from tests.browser.conftest import free_port
from tests.support.front import COMPOSE, CONFIGURATION, DOCKER, complaints, serve_front

ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
README = (Path(__file__).parents[3] / "README.md").read_text()
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
SHARED = {"NNCORE_DATABASE_URL", "NNCORE_SCHEDULER", "NNCORE_TLS_CA", "NNCORE_TLS_CERT", "NNCORE_TLS_KEY"}


@pytest.mark.parametrize("name", OURS)
def test_every_process_of_ours_is_told_the_database_the_scheduler_and_its_files(name):
    told = OURS[name]["environment"]
    assert set(told) >= SHARED
    assert all(f"`{variable}" in README for variable in told if variable.startswith("NNCORE_"))
    assert told["DASK_CONFIG"] == f"/app/nncore/cluster/{SETTINGS.name}"  # where the image has it
    folders = {volume.partition(":")[2] for volume in OURS[name]["volumes"]}
    for variable in ("NNCORE_CACHE", "NNCORE_TLS_CA", "NNCORE_TLS_CERT", "NNCORE_TLS_KEY"):
        assert any(told[variable].startswith(folder) for folder in folders), variable


def test_an_app_server_takes_no_port_of_the_machine_so_that_there_can_be_several():
    assert "ports" not in COMPOSE["services"]["app"]
    assert COMPOSE["services"]["front"]["ports"] == ["8501:8501"]


def test_haproxy_has_nothing_to_say_about_its_configuration(haproxy, tmp_path):
    assert complaints(haproxy, DOCKER, CONFIGURATION) == ""
    wrong = tmp_path / "haproxy.cfg"
    wrong.write_text(CONFIGURATION.read_text().replace("leastconn", "leastcon"))
    assert "leastcon" in complaints(haproxy, DOCKER, wrong)


class Named(BaseHTTPRequestHandler):
    """An app server of which only matters who it is."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a health check has read enough with the first line
            self.wfile.write(self.server.server_address[0].encode())

    def log_message(self, *arguments):
        pass


class Front:
    """The front's address, its name server, and servers behind it that are started and ended by address."""

    def __init__(self, port, server_port, names):
        self.port, self.names, self._server_port, self._servers = port, names, server_port, {}

    def start(self, address):
        self._servers[address] = ThreadingHTTPServer((address, self._server_port), Named)
        threading.Thread(target=self._servers[address].serve_forever, daemon=True).start()

    def stop(self, address):
        server = self._servers.pop(address)
        server.shutdown()
        server.server_close()

    def stop_all(self):
        for address in list(self._servers):
            self.stop(address)

    def ask(self, cookie=""):
        """Who answered a browser with this cookie, and the cookie that it has then."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=10) as answer:
            given = http.cookies.SimpleCookie(answer.headers["Set-Cookie"] or cookie)
            return answer.read().decode(), f"app_server={given['app_server'].value}"

    def wait_for_newcomers_on(self, *addresses):
        """Until these, and no others, get the newcomers; a cookie for each."""
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError):
                cookies = dict(self.ask() for _ in range(2 * len(ADDRESSES)))
                if set(cookies) == set(addresses):
                    return cookies
            assert time.monotonic() < deadline, f"expected newcomers on {addresses}"
            time.sleep(0.1)


@pytest.fixture
def front(haproxy, tmp_path):
    """HAProxy before two servers."""
    port, server_port = free_port(), free_port(ADDRESSES[0])
    with serve_front(haproxy, tmp_path, port, ADDRESSES[:2], server_port) as names:
        started = Front(port, server_port, names)
        for address in ADDRESSES[:2]:
            started.start(address)
        yield started
        started.stop_all()


def test_browsers_are_spread_and_stay_whoever_comes_goes_or_dies(front):
    first, second, third = ADDRESSES
    cookies = front.wait_for_newcomers_on(first, second)
    for address, cookie in cookies.items():
        assert {front.ask(cookie) for _ in range(4)} == {(address, cookie)}

    front.stop(first)  # dead: its browser is answered by the other one at once, and by itself when it is back
    assert front.ask(cookies[first]) == (second, cookies[second])
    front.wait_for_newcomers_on(second)
    front.start(first)
    front.wait_for_newcomers_on(first, second)
    assert front.ask(cookies[first]) == (first, cookies[first])

    front.start(third)
    front.names.addresses = (first, second, third)
    front.wait_for_newcomers_on(first, second, third)
    assert front.ask(cookies[first]) == (first, cookies[first])

    front.names.addresses = (second, third)  # taken away, and its browser handed over
    front.wait_for_newcomers_on(second, third)
    server, cookie = front.ask(cookies[first])
    assert server in (second, third)
    assert front.ask(cookie) == (server, cookie)
    assert front.ask(cookies[second]) == (second, cookies[second])
