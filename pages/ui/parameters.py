"""The kinds of page parameters: which values they have, how a link writes them, and what else a link may say."""

# ruff: noqa: D102 - the methods of all kinds are described in Parameter

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any


@dataclass(frozen=True)
class Parameter:
    """A parameter of a page: its key is its query parameter, and its values are those of its widget."""

    key: str
    label: str
    default: Any
    _: KW_ONLY
    everywhere: bool = False
    """Whether all pages share one value."""
    told: bool = True
    """Whether a link that does not fit is answered in general; otherwise the page does so itself."""

    def parse(self, text: str) -> tuple[Any, str]:
        """The value that comes closest to a link's text, and what of the text does not fit: "" if all of it does."""
        return self.fit(text), ""

    def fit(self, value: Any) -> Any:
        """The closest value that is possible now: other settings may have changed the range or the options."""
        return value

    def to_text(self, value: Any) -> str:
        """The value as the text of a link."""
        return str(value)

    @property
    def expected(self) -> str:
        """The possible values in words."""
        return "a text"


@dataclass(frozen=True)
class Text(Parameter):
    """A line of text."""

    most: int
    """The number of characters that are kept."""

    def fit(self, value: Any) -> str:
        return str(value or "")[: self.most]


@dataclass(frozen=True)
class Number(Parameter):
    """A number in a range."""

    low: float
    high: float
    step: float
    """An `int` allows whole numbers only."""
    _: KW_ONLY
    on_step: bool = False
    """Whether a link must keep to the steps, as for a slider; a number that can be typed need not."""

    def parse(self, text: str) -> tuple[Any, str]:
        value = number_at(text, self)
        steps = 0.0 if value is None else (value - self.low) / self.step
        if value is None or (self.on_step and abs(steps - round(steps)) > 1e-6):
            return self.fit(None), text or "nothing"
        return self.fit(value), ""

    def fit(self, value: Any) -> float:
        inside = min(max(self.default if value is None else value, self.low), self.high)
        return int(inside) if isinstance(self.step, int) else float(inside)

    def to_text(self, value: Any) -> str:
        short = str(value) if isinstance(value, int) else f"{value:g}"
        return short if float(short) == value else repr(value)

    @property
    def expected(self) -> str:
        kind = "a whole number" if isinstance(self.step, int) else "a number"
        steps = f" in steps of {self.step:g}" if self.on_step and self.step != 1 else ""
        return f"{kind} from {self.low:g} to {self.high:g}{steps}"


def number_at(given: Any, control: Any) -> float | None:
    """Convert to a number in the range of a control with `low`, `high`, `step`; None if that is not possible."""
    try:
        value = float(given) + 0.0
    except (TypeError, ValueError):
        return None
    fits = control.low <= value <= control.high and (value.is_integer() or not isinstance(control.step, int))
    return value if fits else None


def _in_words(options: Sequence[str]) -> str:
    first_and_last = len(options) > 12 or all(option.isdecimal() for option in options)
    return f"{options[0]} to {options[-1]}" if first_and_last and options else ", ".join(options)


@dataclass(frozen=True)
class Choice(Parameter):
    """One of several options."""

    options: Sequence[str]

    def parse(self, text: str) -> tuple[Any, str]:
        return (text, "") if text in self.options else (self.default, text or "nothing")

    def fit(self, value: Any) -> Any:
        return value if value in self.options else self.default

    @property
    def expected(self) -> str:
        return f"one of {_in_words(self.options)}"


@dataclass(frozen=True)
class Several(Choice):
    """Any number of options, in a link as `key=one,other`; a link that names none of them gives the default."""

    def parse(self, text: str) -> tuple[Any, str]:
        given = text.split(",") if text else []
        known = self.fit(given)
        unknown = ", ".join(one for one in given if one not in known)
        return known if known or not given else self.fit(self.default), unknown

    def fit(self, value: Any) -> list[str]:
        return [option for option in value if option in self.options]

    def to_text(self, value: Any) -> str:
        return ",".join(option for option in self.options if option in value)

    @property
    def expected(self) -> str:
        return f"some of {_in_words(self.options)}"


@dataclass(frozen=True)
class Switch(Parameter):
    """On or off, in a link `true` or `false`."""

    def parse(self, text: str) -> tuple[Any, str]:
        known = {"true": True, "false": False}
        return (known[text.lower()], "") if text.lower() in known else (self.default, text or "nothing")

    def fit(self, value: Any) -> bool:
        return bool(value)

    def to_text(self, value: Any) -> str:
        return str(value).lower()

    @property
    def expected(self) -> str:
        return "true or false"
