"""The list of lessons, in the order of the lecture: navigation, first page, tests and README take it from here.

A lesson is the folder `pages/<chapter>/<address>/`, named by its address in the browser. `python -m pages.ui.contents`
writes the README's table of lessons anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pages.ui.prose import read_sections

ROOT = Path(__file__).parents[2]
HOME = "pages/home/page.py"
MARKS = ("<!-- lessons -->\n", "<!-- /lessons -->")
"""The lines around the README's table."""


@dataclass(frozen=True)
class Lesson:
    """One lesson: its chapter, its address in the browser and its title in the navigation."""

    chapter: str
    address: str
    title: str

    @property
    def folder(self) -> str:
        """The lesson's folder relative to the project, such as `pages/neurons/network`."""
        return f"pages/{self.chapter.lower()}/{self.address}"

    @property
    def page(self) -> str:
        """The file that Streamlit runs, relative to the project."""
        return f"{self.folder}/page.py"

    @property
    def prose(self) -> Path:
        """The Markdown file with the lesson's prose."""
        return ROOT / self.folder / "lesson.md"

    @property
    def card(self) -> str:
        """One sentence about the lesson for the first page and the README: the section `card` of its prose."""
        return read_sections(self.prose)["card"]


LESSONS = (
    Lesson("Neurons", "neuron", "A neuron"),
    Lesson("Neurons", "network", "A network"),
    Lesson("Learning", "cost", "Cost functions"),
    Lesson("Learning", "gradient_descent", "Gradient descent"),
    Lesson("Learning", "backpropagation", "Backpropagation"),
    Lesson("Digits", "digits", "Handwritten digits"),
    Lesson("Digits", "mlp", "A dense network"),
    Lesson("Convolution", "convolution", "Convolution and pooling"),
    Lesson("Convolution", "cnn", "A convolutional network"),
    Lesson("Convolution", "feature_maps", "Inside the network"),
    Lesson("Workshop", "runs", "Compare runs"),
    Lesson("Workshop", "gpu", "Using GPUs"),
)


def page_of(address: str) -> str:
    """The file of the lesson with this address, relative to the project; KeyError if there is none."""
    return {lesson.address: lesson.page for lesson in LESSONS}[address]


def readme_table() -> str:
    """The README's table of lessons."""
    rows = [f"| `/{lesson.address}` | {lesson.card} |" for lesson in LESSONS]
    return "\n".join(["| page | what it is about |", "|---|---|", *rows, ""])


def write_readme(readme: Path) -> None:
    """Put the table of lessons between the README's marks."""
    start, end = MARKS
    before, _, rest = readme.read_text(encoding="utf-8").partition(start)
    readme.write_text(before + start + readme_table() + end + rest.partition(end)[2], encoding="utf-8")


if __name__ == "__main__":
    write_readme(ROOT / "README.md")
