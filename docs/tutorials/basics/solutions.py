"""
Worked answers
==============

Here is every exercise of the three lessons again, with an answer that you can follow
step by step.

If you have not tried an exercise yet, try it first: the checker's hints bring you
further than a finished answer. If you are stuck, read the words here, stop before the
code, and go back.

The checkers take any answer that gives the right results. If yours looks different from
the one on this page and the checker says "right", yours is right.
"""

# %%
# Lesson 1: the XOR network
# -------------------------
#
# The exercises stand at the end of :doc:`the XOR network </basics/xor_network>`.
#
# 1.1 Hidden units from a count
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *A network has three inputs, one hidden layer and one output, and 41 parameters. How
# many hidden units does it have?*
#
# Ask what one hidden unit brings. A line comes in from each of the 3 inputs: 3 weights.
# One line leaves it for the output: 1 weight. It has 1 bias. That makes 5 parameters
# for each hidden unit.
#
# One parameter belongs to no hidden unit, the bias of the output. With :math:`h` hidden
# units there are :math:`5h + 1` parameters, and from :math:`5h + 1 = 41` follows
# :math:`h = 8`. An input computes nothing, so it has no bias.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 9
# sphinx_gallery_lesson = False

import torch

from nnbasics.exercises import check_hidden_units

each = 3 + 1 + 1  # weights that come in, a weight that goes out, a bias
feedback = check_hidden_units((41 - 1) / each)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "from 5h + 1 = 41 follows h = 8"
# sphinx_gallery_end_ignore

# %%
# 1.2 One hidden unit
# ~~~~~~~~~~~~~~~~~~~
#
# *With one hidden unit instead of four, how many of the 100 seeds solve XOR?*
#
# The lesson showed that one neuron draws one line, and that no line parts the points of
# XOR. Here there are two neurons, one behind the other. Does the second one help?
#
# It does not. The output sees one number, the activation of the hidden unit. On a line
# of the plane on which the hidden unit's sum is the same, this number is the same, and
# so is the output. From one such line to the next the hidden unit only rises, or only
# falls, and so does the output. It passes one half on one of these lines at most: the
# boundary is still one straight line.

from nnbasics import is_solved, predictions_over_seeds
from nnbasics.exercises import check_one_hidden_unit

predictions = predictions_over_seeds([10.0], range(100), hidden_size=1)
solved = is_solved(predictions).sum().item()
feedback = check_one_hidden_unit(solved)
print(f"solved: {solved} of 100 seeds")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "one unit behind the other does not help: the boundary is a straight line"
)
# sphinx_gallery_end_ignore

# %%
# 1.3 A loss by hand
# ~~~~~~~~~~~~~~~~~~
#
# *The predictions are 0.1, 0.8, 0.7 and 0.4, the targets 0, 1, 1 and 0. What is the
# mean squared error?*
#
# Go through the name from its end to its beginning. The *errors* are prediction minus
# target: 0.1, -0.2, -0.3 and 0.4. *Squared*, they are 0.01, 0.04, 0.09 and 0.16: a
# square is never negative. Their *mean* is their sum, 0.30, divided by 4.

from nnbasics.exercises import check_loss_by_hand

predictions, targets = [0.1, 0.8, 0.7, 0.4], [0, 1, 1, 0]
squares = [(p - t) ** 2 for p, t in zip(predictions, targets, strict=True)]
loss = sum(squares) / 4
feedback = check_loss_by_hand(loss)
print(f"squares: {[round(square, 2) for square in squares]}, mean: {loss:.3f}")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "the mean is the sum of the squares, 0.30, divided by 4"
)
# sphinx_gallery_end_ignore

# %%
# 1.4 One unit that computes AND
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *Choose the weights and the bias of a sigmoid unit: above 0.9 for (1, 1), below 0.1
# for the other points.*
#
# The sigmoid is above one half when the sum is above 0. So the sum has to be positive
# for (1, 1) and negative everywhere else. Both inputs matter in the same way: give them
# the same weight :math:`w`. The sums are then
#
# .. math::
#
#    b, \qquad w + b, \qquad w + b, \qquad 2w + b
#
# for (0, 0), (0, 1), (1, 0) and (1, 1). You want :math:`w + b` below 0 and :math:`2w +
# b` above 0. Put the bias halfway: :math:`b = -\tfrac{3}{2} w`. Then these two sums are
# :math:`-\tfrac{1}{2} w` and :math:`+\tfrac{1}{2} w`.
#
# With :math:`w = 1` the sigmoid of one half is only 0.62. That is on the right side,
# but not above 0.9. A larger :math:`w` pushes all sums away from 0. With :math:`w = 20`
# they are -30, -10, -10 and 10.

