"""What a network and a training are: frozen, validated, JSON. Knows NumPy and pydantic, nothing of nncore."""
