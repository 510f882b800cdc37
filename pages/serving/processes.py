"""Processes that run until a class is over: started in an order, started again when they end, ended together."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 15
"""What ends sooner than this after its start, three times in a row, is not started again."""


@dataclass
class Child:
    """A process that is to run until the class is over."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    after: int | None = None
    """The port of this machine that is to be open before it starts."""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    hasty: int = 0
    """How often in a row it ended soon after its start."""

    def start(self) -> None:
        """Start it, out of reach of the terminal's Ctrl+C, since they end in an order.

        In a group of its own, not a session: Linux weighs sessions as wholes, and a training process that is nice would
        take as much from pages as they have.
        """
        if self.after is not None:
            wait_until_open(self.after)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            process_group=0,
        )


@dataclass
class Processes:
    """All that a class needs, in the order of their start."""

    children: list[Child] = field(default_factory=list)

    def start(self) -> None:
        """All of them."""
        for child in self.children:
            child.start()

    def look_after(self) -> None:
        """Start again what has ended; RuntimeError if it keeps ending."""
        for child in self.children:
            if child.process is None or (code := child.process.poll()) is None:
                continue
            child.hasty = child.hasty + 1 if time.monotonic() - child.started < PATIENCE_SECONDS else 1
            if child.hasty == 3:
                raise RuntimeError(f"{child.name} keeps ending, at last with {code}: its own words stand above.")
            say(f"{child.name} has ended with {code} and is started again.")
            child.start()

    def stop(self) -> None:
        """All of them, the first one last, since others lean on it; at once what does not end within ten seconds."""
        for some in (self.children[1:], self.children[:1]):
            running = [child.process for child in some if child.process is not None]
            for process in running:
                process.terminate()
            deadline = time.monotonic() + 10
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
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def say(sentence: str) -> None:
    """To whoever started this."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
