"""Pictures of one's own: what is accepted reads back as it was, and every refusal is a sentence."""

import io
import zipfile

import numpy as np
import pytest

from nncore.data.uploads import npz_file
from nncore.data.uploads.checks import LARGEST_BYTES, UploadError
from nncore.data.uploads.read import pack, read_upload, unpack

NAMES = ",".join(["label", *(f"pixel{number}" for number in range(784))])


def some_rows(count=180, seed=3):
    """Labels 0 to 9 in turn and grey values, (count, 785)."""
    generator = np.random.default_rng(seed)
    return np.column_stack([np.arange(count) % 10, generator.integers(0, 256, (count, 784))])


def as_csv(rows, names=NAMES, end="\n"):
    lines = [",".join(map(str, row)) for row in np.asarray(rows).tolist()]
    return end.join([*([names] if names else []), *lines, ""]).encode()


def some_arrays(train=120, test=30, **changes):
    rows = some_rows(train + test).astype(np.uint8)
    x, y = rows[:, 1:].reshape(-1, 28, 28), rows[:, 0]
    return {"x_train": x[:train], "y_train": y[:train], "x_test": x[train:], "y_test": y[train:]} | changes


def as_npz(arrays, save=np.savez_compressed):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


def refusal(content):
    with pytest.raises(UploadError) as refused:
        read_upload(content, "file")
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        as_csv(some_rows()),
        as_csv(some_rows(), names=None),
        as_csv(some_rows(), names=",".join(["Label", *(f"1x{number}" for number in range(784))]), end="\r\n"),
        b"\xef\xbb\xbf" + as_csv(some_rows(), names=NAMES.replace("label", '"label"')).rstrip(b"\n") + b"\n\n  \n",
        as_csv(some_rows().astype(float)),
    ],
    ids=["names", "no names", "other names", "byte order mark, quotes, blank lines", "1.0 for 1"],
)
def test_a_csv_reads_back_row_by_row_whatever_its_dialect(content):
    found, rows = read_upload(content, "mine.csv"), some_rows()
    both = np.concatenate([found.x_train, found.x_test]).reshape(-1, 784)
    labels = np.concatenate([found.y_train, found.y_test])
    order = np.lexsort(np.column_stack([labels, both]).T)
    expected = rows[np.lexsort(rows.T)]
    np.testing.assert_array_equal(np.column_stack([labels, both])[order], expected)
    assert {array.dtype for array in (found.x_train, found.y_train, found.x_test, found.y_test)} == {np.dtype("uint8")}
    assert found.source == "the file mine.csv"


@pytest.mark.parametrize("order", [slice(None), np.argsort(some_rows()[:, 0], kind="stable")], ids=["mixed", "sorted"])
def test_of_a_csv_the_last_sixth_of_each_class_is_kept_for_testing_in_the_file_s_order(order):
    rows = some_rows()[order]
    found = read_upload(as_csv(rows), "mine.csv")
    assert (len(found.x_train), len(found.x_test)) == (150, 30)
    for digit in range(10):
        own = rows[rows[:, 0] == digit][:, 1:]
        np.testing.assert_array_equal(found.x_train[found.y_train == digit].reshape(-1, 784), own[:15])
        np.testing.assert_array_equal(found.x_test[found.y_test == digit].reshape(-1, 784), own[15:])


@pytest.mark.parametrize("shape", [(28, 28), (784,), (28, 28, 1)])
@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32"])
def test_an_npz_of_any_of_the_usual_shapes_and_types_gives_bytes(shape, dtype):
    arrays = some_arrays()
    changed = {name: array.astype(dtype) for name, array in arrays.items()}
    changed |= {name: changed[name].reshape(-1, *shape) for name in ("x_train", "x_test")}
    found = read_upload(as_npz(changed, np.savez), "mine.npz")
    for name, array in arrays.items():
        np.testing.assert_array_equal(getattr(found, name), array)
        assert getattr(found, name).dtype == np.uint8


def test_labels_in_a_column_and_arrays_in_fortran_s_order_are_taken():
    arrays = some_arrays()
    changed = arrays | {"y_train": arrays["y_train"][:, None], "x_train": np.asfortranarray(arrays["x_train"])}
    found = read_upload(as_npz(changed), "mine.npz")
    np.testing.assert_array_equal(found.y_train, arrays["y_train"])
    np.testing.assert_array_equal(found.x_train, arrays["x_train"])


def test_what_is_packed_reads_back():
    found = read_upload(as_npz(some_arrays()), "mine.npz")
    again = unpack(pack(found), "the database")
    np.testing.assert_array_equal(again.x_test, found.x_test)
    np.testing.assert_array_equal(again.y_train, found.y_train)
    assert str(again) == "120 training and 30 test pictures: the database"


def with_cell(row, column, value):
    rows = some_rows().astype(object)
    rows[row, column] = value
    return as_csv(rows)


