"""
Attention
=========

The last lesson ended with a question. A network with an input of its own for each pair
of a place and a word learned to find *cat* at some places of a sentence. At a place
where *cat* had never stood it did not find it, and a longer sentence did not fit in at
all. How can a word find the word it needs, wherever it stands?

The answer is called :term:`attention`. In this lesson you compute it with a pencil,
then with PyTorch. Then a model learns where to look, and you open it to see how it
finds what it finds.

At the end you can

- compute the output of attention for one word by hand, from its embedding on;
- say what the softmax, the division by √d_k and a mask are for;
- read a picture of attention, and say when it shows something and when it does not;
- say how training finds the numbers, and test what they do.

If the words *loss*, *slope* and *training* are new to you, read
:doc:`the XOR network </basics/xor_network>` first. In the code, skip the lines that
draw (``figure = ...``). ``assert_close`` stops with an error unless its two arguments
are the same, up to rounding.
"""

# %%
# The idea
# --------
#
# Read this sentence: *The cat sat on the mat.* To understand *sat* you want to know who
# sat. Another word says it, and that word may stand anywhere. So *sat* has to ask a
# question, find the word that fits, and fetch what that word has to say.
#
# Attention does this with three lists of numbers, called :term:`vectors <vector>`, for
# each word:
#
# - the :term:`query`: what this word is looking for;
# - the :term:`key`: what this word can be found by;
# - the :term:`value`: what this word hands over when it is found.
#
# Why is the value not the key? A verb looks for a noun, so being a noun is what a noun
# is found by. But the verb wants to hear *which* noun it is. Key and value are like the
# title and the text of a book: you search for the one and read the other.
#
# The words of a sentence, or whatever pieces a model reads, are called
# :term:`tokens <token>`.
#
# Five steps with a pencil
# ------------------------
#
# Take three tokens, with queries and keys of two numbers and values of three, small
# enough to follow by hand. Each row of a table below belongs to one token. Python
# counts rows and columns from 0, and -1 is the last one: ``query.size(-1)`` is the
# number of columns.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 2
# sphinx_gallery_minutes = 20
# sphinx_gallery_thumbnail_number = 3

import math

import torch
from torch.nn import functional as F
from torch.testing import assert_close

tokens = ["the", "cat", "sat"]
query = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])  # (3 queries, 2)
key = torch.tensor([[0.0, 1.0], [2.0, 0.0], [1.0, 1.0]])  # (3 keys, 2)
value = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # (3, 3)
d_k = query.size(-1)  # 2

# %%
# Step 1: scores
# ~~~~~~~~~~~~~~
#
# How well does a key fit a query? Multiply the two vectors number by number and add up
# the products. This is their :term:`dot product`, and here it is called the
# :term:`score`. The query of *sat* is (2, 1) and the key of *cat* is (2, 0):
#
# .. math::
#
#    2 \cdot 2 + 1 \cdot 0 = 4
#
# One matrix product gives the scores of all pairs: a row for each query, a column for
# each key. In the code ``@`` is the matrix product, and ``.T`` swaps rows and columns,
# so that each query meets each key. The picture is a :term:`heatmap`: a table whose
# cells are coloured by their numbers.

scores = query @ key.T  # (3 queries, 3 keys)

import matplotlib.pyplot as plt

from nnbasics.plotting import plot_matrix

figure = plot_matrix(scores, rows=tokens, columns=tokens, ylabel="query", xlabel="key")
# sphinx_gallery_start_ignore
figure.set_label(
    "The scores of three queries and three keys. The largest, 4, is that of the "
    "query 'sat' and the key 'cat'."
)
assert d_k == 2, "queries and keys have two numbers"
assert scores[2, 1] == 2 * 2 + 1 * 0 == 4, "the score of 'sat' and 'cat' is 4"
assert scores.max() == scores[2, 1], "the largest score is that of 'sat' and 'cat'"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Step 2: scale
# ~~~~~~~~~~~~~
#
# Divide each score by the square root of :math:`d_k`, the number of entries in a query.
# Here that is :math:`\sqrt{2} \approx 1.41`. What this is good for, a measurement will
# show below.

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
# Now turn each row into shares: numbers from 0 to 1 with the sum 1, the larger the
# score, the larger the share. There are several ways. Take another row of scores to
# compare them: 2, 1 and -1.

# %%
# **Guess.** Divide each score by the sum of the scores. Or each square by the sum of
# the squares. Or each power of :math:`e = 2.718\ldots` by the sum of the powers. Which
# way would you take? And which of them gives the same shares if all scores grow by 1?

# %%
# Here are all three ways, for 2, 1 and -1, and for 3, 2 and 0.

panels = {}
for row in (torch.tensor([2.0, 1.0, -1.0]), torch.tensor([3.0, 2.0, 0.0])):
    panels[f"the scores are {row.tolist()}"] = {
        "the scores": row / row.sum(),
        "their squares": row**2 / (row**2).sum(),
        "powers of e": row.exp() / row.exp().sum(),
    }

from nnbasics.plotting import plot_shares

figure = plot_shares(panels, tokens, ylabel="share")
# sphinx_gallery_start_ignore
figure.set_label(
    "Shares of three scores in three ways, as bars. From 2, 1 and -1 the scores "
    "themselves give 1, 0.5 and -0.5, their squares give -1 as much as 1, and powers "
    "of e give 0.71, 0.26 and 0.04. From 3, 2 and 0 only the powers of e give the same "
    "shares as before."
)
before, after = panels.values()
assert before["the scores"].tolist() == [1, 0.5, -0.5], "a negative score: -0.5"
squares = before["their squares"]
assert squares[1] == squares[2], "squares give -1 the same share as 1"
same = [(before[way] - after[way]).abs().max() < 1e-6 for way in before]
assert same == [False, False, True], "only the powers of e give the same shares"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Shares of the scores themselves can be negative. Squares give -1 as much as 1. Powers
# of :math:`e` are never negative, and a larger score always gets a larger share. If all
# scores grow by 1, each power is multiplied by :math:`e`, their sum too, and the shares
# stay. Only the *gaps* between the scores count.
#
# So the :term:`softmax` takes :math:`e` to the power of each score :math:`s_j`, scaled
# and masked, and divides by the sum of these powers:
#
# .. math::
#
#    \text{weight}_j = \frac{e^{s_j}}{e^{s_1} + e^{s_2} + e^{s_3}}
#
# For *sat* the three powers are about 2.03, 16.92 and 8.34. Their sum is 27.29, so
# *cat* gets the share 16.92 / 27.29, which is 0.62. Minus infinity gets the share 0,
# because :math:`e^{-\infty} = 0`.
#
# These shares are the :term:`attention weights`. Do not confuse them with the weights
# of a network: those are learned and then stay as they are, these are computed anew for
# every sentence.
#
# In the code, ``dim=-1`` means along the last dimension, here along each row.
# ``keepdim=True`` leaves the sums of the rows in a column, so that each row is divided
# by its own sum.

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
assert_close(weights.sum(dim=-1), torch.ones(3), msg="each row has the sum 1")
assert weights[0, 0] == 1, "'the' attends to itself only"
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
# sphinx_gallery_start_ignore
assert_close(output, weights, msg="you can see in the result where it came from")
# sphinx_gallery_end_ignore
print(f"output of 'sat': {[round(number, 3) for number in output[2].tolist()]}")

