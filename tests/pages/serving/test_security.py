"""What a visitor, or a page elsewhere in the same browser, must not be able to do to the server."""

import html
import socket
import tomllib
from pathlib import Path

import pytest
import websockets.sync.client
from streamlit.testing.v1 import AppTest

from nncore.storage.run_record import clean_nickname, new_id, new_owner, owner_mark
from pages.ui.lesson import escape
from tests.browser.conftest import serve
from tests.support.opening import at_page

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def settings():
    return tomllib.loads((ROOT / ".streamlit/config.toml").read_text())


def test_the_server_s_settings_keep_others_out(settings):
    server = settings["server"]
    assert server["enableXsrfProtection"]
    assert server["enableCORS"]
    assert server["address"] == "localhost"
    assert set(server["allowedHosts"]) == {"localhost", "127.0.0.1"}
    assert server["maxUploadSize"] <= 30
    assert server["maxMessageSize"] <= 20
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"


@pytest.fixture(scope="module")
def address(tmp_path_factory, cluster):
    with serve(tmp_path_factory.mktemp("server"), **cluster) as (url, _):
        yield url.replace("http://", "ws://") + "/_stcore/stream"


def knock(address, *, host="127.0.0.1", origin=None):
    """Connect to the server under this name, as a page of this origin would."""
    port = int(address.split(":")[2].split("/")[0])
    connection = socket.create_connection(("127.0.0.1", port))
    return websockets.sync.client.connect(f"ws://{host}:{port}/_stcore/stream", sock=connection, origin=origin)


@pytest.mark.parametrize(
    "name",
    [{"host": "evil.example.org", "origin": "http://evil.example.org"}, {"origin": "http://evil.example.org"}],
    ids=["a name that points here (DNS rebinding)", "another site's page"],
)
def test_a_foreign_page_gets_no_session(address, name):
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        knock(address, **name)
    assert refused.value.response.status_code == 403


def test_this_machine_s_own_page_gets_one(address):
    with knock(address, origin=address.replace("ws://", "http://").removesuffix("/_stcore/stream")):
        pass


TYPED = [
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "![x](http://evil.example.org/x.png)",
    "# **big** $x$",
    "'; DROP TABLE runs; --",
    "../../etc/passwd",
    "`code` :red[x] ~~y~~ {z} \\",
]


@pytest.mark.parametrize("typed", TYPED)
def test_what_a_visitor_types_is_shown_as_it_was_typed(typed):
    from markdown_it import MarkdownIt

    inside = MarkdownIt().renderInline(escape(typed))
    for tag in ("<script", "<a ", "<img", "<strong", "<code", "<em"):
        assert tag not in inside
    assert html.unescape(inside) == typed


@pytest.mark.parametrize("typed", [*TYPED, "a\u202eb\x00c\nd", " " * 9, "x" * 500])
def test_a_nickname_is_short_and_printable(typed):
    cleaned = clean_nickname(typed)
    assert len(cleaned) <= 24
    assert cleaned.isprintable()
    assert cleaned == cleaned.strip()


def test_a_run_of_a_nasty_nickname_is_kept_and_shown_without_harm(tmp_path, monkeypatch):
    from nncore.specs.presets import preset
    from nncore.storage.run_store import default_store

    name = new_id()
    default_store().create(name, preset("model1"), owner_mark(new_owner()), clean_nickname("*a* <b>'; DROP TABLE"))
    default_store().update(name, status="finished", history={"loss": [0.5], "accuracy": [0.5]})
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["run"] = name
    at_page(app, "pages/digits/mlp/page.py").run()
    assert not app.exception
    shown = [caption.value for caption in app.caption if "A run of" in caption.value]
    assert shown == [r"A run of \*a\* \<b\>'; DROP TABLE: you can look at it, and press Train for your own."]
    assert app.button(key="pause").disabled
    assert app.button(key="continue").disabled
    default_store().delete(name)


def test_names_are_not_to_be_guessed_and_the_token_is_not_kept():
    assert len({new_id() for _ in range(1000)} | {new_owner() for _ in range(1000)}) == 2000
    assert len(new_id()) == 12
    token = new_owner()
    assert token not in owner_mark(token)
    assert owner_mark("") == ""


NONSENSE = [
    {"run": "../../etc/passwd"},
    {"run": "' OR 1=1 --"},
    {"run": "x" * 10_000},
    {"owner": "x" * 10_000},
    {"nickname": "<script>"},
    {"hide": "a{}body{display:none"},
]


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_in_a_link_opens_the_page(query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    at_page(app, "pages/digits/mlp/page.py").run()
    assert not app.exception
    assert not app.button(key="train").disabled
