"""Figures of the chapter Workshop. Knows `specs`, Plotly and NumPy."""
