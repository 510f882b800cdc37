"""A student trains in a real browser: start, leave, come back, reload, cancel, draw."""
