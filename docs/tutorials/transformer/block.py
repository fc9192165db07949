"""
The block
=========

The last lesson ended on a question. A real model stacks dozens of layers. What becomes
of a word's numbers on their way through 32 of them, and of the gradients on their way
back? Here you follow both, build the two parts that decide what arrives, and put a
whole block together. Then you train stacks, and find out where the norm belongs.

At the end you can

- say what a residual connection and a layer norm are for, and compute both by hand;
- build a Transformer block, and find mistakes in it that raise no error;
- say what decides whether a deep stack can be trained.

*Attention*, *heads* and *masks* come from :doc:`module 1 </basics/index>`, the
*feed-forward network* from :doc:`the last lesson </transformer/feed_forward>`,
*positions* from :doc:`the one before </transformer/positions>`. ``assert_close`` stops
with an error unless its two arguments are the same, up to rounding.
"""

# %%
# Thirty-two parts, one on another
# --------------------------------
#
# Begin without attention. Take 32 feed-forward networks, each with random numbers of
# its own, and let each work on what the one before gives.
#
# Three bits go in, and the question is whether their sum is odd: XOR, with three bits,
# called parity. A matrix turns the three bits into a :term:`vector` of 32 numbers, as a
# word has one in a model; the networks work on it one after the other, and another
# matrix reads the answer from the last one. This is
# :class:`nnbasics.experiments.FeedForwardStack`, where "plain" says that each part
# replaces what came in.
#
# There are eight inputs, so there are eight vectors. If a model is to answer them
# differently, the vectors have to stay different. As a measure take how far they are
# from their mean, as a share of their lengths: 0 means all the same.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 3
# sphinx_gallery_thumbnail_number = 2

import torch
from matplotlib import pyplot as plt
from torch import nn
from torch.testing import assert_close

from nnbasics import plotting
from nnbasics.experiments import FeedForwardStack


def difference(vectors):
    """Say how far vectors are from their mean, as a share of their lengths."""
    # norm(): the length, here of all numbers of the eight vectors taken together
    return ((vectors - vectors.mean(dim=0)).norm() / vectors.norm()).item()


def make_stack(order, depth=32):
    """Make a stack of so many parts, always with the same random start."""
    return FeedForwardStack(order, depth, generator=torch.Generator().manual_seed(0))


plain = make_stack("plain")
bits, is_odd = plain.examples()  # (8, 3), (8,)
way_up = {"plain": plain.stages(bits)}  # before the first part, and behind each one
print(f"before the first part: {difference(way_up['plain'][0]):.2f}")
# sphinx_gallery_start_ignore
assert len(way_up["plain"]) == 33, "32 parts: 33 stages"
assert abs(difference(way_up["plain"][0]) - 0.49) < 0.005, "they begin with 0.49"
# sphinx_gallery_end_ignore

# %%
# **Guess.** How different are the eight vectors behind 8 parts, and behind 32? Nothing
# is trained yet.

# %%
# Measure it behind each part. The scale is logarithmic: :math:`10^{-3}` is 0.001, a
# thousandth.

differences = {name: [difference(x) for x in way] for name, way in way_up.items()}
figure = plotting.plot_curves(
    differences, xlabel="part", ylabel="difference of the eight vectors", log_y=True
)
lengths = [x.norm(dim=1).mean().item() for x in way_up["plain"]]
for part in (0, 8, 32):
    print(f"mean length behind {part:2} parts: {lengths[part]:.2f}")
# sphinx_gallery_start_ignore
lost = differences["plain"]
figure.set_label(
    "How different eight vectors are, over the parts that they have passed, on a "
    f"logarithmic scale. It falls in a straight line from {lost[0]:.2f} to about one "
    "ten-millionth behind 14 parts, and stays there."
)
assert lost[8] < 1e-3, "behind 8 parts less than a thousandth"
assert max(lost[16:]) < 1e-6, "from 14 or so on rounding is all that is left"
factor = (lost[9] / lost[3]) ** (1 / 6)
assert 0.1 < factor < 0.4, "each part leaves a tenth to four tenths of a difference"
assert min(lengths[2:]) > 0.5 * lengths[2], "their lengths fall only at first"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Behind 8 parts less than a thousandth of the difference is left. Behind 32 there is
# nothing but rounding, as from 14 on: whatever the bits were, the same vector comes
# out. From part to part less than four tenths of the difference are left. Why? What
# differs is multiplied by weights, and these are small, so it gets smaller. The lengths
# get smaller only at first: each part adds its biases, the same to all eight vectors.
# So what these have in common stays, and what tells them apart is gone.
#
# The gradients go the same way back. By the :term:`chain rule` the slopes of all parts
# are multiplied, and each makes a gradient smaller, as it makes a difference smaller.
# :func:`nnbasics.experiments.train_stack` trains a stack with Adam, an
# :term:`optimiser`, and keeps the losses, and for each part the length of its gradient
# in the first step, all its parameters taken together. One step is enough for now.

