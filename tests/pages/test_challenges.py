"""The prose of the challenges: task, hint and explanation."""

from pathlib import Path

import pytest

from pages.ui.challenges import parts

ROOT = Path(__file__).parents[2] / "pages"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.md")), ids=lambda path: path.parent.name)
def test_every_challenge_of_the_prose_has_a_hint_and_an_explanation(path):
    for prose in path.read_text().split("## challenge ")[1:]:
        task, hint, explanation = parts(prose.split("\n", 1)[1].split("\n## ")[0].strip())
        assert min(len(task), len(hint), len(explanation)) > 20


def test_prose_without_a_hint_is_refused_with_what_was_expected():
    with pytest.raises(ValueError, match="expected a task, ### hint and ### solved"):
        parts("Only a task.")
