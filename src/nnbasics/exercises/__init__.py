"""Checkers that a reader's answers to the exercises are held against.

Each takes an answer and returns a :class:`Feedback`, to be printed: the status, and a
message that names the mistake where it is recognised. ``None`` or ``...``, in an answer
or returned by a function, is an answer that was not given yet. No checker raises
because of what a reader answered.

A module holds the exercises of the page with its name; those that are answered with a
function are in a module of their own.
"""

from nnbasics.exercises.attention import check_largest_weight, check_share
from nnbasics.exercises.attention_functions import (
    check_attention,
    check_causal_mask,
    check_masked_attention,
    check_softmax,
)
from nnbasics.exercises.block import (
    check_block_parameters,
    check_deep_stack,
    check_forgotten_residual,
    check_leaks,
    check_normed_number,
)
from nnbasics.exercises.block_functions import check_layer_norm
from nnbasics.exercises.feed_forward import (
    check_block_size,
    check_exchanged_word,
    check_hidden_by_hand,
    check_two_units_off,
    check_without_relu,
)
from nnbasics.exercises.feed_forward_functions import check_feed_forward
from nnbasics.exercises.induction_heads import (
    check_fixed_repeat,
    check_heads_off,
    check_tiny_grammar,
    check_what_reads,
    check_which_head,
)
from nnbasics.exercises.induction_heads_functions import check_induction
from nnbasics.exercises.multi_head_attention import (
    check_head_roles,
    check_head_size,
    check_swapped_words,
    check_weight_count,
)
from nnbasics.exercises.multi_head_attention_functions import (
    check_multi_head_attention,
    check_split_heads,
)
from nnbasics.exercises.positions import (
    check_alibi_ratio,
    check_changed_tables,
    check_moved_words,
    check_product_of_places,
    check_slowest_pair,
)
from nnbasics.exercises.positions_functions import check_rotate
from nnbasics.exercises.questions import Feedback
from nnbasics.exercises.xor_network import (
    check_and_unit,
    check_hidden_units,
    check_loss_by_hand,
    check_one_hidden_unit,
    check_xor_by_hand,
)
from nnbasics.exercises.xor_network_functions import check_weight_slope

__all__ = [
    "Feedback",
    "check_alibi_ratio",
    "check_and_unit",
    "check_attention",
    "check_block_parameters",
    "check_block_size",
    "check_causal_mask",
    "check_changed_tables",
    "check_deep_stack",
    "check_exchanged_word",
    "check_feed_forward",
    "check_fixed_repeat",
    "check_forgotten_residual",
    "check_head_roles",
    "check_head_size",
    "check_heads_off",
    "check_hidden_by_hand",
    "check_hidden_units",
    "check_induction",
    "check_largest_weight",
    "check_layer_norm",
    "check_leaks",
    "check_loss_by_hand",
    "check_masked_attention",
    "check_moved_words",
    "check_multi_head_attention",
    "check_normed_number",
    "check_one_hidden_unit",
    "check_product_of_places",
    "check_rotate",
    "check_share",
    "check_slowest_pair",
    "check_softmax",
    "check_split_heads",
    "check_swapped_words",
    "check_tiny_grammar",
    "check_two_units_off",
    "check_weight_count",
    "check_weight_slope",
    "check_what_reads",
    "check_which_head",
    "check_without_relu",
    "check_xor_by_hand",
]