from nnbasics.experiments import train_stack

# random numbers: train_stack wants them for tasks that draw examples; here are always
# the same eight
start = torch.Generator().manual_seed(0)
run = train_stack(plain, start, rate=0.003, steps=1)
gradients = {"plain": run.gradients}
print(f"gradient of the last part:  {run.gradients[-1]:.0e}")
print(f"gradient of the first part: {run.gradients[0]:.0e}")
# sphinx_gallery_start_ignore
assert 1e-22 < run.gradients[0] < 1e-20, "about a 1 behind 21 zeros"
steps_back = zip(run.gradients, run.gradients[1:], strict=False)
assert all(one < later for one, later in steps_back), "each part makes it smaller"
assert run.gradients[-1] > 1e-3, "the last part has a gradient"
# sphinx_gallery_end_ignore

# %%
# ``1e-21`` is :math:`10^{-21}`: a 1 behind 21 zeros. No step can be made of such a
# number.
#
# What came in stays
# ------------------
#
# The remedy is one plus sign. Let each part *add* to what came in, in the place of
# replacing it:
#
# .. math::
#
#    y = x + f(x)
#
# This is a :term:`residual connection` (:ref:`He et al. (2016) <he2016>`). If :math:`f`
# gives little, :math:`y` is still about :math:`x`. And the slope is 1 plus that of
# :math:`f`: the 1 hands the gradient on as it is. So what leaves the stack is what went
# in, plus what each part has added. Take the same 32 networks, with the same numbers.

residual = make_stack("residual")
way_up["residual"] = residual.stages(bits)
came_in = way_up["residual"][:-1]  # what came to each part: all but the last
added = [part(x) for part, x in zip(residual.layers, came_in, strict=True)]
assert_close(way_up["residual"][-1], way_up["residual"][0] + sum(added))
gradients["residual"] = train_stack(residual, start, rate=0.003, steps=1).gradients

differences = {name: [difference(x) for x in way] for name, way in way_up.items()}
figure = plotting.plot_curves(
    differences, xlabel="part", ylabel="difference of the eight vectors", log_y=True
)
# sphinx_gallery_start_ignore
kept = differences["residual"]
figure.set_label(
    "How different eight vectors are, over the parts that they have passed. In the "
    "plain stack it falls to a ten-millionth. With residual connections it stays "
    f"between {min(kept):.2f} and {max(kept):.2f}."
)
assert_close(
    make_stack("plain").state_dict(),
    make_stack("residual").state_dict(),
    msg="the same 32 networks, with the same numbers",
)
assert min(kept) > 0.15, "with the plus sign the vectors stay different"
# sphinx_gallery_end_ignore
plt.show()

# %%
# With the plus sign the vectors stay different. ``zip`` walks through two lists side by
# side: each part with what came to it. ``assert_close`` found the sum: what came out is
# what went in, plus 32 additions. So people speak of a :term:`residual stream`
# (:ref:`Elhage et al. (2021) <elhage2021>`): a vector that runs through the whole
# model, from which each part reads, and to which it adds.
#
# Now the way back.

figure = plotting.plot_curves(
    gradients,
    x=range(1, 33),
    xlabel="part",
    ylabel="gradient in the first step",
    log_y=True,
)
# sphinx_gallery_start_ignore
back = gradients["residual"]
figure.set_label(
    "The gradient of each of 32 parts in the first step, on a logarithmic scale. In "
    f"the plain stack it falls from {run.gradients[-1]:.0e} at the last part to "
    f"{run.gradients[0]:.0e} at the first. With residual connections it stays between "
    f"{min(back):.1f} and {max(back):.1f}."
)
assert min(back) > 1e-2, "with residual connections every part gets a gradient"
assert max(back) / min(back) < 30, "of about the same size"
assert max(run.gradients[:16]) < 1e-8, "in the plain stack the first half gets none"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Each part gets a gradient that steps can be made of, the first as well as the last.
#
# Layer normalization
# -------------------
#
# Where all parts add, nothing holds the size. Here are the mean lengths of the eight
# vectors on their way up.

for part in (0, 8, 16, 32):
    lengths = way_up["residual"][part].norm(dim=1)  # (8,)
    print(f"behind {part:2} parts: {lengths.mean():5.2f}")
# sphinx_gallery_start_ignore
sizes = [x.norm(dim=1).mean() for x in way_up["residual"]]
assert sizes[0] < sizes[8] < sizes[16] < sizes[32], "they grow"
assert sizes[32] > 4 * sizes[0], "to more than four times their length"
# sphinx_gallery_end_ignore

