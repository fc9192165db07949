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
# *Each place has a vector of four numbers. One hand turns by 1 radian a place, the
# other by 0.1. What is the dot product of the vectors of the places 3 and 8?*
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

from nnbasics.exercises import check_product_of_places

product = math.cos(5 * 1) + math.cos(5 * 0.1)
feedback = check_product_of_places(product)
print(f"{math.cos(5):.3f} + {math.cos(0.5):.3f} = {product:.3f}")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "5 times 1, and 5 times 0.1"
# sphinx_gallery_end_ignore

# %%
# 4.2 Three changed tables
# ~~~~~~~~~~~~~~~~~~~~~~~~
#
# *The table of places is changed. Does the dot product of two rows still depend on
# their distance alone: with sines and cosines in each other's columns; with only the
# cosines; with all hands turned twice as fast?*
#
# A product adds up all columns, so their order does not matter: yes. The rule
# :math:`\sin a \sin b + \cos a \cos b = \cos(a - b)` needs the sines: with cosines
# alone, no. And it holds for all angles, also for those that are twice as large: yes.
#
# Here are the products of neighbours, in the three tables.

import torch

from nnbasics.exercises import check_changed_tables

angles = torch.arange(8)[:, None] * torch.tensor([1.0, 0.1])  # (length, 2 hands)
sines, cosines = angles.sin(), angles.cos()
tables = {
    "swapped": torch.cat([cosines, sines], dim=1),
    "cosines only": cosines,
    "twice as fast": torch.cat([(2 * angles).sin(), (2 * angles).cos()], dim=1),
}
for name, table in tables.items():
    neighbours = (table @ table.T).diagonal(1)  # the places 0 and 1, 1 and 2, and so on
    print(f"{name:14}", *(f"{number:5.2f}" for number in neighbours))
feedback = check_changed_tables("yes", "no", "yes")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "yes, no, yes"
spreads = [
    (table @ table.T).diagonal(1).max() - (table @ table.T).diagonal(1).min()
    for table in tables.values()
]
assert spreads[0] < 1e-4, "the order of the columns does not matter"
assert spreads[1] > 0.5, "with cosines alone the products of neighbours differ"
assert spreads[2] < 1e-4, "it holds for angles that are twice as large"
# sphinx_gallery_end_ignore

# %%
# 4.3 The slower pair
# ~~~~~~~~~~~~~~~~~~~
#
# *A query has four numbers, and the base is 10,000. After how many places has the
# slower of its two pairs made one whole turn, rounded to a whole number?*
#
# Pair 1 turns per place by :math:`10000^{-2 \cdot 1 / 4}`, which is one divided by the
# root of 10,000: 0.01. A whole turn is :math:`2\pi`.

from nnbasics.exercises import check_slowest_pair

speed = 10000 ** (-2 * 1 / 4)
feedback = check_slowest_pair(2 * math.pi / speed)
print(f"{2 * math.pi:.3f} / {speed:.2f} = {2 * math.pi / speed:.1f}")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "one divided by the root of 10,000: 0.01"
# sphinx_gallery_end_ignore

# %%
# 4.4 Words that move
# ~~~~~~~~~~~~~~~~~~~
#
# *A model with RoPE compares a query with a key that stands five places before it. What
# becomes of the score when ten words are put before both; when ten words are put
# between the two; when the two words change places, and keep their query and key?*
#
# Try it with a random query and key. At first they stand at the places 5 and 0.

from nnbasics import rotate
from nnbasics.exercises import check_moved_words

query, key = torch.randn(2, 1, 8, generator=torch.Generator().manual_seed(0))


def score(place_of_query, place_of_key):
    """Rotate both, and multiply."""
    rotated = rotate(query, offset=place_of_query) * rotate(key, offset=place_of_key)
    return rotated.sum().item() / 8**0.5


print(f"at first:             {score(5, 0):.3f}")
print(f"ten words before:     {score(15, 10):.3f}")
print(f"ten words between:    {score(15, 0):.3f}")
print(f"in the other's place: {score(0, 5):.3f}")
feedback = check_moved_words("stays", "changes", "changes")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "stays, changes, changes"
assert abs(score(15, 10) - score(5, 0)) < 1e-4, "with ten words before both it stays"
for moved in (score(15, 0), score(0, 5)):
    assert abs(moved - score(5, 0)) > 0.1, "between, and swapped, it changes"
# sphinx_gallery_end_ignore