from nnbasics.exercises import check_and_unit

flat = torch.sigmoid(torch.tensor(0.5))
print(f"with w = 1, the output for (1, 1) is {flat:.2f}")
# sphinx_gallery_start_ignore
assert round(flat.item(), 2) == 0.62, "with w = 1 the sigmoid of one half is only 0.62"
# sphinx_gallery_end_ignore

and_unit = (20, 20, -30)
feedback = check_and_unit(and_unit)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "with w = 20 the sums are -30, -10, -10 and 10: far enough from 0"
)
# sphinx_gallery_end_ignore

# %%
# 1.5 XOR without training
# ~~~~~~~~~~~~~~~~~~~~~~~~
#
# *Choose the nine numbers of a network with two hidden units that computes XOR.*
#
# XOR says: this one or that one, but not both. That sentence has three parts, and each
# can be the job of one unit.
#
# - *This one or that one*: the first hidden unit computes OR. Take the unit from above
#   and move the bias, so that one input is enough: :math:`b = -\tfrac{1}{2} w`.
# - *Not both*: the second hidden unit computes the opposite of AND, which is called
#   NAND. Turn all signs of the AND unit: what was above 0 is now below.
# - *But*, which means *and*: the output unit computes AND of the two hidden units. You
#   have that one already.

from nnbasics.exercises import check_xor_by_hand

or_unit = (20, 20, -10)
nand_unit = (-20, -20, 30)
feedback = check_xor_by_hand(or_unit, nand_unit, and_unit)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "AND of the OR unit and the NAND unit is XOR"
# sphinx_gallery_end_ignore

# %%
# Here is the network with the input (1, 1). OR says 1. NAND says 0, and so the output
# unit, which wants both, says 0.

import matplotlib.pyplot as plt

from nnbasics import XORNetwork
from nnbasics.plotting import plot_forward_pass

network = XORNetwork(hidden_size=2).requires_grad_(False)
network.fc1.weight[:] = torch.tensor([or_unit[:2], nand_unit[:2]])
network.fc1.bias[:] = torch.tensor([or_unit[2], nand_unit[2]])
network.fc2.weight[:] = torch.tensor(and_unit[:2])
network.fc2.bias[:] = and_unit[2]

both = torch.tensor([1.0, 1.0])
figure = plot_forward_pass(network, both)
# sphinx_gallery_start_ignore
computed, units = network(both)
figure.set_label(
    "The network built by hand, with the input (1, 1). The OR unit gives "
    f"{units[0]:.2f}, the NAND unit {units[1]:.2f}, and the output unit "
    f"{computed.item():.2f}."
)
assert units[0] > 0.99, "with the input (1, 1), OR says 1"
assert units[1] < 0.01, "with the input (1, 1), NAND says 0"
assert computed < 0.01, "the output unit, which wants both, says 0"
# sphinx_gallery_end_ignore
plt.show()

# %%
# 1.6 The slope of a weight
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *One unit has the prediction* :math:`p = \sigma(wx + b)` *and the loss*
# :math:`(p - t)^2`. *Write the slope of the loss for* :math:`w`.
#
# Write down the chain from the weight to the loss: the weight makes the sum
# :math:`z = wx + b`, the sum makes the prediction :math:`p`, the prediction makes the
# loss. Three links, three slopes:
#
# - from :math:`w` to :math:`z`: the weight is multiplied by :math:`x`, so the slope is
#   :math:`x`;
# - from :math:`z` to :math:`p`: the slope of the sigmoid, its own value times one minus
#   its value, :math:`p\,(1 - p)`;
# - from :math:`p` to the loss: the slope of a square, :math:`2\,(p - t)`.
#
# The chain rule says: multiply.

from nnbasics.exercises import check_weight_slope


