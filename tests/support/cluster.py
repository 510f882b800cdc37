"""One Dask cluster for a whole run of the tests: whichever process needs it first starts it, the run's end ends it.

`python -m tests.support.cluster FOLDER PID` is the cluster: a scheduler and one worker for each lane, on one database,
until it is told to end or the process PID, whose tests these are, is gone.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
from filelock import FileLock

from nncore.cluster.certificates import write_certificates
from nncore.cluster.connect import TLS_FILES
from pages.serving.classroom import cluster_processes
from pages.serving.processes import ROOT, free_ports, stop, wait_until_open

START_SECONDS = 60


def cluster_of(folder: Path, owner: int) -> dict[str, str]:
    """What a process is told that is to use the folder's cluster, which is started if it is not there yet.

    `owner` is the process with which it ends. Its workers warm up while this returns.
    """
    said = folder / "cluster.json"
    with FileLock(folder / "cluster.lock"):
        if not said.exists():
            command = [sys.executable, "-m", "tests.support.cluster", str(folder), str(owner)]
            with (folder / "cluster.log").open("wb") as log:
                process = subprocess.Popen(
                    command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
            deadline = time.monotonic() + START_SECONDS
            while not said.exists():
                assert process.poll() is None, (folder / "cluster.log").read_text()
                assert time.monotonic() < deadline, "the tests' cluster did not start"
                time.sleep(0.05)
            process.returncode = 0  # it is not this process that waits for its end
    told: dict[str, str] = json.loads(said.read_text())["environment"]
    return told


def end_cluster(folder: Path) -> None:
    """End the folder's cluster, which somebody has started."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(json.loads((folder / "cluster.json").read_text())["pid"])
        process.terminate()
        process.wait(30)


def main(folder: Path, owner: int) -> None:
    """Be the cluster."""
    from nncore.cluster import worker
    from nncore.cluster.engine import Engine

    files = write_certificates(folder / "tls")
    (port,) = free_ports(1)
    address = f"tls://127.0.0.1:{port}"
    told = {"NNCORE_SCHEDULER": address, "NNCORE_DATABASE_URL": os.environ["NNCORE_DATABASE_URL"]}
    told |= {variable: str(path) for variable, path in zip(TLS_FILES.values(), files, strict=True)}
    os.environ.update(told)
    processes = cluster_processes(address, files)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        for process in processes:
            process.start()
        wait_until_open(port)
        unfinished = folder / "cluster.json.new"
        unfinished.write_text(json.dumps({"pid": os.getpid(), "environment": told}))
        unfinished.rename(folder / "cluster.json")
        engine = Engine()
        warm = engine.submit(worker.warm_up_training, key="warm-up")
        while psutil.pid_exists(owner):
            time.sleep(0.5)
        warm.release()
    finally:
        stop(processes)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
