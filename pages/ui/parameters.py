"""What a link may say: the kinds of parameters, each with its values, how a link writes them, and what it expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any


@dataclass(frozen=True)
class Parameter:
    """What all kinds of parameters have in common; a value is what its widget gives."""

    key: str
    label: str
    default: Any
    _: KW_ONLY
    everywhere: bool = False
    """Whether it is one value for all pages, which goes along from page to page."""
    told: bool = True
    """Whether a link that does not fit is answered here; else the page does so itself."""

    def parse(self, text: str) -> tuple[Any, str]:
        """The value that a link's text stands for, or comes closest to it, and what of the text does not fit."""
        return self.fit(text), ""

    def fit(self, value: Any) -> Any:
        """A value of the session as it is possible now: what other settings allow may have changed."""
        return value

    def written(self, value: Any) -> str:
        """The value as a link's text."""
        return str(value)

    @property
    def expected(self) -> str:
        """What its values are, in words."""
        return "a text"


@dataclass(frozen=True)
class Text(Parameter):
    """A line of text."""

    most: int
    """So many letters are taken."""

    def fit(self, value: Any) -> str:
        """A value of the session as it is possible now."""
        return str(value or "")[: self.most]


@dataclass(frozen=True)
class Number(Parameter):
    """A number in a range."""

    low: float
    high: float
    step: float
    """Where it is an `int`, the numbers are whole ones."""
    _: KW_ONLY
    on_step: bool = False
    """Whether a link must keep to the steps; where a number can be typed, it need not."""

    def parse(self, text: str) -> tuple[Any, str]:
        """The value, or the default, and what does not fit."""
        value = number_at(text, self)
        steps = 0.0 if value is None else (value - self.low) / self.step
        if value is None or (self.on_step and abs(steps - round(steps)) > 1e-6):
            return self.fit(None), text or "nothing"
        return self.fit(value), ""

    def fit(self, value: Any) -> float:
        """A value of the session as it is possible now."""
        inside = min(max(self.default if value is None else value, self.low), self.high)
        return int(inside) if isinstance(self.step, int) else float(inside)

    def written(self, value: Any) -> str:
        """The value as a link's text."""
        short = str(value) if isinstance(value, int) else f"{value:g}"
        return short if float(short) == value else repr(value)

    @property
    def expected(self) -> str:
        """Its values, in words."""
        kind = "a whole number" if isinstance(self.step, int) else "a number"
        steps = f" in steps of {self.step:g}" if self.on_step and self.step != 1 else ""
        return f"{kind} from {self.low:g} to {self.high:g}{steps}"


def number_at(given: Any, control: Any) -> float | None:
    """A number in the range of a control with `low`, `high` and `step`, out of a link or a browser; else None."""
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
        """The value, or the default, and what does not fit."""
        return (text, "") if text in self.options else (self.default, text or "nothing")

    def fit(self, value: Any) -> str:
        """A value of the session as it is possible now."""
        return value if value in self.options else self.default

    @property
    def expected(self) -> str:
        """Its values, in words."""
        return f"one of {_in_words(self.options)}"


@dataclass(frozen=True)
class Several(Parameter):
    """Any number of options, in a link as `key=one,other`; a link that names none of them gives the default."""

    options: Sequence[str]

    def parse(self, text: str) -> tuple[Any, str]:
        """The value, or the default, and what does not fit."""
        given = text.split(",") if text else []
        known = self.fit(given)
        strange = ", ".join(one for one in given if one not in known)
        return known if known or not given else self.fit(self.default), strange

    def fit(self, value: Any) -> list[str]:
        """A value of the session as it is possible now."""
        return [option for option in value if option in self.options]

    def written(self, value: Any) -> str:
        """The value as a link's text."""
        return ",".join(option for option in self.options if option in value)

    @property
    def expected(self) -> str:
        """Its values, in words."""
        return f"some of {_in_words(self.options)}"


@dataclass(frozen=True)
class Switch(Parameter):
    """On or off, in a link `true` or `false`."""

    def parse(self, text: str) -> tuple[Any, str]:
        """The value, or the default, and what does not fit."""
        known = {"true": True, "false": False}
        return (known[text.lower()], "") if text.lower() in known else (self.default, text or "nothing")

    def fit(self, value: Any) -> bool:
        """A value of the session as it is possible now."""
        return bool(value)

    def written(self, value: Any) -> str:
        """The value as a link's text."""
        return str(value).lower()

    @property
    def expected(self) -> str:
        """Its values, in words."""
        return "true or false"
