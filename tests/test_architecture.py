"""The house rules of imports, read from the syntax trees: who may know whom, and where Keras must not be loaded."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
LEVELS = (
    {"specs", "layers", "events", "lifecycle", "known_sets", "_keras"},
    {
        "activations", "costs", "descent", "backprop", "data", "gallery", "sources", "digits", "models", "inspection",
        "damages", "own_checks", "own_csv", "own_npz", "own_data",
        "keras_archive", "layer_checks", "own_layers", "blueprint",
        "evaluation", "device", "reference", "neuron", "gates", "convolution", "kernels", "photos",
        "gradients", "chain", "diagram", "depth",
        "passes", "interventions", "embedding", "receptive_fields",
        "landscapes", "optimizers", "verdicts", "descent_script", "squares", "advice", "coach", "variation",
    },
    {"speed", "compiled", "backups", "feeding", "progress", "training"},
    {
        "certificates", "cluster", "questions", "engine", "dispatch", "jobs", "ledger", "live_run", "networks",
        "records", "schema", "snapshot", "store", "timing", "worker", "tested", "maps_off", "reference.__main__",
        "exemplars", "hidden_space", "comparison", "lecture", "kept_data", "datasets", "kept_networks", "own_networks",
        "search", "search_plan", "stopwatch", "workshop_scripts",
    },
)  # fmt: skip
"""A module of nncore imports from its own level or one further up in this table."""
FIGURES_KNOW = {"specs", "events", "figures", "numpy", "plotly"}
EXPORT_KNOWS = {"specs", "layers", "nbformat"}
KNOW_A_BACKEND = ("nncore/device.py", "nncore/gradients.py")


class Import(NamedTuple):
    """One imported module in a file."""

    name: str
    line: int
    at_load: bool
    """Whether it happens when the file is loaded, not in a function."""


def imports_of(source):
    """All imports but those for type checkers only; `from a import b` counts as a.b, `import_module("a")` as a."""
    found = []

    def visit(node, at_load):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if isinstance(node, ast.Import):
            found.extend(Import(alias.name, node.lineno, at_load) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.extend(Import(f"{node.module}.{alias.name}", node.lineno, at_load) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            names = [argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)]
            found.extend(Import(name, node.lineno, at_load) for name in names)
        inside = at_load and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(ast.parse(source), True)
    return found


def module_of(path):
    """`nncore/reference/__init__.py` -> `reference`; None for a file outside nncore."""
    if not path.startswith("nncore/"):
        return None
    return path.removeprefix("nncore/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def part_of(name):
    """`nncore.models.preset` -> `models`; None for another package."""
    return name.split(".")[1] if name.startswith("nncore.") else None


def is_in(name, *packages):
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def level_of(module):
    return next((number for number, level in enumerate(LEVELS) if module in level), None)


def nncore_imports_run_one_way(path, found):
    module = module_of(path)
    if module is None or module in ("__init__", "export") or module.startswith("figures"):
        return
    if level_of(module) is None:
        yield 1, f"{module} has no place in the order of imports: give it one in LEVELS"
        return
    for imported in found:
        part = part_of(imported.name)
        if part and (level_of(part) is None or level_of(part) > level_of(module)):
            yield imported.line, f"{module} is not to know {part}"


def figures_know_specs_events_plotly_and_numpy(path, found):
    if not path.startswith("nncore/figures/"):
        return
    for imported in found:
        part = part_of(imported.name) or imported.name.split(".")[0]
        if part not in FIGURES_KNOW and part not in sys.stdlib_module_names:
            yield imported.line, f"figures are not to know {part}"


def export_knows_specs(path, found):
    if path != "nncore/export.py":
        return
    for imported in found:
        part = part_of(imported.name) or imported.name.split(".")[0]
        if part not in EXPORT_KNOWS and part not in sys.stdlib_module_names:
            yield imported.line, f"export is not to know {part}"


def nncore_knows_neither_streamlit_nor_pages(path, found):
    for imported in found:
        if path.startswith("nncore/") and is_in(imported.name, "streamlit", "streamlit_drawable_canvas", "pages"):
            yield imported.line, f"nncore is not to know {imported.name}"


def pages_do_not_import_each_other(path, found):
    for imported in found:
        if path.startswith("pages/") and is_in(imported.name, "pages") and not is_in(imported.name, "pages.ui"):
            yield imported.line, f"a page is not to know {imported.name}, only pages.ui"


def only_device_and_gradients_name_a_backend(path, found):
    for imported in found:
        if path not in KNOW_A_BACKEND and is_in(imported.name, "tensorflow", "jax", "torch"):
            yield imported.line, f"only device.py and gradients.py are to know {imported.name}"


def keras_is_never_loaded_with_a_file(path, found):
    for imported in found:
        if imported.at_load and is_in(imported.name, "keras"):
            yield imported.line, "keras is imported when the file is loaded: take nncore._keras"


def pyplot_is_never_imported(path, found):
    for imported in found:
        if is_in(imported.name, "matplotlib.pyplot", "pylab"):
            yield imported.line, "matplotlib.pyplot is not to be loaded in the server"


def no_page_lies_directly_in_pages(path, found):
    if path.startswith("pages/") and path.count("/") == 1:
        yield 1, "Streamlit serves a file directly in pages/ without app.py: put it into a chapter"


RULES = (
    nncore_imports_run_one_way,
    figures_know_specs_events_plotly_and_numpy,
    export_knows_specs,
    nncore_knows_neither_streamlit_nor_pages,
    pages_do_not_import_each_other,
    only_device_and_gradients_name_a_backend,
    keras_is_never_loaded_with_a_file,
    pyplot_is_never_imported,
    no_page_lies_directly_in_pages,
)


def source_files():
    return {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
        for folder in ("nncore", "pages")
        for file in sorted((ROOT / folder).rglob("*.py"))
    }


def violations(rule, sources):
    return [
        f"{path}:{line}: {sentence}"
        for path, source in sources.items()
        for line, sentence in rule(path, imports_of(source))
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule):
    found = violations(rule, source_files())
    assert not found, "\n" + "\n".join(found)


def test_no_module_of_nncore_needs_itself():
    graph = {
        module_of(path): {part_of(i.name) for i in imports_of(source) if part_of(i.name)} - {module_of(path)}
        for path, source in source_files().items()
        if path.startswith("nncore/") and not path.startswith("nncore/figures/")
    }
    graphlib.TopologicalSorter(graph).prepare()


PLANTED = {
    "nncore/specs.py": ("import json\nfrom nncore import models", "nncore/specs.py:2: specs is not to know models"),
    "nncore/models.py": ("from nncore.training import train", "models is not to know training"),
    "nncore/training.py": ("def f():\n    from nncore import jobs", "training is not to know jobs"),
    "nncore/strays.py": ("", "strays has no place in the order of imports"),
    "nncore/figures/cost.py": (
        "import numpy\nimport pandas",
        "nncore/figures/cost.py:2: figures are not to know pandas",
    ),
    "nncore/export.py": ("from nncore.models import preset", "export is not to know models"),
    "nncore/store.py": ("import streamlit as st", "nncore is not to know streamlit"),
    "pages/digits/mlp.py": ("from pages.digits import data", "a page is not to know pages.digits.data"),
    "pages/digits/data.py": ("import keras.layers", "keras is imported when the file is loaded"),
    "pages/ui/canvas.py": ("def f():\n    import matplotlib.pyplot as plt", "pyplot is not to be loaded"),
    "nncore/data.py": ('importlib.import_module("tensorflow")', "device.py and gradients.py are to know tensorflow"),
    "pages/data.py": ("", "Streamlit serves a file directly in pages/"),
}


@pytest.mark.parametrize("path", PLANTED)
def test_a_planted_violation_is_found(path):
    source, sentence = PLANTED[path]
    found = [line for rule in RULES for line in violations(rule, {path: source})]
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("nncore/inspection.py", "def f():\n    import keras"),
        ("nncore/figures/cost.py", "if TYPE_CHECKING:\n    from nncore.descent import Path"),
        ("nncore/device.py", 'importlib.import_module("jax")'),
        ("pages/digits/mlp.py", "from pages.ui import lesson\nfrom nncore import jobs"),
    ],
)
def test_what_is_allowed_is_not_reported(path, source):
    assert [line for rule in RULES for line in violations(rule, {path: source})] == []


def test_importing_every_module_of_nncore_loads_neither_keras_nor_pyplot():
    program = """
import importlib, pkgutil, sys
import nncore
for module in pkgutil.walk_packages(nncore.__path__, "nncore."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(len(sys.modules), sorted({"keras", "tensorflow", "jax", "matplotlib.pyplot"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split(" ", 1)[1] == "[]\n"
