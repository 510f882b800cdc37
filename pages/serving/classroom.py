"""Serve a class from this machine: `python -m pages.serving.classroom NAME...`, or `make class`.

The names are those under which the browsers of the class reach this machine. One server runs Python on one page at a
time. So if HAProxy is installed, there is a server for each core, up to four, behind one address, with one scheduler
and one database, as compose.yaml has it on several machines; processes that end are restarted. Without HAProxy, or on
one core, there is one server, as `make run` starts it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from nncore.cluster.certificates import write_certificates
from nncore.cluster.connect import SETTINGS, TLS_FILES, lanes
from pages.serving.processes import ROOT, ManagedProcess, free_ports, stop

PORT = 8501
MOST_SERVERS = 4
"""The number of servers that a class of a hundred needs."""
FRONT = Path(__file__).with_name("haproxy.cfg")


def find_haproxy() -> str | None:
    """The path of HAProxy, or None; Debian installs it where only root searches."""
    return shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")


def front_process(haproxy: str, port: int, servers: Sequence[int], folder: Path) -> ManagedProcess:
    """HAProxy at this port of this machine, to start once the last of the servers at these ports is open."""
    backend = folder / "servers.cfg"
    lines = [f"    server app{number} 127.0.0.1:{each}\n" for number, each in enumerate(servers, 1)]
    backend.write_text("".join(["backend app\n", *lines]), encoding="utf-8")
    command = [haproxy, "-db", "-f", str(FRONT), "-f", str(backend)]
    return ManagedProcess("HAProxy", command, {"FRONT_ADDRESS": f":{port}"}, after=servers[-1])


def server_command(names: Sequence[str], address: str, port: int) -> list[str]:
    """The command that serves the lecture with Streamlit to browsers that use these names for this machine."""
    allowed = [part for name in names for part in ("--server.allowedHosts", name)]
    return [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", address, "--server.port", str(port),
            *allowed]  # fmt: skip


def cluster_processes(address: str, files: Sequence[Path]) -> list[ManagedProcess]:
    """A scheduler at this address, such as `tls://127.0.0.1:8786`, and this machine's workers."""
    tls = [f"--tls-{kind}={path}" for kind, path in zip(("ca-file", "cert", "key"), files, strict=True)]
    told = {"DASK_CONFIG": str(SETTINGS), "DASK_LOGGING__DISTRIBUTED": "critical", "TF_CPP_MIN_LOG_LEVEL": "3"}
    dask = [sys.executable, "-m", "dask"]
    limits = ["--nthreads=1", f"--memory-limit={os.environ.get('NNCORE_WORKER_MEMORY') or 'auto'}", "--no-dashboard"]
    scheduler = ManagedProcess(
        "The scheduler", [*dask, "scheduler", f"--host={address}", "--protocol=tls", "--no-dashboard", *tls], told
    )
    workers = [
        ManagedProcess(
            f"Worker {lane.name}",
            [*dask, "worker", address, f"--resources={lane.kind}=1", *limits, *tls],
            told | lane.environment,
        )
        for lane in lanes()
    ]
    return [scheduler, *workers]


def class_processes(names: Sequence[str], port: int, servers: int, haproxy: str, folder: Path) -> list[ManagedProcess]:
    """All processes in the order in which they start: the cluster, the servers and HAProxy."""
    files = write_certificates(folder / "tls")
    scheduler, *ports = free_ports(servers + 1)
    address = f"tls://127.0.0.1:{scheduler}"
    told = {"NNCORE_SCHEDULER": address, "NNCORE_CONTINUE": "1"}
    told |= {variable: str(path) for variable, path in zip(TLS_FILES.values(), files, strict=True)}
    apps = [
        ManagedProcess(f"Server {number}", server_command(names, "127.0.0.1", each), told)
        for number, each in enumerate(ports, 1)
    ]
    return [*cluster_processes(address, files), *apps, front_process(haproxy, port, ports, folder)]


def serve(names: Sequence[str], port: int, servers: int, haproxy: str) -> None:
    """Serve until this process is told to end; RuntimeError if one of its processes keeps ending."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nncore-class-")))
        processes = class_processes(names, port, servers, haproxy, folder)
        stack.callback(stop, processes)
        stack.enter_context(suppress(KeyboardInterrupt))
        for each in processes:
            each.start()
        print(
            f"Open one of these in the room: {_links(names, port)}\n{servers} servers share it. Ctrl+C ends them.",
            flush=True,
        )
        while True:
            time.sleep(0.5)
            for each in processes:
                each.restart_if_ended()


def _links(names: Sequence[str], port: int) -> str:
    return ", ".join(f"http://{name}:{port}" for name in names)


def main() -> None:
    """Read the command line, print the lecture's addresses, and serve it."""
    parser = ArgumentParser(prog="python -m pages.serving.classroom", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="+", help="by which browsers of the room call this machine")
    parser.add_argument("--port", type=int, default=PORT)
    cores = os.cpu_count() or 1
    parser.add_argument(
        "--servers", type=int, default=min(cores, MOST_SERVERS), help="a core each (default: %(default)s)"
    )
    asked = parser.parse_args()
    names = [name for name in asked.names if ":" not in name]  # no IPv6 address: it is served on IPv4
    haproxy = find_haproxy()
    if haproxy and asked.servers > 1:
        print("The lecture is being opened ...", flush=True)
        try:
            serve(names, asked.port, asked.servers, haproxy)
        except RuntimeError as error:
            sys.exit(str(error))
        return
    print(f"Open one of these in the room: {_links(names, asked.port)}")
    if asked.servers > 1:
        print(f"One server: with HAProxy (apt-get install haproxy) there would be {asked.servers}, for larger classes.")
    sys.stdout.flush()
    os.chdir(ROOT)
    command = server_command(names, "0.0.0.0", asked.port)  # noqa: S104 - open to the room, as is asked for
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
