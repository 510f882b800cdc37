"""A visitor's .keras file, checked before Keras sees it. Knows `storage` and all below it."""
