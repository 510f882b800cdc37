"""The pictures of the lesson on networks, each with a description for those who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from nncore.figures.neurons.gradient_flow import plot_depth
from nncore.figures.neurons.network_diagram import plot_network
from nncore.figures.neurons.weighted_sum import plot_terms
from nncore.networks.diagram import Diagram
from nncore.networks.gradient_flow import DepthProfile
from nncore.networks.inspection import UnitArithmetic

if TYPE_CHECKING:
    from pages.neurons.network.controls import Settings


def draw_network(diagram: Diagram, settings: Settings) -> tuple[go.Figure, str]:
    """Draw the network with its weights and the chosen neuron; return the figure and its description."""
    sizes = ", ".join(f"{column.kind} {column.size}" for column in diagram.columns)
    figure = plot_network(diagram, layer=settings.layer, unit=settings.unit)
    return figure, f"A network with the layers {sizes}; lines are weights"


def draw_terms(unit: UnitArithmetic) -> tuple[go.Figure, str]:
    """Draw the terms of a neuron's weighted sum; return the figure and its description."""
    figure = plot_terms(unit.inputs, unit.weights, unit.bias)
    return figure, f"The {len(unit.inputs)} products of the sum, the bias and z"


def draw_depth(profile: DepthProfile) -> tuple[go.Figure, str]:
    """Draw the gradient of each layer of a deep network; return the figure and its description."""
    layers, ratio = len(profile.sizes) - 1, f"{profile.ratio:.3g}"
    alt = f"The gradient in {layers} hidden layers; first to last as {ratio} to 1: it {profile.outcome}"
    return plot_depth(profile), alt
