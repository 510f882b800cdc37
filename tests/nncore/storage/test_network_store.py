"""Visitors' networks in a database of the test's own."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from nncore.storage.network_store import LONGEST_NAME, UploadedNetwork, clean_file_name
from nncore.storage.run_record import new_network_id
from nncore.storage.run_store import Store, StoreError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def about(number=0, **fields):
    """What is known of a network that came so many minutes after noon."""
    known = {"name": "mine.keras", "scale": True, "raw_accuracy": 0.1, "scaled_accuracy": 0.98, "softmax_added": False}
    known |= {"parameters": 23_860, "created": NOON + timedelta(minutes=number)}
    return UploadedNetwork(id=f"keras-{number}", **known | fields)


def test_what_is_kept_is_found_again_also_by_another_servers_store(store, path):
    store.own_networks.keep(b"file", about())
    other = Store(f"sqlite:///{path}")
    assert other.own_networks.find("keras-0") == about()
    assert other.own_networks.load_file("keras-0") == b"file"
    other.close()


def test_a_network_that_was_never_kept_is_none(store):
    assert store.own_networks.find("keras-nobody") is None
    assert store.own_networks.load_file("keras-nobody") is None


def test_the_oldest_go_when_there_is_no_room_for_a_new_one(store):
    for number in range(5):
        store.own_networks.keep(bytes(10), about(number), room=30)
    kept = [number for number in range(5) if store.own_networks.find(f"keras-{number}")]
    assert kept == [2, 3, 4]


def test_the_new_one_is_kept_also_where_it_takes_all_the_room(store):
    store.own_networks.keep(bytes(10), about(0), room=30)
    store.own_networks.keep(bytes(40), about(1), room=30)
    assert store.own_networks.find("keras-0") is None
    assert store.own_networks.find("keras-1") is not None


def test_an_older_database_gets_the_table(tmp_path):
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE runs (id VARCHAR(32) PRIMARY KEY)")
    connection.close()
    opened = Store(f"sqlite:///{path}")
    opened.own_networks.keep(b"file", about())
    assert opened.own_networks.find("keras-0") == about()
    opened.close()


def test_a_database_in_trouble_is_a_sentence(store, path):
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DROP TABLE networks")
    connection.close()
    with pytest.raises(StoreError, match="could not be written: no such table"):
        store.own_networks.keep(b"file", about())
    with pytest.raises(StoreError, match="could not be read: no such table"):
        store.own_networks.find("keras-0")


def test_postgresql_keeps_networks_as_well(postgresql):
    opened = Store(postgresql)
    identity = new_network_id()
    opened.own_networks.keep(b"file", about().model_copy(update={"id": identity}))
    assert opened.own_networks.find(identity).scaled_accuracy == 0.98
    assert opened.own_networks.load_file(identity) == b"file"
    opened.close()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("mine.keras", "mine.keras"),
        (r"C:\Users\ada\mine.keras", "mine.keras"),
        ("../../etc/passwd", "passwd"),
        ("a\u202eb\x00c\nd  e.keras", "a b c d e.keras"),
        ("", "network.keras"),
        ("x" * 500, "x" * LONGEST_NAME),
    ],
)
def test_the_name_of_a_file_is_short_and_printable(given, kept):
    assert clean_file_name(given) == kept


def test_ids_are_not_to_be_guessed():
    found = {new_network_id() for _ in range(1000)}
    assert len(found) == 1000
    assert {len(identity) for identity in found} == {18}
