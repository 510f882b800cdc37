"""Plotly figures of given data, with one sub-folder per chapter and no computation. Knows `specs`, Plotly and NumPy."""
