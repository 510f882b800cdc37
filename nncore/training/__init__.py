"""`train`: fit with events, checkpoints and stops; devices. Knows `networks` and all below it."""
