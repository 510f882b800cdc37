"""The specification of a network and a training: frozen, validated, JSON. Knows NumPy and pydantic, not nncore."""
