"""Keras models: build, run, look inside, evaluate. Knows `specs`, `theory`, `data`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["inspection"])  # nncore's index names it
