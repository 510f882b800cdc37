"""The named sections (`## name`) of a lesson's Markdown file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType


def read_sections(markdown: Path) -> Mapping[str, str]:
    """The text of each section by its name, stripped; a file is read again after it has changed."""
    return _read(markdown, markdown.stat().st_mtime_ns)


@lru_cache(maxsize=100)
def _read(markdown: Path, _written: int) -> Mapping[str, str]:
    parts = re.split(r"^## +(.+)$", markdown.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return MappingProxyType({name.strip(): body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)})
