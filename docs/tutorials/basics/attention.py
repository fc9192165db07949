"""
Attention
=========

A word means something through the words around it. Attention is the part of a network
that lets each word look at the others and take from them what it needs. In this lesson
you compute it with a pencil, then with PyTorch, and then you watch a model learn where
to look.

At the end you can

- compute the output of attention for one word by hand, in five steps;
- say what the division by √d_k and a mask are for;
- read an attention :term:`heatmap`, a table drawn in colours, and say when it shows
  something and when it does not.

School algebra and a little Python are enough. The lesson stands alone. If the words
*parameter*, *loss* and *training* are new to you, read
:doc:`the XOR network </basics/xor_network>` first. In the code, skip the lines that
draw (``figure = ...``). ``assert_close`` stops with an error unless its two arguments
are the same, up to rounding.
"""

# %%
# The idea
# --------
#
# Read this sentence: *The cat sat on the mat.* To understand *sat* you want to know who
# sat. The answer stands somewhere else in the sentence. So *sat* has to ask a question,
# find the word that fits, and fetch what that word has to say.
#
# Attention does this with three lists of numbers, called :term:`vectors <vector>`, for
# each word:
#
# - the :term:`query`: what this word is looking for;
# - the :term:`key`: what this word can be found by;
# - the :term:`value`: what this word hands over when it is found.
#
# A model learns to compute all three from the word. Key and value are like the title
# and the text of a book: you search for the one and read the other.
#
# The words of a sentence, or whatever pieces a model reads, are called
# :term:`tokens <token>`.
#
# Five steps with a pencil
# ------------------------
#
# Take three tokens, with queries and keys of two numbers and values of three, small
# enough to follow by hand. The numbers are made up; further down a model learns them.
# Each row of a table below belongs to one token. Python counts rows and columns from 0,
# and -1 is the last one: ``query.size(-1)`` is the number of columns.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 2
# sphinx_gallery_thumbnail_number = 11

import math

import torch
from torch.nn import functional as F
from torch.testing import assert_close

tokens = ["the", "cat", "sat"]
query = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])  # (3 queries, 2)
key = torch.tensor([[0.0, 1.0], [2.0, 0.0], [1.0, 1.0]])  # (3 keys, 2)
value = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # (3, 3)
d_k = query.size(-1)
print(f"{query.shape = }\n{key.shape = }\n{value.shape = }\n{d_k = }")

# %%
# Step 1: scores
# ~~~~~~~~~~~~~~
#
# How well does a key fit a query? Multiply the two vectors number by number and add up
# the products. This is their :term:`dot product`, and here it is called the
# :term:`score`. It is large where both vectors have large numbers at the same places.
#
# The query of *sat* is (2, 1) and the key of *cat* is (2, 0):
#
# .. math::
#
#    2 \cdot 2 + 1 \cdot 0 = 4
#
# One matrix product gives the scores of all pairs: a row for each query, a column for
# each key. In the code ``@`` is the matrix product, and ``.T`` swaps rows and columns,
# so that each query meets each key. ``scores[2, 1]`` is row 2, *sat*, and column 1,
# *cat*.

scores = query @ key.T  # (3 queries, 3 keys)
print(f"{scores.shape = }")

import matplotlib.pyplot as plt

from nnbasics.plotting import plot_matrix

figure = plot_matrix(
    scores,
    rows=tokens,
    columns=tokens,
    ylabel="query (attending from)",
    xlabel="key (attending to)",
    colour_label="score",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The scores of three queries and three keys. The largest, 4, is that of the "
    "query 'sat' and the key 'cat'."
)
assert scores[2, 1] == 2 * 2 + 1 * 0 == 4, "the score of 'sat' and 'cat' is 4"
assert scores.max() == scores[2, 1], "the largest score is that of 'sat' and 'cat'"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Step 2: scale
# ~~~~~~~~~~~~~
#
# Divide each score by the square root of :math:`d_k`, the number of entries in a query.
# Here that is :math:`\sqrt{2} \approx 1.41`. Why this is done you will see below, in a
# measurement.

scaled = scores / math.sqrt(d_k)  # (3, 3)
print(f"score of 'sat' and 'cat': 4 / {math.sqrt(d_k):.3f} = {scaled[2, 1]:.3f}")

# %%
# Step 3: mask
# ~~~~~~~~~~~~
#
# Sometimes a query must not see a key. A model that learns to predict the next word
# must not read that word beforehand. A :term:`mask` says which pairs are allowed. The
# one below lets each token look at itself and at what comes before it; it is called a
# :term:`causal mask`. Where the mask says no, the score becomes minus infinity. In the
# code, ``~`` turns each ``True`` into ``False`` and the other way round, and
# ``masked_fill`` writes a number wherever it finds ``True``.

mask = torch.tensor([[True, False, False], [True, True, False], [True, True, True]])
masked = scaled.masked_fill(~mask, -torch.inf)  # (3, 3)
print(masked)

# %%
# Step 4: softmax
# ~~~~~~~~~~~~~~~
#
# Now turn each row into shares: numbers from 0 to 1 with the sum 1. The
# :term:`softmax` takes the number :math:`e = 2.718\ldots` to the power of each score
# :math:`s_j`, scaled and masked, and divides by the sum of these powers:
#
# .. math::
#
#    \text{weight}_j = \frac{e^{s_j}}{e^{s_1} + e^{s_2} + e^{s_3}}
#
# For *sat* the three powers are about 2.03, 16.92 and 8.34. Their sum is 27.29, so
# *cat* gets the share 16.92 / 27.29, which is 0.62.
#
# Shares of the scores themselves would not do: those of 3 and -1 would be 3/2 and -1/2.
# Powers of :math:`e` are never negative. A larger score gets a larger share. Minus
# infinity gets the share 0, because :math:`e^{-\infty} = 0`.
#
# These shares are the :term:`attention weights`. Do not confuse them with the weights
# of a network: those are learned and then stay as they are, these are computed anew for
# every sentence.
#
# In the code, ``dim=-1`` means along the last dimension, here along each row.
# ``sum(dim=-1, keepdim=True)`` adds up each row and leaves the sums in a column, so
# that each row is divided by its own sum.

powers = masked.exp()  # (3, 3)
weights = powers / powers.sum(dim=-1, keepdim=True)  # (3, 3)
assert_close(weights, F.softmax(masked, dim=-1))

from nnbasics.plotting import plot_attention

