"""Figures of the chapter Neurons. Knows `specs`, Plotly and NumPy."""
