"""What is inside a `.keras` file: its plan and its weights, out of bytes that may be anything.

A `.keras` file is a zip archive of `metadata.json`, `config.json` and `model.weights.h5`. Sizes are looked at before
anything is unpacked, since a small archive can hold any amount of zeros, and the weights before Keras reads them: HDF5
can point to other files and declare tables of any size.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from nncore.data.uploads.zip_errors import DAMAGES

LARGEST_BYTES = 25 * 2**20
"""Of the file. 5,000,000 parameters take 20 MB; after training with Adam, which keeps two averages of each, a file of
25 MB holds 2,000,000."""
LARGEST_UNPACKED = 64 * 2**20
LARGEST_TEXT = 2**20
"""Of `config.json`; that of twenty layers takes 10 kB."""
MOST_MEMBERS = 100
MOST_OBJECTS, DEEPEST = 5000, 12
"""Of the groups and tables in the weights: a layer has two or three."""
PLAN, ABOUT, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
AGAIN = 'Save it with model.save("name.keras").'


class OwnNetworkError(ValueError):
    """This file is no network that can be shown; the message is a sentence."""


class Parts(NamedTuple):
    """What the archive holds."""

    plan: dict[str, Any]
    """`config.json`: which layers, with which settings."""
    weights: bytes
    """`model.weights.h5`, looked through."""


def take_apart(content: bytes) -> Parts:
    """Plan and weights of a `.keras` file; OwnNetworkError for anything else."""
    size = len(content)
    if size > LARGEST_BYTES:
        raise OwnNetworkError(
            f"Expected a file of at most {LARGEST_BYTES // 2**20} MB, received {size / 2**20:.1f} MB. Without what its "
            "optimizer remembers it may fit: km.Sequential([kl.Input(model.input_shape[1:]), *model.layers]).save(...)."
        )
    if content.startswith(b"\x89HDF"):
        raise OwnNetworkError(
            f"Expected a network in Keras' own format, received one in the older HDF5 format. {AGAIN}"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(archive)
            plan, about = (_object(archive, name) for name in (PLAN, ABOUT))
            weights = _read(archive, WEIGHTS)
    except KeyError:
        raise OwnNetworkError(
            f"Expected {PLAN}, {ABOUT} and {WEIGHTS} in the file, received an archive without one of them. {AGAIN}"
        ) from None
    except DAMAGES as error:
        if isinstance(error, OwnNetworkError):
            raise
        raise OwnNetworkError(
            f"Expected a network as Keras saves it, received a file of another kind or a damaged one. {AGAIN}"
        ) from None
    version = str(about.get("keras_version", "none"))[:20]
    if version.split(".")[0] != "3":
        raise OwnNetworkError(f"Expected a file that Keras 3 wrote, received one of version {version}. {AGAIN}")
    check_weights(weights)
    return Parts(plan, weights)


def put_together(parts: Parts, version: str) -> bytes:
    """The archive of this plan and these weights, and nothing else, as this version of Keras would write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(ABOUT, json.dumps({"keras_version": version}))
        archive.writestr(PLAN, json.dumps(parts.plan))
        archive.writestr(WEIGHTS, parts.weights)
    return buffer.getvalue()


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """By what the archive declares; more than that is not unpacked of any member."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED:
        raise OwnNetworkError(
            f"Expected at most {LARGEST_UNPACKED // 2**20} MB in at most {MOST_MEMBERS} parts when unpacked, received "
            f"{unpacked / 2**20:,.0f} MB in {len(members):,}."
        )


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """The member, and no more than the archive declares: told no number, `read` unpacks all that is there first."""
    with archive.open(name) as member:
        return member.read(archive.getinfo(name).file_size + 1)


def _object(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    if archive.getinfo(name).file_size > LARGEST_TEXT:
        raise OwnNetworkError(f"Expected a {name} of at most {LARGEST_TEXT // 2**20} MB, received a larger one.")
    try:
        found = json.loads(_read(archive, name))
    except RecursionError:
        found = None
    if not isinstance(found, dict):
        raise OwnNetworkError(f"Expected a {name} as Keras writes it, received something else. {AGAIN}")
    return found


def check_weights(weights: bytes) -> None:
    """OwnNetworkError unless this is an HDF5 file of plain tables of numbers that holds all it declares."""
    import h5py  # here, since a page's process has no use for it

    try:
        with h5py.File(io.BytesIO(weights), "r") as file:
            sizes = [_bytes_of(table) for table in _tables(file, h5py)]
    except (OSError, RuntimeError, KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, OwnNetworkError):
            raise
        raise OwnNetworkError(f"Expected the weights as Keras saves them, received damaged ones. {AGAIN}") from None
    if sum(sizes) > LARGEST_UNPACKED:
        raise OwnNetworkError(
            f"Expected weights of at most {LARGEST_UNPACKED // 2**20} MB, received tables of "
            f"{sum(sizes) / 2**20:,.0f} MB."
        )


def _tables(file: Any, h5py: Any) -> Iterator[Any]:
    """All tables of the file; a link that leads out of it, or round in circles, is an error."""
    groups, seen = [(file, 0)], 0
    while groups:
        group, depth = groups.pop()
        for name in group:
            seen += 1
            if seen > MOST_OBJECTS or depth > DEEPEST:
                raise OwnNetworkError("Expected the weights of a network of some layers, received endless groups.")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise OwnNetworkError("Expected weights that lie in the file itself, received a link to others.")
            member = group[name]
            if isinstance(member, h5py.Group):
                groups.append((member, depth + 1))
            else:
                yield member


def _bytes_of(table: Any) -> int:
    if getattr(table, "external", None) or getattr(table, "is_virtual", False):
        raise OwnNetworkError("Expected weights that lie in the file itself, received a link to others.")
    if table.dtype.kind not in "fiub":
        raise OwnNetworkError(f"Expected weights that are numbers, received values of type {table.dtype}.")
    return int(table.size) * int(table.dtype.itemsize)