# %%
# They grow to more than four times their size. The second remedy is :term:`layer
# normalization` (:ref:`Ba et al. (2016) <ba2016>`), or *norm* for short (``.norm()`` in
# the code is the length of a vector, another thing). Put before a part, it lets the sum
# grow, but the part always reads numbers of the same size. It takes the vector of one
# word, and gives it the mean 0 and the :term:`variance` 1. What this is good for, you
# will measure below.
#
# By hand, for four numbers: take off their mean, 3. The variance is the mean of
# the squares of what is left: 4, 1, 0 and 9 have the mean 3.5. Divide by its root.

vector = torch.tensor([1.0, 2, 3, 6])
centred = vector - vector.mean()  # minus 3
variance = centred.square().mean()  # (4 + 1 + 0 + 9) / 4
eps = 1e-5  # a little more than 0: a vector of equal numbers is not divided by 0
normed = centred / (variance + eps).sqrt()
assert_close(normed, nn.LayerNorm(4)(vector))

figure = plotting.plot_matrix(
    torch.stack([vector, centred, normed]),
    rows=["vector", "minus its mean", "normed"],
    columns=["1st", "2nd", "3rd", "4th"],
    xlabel="number",
    colour_label="number",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "Four numbers in three rows. The vector is 1, 2, 3 and 6. Minus its mean it is -2, "
    "-1, 0 and 3. Divided by the root of 3.5 these are -1.07, -0.53, 0 and 1.60."
)
assert centred.tolist() == [-2, -1, 0, 3], "take off their mean, 3"
assert variance == 3.5, "4, 1, 0 and 9 have the mean 3.5"
assert_close(
    nn.LayerNorm(4)(10 * vector),
    normed,
    rtol=1e-4,
    atol=1e-4,
    msg="ten times as large, they would give the same",
)
by_std = centred / vector.std()
assert not torch.allclose(by_std, normed, rtol=0.1), "std gives other numbers"
assert_close(by_std * (4 / 3) ** 0.5, normed, msg="its root differs by 4 / 3")
# sphinx_gallery_end_ignore
plt.show()

# %%
# Ten times as large, the four numbers would give the same: the size is gone. Each word
# is normed by itself. Then each of its numbers is multiplied by a *gain* and a *bias*
# is added; both are learned, and begin as 1 and 0.
#
# The variance of the norm is the sum of the squares, 14, divided by :math:`n`, here 4.
# A mistake is made here often: to divide by ``vector.std()``. In PyTorch that is the
# root of :math:`14 / (n - 1)`, unless told otherwise. The norm of a well-known tutorial
# did so for years (`annotated-transformer #122
# <https://github.com/harvardnlp/annotated-transformer/issues/122>`__). Nothing fails,
# but the numbers are not those of ``nn.LayerNorm``.
#
# The whole block
# ---------------
#
# Now you have four parts: attention, which gathers; a feed-forward network, which
# computes; and a norm for each. A block is
#
# .. math::
#
#    \begin{aligned}
#    y &= x + \text{attention}(\text{norm}_1(x)) \\
#    z &= y + \text{network}(\text{norm}_2(y))
#    \end{aligned}
#
# Take the parts of the lessons before, and follow one of six words.

from nnbasics import FeedForward, MultiHeadAttention

torch.manual_seed(0)
x = torch.randn(1, 6, 8)  # (batch, length, d_model)
attention = MultiHeadAttention(d_model=8, num_heads=2)
network = FeedForward(d_model=8, d_hidden=32)
norm1, norm2 = nn.LayerNorm(8), nn.LayerNorm(8)

gathered, weights = attention(norm1(x))
y = x + gathered  # (batch, length, d_model)
computed = network(norm2(y))
by_hand = y + computed  # (batch, length, d_model)

stream = {
    "a word": x,
    "+ attention": gathered,
    "+ network": computed,
    "= output": by_hand,
}
figure = plotting.plot_matrix(
    torch.stack([part[0, 0] for part in stream.values()]),
    rows=list(stream),
    columns=[str(number) for number in range(1, 9)],
    xlabel="number",
    colour_label="value",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The eight numbers of a word on their way through a block, in four rows. The first "
    "three are what comes in, what attention adds, and what the network adds. The last "
    "is their sum."
)
assert_close(x + gathered + computed, by_hand, msg="the last row is the sum")
assert gathered[0, 0].norm() < x[0, 0].norm(), "attention adds less than came in"
assert computed[0, 0].norm() < x[0, 0].norm(), "so does the network"
# sphinx_gallery_end_ignore
plt.show()