def slope_of_weight(w, x, b, t):
    """Return the slope of the loss with respect to w."""
    p = torch.sigmoid(w * x + b)
    return 2 * (p - t) * p * (1 - p) * x


feedback = check_weight_slope(slope_of_weight)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "the slope is the product of the three slopes in the chain"
)
# sphinx_gallery_end_ignore

# %%
# Lesson 2: attention
# -------------------
#
# The exercises stand at the end of :doc:`attention </basics/attention>`.
#
# 2.1 The share of a key
# ~~~~~~~~~~~~~~~~~~~~~~
#
# *The queries and keys have 64 numbers. The dot products of a query with two keys are
# 16 and 0. What share of the attention does the first key get?*
#
# Scale first: :math:`\sqrt{64} = 8`, so the scores are :math:`16 / 8 = 2` and
# :math:`0 / 8 = 0`. Then the softmax. The powers are :math:`e^2 \approx 7.39` and
# :math:`e^0 = 1`, and their sum is 8.39. The first key gets 7.39 / 8.39, which is 0.88.
#
# Without the division the powers would be :math:`e^{16}`, almost nine million, and 1.

from nnbasics.exercises import check_share

scores = torch.tensor([16.0, 0.0]) / 64**0.5  # 2, 0
powers = scores.exp()
share = (powers[0] / powers.sum()).item()
feedback = check_share(share)
print(f"{share:.2f}")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the first key gets 7.39 / 8.39, which is 0.88"
assert abs(powers[0] - 7.39) < 0.005, "the power is about 7.39"
assert 8.8e6 < torch.tensor(16.0).exp() < 9e6, "almost nine million"
# sphinx_gallery_end_ignore

# %%
# 2.2 Scores times ten, and one more key
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *What happens to the largest weight of the row 1, 2 and 3 when you multiply all its
# scores by 10? And when one more key joins, with the score 0?*
#
# The ratio of two weights is :math:`e^{s_1} / e^{s_2} = e^{s_1 - s_2}`. Only the *gap*
# between the scores counts.
#
# Times ten, a gap of 1 becomes a gap of 10. The ratio grows from :math:`e`, about 2.7,
# to :math:`e^{10}`, about 22,000. The weights sum to 1, so the largest one grows.
#
# One more key adds its power, :math:`e^0 = 1`, to the sum that all powers are divided
# by. So all weights that were there shrink a little, the largest too. The score 0 is
# not the weight 0.

from nnbasics.exercises import check_largest_weight

row = torch.tensor([1.0, 2.0, 3.0])
longer = torch.tensor([1.0, 2.0, 3.0, 0.0])
as_it_is, times_ten, one_more = (
    scores.softmax(dim=-1).max() for scores in (row, row * 10, longer)
)
print(f"as it is {as_it_is:.4f}, times ten {times_ten:.4f}, one more {one_more:.4f}")
# sphinx_gallery_start_ignore
assert times_ten > as_it_is, "times ten, the largest weight grows"
assert one_more < as_it_is, "with one more key, the largest weight shrinks"
assert 22_000 < torch.tensor(10.0).exp() < 22_100, "e to the power of 10: about 22,000"
# sphinx_gallery_end_ignore

feedback = check_largest_weight("grows", "shrinks")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "times ten, the largest weight grows; with one more key it shrinks"
)
# sphinx_gallery_end_ignore

# %%
# 2.3 Softmax
# ~~~~~~~~~~~
#
# *Write the softmax along the last dimension, without* ``torch.softmax``. *It must
# survive scores of 1000.*
#
# The definition has two steps: :math:`e` to the power of each score, then divide by the
# sum of the row. ``keepdim=True`` keeps the sum as a column of numbers, one for each
# row, so that each row is divided by its own sum.
#
# With a score of 1000 this breaks: :math:`e^{1000}` is more than a float can hold. But
# you may add what you like to all scores of a row: only the gaps count. Take away the
# largest score. The largest is now 0, its power is 1, and no other power is larger.

from nnbasics.exercises import check_softmax

print("e to the power of 1000, as a float:", torch.tensor(1000.0).exp().item())