figure = plot_attention(weights, tokens)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights with a mask. 'the' attends to itself only, with weight 1. "
    f"'sat' puts {weights[2, 1]:.2f} of its attention on 'cat'. Above the diagonal "
    "all weights are 0."
)
off = powers[2] - torch.tensor([2.03, 16.92, 8.34])
assert (off.abs() < 0.005).all(), "the powers are about 2.03, 16.92 and 8.34"
assert abs(powers[2].sum() - 27.29) < 0.005, "the sum of the powers is 27.29"
assert abs(weights[2, 1] - 0.62) < 0.005, "'cat' gets the share 0.62"
assert_close(weights.sum(dim=1), torch.ones(3), msg="each row has the sum 1")
assert weights[0, 0] == 1, "'the' attends to itself only"
claim = "shares of the scores themselves would be 3/2 and -1/2"
assert [score / (3 + -1) for score in (3, -1)] == [3 / 2, -1 / 2], claim
assert (weights[~mask] == 0).all(), "minus infinity gets the share 0"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Read the picture row by row: a row belongs to the token that asks, and its numbers say
# how it divides its attention.
#
# Step 5: weighted sum
# ~~~~~~~~~~~~~~~~~~~~
#
# Each token now collects the values in these shares. The value of *the* is (1, 0, 0),
# that of *cat* is (0, 1, 0) and that of *sat* is (0, 0, 1), so that you can see in the
# result where it came from.

output = weights @ value  # (3 queries, 3)
print(f"{output.shape = }")
# sphinx_gallery_start_ignore
assert_close(output, weights, msg="you can see in the result where it came from")
# sphinx_gallery_end_ignore
print(f"output of 'sat': {[round(number, 3) for number in output[2].tolist()]}")

# %%
# These were the five steps. In one line, for all queries at once
# (:ref:`Vaswani et al. (2017) <vaswani2017>`, equation 1), with the tables of the
# queries, keys and values as :math:`Q`, :math:`K` and :math:`V`, and :math:`\top` for
# swapping rows and columns:
#
# .. math::
#
#    \operatorname{attention}(Q, K, V) =
#    \operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V
#
# The mask does not stand in the formula. Where there is one, the forbidden scores
# become minus infinity before the softmax.
#
# The packaged function
# ---------------------
#
# The same five steps are a function of the package,
# :func:`nnbasics.scaled_dot_product_attention`. It also checks its arguments, and takes
# a :term:`batch`: a stack of tables, one for each sentence, whose shape has one number
# more, in front. Both it and PyTorch's own function must agree with what you computed.

from nnbasics import attention_weights, scaled_dot_product_attention

packaged_output, packaged_weights = scaled_dot_product_attention(
    query, key, value, mask
)
assert_close(packaged_output, output)
assert_close(packaged_weights, weights)
assert_close(F.scaled_dot_product_attention(query, key, value, attn_mask=mask), output)
print("by hand = packaged = PyTorch")

# %%
# Try the five steps
# ------------------
#
# The next figure computes the same five steps, with the same numbers. The query of
# *sat* is chosen; point at another row, or step through the cells with the arrow keys.
# Before you change anything, make a guess:
#
# - Leave out the division by √2. Does *cat* get a larger share from *sat*, or a smaller
#   one?
# - Choose the causal mask. Which rows change?
# - The :term:`temperature` divides the scores once more. What does the row of *sat*
#   look like at 4, and at 0.1?

from nnbasics.explorers import AttentionExplorer

AttentionExplorer(tokens, query, key, value)

# %%
# Here are the answers for the row of *sat*, computed.

row_of_sat = scores[2]  # 1, 4, 3
shares = {
    "as above": (row_of_sat / math.sqrt(d_k)).softmax(dim=-1),
    "not divided": row_of_sat.softmax(dim=-1),
    "temperature 4": (row_of_sat / math.sqrt(d_k) / 4).softmax(dim=-1),
    "temperature 0.1": (row_of_sat / math.sqrt(d_k) / 0.1).softmax(dim=-1),
}
# sphinx_gallery_start_ignore
claim = "without the division the largest takes more"
assert shares["not divided"][1] > shares["as above"][1] + 0.05, claim
hot = shares["temperature 4"]
assert hot.max() - hot.min() < 0.2, "a high temperature evens the shares out"
claim = "a low temperature gives nearly everything to the largest"
assert shares["temperature 0.1"][1] > 0.99, claim
unmasked = attention_weights(query, key)  # (3, 3)
changed = (unmasked - weights).abs().amax(dim=1)
assert (changed[:2] > 0.1).all(), "the causal mask changes the rows of 'the' and 'cat'"
assert_close(unmasked[2], weights[2], msg="the row of 'sat' stays as it was")
# sphinx_gallery_end_ignore
for name, row in shares.items():
    print(f"{name:15}", [f"{share:.2f}" for share in row])

# %%
# Without the division the scores lie further apart, and the largest takes more. A high
# temperature evens the shares out, a low one gives nearly everything to the largest.
# The causal mask changes the rows of *the* and *cat*. The row of *sat*, the last token,
# stays as it was, since nothing comes after it.
#
# The code of the function
# ------------------------
#
# This is the code of the packaged function, and that of the one that computes the
# weights. The dots in ``(..., q_len, d_k)`` stand for any number of dimensions in
# front, such as that of a batch. ``transpose(-2, -1)`` swaps the last two dimensions,
# as ``.T`` did above. ``_masked_softmax`` does your steps 3 and 4; the rest of it is
# for a special case that comes below.

from nnbasics.lesson import show_source

show_source(scaled_dot_product_attention, attention_weights)

# %%
# A whole sentence
# ----------------
#
# Now take *The cat sat on the mat*: six tokens, each with a vector of 8 numbers, called
# its :term:`embedding`. Here nothing is learned yet: the embeddings are random, and
# each serves as query, key and value.

tokens = "The cat sat on the mat".split()
torch.manual_seed(42)
embeddings = torch.randn(1, len(tokens), 8)  # (batch of 1 sentence, 6 tokens, 8)

scores = embeddings @ embeddings.transpose(-2, -1)  # (1, 6, 6)
scaled = scores / math.sqrt(8)  # (1, 6, 6)
weights = F.softmax(scaled, dim=-1)  # (1, 6, 6)
output = weights @ embeddings  # (1, 6, 8)
print(f"{embeddings.shape = }")
print(f"{scores.shape = }   scaling and softmax keep it")
# sphinx_gallery_start_ignore
packaged = scaled_dot_product_attention(embeddings, embeddings, embeddings)
assert_close(packaged, (output, weights), msg="the packaged function gives the same")
# sphinx_gallery_end_ignore
print(f"{output.shape = }   the same as that of the embeddings")

# %%
# The scores before the softmax. Find the largest number of each row.

