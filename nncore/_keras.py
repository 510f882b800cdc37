"""Keras, imported at the first use of one of its parts and not before.

`lazy_loader.load("keras")` will not do here: it puts a placeholder into `sys.modules`, and Streamlit, which looks
for `keras` there after every rerun, would touch the placeholder and so import the whole of Keras into the server.
`attach` leaves `sys.modules` alone until a part is asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    "keras",
    submodules=[
        "activations", "backend", "callbacks", "config", "datasets", "initializers", "layers",
        "losses", "models", "ops", "optimizers", "regularizers", "utils",
    ],
)  # fmt: skip
