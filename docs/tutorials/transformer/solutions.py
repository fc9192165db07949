"""
Worked answers: inside a transformer block
==========================================

Here is every exercise of the module again, with an answer that you can follow step by
step.

If you have not tried an exercise yet, try it first: the checker's hints bring you
further than a finished answer. If you are stuck, read the words here, stop before the
code, and go back.
"""

# %%
# Lesson 4: positions
# -------------------
#
# The exercises stand at the end of :doc:`positions </transformer/positions>`.
#
# 4.1 A product of two places
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *The vectors of places have two pairs, whose hands turn by 1 and by 0.1 a place. What
# is the dot product of the vectors of places 3 and 8?*
#
# The places are 5 apart. Each pair gives the cosine of the angle between its two hands:
# 5 times 1, and 5 times 0.1.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 9
# sphinx_gallery_lesson = False

import math

print(f"{math.cos(5 * 1) + math.cos(5 * 0.1):.3f}")

# %%
# Lesson 5: the feed-forward network
# ----------------------------------
#
# The exercises stand at the end of
# :doc:`the feed-forward network </transformer/feed_forward>`.
#
# 5.1 Three hidden units by hand
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *The hidden units have the weights (1, 1), (1, -1) and (-2, 2), and the biases 0, 0
# and -1. The weights to the output are 1, 5 and 2, and its bias is 1. What does the
# network give for the input (1, 2)?*
#
# The three sums are 1 + 2 = 3, 1 - 2 = -1, and -2 + 4 - 1 = 1. The ReLU makes 0 of the
# second one, so its weight 5 does not matter. What is left is 1 · 3 + 2 · 1 + 1.

import torch

from nnbasics.exercises import check_hidden_by_hand

sums = [1 * 1 + 1 * 2 + 0, 1 * 1 - 1 * 2 + 0, -2 * 1 + 2 * 2 - 1]
hidden = [max(0, one_sum) for one_sum in sums]
output = 1 * hidden[0] + 5 * hidden[1] + 2 * hidden[2] + 1
print("sums:", sums, "hidden:", hidden, "output:", output)
feedback = check_hidden_by_hand(output)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "1 · 3 + 2 · 1 + 1 is the output"
# sphinx_gallery_end_ignore

# %%
# 5.2 Without the ReLU
# ~~~~~~~~~~~~~~~~~~~~
#
# *Somebody forgot the ReLU, and has trained a network with 1,000 hidden units to answer
# XOR. How many of the four answers can be right, at most?*
#
# Without the ReLU, the two layers are two products with matrices in a row, and such a
# product is one product with one matrix, however many units lie between. So the output
# is affine. By the sum of the lesson not all four can be right. Three can: say yes
# where the sum of the inputs is more than one half. Only (1, 1) is wrong then.

from nnbasics import xor_dataset
from nnbasics.exercises import check_without_relu

inputs, targets = xor_dataset()
torch.manual_seed(0)
w1, w2 = torch.randn(2, 1000), torch.randn(1000, 1)
torch.testing.assert_close(inputs @ w1 @ w2, inputs @ (w1 @ w2), rtol=0, atol=0.001)

says_yes = inputs.sum(dim=1) > 0.5  # (4,)
right = says_yes == targets.flatten().bool()
print("right:", right.tolist())
feedback = check_without_relu(right.sum())
print(feedback)
# sphinx_gallery_start_ignore
assert right.tolist() == [True, True, True, False], "only (1, 1) is wrong then"
assert feedback.status == "right", "three can be right"
# sphinx_gallery_end_ignore

# %%
# 5.3 One word exchanged
# ~~~~~~~~~~~~~~~~~~~~~~
#
# *A sentence has six words, and you exchange one of them. At how many words does the
# output change: that of a feed-forward network, of a layer of attention, of a
# feed-forward network which gets the outputs of the attention?*
#
# The feed-forward network sees one word at a time: one output changes. In attention
# every word looks at the new one, so all change. Then all six inputs of the network
# behind it have changed, and so do its outputs. Count them, in layers with random
# numbers.

from nnbasics import FeedForward, MultiHeadAttention
from nnbasics.exercises import check_exchanged_word

