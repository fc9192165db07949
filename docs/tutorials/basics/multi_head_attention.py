"""
Multi-head attention
====================

One row of attention weights can point at one word well, or at several words badly. Real
models run many rows of weights next to each other: they have many *heads*. In this
lesson you take such a layer apart by hand, put it together again, and then train eight
heads and find out what each of them does.

**Time**: 25 minutes.

At the end you can

- say what a head is, which numbers it sees, and why one head is not enough;
- split a matrix into heads and put it back without mixing up the words;
- name the role of a trained head, and test the name by removing the head.

You can start here: the next section repeats what you need of :doc:`attention`.
"""

# %%
# What attention does, in two cells
# ---------------------------------
#
# Attention lets each word of a sentence collect numbers from the other words. For that
# every word has three short lists of numbers. Its :term:`query` says what it looks for.
# Its :term:`key` is what the other words find it by. Its :term:`value` is what it hands
# over. Here are the query of "sat" and the keys of three words.
#
# The :term:`score` of a pair is query times key, place by place, added up. It is divided
# by :math:`\sqrt{d}`, where :math:`d` is how many numbers a query has, here 2.

import torch
from matplotlib import pyplot as plt
from torch import nn
from torch.testing import assert_close

tokens = ["the", "cat", "sat"]
query_of_sat = torch.tensor([2.0, 0.0])
keys = torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]])  # the, cat, sat
scores = keys @ query_of_sat / 2**0.5
for token, score in zip(tokens, scores, strict=True):
    print(f"score of 'sat' with {token!r}: {score:.2f}")

# %%
# The :term:`softmax` turns the scores into weights: all positive, and 1 in
# sum. The output for "sat" is the values of all words, mixed in these proportions.
# "cat" has the largest weight, so the output is close to the value of "cat".

values = torch.tensor([[0.0, 1.0], [5.0, 6.0], [2.0, 0.0]])  # the, cat, sat
weights = scores.softmax(dim=0)
output = weights @ values
print("weights:", [f"{weight:.2f}" for weight in weights])
print("output: ", [f"{number:.2f}" for number in output])
assert weights.argmax() == tokens.index("cat")
assert_close(weights.sum(), torch.tensor(1.0))

# %%
# Why one head is not enough
# --------------------------
#
# Read "the cat sat on the mat" and ask the word "sat" two questions. *Who* sat? *Where*?
# The answers are two different words. But one row of weights gives one mixture. With
# half its weight on "cat" and half on "mat", the output is their average.
#
# Let the value of "cat" be (1, 0) and that of "mat" be (0, 1). Now swap the two words in
# the sentence, and compare the outputs.

cat, mat = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])


def one_head(who, where):
    return 0.5 * who + 0.5 * where


def two_heads(who, where):
    return torch.cat([1.0 * who, 1.0 * where])


print("one head,  the cat sat on the mat:", one_head(who=cat, where=mat).tolist())
print("one head,  the mat sat on the cat:", one_head(who=mat, where=cat).tolist())
print("two heads, the cat sat on the mat:", two_heads(who=cat, where=mat).tolist())
print("two heads, the mat sat on the cat:", two_heads(who=mat, where=cat).tolist())
assert one_head(cat, mat).equal(one_head(mat, cat))
assert not two_heads(cat, mat).equal(two_heads(mat, cat))

# %%
# The average is the same for both sentences: who sat on whom is lost, and nothing that
# comes after it can bring it back. Two heads have two rows of weights. One points at
# "cat", the other at "mat", and their outputs are kept apart, side by side.
#
# This is the reason that :ref:`Vaswani et al. (2017) <vaswani2017>` give in section
# 3.2.2: with a single head, averaging gets in the way of attending to different places
# for different purposes. Further down you measure how much it costs.

# %%
# Two heads by hand
# -----------------
#
# Take three words, "the cat sat". Each is a row of four numbers, with a single 1 that
# says which word of a tiny vocabulary it is: the, cat, sat, mat. The size of a row is
# called :math:`d_{model}`. Two heads share it equally, so each works with
# :math:`d_{head} = d_{model} / 2` numbers.

length, d_model, num_heads = 3, 4, 2
d_head = d_model // num_heads