# %%
# The last row is the sum of the three above it. :class:`nnbasics.TransformerBlock` has
# the same four parts. Put yours in, and it gives your output.

from nnbasics import TransformerBlock

block = TransformerBlock(d_model=8, num_heads=2)
block.attention, block.feed_forward = attention, network
block.norm1, block.norm2 = norm1, norm2
assert_close(block(x), (by_hand, weights))


def count(part):
    """Count the parameters of a part."""
    return sum(parameter.numel() for parameter in part.parameters())


d = 64
large = TransformerBlock(d_model=d, num_heads=8)  # with 4 d hidden units
for name, part in large.named_children():
    print(f"{name}: {count(part)}")
print(f"the block: {count(large)}, 12 d² + 13 d: {12 * d**2 + 13 * d}")
# sphinx_gallery_start_ignore
assert count(large.attention) == 4 * d**2 + 4 * d, "four matrices, four biases"
assert count(large.feed_forward) == 8 * d**2 + 5 * d, "8 d² weights, 5 d biases"
assert count(large.norm1) == count(large.norm2) == 2 * d, "a gain and a bias each"
assert count(large) == 12 * d**2 + 13 * d, "12 d² + 13 d"
# sphinx_gallery_end_ignore

# %%
# Attention has four matrices of :math:`d^2` weights, for queries, keys, values and the
# output, each with :math:`d` biases. The network has :math:`d h` weights and :math:`h`
# biases, then :math:`h d` weights and :math:`d` biases; with :math:`h = 4 d` hidden
# units these are :math:`8 d^2` and :math:`5 d`. Each norm has a gain and a bias of
# :math:`d` numbers. The norms cost next to nothing.
#
# Going deeper: the source, and PyTorch's own
# -------------------------------------------
#
# This is the source that ran. ``norm_first=False`` puts each norm behind the sum; you
# will compare the two below.

from nnbasics.lesson import show_source

show_source(TransformerBlock)

# %%
# PyTorch's block is :class:`torch.nn.TransformerEncoderLayer`. Its attention has
# another name, and keeps the matrices of queries, keys and values in one, on top of
# each other; the rest has the names of ours, but for the ``feed_forward.`` in front of
# two layers. ``dropout=0.0`` says that no numbers are left out at random, which PyTorch
# does unless told otherwise; ``batch_first=True``, that the shapes are those of ours.
# ``state_dict()`` gives all parameters by their names.

theirs = nn.TransformerEncoderLayer(
    d_model=8,
    nhead=2,
    dim_feedforward=32,
    dropout=0.0,
    batch_first=True,
    norm_first=True,
)
shared = {
    name.removeprefix("feed_forward."): numbers
    for name, numbers in block.state_dict().items()
}
# strict=False: what is missing, the attention, stays as it is until the next lines
theirs.load_state_dict(shared, strict=False)
theirs.self_attn.out_proj.load_state_dict(attention.out_proj.state_dict())
projections = [attention.q_proj, attention.k_proj, attention.v_proj]
# .data: the numbers of a parameter, which can be put in the place of others
theirs.self_attn.in_proj_weight.data = torch.cat([p.weight for p in projections]).data
theirs.self_attn.in_proj_bias.data = torch.cat([p.bias for p in projections]).data

our_x, their_x = x.clone().requires_grad_(), x.clone().requires_grad_()
our_output, their_output = block(our_x)[0], theirs(their_x)
assert_close(our_output, their_output)

our_output.sin().sum().backward()  # any loss will do
their_output.sin().sum().backward()
assert_close(our_x.grad, their_x.grad)
assert_close(network.linear1.weight.grad, theirs.linear1.weight.grad)
assert_close(norm1.weight.grad, theirs.norm1.weight.grad)
stacked = torch.cat([projection.weight.grad for projection in projections])
assert_close(stacked, theirs.self_attn.in_proj_weight.grad)
print("outputs and gradients: as torch.nn.TransformerEncoderLayer")

# %%
# The tests of these lessons compare every gradient, with the norm before and after, and
# with masks of every form.

# %%
# Two mistakes that raise no error
# --------------------------------
#
# A model that is to predict the next word must not see it. A :term:`causal mask` sees
# to that. Forget it, and nothing fails: the loss even gets better, since the answer can
# be read off. A tutorial of PyTorch had this mistake (`pytorch/tutorials #2478
# <https://github.com/pytorch/tutorials/issues/2478>`__). There is a probe that finds
# it: exchange one word, and see which outputs move. Those before it must not.

from nnbasics import causal_mask

words = "dogs chase cats near trees".split()
torch.manual_seed(1)
block = TransformerBlock(d_model=16, num_heads=2)
block.requires_grad_(False)  # it is not trained here
x = torch.randn(1, 5, 16)
changed = x.clone()
changed[0, 2] = torch.randn(16)  # another word in the place of "cats"

