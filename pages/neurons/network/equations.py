"""A network in equations: its parameters counted, and one neuron's weighted sum; and both as a Keras script."""

from __future__ import annotations

from nncore import export
from nncore.networks.diagram import PIXELS
from nncore.networks.gradient_flow import DIGITS, deep_network
from nncore.networks.inspection import UnitArithmetic
from nncore.specs.experiment import NetworkSpec
from pages.ui import pixel_arithmetic
from pages.ui.latex import factor, tex

WRITTEN_OUT = 3
"""So many inputs fit into an equation, term by term."""


def parameter_equation(network: NetworkSpec) -> str:
    """The parameters of each layer as arithmetic, and all together, in LaTeX."""
    parts = [part for part in network.parameters() if part.count]
    written = [part.arithmetic.replace("*", r"\cdot ") for part in parts]
    several = len(parts) > 1
    terms = " + ".join(f"({term})" if several and not term.startswith("(") else term for term in written)
    counts = " + ".join(_grouped(part.count) for part in parts)
    return rf"{terms} = {counts}" + (rf" = {_grouped(network.parameter_count)}" if several else "")


def neuron_equation(unit: UnitArithmetic) -> str:
    """The weighted sum and the output of one neuron with its numbers, in LaTeX."""
    if len(unit.inputs) > WRITTEN_OUT:
        return pixel_arithmetic.unit_equation(unit)
    products = " + ".join(
        rf"{factor(float(w))}\cdot {factor(float(x))}" for w, x in zip(unit.weights, unit.inputs, strict=True)
    )
    name = unit.activation.replace("_", r"\_")
    return (
        rf"z = {products} + {factor(unit.bias)} = {tex(unit.pre_activation)},\quad "
        rf"a = \text{{{name}}}(z) = {tex(unit.value)}"
    )


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "{,}")


def written_script(
    template: str, network: NetworkSpec, seed: int, neuron: tuple[int, int], depth: tuple[int, str, str, float]
) -> str:
    """The page's script: builds the network, takes the neuron apart, and measures the gradients of the deep one.

    `depth` holds the arguments of `measure_depth`: hidden layers, activation, initializer, scale of the weights.
    """
    layers, activation, initializer, scale = depth
    deep = deep_network(layers, activation, initializer)  # type: ignore[arg-type]
    hidden, last = (export.add_line(layer).replace("model.add", "deep.add") for layer in deep.layers[-2:])
    digit = network.input_shape == (PIXELS,) or len(network.input_shape) == 3
    shape = (1, *network.input_shape)
    return (
        template.removeprefix("```python\n")
        .removesuffix("```")
        .format(
            seed=seed,
            input_shape=network.input_shape,
            layers="\n".join(export.add_line(layer) for layer in network.layers),
            inputs=f'x_test[:1].reshape{shape}.astype("float32") / 255'
            if digit
            else f'np.random.default_rng({seed}).random({shape}).round(2).astype("float32")',
            layer=neuron[0],
            unit=neuron[1],
            depth=layers,
            hidden=hidden.replace("\n", "\n    "),
            last=last[4:],
            scale=scale,
            digits=DIGITS,
        )
    )