# %%
# In one line, for all queries at once (:ref:`Vaswani et al. (2017) <vaswani2017>`,
# equation 1), with the tables of the queries, keys and values as :math:`Q`, :math:`K`
# and :math:`V`, and :math:`\top` for swapping rows and columns:
#
# .. math::
#
#    \operatorname{attention}(Q, K, V) =
#    \operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V
#
# One word from its embedding to its output
# -----------------------------------------
#
# Where do the three vectors of a word come from? Each word of a model has one vector,
# its :term:`embedding`. Three matrices, :math:`W_Q`, :math:`W_K` and :math:`W_V`, turn
# it into the query, the key and the value. A product with a learned matrix is called a
# :term:`projection`. Embeddings and matrices are what a model learns; here they are
# made up, so that they give the tables above.
#
# This answers the question of the last lesson. The same three matrices serve every
# word, at every place, in a sentence of any length.

embeddings = torch.tensor([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 1.0]])
w_query = torch.tensor([[1.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])  # (3, 2)
w_key = torch.tensor([[1.0, 0.0], [1.0, 0.0], [-1.0, 1.0]])  # (3, 2)
w_value = torch.tensor([[-1.0, 0.0, 1.0], [1.0, 1.0, -1.0], [2.0, 0.0, -1.0]])  # (3, 3)
assert_close(embeddings @ w_query, query)
assert_close(embeddings @ w_key, key)
assert_close(embeddings @ w_value, value)

from nnbasics.plotting import animate_one_word

animation = animate_one_word(
    embeddings, w_query, w_key, w_value, tokens=tokens, row=2
)  # row 2 is that of "sat"
# sphinx_gallery_start_ignore
plt.gcf().set_label(
    "One word in seven steps, in boxes with their numbers. The embedding of 'sat', "
    "2, 0, 1, times W_Q is its query, 2, 1. All embeddings times W_K are the keys, and "
    "times W_V the values. The scores of 'sat' are 1, 4 and 3, divided 0.71, 2.83 and "
    "2.12, the weights 0.07, 0.62 and 0.31, and so is the output."
)
assert (embeddings[2] @ w_query).tolist() == [2, 1], "the query of 'sat' is (2, 1)"
assert abs(2 * 1 + 0 * -1 + 1 * 0) == 2, "its first number is 2"
assert scores[2].tolist() == [1, 4, 3], "the scores of 'sat' are 1, 4 and 3"
off = output[2] - torch.tensor([0.07, 0.62, 0.31])
assert (off.abs() < 0.005).all(), "the output of 'sat' is 0.07, 0.62, 0.31"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Check one number: the embedding of *sat* is (2, 0, 1) and the first column of
# :math:`W_Q` is (1, -1, 0). So the first number of its query is
# :math:`2 \cdot 1 + 0 \cdot (-1) + 1 \cdot 0 = 2`.
#
# The packaged function
# ---------------------
#
# The five steps are a function of the package,
# :func:`nnbasics.scaled_dot_product_attention`. It and PyTorch's own function agree
# with what you computed.

from nnbasics import scaled_dot_product_attention

packaged_output, _ = scaled_dot_product_attention(query, key, value, mask)
assert_close(packaged_output, output)
assert_close(F.scaled_dot_product_attention(query, key, value, attn_mask=mask), output)
print("by hand = packaged = PyTorch")

# %%
# Going deeper: the packaged code
# -------------------------------
#
# The code of the function
# ~~~~~~~~~~~~~~~~~~~~~~~~
#
# This is the function, and the one that computes its weights. The dots in ``(...,
# q_len, d_k)`` stand for any number of dimensions in front, such as that of a
# :term:`batch`: a stack of tables, one for each sentence. ``transpose(-2, -1)`` swaps
# the last two dimensions, as ``.T`` did above. ``_masked_softmax`` is your steps 3 and
# 4, ``masked_fill`` and then the softmax, and gives zeros to a query that may attend to
# nothing. The lines with ``check`` refuse wrong arguments.

from nnbasics import attention_weights
from nnbasics.lesson import show_source

show_source(scaled_dot_product_attention, attention_weights)

# %%
# Try the five steps
# ------------------
#
# The next figure computes the same five steps, with the same numbers. The query of
# *sat* is chosen; point at another row, or step through the cells with the arrow keys.
# The :term:`temperature` is one more number that all scores are divided by: 1 changes
# nothing, 4 brings the scores together, and 0.1 drives them apart.

# %%
# **Guess.** Leave out the division by √2. Does *cat* get a larger share from *sat*, or
# a smaller one? Then try it.

# %%

from nnbasics.explorers import AttentionExplorer

AttentionExplorer(tokens, query, key, value)

# %%
# The same for the row of *sat*, computed:

row_of_sat = scores[2]  # 1, 4, 3
not_divided = row_of_sat.softmax(dim=-1)
divided = (row_of_sat / math.sqrt(d_k)).softmax(dim=-1)
# sphinx_gallery_start_ignore
claim = "not divided, the largest takes more"
assert not_divided[1] > divided[1] + 0.05, claim
# sphinx_gallery_end_ignore
print(f"'cat' gets {divided[1]:.2f} with the division, {not_divided[1]:.2f} without")

# %%
# Not divided, the scores lie further apart, and the largest takes more.
#
# A whole sentence
# ----------------
#
# Now take *The cat sat on the mat*: six tokens. Here nothing is learned. Each embedding
# is eight random numbers, and serves as query, key and value. A ``torch.Generator`` is
# a source of random numbers with a :term:`seed` of its own.

# %%
# **Guess.** Where in the picture of the weights will the large numbers stand?

# %%

tokens = "The cat sat on the mat".split()
embeddings = torch.randn(6, 8, generator=torch.Generator().manual_seed(42))
weights = F.softmax(embeddings @ embeddings.T / math.sqrt(8), dim=-1)  # (6, 6)
figure = plot_attention(weights, tokens)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights of 'The cat sat on the mat' with random embeddings. Each "
    "token puts most of its weight on itself; the diagonal holds "
    f"{weights.diagonal().mean():.2f} on average."
)
claim = "the diagonal is bright: each token attends to itself most"
assert (weights.diagonal() > 0.5).all(), claim
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
# You may be tempted to see the verb look for its subject. Do not trust your eyes:
# nobody told these numbers anything about English. To see structure you need a model
# that has learned some, and a measurement.
#
# Going deeper: is the pair *sat* and *cat* special?
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# Measure it. Draw the embeddings 2000 times, compute the weights, and average. If the
# pair were special, its average would stand out from those of *sat* and the other
# words. The average of 2000 draws varies √2000 times less than a single draw; how much
# a single draw varies is measured by its standard deviation, ``std``.