CSV_REFUSALS = {
    "nothing": (b"", "received a line that begins with “” and has 0 commas"),
    "words": (b"hello\n", "Expected the names label, pixel0 to pixel783 in the first line, or numbers"),
    "no label": (as_csv(some_rows()[:, 1:], names=NAMES.removeprefix("label,")), "begins with “pixel0”"),
    "semicolons": (as_csv(some_rows()).replace(b",", b";"), "and has 0 commas, with semicolons in their place"),
    "a short row": (as_csv(some_rows()) + b"1,2,3\n", "Row 181: expected 785 numbers with commas between them"),
    "a letter": (with_cell(7, 100, "x"), "Row 8, column 101: expected a number, received “x”"),
    "an empty cell": (with_cell(7, 100, ""), "Row 8, column 101: expected a number, received “”"),
    "a truth value": (with_cell(7, 0, True), "Row 8, column 1: expected a number, received “True”"),
    "nan": (with_cell(7, 5, "nan"), "Row 8, column 6: expected a number, received “nan”"),
    "too bright": (with_cell(7, 100, 256), "Row 8: expected grey values from 0 to 255, received 256"),
    "below black": (with_cell(9, 100, -1), "Row 10: expected grey values from 0 to 255, received -1"),
    "label 10": (with_cell(4, 0, 10), "Row 5: expected a label that is a whole number from 0 to 9, received 10"),
    "label 1.5": (with_cell(4, 0, 1.5), "received 1.5"),
    "scaled": (as_csv(some_rows() / np.r_[1, np.full(784, 255.0)]), "received 0 to 1 only: multiply them by 255"),
    "few": (as_csv(some_rows(60)), "Expected at least 100 pictures to train and 10 to test, received 50 and 10"),
    "another encoding": (NAMES.encode("utf-16"), "received a file of another kind"),
    "one long line": (b"1," * 100_000, "received a line of more than 20,000 characters"),
    "only line ends": (b"\n" * 100_000, "Expected at most 70,000 pictures, received 100,001 lines"),
}


@pytest.mark.parametrize("case", CSV_REFUSALS)
def test_a_csv_that_does_not_serve_is_refused_with_what_was_expected_and_received(case):
    content, sentence = CSV_REFUSALS[case]
    assert sentence in refusal(content)


def test_a_file_above_the_limit_is_refused_before_it_is_read():
    assert "Expected a file of at most 30 MB, received 30.0 MB" in refusal(b"x" * (LARGEST_BYTES + 1))


def without(name):
    return as_npz({other: array for other, array in some_arrays().items() if other != name})


def recompressed(method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_npz(some_arrays()))) as old, zipfile.ZipFile(buffer, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return buffer.getvalue()


NPZ_REFUSALS = {
    "cut off": (as_npz(some_arrays())[:5000], "a file that is cut off or holds something else"),
    "another zip": (as_npz({"cats": np.zeros(3)}), "received one with cats"),
    "no labels": (without("y_test"), "received one with x_train, y_train, x_test"),
    "colours": (as_npz(some_arrays(x_train=np.zeros((120, 28, 28, 3), np.uint8))), "received (120, 28, 28, 3)"),
    "one hot": (as_npz(some_arrays(y_train=np.zeros((120, 10)))), "expected one label for each of 120 pictures"),
    "words": (as_npz(some_arrays(y_test=np.array(["seven"] * 30))), "y_test: expected an array of numbers"),
    "label -1": (as_npz(some_arrays(y_test=np.full(30, -1))), "y_test, picture 0: expected a label that is a whole"),
    "nan": (as_npz(some_arrays(x_test=np.full((30, 784), np.nan))), "x_test, picture 0: expected grey values from 0"),
    "scaled": (as_npz(some_arrays(x_train=some_arrays()["x_train"] / 255)), "multiply them by 255"),
    "few tests": (as_npz(some_arrays(test=9)), "received 120 and 9"),
    "many": (
        as_npz(some_arrays(x_train=np.zeros((60_001, 784), "u1"), y_train=np.zeros(60_001, "u1"))),
        "at most 60,000",
    ),
    "lzma": (recompressed(zipfile.ZIP_LZMA), "received another compression"),
}


@pytest.mark.parametrize("case", NPZ_REFUSALS)
def test_an_npz_that_does_not_serve_is_refused_with_what_was_expected_and_received(case):
    content, sentence = NPZ_REFUSALS[case]
    assert sentence in refusal(content)


class Loud:
    """Were it unpickled, it would say so."""

    def __reduce__(self):
        return pytest.fail, ("a pickle in an upload was opened",)


def test_a_pickle_is_not_opened():
    pickled = np.array([Loud()] * 30, object)
    assert "y_test: expected an array of numbers, received one of the type object" in refusal(
        as_npz(some_arrays(y_test=pickled))
    )


def header_of(shape, dtype):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": dtype, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_npz(some_arrays()))) as small, zipfile.ZipFile(buffer, "w", 8) as bomb:
        for name in ("y_train.npy", "x_test.npy", "y_test.npy"):
            bomb.writestr(name, small.read(name))
        with bomb.open("x_train.npy", "w") as file:
            file.write(header_of((120, 784), "<f8"))
            for _ in range(200):
                file.write(bytes(1_000_000))  # far more than the shape says
    content = buffer.getvalue()
    assert len(content) < 500_000
    assert "received 0 to 1 only" in refusal(content)  # no more than 120 pictures were unpacked, and those are black

    monkeypatch.setattr(npz_file, "_read_array", lambda *arguments: pytest.fail("it was unpacked"))
    large = as_npz(some_arrays(x_train=np.zeros((50_000, 784), "f8"), y_train=np.zeros(50_000, "u1")))
    assert len(large) < 500_000
    assert "Expected at most 250 MB when unpacked, received 314 MB" in refusal(large)


def test_a_list_of_contents_without_end_is_not_read(monkeypatch):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as crowded:
        for number in range(2_000):
            crowded.writestr(f"{number}.npy", b"")
    monkeypatch.setattr(zipfile, "ZipFile", lambda *arguments: pytest.fail("the list was read"))
    assert "cut off or holds something else" in refusal(buffer.getvalue())