figure = plot_matrix(
    scores[0],
    rows=tokens,
    columns=tokens,
    ylabel="query (attending from)",
    xlabel="key (attending to)",
    colour_label="score",
    number_format=".1f",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The scores of six random embeddings with one another. The numbers on the "
    "diagonal, where a token meets itself, are the largest of their rows."
)
on_diagonal = scores[0].argmax(dim=-1) == torch.arange(6)
assert on_diagonal.all(), "the scores on the diagonal are the largest of their rows"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Now the attention weights, where bright colours mean large weights.

figure = plot_attention(weights[0], tokens)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights of 'The cat sat on the mat' with random embeddings. Each "
    "token puts most of its weight on itself; the diagonal holds "
    f"{weights[0].diagonal().mean():.2f} on average."
)
claim = "the diagonal is bright: each token attends to itself most"
assert (weights[0].diagonal() > 0.5).all(), claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# What random embeddings can and cannot show
# ------------------------------------------
#
# The diagonal is bright: each token attends to itself most. That is no discovery about
# language. Query and key are the same vector here, and the dot product of a vector with
# itself is its squared length, which is large.
#
# You may be tempted to see the verb *sat* look for its subject, *cat*. Do not trust
# your eyes: measure. Draw the embeddings 2000 times and average. If the pair *sat* and
# *cat* were special, its average would stand out from that of *sat* and the other
# words. A ``torch.Generator`` is a source of random numbers with a :term:`seed` of its
# own.

generator = torch.Generator().manual_seed(0)
many = torch.randn(2000, len(tokens), 8, generator=generator)
mean_weights = attention_weights(many, many).mean(dim=0)  # (6, 6)
row_of_sat = mean_weights[2].tolist()
for word, weight in zip(tokens, row_of_sat, strict=True):
    print(f"'sat' to '{word}': {weight:.3f}")

other_keys = torch.randn(2000, len(tokens), 8, generator=generator)
mean_of_others = attention_weights(many, other_keys).mean(dim=0)  # (6, 6)
print(
    "with keys of their own, every mean weight is between "
    f"{mean_of_others.min():.3f} and {mean_of_others.max():.3f}"
)

of_one_draw = attention_weights(many, many)[:, 2]  # (2000, 6)
# an average of 2000 draws varies √2000 times less than a single draw
chance = (of_one_draw.std(dim=0) / 2000**0.5).max()
print(f"chance moves such an average by about {chance:.3f} up or down")

largest = (many @ many.transpose(-2, -1)).argmax(dim=-1)  # (2000, 6)
all_on_diagonal = (largest == torch.arange(6)).all(dim=-1).float().mean()
# sphinx_gallery_start_ignore
others = [weight for place, weight in enumerate(row_of_sat) if place != 2]
claim = "the averages differ by no more than chance leaves in 2000 draws"
assert max(others) - min(others) < 4 * chance < 0.02, claim
claim = "the diagonal comes from using one vector as query and as key"
assert row_of_sat[2] > 5 * max(others), claim
claim = "with other random vectors as keys, all pairs get about one sixth"
assert (mean_of_others - 1 / 6).abs().max() < 4 * chance, claim
claim = "a row's largest is elsewhere in more than a quarter of the draws"
assert 0.7 < all_on_diagonal < 0.75, claim
claim = "on average each token attends to itself most"
assert (mean_weights.argmax(dim=-1) == torch.arange(6)).all(), claim
# sphinx_gallery_end_ignore
print(f"draws with all six largest scores on the diagonal: {all_on_diagonal:.0%}")

# %%
# It does not stand out: *sat* looks at all five other words about equally. The averages
# differ by no more than chance leaves in 2000 draws. Nobody told these numbers anything
# about English. With other random vectors as keys, all pairs get about one sixth, and
# the diagonal is gone.
#
# In a single draw a row can have its largest number beside the diagonal, as in more
# than a quarter of the draws above. Here is one draw for another sentence.

tokens_2 = "The dog chased the ball".split()
torch.manual_seed(7)
embeddings_2 = torch.randn(len(tokens_2), 8)
weights_2 = attention_weights(embeddings_2, embeddings_2)  # (5, 5)
figure = plot_attention(weights_2, tokens_2)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights of 'The dog chased the ball' with random embeddings. In "
    "each row the largest weight is on the diagonal, from "
    f"{weights_2.diagonal().min():.2f} to {weights_2.diagonal().max():.2f}."
)
claim = "in this draw, too, the largest weight of each row is on the diagonal"
assert (weights_2.argmax(dim=-1) == torch.arange(5)).all(), claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# To see structure you need a model that has learned some. That comes below.
#
# Why divide by √d_k?
# -------------------
#
# The :term:`variance` measures how widely numbers are spread: it is the mean of
# :math:`(\text{number} - \text{mean})^2`. Where the mean is 0, it is the mean of the
# squares.
#
# Two numbers are :term:`independent` if neither says anything about the other. Take two
# coins with 0 on one side and 2 on the other, each with the mean 1 and the variance 1.
# Their product is 0, 0, 0 or 4, with the mean 1: the means are multiplied. Their sum is
# 0, 2, 2 or 4, with the mean 2 and the variance (4 + 0 + 0 + 4) / 4 = 2: the variances
# add up. Both hold for all independent numbers.
#
# Draw all entries of the queries and keys independently, with the mean 0 and the
# variance 1. A product :math:`q k` has the mean :math:`0 \cdot 0`. Its square is
# :math:`(q k)^2 = q^2 k^2`, with the mean :math:`1 \cdot 1`, so the product has the
# variance 1. A score is a sum of :math:`d_k` products, so its variance is :math:`d_k`.
#
# Dividing numbers by :math:`c` divides their squares, and so their variance, by
# :math:`c^2`. Dividing the scores by :math:`\sqrt{d_k}` brings the variance back to 1.
# Predict what a softmax does to scores that lie far apart.
#
# The next cell measures three things for :math:`d_k` from 4 to 1024, each with the
# division and without: the variance of the scores, how evenly the softmax spreads its
# weights, and the gradient. It takes 2000 random queries, each with 16 random keys of
# its own. You may skip the lines of the inner loop.

sizes = [4, 16, 64, 256, 1024]
variances = []
evenness = {"divided by √d_k": [], "not divided": []}
largest_share = {"divided by √d_k": [], "not divided": []}
gradients = {"divided by √d_k": [], "not divided": []}
generator = torch.Generator().manual_seed(0)
for size in sizes:
    q = torch.randn(2000, 1, size, generator=generator)
    k = torch.randn(2000, 16, size, generator=generator)
    raw = (q @ k.transpose(-2, -1)).squeeze(1)  # (2000, 16 keys)
    variances.append(raw.var().item())
    for name, divisor in (("divided by √d_k", math.sqrt(size)), ("not divided", 1.0)):
        s = (raw / divisor).requires_grad_()  # have its gradient computed
        w = s.softmax(dim=-1)  # (2000, 16)
        # entropy, as a share of its largest possible value, ln 16
        entropy = -(w * w.clamp(min=1e-30).log()).sum(dim=-1).mean() / math.log(16)
        evenness[name].append(entropy.item())
        largest_share[name].append(w.max(dim=-1).values.mean().item())
        # how the first weight of each row changes with the scores of its row
        w[:, 0].sum().backward()
        gradients[name].append(s.grad.norm(dim=-1).mean().item())
