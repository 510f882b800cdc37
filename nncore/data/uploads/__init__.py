"""A visitor's own data set, read from CSV or .npz and checked. Knows `specs` and `data`."""
