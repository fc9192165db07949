"""Figures of results: functions that take data and return a figure."""

from nnbasics.plotting.boundary_animation import animate_decision_boundary
from nnbasics.plotting.curves import plot_bars, plot_curves
from nnbasics.plotting.decision_boundary import plot_decision_boundaries
from nnbasics.plotting.head_inputs import plot_head_inputs
from nnbasics.plotting.head_split import plot_split_heads
from nnbasics.plotting.heatmaps import plot_attention, plot_matrix
from nnbasics.plotting.hidden_space import plot_hidden_space
from nnbasics.plotting.layer_diagram import plot_layer
from nnbasics.plotting.multihead import plot_heads, plot_heads_compared
from nnbasics.plotting.network_diagram import plot_forward_pass
from nnbasics.plotting.style import figure_style, new_figure

__all__ = [
    "animate_decision_boundary",
    "figure_style",
    "new_figure",
    "plot_attention",
    "plot_bars",
    "plot_curves",
    "plot_decision_boundaries",
    "plot_forward_pass",
    "plot_head_inputs",
    "plot_heads",
    "plot_heads_compared",
    "plot_hidden_space",
    "plot_layer",
    "plot_matrix",
    "plot_split_heads",
]