from nnbasics import attention_weights

generator = torch.Generator().manual_seed(0)
many = torch.randn(2000, 6, 8, generator=generator)
rows_of_sat = attention_weights(many, many)[:, 2]  # (2000, 6)
for word, weight in zip(tokens, rows_of_sat.mean(dim=0).tolist(), strict=True):
    print(f"'sat' to '{word}': {weight:.3f}")
chance = rows_of_sat.std(dim=0).max() / math.sqrt(2000)
print(f"chance moves such an average by about {chance:.3f} up or down")
other_keys = torch.randn(2000, 6, 8, generator=generator)
with_other_keys = attention_weights(many, other_keys).mean(dim=0)  # (6, 6)
# sphinx_gallery_start_ignore
averages = rows_of_sat.mean(dim=0)
others = averages[torch.arange(6) != 2]
claim = "the averages of the other words differ by no more than chance leaves"
assert others.max() - others.min() < 4 * chance < 0.02, claim
claim = "the diagonal comes from using one vector as query and as key"
assert averages[2] > 5 * others.max(), claim
claim = "with other random vectors as keys, all pairs get about one sixth"
assert (with_other_keys - 1 / 6).abs().max() < 4 * chance, claim
# sphinx_gallery_end_ignore
print(f"keys of their own: {with_other_keys.min():.3f} to {with_other_keys.max():.3f}")

# %%
# One of the five other words has to come out largest, but they differ by no more than
# chance leaves: the pair is not special. With other random vectors as keys all pairs
# get about one sixth, and the diagonal is gone.
#
# Why divide by √d_k?
# -------------------
#
# A score is a sum of :math:`d_k` products. The more products, the further apart the
# scores of random vectors lie, by about :math:`\sqrt{d_k}`. Dividing by
# :math:`\sqrt{d_k}` takes this out again.
#
# Here are 500 random queries, each with 16 random keys of its own, for :math:`d_k` from
# 4 to 1024. ``transpose(-2, -1)`` swaps the last two dimensions, and ``amax(dim=-1)``
# takes the largest number of each row, here the largest weight.

sizes = [4, 16, 64, 256, 1024]
largest = {"divided by √d_k": [], "not divided": []}
generator = torch.Generator().manual_seed(0)
for size in sizes:
    q = torch.randn(500, 1, size, generator=generator)
    k = torch.randn(500, 16, size, generator=generator)
    raw = q @ k.transpose(-2, -1)  # (500, 1 query, 16 keys)
    for name, divisor in (("divided by √d_k", math.sqrt(size)), ("not divided", 1)):
        weights = (raw / divisor).softmax(dim=-1)  # (500, 1, 16)
        largest[name].append(weights.amax(dim=-1).mean().item())

from nnbasics.plotting import plot_curves

figure = plot_curves(
    largest, x=sizes, xlabel="d_k", ylabel="mean largest weight", log_x=True
)
# sphinx_gallery_start_ignore
divided, undivided = largest["divided by √d_k"], largest["not divided"]
figure.set_label(
    "The largest of 16 weights, on average, against d_k. Divided by the square root of "
    f"d_k it stays near {divided[-1]:.2f}; not divided it grows from "
    f"{undivided[0]:.2f} at 4 to {undivided[-1]:.2f} at 1024."
)
claim = "with the division, the size of d_k makes almost no difference"
assert max(divided) - min(divided) < 0.1, claim
claim = "without it and with a large d_k, one key gets nearly everything"
assert undivided[-1] > 0.85, claim
assert undivided == sorted(undivided), "without it, the largest weight grows"
# sphinx_gallery_end_ignore
plt.show()

# %%
# With the division, the size of :math:`d_k` makes almost no difference. Without it and
# with a large :math:`d_k`, one key gets nearly everything, by accident. Whether that
# harms a model that learns is another question. Training will answer it further down.
#
# Going deeper: where the square root comes from
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# The :term:`variance` measures how widely numbers are spread: it is the mean of
# :math:`(\text{number} - \text{mean})^2`. Where the mean is 0, it is the mean of the
# squares.
#
# Two numbers are :term:`independent` if neither says anything about the other. Take two
# coins with 0 on one side and 2 on the other, each with the mean 1 and the variance 1.
# Thrown together they show (0, 0), (0, 2), (2, 0) or (2, 2), each as often.
#
# - Their product is 0, 0, 0 or 4, with the mean 1: the means are multiplied.
# - Their sum is 0, 2, 2 or 4, with the mean 2 and the variance (4 + 0 + 0 + 4) / 4 = 2:
#   the variances add up.
#
# Both hold for all independent numbers.
#
# Draw all entries of the queries and keys independently, with the mean 0 and the
# variance 1. A product :math:`q k` has the mean :math:`0 \cdot 0`. Its square is
# :math:`(q k)^2 = q^2 k^2`, with the mean :math:`1 \cdot 1`, so the product has the
# variance 1. A score is a sum of :math:`d_k` products, so its variance is :math:`d_k`.
#
# Dividing numbers by :math:`c` divides their squares, and so their variance, by
# :math:`c^2`. Dividing the scores by :math:`\sqrt{d_k}` brings the variance back to 1.