# %%
# The last one may surprise you: the two are as far apart as before. But a rotation to
# the left is not one to the right. What counts is the distance with its sign: how many
# places the key stands *before* the query.

# %%
# 4.5 Two keys with ALiBi
# ~~~~~~~~~~~~~~~~~~~~~~~
#
# *With ALiBi half a point is taken off for each place of distance. Two keys would have
# the same score without it. One stands 1 place back, the other 4. Divide the weight of
# the first by that of the second.*
#
# The first score loses 0.5, the second 2: they differ by 1.5. The softmax raises e to
# each score, and divides both by the same total. So the weights have the ratio
# :math:`e^{1.5}`, whatever other keys there are.

from nnbasics.exercises import check_alibi_ratio

distances = torch.arange(6.0)  # 0 to 5 places back
weights = (-0.5 * distances).softmax(dim=0)  # all other things equal
print("weights:", *(f"{weight:.3f}" for weight in weights))
print(f"{weights[1]:.3f} / {weights[4]:.3f} = {weights[1] / weights[4]:.2f}")
feedback = check_alibi_ratio(weights[1] / weights[4])
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the weights have the ratio e^1.5"
# sphinx_gallery_end_ignore

# %%
# This is the picture of all six weights. It is why ALiBi cannot point: from each key to
# the next one further back the weight falls.

from matplotlib import pyplot as plt

from nnbasics import plotting

names = [str(distance) for distance in range(6)]
figure = plotting.plot_bars(
    dict(zip(names, weights.tolist(), strict=True)),
    xlabel="places back",
    ylabel="weight",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "Six bars, the weights of keys 0 to 5 places back. They fall from "
    f"{weights[0]:.2f} to {weights[5]:.2f}. Each is 0.61 times the one before."
)
assert (weights[1:] < weights[:-1]).all(), "from each key to the next the weight falls"
# sphinx_gallery_end_ignore
plt.show()

# %%
# 4.6 Rotate
# ~~~~~~~~~~
#
# *Write* ``rotate``. ``x`` *has the shape (length, d_head), and the first row stands at
# place 0. Neighbours are pairs.*
#
# First the angles: a row for each place, a column for each pair. Then the first and the
# second numbers of all pairs, turned by the formula. At the end each pair has to stand
# side by side again: ``stack`` makes pairs, ``flatten`` puts them in a row.

from nnbasics.exercises import check_rotate