masks = {"with the mask": causal_mask(5), "mask forgotten": None}
# [0]: the output, not the weights
moved = [block(changed, mask)[0] - block(x, mask)[0] for mask in masks.values()]
figure = plotting.plot_matrix(
    torch.cat(moved).norm(dim=-1),  # (2, 5)
    rows=list(masks),
    columns=words,
    xlabel="output at",
    colour_label="change",
)
# sphinx_gallery_start_ignore
lengths = torch.cat(moved).norm(dim=-1)
figure.set_label(
    "How much a block's output at each of five words moves when cats is exchanged for "
    "another word. With the causal mask it stays at dogs and chase, and moves at cats "
    f"and behind it. Without the mask all five move, by {lengths[1].min():.2f} or more."
)
assert lengths[0, :2].max() < 1e-5, "with the mask, nothing before the word moves"
assert lengths[0, 2:].min() > 0.02, "with the mask, the word and those behind it move"
assert lengths[1].min() > 0.02, "without the mask, all five move"
# sphinx_gallery_end_ignore
plt.show()

# %%
# With the mask, nothing before "cats" moves. Without it, all five do: "dogs" and
# "chase" have seen a word that comes later.
#
# The second mistake is to forget the positions. The probe: shuffle the words. If the
# outputs are the same ones, shuffled, then the block does not know the order
# (:term:`permutation equivariance`). Leave the mask away for this: a causal mask alone
# tells something about the order (the first word sees one word, the last all five), and
# the two would differ even if the positions were forgotten.

positions = torch.randn(5, 16)  # a vector for each place
new_places = [3, 0, 4, 1, 2]  # x[:, new_places]: the words in this order
for name, places in [("without positions", 0 * positions), ("with", positions)]:
    shuffled = block(x[:, new_places] + places)[0]  # shuffle, then the block
    expected = block(x + places)[0][:, new_places]  # the block, then shuffle
    print(f"{name}: the two differ by up to {(shuffled - expected).abs().max():.2f}")
    # sphinx_gallery_start_ignore
    if name == "with":
        assert (shuffled - expected).abs().max() > 0.5, "they differ with positions"
    else:
        assert (shuffled - expected).abs().max() < 1e-4, "and do not without"
    # sphinx_gallery_end_ignore

# %%
# A few lines each, and worth running on every model that you write.
#
# How deep?
# ---------
#
# Back to the stack. A part :math:`f`, a norm and what came in can be put together in
# several ways. Here are five:
#
# - plain: :math:`f(x)`
# - norm only: :math:`\text{norm}(f(x))`
# - residual: :math:`x + f(x)`
# - norm after: :math:`\text{norm}(x + f(x))`
# - norm before: :math:`x + f(\text{norm}(x))`
#
# In the last, only what the part reads is normed: the :math:`x` of the sum is handed on
# as it came. With the norm after, the sum itself is normed: what came in is not handed
# on unchanged.

# %%
# **Guess.** Train each with 4, 16 and 32 parts, 80 steps at the learning rate 0.003.
# Which of them learn? Is it the residual connection that is needed, the norm, or both?

# %%
# Train all fifteen. An accuracy of 0.5 is that of a coin.

from nnbasics.experiments import ORDERS

runs = [
    train_stack(make_stack(order, depth), start, rate=0.003)
    for depth in (4, 16, 32)
    for order in ORDERS
]
accuracies = torch.tensor([run.accuracy for run in runs]).view(3, 5)
figure = plotting.plot_matrix(
    accuracies,
    rows=["4 parts", "16 parts", "32 parts"],
    columns=list(ORDERS),
    colour_label="accuracy",
    limits=(0.5, 1),
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The accuracies of stacks in five orders. With 4 parts all reach 1.00. With 16 and "
    "32 parts plain and norm only stay near 0.5. Residual and norm before reach 1.00 "
    f"at every depth. Norm after reaches {accuracies[1, 3]:.2f} with 16 parts, and "
    f"{accuracies[2, 3]:.2f} with 32."
)
plain, norm_only, residual, after, before = accuracies.T
assert accuracies[0].min() == 1, "with 4 parts all learn"
assert max(plain[1:].max(), norm_only[1:].max()) < 0.8, "deeper, without it, neither"
assert residual.min() == 1, "with the residual connection at every depth"
assert before.min() == 1, "the norm before it at every depth"
assert after[2] < 1, "the norm after it, with 32 parts, does not get all right"
# sphinx_gallery_end_ignore
plt.show()

