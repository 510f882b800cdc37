"""A scheduler and its two workers, one for each lane, as processes of their own that speak TLS."""

import contextlib

from pages.serving.classroom import cluster_children
from pages.serving.processes import Processes
from tests.browser.conftest import free_port


@contextlib.contextmanager
def serve_scheduler(files):
    """The scheduler's address; `files` are what `write_certificates` wrote."""
    address = f"tls://127.0.0.1:{free_port()}"
    scheduler, ask, train, *_ = cluster_children(address, files)
    room = Processes([scheduler, ask, train])
    room.start()
    try:
        yield address
    finally:
        room.stop()