variances = []
for size in sizes:
    q = torch.randn(5000, size, generator=generator)
    k = torch.randn(5000, size, generator=generator)
    variances.append((q * k).sum(dim=-1).var().item())  # of 5000 scores
print("d_k:     ", sizes)
# sphinx_gallery_start_ignore
coin = torch.tensor([0.0, 2.0])
products, sums = coin[:, None] * coin, coin[:, None] + coin  # (2, 2)
claim = "the coin and the products of two have the mean 1"
assert coin.mean() == products.mean() == 1, claim
claim = "the coin has the variance 1, and the sum of two has the variance 2"
assert coin.var(correction=0) * 2 == sums.var(correction=0) == 2, claim
ratios = torch.tensor(variances) / torch.tensor(sizes)
assert ((ratios - 1).abs() < 0.15).all(), "the variance of the scores is close to d_k"
# sphinx_gallery_end_ignore
print("variance:", [round(variance, 1) for variance in variances])

# %%
# The variance of the scores is close to :math:`d_k`.
#
# Masks
# -----
#
# Two masks are in daily use. The :term:`causal mask` you have met in step 3: no looking
# ahead. The :term:`padding mask` is for a :term:`batch`, a stack of sentences. The
# shorter ones are filled up, and nobody may attend to the filling.
#
# A mask is often written as a comparison of places. ``torch.arange(4)`` is the row of
# the places 0, 1, 2, 3. ``unsqueeze(1)`` makes a column of it. Compared with a number,
# a row says which keys may be seen, and a column says which queries may see anything.
# Compared with each other, they give a table of all pairs.

places = torch.arange(4)  # (4,)
column = places.unsqueeze(1)  # (4, 1)
print(column == places)  # (4, 4): each token may see itself only

# %%
# Here are the weights of four tokens with both masks. ``causal_mask`` comes from the
# package.

from nnbasics import attention_weights, causal_mask

x = torch.randn(4, 8, generator=torch.Generator().manual_seed(1))
maps = {
    "causal": attention_weights(x, x, causal_mask(4)),
    "padding": attention_weights(x, x, places.unsqueeze(0) < 3),
}

from nnbasics.plotting import plot_heads

figure = plot_heads(maps, ["the", "cat", "sat", "(pad)"])
# sphinx_gallery_start_ignore
figure.set_label(
    "Two attention maps of the same four tokens. Causal: all weights above the "
    "diagonal are 0. Padding: the last column is 0."
)
causal, padded = maps.values()
assert (column == places).equal(torch.eye(4) == 1), "each token may see itself only"
assert (causal.triu(diagonal=1) == 0).all(), "the causal mask: no looking ahead"
assert (padded[:, 3] == 0).all(), "nobody may attend to the filling"
# sphinx_gallery_end_ignore
plt.show()

# %%
# If a query may attend to nothing at all, the softmax divides 0 by 0. PyTorch writes
# that as ``nan``, "not a number", and it would spread through the model. The package
# writes 0 instead, as ``nan_to_num`` does:

of_nothing = F.softmax(torch.full((1, 3), -torch.inf), dim=-1)  # (1, 3)
print(of_nothing)
# sphinx_gallery_start_ignore
assert of_nothing.isnan().all(), "a softmax over nothing gives 'not a number'"
assert (of_nothing.nan_to_num(0.0) == 0).all(), "nan_to_num writes 0"
of_package = attention_weights(x, x, column != 2)[2]
assert (of_package == 0).all(), "the package writes 0 instead"
# sphinx_gallery_end_ignore
print(of_nothing.nan_to_num(0.0))

# %%
# Be careful with masks from elsewhere: in one of PyTorch's own layers ``True`` means
# *blocked*.
#
# Going deeper: how masks go wrong
# --------------------------------
#
# Two conventions
# ~~~~~~~~~~~~~~~
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
# The cell below shows this output, and that the two agree once the mask is inverted.
#
# To compare them, it sets the learned matrices of PyTorch's layer to the
# :term:`identity matrix`, ``torch.eye(8)``: a product with it changes nothing.
# PyTorch keeps the three matrices for query, key and value below each other in one
# table, so ``repeat(3, 1)`` stacks three of them, and ``copy_`` writes them into it.

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

# %%
# Why minus infinity, before the softmax? You could also compute all the weights, set
# the forbidden ones to 0, and divide each row by what is left. It is the same. Masking
# first takes one step less.

afterwards = attention_weights(x, x) * causal_mask(4)  # rows no longer sum to 1
afterwards = afterwards / afterwards.sum(dim=-1, keepdim=True)  # (4, 4)
assert_close(afterwards, attention_weights(x, x, causal_mask(4)))

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
# The model is small. Each word has a learned embedding, and each place in the sentence
# a learned vector too, so that the model can tell the first *the* from the second.
# Query and key are made from the sum of both, the value from the word's embedding
# alone, all with 32 numbers. Then comes one attention. An attention with matrices of
# its own is called a :term:`head <attention head>`. More learned matrices turn its
# output into 28 numbers, the :term:`logits`, one for each word of the language. The
# word with the largest is the answer.
#
# There is no way around the attention: what a word knows about the others, it has read
# from the words it attends to.
#
# The loss is called :term:`cross-entropy`. The softmax turns the logits of each word
# into shares, and the loss is minus the logarithm of the share that the right word got,
# averaged over all words. Why a logarithm? A share of 1 costs 0, one half 0.69, one
# hundredth 4.61: the worse the miss, the steeper the slope. The loss sees only the
# answers. Nobody tells the model where to look.
#
# The sentence below is :term:`held-out`: the pair *cat sat* never occurs in the
# training.

# %%
# **Guess.** The first and the second *the* are the same word. After the training, where
# will each of them look? And where does each word look before?

# %%
# ``RelationModel`` is the model, ``train_relations`` makes 300 steps of training, each
# on 64 sentences. ``attend`` gives the weights for a stack of sentences and for each
# head; ``[0, 0]`` takes the only sentence and the only head.

