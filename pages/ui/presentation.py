"""A lecturer's view of a page, prepared as a link.

`?present=1` leaves figure, equation and controls, in larger type and with thicker lines. `?hide=eta,steps` hides
controls or results by their keys.
"""

from __future__ import annotations

import re

import streamlit as st

from pages.ui import url_state

PRESENT = """
[data-testid="stSidebar"], [data-testid="stSidebarCollapsedControl"], [data-testid="stExpandSidebarButton"],
[data-testid="stHeader"], .st-key-promise, [class*="st-key-room_"] { display: none !important; }
[data-testid="stMainBlockContainer"] { padding-top: 0.8rem !important; }
html { font-size: 120%; }
.js-plotly-plot text:not(.legendtext) { font-size: 19px !important; }
.js-plotly-plot:not(.st-key-network_drawing *) .scatterlayer .js-line { stroke-width: 5px !important; }
"""
KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")
"""The form of a widget's key; nothing else from a link gets into the style sheet."""


def apply_view() -> None:
    """Style the page as its link asks; unknown keys hide nothing."""
    rules = PRESENT if url_state.linked("present") == "1" else ""
    asked = (url_state.linked("hide") or "").split(",")
    hidden = ", ".join(f".st-key-{key}" for key in asked if KEY.fullmatch(key))
    if hidden:
        rules += f"{hidden} {{ display: none !important; }}"
    if rules:
        st.html(f"<style>{rules}</style>")
