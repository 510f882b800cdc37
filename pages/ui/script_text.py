"""The text of a lesson's script ("The code"): Python in the lesson's Markdown file, with a `$name` for each setting.

A lesson's `script` function fills the section `## script`, and sections `## script NAME` where parts of the script come
and go, or have variants. No Streamlit here, nor in those functions.
"""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import numpy as np
from numpy.typing import NDArray

from pages.ui.prose import read_sections

_PLACEHOLDER = re.compile(r"^(?P<indent> *)\$(?P<lines>\w+)\n|\$(?P<name>\w+)", re.MULTILINE)


def section(markdown: Path, name: str = "") -> str:
    """The Python in the section `## script` of a lesson's Markdown file, or in `## script NAME`; ends with a newline.

    KeyError if the file has no such section.
    """
    return read_sections(markdown)[f"script {name}".strip()].removeprefix("```python\n").removesuffix("```")


def fill(text: str, /, **values: object) -> str:
    """The text with each `$name` replaced by `str` of the value of that name.

    A `$name` alone on its line stands for any number of lines, which get its indentation; the line is left out if the
    value is empty. ValueError if a placeholder has no value, or a value no placeholder.
    """
    places = {found["lines"] or found["name"] for found in _PLACEHOLDER.finditer(text)}
    if missing := places - values.keys():
        raise ValueError(f"the script's text has places for values that were not given: {', '.join(sorted(missing))}")
    if unused := values.keys() - places:
        raise ValueError(f"the script's text has no places for the values {', '.join(sorted(unused))}")

    def replaced(found: re.Match[str]) -> str:
        if found["name"]:
            return str(values[found["name"]])
        lines = str(values[found["lines"]]).removesuffix("\n")
        return f"{indent(lines, found['indent'])}\n" if lines else ""

    return _PLACEHOLDER.sub(replaced, text)


def pixels(picture: NDArray[np.uint8]) -> str:
    """An image (28, 28) as source text, one line for each row, to stand in `np.array([...])`."""
    return "\n".join(f"{row},".replace(" ", "") for row in picture.tolist())
