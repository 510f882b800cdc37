"""The device that Keras computes on, its settings, and one line that says which device is used and why.

Only this file and `networks.gradients` import TensorFlow or JAX; everything else uses Keras.
"""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from nncore import _keras as keras


@dataclass(frozen=True)
class Device:
    """The device that Keras computes on in this process."""

    kind: str
    """`gpu` or `cpu`."""
    names: tuple[str, ...]
    """The name of each GPU; empty on a CPU."""
    cores: int
    """How many CPU cores this process may use."""
    backend: str
    """`tensorflow` or `jax`."""
    why: str
    """A phrase that says why this device is used."""

    def __str__(self) -> str:
        if self.kind == "gpu":
            return f"{len(self.names)} GPU ({', '.join(self.names)}) through {self.backend}: {self.why}"
        return f"CPU, {self.cores} cores, through {self.backend}: {self.why}"


def prepare(threads: int | None = None) -> Device:
    """Let GPU memory grow as needed, use `threads` CPU threads an operation, and return the device.

    Call it first in a new process: after the first operation the settings are fixed, and a call only describes the
    device. Works for the TensorFlow and the JAX backend of Keras.
    """
    backend = str(keras.backend.backend())
    names = _jax_gpus() if backend == "jax" else _tensorflow_gpus(threads)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if names:
        return Device("gpu", names, cores, backend, "found by the backend, memory grows as needed")
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1")
    why = "GPUs are hidden by CUDA_VISIBLE_DEVICES" if hidden else "no GPU that the backend can use was found"
    return Device("cpu", (), cores, backend, why)


def _tensorflow_gpus(threads: int | None) -> tuple[str, ...]:
    tf = importlib.import_module("tensorflow")
    found = tf.config.list_physical_devices("GPU")
    try:
        for gpu in found:
            tf.config.experimental.set_memory_growth(gpu, True)
        if threads is not None:
            tf.config.threading.set_intra_op_parallelism_threads(threads)
    except RuntimeError:  # an operation has already run in this process
        pass
    details = (tf.config.experimental.get_device_details(gpu) for gpu in found)
    return tuple(str(detail.get("device_name", "GPU")) for detail in details)


def _jax_gpus() -> tuple[str, ...]:
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    jax = importlib.import_module("jax")
    return tuple(str(device.device_kind) for device in jax.devices() if device.platform in ("gpu", "cuda"))


def gpu_indices() -> tuple[str, ...]:
    """List this machine's NVIDIA GPUs, as CUDA_VISIBLE_DEVICES names them, without loading a framework.

    An empty CUDA_VISIBLE_DEVICES hides all of them.
    """
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return tuple(part for part in visible.split(",") if part not in ("", "-1"))
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    command = [tool, "--query-gpu=index", "--format=csv,noheader"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    return tuple(done.stdout.split()) if done.returncode == 0 else ()


def versions() -> dict[str, str]:
    """The versions of Python and of each installed package that a result depends on, by name."""
    found = {"python": platform.python_version()}
    for package in ("keras", "tensorflow", "jax", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
