"""What the browser makes of the bytes of a drag-quick element."""

import json

import numpy as np


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
        head, numbers = beheaded(packed[:size])
        pictures[key], packed = head | {"numbers": numbers}, packed[size:]
    return described | {"pictures": pictures, "size": len(element.proto.bytes)}


def given_all(page, number=0):
    """The same with the picture of every control, as if the mouse had been at each of them."""
    element = dragged_on(page)[number]
    name = element.proto.id.rsplit("-", 1)[-1]
    page.session_state[f"{name}:requested"] = [control["key"] for control in given_to(element)["controls"]]
    page.run()
    assert not page.exception
    return given_to(dragged_on(page)[number])


def picture_of(given):
    """The one picture that was sent."""
    (picture,) = given["pictures"].values()
    return picture


def drawn_at(picture, position):
    """Panels and readouts as the browser draws them at a position: texts and numbers instead of where they lie."""

    def array(number, kind=np.float32):
        offset, length = picture["arrays"][number]
        return np.frombuffer(picture["numbers"][offset : offset + length], kind)

    def resolved(thing):
        if isinstance(thing, list) and thing and isinstance(thing[0], str):
            return thing[position]
        if isinstance(thing, list):
            return [resolved(each) for each in thing]
        if not isinstance(thing, dict):
            return thing
        if "template" in thing:
            number = np.ravel(resolved(thing["number"]))[0]
            return thing["template"].replace("{}", f"{number:.{thing['digits']}g}")
        if "at" not in thing or "size" not in thing:
            colours = {"colours": array(thing["colours"], np.uint8)} if "colours" in thing else {}
            return {name: resolved(each) for name, each in thing.items()} | colours
        if "times" in thing:
            return array(thing["at"]) * array(thing["times"])[position]
        return array(thing["at"]).reshape(-1, thing["size"])[position if thing["moves"] else 0]

    return resolved({"panels": picture["panels"], "readouts": picture["readouts"]})


def given_showing_the_same(page, number=0):
    """What an element was sent, with the picture of every control: whichever is in hand, and with none, they agree."""
    (standing,) = given_to(dragged_on(page)[number])["pictures"].values()
    alone, given = drawn_at(standing, 0), given_all(page, number)
    first = given["controls"][0]["key"]
    for control in given["controls"]:
        drawn = drawn_at(given["pictures"][control["key"]], control["positions"].index(control["value"]))
        if control is given["controls"][0]:
            assert_same(alone, drawn)
        else:  # one panel has the control's name in it
            assert words(drawn) == [_renamed(each, f"against the {first}", control["key"]) for each in words(alone)]
    return given


def words(drawn):
    """What is written above the panels, about them, and in the readouts."""
    return [panel[name] for panel in drawn["panels"] for name in ("heading", "alt")] + drawn["readouts"]


def _renamed(text, old, key):
    return text.replace(old, f"against the {key}") if isinstance(text, str) else text


def assert_same(one, other, where=""):
    """Equal in all texts, shapes and numbers, but for what single precision rounds."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for name in one:
            assert_same(one[name], other[name], f"{where}.{name}")
    elif isinstance(one, list):
        assert len(one) == len(other), where
        for number, (each, its) in enumerate(zip(one, other, strict=True)):
            assert_same(each, its, f"{where}[{number}]")
    elif isinstance(one, str | None):
        assert one == other, where
    else:
        np.testing.assert_allclose(np.ravel(one), np.ravel(other), rtol=1e-5, atol=1e-6, err_msg=where)
