"""`make class`: several servers behind one address on this machine, looked after; or one, where there is no HAProxy."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from pages.serving import classroom
from pages.serving.classroom import front_process
from pages.serving.processes import ManagedProcess, stop
from tests.browser.conftest import free_port
from tests.support.front import CONFIGURATION, complaints


def test_haproxy_takes_the_configuration_of_compose_with_servers_of_this_machine(haproxy, tmp_path):
    front = front_process(haproxy, 8600, [9001, 9002], tmp_path)
    paths = [Path(part) for part in front.command if part.endswith(".cfg")]
    assert paths == [CONFIGURATION, tmp_path / "servers.cfg"]
    assert complaints(haproxy, front.environment, *paths) == ""
    assert front.environment == {"FRONT_ADDRESS": ":8600"}
    lines = [line.split() for line in paths[1].read_text().splitlines()]
    assert lines == [["backend", "app"], ["server", "app1", "127.0.0.1:9001"], ["server", "app2", "127.0.0.1:9002"]]


@pytest.mark.parametrize(("haproxy_at", "servers"), [(None, 2), ("/usr/sbin/haproxy", 1)])
def test_without_haproxy_or_on_one_core_it_is_one_server_for_these_names(monkeypatch, capsys, haproxy_at, servers):
    started = []
    monkeypatch.setattr(classroom, "find_haproxy", lambda: haproxy_at)
    monkeypatch.setattr(os, "execv", lambda program, command: started.append(command))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    monkeypatch.setattr(sys, "argv", ["classroom", "room.local", "10.0.0.7", "fd00::2", "--servers", str(servers)])
    classroom.main()
    options = " ".join(started[0])
    assert "streamlit run app.py --server.address 0.0.0.0 --server.port 8501" in options
    assert "--server.allowedHosts room.local --server.allowedHosts 10.0.0.7" in options
    said = capsys.readouterr().out
    assert "http://room.local:8501, http://10.0.0.7:8501" in said
    assert "fd00" not in said + options
    assert ("apt-get install haproxy" in said) == (servers > 1)


def test_what_ends_is_started_again_but_not_for_ever(capsys):
    clock = ManagedProcess("The clock", [sys.executable, "-c", "import time; time.sleep(60)"])
    clock.start()
    try:
        first = clock.running
        clock.restart_if_ended()
        assert clock.running is first
        first.kill()
        first.wait()
        clock.restart_if_ended()
        assert clock.running is not first
        assert capsys.readouterr().out == "The clock has ended with -9 and is started again.\n"
    finally:
        stop([clock])
    assert clock.running.poll() is not None

    hasty = ManagedProcess("The clock", [sys.executable, "-c", "raise SystemExit(3)"])
    hasty.start()
    for _ in range(2):
        hasty.running.wait()
        hasty.restart_if_ended()
    hasty.running.wait()
    with pytest.raises(RuntimeError, match="The clock keeps ending, at last with 3"):
        hasty.restart_if_ended()


def test_all_are_told_to_end_but_the_first_only_when_the_others_have_ended(tmp_path):
    said = tmp_path / "said"
    program = "import pathlib, signal, sys, time\ndef end(*_):\n    time.sleep(float(sys.argv[2]))\n"
    program += "    open(sys.argv[3], 'a').write(sys.argv[1])\n    sys.exit()\nsignal.signal(signal.SIGTERM, end)\n"
    program += "pathlib.Path(sys.argv[3] + sys.argv[1]).touch()\ntime.sleep(60)"
    told = (("a", "0"), ("b", "0.5"), ("c", "0.5"))
    processes = [ManagedProcess(name, [sys.executable, "-c", program, name, wait, str(said)]) for name, wait in told]
    try:
        for each in processes:
            each.start()
        deadline = time.monotonic() + 30
        while len(list(tmp_path.iterdir())) < len(told):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop(processes)
    *others, first = said.read_text()
    assert (sorted(others), first) == (["b", "c"], "a")


@pytest.mark.alone
def test_a_class_is_on_several_servers_and_one_that_is_killed_comes_back(haproxy, tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "pages.serving.classroom", "localhost", "--port", str(port), "--servers", "2"]
    environment = {**os.environ, "NNCORE_DATABASE_URL": f"sqlite:///{tmp_path / 'runs.db'}"}
    supervisor = psutil.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        cookies = wait_for_servers(port, 2)
        assert open_page(port, "localhost") == 101
        assert open_page(port, "elsewhere.example") == 403
        servers = [child for child in supervisor.children() if "streamlit" in child.cmdline()]
        assert len(servers) == 2
        servers[0].send_signal(signal.SIGKILL)
        servers[0].wait(10)
        wait_for_servers(port, 1)  # who is there answers meanwhile
        assert wait_for_servers(port, 2) == cookies
        everything = supervisor.children(recursive=True)
        assert len([child for child in everything if "dask" in child.cmdline()]) >= 3
    finally:
        supervisor.send_signal(signal.SIGTERM)
        said, _ = supervisor.communicate(timeout=30)
    assert supervisor.returncode == 0
    assert "Server 1 has ended with -9 and is started again." in said
    _, alive = psutil.wait_procs(everything, timeout=10)
    assert not alive


def open_page(port, host):
    """The status that a page's websocket gets under this name of the machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "bmV1cm9ucyBhbmQgbmV0cw==", "Host": f"{host}:{port}"}
    with contextlib.closing(connection):
        connection.request("GET", "/_stcore/stream", headers=upgrade | key)
        return connection.getresponse().status


def ask(port):
    """The cookie that a new browser is given, which names its server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/host-config", timeout=10) as answer:
        return next(found for found in answer.headers.get_all("set-cookie") if found.startswith("app_server"))


def wait_for_servers(port, count):
    """Until newcomers are sent to so many servers; their cookies."""
    found, deadline = set(), time.monotonic() + 60
    while len(found) < count:
        assert time.monotonic() < deadline, f"the front knows only {found}"
        with contextlib.suppress(OSError):
            found.add(ask(port))
        time.sleep(0.1)
    return found
