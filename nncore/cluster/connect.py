"""Where the processes that compute are: a Dask cluster of this process's own, or one elsewhere.

By default the cluster is embedded: it listens on loopback only, speaks TLS with certificates made at the start, and has
no dashboard. NNCORE_SCHEDULER=tls://host:8786 names a scheduler elsewhere, whose workers bring the resource `train` or
`ask`; NNCORE_TLS_CA, NNCORE_TLS_CERT and NNCORE_TLS_KEY then name the files that speak for this process.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any, NamedTuple

from nncore.training import device

TLS_FILES = {"tls_ca_file": "NNCORE_TLS_CA", "tls_client_cert": "NNCORE_TLS_CERT", "tls_client_key": "NNCORE_TLS_KEY"}
CONNECT_SECONDS = 10

SETTINGS = Path(__file__).with_name("dask.yaml")
"""Dask's own; a scheduler or worker that is started by hand is told of them by DASK_CONFIG (README)."""


class Lane(NamedTuple):
    """A worker: its name, the resource that it brings, `train` or `ask`, and what its process is told."""

    name: str
    kind: str
    environment: dict[str, str]


def lanes() -> list[Lane]:
    """The workers of this machine: one that answers, and one that trains for each GPU, or else for two cores."""
    gpus = device.gpu_indices()
    slots = [{"CUDA_VISIBLE_DEVICES": index} for index in gpus] or [{}] * max(1, (os.cpu_count() or 2) // 2)
    training = [Lane(f"train-{number}", "train", environment) for number, environment in enumerate(slots)]
    return [Lane("ask", "ask", {"CUDA_VISIBLE_DEVICES": "-1"}), *training]


def connect() -> tuple[Any, Any]:
    """The embedded cluster and its client, or no cluster and a client of NNCORE_SCHEDULER.

    Raises OSError if the scheduler does not answer, ValueError if only some of the TLS files are named.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # without a GPU, TensorFlow reports that as an error
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "critical")
    import dask
    from distributed import Client

    dask.config.update(dask.config.config, dask.config.collect([str(SETTINGS)], env={}))
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "64MB"})  # a visitor's file is no mistake
    address = os.environ.get("NNCORE_SCHEDULER")
    if address:
        return None, Client(address, security=_security(), set_as_default=False, timeout=CONNECT_SECONDS)
    cluster = _embedded_cluster()
    return cluster, Client(cluster, set_as_default=False)


def _security() -> Any:
    """From the files that the environment names; None without any."""
    from distributed.security import Security

    files = {option: os.environ.get(name, "") for option, name in TLS_FILES.items()}
    if not any(files.values()):
        return None
    missing = [name for option, name in TLS_FILES.items() if not files[option]]
    if missing:
        raise ValueError(f"expected {', '.join(TLS_FILES.values())}, received none for {', '.join(missing)}")
    return Security(require_encryption=True, **files)


def _embedded_cluster() -> Any:
    from distributed import Nanny, Scheduler, SpecCluster
    from distributed.security import Security

    security = Security.temporary()
    common = {"host": "127.0.0.1", "protocol": "tls://", "security": security}
    common |= {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    limits = {"nthreads": 1, "memory_limit": os.environ.get("NNCORE_WORKER_MEMORY") or "auto"}
    workers = {
        lane.name: {"cls": Nanny, "options": {**common, **limits, "resources": {lane.kind: 1}, "env": lane.environment}}
        for lane in lanes()
    }
    scheduler = {"cls": Scheduler, "options": common}
    return SpecCluster(workers=workers, scheduler=scheduler, security=security, silence_logs=logging.ERROR)