from nnbasics.experiments import RelationModel, as_sentence, train_relations

cat_words = "the cat sat on the mat".split()
cat_sentence = as_sentence(cat_words)
model = RelationModel(generator=generator)
with torch.no_grad():
    cat_before = model.attend(cat_sentence)[0, 0]  # (6, 6)
losses = train_relations(model, training, generator, steps=300)
with torch.no_grad():
    cat_after = model.attend(cat_sentence)[0, 0]  # (6, 6)
print(f"loss at the start {losses[0]:.2f}, at the end {losses[-1]:.4f}")
figure = plot_heads({"before": cat_before, "after": cat_after}, cat_words)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights of the six words before and after training. Before, all are "
    "close to one sixth. After, 'the' attends to 'cat', 'cat' to 'sat', 'sat' to "
    "'cat', 'on' and the second 'the' to 'mat', 'mat' to 'sat', each with a weight of "
    f"at least {cat_after.amax(dim=-1).min():.2f}."
)
claim = "before training, every word looks at every word about equally"
assert (cat_before - 1 / 6).abs().max() < 0.03, claim
assert abs(math.log(2) - 0.69) < 0.005, "a share of one half costs 0.69"
assert abs(math.log(100) - 4.61) < 0.005, "a share of one hundredth costs 4.61"
looks_at = [cat_words[place] for place in cat_after.argmax(dim=-1).tolist()]
cat_belongs_to = ["cat", "sat", "cat", "mat", "mat", "sat"]
assert looks_at == cat_belongs_to, "'sat' looks at 'cat', 'on' at 'mat'"
assert (cat_after.amax(dim=-1) > 0.8).all(), "now the picture shows something"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Before training, every word looks at every word about equally. The model starts with
# small numbers, so all scores are near 0, and equal scores give equal shares.
#
# After it, *sat* looks at *cat*, its subject, and *on* at *mat*, its object. The first
# *the* looks at *cat* and the second at *mat*. And the model has never seen a cat sit.
#
# Going deeper: the model's code
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# ``attend`` makes the queries and the keys, and computes the weights with the function
# that you know. ``answer`` goes from the weights to the logits. ``out_proj`` and
# ``read_out`` are the last matrices: one would do here, but with several heads the
# first one mixes them. Both functions are written for several heads and several
# questions to a word, which the next lesson needs. Here there is one of each, and
# ``split_heads``, ``merge_heads`` and the ``view`` at the end change no number. The
# lines from ``if self.uniform`` on are for a test further down.

show_source(RelationModel.attend, RelationModel.answer)

# %%
# Ask the trained head yourself. Set *Show* to *who attends to a token*: which words
# attend to *cat*, and which to *on*? No word belongs to a preposition.

with torch.no_grad():
    words = model.words[cat_sentence.tokens[0]]  # (6, 32)
    x = words + model.positions[:6]  # (6, 32)
    learned = model.attention.q_proj(x), model.attention.k_proj(x)
    learned_value = model.attention.v_proj(words)
assert_close(attention_weights(*learned), cat_after)
# sphinx_gallery_start_ignore
arrives = cat_after.sum(dim=0)  # for each word, the attention that it gets
claim = "the first 'the' and 'sat' put nearly all of their attention on 'cat'"
assert (cat_after[[0, 2], 1] > 0.85).all(), claim
assert arrives[3] < 0.15, "nobody looks at 'on'"
# sphinx_gallery_end_ignore

AttentionExplorer(cat_words, *learned, learned_value)

# %%
# How training found them
# -----------------------
#
# Nobody said where to look. How did the matrices learn it? By the slopes of the last
# lesson. Stop another model after 20 steps, and ask at each score of the row of *sat*:
# if this score grew a little, would the loss grow or fall?
#
# ``retain_grad()`` keeps the slopes of numbers that were computed on the way.
# ``answer`` goes from weights to logits; ``view(1, 1, 6, 6)`` makes them those of one
# sentence and one head.

from nnbasics.experiments import encode

g = torch.Generator().manual_seed(0)
young = RelationModel(generator=g)
train_relations(young, training, g, steps=20)

x = young.words[cat_sentence.tokens[0]] + young.positions[:6]  # (6, 32)
query, key = young.attention.q_proj(x), young.attention.k_proj(x)  # (6, 32) each
scores = query @ key.T / math.sqrt(32)  # (6, 6)
scores.retain_grad()
weights = scores.softmax(dim=-1)
logits = young.answer(weights.view(1, 1, 6, 6), cat_sentence)[0, :, 0]  # (6, 28)
right_words = encode(["cat", "sat", "cat", "mat", "mat", "sat"])
F.cross_entropy(logits, right_words).backward()
# sphinx_gallery_start_ignore
slopes = scores.grad[2]
claim = "the slope at 'cat' is the lowest of the row, and below 0"
assert slopes.argmin() == 1, claim
assert slopes[1] < -0.02, claim
claim = "the weights of 'sat' are still spread: 'cat' has less than half"
assert weights[2, 1] < 0.5, claim
claim = "in the other rows, too, the right word has the lowest slope"
assert scores.grad.argmin(dim=-1).tolist() == [1, 2, 1, 5, 5, 2], claim
newborn = RelationModel(generator=torch.Generator().manual_seed(0))
_start = newborn.attend(cat_sentence)
_start.retain_grad()
F.cross_entropy(newborn.answer(_start, cat_sentence)[0, :, 0], right_words).backward()
_of_scores = _start * (_start.grad - (_start * _start.grad).sum(dim=-1, keepdim=True))
claim = "at the very start the slopes at the scores are much smaller"
assert _of_scores[0, 0, 2].abs().max() < 0.2 * slopes.abs().max(), claim
# sphinx_gallery_end_ignore
for word, weight, slope in zip(cat_words, weights[2], scores.grad[2], strict=True):
    print(f"'sat' to {word!r:5}  weight {weight:.2f}   slope of the loss {slope:+.3f}")

