"""Reads the config and the weights of a `.keras` file, out of bytes that may be anything.

A `.keras` file is a zip archive of `metadata.json`, `config.json` and `model.weights.h5`. Sizes are checked before
anything is unpacked, since a small archive can hold any amount of zeros. The weights are checked before Keras reads
them, since HDF5 can point to other files and declare tables of any size.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from nncore.data.uploads.zip_errors import DAMAGES

LARGEST_BYTES = 25 * 2**20
"""Largest size of the file. 5,000,000 parameters take 20 MB; after training with Adam, which keeps two averages of
each, a file of 25 MB holds 2,000,000."""
LARGEST_UNPACKED = 64 * 2**20
LARGEST_TEXT = 2**20
"""Largest size of `config.json`; that of twenty layers takes 10 kB."""
MOST_MEMBERS = 100
MOST_OBJECTS, DEEPEST = 5000, 12
"""Most groups and tables in the weights, of which a layer has two or three, and how deep they may be nested."""
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
AGAIN = 'Save it with model.save("name.keras").'


class UploadedNetworkError(ValueError):
    """An uploaded file is not a network that can be shown; the message is a sentence for the visitor."""


class Parts(NamedTuple):
    """The two parts of the archive that are used."""

    config: dict[str, Any]
    """The contents of `config.json`: which layers, with which settings."""
    weights: bytes
    """The bytes of `model.weights.h5`, checked by `check_weights`."""


def read_archive(content: bytes) -> Parts:
    """Read config and weights from the bytes of a `.keras` file; raise UploadedNetworkError for anything else."""
    size = len(content)
    if size > LARGEST_BYTES:
        raise UploadedNetworkError(
            f"Expected a file of at most {LARGEST_BYTES // 2**20} MB, received {size / 2**20:.1f} MB. Without what its "
            "optimizer remembers it may fit: km.Sequential([kl.Input(model.input_shape[1:]), *model.layers]).save(...)."
        )
    if content.startswith(b"\x89HDF"):
        raise UploadedNetworkError(
            f"Expected a network in Keras' own format, received one in the older HDF5 format. {AGAIN}"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(archive)
            config, about = (_object(archive, name) for name in (CONFIG, METADATA))
            weights = _read(archive, WEIGHTS)
    except KeyError:
        raise UploadedNetworkError(
            f"Expected {CONFIG}, {METADATA} and {WEIGHTS} in the file, received an archive without one of them. {AGAIN}"
        ) from None
    except DAMAGES as error:
        if isinstance(error, UploadedNetworkError):
            raise
        raise UploadedNetworkError(
            f"Expected a network as Keras saves it, received a file of another kind or a damaged one. {AGAIN}"
        ) from None
    version = str(about.get("keras_version", "none"))[:20]
    if version.split(".")[0] != "3":
        raise UploadedNetworkError(f"Expected a file that Keras 3 wrote, received one of version {version}. {AGAIN}")
    check_weights(weights)
    return Parts(config, weights)


def write_archive(parts: Parts, version: str) -> bytes:
    """Write an archive of this config and these weights and nothing else, as this version of Keras would write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(METADATA, json.dumps({"keras_version": version}))
        archive.writestr(CONFIG, json.dumps(parts.config))
        archive.writestr(WEIGHTS, parts.weights)
    return buffer.getvalue()


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Check the sizes that the archive declares; `_read` unpacks no more than that of any member."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED:
        raise UploadedNetworkError(
            f"Expected at most {LARGEST_UNPACKED // 2**20} MB in at most {MOST_MEMBERS} parts when unpacked, received "
            f"{unpacked / 2**20:,.0f} MB in {len(members):,}."
        )


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack a member, but no more than its declared size: without a number, `read` would unpack all there is."""
    with archive.open(name) as member:
        return member.read(archive.getinfo(name).file_size + 1)


def _object(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    if archive.getinfo(name).file_size > LARGEST_TEXT:
        raise UploadedNetworkError(f"Expected a {name} of at most {LARGEST_TEXT // 2**20} MB, received a larger one.")
    try:
        found = json.loads(_read(archive, name))
    except RecursionError:
        found = None
    if not isinstance(found, dict):
        raise UploadedNetworkError(f"Expected a {name} as Keras writes it, received something else. {AGAIN}")
    return found


def check_weights(weights: bytes) -> None:
    """Check that these bytes are an HDF5 file of plain tables of numbers that holds all it declares.

    Raises UploadedNetworkError if not.
    """
    import h5py  # imported here: a page's process does not need it

    try:
        with h5py.File(io.BytesIO(weights), "r") as file:
            sizes = [_bytes_of(table) for table in _tables(file, h5py)]
    except (OSError, RuntimeError, KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, UploadedNetworkError):
            raise
        raise UploadedNetworkError(
            f"Expected the weights as Keras saves them, received damaged ones. {AGAIN}"
        ) from None
    if sum(sizes) > LARGEST_UNPACKED:
        raise UploadedNetworkError(
            f"Expected weights of at most {LARGEST_UNPACKED // 2**20} MB, received tables of "
            f"{sum(sizes) / 2**20:,.0f} MB."
        )


def _tables(file: Any, h5py: Any) -> Iterator[Any]:
    """Yield all tables of the file; a link that leads out of it, or round in circles, is an error."""
    groups, seen = [(file, 0)], 0
    while groups:
        group, depth = groups.pop()
        for name in group:
            seen += 1
            if seen > MOST_OBJECTS or depth > DEEPEST:
                raise UploadedNetworkError("Expected the weights of a network of some layers, received endless groups.")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise UploadedNetworkError("Expected weights that lie in the file itself, received a link to others.")
            member = group[name]
            if isinstance(member, h5py.Group):
                groups.append((member, depth + 1))
            else:
                yield member


def _bytes_of(table: Any) -> int:
    if getattr(table, "external", None) or getattr(table, "is_virtual", False):
        raise UploadedNetworkError("Expected weights that lie in the file itself, received a link to others.")
    if table.dtype.kind not in "fiub":
        raise UploadedNetworkError(f"Expected weights that are numbers, received values of type {table.dtype}.")
    return int(table.size) * int(table.dtype.itemsize)