x = torch.tensor(
    [
        [1.0, 0.0, 0.0, 0.0],  # the
        [0.0, 1.0, 0.0, 0.0],  # cat
        [0.0, 0.0, 1.0, 0.0],  # sat
    ]
)
print(f"{x.shape = }   (length, d_model)")
print(f"{d_head = }")

# %%
# **Step 1: project.** A :term:`projection` is a product with a matrix. Three matrices
# turn the words into queries, keys and values. In a real model training finds them; here
# they were chosen so that you can follow them with your eyes. As each row of ``x`` has a
# single 1, the product picks one row of the matrix: row 0 for "the", row 1 for "cat".

w_q = torch.tensor([[2, 0, 2, 0], [0, 2, 2, 0], [2, 0, 0, 2], [1, 1, 1, 1]]).float()
w_k = torch.tensor([[0, 0, 2, 0], [2, 0, 0, 2], [0, 2, 0, 0], [1, 1, 1, 1]]).float()
w_v = torch.tensor(
    [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
).float()

q, k, v = x @ w_q, x @ w_k, x @ w_v  # each (length, d_model)
print(f"{q.shape = }   {k.shape = }   {v.shape = }")
print("values:", v.tolist(), sep="\n")
assert v.equal(w_v[:3])

# %%
# **Step 2: split into heads.** Head 0 gets the first two columns, head 1 the last two.
# Every head keeps all three words.
#
# Two operations do it. :meth:`view <torch.Tensor.view>` reads the same numbers, in the
# same order, into another shape: each row of four becomes two groups of two.
# :meth:`transpose <torch.Tensor.transpose>` then moves the heads to the front, so that
# each head is a table of its own with a row for each word.

v_groups = v.view(length, num_heads, d_head)  # (length, num_heads, d_head)
v_heads = v_groups.transpose(0, 1)  # (num_heads, length, d_head)
print(f"{v_groups.shape = }   (length, num_heads, d_head)")
print(f"{v_heads.shape = }   (num_heads, length, d_head)")
for head in range(num_heads):
    print(f"head {head}:", v_heads[head].tolist())
    assert v_heads[head].equal(v[:, head * d_head : (head + 1) * d_head])

# %%
# It looks as if one view could do both. It cannot. ``v.view(num_heads, length, d_head)``
# has the right shape, but it deals out the numbers in reading order: the first half of
# *all rows* to head 0, instead of the first half of *each row*.

v_wrong = v.view(num_heads, length, d_head)
print(f"{v_wrong.shape = }   the same shape")
print("head 0, wrong:", v_wrong[0].tolist())
assert v_wrong.shape == v_heads.shape
assert not v_wrong.equal(v_heads)
assert v_wrong[0, 1].equal(v[0, 2:])  # the row of "cat" holds numbers of "the"

# %%
# In the picture each cell keeps the colour of the head that its column belongs to.
# On the right, the row that the code takes for "cat" holds 3 and 4, which belong to
# "the". No error is raised, and every shape is right: look at the numbers, not only at
# the shapes.

from nnbasics.plotting import plot_split_heads

figure = plot_split_heads(
    v,
    num_heads,
    tokens,
    alt=(
        "The values 1 to 12 in three rows, the, cat and sat. Split well, head 0 holds "
        "1 2, 5 6 and 9 10: the first two columns. With a view alone it holds 1 2, "
        "3 4 and 5 6, so that the row of cat contains numbers of the."
    ),
)
plt.show()

# %%
# **Step 3: attend, head by head.** From here on the heads do not know of each other.
# Each computes scores, weights and a mixture with its own columns, as one head does.

q_heads = q.view(length, num_heads, d_head).transpose(0, 1)
k_heads = k.view(length, num_heads, d_head).transpose(0, 1)

head_weights, head_outputs = [], []
for head in range(num_heads):
    scores = q_heads[head] @ k_heads[head].T / d_head**0.5  # (length, length)
    weights = scores.softmax(dim=-1)  # (length, length)
    head_weights.append(weights)
    head_outputs.append(weights @ v_heads[head])  # (length, d_head)
    print(f"head {head}: {weights.shape = }, {head_outputs[head].shape = }")

# %%
# Read the picture row by row: a row says where its word looks. Head 0 looks for the word
# that belongs to this one: "the" at "cat", "cat" at "sat", "sat" at "cat". Head 1 looks
# at the word before ("the" has none, and looks at itself). Two rows of weights, two
# answers.

from nnbasics.plotting import plot_heads

figure = plot_heads(
    {f"head {head}": head_weights[head] for head in range(num_heads)},
    tokens,
    alt=(
        "Two heatmaps of 3 by 3 weights. In head 0 the looks at cat, cat at sat and sat "
        "at cat, each with 0.89. In head 1 the looks at itself, cat at the and sat at "
        "cat, each with 0.89. All other weights are 0.05."
    ),
)
plt.show()

targets = [[1, 2, 1], [0, 0, 1]]  # where head 0 and head 1 look, for each word
for head in range(num_heads):
    assert head_weights[head].argmax(dim=-1).tolist() == targets[head]
    assert_close(
        head_weights[head].max(dim=-1).values,
        torch.full((3,), 0.8943),
        atol=1e-4,
        rtol=0,
    )
    assert_close(
        head_weights[head].min(dim=-1).values,
        torch.full((3,), 0.0528),
        atol=1e-4,
        rtol=0,
    )

# %%
# **Step 4: concatenate.** The outputs of the heads are put side by side, so that each
# word has :math:`d_{model}` numbers again. On tensors that hold all heads at once it is
# step 2 backwards: first transpose, then reshape.

concatenated = torch.cat(head_outputs, dim=-1)  # (length, d_model)
print(f"{concatenated.shape = }   (length, d_model)")

stacked = torch.stack(head_outputs)  # (num_heads, length, d_head)
assert_close(stacked.transpose(0, 1).reshape(length, d_model), concatenated)

# %%
# **Step 5: the output projection.** So far the first two numbers of each word come from
# head 0 alone, and the last two from head 1 alone. One more matrix mixes them. This one
# adds the heads in its first two columns and takes their difference in the last two.

w_o = torch.tensor([[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, -1, 0], [0, 1, 0, -1]]).float()

by_hand = concatenated @ w_o  # (length, d_model)
print(f"{by_hand.shape = }   (length, d_model)")
for token, before, after in zip(tokens, concatenated, by_hand, strict=True):
    print(f"{token}: {before.numpy().round(2)} -> {after.numpy().round(2)}")
assert_close(by_hand[:, :2], head_outputs[0] + head_outputs[1])
assert_close(by_hand[:, 2:], head_outputs[0] - head_outputs[1])

# %%
# The same from the package
# -------------------------
#
# These five steps are :class:`nnbasics.MultiHeadAttention`. Its four projections are
# :class:`torch.nn.Linear` layers, which keep their matrix the other way round (a row for
# each output) and add a bias. So you copy the transposed matrices in and set the biases
# to 0. If both ways agree, the next cell says nothing; if they do not, it stops.

from nnbasics import MultiHeadAttention

packaged = MultiHeadAttention(d_model, num_heads)
layers = [packaged.q_proj, packaged.k_proj, packaged.v_proj, packaged.out_proj]
with torch.no_grad():
    for layer, matrix in zip(layers, [w_q, w_k, w_v, w_o], strict=True):
        layer.weight.copy_(matrix.T)
        layer.bias.zero_()

batch = x[None]  # (1, length, d_model): the layer takes many sentences at once
packaged_output, packaged_weights = packaged(batch)

assert_close(packaged_output[0], by_hand)
assert_close(packaged_weights[0], torch.stack(head_weights))
print(f"{packaged_output.shape = }   (batch, length, d_model)")
print(f"{packaged_weights.shape = }   (batch, num_heads, length, length)")

# %%
# This is the source that ran. The lines that begin with ``check`` look at the arguments
# and raise an error that says what is wrong. The rest is the five steps, with all heads
# at once instead of a loop.

from nnbasics import merge_heads, split_heads
from nnbasics.source import show_source

show_source(split_heads, merge_heads, MultiHeadAttention)

# %%
# The usual size
# --------------
#
# Now a layer of a size that is in use: 64 numbers a word and 8 heads of 8 numbers each.
# The sentence is one batch of six tokens. The layer is untrained: its matrices are random
# numbers, and so are the 64 numbers of each word. The shapes are what to look at.

tokens = "The cat sat on the mat".split()
d_model, num_heads = 64, 8

torch.manual_seed(42)
attention = MultiHeadAttention(d_model, num_heads)
x = torch.randn(1, len(tokens), d_model)  # (batch, length, d_model)

q = attention.q_proj(x)  # (batch, length, d_model)
q_heads = split_heads(q, num_heads)  # (batch, num_heads, length, d_head)
output, weights = attention(x)

print(f"input          {tuple(x.shape)}   (batch, length, d_model)")
print(f"queries        {tuple(q.shape)}   the same for keys and values")
print(f"split          {tuple(q_heads.shape)} (batch, num_heads, length, d_head)")
print(f"weights        {tuple(weights.shape)} (batch, num_heads, length, length)")
print(f"concatenated   {tuple(merge_heads(q_heads).shape)}   side by side again")
print(f"output         {tuple(output.shape)}   as the input")
assert output.shape == x.shape
assert weights.shape == (1, 8, 6, 6)

# %%
# **More heads cost no more parameters.** The heads share the columns of the same four
# matrices. With 64 heads or with one, there are four matrices of 64 x 64 and four biases
# of 64 numbers.

for heads in [1, 2, 4, 8, 64]:
    layer = MultiHeadAttention(d_model, heads)
    parameters = sum(parameter.numel() for parameter in layer.parameters())
    print(f"{heads:2} heads of {d_model // heads:2} numbers: {parameters:,} parameters")
    assert parameters == 4 * (64 * 64 + 64) == 16_640

# %%
# Here are the eight heads of the random layer, on one colour scale. An empty cell holds
# less than 0.005.

figure = plot_heads(
    {f"head {head}": weights[0, head] for head in range(num_heads)},
    tokens,
    alt=(
        "Eight heatmaps of 6 by 6 weights of an untrained layer. All weights lie between "
        f"{weights.min():.2f} and {weights.max():.2f}, near one sixth, and no head has "
        "a pattern."
    ),
)
plt.show()

# %%
# It is tempting to see roles in them: a brighter cell here, a diagonal there. There is
# nothing to see. Nobody trained these numbers, so no head has a role. If you look at
# many random layers, every pair of words gets the same weight on average, one sixth,
# which is what a row of six gives if it shares its weight equally.

torch.manual_seed(0)
many = torch.stack(
    [MultiHeadAttention(d_model, num_heads)(x)[1][0].detach() for _ in range(200)]
)  # (layers, num_heads, length, length)
cat, sat = tokens.index("cat"), tokens.index("sat")
pair_means = many.mean(dim=(0, 1))  # (length, length)
print(
    f"weight of 'cat' to 'sat', heads of this layer: "
    f"{weights[0, :, cat, sat].detach().numpy().round(2)}"
)
print(f"its mean over {len(many)} layers: {pair_means[cat, sat]:.3f}")
print(f"the mean of any pair: {pair_means.min():.3f} to {pair_means.max():.3f}")
assert (pair_means - 1 / 6).abs().max() < 0.01

# %%
# Does each head see a slice of the input?
# ----------------------------------------
#
# **Predict first.** Head 0 works with columns 0 to 7 of the queries, keys and values.
# Suppose you change feature 63 of the input, the last of 64. Does the output of head 0
# change?
#
# What is cut into slices is the *projected* vectors, not the input. And each column of a
# projection is a sum over all 64 features of the input. So every head sees all of it,
# through a matrix of its own: the 64 x 8 part of the projection that makes its columns.
#
# The next cell takes these parts out and runs each head as a layer by itself, on the
# whole input. Nothing is split. The result is the same.

from nnbasics import scaled_dot_product_attention


def columns_of_head(layer, head):
    """The part of a projection that makes the columns of one head."""
    rows = slice(8 * head, 8 * head + 8)
    return layer.weight[rows].T, layer.bias[rows]  # (64, 8), (8,)


whole_outputs = []
for head in range(num_heads):
    projected = []
    for layer in [attention.q_proj, attention.k_proj, attention.v_proj]:
        matrix, bias = columns_of_head(layer, head)
        projected.append(x @ matrix + bias)  # (1, 6, 8), from all of x
    whole_output, whole_weights = scaled_dot_product_attention(*projected)
    whole_outputs.append(whole_output)
    assert_close(whole_weights, weights[:, head])

whole = attention.out_proj(torch.cat(whole_outputs, dim=-1))
assert_close(whole, output)
print("eight whole heads and one split layer: the same output")

# %%
# Now the question above. Each feature of the input is changed by 1 in all words, one
# feature at a time, and the change of each head's output is measured. For comparison the
# upper picture shows a layer without projections, which does cut up its input.


def split_after_projections(x):
    q, k, v = (
        split_heads(layer(x), num_heads)
        for layer in [attention.q_proj, attention.k_proj, attention.v_proj]
    )
    return scaled_dot_product_attention(q, k, v)[0]


def split_without_projections(x):
    heads = split_heads(x, num_heads)
    return scaled_dot_product_attention(heads, heads, heads)[0]


def effect_of_features(heads_of):
    """Change of each head (row) for each feature (column); 1 is the largest."""
    changed = x + torch.eye(d_model)[:, None, :]  # (64 features, 6, 64)
    difference = heads_of(changed) - heads_of(x)  # (64 features, 8, 6, 8)
    effect = difference.flatten(start_dim=2).norm(dim=-1).T  # (8, 64 features)
    return (effect / effect.max()).detach()


sliced = effect_of_features(split_without_projections)
projected = effect_of_features(split_after_projections)

from nnbasics.plotting import plot_head_inputs

figure = plot_head_inputs(
    {"no projections: the input is sliced": sliced, "the real layer": projected},
    alt=(
        "Two heatmaps, 8 heads by 64 features. Without projections each head depends on "
        "8 neighbouring features and on no other, which makes a staircase. In the real "
        f"layer every head depends on every feature, at least {projected.min():.2f} "
        "times as strongly as the strongest."
    ),
)
plt.show()

assert (sliced > 1e-6).sum(dim=-1).eq(8).all()
assert (projected > 0.1).all()
print(f"features that head 0 depends on: {(projected[0] > 0.1).sum()} of {d_model}")

# %%
# The same from PyTorch
# ---------------------
#
# PyTorch has this layer too: :class:`torch.nn.MultiheadAttention`. It keeps the matrices
# of queries, keys and values in one, on top of each other. With the same weights copied
# in, it must give the same output, and the same gradients, in the input and in every
# matrix.

theirs = nn.MultiheadAttention(d_model, num_heads, batch_first=True)
projections = [attention.q_proj, attention.k_proj, attention.v_proj]
with torch.no_grad():
    theirs.in_proj_weight.copy_(torch.cat([layer.weight for layer in projections]))
    theirs.in_proj_bias.copy_(torch.cat([layer.bias for layer in projections]))
    theirs.out_proj.load_state_dict(attention.out_proj.state_dict())

our_x = x.clone().requires_grad_()
our_output, our_weights = attention(our_x)
their_x = x.clone().requires_grad_()
their_output, their_weights = theirs(
    their_x, their_x, their_x, average_attn_weights=False
)
assert_close(our_output, their_output)
assert_close(our_weights, their_weights)

our_output.square().mean().backward()
their_output.square().mean().backward()
assert_close(our_x.grad, their_x.grad)
assert_close(
    torch.cat([layer.weight.grad for layer in projections]),
    theirs.in_proj_weight.grad,
)
assert_close(attention.out_proj.weight.grad, theirs.out_proj.weight.grad)
print("outputs, weights and gradients agree with torch.nn.MultiheadAttention")

# %%
# One warning if you use it with a mask: there ``True`` means *blocked*. In this package,
# as in :func:`torch.nn.functional.scaled_dot_product_attention`, ``True`` means *may
# attend*.
#
# Word order is not in it
# -----------------------
#
# Nothing in the five steps looks at where a word stands. Shuffle the words, and you get
# the same outputs, shuffled in the same way. To this layer "the cat sat on the mat" and
# "the mat sat on the cat" are one bag of words.

order = torch.tensor([0, 5, 2, 3, 4, 1])  # "cat" and "mat" change places
shuffled_output, shuffled_weights = attention(x[:, order])

print("the order:", " ".join(tokens[place] for place in order))
assert_close(shuffled_output, output[:, order])
assert_close(shuffled_weights, weights[:, :, order][:, :, :, order])
print("outputs and weights moved with their words, and did not change otherwise")

# %%
# The name for it is :term:`permutation equivariance`. It is why a model that has to know
# about order must be told: numbers that stand for the position are added to each word.
# The models below do that.
