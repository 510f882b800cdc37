"""The architecture of an uploaded network, read from the config in its `.keras` file without Keras.

Only kinds of layers that the page can show are accepted, each with only the settings that its outputs depend on. The
config that Keras loads is written anew from these numbers and words, so that nothing else in the file, and above all no
program, ever reaches Keras.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from pydantic import ValidationError

from nncore.keras_import.archive import UploadedNetworkError
from nncore.keras_import.layer_types import LayerConfig
from nncore.keras_import.layers import KINDS
from nncore.specs.experiment import MAX_PARAMETERS, explain
from nncore.specs.layers import Shape

INPUTS: tuple[Shape, ...] = ((28, 28, 1), (28, 28), (784,))
MOST_LAYERS = 40
MOST_VALUES = 28 * 28 * 128
"""The most values of one layer for one image: with more, the 784 occluded images of the occlusion map, which go through
the network together, do not fit a worker's memory."""
MOST_UNITS = 10_000
"""The most units in a row: more cannot be drawn and clicked."""
MOST_PRODUCTS = 50_000_000
"""The most multiplications of a weight by an input for one image; the lecture's largest network has 2,300,000."""
NETWORKS = ("Sequential", "Functional", "Model")


def read_config(config: dict[str, Any]) -> list[LayerConfig]:
    """Read the layers, first to last and without the input layer, from the contents of `config.json`.

    Raises UploadedNetworkError for a network that cannot be shown.
    """
    kind, stack = config.get("class_name"), config.get("config")
    stack = stack if isinstance(stack, dict) else {}
    entries = stack.get("layers")
    if kind not in ("Sequential", "Functional") or _is_custom(config) or not _are_layers(entries):
        raise UploadedNetworkError(
            f"Expected a keras.Sequential, or a functional model, received {_quoted(kind)}: a class of its own is a "
            "program, and programs in files are not run here."
        )
    if len(entries) > MOST_LAYERS:
        raise UploadedNetworkError(f"Expected at most {MOST_LAYERS} layers, received {len(entries):,}.")
    if kind == "Functional":
        _check_chain(entries, _output_names(stack.get("output_layers")))
    if not entries or entries[0].get("class_name") != "InputLayer":
        raise UploadedNetworkError("Expected a network that knows its input: give it a keras.Input, and save it again.")
    layers = [_read_layer(number, entry) for number, entry in enumerate(entries[1:])]
    _check_shapes(_input_shape(entries[0]), layers)
    return layers


def write_config(flat: bool, layers: Sequence[LayerConfig]) -> dict[str, Any]:
    """Write the config of a keras.Sequential of these layers in float32.

    Its input is (784,) if `flat`, otherwise (28, 28, 1).
    """
    shape = [None, 784] if flat else [None, 28, 28, 1]
    first = _entry("InputLayer", {"batch_shape": shape, "dtype": "float32", "name": "input"})
    numbers = [sum(other.kind == layer.kind for other in layers[: at + 1]) for at, layer in enumerate(layers)]
    named = [
        _entry(layer.kind, {"name": f"{layer.kind.lower()}_{number}", "dtype": "float32", **layer.settings()})
        for layer, number in zip(layers, numbers, strict=True)
    ]
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "own", "trainable": True, "dtype": "float32", "layers": [first, *named]},
        "registered_name": None,
    }


def takes_flat(config: dict[str, Any]) -> bool:
    """Whether a network takes (784,) values rather than an image, from a config that `read_config` accepted."""
    return _input_shape(config["config"]["layers"][0]) == (784,)


def count_parameters(flat: bool, layers: Sequence[LayerConfig]) -> int:
    """Count all numbers that the layers hold, trained or not, for an input (784,) if `flat`, otherwise (28, 28, 1)."""
    shape: Shape = (784,) if flat else (28, 28, 1)
    total = 0
    for layer in layers:
        total += layer.parameters(shape)
        shape = layer.output_shape(shape)
    return total


def _entry(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": kind, "config": settings, "registered_name": None}


def _are_layers(entries: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("config"), dict) for entry in entries
    )


def _is_custom(entry: dict[str, Any]) -> bool:
    """Whether the class is not one of Keras' own classes."""
    name, module = entry.get("registered_name"), str(entry.get("module", "keras"))
    return name not in (None, entry.get("class_name")) or module.split(".")[0] != "keras"


