"""The database: runs, uploaded data sets and networks. Knows `training` and all below it."""
