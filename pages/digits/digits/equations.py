"""The equations of the page about the digits in LaTeX, with the numbers of the chosen picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def picture_equations(picture: NDArray[np.uint8], label: int) -> tuple[str, str, str]:
    """Return the brightest pixel of a picture (28, 28), the number of inputs, and the one-hot target of its label."""
    row, column = divmod(int(picture.argmax()), 28)
    target = ",\\,".join(str(int(digit == label)) for digit in range(10))
    pixel = rf"x_{{{row},{column}}} = {picture[row, column]} \in \{{0, \ldots, 255\}}"
    return pixel, r"28 \cdot 28 = 784 \text{ inputs}", f"y = [{target}]"
