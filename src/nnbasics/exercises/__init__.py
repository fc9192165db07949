"""Checkers that a reader's answers to the exercises are held against.

Each takes an answer and returns a :class:`Feedback`, to be printed. ``None``, or a
function that returns ``None``, is an answer that was not given yet. No checker raises
because of what a reader answered.
"""

from nnbasics.exercises.attention import check_attention
from nnbasics.exercises.feedback import Feedback
from nnbasics.exercises.gradient import check_weight_slope
from nnbasics.exercises.heads import (
    check_head_size,
    check_projection_parameters,
    check_swapped_words,
)
from nnbasics.exercises.masked_attention import check_masked_attention
from nnbasics.exercises.masks import check_causal_mask
from nnbasics.exercises.multihead import check_multi_head_attention
from nnbasics.exercises.roles import check_head_roles
from nnbasics.exercises.scores import check_largest_weight, check_scaling
from nnbasics.exercises.softmax import check_softmax
from nnbasics.exercises.split import check_split_heads
from nnbasics.exercises.units import check_and_unit, check_xor_by_hand
from nnbasics.exercises.xor import (
    check_loss_by_hand,
    check_one_hidden_unit,
    check_parameter_count,
)

__all__ = [
    "Feedback",
    "check_and_unit",
    "check_attention",
    "check_causal_mask",
    "check_head_roles",
    "check_head_size",
    "check_largest_weight",
    "check_loss_by_hand",
    "check_masked_attention",
    "check_multi_head_attention",
    "check_one_hidden_unit",
    "check_parameter_count",
    "check_projection_parameters",
    "check_scaling",
    "check_softmax",
    "check_split_heads",
    "check_swapped_words",
    "check_weight_slope",
    "check_xor_by_hand",
]