def my_softmax(scores):
    """Return the softmax of the scores along the last dimension."""
    largest = scores.amax(dim=-1, keepdim=True)  # (q_len, 1)
    powers = torch.exp(scores - largest)  # (q_len, k_len)
    return powers / powers.sum(dim=-1, keepdim=True)  # (q_len, k_len)


feedback = check_softmax(my_softmax)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "without the largest score, the softmax survives scores of 1000"
)
# sphinx_gallery_end_ignore

# %%
# 2.4 The causal mask
# ~~~~~~~~~~~~~~~~~~~
#
# *Write the mask of a length, in which each position may attend to itself and to what
# comes before it.*
#
# Row :math:`i` is the query at position :math:`i`, column :math:`j` the key at position
# :math:`j`. The query may attend if the key is not later: :math:`j \le i`. That is the
# whole answer, and you can write it with two loops.

from nnbasics.exercises import check_causal_mask


def my_causal_mask(length):
    """Return the causal mask of shape (length, length)."""
    return [[j <= i for j in range(length)] for i in range(length)]


feedback = check_causal_mask(my_causal_mask)
print(torch.tensor(my_causal_mask(4)))
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the query may attend if the key is not later"
# sphinx_gallery_end_ignore

# %%
# Without loops, compare a column of positions with a row of positions:
# ``torch.arange(length) <= torch.arange(length)[:, None]``.

positions = torch.arange(4)
without_loops = positions <= positions[:, None]
torch.testing.assert_close(without_loops, torch.tensor(my_causal_mask(4)))

# %%
# 2.5 Attention
# ~~~~~~~~~~~~~
#
# *Write attention, with loops or with matrix products.*
#
# With loops you can follow every number. For one query: its score with a key is their
# dot product, divided by :math:`\sqrt{d_k}`. The softmax turns the scores into weights.
# The output is the sum of the values, each times its weight. Then do the same for the
# next query.

from nnbasics.exercises import check_attention


def attention_with_loops(query, key, value):
    """Return the output of attention, one query at a time."""
    d_k = query.shape[-1]
    rows = []
    for q in query:
        scores = torch.stack([q @ k / d_k**0.5 for k in key])  # (k_len,)
        weights = my_softmax(scores)  # (k_len,)
        rows.append(sum(w * v for w, v in zip(weights, value, strict=True)))  # (d_v,)
    return torch.stack(rows)  # (q_len, d_v)


feedback = check_attention(attention_with_loops)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "with loops: the sum of the values, each times its weight"
)
# sphinx_gallery_end_ignore

# %%
# A product of matrices does all the dot products at once. It takes the rows of the
# first table and the columns of the second. The keys are rows, so they have to be
# turned into columns first: that is the transpose, ``key.T``.


def my_attention(query, key, value):
    """Return the output of attention, all queries at once."""
    scores = query @ key.T / query.shape[-1] ** 0.5  # (q_len, k_len)
    return my_softmax(scores) @ value  # (q_len, d_v)


feedback = check_attention(my_attention)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "a product of matrices does all the dot products at once"
)
# sphinx_gallery_end_ignore

# %%
# 2.6 Attention with a mask
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *The same with a mask, in which* ``True`` *means may attend. A query that may attend
# to nothing gets zeros.*
#
# A blocked key must get the weight 0. The weight is a power of :math:`e`, divided by a
# sum, and a power of :math:`e` is 0 only in the limit, for a score of minus infinity.
# So put ``-inf`` in the place of each blocked score, before the softmax: the weights of
# the others then sum to 1 by themselves.
#
# That leaves the row in which everything is blocked. All its powers are 0, their sum is
# 0, and 0 divided by 0 is ``nan``. So write 0 there, with ``nan_to_num``.
#
# This is PyTorch's softmax. That of 2.3 takes away the largest score of a row, which
# makes minus infinity minus minus infinity here, ``nan`` as well.

from nnbasics.exercises import check_masked_attention


def my_masked_attention(query, key, value, mask):
    """Return the output of attention under a mask."""
    scores = query @ key.T / query.shape[-1] ** 0.5  # (q_len, k_len)
    weights = scores.masked_fill(~mask, -torch.inf).softmax(dim=-1)  # (q_len, k_len)
    return weights.nan_to_num(0.0) @ value  # (q_len, d_v)


feedback = check_masked_attention(my_masked_attention)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "a blocked key gets the weight 0, a query without keys gets zeros"
)
# sphinx_gallery_end_ignore

