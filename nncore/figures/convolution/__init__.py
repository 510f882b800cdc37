"""Figures of the chapter Convolution. Knows `specs`, Plotly and NumPy."""
