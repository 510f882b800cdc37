"""A real PostgreSQL for the tests: that of NNCORE_TEST_DATABASE_URL, else Debian's package on a port of its own."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = "/usr/lib/postgresql"
MISSING = "no PostgreSQL: install it (apt-get install postgresql) or name a database in NNCORE_TEST_DATABASE_URL"


@contextlib.contextmanager
def serve_postgresql():
    """The address of an empty database, as SQLAlchemy writes it; LookupError if there is no PostgreSQL here."""
    given = os.environ.get("NNCORE_TEST_DATABASE_URL")
    if given:
        yield given
        return
    programs = sorted(Path(PROGRAMS).glob("*/bin"), key=lambda path: float(path.parent.name))
    if not programs:
        raise LookupError(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        if getpass.getuser() == "root":  # whom PostgreSQL refuses
            shutil.chown(folder, "postgres")
        with _started(programs[-1], folder) as port:
            yield f"postgresql+psycopg://lecture@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _started(programs, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run(programs / "initdb", "-D", data, "-U", "lecture", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    _run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield port
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _run(*command):
    before = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
    subprocess.run([*before, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL)
