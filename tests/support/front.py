"""The front of compose.yaml for the tests: the real HAProxy with that configuration, before servers on this machine.

Only what is Docker's is another: its name server, by one that answers with addresses of this machine, and the ports.
"""

import contextlib
import os
import socket
import socketserver
import struct
import subprocess
import threading
import time
from pathlib import Path

import yaml

COMPOSE = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text())
CONFIGURATION = Path(__file__).parents[2] / COMPOSE["configs"]["front"]["file"]
DOCKER = COMPOSE["services"]["front"]["environment"]
MISSING = "no HAProxy: install it (apt-get install haproxy)"


def complaints(program, told, *paths):
    """What HAProxy, told this in its environment, has to say about a configuration: nothing about a good one."""
    files = [part for path in paths for part in ("-f", path)]
    checked = subprocess.run(
        [program, "-c", *files], env={**os.environ, **told}, capture_output=True, text=True, check=False
    )
    return checked.stderr


class Names(socketserver.UDPServer):
    """A name server that knows `addresses` for every name, as Docker's does for the replicas of a service."""

    def __init__(self, addresses):
        super().__init__(("127.0.0.1", 0), _Asked)
        self.addresses = addresses


class _Asked(socketserver.BaseRequestHandler):
    def handle(self):
        query, answering = self.request
        end = query.index(b"\0", 12) + 5
        is_ipv4 = query[end - 4 : end - 2] == b"\0\1"
        addresses = list(self.server.addresses) if is_ipv4 else []
        header = query[:2] + struct.pack(">5H", 0x8180, 1, len(addresses), 0, 0)
        records = [b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton(address) for address in addresses]
        answering.sendto(header + query[12:end] + b"".join(records), self.client_address)


@contextlib.contextmanager
def serve_front(program, folder, port, addresses, server_port):
    """HAProxy, which is `program`, on this port of 127.0.0.1; its `Names`, by which the servers behind it change."""
    names = Names(addresses)
    threading.Thread(target=names.serve_forever, daemon=True).start()
    told = {
        "FRONT_ADDRESS": f"127.0.0.1:{port}",
        "FRONT_NAME_SERVER": f"127.0.0.1:{names.server_address[1]}",
        "FRONT_APP": f"app:{server_port}",
    }
    assert told.keys() == DOCKER.keys()
    command = [program, "-db", "-f", CONFIGURATION]
    with (folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **told}, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_until_open(port, process)
        yield names
    finally:
        process.terminate()
        process.wait(15)
        names.shutdown()
        names.server_close()


def _wait_until_open(port, process):
    deadline = time.monotonic() + 15
    while True:
        assert process.poll() is None, "HAProxy ended at its start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert time.monotonic() < deadline, "HAProxy did not open its port"
        time.sleep(0.05)
