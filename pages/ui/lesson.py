"""The parts of a page that every lesson has: header, results, figures, code, and prose from a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from nncore.figures.theme import CONFIG
from pages.ui import presentation, url_state
from pages.ui.contents import ROOT
from pages.ui.prose import read_sections

STYLE = """
<style>
[data-testid="stHeader"] { background: transparent; pointer-events: none; }
[data-testid="stHeader"] button { pointer-events: auto; }
[data-testid="stMainBlockContainer"] { padding: 1.6rem 2rem 3rem; max-width: 1500px; }
[data-testid="stMainBlockContainer"] h1 { padding: 0 0 0.2rem; font-size: 2rem; }
[data-testid="stMetricValue"] { font-size: 1.9rem; }
.st-key-equation { min-height: 4.1rem; align-content: center; row-gap: 0.7rem !important; }
.katex-display { padding: 0.25rem 0; } /* or the scroll box shaves exponents */
.st-key-equation .katex-display { margin: 0; }
.challenge { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 0.5rem; }
.challenge { padding: 0.8rem 1rem; margin-bottom: 1rem; }
.challenge p { margin: 0; }
.challenge > :is(details, p + p) { margin-top: 0.5rem; padding-left: 1.7rem; }
.challenge.solved { background: rgba(33, 195, 84, 0.12); border-color: transparent; }
.challenge summary { cursor: pointer; width: max-content; opacity: 0.75; }
.js-plotly-plot :is([class$="tick"], [class$="title"], .textpoint, .annotation-text-g) text,
.js-plotly-plot :is(.legendtext, .updatemenu-item-text) { fill: currentColor !important; }
.js-plotly-plot .updatemenu-item-rect { fill: transparent !important; } /* Plotly paints it white under the mouse */
.st-key-network_drawing .js-plotly-plot text:not(.legendtext) { font-size: 15px !important; } /* full of numbers */
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3rem 1rem 2rem; } }
@media (max-width: 640px) {
  :is(.st-key-network_drawing, .st-key-values) { overflow-x: auto; > div { min-width: 660px; } }
  .modebar-container { display: none; } /* a finger has no other place for it than over the picture */
}
</style>
"""


def prose(page: str) -> Mapping[str, str]:
    """The named sections (`## name`) of `lesson.md` beside the page; pass the page's `__file__`."""
    return read_sections(ROOT / Path(page).with_name("lesson.md"))


def header(page: str) -> Mapping[str, str]:
    """Open the lesson's page: show its title and its promise; return all sections of its prose."""
    sections = prose(page)
    url_state.open_page(Path(page).parent.name)
    st.html(STYLE)
    presentation.apply_view()
    st.title(sections["title"], anchor=False)
    written("promise", sections["promise"])
    return sections


def written(key: str, text: str) -> None:
    """Show our own Markdown, which may hold HTML, as one element with this key: every element costs time."""
    st.markdown(f'<div class="st-key-{key}">\n\n{text}\n\n</div>', unsafe_allow_html=True, anchors=False)


def result(
    key: str, label: str, value: str, *, of: str | None = None, width: int | Literal["stretch"] = "stretch"
) -> None:
    """Show a result in large type, with the whole that it is a part `of` below; styles and tests find it by `key`.

    In a row it takes its share of the width, or `width` pixels.
    """
    with st.container(key=key, width=width):
        st.metric(label, value, of, delta_color="off", delta_arrow="off")


def figure(key: str, drawn: go.Figure, alt: str, **options: object) -> object:
    """Show a Plotly figure as wide as its column, with this key and an alternative text."""
    return st.plotly_chart(drawn, key=key, alt=alt, config=CONFIG, **options)  # type: ignore[arg-type]


def problem(sentence: str) -> None:
    """Show a sentence about what went wrong; the page goes on."""
    st.warning(sentence, icon=":material/info:")


def escape(typed: str) -> str:
    """Escape what a visitor typed, so that Markdown shows it literally."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~:$&])", r"\\\1", typed)


def expander(key: str, title: str, *, opened_by: Iterable[str] = ()) -> ExpanderContainer:
    """A section that is folded away under its title; pages compute its content only while the returned one is `open`.

    The session remembers under `key` whether it is open. A link that names one of the keys in `opened_by` opens it.
    """
    if key not in st.session_state:
        st.session_state[key] = any(name in st.query_params for name in opened_by)
    return st.expander(f"**{title}**", key=key, on_change="rerun")


def code(
    script: str | Callable[[], str],
    file_name: str,
    more: Mapping[str, tuple[str | Callable[[], bytes], str, str]] | None = None,
) -> None:
    """Show the section "The code": a script that runs on its own, to read and to download.

    A function as `script` is called only while the section is open. `more` maps the name of a further download to its
    content, or a function that makes it on request, its file name and its MIME type.
    """
    with st.container(key="room_code"):
        st.subheader("The code", anchor=False)
        on_change: Literal["rerun", "ignore"] = "rerun" if callable(script) else "ignore"
        with st.expander("A script that computes what this page shows", key="code", on_change=on_change) as section:
            if callable(script):
                if not section.open:
                    return
                script = script()
            own = (script, file_name, "text/x-python")
            files: dict[str, tuple[Any, str, str]] = {"script": own, **(more or {})}
            with st.container(horizontal=True) if more else nullcontext():
                for what, (content, name, mime) in files.items():
                    key = "code_file" if what == "script" else f"{what.split()[0]}_file"
                    st.download_button(f"Download the {what}", content, name, mime, key=key, on_click="ignore")
            st.code(script, language="python")


def lecture(sections: Mapping[str, str]) -> None:
    """Show the section "In the lecture": what the slides say, in our own words."""
    written("room_lecture", f"### In the lecture\n\n{sections['lecture']}")
