"""The code that the lessons of *Neural Networks: The Basics* explain.

``import nnbasics`` brings the computations; figures are in :mod:`nnbasics.plotting`
and are imported by name, so that nothing here needs a plotting library.
"""

from nnbasics.attention import (
    attention_weights,
    causal_mask,
    padding_mask,
    scaled_dot_product_attention,
)
from nnbasics.block import FeedForward, TransformerBlock
from nnbasics.experiments.xor_seeds import (
    is_solved,
    predictions_over_seeds,
    xor_network_from_seed,
)
from nnbasics.multihead import MultiHeadAttention, merge_heads, split_heads
from nnbasics.positions import rotate, sinusoidal_positions
from nnbasics.xor import TrainingHistory, XORNetwork, train_xor, xor_dataset

__all__ = [
    "FeedForward",
    "MultiHeadAttention",
    "TrainingHistory",
    "TransformerBlock",
    "XORNetwork",
    "attention_weights",
    "causal_mask",
    "is_solved",
    "merge_heads",
    "padding_mask",
    "predictions_over_seeds",
    "rotate",
    "scaled_dot_product_attention",
    "sinusoidal_positions",
    "split_heads",
    "train_xor",
    "xor_dataset",
    "xor_network_from_seed",
]
