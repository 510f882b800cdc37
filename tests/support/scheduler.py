"""A scheduler and its two workers, one for each lane, as processes of their own that speak TLS."""

import contextlib

from pages.serving.classroom import cluster_processes
from pages.serving.processes import stop
from tests.browser.conftest import free_port


@contextlib.contextmanager
def serve_scheduler(files):
    """The scheduler's address; `files` are what `write_certificates` wrote."""
    address = f"tls://127.0.0.1:{free_port()}"
    processes = cluster_processes(address, files)[:3]
    try:
        for each in processes:
            each.start()
        yield address
    finally:
        stop(processes)