# %%
# Lesson 3: multi-head attention
# ------------------------------
#
# The exercises stand in :doc:`multi-head attention </basics/multi_head_attention>`.
#
# 3.1 The number of weights
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *A layer has the d_model 512 and 8 heads. It reads one sentence of 10 words. How many
# attention weights does it compute?*
#
# A weight belongs to a pair of words: one that looks, and one that is looked at. Ten
# words make :math:`10 \cdot 10` pairs, and each of the 8 heads has a weight of its own
# for every pair. How many numbers a word has does not matter.

from nnbasics import MultiHeadAttention
from nnbasics.exercises import check_weight_count

layer = MultiHeadAttention(d_model=512, num_heads=8)
_, weights = layer(torch.zeros(1, 10, 512))  # any ten words
print(f"by hand {8 * 10 * 10}, counted {weights.numel()}")
# sphinx_gallery_start_ignore
assert weights.numel() == 8 * 10 * 10, "a weight for every pair of words in each head"
# sphinx_gallery_end_ignore

feedback = check_weight_count(weights.numel())
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "each of the 8 heads has a weight for every pair"
# sphinx_gallery_end_ignore

# %%
# 3.2 From the parameters to the size of a head
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *A layer with biases has 4 heads and 9,408 parameters. How large is d_head?*
#
# Write d for d_model. A projection has :math:`d \cdot d` weights and :math:`d` biases.
# There are four of them: for the queries, the keys and the values, and the one at the
# end. So :math:`4 (d \cdot d + d) = 9408`, and :math:`d \cdot (d + 1) = 2352`. You look
# for two neighbouring numbers whose product is 2352. The root of 2352 is about 48.5,
# which lies between 48 and 49, and :math:`48 \cdot 49 = 2352`. So d is 48.
#
# The number of heads does not occur in this sum. It says only into how many parts the
# projected vectors are cut: the 4 heads share 48 numbers, 12 each.

from nnbasics.exercises import check_head_size

layer = MultiHeadAttention(d_model=48, num_heads=4)
print("parameters:", sum(parameter.numel() for parameter in layer.parameters()))
# sphinx_gallery_start_ignore
assert sum(parameter.numel() for parameter in layer.parameters()) == 9408, (
    "four projections of 48 × 48 weights and 48 biases have 9,408 parameters"
)
assert 48 < 2352**0.5 < 49, "the root of 2352 lies between 48 and 49"
# sphinx_gallery_end_ignore

feedback = check_head_size(48 // 4)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "the 4 heads share 48 numbers, 12 each"
# sphinx_gallery_end_ignore

# %%
# 3.3 Split the heads
# ~~~~~~~~~~~~~~~~~~~
#
# *Write* ``split_heads``, *from (batch, length, d_model) to (batch, num_heads, length,
# d_head).*
#
# Each position has a row of d_model numbers. First cut this row into num_heads pieces
# of d_head numbers. Only the last dimension is touched: (batch, length, num_heads,
# d_head). A ``reshape`` can do this, since the numbers stay in their order.
#
# Then the heads have to come before the positions. This does change the order of the
# numbers, so it takes a ``transpose`` of the dimensions 1 and 2.
#
# A ``reshape`` straight to (batch, num_heads, length, d_head) gives the same shape, and
# raises no error. But it only cuts the long row of numbers in other places: head 0
# would get whole vectors of the first positions.

from nnbasics.exercises import check_split_heads


def my_split_heads(x, num_heads):
    """Cut x into heads."""
    batch, length, d_model = x.shape
    x = x.reshape(batch, length, num_heads, d_model // num_heads)
    return x.transpose(1, 2)  # (batch, num_heads, length, d_head)


feedback = check_split_heads(my_split_heads)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "cut each row into pieces, then bring the heads before the positions"
)
# sphinx_gallery_end_ignore

# %%
# The difference, on two positions with four numbers each and two heads:

x = torch.arange(8).reshape(1, 2, 4)
print("two positions:          ", x[0].tolist())
print("head 0, split:          ", my_split_heads(x, 2)[0, 0].tolist())
print("head 0, reshape alone:  ", x.reshape(1, 2, 2, 2)[0, 0].tolist())
# sphinx_gallery_start_ignore
assert my_split_heads(x, 2)[0, 0].tolist() == [[0, 1], [4, 5]], (
    "head 0 gets the first piece of the row of each position"
)
assert x.reshape(1, 2, 2, 2)[0, 0].tolist() == [[0, 1], [2, 3]], (
    "with a reshape alone, head 0 gets the whole vector of the first position"
)
# sphinx_gallery_end_ignore

# %%
# 3.4 Multi-head attention with a loop
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *Write multi-head attention with a loop over the heads. The queries, keys and values
# are projected already. Return the concatenated outputs.*
#
# Head 0 owns the first d_head columns, head 1 the next, and so on. Cut these columns
# out of the queries, the keys and the values, and run attention on them: the function
# of exercise 2.5 does it. It divides by :math:`\sqrt{d_{head}}` by itself, since that
# is now the size of a query. In the end put the outputs side by side, in the order of
# the heads.

from nnbasics.exercises import check_multi_head_attention


def my_multi_head_attention(query, key, value, num_heads):
    """Attend head by head, and concatenate."""
    d_head = query.shape[-1] // num_heads
    outputs = []
    for head in range(num_heads):
        columns = slice(head * d_head, (head + 1) * d_head)
        parts = (x[:, columns] for x in (query, key, value))
        outputs.append(my_attention(*parts))  # (q_len, d_head)
    return torch.cat(outputs, dim=-1)  # (q_len, d_model)


feedback = check_multi_head_attention(my_multi_head_attention)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "run attention on the columns of each head, put the outputs side by side"
)
# sphinx_gallery_end_ignore