# %%
# The slope at *cat* is below 0: the loss falls if *sat* looks more at *cat*, because
# the value of *cat* helps to name *cat*. So a step raises this score. The score is the
# query of *sat* times the key of *cat*, so the :term:`chain rule` hands the slope on to
# both, and from them to :math:`W_Q` and :math:`W_K`. That is all: no one has to know
# which word is right for whom, the slopes carry it.
#
# At the very start the slopes at the scores are much smaller. The values say nothing
# yet. They learn first, then the scores.
#
# How it finds the right word
# ---------------------------
#
# Now open the trained model. Query and key are made from a word plus a place. Multiply
# this out, and each score is a sum of four products:
#
# - the query's word times the key's word;
# - the query's place times the key's place;
# - and the two mixed ones, word times place and place times word.
#
# The first is a table of 28 × 28 numbers that does not depend on the sentence.
# ``q_proj`` multiplies by :math:`W_Q` and adds a bias, which goes with the words here.

attention = model.attention
with torch.no_grad():
    query_of_words, key_of_words = (
        attention.q_proj(model.words),
        attention.k_proj(model.words),
    )  # (28, 32) each
    query_of_places = model.positions @ attention.q_proj.weight.T  # (12, 32)
    key_of_places = model.positions @ attention.k_proj.weight.T  # (12, 32)
word_word = query_of_words @ key_of_words.T / math.sqrt(32)  # (28, 28)
place_place = query_of_places @ key_of_places.T / math.sqrt(32)  # (12, 12)

kinds = {
    "the, a": ["the", "a"],
    "adjective": ["big", "small", "old", "red"],
    "noun": "cat dog bird girl boy fox mat ball tree box".split(),
    "verb": "sat slept stood jumped chased saw found liked".split(),
    "preposition": ["on", "under", "near", "behind"],
}
numbers = [encode(words) for words in kinds.values()]
by_kind = torch.tensor(
    [[word_word[q][:, k].mean() for k in numbers] for q in numbers]
)  # (5, 5): the mean over the words of a kind
by_kind = by_kind - by_kind.mean(dim=-1, keepdim=True)  # only gaps in a row count
figure = plot_matrix(
    by_kind,
    rows=[*kinds],
    columns=[*kinds],
    ylabel="query",
    xlabel="key",
    number_format=".1f",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "What a kind of word looks for: the part of the score that comes from the two "
    "words, for five kinds of query and of key. Determiners, adjectives, verbs and "
    "prepositions have their largest number at the nouns, nouns at the verbs."
)
best = by_kind.topk(2, dim=-1)
claim = "all but the nouns look for a noun, and a noun for a verb"
assert best.indices[:, 0].tolist() == [2, 2, 3, 2, 2], claim
assert (best.values[:, 0] - best.values[:, 1] > 1).all(), claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# Determiners, adjectives, verbs and prepositions look for a noun. A noun looks for a
# verb. That is half of the grammar, and it stands in one table.
#
# The second table says which places look at which, whatever words stand there.

figure_places = place_place[:8, :8]  # no sentence has more than 8 words
figure_places = figure_places - figure_places.mean(dim=-1, keepdim=True)
names = [str(place) for place in range(8)]
figure = plot_matrix(
    figure_places,
    rows=names,
    columns=names,
    ylabel="place of the query",
    xlabel="place of the key",
    number_format=".1f",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The part of the score that comes from the two places, for places 0 to 7. Early "
    "places have large numbers at places 1 to 3, late places at places 5 to 7."
)
first, second = figure_places[:, 1:4].mean(dim=-1), figure_places[:, 5:].mean(dim=-1)
claim = "places 0 to 2 look at places 1 to 3 rather than at places 5 to 7"
assert (first[:3] - second[:3] > 1).all(), claim
claim = "places 4 and 5 look at places 5 to 7 rather than at places 1 to 3"
assert (second[4:6] - first[4:6] > 0.5).all(), claim
the, cat, mat = encode(["the", "cat", "mat"]).tolist()
claim = "for 'the', the words alone hardly tell 'cat' and 'mat' apart"
of_words = word_word[the, cat] - word_word[the, mat]
of_places = place_place[0, 1] - place_place[0, 5]
assert of_places > 2 + 2 * abs(of_words), claim
assert place_place[4, 5] - place_place[4, 1] > 0.5 + abs(of_words), claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# An early place looks at places 1 to 3, and a late one at places 5 to 7. So the first
# *the*, at place 0, finds *cat*: it looks for a noun, and among the two nouns for the
# one in the first half. The second *the*, at place 4, looks for the same kind of word,
# in the second half.
#
# Is that all? Choose by one table alone, then by the sum of both, in 500 sentences that
# the model has not seen. ``unseen.targets`` holds the place of the right word, and -1
# behind the end of a sentence.

unseen = sample_sentences(500, generator, held_out=True)
targets = unseen.targets[:, :, 0]  # (500, 8)
t = unseen.tokens  # (500, 8), the numbers of the words
by_words = word_word[t.unsqueeze(2), t.unsqueeze(1)]  # (500, 8, 8)
by_places = place_place[:8, :8]  # (8, 8), the same for each sentence
for name, scores in (
    ("words alone", by_words),
    ("places alone", by_places.expand(500, 8, 8)),
    ("both", by_words + by_places),
):
    chosen = scores.masked_fill(~unseen.mask, -torch.inf).argmax(dim=-1)  # (500, 8)
    right = (chosen == targets)[targets >= 0].float().mean()
    # sphinx_gallery_start_ignore
    lowest, highest = {
        "words alone": (0.5, 0.8),
        "places alone": (0.3, 0.7),
        "both": (0.95, 1.0),
    }[name]
    claim = "each table alone is right about half of the time or a little more"
    assert lowest < right.item() <= highest, (name, claim, "both nearly always")
    # sphinx_gallery_end_ignore
    print(f"{name:12}  the right word in {right:.0%}")

# %%
# Each table alone is right a little more often than every second time, the sum of both
# nearly always. The mixed products hardly matter.
#
# Is it the attention?
# --------------------
#
# A good result can have the wrong reason. :term:`Controls <control>` are runs in which
# one thing is taken away:
#
# - *no positions*: the model cannot tell where a word stands;
# - *uniform attention*: every word attends to all words alike, and only the rest
#   learns;
# - *random answers*: in training, a random word of the sentence counts as the answer.
#
# The :term:`accuracy` is the share of words for which the model names the right word.
# The last bar is guessing: naming any word of the sentence.

# %%
# **Guess.** How accurate will the model without positions be?