print("d_k:     ", sizes)
print("variance:", [round(variance, 1) for variance in variances])

from nnbasics.plotting import plot_curves

figure = plot_curves(
    {
        "divided by √d_k": [v / size for v, size in zip(variances, sizes, strict=True)],
        "not divided": variances,
    },
    x=sizes,
    xlabel="d_k",
    ylabel="variance of the scores",
    log_x=True,
    log_y=True,
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The variance of the scores against d_k, both on logarithmic axes. Not divided "
    f"it grows from {variances[0]:.0f} at 4 to {variances[-1]:.0f} at 1024; "
    "divided by the square root of d_k it stays at 1."
)
coin = torch.tensor([0.0, 2.0])
products, sums = coin[:, None] * coin, coin[:, None] + coin  # (2, 2)
claim = "the coin and the products of two have the mean 1"
assert coin.mean() == products.mean() == 1, claim
claim = "the coin has the variance 1, and the sum of two has the variance 2"
assert coin.var(correction=0) * 2 == sums.var(correction=0) == 2, claim
ratios = torch.tensor(variances) / torch.tensor(sizes)
assert ((ratios - 1).abs() < 0.1).all(), "the variance of the scores is close to d_k"
# sphinx_gallery_end_ignore
plt.show()

# %%
# The variance of the scores is close to :math:`d_k`, and close to 1 with the division.
#
# How evenly a softmax spreads its weights is measured by the :term:`entropy`: multiply
# each weight by its natural logarithm, add up, and change the sign. Sixteen weights of
# 1/16 give :math:`\ln 16`, a single weight of 1 gives 0. Divided by :math:`\ln 16`, 1
# means even, and 0 that one key gets everything.

figure = plot_curves(
    evenness,
    x=sizes,
    xlabel="d_k",
    ylabel="entropy of a row (1: even)",
    log_x=True,
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The entropy of attention rows against d_k. Divided by the square root of d_k "
    f"it stays near {evenness['divided by √d_k'][-1]:.2f}; not divided it falls "
    f"from {evenness['not divided'][0]:.2f} at 4 to "
    f"{evenness['not divided'][-1]:.2f} at 1024."
)
divided, undivided = evenness["divided by √d_k"], evenness["not divided"]
sixteen = torch.full((16,), 1 / 16)
claim = "sixteen weights of 1/16 give ln 16"
assert abs(-(sixteen * sixteen.log()).sum() - math.log(16)) < 1e-5, claim
claim = "with the division, the size of d_k makes almost no difference"
assert max(divided) - min(divided) < 0.05, claim
claim = "without it the entropy falls, from above one half to nearly 0"
assert undivided[0] > 0.5 > 0.1 > undivided[-1], claim
claim = "with a large d_k, a row puts nearly everything on a single key"
assert largest_share["not divided"][-1] > 0.9, claim
# sphinx_gallery_end_ignore
plt.show()
share = largest_share["not divided"][-1]
print(f"not divided, d_k = 1024: the largest weight of a row is {share:.2f} on average")

# %%
# With the division, the size of :math:`d_k` makes almost no difference. Without it and
# with a large :math:`d_k`, a row of these random vectors puts nearly everything on a
# single key. A model that starts like this has made its choice by accident, before it
# has learned anything.
#
# How much does a weight change when the numbers that go into the softmax change a
# little? The next figure shows the length of its :term:`gradient`, for the first weight
# of each row. All keys are drawn alike, so any other weight would do.

figure = plot_curves(
    gradients,
    x=sizes,
    xlabel="d_k",
    ylabel="gradient at the softmax's input",
    log_x=True,
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The length of the gradient at the softmax's input against d_k. Divided by the "
    f"square root of d_k it stays near {gradients['divided by √d_k'][-1]:.3f}; not "
    f"divided it falls to {gradients['not divided'][-1]:.3f} at 1024."
)
divided, undivided = gradients["divided by √d_k"], gradients["not divided"]
claim = "with the division, the gradient at the softmax's input stays about the same"
assert max(divided) < 1.3 * min(divided), claim
claim = "without it, the gradient falls: small changes of the input change little"
assert undivided[-1] < 0.3 * divided[-1], claim
assert sorted(undivided, reverse=True) == undivided, "without it, the gradient falls"
# sphinx_gallery_end_ignore
plt.show()
at_raw_scores = [
    length / math.sqrt(size)
    for length, size in zip(gradients["divided by √d_k"], sizes, strict=True)
]  # on the way back through the division
print("not divided:      ", [f"{length:.3f}" for length in gradients["not divided"]])
# sphinx_gallery_start_ignore
claim = "at the score before the division, it is less than without the division"
assert (torch.tensor(at_raw_scores) < torch.tensor(undivided)).all(), claim
# sphinx_gallery_end_ignore
print("divided, then back", [f"{length:.3f}" for length in at_raw_scores])

# %%
# With the division, this gradient stays about the same. Without it, it falls. A softmax
# is called :term:`saturated <saturation>` when one share is nearly 1: small changes of
# its input then change almost nothing.
#
# But queries and keys make the score *before* the division. A change of that score
# arrives at the softmax :math:`\sqrt{d_k}` times smaller, so the gradient there is
# :math:`\sqrt{d_k}` times smaller too. This is the second row of numbers. It is less
# than without the division, which keeps the weights spread, but does not make this
# gradient larger.
#
# Masks
# -----
#
# Two masks are in daily use. The :term:`causal mask` you have met in step 3: no looking
# ahead. The :term:`padding mask` is for a batch of sentences of different lengths. The
# shorter ones are filled up, and nobody may attend to the filling. The row of the
# filling is computed too, but nobody uses it.
#
# The third mask below has a single column. PyTorch repeats it for every key, so that
# the query of *sat* may attend to nothing.

from nnbasics import causal_mask, padding_mask

words = ["the", "cat", "sat", "(pad)"]
x = torch.randn(4, 8, generator=torch.Generator().manual_seed(1))
causal = attention_weights(x, x, causal_mask(4))  # (4, 4)
padded = attention_weights(x, x, padding_mask([3], max_length=4)[0])  # (4, 4)
nothing = attention_weights(x, x, torch.tensor([[True], [True], [False], [True]]))

from nnbasics.plotting import plot_heads