# %%
# 3.5 Two words change places
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *Each place has a vector of its own, which is added to the word that stands there. Two
# words change places. What do the output vectors do?*
#
# Without the vectors of the places, a word keeps its output: it meets the same keys and
# values, in another order, and a sum does not depend on the order. The two outputs
# swap.
#
# With them, the two words that moved become new vectors, since each is now added to the
# vector of another place. So their queries, keys and values are new. All other words
# meet these keys and values too, so their outputs change as well.

from nnbasics.exercises import check_swapped_words

torch.manual_seed(0)
layer = MultiHeadAttention(64, 8).requires_grad_(False)
words = torch.randn(1, 6, 64)  # six random words
places = torch.randn(6, 64)  # and a vector for each place
order = [0, 5, 2, 3, 4, 1]  # words 1 and 5 change places

without, without_after = layer(words)[0], layer(words[:, order])[0]  # (1, 6, 64)
torch.testing.assert_close(without_after, without[:, order])

output = layer(words + places)[0]  # (1, 6, 64)
output_after = layer(words[:, order] + places)[0]  # (1, 6, 64)
distances = torch.cdist(output_after[0], output[0])  # (6 after, 6 before)
print(f"smallest distance of a new output from any old one: {distances.min():.2f}")
# sphinx_gallery_start_ignore
assert distances.min() > 0.1, "the outputs of all words change, none has an old one"
# sphinx_gallery_end_ignore

feedback = check_swapped_words("change")
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", "with the vectors of the places, all outputs change"
# sphinx_gallery_end_ignore

# %%
# 3.6 Which head does what?
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# *Name the role of each head from its map: who, whom, where, previous, next or none.*
#
# This cell trains the model of the lesson again, from the same random start. So these
# are the heads that you saw there.

from nnbasics.experiments import (
    QUESTIONS,
    RelationModel,
    attention_mass,
    label,
    sample_questions,
    train_relations,
)

data = torch.Generator().manual_seed(1)
training = sample_questions(3000, data)
test = sample_questions(500, data, salad=0.0)

start = torch.Generator().manual_seed(0)
model = RelationModel(8, len(QUESTIONS), d_model=64, generator=start)
train_relations(model, training, start, steps=600, batch_size=32, weight_decay=0.1)
model.requires_grad_(False)

tokens = "the dog chased the cat near the tree".split()
names = "the1 dog chased the2 cat near the3 tree".split()  # three "the", told apart
dog, cat, tree, nowhere = 1, 4, 7, -1
targets = [
    [dog, cat, tree, place - 1, place + 1 if place + 1 < len(tokens) else nowhere]
    for place in range(len(tokens))
]
sentence = label([(tokens, targets)], QUESTIONS)
maps = model.attend(sentence)[0]  # (8 heads, 8 words, 8 words)

