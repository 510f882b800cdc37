"""The queue of runs: submit, follow, pause, compare, search. Knows all of nncore but `figures` and `export`."""
