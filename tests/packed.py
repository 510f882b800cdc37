"""What the browser makes of the bytes of a drag-quick element."""

import json


def beheaded(content):
    """The head of `packing.headed` bytes, and the rest."""
    end = 4 + int.from_bytes(content[:4], "little")
    return json.loads(content[4:end]), content[end:]


def dragged_on(page):
    """The elements of a page whose pictures move, from the first to the last."""
    return [element for element in page.get("bidi_component") if element.proto.component_name == "drag"]


def given_to(element):
    """What an element on a page was sent: its controls, pictures by the keys of theirs, and how many bytes it was."""
    described, packed = beheaded(element.proto.bytes)
    pictures = {}
    for key, size in described["pictures"].items():
        pictures[key], packed = beheaded(packed[:size])[0], packed[size:]
    return described | {"pictures": pictures, "size": len(element.proto.bytes)}


def given_all(page, number=0):
    """The same with the picture of every control, as if the mouse had been at each of them."""
    element = dragged_on(page)[number]
    name = element.proto.id.rsplit("-", 1)[-1]
    page.session_state[f"{name}:wanted"] = [control["key"] for control in given_to(element)["controls"]]
    page.run()
    assert not page.exception
    return given_to(dragged_on(page)[number])


def picture_of(given):
    """The one picture that was sent."""
    (picture,) = given["pictures"].values()
    return picture
