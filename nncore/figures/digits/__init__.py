"""Figures of the chapter Digits and of the training panel. Knows `specs`, Plotly and NumPy."""
