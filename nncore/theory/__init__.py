"""The lecture's mathematics in NumPy, with Keras and SciPy as oracles in the tests. Knows `specs`."""