# %%
# Each model is trained from the same seed, for 200 steps.

from dataclasses import replace

from nnbasics.experiments import accuracy


def train_control(sentences=training, **options):
    """Train a model with something taken away."""
    g = torch.Generator().manual_seed(0)
    control = RelationModel(generator=g, **options)
    train_relations(control, sentences, g, steps=200)
    return control.requires_grad_(False)  # it learns no more


g = torch.Generator().manual_seed(0)
shares = torch.rand(training.targets.shape, generator=g)
somewhere = (shares * training.lengths.view(-1, 1, 1)).long()  # places in the sentence
somewhere = somewhere.where(training.targets >= 0, -1)
models = {
    "complete": train_control(),
    "no positions": train_control(use_positions=False),
    "uniform attention": train_control(uniform=True),
    "random answers": train_control(replace(training, targets=somewhere)),
}
right = {name: accuracy(m(unseen)[0], unseen).item() for name, m in models.items()}
right["guessing"] = 500 / unseen.lengths.sum().item()  # one word of each sentence

from nnbasics.plotting import plot_bars

figure = plot_bars(right, xlabel="model", ylabel="accuracy")
# sphinx_gallery_start_ignore
figure.set_label(
    "Accuracy of the complete model, of three controls and of guessing. "
    + ", ".join(f"{name} {result:.2f}" for name, result in right.items())
    + ": only the complete model is near 1."
)
assert right["complete"] > 0.99, "the complete model is near 1"
assert 0.5 < right["no positions"] < 0.8, "without positions the accuracy falls"
claim = "without a choice of where to look the accuracy falls"
assert right["uniform attention"] < 0.6, claim
assert right["random answers"] < 0.3, "without true answers the accuracy falls"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Without positions, without a choice of where to look, or without true answers, the
# accuracy falls. The model needs all three. Without positions it is about as good as
# the table of words alone: it knows what kind of word it looks for, but not which one.
#
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
print(f"above 0.99: {solved} of 20 seeds; the worst reaches {min(results):.3f}")

# %%
# The strictest test
# ~~~~~~~~~~~~~~~~~~
#
# An :term:`intervention`: reach into the trained model and change one row of the
# attention weights, in another sentence that it has not seen, *the dog chased the
# ball*. What it has learned stays as it is. The row of *chased* looked at *dog*. Now it
# has to look at *ball*.

# %%
# **Guess.** What will the model answer for *chased*?

# %%

dog_sentence = as_sentence("the dog chased the ball".split())
with torch.no_grad():
    weights = model.attend(dog_sentence)  # (1 sentence, 1 head, 5, 5)
    own = model.answer(weights, dog_sentence)[0, :, 0].argmax(dim=-1)  # (5,)
    weights[0, 0, 2] = torch.tensor([0.0, 0.0, 0.0, 0.0, 1.0])  # the row of "chased"
    changed = model.answer(weights, dog_sentence)[0, :, 0].argmax(dim=-1)
print("belongs to, as learned: ", *decode(own))
# sphinx_gallery_start_ignore
claim = "each word names the one that it belongs to"
assert decode(own) == ["dog", "chased", "dog", "ball", "chased"], claim
claim = "the answer follows the row"
assert decode(changed) == ["dog", "chased", "ball", "ball", "chased"], claim
# sphinx_gallery_end_ignore
print("with the changed row:   ", *decode(changed))

# %%
# The answer follows the row: in this model the attention weights *cause* the answer.
#
# .. warning::
#    This is so because the model was built that way: it has no other path. Other
#    models have ways around the attention, and there a picture alone proves little.
#    :ref:`Jain and Wallace (2019) <jain2019>` found that quite different weights often
#    gave the same prediction. :ref:`Wiegreffe and Pinter (2019) <wiegreffe2019>` answer
#    that it depends on what you ask of an explanation, and propose tests. Use the
#    picture to find a guess, then test it, as you did here.
#
# Going deeper: two more bars, and all places
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# With uniform attention all words of a sentence read the same mixture, so they all give
# the same answer, which is right for some of them. With random answers the model is
# worse than guessing: it has learned to name words such as *the* and *a*, which are
# never right, even more often than they occur. ``isin`` asks of each number whether it
# is one of these.

is_word = targets >= 0  # (500, 8)
misled = models["random answers"](unseen)[0].argmax(dim=-1)[:, :, 0]  # (500, 8)
can_be_right = training.answers[training.answers >= 0].unique()
never_right = [
    1 - torch.isin(words, can_be_right).float().mean()
    for words in (misled[is_word], t[is_word])
]
print(f"never right, of what the model with random answers says: {never_right[0]:.0%}")
# sphinx_gallery_start_ignore
alike = models["uniform attention"](unseen)[0].argmax(dim=-1)[:, :, 0]  # (500, 8)
claim = "with uniform attention all words of a sentence give the same answer"
assert (alike == alike[:, :1])[is_word].all(), claim
claim = "with uniform attention the one answer is right for some of the words"
assert right["uniform attention"] > 0.1, claim
claim = "with random answers the model is worse than guessing"
assert right["random answers"] < right["guessing"], claim
claim = "it names words which are never right even more often than they occur"
assert never_right[0] > never_right[1] + 0.1, claim
most_named = decode(misled[is_word].bincount().topk(2).indices)
assert sorted(most_named) == ["a", "the"], "it names words such as 'the' and 'a'"
# sphinx_gallery_end_ignore
print(f"never right, of the words in the sentences: {never_right[1]:.0%}")

# %%
# Does the answer always follow the row? Take all unseen sentences, and each place in
# them. Point the rows of all words at this place, and count how many of them answer the
# word that stands there.

follows = {True: 0, False: 0}  # by whether the word was an answer in the training
tried = {True: 0, False: 0}
for place in range(8):
    there = unseen.batch(unseen.lengths > place)  # the sentences with this place
    rows = torch.zeros(len(there.tokens), 1, 8, 8)
    rows[:, :, :, place] = 1.0
    with torch.no_grad():
        answers = model.answer(rows, there)[:, :, 0].argmax(dim=-1)  # (sentences, 8)
    word = there.tokens[:, place].unsqueeze(1)  # (sentences, 1)
    kind = torch.isin(word, can_be_right)
    for was_answer in (True, False):
        asked = (there.targets[:, :, 0] >= 0) & (kind == was_answer)
        follows[was_answer] += (answers == word)[asked].sum().item()
        tried[was_answer] += asked.sum().item()