figure = plot_heads(
    {"causal": causal, "padding": padded, "row of 'sat' masked": nothing}, words
)
# sphinx_gallery_start_ignore
figure.set_label(
    "Three attention maps of the same four tokens. Causal: all weights above the "
    "diagonal are 0. Padding: the last column is 0. Row of 'sat' masked: that row "
    "is 0 everywhere, the others are as without a mask."
)
assert (causal.triu(diagonal=1) == 0).all(), "the causal mask: no looking ahead"
assert (padded[:, 3] == 0).all(), "nobody may attend to the filling"
assert_close(padded.sum(dim=-1), torch.ones(4), msg="the filling's row is computed too")
claim = "the row of 'sat' is masked, the others are as without a mask"
assert_close(nothing[[0, 1, 3]], attention_weights(x, x)[[0, 1, 3]], msg=claim)
# sphinx_gallery_end_ignore
plt.show()

# %%
# The third picture is a special case: a query that may attend to nothing at all. A
# softmax over nothing is 0 divided by 0, and would spread "not a number" through the
# model. The packaged function gives such a query the weights 0 and the output 0.

# sphinx_gallery_start_ignore
claim = "the packaged function gives such a query the weights 0"
assert (nothing[2] == 0).all(), claim
claim = "the packaged function does not spread 'not a number'"
assert not nothing.isnan().any(), claim
everything_masked = torch.zeros(4, 4, dtype=torch.bool)
output_of_nothing = scaled_dot_product_attention(x, x, x, everything_masked)[0]
claim = "the packaged function gives such a query the output 0"
assert (output_of_nothing == 0).all(), claim
claim = "a softmax over nothing gives 'not a number'"
assert F.softmax(torch.full((1, 3), -torch.inf), dim=-1).isnan().all(), claim
# sphinx_gallery_end_ignore
print(F.softmax(torch.full((1, 3), -torch.inf), dim=-1))

# %%
# Two conventions
# ~~~~~~~~~~~~~~~
#
# Masks are a common source of mistakes, because PyTorch itself has two conventions.
#
# .. list-table::
#    :header-rows: 1
#
#    * - ``True`` means
#      - in
#    * - may attend
#      - :func:`F.scaled_dot_product_attention
#        <torch.nn.functional.scaled_dot_product_attention>`
#    * - may attend
#      - this package
#    * - is blocked
#      - :class:`nn.MultiheadAttention <torch.nn.MultiheadAttention>`
#
# Give the last one a mask that was made for the others, and no error is raised. Each
# token then looks at exactly the forbidden words. The last token of a causal mask may
# look at everything, so now it may look at nothing, and its output is "not a number".
# The cell below shows this output, and that the two agree once the mask is inverted. To
# compare them, it sets the learned tables of PyTorch's layer to the :term:`identity
# matrix`, ``torch.eye(8)``: a product with it changes nothing. ``repeat(3, 1)`` stacks
# three of them, for query, key and value.

from torch import nn

layer = nn.MultiheadAttention(embed_dim=8, num_heads=1, bias=False)
with torch.no_grad():
    layer.in_proj_weight.copy_(torch.eye(8).repeat(3, 1))
    layer.out_proj.weight.copy_(torch.eye(8))
    wrong, _ = layer(x, x, x, attn_mask=causal_mask(4))
    from_layer, _ = layer(x, x, x, attn_mask=~causal_mask(4))
from_package, _ = scaled_dot_product_attention(x, x, x, causal_mask(4))
assert_close(from_layer, from_package)
# sphinx_gallery_start_ignore
with torch.no_grad():
    wrong_weights = layer(x, x, x, attn_mask=causal_mask(4))[1][:3]  # (3, 4)
claim = "each token then looks at exactly the forbidden words"
assert_close(wrong_weights > 0, ~causal_mask(4)[:3], msg=claim)
assert wrong[3].isnan().all(), "the last token's output is 'not a number'"
# sphinx_gallery_end_ignore
print("the mask as it is: the last output is", wrong[3, :3].tolist(), "...")
print("the mask inverted: the same output as that of this package")

# %%
# Why minus infinity, before the softmax? You could also compute all the weights, set
# the forbidden ones to 0, and divide each row by what is left. It is the same, and the
# next cell shows it. Masking first takes one step less.

all_weights = attention_weights(x, x)  # (4, 4)
afterwards = all_weights * causal_mask(4)  # rows no longer have the sum 1
afterwards = afterwards / afterwards.sum(dim=-1, keepdim=True)  # (4, 4)
assert_close(afterwards, causal)
print("mask, then softmax = softmax, then mask and divide")

# %%
# A head that learns
# ------------------
#
# Time for embeddings that mean something. The package has a toy language with 28 words
# and a strict grammar.

from nnbasics.experiments import decode, sample_sentences

generator = torch.Generator().manual_seed(0)
training = sample_sentences(2000, generator)
for sentence, length in zip(training.tokens[:4], training.lengths[:4], strict=True):
    print(" ".join(decode(sentence[:length])))

# %%
# The task: each word has to name the word that it *belongs to*. A determiner (*the*,
# *a*) and an adjective belong to their noun, a preposition (*on*) to its object, the
# verb to its subject, and a noun to the verb.
#
# The model is small: one attention and little else. Each word has a learned embedding,
# and each place in the sentence has a learned vector too, so that the model can tell
# the first *the* from the second. Three learned matrices, the :term:`projections
# <projection>`, give the query, the key and the value: the query and the key from the
# sum of both vectors, the value from the word's vector alone. Then comes one attention.
# One attention with matrices of its own is called a :term:`head <attention head>`. Two
# more matrices, one after the other, turn its output into 28 numbers, one for each word
# of the language, called :term:`logits`; the word with the largest is the answer. (With
# one head, one matrix would do. The first is there to mix several heads.)
#
# What a matrix does, in small: the vector (1, 2) times the matrix with the rows (3, 0)
# and (1, 1) is :math:`(1 \cdot 3 + 2 \cdot 1, \; 1 \cdot 0 + 2 \cdot 1) = (5, 2)`.
#
# There is no way around the attention: what a word knows about the others, it has read
# from the words it attends to.
#
# This is its code, without the part that sets it up. ``attend`` makes the queries and
# the keys, and computes the weights with the function that you know. You may skip the
# two lines from ``if self.uniform`` on, which a control further down needs. ``answer``
# goes from the weights to the logits; ``out_proj`` and ``read_out`` are the two last
# matrices. Both are written for any number of heads and questions, which the next
# lesson needs. Here ``num_heads`` and ``num_questions`` are 1, and ``split_heads`` and
# ``merge_heads`` change no number.

from nnbasics.experiments import RelationModel, train_relations