x = torch.randn(1, 6, 16)  # (1 sentence, 6 words, 16 numbers)
exchanged = x.clone()
exchanged[0, 3] = torch.randn(16)
attention, network = MultiHeadAttention(16, num_heads=2), FeedForward(16, d_hidden=64)


def count_changes(layer):
    """Say at how many words the output changes: "all", "one" or "none"."""
    changed = (layer(exchanged) - layer(x)).abs().amax(dim=-1) > 1e-6  # (1, 6)
    return {6: "all", 1: "one", 0: "none"}[changed.sum().item()]


answers = [
    count_changes(network),
    count_changes(lambda sentence: attention(sentence)[0]),
    count_changes(lambda sentence: network(attention(sentence)[0])),
]
feedback = check_exchanged_word(*answers)
print(feedback)
# sphinx_gallery_start_ignore
assert answers == ["one", "all", "all"], "one output changes, then all, then all"
assert feedback.status == "right", "one, all, all is right"
# sphinx_gallery_end_ignore

# %%
# 5.4 The size of a block
# ~~~~~~~~~~~~~~~~~~~~~~~
#
# *The matrices of an attention layer and of a feed-forward network with four times*
# :math:`d_{model}` *hidden units have 27,648 numbers together, biases not counted. How
# large is* :math:`d_{model}` *?*
#
# Attention has four matrices of :math:`d^2` numbers, the network two of :math:`4 d^2`.
# So 27,648 is :math:`12 d^2`, and :math:`d^2` is 2,304.

from nnbasics.exercises import check_block_size

feedback = check_block_size((27648 / 12) ** 0.5)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the root of 2,304 is right"
assert 27648 / 12 == 2304, "27,648 is 12 times 2,304"
# sphinx_gallery_end_ignore

# %%
# 5.5 Two units off
# ~~~~~~~~~~~~~~~~~
#
# *In a memory of facts, switching one unit off loses 3 facts, and switching another one
# off, by itself, loses 4. How many are lost when both are off?*
#
# Try all pairs of the lesson's 16 units, and compare what is lost with both off to what
# the two lose one by one, added up.

from itertools import combinations

from nnbasics.exercises import check_two_units_off
from nnbasics.experiments import FactModel, facts_that_hold, train_facts

numbers = torch.arange(32)
start = torch.Generator().manual_seed(0)
memory = FactModel(32, 32, d_model=8, d_hidden=16, generator=start)
train_facts(memory, numbers)


def count_lost(*units):
    """Count the facts that are lost with these units off."""
    return (~facts_that_hold(memory, numbers, off=units)).sum().item()


pairs = [*combinations(range(16), 2)]
more = [pair for pair in pairs if count_lost(*pair) > sum(map(count_lost, pair))]
fewer = [pair for pair in pairs if count_lost(*pair) < sum(map(count_lost, pair))]
first, second = more[0]
print(f"unit {first} loses {count_lost(first)}, unit {second} {count_lost(second)}")
print("both lose", count_lost(first, second))
print(f"of {len(pairs)} pairs, {len(more)} lose more than the sum, {len(fewer)} fewer")
feedback = check_two_units_off("more, too")
print(feedback)
# sphinx_gallery_start_ignore
assert len(more) > 3, "there are pairs that lose more than the two one by one"
assert len(fewer) > 5, "and pairs that lose fewer"
assert feedback.status == "right", "it can be more, too"
# sphinx_gallery_end_ignore

# %%
# Some facts are lost with either unit, and count twice in the sum. Others hold as long
# as one of the two units is on, and are lost only with both.
#
# 5.6 The feed-forward network
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *Write the feed-forward network.*
#
# A row of ``x`` is a word. ``x @ w1`` lets each row meet each column of ``w1``, so that
# each word has its own hidden units. ``clamp(min=0)`` makes 0 of what is negative, as
# ``torch.relu`` does.

from nnbasics.exercises import check_feed_forward


def my_feed_forward(x, w1, b1, w2, b2):
    """Give each word its output."""
    hidden = (x @ w1 + b1).clamp(min=0)  # (length, d_hidden)
    return hidden @ w2 + b2  # (length, d_model)


feedback = check_feed_forward(my_feed_forward)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the network by hand is right"
# sphinx_gallery_end_ignore
