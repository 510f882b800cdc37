"""Figures that repaint while a control is dragged: parts, and how they travel. Knows `specs` and NumPy."""