# sphinx_gallery_start_ignore
example = torch.tensor([1.0, 2.0]) @ torch.tensor([[3.0, 0.0], [1.0, 1.0]])
assert example.tolist() == [5, 2], "the vector times the matrix is (5, 2)"
# sphinx_gallery_end_ignore
show_source(RelationModel.attend, RelationModel.answer)

# %%
# Both sentences of this lesson are :term:`held-out`: the pairs *cat sat* and *dog
# chased* never occur in the training. First the model as it starts, with random
# numbers.

from nnbasics.experiments import as_sentence

cat_words, dog_words = (
    "the cat sat on the mat".split(),
    "the dog chased the ball".split(),
)

model = RelationModel(generator=generator)
cat_sentence, dog_sentence = as_sentence(cat_words), as_sentence(dog_words)
with torch.no_grad():
    # attend gives (sentences, heads, 6, 6): take the only sentence and the only head
    cat_before = model.attend(cat_sentence)[0, 0]  # (6, 6)
figure = plot_attention(cat_before, cat_words)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights of the six words before training. All lie between "
    f"{cat_before.min():.2f} and {cat_before.max():.2f}, close to one sixth."
)
with torch.no_grad():
    dog_before = model.attend(dog_sentence)[0, 0]  # (5, 5)
claim = "before training, every word looks at every word about equally"
assert (cat_before - 1 / 6).abs().max() < 0.03, claim
assert (dog_before - 1 / 5).abs().max() < 0.05, claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# Before training, every word looks at every word about equally. Now train the model:
# 300 steps, each on 64 sentences. The softmax turns the logits of each word into
# shares. The loss, called :term:`cross-entropy`, is minus the logarithm of the share
# that the right word got, averaged over all words. The logarithm makes a bad miss
# expensive: a share of 1 costs 0, one half 0.69, one hundredth 4.61. With 28 equal
# shares the loss is :math:`\ln 28 = 3.33`. It sees only the answers: nobody tells the
# model where to look.

losses = train_relations(model, training, generator)
with torch.no_grad():
    cat_after = model.attend(cat_sentence)[0, 0]  # (6, 6)
print(f"loss at the start {losses[0]:.2f}, at the end {losses[-1]:.4f}")

figure = plot_attention(cat_after, cat_words)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights after training. 'the' attends to 'cat', 'cat' to 'sat', "
    "'sat' to 'cat', 'on' and the second 'the' to 'mat', 'mat' to 'sat', each with "
    f"a weight of at least {cat_after.max(dim=-1).values.min():.2f}."
)
assert abs(math.log(28) - 3.33) < 0.005, "with 28 equal shares the loss is 3.33"
assert abs(math.log(2) - 0.69) < 0.005, "a share of one half costs 0.69"
assert abs(math.log(100) - 4.61) < 0.005, "a share of one hundredth costs 4.61"
assert abs(losses[0] - math.log(28)) < 0.1, "at the start the shares are nearly equal"
looks_at = [cat_words[place] for place in cat_after.argmax(dim=-1).tolist()]
cat_belongs_to = ["cat", "sat", "cat", "mat", "mat", "sat"]
assert looks_at == cat_belongs_to, "'sat' looks at 'cat', 'on' at 'mat'"
assert (cat_after.max(dim=-1).values > 0.8).all(), "now the picture shows something"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Now the picture shows something. *sat* looks at *cat*, its subject. *on* looks at
# *mat*, its object. The second *the* looks at *mat* and the first at *cat*, although
# both are the same word. And the model has never seen a cat sit.
#
# Ask the trained head. Each query and key has 32 numbers now, and they were learned.
# Set *Show* to *who attends to a token*: which words attend to *cat*, and which to
# *on*? Then leave out the division: what happens to the rows?

with torch.no_grad():
    words = model.words[cat_sentence.tokens[0]]  # (6, 32)
    x = words + model.positions[:6]  # (6, 32)
    learned_query, learned_key = model.attention.q_proj(x), model.attention.k_proj(x)
    learned_value = model.attention.v_proj(words)
assert_close(attention_weights(learned_query, learned_key), cat_after)

AttentionExplorer(cat_words, learned_query, learned_key, learned_value)

# %%
# The first *the* and *sat* put nearly all of their attention on *cat*, and nobody looks
# at *on*: no word belongs to a preposition. Without the division, each row puts even
# more on the word that it prefers.

arrives = cat_after.sum(dim=0)  # for each word, the attention that it gets
# sphinx_gallery_start_ignore
claim = "the first 'the' and 'sat' put nearly all of their attention on 'cat'"
assert (cat_after[[0, 2], 1] > 0.9).all(), claim
assert arrives[3] < 0.1, "nobody looks at 'on'"
sharper = (learned_query @ learned_key.T).softmax(dim=-1).max(dim=-1).values
claim = "without the division, each row puts even more on the word it prefers"
assert (sharper > cat_after.max(dim=-1).values).all(), claim
# sphinx_gallery_end_ignore
for word, sum_of_weights in zip(cat_words, arrives, strict=True):
    print(f"attention that arrives at {word!r}: {sum_of_weights:.2f}")

# %%
# How does the first *the* find *cat*, and not *mat*? Look at both *the* again, without
# the vectors of the places.

with torch.no_grad():
    words_query = model.attention.q_proj(words)  # (6, 32)
    words_key = model.attention.k_proj(words)
words_only = attention_weights(words_query, words_key)  # (6, 6)
# sphinx_gallery_start_ignore
claim = "the words alone lead both 'the' to the two nouns"
assert (words_only[[0, 4]][:, [1, 5]].sum(dim=-1) > 0.85).all(), claim
assert_close(words_only[0], words_only[4], msg="both 'the' look in the same shares")
claim = "the places decide between the two nouns"
assert words_only[0, [1, 5]].max() < 0.8 < cat_after[[0, 4], [1, 5]].min(), claim
# sphinx_gallery_end_ignore
for name, rows in (("words and places", cat_after), ("words only", words_only)):
    for place in (0, 4):
        to_cat, to_mat = rows[place, 1], rows[place, 5]
        print(f"{name:16}  place {place}: 'cat' {to_cat:.2f}, 'mat' {to_mat:.2f}")

# %%
# The words alone lead both *the* to the two nouns, in the same shares. The places
# decide between these.
#
# The other sentence, after training:

with torch.no_grad():
    dog_after = model.attend(dog_sentence)[0, 0]  # (5, 5)
