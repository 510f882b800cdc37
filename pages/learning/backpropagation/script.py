"""The lesson on backpropagation as a script: NumPy by hand, then Keras."""

from __future__ import annotations

from nncore.theory.activations import activation
from nncore.theory.network_221 import PLACES, STARTS, Setting


def written_script(template: str, setting: Setting, updates: int, chosen: str) -> str:
    """The page's script with these settings; it prints output, cost and the chosen gradient, and Keras' own."""
    w11, w12, b1, w21, w22, b2, v1, v2, c = STARTS[setting.start]
    f = activation(setting.activation)
    layer, source, unit = PLACES[chosen]
    quadratic = setting.cost == "quadratic"
    return (
        template.removeprefix("```python\n")
        .removesuffix("```")
        .format(
            x=list(setting.x),
            y=setting.y,
            eta=setting.eta,
            updates=updates,
            kernels=f"W1 = np.array([[{w11}, {w21}], [{w12}, {w22}]])",
            biases=f"b1 = np.array([{b1}, {b2}])",
            output_kernel=f"W2 = np.array([[{v1}], [{v2}]])",
            output_bias=f"b2 = np.array([{c}])",
            name=setting.activation,
            code=f.code,
            slope=f.derivative_code,
            cost="(a - y)**2 / 2" if quadratic else "-(y * np.log(a) + (1 - y) * np.log(1 - a))",
            delta="(a - y) * slope(z)" if quadratic else "a - y",
            loss="keras.ops.sum((out - y)**2) / 2"
            if quadratic
            else "keras.ops.sum(keras.ops.binary_crossentropy(np.array([[y]]), out))",
            gradient=f"dW{layer + 1}[{source}, {unit}]" if source is not None else f"db{layer + 1}[{unit}]",
            index=2 * layer + (source is None),
            place=f"{source}, {unit}" if source is not None else f"{unit}",
            chosen=chosen,
        )
    )
