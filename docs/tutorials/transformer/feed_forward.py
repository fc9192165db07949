"""
The feed-forward network
========================

The last lesson ended on a question: attention gathers what is there, and mixes it, but
what computes with it? Here you build the part of a Transformer that does, see what
attention cannot do for a word alone, and train it to remember 32 facts.

At the end you can

- say what one word alone can get out of attention, and what it cannot;
- compute a feed-forward network by hand, and say what its ReLU is for;
- find facts in a network, and say what is lost when a unit is switched off.

*Hidden unit*, *bias*, *loss* and *training* come from :doc:`/basics/xor_network`,
*query*, *value* and *attention weight* from :doc:`/basics/attention`. ``assert_close``
stops with an error unless its two arguments are the same, up to rounding.
"""

# %%
# What attention hands on
# -----------------------
#
# Take a sentence of one word. The word can only look at itself. It has one
# :term:`score`, and the :term:`softmax` of one score is 1. So a layer of attention
# hands on the word's value, multiplied by one more matrix.
#
# Let the word have two numbers, each 0 or 1: the four points of XOR. The matrices of
# the layer are random.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 2
# sphinx_gallery_thumbnail_number = 1

import torch
from matplotlib import pyplot as plt
from torch import nn
from torch.testing import assert_close

from nnbasics import MultiHeadAttention, plotting, xor_dataset

torch.manual_seed(0)
inputs, targets = xor_dataset()  # (4, 2), (4, 1)
attention = MultiHeadAttention(d_model=2, num_heads=1).requires_grad_(False)

sentences = inputs[:, None]  # (4 sentences, 1 word, 2 numbers)
output, weights = attention(sentences)
output = output[:, 0]  # (4, 2), without the dimension of the words
print("attention weights:  ", weights.flatten().tolist())
print("of (0, 0) and (1, 1):", output[0] + output[3])
print("of (0, 1) and (1, 0):", output[1] + output[2])
assert_close(output[0] + output[3], output[1] + output[2])
# sphinx_gallery_start_ignore
assert (weights - 1).abs().max() < 1e-5, "the softmax of one score is 1"
by_matrices = attention.out_proj(attention.v_proj(inputs))
assert_close(
    output, by_matrices, msg="it hands on the value, multiplied by one more matrix"
)
# sphinx_gallery_end_ignore

# %%
# The last two lines add up two outputs each. The two sums are the same, and this is
# no accident of these matrices. Products with a matrix :math:`W` and an added bias
# :math:`c` make an :term:`affine` map, and so do several of them in a row: :math:`(x
# A) B` is :math:`x (A B)`, one matrix. For two points :math:`p` and :math:`q` the
# outputs add up to :math:`(p W + c) + (q W + c) = (p + q) W + 2 c`. So the sum of the
# outputs depends on the sum of the points alone. And (0, 0) + (1, 1) is (0, 1) + (1,
# 0).
#
# Now let a weighted sum of the output, affine again, say yes where it is more than 0.
# XOR wants "no" at (0, 0) and (1, 1): two numbers that are not above 0, and neither is
# their sum. It wants "yes" at the other two: their sum is above 0. But the two sums
# have to be the same. So at most three of the four answers can be right, whatever
# numbers training finds.
#
# Two layers and a ReLU
# ---------------------
#
# The first lesson had the remedy: a :term:`hidden layer`. Its units must bend what goes
# through them, or two matrices in a row are again one affine map. There a sigmoid did
# it. Transformers use a plainer function, the :term:`ReLU`: it keeps a positive number,
# and makes 0 of a negative one.
#
# .. math::
#
#    \text{ReLU}(z) = \max(0, z)
#
# Two units are enough for XOR. Both add up the two inputs :math:`a` and :math:`b`, and
# the second subtracts 1. The output is the first minus twice the second.
#
# .. math::
#
#    \text{XOR} = \text{ReLU}(a + b) - 2 \cdot \text{ReLU}(a + b - 1)