# %%
# With 4 parts every order learns. With 16 and 32 parts those without the residual
# connection do not. At this rate it is the plus sign that is needed, and a norm does
# not take its place. And a norm can spoil it: behind the sum, with 32 parts, the stack
# does not get all answers right at this rate.
#
# From twenty random starts (in a copy of the repository, the command ``make -C docs
# seeds`` repeats it) 32 parts got all eight answers right 20 times with the plus sign
# alone, 19 times with the norm before, once with the norm after, and never without the
# plus sign. With 16 parts and the norm after it was 17 times.
#
# Is a small gradient the whole story? Look at both for 32 parts, before the training:
# the gradient of the first part, and the difference of the eight vectors behind the
# last.

left = {order: difference(make_stack(order).stages(bits)[-1]) for order in ORDERS}
for run in runs[-5:]:
    both = f"gradient {run.gradients[0]:.0e}, difference {left[run.order]:.0e}"
    print(f"{run.order:11}: {both}, accuracy {run.accuracy:.2f}")
# sphinx_gallery_start_ignore
first = {run.order: run.gradients[0] for run in runs[-5:]}
assert first["plain"] < 1e-18, "tiny in the plain stack"
assert first["norm only"] > 1e-2, "with the norm alone it is not small"
assert first["norm after"] > 1e-2, "nor with the norm after"
assert left["plain"] < 1e-6, "the plain stack makes one vector of all"
assert left["norm only"] < 0.1, "norm only leaves less than a tenth of the difference"
with_plus = [left[order] for order in ("residual", "norm after", "norm before")]
assert min(with_plus) > 0.15, "with the plus sign, the vectors stay different"
only = make_stack("norm only")
gets = only.stages(bits)[:-1]
for part, x in zip(only.layers, gets, strict=True):
    assert part(x).norm() < 0.6 * x.norm(), "each part gives smaller numbers"
# sphinx_gallery_end_ignore

# %%
# No. The plain stack has two troubles at once, a tiny gradient and one vector for all
# inputs. With the norm only, the gradient is of a good size: each part gives smaller
# numbers than it gets, and makes the gradient smaller in the same way. The norm divides
# by this small size: that makes the numbers large again, and by the chain rule the
# gradient, too. But of the difference, 0.49 before the first part, less than a tenth is
# left. Each part adds the same biases to all eight vectors, so what they have in common
# grows, compared with what tells them apart. The norm does not mend this: its mean is
# that of the numbers of one vector, not of the eight vectors, and its division makes
# both larger by the same factor.
#
# With the norm after, both are of a good size, and yet the stack does not get all
# answers right. Try smaller steps: at a third of this rate, 0.001, it did, from all
# twenty starts. Norm only needs still smaller ones: at 0.0003 its stacks of 16 parts
# got all answers right from all twenty, those of 32 parts, where so little of the
# difference is left, from none. So the size of the steps matters, too; why, was not
# measured. Now the other way: larger ones.

# %%
# **Guess.** The learning rate is now 0.02, about seven times as large. There are 32
# parts. Which of the two learns: residual, or norm before?

# %%
# Train both.

for order in ("residual", "norm before"):
    run = train_stack(make_stack(order), start, rate=0.02)
    print(f"{order}: largest loss {max(run.losses):.1f}, accuracy {run.accuracy:.2f}")
    runs.append(run)
# sphinx_gallery_start_ignore
assert runs[-2].accuracy < 0.9, "with the plus sign alone it does not learn"
assert max(runs[-2].losses) > 4 * max(runs[-1].losses), "the loss jumps high"
# sphinx_gallery_end_ignore

# %%
# With the plus sign alone the loss jumps high (how high, differs much from start to
# start), and the stack does not learn. A likely reason, not tested here: nothing limits
# the sizes. A step that makes each part's numbers a little larger lets the next part
# read larger ones, 32 times over. With the norm before, each part reads numbers of the
# same size, however long the sum has become. From twenty starts 18 such stacks got all
# answers right, and none with the plus sign alone.
#
# Norm before, or after?
# ----------------------
#
# The first Transformer had the norm after each sum (:ref:`Vaswani et al. (2017)
# <vaswani2017>`). Later ones have it before, such as LLaMA (:ref:`Touvron et al. (2023)
# <touvron2023>`). Why? Take four blocks with attention, and a task that needs it: write
# 16 tokens backwards, each of them one of 16 kinds. All answers are given at once,
# without a mask: at the first place the last token, and so on. Each place has a learned
# vector, added to that of its token. The accuracy is the share of tokens that are named
# rightly. :class:`nnbasics.experiments.BlockStack` is this model.
#
# One more thing belongs to the question, :term:`warm-up`: the learning rate begins near
# 0 and rises, step by step, to its full size.

