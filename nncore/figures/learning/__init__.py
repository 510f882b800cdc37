"""Figures of the chapter Learning. Knows `specs`, Plotly and NumPy."""