figure = plot_attention(dog_after, dog_words)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights after training for 'the dog chased the ball'. 'the' attends "
    "to 'dog', 'dog' to 'chased', 'chased' to 'dog', the second 'the' to 'ball' "
    "and 'ball' to 'chased'."
)
looks_at = [dog_words[place] for place in dog_after.argmax(dim=-1).tolist()]
dog_belongs_to = ["dog", "chased", "dog", "ball", "chased"]
assert looks_at == dog_belongs_to, "each word looks at the one that it belongs to"
claim = "for the other sentence, too, the picture shows something after training"
assert (dog_after.max(dim=-1).values > 0.8).all(), claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# Two numbers say how good it is. The :term:`accuracy` is the share of words for which
# the model names the right word. The :term:`attention mass` is the weight on the right
# word, averaged over all words.

from nnbasics.experiments import accuracy, attention_mass

unseen = sample_sentences(500, generator, held_out=True)
with torch.no_grad():
    logits, weights = model(unseen)
    untrained = RelationModel(generator=torch.Generator().manual_seed(0))
    _, weights_untrained = untrained(unseen)
trained_accuracy = accuracy(logits, unseen).item()
trained_mass = attention_mass(weights, unseen).item()
untrained_mass = attention_mass(weights_untrained, unseen).item()
print(f"accuracy on held-out pairs: {trained_accuracy:.3f}")
# sphinx_gallery_start_ignore
assert trained_accuracy > 0.99, "the model names the right word"
assert trained_mass > 0.9, "the weight is on the right word"
assert untrained_mass < 0.2, "random numbers show no structure of language"
# sphinx_gallery_end_ignore
print(f"attention mass: {trained_mass:.3f}, untrained: {untrained_mass:.3f}")

# %%
# Was it luck?
# ~~~~~~~~~~~~
#
# Train 20 models with 20 seeds and count. A hundred steps each are enough.

results = []
for seed in range(20):
    g = torch.Generator().manual_seed(seed)
    one_of_many = RelationModel(generator=g)
    train_relations(one_of_many, training, g, steps=100)
    with torch.no_grad():
        results.append(accuracy(one_of_many(unseen)[0], unseen).item())
solved = sum(result > 0.99 for result in results)
# sphinx_gallery_start_ignore
assert solved >= 19, "20 seeds: a hundred steps each are enough"
# sphinx_gallery_end_ignore
print(
    f"accuracy above 0.99: {solved} of 20 seeds; the worst reaches {min(results):.3f}"
)

# %%
# Is it the attention?
# ~~~~~~~~~~~~~~~~~~~~
#
# A good result can have the wrong reason. :term:`Controls <control>` are runs in which
# one thing is taken away:
#
# - *no positions*: the model cannot tell where a word stands;
# - *uniform attention*: every word attends to all words alike, and only the rest
#   learns;
# - *random answers*: in training, a random word of the sentence counts as the answer.
#
# Each of these models, and the complete one, is trained from the same seed, for 200
# steps. The last bar is guessing: naming any word of the sentence.

from dataclasses import replace


def logits_of_control(sentences=training, **options):
    """Train a model with something taken away; return what it answers."""
    g = torch.Generator().manual_seed(0)
    control = RelationModel(generator=g, **options)
    train_relations(control, sentences, g, steps=200)
    with torch.no_grad():
        return control(unseen)[0]  # (500, length, 1 question, 28)


g = torch.Generator().manual_seed(0)
random_places = torch.rand(training.targets.shape, generator=g) * training.lengths.view(
    -1, 1, 1
)  # (2000, length, 1), each from 0 up to the length of its sentence
asked = training.targets >= 0
random_answers = replace(
    training, targets=random_places.long().where(asked, training.targets)
)
answered = {
    "complete": logits_of_control(),
    "no positions": logits_of_control(use_positions=False),
    "uniform attention": logits_of_control(uniform=True),
    "random answers": logits_of_control(random_answers),
}
controls = {name: accuracy(x, unseen).item() for name, x in answered.items()}
# [..., 0] takes number 0 of the last dimension: here, the only question
is_word = unseen.targets[..., 0] >= 0  # (500, length), False for the padding
words_of_each = unseen.lengths.unsqueeze(1).expand_as(is_word)[is_word]  # for each word
controls["guessing"] = (1 / words_of_each).mean().item()

from nnbasics.plotting import plot_bars

figure = plot_bars(
    {name: round(result, 2) for name, result in controls.items()},
    xlabel="model",
    ylabel="accuracy",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "Accuracy of the complete model, of three controls and of guessing. "
    + ", ".join(f"{name} {result:.2f}" for name, result in controls.items())
    + ": only the complete model is near 1."
)
assert controls["complete"] > 0.99, "the complete model is near 1"
assert controls["no positions"] < 0.8, "without positions the accuracy falls"
claim = "without a choice of where to look the accuracy falls"
assert controls["uniform attention"] < 0.6, claim
assert controls["random answers"] < 0.3, "without true answers the accuracy falls"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Without positions, without a choice of where to look, or without true answers, the
# accuracy falls. The model needs all three.
#
# Three of the bars you can explain. Without positions the nouns still find the only
# verb. The other words need one of the two nouns, and are right about half of the time.
# With uniform attention all words of a sentence read the same mixture, so they all give
# the same answer, which is right for some of them. With random answers the model is
# worse than guessing: it has learned to name words such as *the* and *a*, which are
# never right, even more often than they occur.

misled = answered["random answers"].argmax(dim=-1)[..., 0]  # (500, length)
can_be_right = training.answers[training.answers >= 0].unique()
never_right = [
    1 - torch.isin(words, can_be_right).float().mean()  # isin: is it one of these?
    for words in (misled[is_word], unseen.tokens[is_word])
]
print(f"never right, of what the model with random answers says: {never_right[0]:.0%}")
# sphinx_gallery_start_ignore
alike = answered["uniform attention"].argmax(dim=-1)[..., 0]  # (500, length)
claim = "with uniform attention all words of a sentence give the same answer"
assert (alike == alike[:, :1])[is_word].all(), claim
claim = "with uniform attention the one answer is right for some of the words"
assert controls["uniform attention"] > 0.1, claim
from nnbasics.experiments import VOCABULARY, encode

right = answered["no positions"].argmax(dim=-1)[..., 0] == unseen.answers[..., 0]
is_noun = torch.isin(unseen.tokens, encode(VOCABULARY[6:16])) & is_word
claim = "without positions the nouns still find the verb"
assert right[is_noun].float().mean() > 0.95, claim
claim = "without positions the other words are right about half of the time"
assert 0.35 < right[~is_noun & is_word].float().mean() < 0.6, claim
claim = "with random answers the model is worse than guessing"
assert controls["random answers"] < controls["guessing"], claim
claim = "it names words which are never right even more often than they occur"
assert never_right[0] > never_right[1] + 0.1, claim
most_named = decode(misled[is_word].bincount().topk(2).indices)
assert most_named == ["the", "a"], "it has learned to name words such as 'the' and 'a'"
# sphinx_gallery_end_ignore
print(f"never right, of the words in the sentences: {never_right[1]:.0%}")

