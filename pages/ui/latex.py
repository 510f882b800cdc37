"""Numbers as a formula shows them."""

from __future__ import annotations


def latex_number(value: float, digits: int = 4) -> str:
    """The number with `digits` significant digits in LaTeX; 1.2e-05 becomes 1.2\\cdot 10^{-5}."""
    mantissa, _, exponent = f"{value + 0.0:.{digits}g}".partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def latex_factor(value: float, digits: int = 4) -> str:
    """The number as `latex_number` writes it, in parentheses if it is negative, to stand after an operator."""
    written = latex_number(value, digits)
    return f"({written})" if written.startswith("-") else written
