"""The first page: the map of the lecture and what this machine offers."""

from pages.ui.contents import LESSONS


def test_home_links_every_lesson_in_the_order_of_the_lecture(open_page):
    app = open_page()
    assert not app.exception
    links = [link.label for link in app.get("page_link")]
    assert [label.strip("*") for label in links] == [lesson.title for lesson in LESSONS]
    said = {text.value for text in app.markdown}
    assert {lesson.card for lesson in LESSONS} <= said


def test_home_says_what_computes_and_where_the_digits_came_from(open_page, engine):
    app = open_page()
    said = " ".join(text.value for text in app.markdown)
    assert f"**Computes on** {engine.warmed_up().device}" in said
    assert engine.warmed_up().source in said
    assert "CC BY-SA 3.0" in said