# %%
# One more test, the strictest: an :term:`intervention`. Reach into the trained model
# and change one row of the attention weights for this sentence; what the model has
# learned stays as it is. *chased* now has to look at *ball* instead of *dog*. Predict:
# what will the model answer for *chased*?

with torch.no_grad():
    weights = model.attend(dog_sentence)  # (1 sentence, 1 head, 5, 5)
    logits = model.answer(weights, dog_sentence)  # (1 sentence, 5, 1 question, 28)
    own_answers = decode(logits[0, :, 0].argmax(dim=-1))  # 5 words
    weights[0, 0, 2] = torch.tensor([0.0, 0.0, 0.0, 0.0, 1.0])  # the row of 'chased'
    logits = model.answer(weights, dog_sentence)
    new_answers = decode(logits[0, :, 0].argmax(dim=-1))
print(f"'chased' belongs to: {own_answers[2]}")
# sphinx_gallery_start_ignore
both_answers = [own_answers[2], new_answers[2]]
assert both_answers == ["dog", "ball"], "the answer follows the row"
# sphinx_gallery_end_ignore
print(f"with its row on 'ball': {new_answers[2]}")

# %%
# The answer follows the row. Is that always so? Take all 500 unseen sentences, and each
# place in them. Point the rows of all words at this place, and count how many of them
# answer the word that stands there.

follows = {True: 0, False: 0}  # by whether the word was an answer in the training
tried = {True: 0, False: 0}
for sentence, length in zip(unseen.tokens, unseen.lengths, strict=True):
    one = as_sentence(decode(sentence[:length]))
    for place, word in enumerate(one.tokens[0]):
        rows = torch.zeros(1, 1, length, length)
        rows[..., place] = 1.0
        with torch.no_grad():
            answers = model.answer(rows, one)[0, :, 0].argmax(dim=-1)  # (length,)
        kind = word.item() in can_be_right
        follows[kind] += (answers == word).sum().item()
        tried[kind] += length.item()

print(f"on nouns and verbs: {follows[True]} of {tried[True]} answer that word")
print(f"on other words:     {follows[False]} of {tried[False]} answer that word")
# sphinx_gallery_start_ignore
assert follows[True] > 0.99 * tried[True], "with nouns and verbs the answer follows"
claim = "with determiners, adjectives and prepositions it does not"
assert follows[False] < 0.01 * tried[False], claim
# sphinx_gallery_end_ignore
print("words that were answers:", *decode(can_be_right))

# %%
# With nouns and verbs the answer follows. With determiners, adjectives and prepositions
# it does not: no answer in the training was ever such a word, so the last matrices did
# not learn to name them. The weights say where a word reads. What it makes of it is up
# to the rest of the model.
#
# With that limit, the attention weights of this model *cause* its answer.
#
# .. warning::
#    This is so because the model was built that way: it has no other path. Other
#    models have ways around the attention, and there a map alone proves little.
#    :ref:`Jain and Wallace (2019) <jain2019>` found it in small models that read a
#    sentence word by word before one layer of attention: quite different weights often
#    gave the same prediction. :ref:`Wiegreffe and Pinter (2019) <wiegreffe2019>` answer
#    that it depends on what you ask of an explanation, and propose tests. Use the
#    picture to find a guess, then test it, as you did here.

# %%
# Exercises
# ---------
#
# 🎯 Replace ``None``, or the dots in a function, by your answer, and run the cell. The
# checker tells you whether it is right, and where to look if it is not.
#
# 💡 Tip: work out the answer first, and run the cell to see whether you were right.
# The answers are on the page :doc:`/basics/solutions`.
#
# **2.1** By what number are the scores divided when :math:`d_k` is 64?

from nnbasics.exercises import check_scaling

answer = None  # your answer here
print(check_scaling(answer))

# %%
# **2.2** Predict first, then try it in the first lines: what happens to the largest
# weight of a row when you multiply all its scores by 10? And when you add 10 to all of
# them? Each answer is ``"grows"``, ``"shrinks"`` or ``"stays"``.

row = torch.tensor([1.0, 2.0, 3.0])
print(F.softmax(row, dim=-1))

from nnbasics.exercises import check_largest_weight

times_ten = None  # your answer here
plus_ten = None  # your answer here
print(check_largest_weight(times_ten, plus_ten))

# %%
# **2.3** Write the softmax along the last dimension without ``torch.softmax``. It must
# also work for scores of 1000, although :math:`e^{1000}` is more than a computer's
# number can hold. Your answer to 2.2 helps.

from nnbasics.exercises import check_softmax


def my_softmax(scores):
    """Return the softmax of the scores along the last dimension."""
    ...  # your code here


print(check_softmax(my_softmax))

# %%
# **2.4** Write the causal mask of a given length: a square of ``True`` and ``False``,
# where ``True`` means that the row's token may attend to the column's token.

from nnbasics.exercises import check_causal_mask


def my_causal_mask(length):
    """Return the causal mask of shape (length, length)."""
    ...  # your code here


print(check_causal_mask(my_causal_mask))

# %%
# **2.5** Write attention yourself, with loops or with matrix products. The query has
# the shape (q_len, d_k), the key (k_len, d_k) and the value (k_len, d_v). Return the
# output, which has the shape (q_len, d_v).

from nnbasics.exercises import check_attention


def my_attention(query, key, value):
    """Return the output of scaled dot-product attention."""
    ...  # your code here


print(check_attention(my_attention))

# %%
# **2.6** The same with a mask of shape (q_len, k_len), in which ``True`` means *may
# attend*. A query that may attend to nothing gets zeros.

from nnbasics.exercises import check_masked_attention


def my_masked_attention(query, key, value, mask):
    """Return the output of scaled dot-product attention with a mask."""
    ...  # your code here


print(check_masked_attention(my_masked_attention))

# %%
# What to take away
# -----------------
#
# - ✅ **Attention** lets tokens "look at" other tokens: score, scale, mask, softmax,
#   weighted sum.
# - ✅ A row of weights belongs to a query and has the sum 1.
# - ✅ **Scaling**: dividing by √d_k keeps the weights of random queries spread over
#   random keys. Without it, with a large d_k, one key gets nearly everything.
# - ✅ A mask is ``True`` where a query may attend, here and in one of PyTorch's two
#   conventions. Check which one you are using.
# - ✅ A heatmap of random vectors shows no structure of language. That has to be
#   learned, then measured, then tested: take one part of the model away, or change it.
#
# Next
# ----
#
# The head in this lesson had one question to answer for each word. What if a word has
# several? The next lesson, :doc:`multi-head attention </basics/multi_head_attention>`,
# shows why one head is then not enough.
