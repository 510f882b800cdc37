"""The house rules, read from the syntax trees: which folder may know which, and where Keras must not be loaded."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from pages.ui.contents import LESSONS

ROOT = Path(__file__).parent.parent
ORDER = ["specs", "theory", "data", "networks", "training", "zoo", "storage", "reference", "keras_import", "registry",
         "analysis", "cluster", "runs"]  # fmt: skip
"""A folder of nncore imports from itself and from those before it."""
LEAVES = {
    "nncore/figures/": {"nncore.specs", "nncore.figures", "nncore.training.events", "numpy", "plotly"},
    "nncore/export.py": {"nncore.specs", "nbformat"},
    "nncore/_keras.py": {"lazy_loader"},
}
"""What stands aside of that order, and all that it may import beside the standard library."""
KNOW_A_BACKEND = ("nncore/training/device.py", "nncore/networks/gradients.py")
WITHOUT_STREAMLIT = ("picture.py", "equations.py", "script.py")
MOST_FILES = 16


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


def is_in(name, *packages):
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def part_of(name):
    """`nncore.storage.run_store` -> `storage`; None for another package."""
    return name.split(".")[1] if name.startswith("nncore.") else None


def lesson_of(name):
    """`pages.digits.mlp.page` -> `pages.digits.mlp`; None outside the chapters."""
    parts = name.split(".")
    return ".".join(parts[:3]) if len(parts) > 3 and parts[0] == "pages" and parts[1] in CHAPTERS else None


CHAPTERS = {each.chapter.lower() for each in LESSONS}


def nncores_folders_import_downwards(path, found):
    folder = path.split("/")[1] if path.startswith("nncore/") else ""
    if not folder or path == "nncore/__init__.py" or path.startswith(tuple(LEAVES)):
        return
    if folder not in ORDER:
        yield 1, f"{folder} has no place in the order of imports: give it one in ORDER"
        return
    known = {"_keras", *ORDER[: ORDER.index(folder) + 1]}
    for part, line in [(part_of(each.name), each.line) for each in found if part_of(each.name)]:
        if part not in known:
            yield line, f"{folder} is not to know {part}"


def leaves_know_only_what_they_draw_or_write(path, found):
    for leaf, known in LEAVES.items():
        for each in found if path.startswith(leaf) else ():
            if not is_in(each.name, *known, *sys.stdlib_module_names):
                yield each.line, f"{leaf} is not to know {each.name}"


def nncore_knows_neither_streamlit_nor_pages(path, found):
    for each in found:
        if path.startswith("nncore/") and is_in(each.name, "streamlit", "streamlit_drawable_canvas", "pages"):
            yield each.line, f"nncore is not to know {each.name}"


def pages_import_towards_ui(path, found):
    here = lesson_of(path.replace("/", "."))
    known = ("pages.ui", "pages.serving") if path == "app.py" else ("pages.ui",)
    if here:
        known = (here, "pages.ui", "pages.training")
    elif path.startswith(("pages/training/", "pages/serving/")):
        known = (".".join(path.split("/")[:2]), "pages.ui")
    for each in found:
        if path.startswith(("pages/", "app.py")) and is_in(each.name, "pages") and not is_in(each.name, *known):
            yield each.line, f"{path} is not to know {each.name}"


def lessons_pictures_equations_and_scripts_know_no_streamlit(path, found):
    for each in found:
        if lesson_of(path.replace("/", ".")) and path.endswith(WITHOUT_STREAMLIT) and is_in(each.name, "streamlit"):
            yield each.line, "is a function of its settings, without Streamlit"


def only_device_and_gradients_name_a_backend(path, found):
    for each in found:
        if path not in KNOW_A_BACKEND and is_in(each.name, "tensorflow", "jax", "torch"):
            yield each.line, f"only device.py and gradients.py are to know {each.name}"


def keras_is_never_loaded_with_a_file(path, found):
    for each in found:
        if each.at_load and is_in(each.name, "keras"):
            yield each.line, "keras is imported when the file is loaded: take nncore._keras"


def pyplot_is_never_imported(path, found):
    for each in found:
        if is_in(each.name, "matplotlib.pyplot", "pylab"):
            yield each.line, "matplotlib.pyplot is not to be loaded in the server"


def no_page_lies_directly_in_pages(path, found):
    if path.startswith("pages/") and path.count("/") == 1:
        yield 1, "Streamlit serves a file directly in pages/ without app.py: put it into a chapter"


RULES = (
    nncores_folders_import_downwards,
    leaves_know_only_what_they_draw_or_write,
    nncore_knows_neither_streamlit_nor_pages,
    pages_import_towards_ui,
    lessons_pictures_equations_and_scripts_know_no_streamlit,
    only_device_and_gradients_name_a_backend,
    keras_is_never_loaded_with_a_file,
    pyplot_is_never_imported,
    no_page_lies_directly_in_pages,
)


def source_files():
    files = [ROOT / "app.py", *(file for folder in ("nncore", "pages") for file in (ROOT / folder).rglob("*.py"))]
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in sorted(files)}


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
    sources = {path: source for path, source in source_files().items() if path.startswith("nncore/")}
    names = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sources}
    graph = {}
    for name, path in names.items():
        parents = [found.name for found in imports_of(sources[path]) if found.at_load and is_in(found.name, "nncore")]
        known = {each if each in names else each.rpartition(".")[0] for each in parents}
        graph[name] = known & names.keys() - {name}
    graphlib.TopologicalSorter(graph).prepare()


def test_every_folder_of_nncore_says_what_belongs_there_and_what_it_knows():
    for init in sorted((ROOT / "nncore").rglob("*/__init__.py")):
        said = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
        assert "Knows " in said, f"{init.relative_to(ROOT)}: expected what belongs there and what it knows"


def test_no_folder_has_more_files_of_code_than_a_reader_takes_in():
    for folder in {file.parent for file in [*(ROOT / "nncore").rglob("*.*"), *(ROOT / "pages").rglob("*.*")]}:
        code = [file.name for file in folder.glob("*.*") if file.suffix in (".py", ".js", ".css")]
        assert len(code) <= MOST_FILES, f"{folder.relative_to(ROOT)} has {len(code)} files: {sorted(code)}"


def test_every_lesson_is_a_folder_with_a_page_and_its_prose():
    on_disk = {str(file.parent.relative_to(ROOT)) for file in (ROOT / "pages").glob("*/*/page.py")}
    assert on_disk == {lesson.folder for lesson in LESSONS}
    assert all(lesson.prose.is_file() for lesson in LESSONS)


PLANTED = {
    "nncore/specs/layers.py": ("import json\nfrom nncore.networks import build", "layers.py:2: specs is not to know"),
    "nncore/networks/build.py": ("from nncore.training.train import train", "networks is not to know training"),
    "nncore/training/train.py": ("def f():\n    from nncore.runs import service", "training is not to know runs"),
    "nncore/strays/one.py": ("", "strays has no place in the order of imports"),
    "nncore/figures/cost.py": (
        "import numpy\nimport pandas",
        "nncore/figures/cost.py:2: nncore/figures/ is not to know pandas",
    ),
    "nncore/export.py": (
        "from nncore.networks.build import build_model",
        "is not to know nncore.networks.build.build_model",
    ),
    "nncore/storage/run_store.py": ("import streamlit as st", "nncore is not to know streamlit"),
    "pages/digits/mlp/page.py": ("from pages.digits.digits import page", "is not to know pages.digits.digits.page"),
    "pages/digits/mlp/script.py": ("import streamlit as st", "is a function of its settings, without Streamlit"),
    "pages/training/panel.py": ("from pages.digits.mlp import page", "is not to know pages.digits.mlp.page"),
    "pages/ui/lesson.py": ("from pages.training import panel", "is not to know pages.training.panel"),
    "pages/training/buttons.py": ("from pages.serving import lifecycle", "is not to know pages.serving.lifecycle"),
    "pages/digits/data.py": ("import keras.layers", "keras is imported when the file is loaded"),
    "pages/ui/canvas.py": ("def f():\n    import matplotlib.pyplot as plt", "pyplot is not to be loaded"),
    "nncore/data/dataset.py": ('importlib.import_module("tensorflow")', "are to know tensorflow"),
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
        ("nncore/networks/inspection.py", "def f():\n    import keras"),
        ("nncore/figures/cost.py", "if TYPE_CHECKING:\n    from nncore.theory.gradient_descent import Path"),
        ("nncore/training/device.py", 'importlib.import_module("jax")'),
        ("pages/digits/mlp/page.py", "from pages.ui import lesson\nfrom pages.digits.mlp import script"),
        ("pages/digits/mlp/controls.py", "from pages.training import panel\nimport streamlit as st"),
        ("app.py", "from pages.serving import lifecycle"),
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