# %%
# **Guess.** The learning rate is 0.012, large for such a model, and there are 150
# steps. Which learn: the norm after, the norm after with 50 steps of warm-up, the norm
# before? And does the norm after learn at the rate 0.005, without warm-up?

# %%
# Four trainings, all from the same start.

from nnbasics.experiments import BlockStack

curves = {}
for rate, order, warm_up in [
    (0.012, "norm after", 0),
    (0.012, "norm after", 50),
    (0.012, "norm before", 0),
    (0.005, "norm after", 0),
]:
    start = torch.Generator().manual_seed(3)
    stack = BlockStack(order, depth=4, generator=start)
    runs.append(train_stack(stack, start, rate=rate, warm_up=warm_up, steps=150))
    name = f"{order}, warm-up {warm_up}"
    print(f"rate {rate}, {name:23}: {runs[-1].accuracy:.2f}")
    if rate == 0.012:
        curves[name] = runs[-1].losses

figure = plotting.plot_curves(curves, xlabel="step", ylabel="loss")
# sphinx_gallery_start_ignore
figure.set_label(
    "Three losses over 150 steps at the rate 0.012. With the norm after and no warm-up "
    "the loss stays near 2.8, the logarithm of 16. With 50 steps of warm-up it falls "
    "to nearly 0, and with the norm before it falls sooner."
)
high, low = runs[-4:-1], runs[-1]
assert high[0].accuracy < 0.3, "at the high rate the norm after fails"
assert min(high[0].losses) > 2.3, "its loss stays that of guessing"
assert min(high[1].losses) < 0.2, "with warm-up it learns"
assert high[1].accuracy > 0.6, "and names most tokens rightly at the end"
assert high[2].accuracy > 0.9, "with the norm before it needs none"
assert max(high[0].gradients) < max(high[2].gradients), "gradients are no larger"
assert low.accuracy > 0.9, "at the lower rate the norm after learns without it"
soon = [next(i for i, loss in enumerate(run.losses) if loss < 1) for run in high[1:]]
assert soon[1] + 10 < soon[0], "and with the norm before it falls sooner"
# sphinx_gallery_end_ignore
plt.show()

# %%
# At the high rate the norm after stays at the loss of guessing (one of 16: the
# logarithm of 16, about 2.8), and warm-up saves it; the first Transformer was trained
# with it. The norm before needs none. At the lower rate the norm after learns without
# it, too. So two short answers are both wrong: that the norm after cannot be trained
# (at 0.005 it can), and that its place does not matter (at 0.012 it does). The norm
# before forgives a rate that is too large.
#
# The accuracies from twenty starts:
#
# - rate 0.012, norm after: less than 0.10; with warm-up 0.76 to 1.00, 18 times 0.93 or
#   more;
# - rate 0.012, norm before: 0.99 or more;
# - rate 0.005: 0.97 or more with the norm after, 0.99 or more with the norm before.
#
# :ref:`Xiong et al. (2020) <xiong2020>` found in models for translation that the norm
# before needs no warm-up. Their reason: with the norm after, the gradients near the
# output are large at the start, too large for a high rate. Here the first step does not
# show it: its gradients are no larger than those with the norm before. So the size of
# the first gradient is not the reason here; what is, was not measured. What the runs do
# show: if the first steps are small, the model can take large ones afterwards.
#
# Here are the trainings of this page. Choose a task, an order, a depth, a rate, and
# compare two of them: the losses, and the gradients in the first step.

from nnbasics.explorers import DepthExplorer

DepthExplorer(runs[-4:] + runs[:-4])  # the last four first

# %%
# Going deeper: what models changed since
# ---------------------------------------
#
# This block is that of 2017, with its norm moved. In a sentence each, what later work
# changed, or found:
#
# - **RMSNorm** leaves out the mean and the bias of the norm, and only divides by the
#   size (:ref:`Zhang and Sennrich (2019) <zhang2019>`).
# - **SwiGLU** is a feed-forward network with two sets of hidden units. One goes through
#   a curve much like the ReLU, and is multiplied by the other (:ref:`Shazeer (2020)
#   <shazeer2020>`).
# - **LLaMA** puts these two together with the norm before each part and with RoPE
#   (:ref:`Touvron et al. (2023) <touvron2023>`).
# - **Fewer keys and values**: all query heads share one key head and one value head
#   (:ref:`Shazeer (2019) <shazeer2019>`), or each group of heads shares one
#   (:ref:`Ainslie et al. (2023) <ainslie2023>`), so that less has to be kept while a
#   text is written (the next lesson shows what is kept).
# - **FlashAttention** computes the same attention, piece by piece, without ever writing
#   down the whole table of weights (:ref:`Dao et al. (2022) <dao2022>`).
# - **Attention sinks**: trained models put much weight on the first tokens, whatever
#   they are, and fail in long texts if the keys of these are no longer kept, to save
#   memory (:ref:`Xiao et al. (2024) <xiao2024>`).
# - **No positions at all**: with a causal mask a model can learn without being told
#   positions (:ref:`Haviv et al. (2022) <haviv2022>`), and in small tasks such models
#   went on best beyond the lengths of their training (:ref:`Kazemnejad et al. (2023)
#   <kazemnejad2023>`).

