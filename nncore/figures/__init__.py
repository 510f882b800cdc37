"""Data in, Plotly figure out, a sub-folder a chapter: no computation. Knows `specs`, Plotly and NumPy."""
