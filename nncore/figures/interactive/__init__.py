"""Figures that repaint while a control is dragged: their parts, and how they travel to the browser."""
