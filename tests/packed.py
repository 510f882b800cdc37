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
    """Controls and pictures of an element on a page, and how many bytes it was sent."""
    controls, packed = beheaded(element.proto.bytes)
    pictures, _ = beheaded(packed)
    return controls | pictures | {"size": len(element.proto.bytes)}
