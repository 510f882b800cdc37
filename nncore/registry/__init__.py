"""Trained networks and data sets by name. Knows `keras_import`, `reference`, `storage` and all below them."""
