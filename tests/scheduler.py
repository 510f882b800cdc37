"""A scheduler and its two workers, one for each lane, as processes of their own that speak TLS."""

import contextlib
import os
import socket
import subprocess
import sys

from nncore.cluster import SETTINGS


@contextlib.contextmanager
def serve_scheduler(files):
    """The scheduler's address; `files` are what `write_certificates` wrote."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tls://127.0.0.1:{free.getsockname()[1]}"
    tls = [f"--tls-{kind}={path}" for kind, path in zip(("ca-file", "cert", "key"), files, strict=True)]
    dask = [sys.executable, "-m", "dask"]
    lanes = [[*dask, "worker", address, "--nthreads=1", f"--resources={lane}=1"] for lane in ("ask", "train")]
    commands = [[*dask, "scheduler", f"--host={address}", "--protocol=tls"], *lanes]
    environment = {**os.environ, "DASK_CONFIG": str(SETTINGS)}
    started = [
        subprocess.Popen(
            [*command, "--no-dashboard", *tls], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        for command in commands
    ]
    try:
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)
