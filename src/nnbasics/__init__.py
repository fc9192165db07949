"""The code that the lessons of *Neural Networks: The Basics* explain.

``import nnbasics`` brings the computations; figures are in :mod:`nnbasics.plotting`
and are imported by name, so that nothing here needs a plotting library.
"""

from nnbasics.attention import attention_weights, scaled_dot_product_attention
from nnbasics.heads import merge_heads, split_heads
from nnbasics.masks import causal_mask, padding_mask
from nnbasics.multihead import MultiHeadAttention
from nnbasics.xor import TrainingHistory, XORNetwork, train_xor, xor_dataset
from nnbasics.xor_seeds import (
    is_solved,
    predictions_over_seeds,
    xor_network_from_seed,
)

__all__ = [
    "MultiHeadAttention",
    "TrainingHistory",
    "XORNetwork",
    "attention_weights",
    "causal_mask",
    "is_solved",
    "merge_heads",
    "padding_mask",
    "predictions_over_seeds",
    "scaled_dot_product_attention",
    "split_heads",
    "train_xor",
    "xor_dataset",
    "xor_network_from_seed",
]