def _check_chain(entries: list[dict[str, Any]], outputs: list[Any]) -> None:
    """Check that each layer takes only the output of the one before it, and that the last gives the only output."""
    if entries and outputs != [entries[-1]["config"].get("name")]:
        raise UploadedNetworkError(
            f"Expected a network with one output, that of its last layer, received {len(outputs)}."
        )
    for before, entry in zip([None, *entries[:-1]], entries, strict=True):
        expected = [] if before is None else [before["config"].get("name")]
        if _input_names(entry.get("inbound_nodes")) != expected:
            raise UploadedNetworkError(
                "Expected layers one after the other, from one input to one output, received a network that branches "
                f"at {_quoted(entry.get('class_name'))}: the page shows a chain of layers."
            )


def _output_names(outputs: Any) -> list[Any]:
    """Names of the layers that give the outputs: one output `["dense", 0, 0]`, or several in a list or dict."""
    if isinstance(outputs, list) and len(outputs) == 3 and isinstance(outputs[0], str):
        return outputs[:1]
    several = list(outputs.values()) if isinstance(outputs, dict) else outputs if isinstance(outputs, list) else []
    return [name for one in several[:10] if isinstance(one, list) for name in one[:1]]


def _input_names(nodes: Any) -> list[Any]:
    """Names of the layers whose outputs a layer takes; `[None]` if the nodes cannot be read."""
    if not nodes:
        return []
    try:
        return [tensor["config"]["keras_history"][0] for node in nodes for tensor in node["args"]]
    except (TypeError, KeyError, IndexError):
        return [None]


def _read_layer(number: int, entry: dict[str, Any]) -> LayerConfig:
    kind = entry.get("class_name")
    where = f"Layer {number}, {_quoted(kind)}"
    if kind == "Lambda":
        raise UploadedNetworkError(
            f"{where}: expected layers without programs. A Lambda layer holds one, and programs in files are not run "
            "here; Keras' safe mode refuses it too. Rescaling, Reshape or Activation may do the same."
        )
    if kind in NETWORKS:
        raise UploadedNetworkError(f"{where}: expected single layers, received a network inside the network.")
    if kind not in KINDS or _is_custom(entry):
        raise UploadedNetworkError(
            f"{where}: expected layers that can be shown ({', '.join(KINDS)}), received another one."
        )
    try:
        return KINDS[kind].model_validate(entry["config"])
    except ValidationError as error:
        raise UploadedNetworkError(f"{where}: {explain(error)[0][:300]}.") from None


def _input_shape(entry: dict[str, Any]) -> Shape:
    shape = entry["config"].get("batch_shape")
    found = tuple(shape[1:]) if isinstance(shape, list) and shape else ()
    if found not in INPUTS:
        raise UploadedNetworkError(
            f"Expected a network for pictures of 28x28 pixels, with input (28, 28, 1), (28, 28) or (784,), received "
            f"one with input {_quoted(found)}."
        )
    return found


def _check_shapes(shape: Shape, layers: list[LayerConfig]) -> None:
    parameters = products = 0
    for number, layer in enumerate(layers):
        where = f"Layer {number}, {layer.kind}"
        try:
            count = layer.parameters(shape)
            before, shape = shape, layer.output_shape(shape)
        except ValueError as error:
            raise UploadedNetworkError(f"{where}: {error}.") from None
        if len(before) < 3 and len(shape) == 3 and any(not earlier.keeps_pixels for earlier in layers[:number]):
            raise UploadedNetworkError(
                f"{where}: expected maps of the picture, received a row of units made into maps."
            )
        size = layer.values(shape)
        if size > MOST_VALUES or (len(shape) == 1 and size > MOST_UNITS):
            raise UploadedNetworkError(
                f"{where}: expected at most {MOST_VALUES:,} values in maps, or {MOST_UNITS:,} in a row, received "
                f"{' x '.join(f'{side:,}' for side in shape)}."
            )
        parameters += count
        products += layer.products(before, shape)
    if shape != (10,):
        raise UploadedNetworkError(f"Expected ten outputs, one a digit, received shape {_quoted(shape)}.")
    if parameters > MAX_PARAMETERS:
        raise UploadedNetworkError(f"Expected at most {MAX_PARAMETERS:,} parameters, received {parameters:,}.")
    if products > MOST_PRODUCTS:
        raise UploadedNetworkError(
            f"Expected a network that reads a picture with at most {MOST_PRODUCTS:,} products, received one that takes "
            f"{products:,}: a class would wait for it."
        )


def _quoted(received: Any) -> str:
    """Shorten what the file says to 60 printable characters in quotation marks."""
    words = "".join(letter for letter in str(received) if letter.isprintable())
    return f"“{words[:60]}”"
