"""A handful of random pictures in the place of MNIST, as arrays and in the files in which sets come."""

import hashlib

import numpy as np

FILES = {
    "x_train": ("train-images-idx3-ubyte", (12, 28, 28)),
    "y_train": ("train-labels-idx1-ubyte", (12,)),
    "x_test": ("t10k-images-idx3-ubyte", (4, 28, 28)),
    "y_test": ("t10k-labels-idx1-ubyte", (4,)),
}


def small_set():
    """A handful of random pictures in the place of MNIST."""
    generator = np.random.default_rng(5)
    return {name: generator.integers(0, 10, shape).astype(np.uint8) for name, (_, shape) in FILES.items()}


def checksums(arrays):
    return {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in arrays.items()}


def no_network(known):
    raise OSError("no route to host")


def write_npz(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, allow_pickle=False, **small_set())
    return path


def write_idx(folder):
    folder.mkdir()
    for name, array in small_set().items():
        file, shape = FILES[name]
        (folder / file).write_bytes(bytes(4 + 4 * len(shape)) + array.tobytes())
    return folder
