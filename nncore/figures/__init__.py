"""Data in, plotly Figure out: one subject a file, no computation and no Streamlit."""
