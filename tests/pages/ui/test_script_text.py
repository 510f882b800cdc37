"""How a script's text is found in a lesson's Markdown file, and filled."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pages.ui.prose import read_sections
from pages.ui.script_text import fill, pixels, section

ROOT = Path(__file__).parents[3]
SCRIPTS = sorted(
    str(file.relative_to(ROOT).with_suffix("")).replace("/", ".") for file in ROOT.glob("pages/**/*script.py")
)
LESSON = """\
## title
A lesson

## script
```python
print($x)
```

## script second part
```python
# costs $5, and no more
```
"""


@pytest.fixture
def lesson(tmp_path):
    (tmp_path / "lesson.md").write_text(LESSON)
    return tmp_path / "lesson.md"


def test_a_script_and_its_parts_are_sections_of_the_lesson(lesson):
    assert section(lesson) == "print($x)\n"
    assert section(lesson, "second part") == "# costs $5, and no more\n"
    with pytest.raises(KeyError, match="script third"):
        section(lesson, "third")


def test_a_lesson_that_was_edited_is_read_again(lesson):
    assert read_sections(lesson)["title"] == "A lesson"
    lesson.write_text(LESSON.replace("print", "return"))
    assert section(lesson) == "return($x)\n"


def test_a_placeholder_within_a_line_takes_the_value_as_it_is():
    assert fill("x = np.array($x)  # $name\n", x=[1.5, 2], name="a{b}%") == "x = np.array([1.5, 2])  # a{b}%\n"
    assert fill("print('$name: %d' % $x_1, $x)", name="$x", x_1=3, x="a\nb") == "print('$x: %d' % 3, a\nb)"


def test_a_placeholder_alone_on_its_line_takes_lines_at_its_indentation():
    text = "def f():\n    $lines\n    return 1\n"
    assert fill(text, lines="a\n\n  b\n") == "def f():\n    a\n\n      b\n    return 1\n"
    assert fill(text, lines="$lines") == "def f():\n    $lines\n    return 1\n"
    assert fill(text, lines="") == "def f():\n    return 1\n"


def test_a_value_too_few_or_too_many_is_said_in_words():
    with pytest.raises(ValueError, match="places for values that were not given: b, c"):
        fill("$a $b\n$c\n", a=1)
    with pytest.raises(ValueError, match="no places for the values c, d"):
        fill("$a\n", a=1, c=2, d=3)


def test_a_picture_is_written_out_row_by_row():
    picture = np.arange(784).reshape(28, 28) % 256
    written = pixels(picture)
    assert written.splitlines()[0].startswith("[0,1,2,")
    np.testing.assert_array_equal(ast.literal_eval(f"[{written}]"), picture)


def test_scripts_are_written_without_streamlit_or_keras():
    program = f"""
import importlib, sys
for name in {SCRIPTS}:
    importlib.import_module(name)
print(sorted({{"streamlit", "keras", "tensorflow"}} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
