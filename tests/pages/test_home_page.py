"""The first page: the map of the lecture and what this machine offers."""


def test_home_links_every_lesson_in_the_order_of_the_lecture(open_page):
    app = open_page()
    assert not app.exception
    links = [link.label for link in app.get("page_link")]
    assert [label.strip("*") for label in links] == [
        "A neuron",
        "A network",
        "Cost functions",
        "Gradient descent",
        "Backpropagation",
        "Handwritten digits",
        "A dense network",
        "Convolution and pooling",
        "A convolutional network",
        "Inside the network",
        "Compare runs",
        "Using GPUs",
    ]


def test_home_says_what_computes_and_where_the_digits_came_from(open_page, engine):
    app = open_page()
    said = " ".join(text.value for text in app.markdown)
    assert f"**Computes on** {engine.warmed_up().device}" in said
    assert engine.warmed_up().source in said
    assert "CC BY-SA 3.0" in said
