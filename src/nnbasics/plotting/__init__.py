"""Figures of results: functions that take data and return a figure."""

from nnbasics.plotting.attention import plot_attention, plot_matrix
from nnbasics.plotting.curves import plot_bars, plot_curves, plot_shares
from nnbasics.plotting.forward_pass import plot_forward_pass
from nnbasics.plotting.heads import plot_head_inputs, plot_heads, plot_heads_compared
from nnbasics.plotting.hidden_layer import animate_hidden_layer
from nnbasics.plotting.layer_diagrams import plot_layer, plot_split_heads
from nnbasics.plotting.one_word import animate_one_word
from nnbasics.plotting.products import plot_product
from nnbasics.plotting.slopes import animate_chain, animate_knob
from nnbasics.plotting.xor import animate_decision_boundary, plot_hidden_space

__all__ = [
    "animate_chain",
    "animate_decision_boundary",
    "animate_hidden_layer",
    "animate_knob",
    "animate_one_word",
    "plot_attention",
    "plot_bars",
    "plot_curves",
    "plot_forward_pass",
    "plot_head_inputs",
    "plot_heads",
    "plot_heads_compared",
    "plot_hidden_space",
    "plot_layer",
    "plot_matrix",
    "plot_product",
    "plot_shares",
    "plot_split_heads",
]
