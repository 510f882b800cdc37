"""Processes that run until a class is over: started in an order, started again when they end, ended together.

Ours, since PyPI's supervisor (4.3, tried) goes on without what keeps ending, begins anew where its terminal is closed,
and waits for no port.
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
"""What ends sooner than this after its start, three times in a row, is not started again."""
STOP_SECONDS = 10
"""So long may what is told to end take for it."""


@dataclass
class ManagedProcess:
    """A process that is to run until the class is over."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    after: int | None = None
    """The port of this machine that is to be open before it starts."""
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_exits: int = 0
    """How often in a row it ended soon after its start."""

    def start(self) -> None:
        """Start it, out of reach of the terminal's Ctrl+C, since they end in an order.

        In a group of its own, not a session: Linux weighs sessions as wholes, and a training process that is nice would
        take as much from pages as they have.
        """
        if self.after is not None:
            wait_until_open(self.after)
        self.started = time.monotonic()
        told = {**os.environ, **self.environment}
        self.running = subprocess.Popen(self.command, cwd=ROOT, env=told, stdout=subprocess.DEVNULL, process_group=0)

    def restart_if_ended(self) -> None:
        """Start it again where it has ended; RuntimeError if it keeps ending."""
        if self.running is None or (code := self.running.poll()) is None:
            return
        self.quick_exits = self.quick_exits + 1 if time.monotonic() - self.started < QUICK_SECONDS else 1
        if self.quick_exits == 3:
            raise RuntimeError(f"{self.name} keeps ending, at last with {code}: its own words stand above.")
        print(f"{self.name} has ended with {code} and is started again.", flush=True)
        self.start()


def stop(processes: Sequence[ManagedProcess]) -> None:
    """End all of them, the first one last, since others lean on it; at once what takes too long."""
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
    """Until something listens at this port of this machine, and a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]
