"""The code that the lessons of *Neural Networks: The Basics* explain.

``import nnbasics`` brings the computations; figures are in :mod:`nnbasics.plotting`
and are imported by name, so that nothing here needs a plotting library.
"""

from nnbasics.attention import attention_weights, scaled_dot_product_attention
from nnbasics.heads import merge_heads, split_heads
from nnbasics.masks import causal_mask, padding_mask
from nnbasics.multihead import MultiHeadAttention

__all__ = [
    "MultiHeadAttention",
    "attention_weights",
    "causal_mask",
    "merge_heads",
    "padding_mask",
    "scaled_dot_product_attention",
    "split_heads",
]
