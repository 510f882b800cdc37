"""The rooms "Try this" and "In the lecture" of a page, read off in Streamlit's test harness."""

import re


def solved(app):
    """The explanations of the solved challenges, by name."""
    (room,) = [said.value for said in app.markdown if 'class="st-key-challenge_' in said.value]
    boxes = re.findall(r'<div class="st-key-challenge_(\w+) challenge( solved)?">(.*?)</div>', room, re.DOTALL)
    for _, state, box in boxes:
        assert ("**Solved.**" in box, "A hint" in box) == (bool(state), not state)
    return {name: box.split("**Solved.** ")[1].strip() for name, state, box in boxes if state}


def is_solved(app, name):
    """Whether this one is."""
    return name in solved(app)


def shows_the_lecture(app):
    """Whether the page was written to its end."""
    return any("### In the lecture" in said.value for said in app.markdown)