# %%
# Take one map after the other, and write down on which word the brightest cell of each
# row lies. That is all you need.

looks_at = maps.argmax(dim=-1)  # (8 heads, 8 words)
print(f"{'word':8}", *(f"{name:7}" for name in names))
for head, row in enumerate(looks_at.tolist()):
    print(f"head {head}  ", *(f"{names[place]:7}" for place in row))

# %%
# Now compare each line with the sentence.
#
# - The same word all along the line: every word looks at that one, and its map has a
#   bright column. *dog* is the subject, so such a head answers *who*. *cat* is the
#   object, *whom*. *tree* is where it happened, *where*.
# - The words of the sentence, moved one place to the right: every word looks at the one
#   before it. The head answers *previous*, and its map has a bright diagonal below the
#   main one.
# - The words of the sentence, moved one place to the left: the head answers *next*.
# - The first word has no previous word and the last has no next one. These rows may
#   point anywhere, so allow one row that does not fit.
# - If two rows or more do not fit, the head has no role that you can name.
#
# The next cell does this comparison: for each head it counts the rows that fit each
# question, and takes the question that fits best.

my_roles = {}
for head in range(8):
    fits = {
        question: (looks_at[head] == sentence.targets[0, :, number]).sum().item()
        for number, question in enumerate(QUESTIONS)
    }
    best = max(fits, key=lambda question: fits[question])
    my_roles[head] = best if fits[best] >= len(tokens) - 1 else "none"
    print(f"head {head}: {best} fits {fits[best]} of 8 rows -> {my_roles[head]}")
    # sphinx_gallery_start_ignore
    if my_roles[head] == "none":
        without_role = fits
    # sphinx_gallery_end_ignore

# %%
# In the maps it looks like this: three heads with a role, and the one without.

from nnbasics.plotting import plot_heads

heads_of = {role: head for head, role in reversed(my_roles.items())}
shown = {role: heads_of[role] for role in ("who", "previous", "next", "none")}
figure = plot_heads(
    {f"head {head}: {role}": maps[head] for role, head in shown.items()}, names
)
# sphinx_gallery_start_ignore
figure.set_label(
    f"Four maps. Head {shown['who']}, who: a bright column at dog. Head "
    f"{shown['previous']}, previous: a bright diagonal below the main one. Head "
    f"{shown['next']}, next: a bright diagonal above it. Head {shown['none']}, "
    f"none: the brightest cell is the next word in {without_role['next']} rows and "
    f"the previous word in {without_role['previous']}."
)
assert without_role["next"] + without_role["previous"] == len(tokens), (
    "in each row its brightest cell lies beside the main diagonal"
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# The checker does not look at this one sentence. It has the scores, which are means
# over 500 sentences. The roles that you read off one map hold on average over all of
# them: the checker says so.

from nnbasics.exercises import check_head_roles

scores = attention_mass(model.attend(test), test)  # (8 heads, 5 questions)
feedback = check_head_roles(my_roles, scores, QUESTIONS)
print(feedback)
# sphinx_gallery_start_ignore
assert feedback.status == "right", (
    "the roles that you read off one map hold on average over 500 sentences"
)
# sphinx_gallery_end_ignore

# %%
# What is the head without a role up to? In each row its brightest cell lies beside the
# main diagonal, now on one side of it and now on the other. Its scores say the same: it
# shares its weight between the previous word and the next one, and does neither job
# well.

unnamed = scores[shown["none"]]  # (5 questions,)
print({q: round(s, 2) for q, s in zip(QUESTIONS, unnamed.tolist(), strict=True)})
# sphinx_gallery_start_ignore
assert unnamed[3:].min() > unnamed[:3].max(), (
    "it shares its weight between the previous word and the next one"
)
assert unnamed.max() < 0.5, "it does neither job well"
# sphinx_gallery_end_ignore

# %%
# Next
# ----
#
# If you got this far, you have built a network and an attention layer. Go back to a
# lesson and change something that nobody asked you to change: a number of heads, a
# sentence, a learning rate. Predict what will happen, then run it.