def my_rotate(x, base):
    """Turn each pair of numbers by its angle."""
    length, d_head = x.shape
    pair = torch.arange(d_head // 2)
    speeds = base ** (-2 * pair / d_head)  # (pairs,)
    angles = torch.arange(length)[:, None] * speeds  # (length, pairs)
    first, second = x[:, 0::2], x[:, 1::2]  # each (length, pairs)
    new_first = first * angles.cos() - second * angles.sin()
    new_second = first * angles.sin() + second * angles.cos()
    return torch.stack([new_first, new_second], dim=-1).flatten(1)  # (length, d_head)


feedback = check_rotate(my_rotate)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the angles, the formula, and pairs side by side"
# sphinx_gallery_end_ignore

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
# *A sentence has six words, and you exchange one of them for another word. At how many
# words does the output change: that of a feed-forward network, of a layer of attention,
# of a feed-forward network which gets the outputs of the attention?*
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
# off, by itself, loses 4. How many can be lost when both are off?*
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
feedback = check_two_units_off("fewer, 7 or more")
print(feedback)
# sphinx_gallery_start_ignore
assert len(more) > 3, "there are pairs that lose more than the two one by one"
assert len(fewer) > 5, "and pairs that lose fewer"
assert feedback.status == "right", "it can be fewer, 7 or more"
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

# %%
# Lesson 6: the block
# -------------------
#
# The exercises stand at the end of :doc:`the block </transformer/block>`.
#
# 6.1 The parameters of a small block
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *A block has* :math:`d_{model}` *16, four heads, and only 32 hidden units. How many
# parameters does it have, with all biases and both norms?*
#
# Attention has four matrices of 16 × 16 and four biases of 16 numbers, the network two
# matrices of 16 × 32 and biases of 32 and 16, and each norm a gain and a bias of 16.
# The number of heads changes nothing.

from nnbasics import TransformerBlock
from nnbasics.exercises import check_block_parameters

by_hand = 4 * (16 * 16 + 16) + (2 * 16 * 32 + 32 + 16) + 2 * (16 + 16)
block = TransformerBlock(d_model=16, num_heads=4, d_hidden=32)
print(by_hand, "by hand;", sum(p.numel() for p in block.parameters()), "in the block")
feedback = check_block_parameters(by_hand)
print(feedback)
# sphinx_gallery_start_ignore
assert by_hand == sum(p.numel() for p in block.parameters()), "as many as it has"
assert feedback.status == "right", "the count by hand is right"
# sphinx_gallery_end_ignore

# %%
# 6.2 Four blocks, two leaks
# ~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *In the first,* ``mask`` *is the causal mask, and each norm takes the mean and the
# variance of a word's own numbers. B has* ``mask.T`` *, C its norms after each sum, D
# norms over all words. Which of them let a word see what comes later?*
#
# A part that works on each word by itself cannot leak. Attention can, and the mask
# stands before it: exchanged, it shows the later words in the place of the earlier
# ones. Where a norm stands does not matter. But a norm over all words mixes them, and
# no mask stands before it. The lesson's probe: exchange the last of five words, and see
# whether an earlier output moves.

from nnbasics import causal_mask
from nnbasics.exercises import check_leaks


class NormOfColumns(torch.nn.Module):
    """Norm each column over all words: the mistake of D."""

    def forward(self, x):
        """Take the mean and the variance of each column, and norm with them."""
        centred = x - x.mean(dim=1, keepdim=True)
        return centred / (x.var(dim=1, correction=0, keepdim=True) + 1e-5).sqrt()


generator = torch.Generator().manual_seed(0)
x = torch.randn(1, 5, 16, generator=generator)
changed = x.clone()
changed[0, 4] = torch.randn(16, generator=generator)
columns = TransformerBlock(16, 2)
columns.norm1 = NormOfColumns()
blocks = {
    "A": (TransformerBlock(16, 2), causal_mask(5)),
    "B": (TransformerBlock(16, 2), causal_mask(5).T),
    "C": (TransformerBlock(16, 2, norm_first=False), causal_mask(5)),
    "D": (columns, causal_mask(5)),
}
answers = []
for name, (block, mask) in blocks.items():
    moved = block(changed, mask)[0] - block(x, mask)[0]
    answers.append("leaks" if moved[0, :4].abs().max() > 1e-4 else "holds")
    print(f"{name}: earlier outputs move by up to {moved[0, :4].abs().max():.3f}")
feedback = check_leaks(*answers)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "B and D leak, A and C hold"
# sphinx_gallery_end_ignore

# %%
# 6.3 One normed number
# ~~~~~~~~~~~~~~~~~~~~~
#
# *A layer norm gets the vector (8, 6, 4, 2). Its gain is 1, its bias 0, and eps so
# small that it does not matter. What is the first number that it gives?*
#
# The mean is 5. What is left is 3, 1, -1 and -3, with the squares 9, 1, 1 and 9. Their
# mean, divided by 4, is 5. With :math:`n - 1`, divided by 3, it would be 6.67.

from nnbasics.exercises import check_normed_number

vector = torch.tensor([8.0, 6, 4, 2])
first = (8 - 5) / 5**0.5
print(f"by hand: {first:.3f}")
print(f"by nn.LayerNorm: {torch.nn.LayerNorm(4)(vector)[0]:.3f}")
print(f"with n - 1: {(8 - 5) / vector.std():.3f}")
feedback = check_normed_number(first)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "3 divided by the root of 5 is right"
assert abs(torch.nn.LayerNorm(4)(vector)[0] - first) < 1e-4, "as nn.LayerNorm"
# sphinx_gallery_end_ignore

# %%
# 6.4 Five stacks
# ~~~~~~~~~~~~~~~
#
# *Five stacks of 32 feed-forward parts f, each with its random start, are trained as on
# the page, at the rate 0.003. One of them learns. Which?*
#
# One of them hands :math:`x` on as it is. With half of :math:`x` it is half of a half
# of a half, 32 times: less than a billionth. Train all five. The orders of the lesson
# are in a dictionary, which takes new ones.

from nnbasics.exercises import check_deep_stack
from nnbasics.experiments import ORDERS, FeedForwardStack, train_stack

stacks = {
    "f(x)": lambda x, f, _: f(x),
    "norm(f(x))": lambda x, f, norm: norm(f(x)),
    "f(norm(x))": lambda x, f, norm: f(norm(x)),
    "x/2 + f(x)": lambda x, f, _: x / 2 + f(x),
    "x + f(norm(x))": lambda x, f, norm: x + f(norm(x)),
}
accuracies = {}
for name, order in stacks.items():
    ORDERS[name] = order
    generator = torch.Generator().manual_seed(0)
    stack = FeedForwardStack(name, depth=32, generator=generator)
    accuracies[name] = train_stack(stack, generator, rate=0.003).accuracy
    del ORDERS[name]  # it is as it was
    print(f"{name:14} accuracy {accuracies[name]:.2f}")
best = max(accuracies, key=accuracies.get)
feedback = check_deep_stack(best)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "x + f(norm(x)) learns"
assert sorted(accuracies.values())[3] < 0.8, "and the other four do not"
# sphinx_gallery_end_ignore

# %%
# 6.5 A forgotten plus sign
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *Ten parts all compute* :math:`f(x) = 0.1 \cdot x` *, with one number. Each has a
# residual connection, but in one of them it was forgotten. With what is a gradient
# multiplied on its way back through all ten?*
#
# A part with a residual connection makes 1.1 of 1, so its slope is 1.1. Where it was
# forgotten the slope is 0.1. The chain rule multiplies all ten. PyTorch finds the same.

from nnbasics.exercises import check_forgotten_residual

x = torch.tensor(1.0, requires_grad=True)
y = x
for part in range(10):
    y = 0.1 * y if part == 4 else y + 0.1 * y  # forgotten in one of them
y.backward()
print(f"by hand: {0.1 * 1.1**9:.4f}, by PyTorch: {x.grad:.4f}")
feedback = check_forgotten_residual(0.1 * 1.1**9)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "nine times 1.1, and once 0.1"
assert abs(x.grad - 0.1 * 1.1**9) < 1e-6, "PyTorch finds the same"
# sphinx_gallery_end_ignore

# %%
# 6.6 Layer normalization
# ~~~~~~~~~~~~~~~~~~~~~~~
#
# *Write layer normalization.*
#
# ``dim=-1`` takes each row by itself, and ``keepdim=True`` keeps its mean as a column,
# so that it is taken off from its own row. ``correction=0`` divides by :math:`n`.

from nnbasics.exercises import check_layer_norm


def my_layer_norm(x, gain, bias, eps):
    """Norm each word by itself."""
    centred = x - x.mean(dim=-1, keepdim=True)
    variance = x.var(dim=-1, correction=0, keepdim=True)  # (length, 1)
    return centred / (variance + eps).sqrt() * gain + bias


feedback = check_layer_norm(my_layer_norm)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the norm by hand is right"
# sphinx_gallery_end_ignore

# %%
# Lesson 7: two layers that copy
# ------------------------------
#
# The exercises stand at the end of
# :doc:`two layers that copy </transformer/induction_heads>`.
#
# 7.1 Which head?
# ~~~~~~~~~~~~~~~
#
# *Four heads read "a b c d e a b c". Which of them is an induction head, by its weights
# at the last letter?*
#
# The last letter is c. It stood at place 2 before, counted from 0, and after it, at
# place 3, came d. An induction head looks there. Head w looks at the one before, head x
# at the earlier c itself, and head z everywhere.

from nnbasics.exercises import check_which_head

sequence = "abcdeabc"
after_the_copy = sequence.index("c") + 1
rows = {
    "w": [0.02, 0.01, 0.03, 0.02, 0.02, 0.04, 0.81, 0.05],
    "x": [0.01, 0.03, 0.84, 0.04, 0.02, 0.01, 0.02, 0.03],
    "y": [0.03, 0.01, 0.05, 0.83, 0.03, 0.02, 0.02, 0.01],
    "z": [0.12, 0.13, 0.12, 0.13, 0.13, 0.12, 0.13, 0.12],
}
head = max(rows, key=lambda name: rows[name][after_the_copy])
feedback = check_which_head(head)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "head y looks at the d after the earlier c"
assert rows["w"].index(max(rows["w"])) == 6, "head w looks at the one before"
assert rows["x"].index(max(rows["x"])) == 2, "head x looks at the earlier c itself"
# sphinx_gallery_end_ignore

# %%
# 7.2 Heads that are off
# ~~~~~~~~~~~~~~~~~~~~~~
#
# *Head 0 of layer 0 looks at the one before, and head 1 at nothing in particular. Both
# heads of layer 1 are induction heads, and each of them alone is enough. What does the
# model do without head 0 of layer 0, without head 0 of layer 1, and without both heads
# of layer 1?*
#
# The chain has two links: one head that writes down what stands before, and one that
# looks it up. The first link is a single head, and without it nothing can be looked up.
# The second link is there twice: without one of the two heads the other goes on,
# without both there is nothing to go on with.

from nnbasics.exercises import check_heads_off

feedback = check_heads_off("does not copy", "copies", "does not copy")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the first link is there once, the second twice"
# sphinx_gallery_end_ignore

# %%
# 7.3 Always seven
# ~~~~~~~~~~~~~~~~
#
# *A model was trained on sequences that always repeat after seven letters. It reads "a
# b c d e f g h a b". Which letter does it name as the next?*
#
# The next letter would stand at place 10, counted from 0. The model names what stands
# seven places before, at place 3. (By induction it would be c.)

from nnbasics.exercises import check_fixed_repeat

sequence = "abcdefghab"
named = sequence[len(sequence) - 7]
feedback = check_fixed_repeat(named)
print(named, feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "at place 3 stands d"
# sphinx_gallery_end_ignore

# %%
# 7.4 The entropy of a tiny grammar
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *One of two determiners, in half of the sentences one of two adjectives, and one of
# eight nouns, all words of a kind as likely. What is the entropy in nats a sentence?*
#
# Add up what each choice costs. Whether there is an adjective is a choice, too. Which
# one it is has to be chosen in half of the sentences only.

from math import log

from nnbasics.exercises import check_tiny_grammar

determiner, is_there_an_adjective, adjective, noun = log(2), log(2), log(2) / 2, log(8)
entropy = determiner + is_there_an_adjective + adjective + noun
feedback = check_tiny_grammar(entropy)
print(f"{entropy:.2f}", feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "5.5 times log 2"
# sphinx_gallery_end_ignore

# %%
# 7.5 What reads the first layer
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *In "... A B ... A" layer 1 has to read what layer 0 wrote about the letter before.
# With which of its projections?*
#
# With that of the key: B is to be found by the A before it. To see it, let the query,
# the key or the value of layer 1 be made of the embeddings alone, as if layer 0 had
# written nothing. Only the key cannot do without.

import nnbasics
from nnbasics.exercises import check_what_reads
from nnbasics.experiments import InductionModel, repeated_tokens, train_induction

start = torch.Generator().manual_seed(0)
model = InductionModel(2, generator=start)
train_induction(model, start)
model.requires_grad_(False)
tokens = repeated_tokens(200, 8, start)  # (200, 16)


def share_copied_without(name):
    """Give the share of right letters if one projection does not see layer 0."""
    embedded = model.embedding(tokens)  # (200, 16, 32)
    after_layer_0 = embedded + model.layers[0](embedded)[0]
    layer = model.layers[1]
    query, key, value = (
        nnbasics.split_heads(
            projection(embedded if name == its_name else after_layer_0), 2
        )
        for its_name, projection in [
            ("query", layer.q_proj),
            ("key", layer.k_proj),
            ("value", layer.v_proj),
        ]
    )
    heads, _ = nnbasics.scaled_dot_product_attention(
        nnbasics.rotate(query),
        nnbasics.rotate(key),
        value,
        nnbasics.causal_mask(16),
    )
    x = after_layer_0 + layer.out_proj(nnbasics.merge_heads(heads))  # (200, 16, 32)
    named = model.unembedding(x).argmax(dim=-1)  # (200, 16)
    return (named[:, 8:-1] == tokens[:, 9:]).float().mean().item()


shares = {name: share_copied_without(name) for name in ["query", "key", "value"]}
for name, share in shares.items():
    print(f"{name} without layer 0: {share:.2f} right")
feedback = check_what_reads(min(shares, key=shares.get))
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "only the key cannot do without layer 0"
assert shares["key"] < 0.4, "without layer 0 in the key most is lost"
assert min(shares["query"], shares["value"]) > 0.8, "the other two can do without"
# sphinx_gallery_end_ignore

# %%
# 7.6 Induction as a rule
# ~~~~~~~~~~~~~~~~~~~~~~~
#
# *Return the token that came after the last earlier copy of the last token, and -1 if
# it has no earlier copy.*
#
# Look for the last token among those before it, and leave it out itself: it would find
# itself, and nothing stands after it. ``nonzero`` gives the places, the last of them
# last.

from nnbasics.exercises import check_induction


def my_induction(tokens):
    """Say which token came after the last token, the last time."""
    copies = (tokens[:-1] == tokens[-1]).nonzero().flatten()
    if len(copies) == 0:
        return -1
    return tokens[copies[-1] + 1]


feedback = check_induction(my_induction)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the token after the last earlier copy, or -1"
# sphinx_gallery_end_ignore
