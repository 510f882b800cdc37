"""Processes that run until a class is over: started in order, restarted when they end, and ended together.

PyPI's supervisor (4.3, tried) does not fit: it goes on without a process that keeps ending, restarts when its terminal
is closed, and cannot wait for a port.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUICK_SECONDS = 15
"""A process that ends within this time after its start, three times in a row, is not restarted."""
STOP_SECONDS = 10
"""How long a process may take to end before it is killed."""


@dataclass
class ManagedProcess:
    """A process that runs until the class is over."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    after: int | None = None
    """A port of this machine that must be open before it starts."""
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_exits: int = 0
    """How many times in a row it ended soon after its start."""

    def start(self) -> None:
        """Start the process in a group of its own, so that Ctrl+C in the terminal does not end it out of order.

        It gets no session of its own: Linux shares the processor among sessions, and a training process with a high
        nice value would then take as much of it as the pages.
        """
        if self.after is not None:
            wait_until_open(self.after)
        self.started = time.monotonic()
        told = {**os.environ, **self.environment}
        self.running = subprocess.Popen(self.command, cwd=ROOT, env=told, stdout=subprocess.DEVNULL, process_group=0)

    def restart_if_ended(self) -> None:
        """Restart the process if it has ended; RuntimeError if it keeps ending."""
        if self.running is None or (code := self.running.poll()) is None:
            return
        self.quick_exits = self.quick_exits + 1 if time.monotonic() - self.started < QUICK_SECONDS else 1
        if self.quick_exits == 3:
            raise RuntimeError(f"{self.name} keeps ending, at last with {code}: its own words stand above.")
        print(f"{self.name} has ended with {code} and is started again.", flush=True)
        self.start()


def stop(processes: Sequence[ManagedProcess]) -> None:
    """End all processes, the first one last, since the others depend on it; kill those that take too long."""
    for some in (processes[1:], processes[:1]):
        running = [each.running for each in some if each.running]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            process.kill()
            process.wait()


def wait_until_open(port: int) -> None:
    """Wait until this port of this machine is open, for a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)


def free_ports(count: int) -> list[int]:
    """Find this many unused ports of this machine."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]
