"""Neural networks as the lecture builds them: data, models, training and a look inside. No Streamlit.

The public index is in `__init__.pyi`; each name is imported at its first use, so that `import nncore` stays quick
and Keras out of a process that does not compute.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
