"""Figures that repaint while a control is dragged: their parts, and their encoding. Knows `specs` and NumPy."""
