"""The Dask cluster: engine, workers, certificates. Knows `registry` and all below it."""