# %%
# Exercises
# ---------
#
# 🎯 Answer 6.1 to 6.5 on the page of this lesson, and all in its notebook (the link is
# under the title): replace ``None``, or the dots in a function, by your answer, and run
# the cell. The checker tells you whether it is right, and where to look if it is not.
#
# 💡 Tip: work out the answer first, and check to see whether you were right.
# The answers are on the page :doc:`/transformer/solutions`.
#
# **6.1** A block has :math:`d_{model}` 16, four heads, and only 32 hidden units. How
# many parameters does it have, with all biases and both norms?

from nnbasics.exercises import check_block_parameters

answer = None  # your answer here
print(check_block_parameters(answer))

# %%
# **6.2** Four blocks are to predict the next word. In A ``mask`` is the causal mask,
# each norm stands before its part, and takes the mean and the variance of a word's own
# numbers. Each of the others differs from A in one thing:
#
# - B: its mask is ``mask.T``, rows and columns exchanged;
# - C: its norms come after each sum;
# - D: its norms take the mean and the variance of each column, over all words of the
#   sentence.
#
# Which of them let a word see what comes later? Each answer is ``"leaks"`` or
# ``"holds"``.

from nnbasics.exercises import check_leaks

a = None  # your answer here
b = None  # your answer here
c = None  # your answer here
d = None  # your answer here
print(check_leaks(a, b, c, d))

# %%
# **6.3** A layer norm gets the vector (8, 6, 4, 2). Its gain is 1, its bias 0, and eps
# so small that it does not matter. What is the first number that it gives, to two
# decimals or more?

from nnbasics.exercises import check_normed_number

answer = None  # your answer here
print(check_normed_number(answer))

# %%
# **6.4** Five stacks of 32 feed-forward parts :math:`f`, each with its random start,
# are trained as on this page, at the rate 0.003. One of them learns. Which?

from nnbasics.exercises import check_deep_stack

# "f(x)", "norm(f(x))", "f(norm(x))", "x/2 + f(x)" or "x + f(norm(x))"
answer = None  # your answer here
print(check_deep_stack(answer))

# %%
# **6.5** Ten parts all compute :math:`f(x) = 0.1 \cdot x`, with one number. Each has a
# residual connection, but in one of them it was forgotten. With what is a gradient
# multiplied on its way back through all ten?

from nnbasics.exercises import check_forgotten_residual

answer = None  # your answer here
print(check_forgotten_residual(answer))

# %%
# **6.6** Write layer normalization. ``x`` has the shape (length, d_model), ``gain`` and
# ``bias`` (d_model), and ``eps`` is a number. ``x.mean(dim=-1, keepdim=True)`` gives
# the mean of each row, as a column of numbers. To try it, run the notebook's cells from
# the first to this one.

from nnbasics.exercises import check_layer_norm


def my_layer_norm(x, gain, bias, eps):
    """Norm each word by itself."""
    ...  # your code here


print(check_layer_norm(my_layer_norm))

# %%
# What to take away
# -----------------
#
# - ✅ In a plain stack of random layers a word's numbers get lost on the way up, and
#   the gradients on the way back.
# - ✅ A residual connection lets each part add to what came in. What leaves the stack
#   is what went in, plus all additions.
# - ✅ Layer normalization gives each word's vector the mean 0 and the variance 1 (with
#   the sum of the squares divided by :math:`n`), then a gain and a bias.
# - ✅ A block is attention and a feed-forward network, each with a norm and a plus
#   sign: with :math:`4 d` hidden units :math:`12 d^2 + 13 d` parameters.
# - ✅ At the rate 0.003 stacks of 16 or 32 parts need the plus sign. Whether they then
#   learn depends on the place of the norm and the learning rate together. A gradient of
#   a good size is not enough.
# - ✅ The norm before each part forgives a high learning rate. The norm after needs a
#   lower one, or warm-up.
# - ✅ Two probes find what raises no error: exchange a word, and shuffle
#   the words.
#
# Next steps
# ----------
#
# Blocks can be stacked now, so that one can use what another has gathered. What is that
# good for? Read "… Harry Potter … Harry", and you know what comes next: what came after
# the same word earlier. A layer of attention alone cannot look for it, since no word
# knows yet which word stood before it. What can two layers do that one cannot?
