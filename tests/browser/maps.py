"""Where the pixels of a feature map are on the screen, and what stands beside it."""

import re

from tests.browser.conftest import into_view


def centre(page, picture, row, column, side):
    """Where on the screen this pixel of the map or the pooled map is."""
    canvas = page.locator(f".patch-{picture} canvas")
    into_view(canvas)
    box = canvas.bounding_box()
    return box["x"] + box["width"] * (column + 0.5) / side, box["y"] + box["height"] * (row + 0.5) / side


def marked(page, picture):
    """First row, first column, rows and columns of the outline, as shares of the picture."""
    style = page.locator(f".patch-{picture} .patch-mark").get_attribute("style")
    found = {name: float(share) / 100 for name, share in re.findall(r"(top|left|height|width): ([\d.]+)%", style)}
    return [found[side] for side in ("top", "left", "height", "width")]


def number(text):
    return float(text.replace("−", "-"))