sums = torch.linspace(0, 2, 21)  # a + b, from 0 to 2
unit_1, unit_2 = torch.relu(sums), torch.relu(sums - 1)
curves = {
    "unit 1": unit_1,
    "unit 2": unit_2,
    "unit 1 - 2 · unit 2": unit_1 - 2 * unit_2,
}
figure = plotting.plot_curves(
    {name: curve.tolist() for name, curve in curves.items()},
    x=sums.tolist(),
    xlabel="a + b",
    ylabel="what comes out",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "Three curves over the sum a + b, from 0 to 2. Unit 1 rises from 0 to 2. Unit 2 is "
    "0 up to the sum 1, and then rises to 1. Unit 1 minus twice unit 2 rises from 0 to "
    "1 at the sum 1, and falls back to 0 at the sum 2."
)
tent = curves["unit 1 - 2 · unit 2"]
assert_close(
    tent[[0, 10, 20]],
    torch.tensor([0.0, 1, 0]),
    msg="the output is 1 where the sum is 1, and 0 at both ends",
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# Unit 1 is straight here, since its sum is never negative. Unit 2 bends at 1. Taken
# away twice, it turns the rise into a fall, which no straight line does: the output
# is 1 where the sum is 1, and 0 at both ends.
#
# As tables: a column of ``w1`` holds the weights of one hidden unit, and ``w2`` makes
# two numbers of the units. The first number is XOR. The second hands on unit 2, which
# is 1 only if both inputs are.

w1 = torch.tensor([[1.0, 1], [1, 1]])  # (d_model, d_hidden)
b1 = torch.tensor([0.0, -1])
w2 = torch.tensor([[1.0, 0], [-2, 1]])  # (d_hidden, d_model)

hidden = torch.relu(inputs @ w1 + b1)  # (4, d_hidden)
by_hand = hidden @ w2  # (4, d_model)
for point, units, out in zip(inputs, hidden, by_hand, strict=True):
    print(point.tolist(), "-> hidden", units.tolist(), "-> out", out.tolist())
# sphinx_gallery_start_ignore
assert by_hand[:, :1].equal(targets), "the first number is XOR"
assert by_hand[:, 1].equal(inputs.prod(dim=1)), "the second is 1 only if both are"
no_bend = (inputs @ w1 + b1) @ w2
assert_close(
    no_bend[0] + no_bend[3],
    no_bend[1] + no_bend[2],
    msg="without the ReLU two matrices in a row are again one affine map",
)
# sphinx_gallery_end_ignore

# %%
# The same from the package
# -------------------------
#
# This is :class:`nnbasics.FeedForward`, the :term:`feed-forward network` of a
# Transformer (:ref:`Vaswani et al. (2017) <vaswani2017>`, section 3.3). It takes
# vectors of :math:`d_{model}` numbers, makes :math:`d_{hidden}` hidden units of them,
# usually four times as many, and goes back to :math:`d_{model}`. Copy your numbers in,
# and it gives your output.

from nnbasics import FeedForward

feed_forward = FeedForward(d_model=2, d_hidden=2).requires_grad_(False)
feed_forward.linear1.weight.data = w1.T  # a layer keeps a row for each unit
feed_forward.linear1.bias.data = b1
feed_forward.linear2.weight.data = w2.T
feed_forward.linear2.bias.data.zero_()
assert_close(feed_forward(inputs), by_hand)

# %%
# Going deeper: the source, and PyTorch's own
# -------------------------------------------
#
# This is the source that ran.

from nnbasics.lesson import show_source

show_source(FeedForward)

# %%
# PyTorch has no class for this part alone. It is one half of
# :class:`torch.nn.TransformerEncoderLayer`, whose layers have the same names. So the
# numbers of one can be loaded into the other. ``strict=False`` leaves out those of its
# attention.

theirs = nn.TransformerEncoderLayer(d_model=2, nhead=1, dim_feedforward=2)
theirs.load_state_dict(feed_forward.state_dict(), strict=False)
their_output = theirs.linear2(theirs.activation(theirs.linear1(inputs)))
assert_close(their_output, by_hand)
print("output: as in torch.nn.TransformerEncoderLayer")

# %%
# Can training find it?
# ---------------------
#
# Now two models learn XOR of the two bits of one word. In both, a matrix and a bias
# make 16 numbers of the bits, and these go through attention. In the first, a
# weighted sum of what comes out is the answer. In the second, what comes out goes
# through a feed-forward network with 64 hidden units first.
# :class:`nnbasics.experiments.BitModel` is both.

from nnbasics.experiments import BitModel, train_bits

answers_of = {}
for name, d_hidden in [("attention alone", None), ("with feed-forward", 64)]:
    start = torch.Generator().manual_seed(0)  # for the random start
    model = BitModel(num_bits=2, length=1, d_hidden=d_hidden, generator=start)
    losses = train_bits(model, sentences, targets, start, steps=200)
    # the sigmoid makes a share of a number: more than 0 becomes more than one half
    answers_of[name] = torch.sigmoid(model(sentences)).flatten()  # (4,)
    print(f"{name}: loss {losses[-1]:.3f}")

figure = plotting.plot_matrix(  # [*...]: the items themselves, one by one
    torch.stack([*answers_of.values(), targets.flatten()]),
    rows=[*answers_of, "right"],
    columns=["0, 0", "0, 1", "1, 0", "1, 1"],
    xlabel="the word's two bits",
    colour_label="answer",
    limits=(0, 1),
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The answers of two trained models to the four words, above the right ones: 0, 1, "
    "1, 0. Attention alone answers about one half to all four. With a feed-forward "
    "network the answers are nearly 0, 1, 1 and 0."
)
alone, computed = answers_of.values()
three_right = torch.tensor([[-1.0], [1], [1], [3]])  # -1 + 3 is 1 + 1
cost = nn.functional.binary_cross_entropy_with_logits(three_right, targets)
assert abs(cost - 1) < 0.01, "three right answers cost more: a mean loss of 1.0"
losses_of_four = nn.functional.softplus(torch.tensor([-1.0, -1, -1, 3]))
assert_close(losses_of_four, torch.tensor([0.31, 0.31, 0.31, 3.05]), rtol=0, atol=0.005)
cost = nn.functional.binary_cross_entropy_with_logits(three_right / 10, targets)
assert abs(cost - 0.697) < 0.001, "with smaller numbers, too: 0.697"
assert (alone - 0.5).abs().max() < 0.1, "attention alone answers one half to all"
assert (computed - targets.flatten()).abs().max() < 0.05, (
    "with a feed-forward network all four answers are right"
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# Attention alone learns to say about one half each time. Its loss is nearly the
# :term:`cross-entropy` of a coin, 0.693, the logarithm of 2. Why not three right
# answers? Then the fourth is wrong by more. Say the numbers before the sigmoid are -1
# at (0, 0), and 1 at (0, 1) and (1, 0). The two sums have to be the same: -1 plus the
# fourth is 1 plus 1. So the number at (1, 1) is 3, where it should be negative. The
# sigmoid gives 0.73 to each of the three right answers, which costs :math:`-\log 0.73 =
# 0.31`, and 0.05 to the right answer at (1, 1), which costs 3.05: on average 1.0. With
# -0.1, 0.1, 0.1 and 0.3 the loss is 0.697, still more than that of the coin.
#
# With a feed-forward network all four answers are right. From twenty random starts (in
# a copy of the repository, the command ``make -C docs seeds`` repeats it) it was the
# same: without, never more than three right answers, and with, always four.
#
# One word is exchanged
# ---------------------
#
# A sentence has many words. Take five with random vectors, and exchange one of them,
# "cats", for another.

# %%
# **Guess.** At which of the five words does the output of attention change? At which
# does that of the feed-forward network?

# %%
# Compare the outputs before and after, word by word: the length of the difference.

words = "dogs chase cats near trees".split()
x = torch.randn(5, 16)  # (length, d_model)
changed = x.clone()
changed[2] = torch.randn(16)  # another word in the place of "cats"

attention = MultiHeadAttention(d_model=16, num_heads=2).requires_grad_(False)
feed_forward = FeedForward(d_model=16, d_hidden=64).requires_grad_(False)
# of output and weights the output, [0], and of that the only sentence
change_attention = attention(changed[None])[0][0] - attention(x[None])[0][0]
change_feed_forward = feed_forward(changed) - feed_forward(x)  # (length, d_model)
changes = torch.stack([change_attention, change_feed_forward]).norm(dim=-1)  # (2, 5)
figure = plotting.plot_matrix(
    changes,
    rows=["attention", "feed-forward"],
    columns=words,
    xlabel="output at",
    colour_label="change",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "How much the output at each of five words changes when cats is exchanged for "
    "another word. After attention all five change, by at least "
    f"{changes[0].min():.2f}. After the feed-forward network the output at cats "
    f"changes, by {changes[1, 2]:.2f}, and the other four stay as they are."
)
others = [0, 1, 3, 4]
assert changes[0].min() > 0.05, "after attention the outputs at all words change"
assert changes[1, others].max() < 1e-5, "the feed-forward network: at cats alone"
assert changes[1, 2] > 0.5, "the output at cats changes"
# sphinx_gallery_end_ignore
plt.show()

# %%
# After attention all five change: each word has looked at "cats". The feed-forward
# network changes its output at "cats" alone. It works on each word as if the others
# were not there. One word at a time, it gives the same; and shuffled words give the
# same outputs, shuffled (:term:`permutation equivariance`).

one_by_one = torch.stack([feed_forward(word) for word in x])
assert_close(one_by_one, feed_forward(x))
order = [3, 0, 4, 1, 2]
assert_close(feed_forward(x[order]), feed_forward(x)[order])

# %%
# So work is divided: attention carries numbers from word to word, and the feed-forward
# network works on what has arrived at each.
#
# Gather, then compute
# --------------------
#
# Here is a task with two steps: fetch the bit before, and compare. A sentence has eight
# bits. At each place but the first the answer is this bit XOR the bit before: do the
# two differ? There are 256 such sentences.
#
# We try three models. The first two differ in one thing: the second has a feed-forward
# network behind its attention. In both, queries and keys are made of the place of a
# word alone, not of its bit: only the values see the bits. So in every sentence the
# attention weights are the same, and what is gathered is an affine map of the bits.
# Take four sentences that are the same but for two bits, this one and the one before:
# they are the four points of XOR, and by the reasoning above at most three answers are
# right without such a network.

from nnbasics.experiments import xor_with_the_bit_before

bits, differs = xor_with_the_bit_before(8)  # (sentences, places, 1), (256, 7)


def share_right(model):
    """Give the share of right answers at all places but the first."""
    says_yes = model(bits)[:, 1:] > 0  # (256, 7)
    return (says_yes == differs.bool()).float().mean().item()


curves = {}
for name, d_hidden in [("places alone", None), ("places, feed-forward", 64)]:
    start = torch.Generator().manual_seed(2)
    model = BitModel(num_bits=1, length=8, d_hidden=d_hidden, generator=start)
    curves[name] = train_bits(model, bits, differs, start)
    print(f"{name}: {share_right(model):.2f} right")
    # sphinx_gallery_start_ignore
    if d_hidden is None:
        assert share_right(model) < 0.6, "without it no better than a coin"
    else:
        assert share_right(model) > 0.99, "with it the model is right everywhere"
    # sphinx_gallery_end_ignore

places = model.positions[None]  # (1, 8, d_model): queries and keys come from these;
# the third argument, the values, does not change the weights
_, weights = model.attention(places, places, places)  # (1, 2 heads, 8, 8)
weights = weights[0].mean(dim=0)  # (8, 8), the mean of both heads
# diagonal(-1): one below the diagonal, the word before; the first word has none
on_itself, on_before = weights.diagonal()[1:].mean(), weights.diagonal(-1).mean()
print(f"mean weight on itself {on_itself:.2f}, on the one before {on_before:.2f}")
# sphinx_gallery_start_ignore
assert min(on_itself, on_before) > 0.3, "about half of the weight is on each of the two"
assert on_itself + on_before > 0.8, "and little on all others"
# sphinx_gallery_end_ignore

# %%
# Without a feed-forward network it is no better than a coin. (Three of four would cost
# more, as above.) With it the model is right everywhere. Nearly half of the weight is
# on the word itself, and nearly half on the one before. So what attention hands on
# comes almost only from these two bits, and the network makes XOR of it. With a weight
# of one half on each that is half of their sum: 0, one half or 1. Then a bend at one
# half would do it, as by hand one at 1 did.

# %%
# **Guess.** The third model: now queries and keys see the bits, too. There is still no
# feed-forward network. Does the model do better than three of four?

# %%
# Train it as the others. The figure has the losses of all three.

start = torch.Generator().manual_seed(2)
model = BitModel(num_bits=1, length=8, looks_at_bits=True, generator=start)
curves["places and bits"] = train_bits(model, bits, differs, start)
print(f"places and bits: {share_right(model):.2f} right")
figure = plotting.plot_curves(curves, xlabel="step", ylabel="loss")
# sphinx_gallery_start_ignore
ends = {name: sum(losses[-20:]) / 20 for name, losses in curves.items()}
figure.set_label(
    "The losses of three models over 400 steps of training. With weights from the "
    "places alone the loss stays near 0.69. With a feed-forward network it falls to "
    "nearly 0. With weights from places and bits, and no feed-forward network, it "
    f"falls, too, to about {ends['places and bits']:.2f} at the end."
)
assert abs(ends["places alone"] - 0.693) < 0.02, "the loss stays that of a coin"
assert ends["places, feed-forward"] < 0.05, "it falls to nearly 0"
assert ends["places and bits"] < 0.45, "with weights from the bits, too, it falls"
assert share_right(model) > 0.78, "it does better than three of four"
# sphinx_gallery_end_ignore
plt.show()

# %%
# It does. It is often said that attention alone cannot compute such a thing. That is
# true of attention *whose weights do not depend on the bits*. Usually they do, and
# neither a score, which is a product of two words' numbers, nor the softmax is affine.
# So the reasoning above does not hold for such weights, and the run shows that they can
# compute. But training does not always find how: from twenty starts such models got
# between 0.81 and 1.00 right, about half of them 0.99 or more. With a feed-forward
# network it was 1.00 from all twenty, with weights that see no bit.
#
# Going deeper: XOR out of attention weights
# ------------------------------------------
#
# How can weights compare two bits? Write a bit as -1 or 1. Let query and key be this
# number, four times as large in the query. Take one pair of places. A word looks at
# itself and at the one before, in the code in this order. For this pair take the value
# 1 at the word itself and 0 at the one before, whatever the bits.

for bit, before in [(-1, -1), (-1, 1), (1, -1), (1, 1)]:
    scores = torch.tensor([4.0 * bit * bit, 4.0 * bit * before])
    value = scores.softmax(dim=0) @ torch.tensor([1.0, 0.0])
    print(f"bit {bit:2}, before {before:2}: scores {scores.tolist()}, out {value:.2f}")
    # sphinx_gallery_start_ignore
    assert (value > 0.75) == (bit != before), "the output says whether the bits differ"
    # sphinx_gallery_end_ignore

# %%
# If the bits are the same, so are the scores, and the output is one half. If they
# differ, the word looks at itself alone, and the output is 1. (Subtract 0.75, and it is
# below 0 or above it: no or yes.) So attention can *compare* words. A word that stands
# alone has nothing to be compared with.

# %%
# A memory
# --------
#
# What a language model knows of the world stands somewhere in its numbers. :ref:`Geva
# et al. (2021) <geva2021>` proposed to read a feed-forward network as a memory. The
# words are those of attention, for other things: here keys and values are weights that
# were learned, and stay. The weights that lead *to* a hidden unit are a key: the unit
# gives much where the vector that comes in fits it. The weights that lead *from* the
# unit are a value. The output is the sum of all values, each times what its unit gives
# (and a bias).
#
# By hand: four countries have vectors of two numbers that point in four directions.
# Each is the key of one unit. The vectors of their capitals point in four other
# directions, between those: each is the value of that unit.

countries = torch.tensor([[1.0, 0], [0, 1], [-1, 0], [0, -1]])
names = ["France", "Peru", "Japan", "Kenya"]
capitals = torch.tensor([[1.0, 1], [-1, -1], [-1, 1], [1, -1]])
capital_names = ["Paris", "Lima", "Tokyo", "Nairobi"]

keys, values = countries, capitals  # a row for each of four hidden units
fits = countries @ keys.T  # (4 countries, 4 units)
figure = plotting.plot_product(
    countries, keys.T, row=0, column=0, names=["countries", "keys", "how they fit"]
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The table of four countries, with two numbers each, times the table of keys, a "
    "column for each unit. The result has 1 on its diagonal, where a country meets its "
    "own key. It has -1 where a country meets the opposite key, and else 0."
)
assert fits.diagonal().eq(1).all(), "a country fits its own key"
assert (fits - torch.eye(4)).max() <= 0, "no other key fits: 0 or less"
# sphinx_gallery_end_ignore
plt.show()

# %%
# A country fits its own key alone. Of the rest the ReLU makes 0, so that for each
# country one unit gives 1, and hands over its value. The product with the capitals'
# vectors says which capital the output points to.

hidden = torch.relu(fits)  # (4 countries, 4 units)
output = hidden @ values  # (4 countries, 2 numbers)
found = (output @ capitals.T).argmax(dim=-1)
for country, capital in zip(names, found.tolist(), strict=True):
    print(f"{country}: {capital_names[capital]}")
# sphinx_gallery_start_ignore
assert hidden.equal(torch.eye(4)), "for each country one unit gives 1, the others 0"
assert (countries[0] + countries[2]).equal(countries[1] + countries[3]), (
    "France and Japan lie around the same middle as Peru and Kenya"
)
assert (capitals[[0, 2], 1] > 0).all(), "Paris and Tokyo: a positive second number"
assert (capitals[[1, 3], 1] < 0).all(), "Lima and Nairobi: a negative one"
assert found.tolist() == [0, 1, 2, 3], "each country finds its capital"
# sphinx_gallery_end_ignore

# %%
# No matrix alone could do this. France and Japan have the same sum as Peru and Kenya,
# so the sums of their outputs would be the same, too. Call an output :math:`(x, y)`.
# Its product with Paris is :math:`x + y`, with Nairobi :math:`x - y`: Paris wins over
# Nairobi only if :math:`y` is above 0, and so does Tokyo over Lima. For Lima and
# Nairobi it has to be below 0. So one sum of second numbers would be above 0, and the
# other below. It is XOR again.
#
# Learned facts
# -------------
#
# Now 32 countries, and vectors of eight random numbers for countries and capitals,
# which stay as they are. Only the feed-forward network between them is trained, with
# the cross-entropy of the softmax over the products with all capitals: what the model
# knows stands there. :class:`nnbasics.experiments.FactModel` is this model.

# %%
# **Guess.** By hand each fact had a hidden unit of its own. How many units does a
# trained network need for 32 facts?

# %%
# Train networks with 1 to 32 hidden units, and count the facts that they hold. A fact
# holds if, of the products of the output with all 32 capitals, that of the right one is
# the largest.

from nnbasics.experiments import CAPITALS, FactModel, facts_that_hold, train_facts

# CAPITALS is a dict from country to capital
subjects, answers = [*CAPITALS], [*CAPITALS.values()]
numbers = torch.arange(32)  # country 0 has capital 0, and so on


def trained_on_facts(d_hidden):
    """Train a model with so many hidden units."""
    start = torch.Generator().manual_seed(0)
    model = FactModel(32, 32, d_model=8, d_hidden=d_hidden, generator=start)
    train_facts(model, numbers)
    return model


sizes = [1, 2, 4, 8, 16, 32]
models = {size: trained_on_facts(size) for size in sizes}
held = [facts_that_hold(models[size], numbers).sum().item() for size in sizes]
figure = plotting.plot_curves(
    {"facts": held},
    x=sizes,
    xlabel="hidden units",
    ylabel="facts that hold",
    log_x=True,
)
# sphinx_gallery_start_ignore
listed = ", ".join(
    f"{facts} with {size}" for size, facts in zip(sizes, held, strict=True)
)
figure.set_label(
    "The number of facts that a trained network holds, of 32, against its hidden "
    f"units. It rises: {listed}."
)
assert held == sorted(held), "with more units it holds more facts"
assert held[4] == held[5] == 32, "with 16 units it holds all"
assert held[2] > 2 * 4, "with 4 units it holds more than two facts a unit"
assert held[3] > 2 * 8, "with 8 units it holds more than two facts a unit"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Fewer than 32: from twenty random starts 8 units held all facts each time, and 4 units
# 13 to 23. So facts share units.
#
# Is it the hidden layer that holds them? Put a single matrix with biases in its place.

# d_hidden: any number will do, since the network is replaced
straight = FactModel(
    32, 32, d_model=8, d_hidden=1, generator=torch.Generator().manual_seed(0)
)
straight.feed_forward = nn.Linear(8, 8)
train_facts(straight, numbers)
right = straight(numbers).argmax(dim=-1) == numbers
print(f"a matrix holds {right.sum()} of 32 facts")
# sphinx_gallery_start_ignore
assert right.sum() < 20, "a matrix alone holds fewer than two thirds"
# sphinx_gallery_end_ignore

# %%
# A trained matrix holds some, from twenty starts 7 to 16. (Training makes the loss
# small, it does not count facts: a matrix might hold a few more.) Without their ReLU
# the hidden units would be such a matrix. With it, 8 of them held all 32 each time.
#
# Going deeper: longer vectors need less
# --------------------------------------
#
# That a bend is needed depends on the length of the vectors. With 16 numbers in the
# place of 8, a matrix alone can hold all 32 facts, and a hidden layer is not needed for
# so few.

longer = FactModel(
    32, 32, d_model=16, d_hidden=1, generator=torch.Generator().manual_seed(0)
)
longer.feed_forward = nn.Linear(16, 16)
train_facts(longer, numbers)
right = longer(numbers).argmax(dim=-1) == numbers
print(f"vectors of 16 numbers: a matrix holds {right.sum()} of 32 facts")
# sphinx_gallery_start_ignore
assert right.sum() == 32, "with longer vectors a matrix alone holds all"
# sphinx_gallery_end_ignore

# %%
# The matrix then has 16 × 16 numbers in the place of 8 × 8. Real models have thousands
# of numbers in a vector, and far more than 32 facts to hold.

# %%
# Switch units off
# ----------------
#
# Take the model with 16 units. A unit that is off gives 0, as if no vector fitted its
# key: an :term:`ablation`.

# %%
# **Guess.** 16 units hold 32 facts. You switch one unit off. How many facts are lost?

# %%
# Try each unit.

model = models[16].requires_grad_(False)
# ~ makes False of True: the facts that no longer hold
lost = [(~facts_that_hold(model, numbers, off=[unit])) for unit in range(16)]
figure = plotting.plot_bars(
    {str(unit): lost[unit].sum().item() for unit in range(16)},
    xlabel="the unit that is off",
    ylabel="facts that are lost",
)
# sphinx_gallery_start_ignore
counts = torch.stack(lost).sum(dim=1)  # (16 units,)
figure.set_label(
    "A bar for each of 16 hidden units: how many of 32 facts are lost when it is off. "
    f"The bars are between {counts.min()} and {counts.max()} high, and together "
    f"{counts.sum()}."
)
assert counts.min() >= 1, "no unit can be switched off at no loss"
assert counts.max() <= 16, "no unit holds more than half"
assert counts.sum() > 40, "together more than there are facts"
assert (torch.stack(lost).sum(dim=0) > 1).sum() > 8, "many with any of several units"
# sphinx_gallery_end_ignore
plt.show()

first = lost[0].nonzero().flatten().tolist()  # the numbers of those that are True
print("without unit 0:", ", ".join(f"{subjects[i]}-{answers[i]}" for i in first))
print("added up:", sum(unit.sum().item() for unit in lost))

# %%
# If each fact hung on one unit, the bars would be 32 together. They are more: many
# facts hang on several units, and each of these, off alone, loses the fact. See it from
# the other side: how many units give more than 0 for one country?

vectors = model.embedding(numbers)  # (32, 8)
fires = model.feed_forward.linear1(vectors) > 0  # (32 facts, 16 units)
count = fires.sum(dim=1)  # (32 facts,)
print(f"units for one fact: {count.min()} to {count.max()} of 16")
print(f"on average: {count.float().mean():.1f}, over all facts: {count.sum()}")
# sphinx_gallery_start_ignore
assert count.min() >= 2, "each fact has several units"
assert 5 < count.float().mean() < 12, "about half of the units, or a little more"
assert not (torch.stack(lost).T & ~fires).any(), "a unit that gives 0 changes nothing"
assert counts.sum() < fires.sum() / 3, "fewer than a third of the cases"
# sphinx_gallery_end_ignore

# %%
# On average about half of them, or a little more. The output is the sum of their
# values. So why is a fact lost? A unit that gives 0 for a country hands over nothing:
# switched off, it changes nothing. If a unit that gives more than 0 is switched off,
# its part is missing in the sum. The fact is lost if another capital then has the
# largest product, and stays if its own still leads. Mostly it stays: of all the cases
# in which a unit gives more than 0 for a fact (the last number above), fewer than a
# third are losses (the bars, added up). Keys and values say how the network *computes*.
# They do not say that a unit stands for a fact.
#
# The figure holds this model. Switch units off, one by one or several, and see which
# facts are lost. Choose a fact, and see which units fire for it, that is, give more
# than 0, and which of them it cannot do without.

from nnbasics.explorers import FactExplorer

FactExplorer(model, subjects, answers)

# %%
# Most of the numbers
# -------------------
#
# How many :term:`parameters <parameter>` has a feed-forward network, beside attention?
# Here are the layers of both, with :math:`d_{model}` 64 and four times as many hidden
# units.

# named_children(): the layers of a part, by name; numel(): the numbers of a table
parts = [MultiHeadAttention(64, num_heads=8), FeedForward(64, d_hidden=256)]
sizes = {
    name: sum(parameter.numel() for parameter in layer.parameters())
    for part in parts
    for name, layer in part.named_children()
}
figure = plotting.plot_bars(
    {name: size / 1000 for name, size in sizes.items()},
    xlabel="layer",
    ylabel="thousand parameters",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The parameters of six layers. The four of attention have 4160 each. The two of "
    f"the feed-forward network have {sizes['linear1']} and {sizes['linear2']}, about "
    "four times as many."
)
per_layer = torch.tensor([*sizes.values()])
assert per_layer[:4].eq(4160).all(), "the four layers of attention have 4160 each"
assert ((per_layer[4:] / 4160 - 4).abs() < 0.05).all(), "about four times as many"
assert abs(per_layer[4:].sum() / per_layer.sum() - 2 / 3) < 0.003, (
    "two thirds, but for the biases"
)
# sphinx_gallery_end_ignore
plt.show()

share = (sizes["linear1"] + sizes["linear2"]) / sum(sizes.values())
print(f"share of the feed-forward network: {share:.3f}")

# %%
# Attention has four matrices of :math:`d^2` numbers. The feed-forward network has two
# of :math:`4 d^2`. So it holds :math:`8 d^2` of :math:`12 d^2`, two thirds, whatever
# :math:`d` is, but for the biases.
#
# Going deeper: what was found in larger models
# ---------------------------------------------
#
# :ref:`Geva et al. (2021) <geva2021>` took a language model, and collected, for many
# of its hidden units, the texts for which the unit gave most. People could say what
# these texts have in common. In lower layers it was often a word that all of them end
# on, in higher ones a subject. The values, turned into words, were often words that
# come next in such texts. What a layer puts out was put together from many values, as
# in the memory above.

# %%
# Exercises
# ---------
#
# 🎯 Answer 5.1 to 5.5 on the page of this lesson, and all in its notebook (the link is
# under the title): replace ``None``, or the dots in a function, by your answer, and run
# the cell. The checker tells you whether it is right, and where to look if it is not.
#
# 💡 Tip: work out the answer first, and check to see whether you were right.
# The answers are on the page :doc:`/transformer/solutions`.
#
# **5.1** A feed-forward network has two inputs, three hidden units and one output. The
# hidden units have the weights (1, 1), (1, -1) and (-2, 2), and the biases 0, 0 and -1.
# The weights to the output are 1, 5 and 2, and its bias is 1. What does the network
# give for the input (1, 2)?

from nnbasics.exercises import check_hidden_by_hand

answer = None  # your answer here
print(check_hidden_by_hand(answer))

# %%
# **5.2** Somebody forgot the ReLU, and has trained a network with 1,000 hidden units to
# answer XOR: yes where its output is more than 0. How many of the four answers can be
# right, at most?

from nnbasics.exercises import check_without_relu

answer = None  # your answer here
print(check_without_relu(answer))

# %%
# **5.3** A sentence has six words, and you exchange one of them for another word. At
# how many words does the output change: that of a feed-forward network? That of a
# layer of attention? That of a feed-forward network which gets the outputs of the
# attention? Each answer is ``"all"``, ``"none"`` or ``"one"``.

from nnbasics.exercises import check_exchanged_word

feed_forward_alone = None  # your answer here
attention_alone = None  # your answer here
both = None  # your answer here
print(check_exchanged_word(feed_forward_alone, attention_alone, both))

# %%
# **5.4** The matrices of an attention layer and of a feed-forward network with four
# times :math:`d_{model}` hidden units have 27,648 numbers together, biases not counted.
# How large is :math:`d_{model}`?

from nnbasics.exercises import check_block_size

answer = None  # your answer here
print(check_block_size(answer))

# %%
# **5.5** In a memory of facts, switching one unit off loses 3 facts, and switching
# another one off, by itself, loses 4. How many can be lost when both are off:
# ``"always 7"``, ``"at most 7"``, or ``"fewer, 7 or more"`` (all of this can happen)?

from nnbasics.exercises import check_two_units_off

answer = None  # your answer here
print(check_two_units_off(answer))

# %%
# **5.6** Write the feed-forward network. ``x`` has the shape (length, d_model), ``w1``
# (d_model, d_hidden), ``b1`` (d_hidden), ``w2`` (d_hidden, d_model) and ``b2``
# (d_model). To try it, run the notebook's cells from the first to this one.

from nnbasics.exercises import check_feed_forward


def my_feed_forward(x, w1, b1, w2, b2):
    """Give each word its output."""
    ...  # your code here


print(check_feed_forward(my_feed_forward))

# %%
# What to take away
# -----------------
#
# - ✅ A word alone passes attention as an affine map. To compute with its numbers,
#   something has to bend: a hidden layer with a ReLU.
# - ✅ Attention carries numbers from word to word. The feed-forward network works on
#   each word by itself.
# - ✅ Attention weights that depend on the content can compute, too, but training finds
#   it less surely.
# - ✅ The weights to a hidden unit are a key, those from it a value. Facts are sums of
#   many values, and share units.
# - ✅ With four times as many hidden units as numbers in a vector, two thirds of a
#   block's numbers stand in its feed-forward network.
#
# Next steps
# ----------
#
# You have both halves of a block: one gathers, one works on each word. A real model
# stacks dozens of them, so that what one has computed can be gathered by the next. What
# becomes of a word's numbers on their way through 32 layers, and of the gradients on
# their way back? Two more parts belong to a block for that: residual connections and
# layer normalization. They are next, in :doc:`the block </transformer/block>`.