print(f"on nouns and verbs: {follows[True]} of {tried[True]} answer that word")
# sphinx_gallery_start_ignore
assert follows[True] > 0.99 * tried[True], "with nouns and verbs the answer follows"
claim = "with determiners, adjectives and prepositions it does not"
assert follows[False] < 0.01 * tried[False], claim
nouns_and_verbs = encode([*kinds["noun"], *kinds["verb"]])
claim = "words that were answers in the training are nouns and verbs"
assert can_be_right.tolist() == sorted(nouns_and_verbs.tolist()), claim
# sphinx_gallery_end_ignore
print(f"on other words:     {follows[False]} of {tried[False]} answer that word")

# %%
# With nouns and verbs the answer follows. With determiners, adjectives and prepositions
# it does not: no answer in the training was ever such a word, so the last matrices did
# not learn to name them. The weights say where a word reads. What it makes of it is up
# to the rest of the model.
#
# Does the division matter?
# -------------------------
#
# Back to :math:`\sqrt{d_k}`. Train the model with :math:`d_k = 256`, with the division
# and without it. And start it in two ways: with PyTorch's own small random numbers, and
# with larger ones, so that the numbers in the queries and the keys have the variance 1,
# which means that they are spread about as widely as from -1 to 1.

# %%
# **Guess.** One of the four models learns much more slowly than the others. Which?

# %%
# Sixty steps each. ``std`` measures how widely numbers are spread. The function that is
# hooked to ``q_proj`` changes what it hands on: times 16 undoes the division by √256.
# The first number is the mean largest weight of a row before training.

for start in ("small", "variance 1"):
    for divided in (True, False):
        g = torch.Generator().manual_seed(0)
        wide = RelationModel(d_model=256, generator=g)
        q_proj, k_proj = wide.attention.q_proj, wide.attention.k_proj
        with torch.no_grad():
            if start == "variance 1":
                for projection in (q_proj, k_proj):
                    spread = projection(wide.words).std()
                    projection.weight /= spread
                    projection.bias /= spread
            if not divided:  # the last that a hook is given is the layer's output
                q_proj.register_forward_hook(lambda *given: given[-1] * 16)
            at_start = wide.attend(unseen).amax(dim=-1).mean()
        options = {"steps": 60, "batch_size": 32, "learning_rate": 0.003}
        train_relations(wide, training, g, **options)
        with torch.no_grad():
            at_end = accuracy(wide(unseen)[0], unseen).item()
        # sphinx_gallery_start_ignore
        chosen_early = start == "variance 1" and not divided
        claim = "variance 1 and not divided: it has chosen before it learned anything"
        assert (at_start > 0.8) == chosen_early, claim
        claim = "only the model with variance 1 and no division is left behind"
        assert at_end < 0.87 if chosen_early else at_end > 0.93, claim
        # sphinx_gallery_end_ignore
        name = f"{start}, {'divided' if divided else 'not divided'}"
        print(f"{name:24} largest weight {at_start:.2f}   accuracy {at_end:.2f}")

# %%
# With small starts the division changes little. With queries and keys of variance 1 and
# no division, the model has chosen before it learned anything: one key gets nearly
# everything. In the same time it does not recover. This is one seed of each; the page
# does not claim more.
#
# Exercises
# ---------
#
# 🎯 Replace ``None``, or the dots in a function, by your answer, and run the cell. The
# checker tells you whether it is right, and where to look if it is not.
#
# 💡 Tip: work out the answer first, and run the cell to see whether you were right.
# The answers are on the page :doc:`/basics/solutions`.
#
# **2.1** The queries and keys have 64 numbers. The dot products of a query with two
# keys are 16 and 0. What share of the attention does the first key get? Two decimals
# are enough, and :math:`e \approx 2.718`.

from nnbasics.exercises import check_share

answer = None  # your answer here
print(check_share(answer))

# %%
# **2.2** Predict first, then try it in the first lines: what happens to the largest
# weight of a row when you multiply all its scores by 10? And when one more key joins,
# with the score 0? Each answer is ``"grows"``, ``"shrinks"`` or ``"stays"``.

row = torch.tensor([1.0, 2.0, 3.0])
print(F.softmax(row, dim=-1))

from nnbasics.exercises import check_largest_weight

times_ten = None  # your answer here
one_more_key = None  # your answer here
print(check_largest_weight(times_ten, one_more_key))

# %%
# The next four are functions. Write yours over the dots and run the cell: the checker
# calls your function with numbers of its own, and compares.
#
# **2.3** Write the softmax along the last dimension without ``torch.softmax``. It must
# also work for scores of 1000, although :math:`e^{1000}` is more than a computer's
# number can hold. Step 4 shows what you may add to all scores of a row, and ``amax``,
# with ``keepdim=True``, gives the largest number of each row as a column.

from nnbasics.exercises import check_softmax


def my_softmax(scores):
    """Return the softmax of the scores along the last dimension."""
    ...  # your code here


print(check_softmax(my_softmax))

# %%
# **2.4** Write the causal mask of a given length: a square of ``True`` and ``False``,
# where ``True`` means that the row's token may attend to the column's token. The
# section on masks compares a column of places with a row of places.

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
# attend*. A query that may attend to nothing gets zeros: the section on masks shows
# what the softmax makes of such a row, and what mends it.

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
#   weighted sum. The same three matrices serve every word at every place.
# - ✅ Only the gaps between the scores of a row count.
# - ✅ **Scaling**: with a small start, dividing by √d_k changes little. With queries
#   and keys of variance 1 and a large d_k, a model without it has chosen before it
#   learned anything, and does not recover in the same time.
# - ✅ A mask is ``True`` where a query may attend, here. Check your convention.
# - ✅ A heatmap of random vectors shows no structure of language. That has to be
#   learned by the slopes, then measured, then tested: take one part of the model away,
#   or change it.
#
# Next
# ----
#
# A row of weights has the sum 1: a word that looks at one other word has nothing left
# for a third. Here that was enough, because each word had one question. What if one
# word needs two answers? The next lesson, :doc:`multi-head attention
# </basics/multi_head_attention>`, begins with this question.
