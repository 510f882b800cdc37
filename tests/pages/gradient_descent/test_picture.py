"""What is computed for the picture of a descent, without a page."""

import pytest

from nncore.theory.convergence import extend
from nncore.theory.gradient_descent import Descent
from nncore.theory.loss_surfaces import LOSS_SURFACES
from pages.learning.gradient_descent import picture
from pages.ui.interactive_figure.control import Control


@pytest.mark.parametrize("cost", LOSS_SURFACES.values(), ids=LOSS_SURFACES)
def test_whichever_control_moves_the_picture_says_the_same_of_the_path_where_all_stand(cost):
    ranges = {"eta": cost.eta, **dict(zip(("w0", "v0"), cost.starts, strict=False)), "steps": cost.steps}
    controls = tuple(Control(key, key, r.low, r.high, r.step, float(r.default)) for key, r in ranges.items())
    descent = Descent(cost, seed=3)
    (_,), (convergence,) = extend(
        descent, [start.default for start in cost.starts], cost.eta.default, int(cost.steps.high)
    )
    for control in controls:
        drawing = picture.draw(control.key, descent, controls)
        assert list(drawing.convergences) == control.positions.tolist()
        assert drawing.convergences[control.value].after(7) == convergence.after(7)
