"""
Attention
=========

The last lesson ended with a question. A network with an input of its own for each pair
of a place and a word found *cat* at the second place of a sentence, but not at the
last, where *cat* had never stood, and a longer sentence did not fit in. How can a word
find the word it needs, wherever it stands?

With :term:`attention`. You compute it with a pencil, a model learns it, and you open
the model to see how it finds what it finds.

At the end you can

- compute the output of attention for one word by hand;
- say what the softmax, a mask and the division by √d_k are for;
- say when a picture of attention shows something, and test it.

The words *loss* and *slope* come from :doc:`the XOR network </basics/xor_network>`. In
the code, skip the lines that draw (``figure = ...``, ``animation = ...``).
``assert_close`` stops with an error unless its two arguments are the same, up to
rounding.
"""

# %%
# The idea
# --------
#
# *The cat sat on the mat.* To understand *sat* you want to know who sat. Another word
# says it, and that word may stand anywhere. So *sat* has to ask a question, find the
# word that fits, and fetch what that word has to say.
#
# Attention does this with three lists of numbers, called :term:`vectors <vector>`, for
# each word:
#
# - the :term:`query`: what this word is looking for;
# - the :term:`key`: what this word can be found by;
# - the :term:`value`: what this word hands over when it is found.
#
# Why is the value not the key? A verb looks for a noun, so a noun is found by being a
# noun. But then the verb wants to hear *which* noun it is. Key and value are like the
# title and the text of a book: you search for the one and read the other. And the query
# is neither: the verb looks for a noun, but is itself found as a verb.
#
# Five steps with a pencil
# ------------------------
#
# Take three words, or :term:`tokens <token>`, as the pieces that a model reads are
# called. Each row of a table belongs to one token.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 2
# sphinx_gallery_thumbnail_number = 2

import math

import matplotlib.pyplot as plt
import torch
from torch.nn import functional as F
from torch.testing import assert_close

tokens = ["the", "cat", "sat"]
query = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])  # (3 queries, 2)
key = torch.tensor([[0.0, 1.0], [2.0, 0.0], [1.0, 1.0]])  # (3 keys, 2)
value = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # (3, 3)
d_k = query.size(-1)  # 2, the number of columns; -1 is the last dimension

# %%
# Step 1: scores
# ~~~~~~~~~~~~~~
#
# How well does a key fit a query? Multiply the two vectors number by number and add up
# the products. This is their :term:`dot product`, and here it is called the
# :term:`score`. For the query of *sat*, (2, 1), and the key of *cat*, (2, 0), it is
# :math:`2 \cdot 2 + 1 \cdot 0 = 4`.
#
# A table of numbers is also called a *matrix*. One matrix product, ``@``, gives the
# scores of all pairs: a row for each query, a column for each key. ``.T`` swaps rows
# and columns, so that each query meets each key.

scores = query @ key.T  # (3 queries, 3 keys)
# sphinx_gallery_start_ignore
assert d_k == 2, "queries and keys have two numbers"
assert scores[2, 1] == 2 * 2 + 1 * 0 == 4, "the score of 'sat' and 'cat' is 4"
# sphinx_gallery_end_ignore
print(scores)

# %%
# Step 2: scale
# ~~~~~~~~~~~~~
#
# Divide each score by the square root of :math:`d_k`, the number of entries in a query.
# Here that is :math:`\sqrt{2} \approx 1.41`. What it is good for is tested below.

scaled = scores / math.sqrt(d_k)  # (3, 3)

# %%
# Step 3: mask
# ~~~~~~~~~~~~
#
# A model that learns to predict the next word must not read it beforehand. A
# :term:`mask` says which query may see which key. This one lets each token look at
# itself and at what comes before it; it is called a :term:`causal mask`. Where it says
# no, the score becomes minus infinity. Why not 0? Step 4 answers.

mask = torch.tensor([[True, False, False], [True, True, False], [True, True, True]])
# ~ swaps True and False; masked_fill writes a number wherever it finds True
masked = scaled.masked_fill(~mask, -torch.inf)  # (3, 3)
print(masked)

# %%
# Step 4: softmax
# ~~~~~~~~~~~~~~~
#
# Now turn each row into shares: numbers from 0 to 1 with the sum 1. There are several
# ways to do it. Compare them on the scores 2, 1 and -1.

# %%
# **Guess.** Divide each score by the sum of the scores. Or each square by the sum of
# the squares. Or each power of :math:`e = 2.718\ldots` by the sum of the powers. Which
# way would you take? And which gives the same shares if all scores grow by 1?

# %%
# All three ways:

panels = {}
for row in (torch.tensor([2.0, 1.0, -1.0]), torch.tensor([3.0, 2.0, 0.0])):
    panels[f"the scores are {row.tolist()}"] = {
        "the scores": row / row.sum(),
        "their squares": row**2 / (row**2).sum(),
        "powers of e": row.exp() / row.exp().sum(),
    }

from nnbasics.plotting import plot_attention, plot_shares

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
off = before["powers of e"] - torch.tensor([0.71, 0.26, 0.04])
assert (off.abs() < 0.006).all(), "powers of e give 0.71, 0.26 and 0.04"
squares = before["their squares"]
assert squares[1] == squares[2], "squares give -1 the same share as 1"
same = [bool((before[way] - after[way]).abs().max() < 1e-6) for way in before]
assert same == [False, False, True], "only the powers of e give the same shares"
# sphinx_gallery_end_ignore
plt.show()

# %%
# Shares of the scores themselves can be negative. Squares give -1 as much as 1. Powers
# of :math:`e` are never negative, and a larger score always gets a larger share. If all
# scores grow by 1, each power and the sum are multiplied by :math:`e`, and the shares
# stay: only the *gaps* between scores count.
#
# So the :term:`softmax` takes :math:`e` to the power of each score :math:`s_j`, and
# divides by the sum of these powers:
#
# .. math::
#
#    \text{weight}_j = \frac{e^{s_j}}{e^{s_1} + e^{s_2} + e^{s_3}}
#
# For *sat* the scores are now 0.71, 2.83 and 2.12, and their powers about 2.03, 16.92
# and 8.34. The sum is 27.29, so *cat* gets the share 16.92 / 27.29, which is 0.62. In
# the other rows minus infinity gets the share 0: the more negative a number, the nearer
# its power is to 0. (The score 0 would get a share: :math:`e^0` is 1.)
#
# These shares are called :term:`attention weights`. Unlike the weights of a network,
# they are not learned, but computed anew for every sentence. The picture below is a
# :term:`heatmap`, a table in colours. Each row belongs to the token that asks.

powers = masked.exp()  # (3, 3)
# dim=-1 adds along each row; keepdim leaves the sums in a column, one beside each row
weights = powers / powers.sum(dim=-1, keepdim=True)  # (3, 3)
assert_close(weights, F.softmax(masked, dim=-1))

figure = plot_attention(weights, tokens)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights with a mask. 'the' attends to itself only, with weight 1. "
    f"'sat' puts {weights[2, 1]:.2f} of its attention on 'cat'. Above the diagonal "
    "all weights are 0."
)
off = masked[2] - torch.tensor([0.71, 2.83, 2.12])
assert (off.abs() < 0.005).all(), "the scores are now 0.71, 2.83 and 2.12"
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
# Step 5: weighted sum
# ~~~~~~~~~~~~~~~~~~~~
#
# Each token collects the values in these shares: *sat* takes 0.07 times (1, 0, 0),
# 0.62 times (0, 1, 0) and 0.31 times (0, 0, 1), and adds them up. With these values,
# the output repeats the shares: you see where it came from.

output = weights @ value  # (3 queries, 3)
# sphinx_gallery_start_ignore
assert_close(output, weights, msg="with these values the output repeats the shares")
off = weights[2] - torch.tensor([0.07, 0.62, 0.31])
assert (off.abs() < 0.005).all(), "'sat' takes the shares 0.07, 0.62 and 0.31"
# sphinx_gallery_end_ignore
print(f"output of 'sat': {[round(number, 3) for number in output[2].tolist()]}")

# %%
# All five steps but the mask in one line (:ref:`Vaswani et al. (2017) <vaswani2017>`,
# equation 1), with the tables of queries, keys and values as :math:`Q`, :math:`K` and
# :math:`V`, and :math:`\top` for swapping rows and columns:
#
# .. math::
#
#    \operatorname{attention}(Q, K, V) =
#    \operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V
#
# One word from its embedding to its output
# -----------------------------------------
#
# Where do the three vectors come from? Each word has one learned vector, its
# :term:`embedding`. Three learned matrices, :math:`W_Q`, :math:`W_K` and :math:`W_V`,
# turn it into query, key and value. Such a product is called a :term:`projection`. Here
# the numbers are made up, so that they give the tables above.
#
# This is what the network of the last lesson lacked: the same three matrices serve
# every word, at every place, in a sentence of any length. Follow *sat* in the video,
# stop it, and check its numbers.

embeddings = torch.tensor([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 1.0]])
w_query = torch.tensor([[1.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])  # (3, 2)
w_key = torch.tensor([[1.0, 0.0], [1.0, 0.0], [-1.0, 1.0]])  # (3, 2)
w_value = torch.tensor([[-1.0, 0.0, 1.0], [1.0, 1.0, -1.0], [2.0, 0.0, -1.0]])  # (3, 3)
assert_close(embeddings @ w_query, query)
assert_close(embeddings @ w_key, key)
assert_close(embeddings @ w_value, value)

from nnbasics.plotting import animate_one_word

matrices = (w_query, w_key, w_value)
animation = animate_one_word(embeddings, *matrices, tokens=tokens, row=2)  # "sat"
# sphinx_gallery_start_ignore
plt.gcf().set_label(
    "One word in seven steps, in boxes with their numbers. The embedding of 'sat', "
    "2, 0, 1, times W_Q is its query, 2, 1. All embeddings times W_K are the keys, and "
    "times W_V the values. The scores of 'sat' are 1, 4 and 3, divided 0.71, 2.83 and "
    "2.12, the weights 0.07, 0.62 and 0.31, and so is the output."
)
assert (embeddings[2] @ w_query).tolist() == [2, 1], "the query of 'sat' is (2, 1)"
assert scores[2].tolist() == [1, 4, 3], "the scores of 'sat' are 1, 4 and 3"
off = output[2] - torch.tensor([0.07, 0.62, 0.31])
assert (off.abs() < 0.005).all(), "the output of 'sat' is 0.07, 0.62, 0.31"
# sphinx_gallery_end_ignore
plt.show()

# %%
# The packaged function
# ---------------------
#
# ``nnbasics``, the package of these lessons, has these steps as one function, and so
# has PyTorch. Both agree with you.

from nnbasics import scaled_dot_product_attention

# it returns the output and the weights; _ is a name for what is not needed
packaged_output, _ = scaled_dot_product_attention(query, key, value, mask)
assert_close(packaged_output, output)
assert_close(F.scaled_dot_product_attention(query, key, value, attn_mask=mask), output)

# %%
# Going deeper: the function, and a figure to play with
# -----------------------------------------------------
#
# The code of the function
# ~~~~~~~~~~~~~~~~~~~~~~~~
#
# The dots in ``(..., q_len, d_k)`` stand for any number of dimensions in front, such as
# that of a stack of sentences. ``transpose(-2, -1)`` swaps the last two dimensions, as
# ``.T`` did above. ``_masked_softmax`` is your steps 3 and 4, ``masked_fill`` and the
# softmax, and gives zeros to a query that may attend to nothing. The lines with
# ``check`` refuse wrong arguments.

from nnbasics import attention_weights
from nnbasics.lesson import show_source

show_source(scaled_dot_product_attention, attention_weights)

# %%
# Try the five steps
# ~~~~~~~~~~~~~~~~~~
#
# The next figure computes the same steps, at first without the mask. The query of
# *sat* is chosen; point at another row, or step through the cells with the arrow keys.
# The :term:`temperature` is one more number that all scores are divided by.

# %%
# **Guess.** Leave out the division by √2. Does *cat* get a larger share from *sat*, or
# a smaller one?

# %%
# Try it:

from nnbasics.explorers import AttentionExplorer

AttentionExplorer(tokens, query, key, value)

# %%
# Not divided, the scores lie further apart, and the largest takes more:

not_divided = (query @ key.T).softmax(dim=-1)  # (3, 3)
divided = attention_weights(query, key)  # (3, 3)
# sphinx_gallery_start_ignore
claim = "not divided, the largest takes more"
assert not_divided[2, 1] > divided[2, 1] + 0.05, claim
# sphinx_gallery_end_ignore
print(f"'cat' gets {divided[2, 1]:.2f} divided, {not_divided[2, 1]:.2f} not divided")

# %%
# A whole sentence
# ----------------
#
# Now take six words. Nothing is learned here: each embedding is eight random numbers,
# from a source with the :term:`seed` 42, and serves as query, key and value.

# %%
# **Guess.** Where in the picture of the weights will the large numbers stand?

# %%
# The picture:

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
products = embeddings.unsqueeze(1) * embeddings  # (6, 6, 8)
claim = "with another word some products are negative"
assert ((products < 0).any(dim=-1) != torch.eye(6).bool()).all(), claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# What random embeddings can and cannot show
# ------------------------------------------
#
# Each token attends to itself most. That is no discovery about language: query and key
# are the same vector, and its dot product with itself is a sum of squares, none of
# which is negative. With another word some products are negative, and take away from
# the sum.
#
# Going deeper: is the pair *sat* and *cat* special?
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# Measure it. Draw the embeddings 2000 times and average the weights. If the pair were
# special, its average would stand out. By a rule of statistics such an average varies
# √2000 times less than a single draw; how much that varies is measured by its
# :term:`standard deviation`, ``std``.

from nnbasics import attention_weights

generator = torch.Generator().manual_seed(0)
many = torch.randn(2000, 6, 8, generator=generator)
rows_of_sat = attention_weights(many, many)[:, 2]  # (2000, 6)
# zip takes the next entry of each list; strict: they have to be equally long
for word, weight in zip(tokens, rows_of_sat.mean(dim=0).tolist(), strict=True):
    print(f"'sat' to '{word}': {weight:.3f}")
chance = rows_of_sat[:, [0, 1, 3, 4, 5]].std(dim=0).max() / math.sqrt(2000)
print(f"chance moves such an average by about {chance:.3f} up or down")
other_keys = torch.randn(2000, 6, 8, generator=generator)
from_others = attention_weights(many, other_keys)  # (2000, 6, 6)
with_other_keys = from_others.mean(dim=0)  # (6, 6)
# sphinx_gallery_start_ignore
averages = rows_of_sat.mean(dim=0)
others = averages[torch.arange(6) != 2]
claim = "the averages of the other words differ by a few such steps at most"
assert others.max() - others.min() < 4 * chance < 0.02, claim
claim = "the diagonal comes from using one vector as query and as key"
assert averages[2] > 5 * others.max(), claim
claim = "with other random vectors as keys, all pairs get about one sixth"
chance_of_others = from_others.std(dim=0).max() / math.sqrt(2000)
assert (with_other_keys - 1 / 6).abs().max() < 4 * chance_of_others, claim
# sphinx_gallery_end_ignore
print(f"keys of their own: {with_other_keys.min():.3f} to {with_other_keys.max():.3f}")

# %%
# One of the five other words has to come out largest, but they differ by a few such
# steps at most: the pair is not special. With other random vectors as keys all pairs
# get about one sixth, 0.167, and the diagonal is gone.
#
# Masks
# -----
#
# Besides the causal mask there is the :term:`padding mask`. In a :term:`batch`, a stack
# of sentences, the shorter ones are filled up, and nobody may attend to the filling.
#
# A mask is often written as a comparison of places. ``torch.arange(4)`` is the row 0,
# 1, 2, 3, and ``unsqueeze(1)`` makes a column of it. A row compared with a number says
# which keys may be seen. A column compared with a row gives a table of all pairs.

places = torch.arange(4)  # (4,): a list of four numbers
print(places < 3)  # the last key is filling
# sphinx_gallery_start_ignore
assert (places < 3).tolist() == [True, True, True, False], "the last key is filling"
claim = "each token may see itself only"
assert (places.unsqueeze(1) == places).equal(torch.eye(4) == 1), claim
# sphinx_gallery_end_ignore
print(places.unsqueeze(1) == places)  # (4, 4): each token may see itself only

# %%
# What if a query may see nothing? Then all powers are 0, and their sum too. PyTorch
# writes 0 / 0 as ``nan``, "not a number", which would spread through a model. The
# package writes 0 instead, as ``nan_to_num`` does.

of_nothing = F.softmax(torch.full((1, 3), -torch.inf), dim=-1)  # (1, 3)
# sphinx_gallery_start_ignore
assert of_nothing.isnan().all(), "a softmax over nothing gives 'not a number'"
assert (of_nothing.nan_to_num(0.0) == 0).all(), "nan_to_num writes 0"
blind = torch.zeros(3, 3, dtype=torch.bool)
of_package = scaled_dot_product_attention(query, key, value, blind)[0]
assert (of_package == 0).all(), "the package writes 0 instead"
# sphinx_gallery_end_ignore
print(of_nothing, of_nothing.nan_to_num(0.0))

# %%
# Be careful with masks: in one of PyTorch's own layers ``True`` means *blocked*.
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
# With the mask inverted the two agree.
#
# To compare them, the cell sets the learned matrices of PyTorch's layer to the
# :term:`identity matrix`, ``torch.eye(8)``: a product with it changes nothing. It has
# one :term:`head <attention head>`, that is one set of matrices. PyTorch keeps the
# matrices for query, key and value below each other in one table, so ``repeat(3, 1)``
# stacks three of them, and ``copy_`` writes them into it.

from torch import nn

from nnbasics import causal_mask

x = torch.randn(4, 8, generator=torch.Generator().manual_seed(1))
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
# To see structure you need a model that has learned some, here of a toy language with
# 28 words. Each sentence is a determiner (*the*, *a*), perhaps an adjective, a noun, a
# verb, perhaps a preposition (*on*), and again a determiner, perhaps an adjective, and
# a noun.

# each word has a number: encode gives the numbers of a list of words (it is not the
# function of the last lesson), and decode gives the words back
from nnbasics.experiments import decode, encode, sample_sentences

generator = torch.Generator().manual_seed(0)
training = sample_sentences(2000, generator)
# zip takes the next entry of each list; strict: they have to be equally long
for sentence, length in zip(training.tokens[:3], training.lengths[:3], strict=True):
    print(" ".join(decode(sentence[:length])))

# %%
# The task: each word has to name the word that it *belongs to*. A determiner and an
# adjective belong to their noun, a preposition to the noun behind it, the verb to its
# subject, and a noun to the verb.
#
# Each word has a learned embedding, and each of the places a learned vector too, since
# only the place tells two nouns apart. (So the places set a limit to the length; the
# matrices do not.) Query and key are made from the sum of both, the value from the
# embedding alone. Then comes one attention, without a causal mask, with :math:`d_k =
# 32`. An attention with matrices of its own is called a :term:`head <attention head>`.
# More learned matrices turn its output into 28 numbers, the :term:`logits`, one for
# each word of the language. The word with the largest is the answer. What a word knows
# about the others, it can only have read from the words it attends to.
#
# The loss is called :term:`cross-entropy`. The softmax turns the logits into shares,
# and the loss is minus the logarithm (to the base :math:`e`) of the share of the right
# word. A share of 1 costs 0, one half 0.69, one hundredth 4.61, and so on without end
# (a squared error would stop at 1). The loss sees only the answers. Nobody tells the
# model where to look.

# %%
# **Guess.** In *the cat sat on the mat* the first and the fifth word are the same.
# Where will each of them look, before the training and after it?

# %%
# ``attend`` gives the weights; ``[0, 0]`` takes the only sentence and the only head.
# Some pairs of subject and verb never occur in the training, such as *cat sat*: they
# are :term:`held-out`.

from nnbasics.experiments import RelationModel, accuracy, as_sentence, train_relations
from nnbasics.plotting import plot_bars, plot_heads, plot_matrix

words = "the cat sat on the mat".split()
sentence = as_sentence(words)  # a batch of one
model = RelationModel(generator=generator)
before = model.attend(sentence)[0, 0].detach()  # (6, 6), without slopes
# the loop of the last lesson; a step looks at 64 sentences, and AdamW takes the place
# of SGD: it chooses the length of each parameter's steps itself
train_relations(model, training, generator, steps=300)
after = model.attend(sentence)[0, 0].detach()  # (6, 6)
figure = plot_heads({"before": before, "after": after}, words)
# sphinx_gallery_start_ignore
figure.set_label(
    "Attention weights of the six words before and after training. Before, all are "
    "close to one sixth. After, 'the' attends to 'cat', 'cat' to 'sat', 'sat' to "
    "'cat', 'on' and the second 'the' to 'mat', 'mat' to 'sat', each with a weight of "
    f"at least {after.amax(dim=-1).min():.2f}."
)
claim = "before training, every word looks at every word about equally"
assert (before - 1 / 6).abs().max() < 0.03, claim
assert abs(math.log(2) - 0.69) < 0.005, "a share of one half costs 0.69"
assert abs(math.log(100) - 4.61) < 0.005, "a share of one hundredth costs 4.61"
looks_at = [words[place] for place in after.argmax(dim=-1).tolist()]
belongs_to = ["cat", "sat", "cat", "mat", "mat", "sat"]
assert looks_at == belongs_to, "'sat' looks at 'cat', 'on' at 'mat'"
assert (after.amax(dim=-1) > 0.75).all(), (
    "after training, each row has one large weight"
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# Before training, every word looks at every word about equally: the model starts with
# small numbers, all scores are near 0, and equal scores give equal shares. After it,
# *sat* looks at *cat*, the first *the* at *cat*, the second at *mat*. And the model has
# never seen a cat sit.
#
# Going deeper: the model's code
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# ``attend`` computes the weights with the function that you know. ``answer`` goes
# from the weights to the logits. ``out_proj`` and ``read_out`` are the last matrices:
# one would do here, but with several heads the first one mixes them. Both functions
# are written for several heads and several answers to each word (``num_questions``),
# which the next lesson needs. Here there is one of each, and ``split_heads``,
# ``merge_heads`` and ``view`` change no number. The two lines at ``if self.uniform``
# are for a test further down.

show_source(RelationModel.attend, RelationModel.answer)

# %%
# Ask the trained head yourself. Set *Show* to *who attends to a token*: which words
# attend to *cat*, and which to *on*?

attention = model.attention
with torch.no_grad():
    x = model.words[sentence.tokens[0]] + model.positions[:6]  # (6, 32)
    learned = attention.q_proj(x), attention.k_proj(x)
    learned_value = attention.v_proj(model.words[sentence.tokens[0]])
# sphinx_gallery_start_ignore
assert_close(
    attention_weights(*learned), after, msg="the figure shows the trained head"
)
arrives = after.sum(dim=0)  # for each word, the attention that it gets
claim = "the first 'the' and 'sat' put nearly all of their attention on 'cat'"
assert (after[[0, 2], 1] > 0.8).all(), claim
assert arrives[3] < 0.15, "nobody looks at 'on'"
# sphinx_gallery_end_ignore

AttentionExplorer(words, *learned, learned_value)

# %%
# How the head learned where to look
# ----------------------------------
#
# How did the matrices learn it? By the slopes of the last lesson. Stop another model
# after 20 steps, and ask of each score of *sat*: if it grew a little, would the loss
# grow or fall? ``retain_grad()`` keeps these slopes, and ``answer`` goes from
# weights, here of one sentence and one head, to the logits.

g = torch.Generator().manual_seed(0)
young = RelationModel(generator=g)
train_relations(young, training, g, steps=20)
# words[numbers] takes a row of the table for each number: words, plus places;
# q_proj and k_proj multiply by W_Q and W_K, and add a bias each
x = young.words[sentence.tokens[0]] + young.positions[:6]  # (6, 32)
scores = young.attention.q_proj(x) @ young.attention.k_proj(x).T / math.sqrt(32)
scores.retain_grad()
weights = scores.softmax(dim=-1)  # (6, 6)
# view adds two dimensions: one sentence, one head
logits = young.answer(weights.view(1, 1, 6, 6), sentence)
# of the only sentence; in the next lesson a word answers several questions, here one
logits = logits[0, :, 0]  # (6, 28)
# only asks for the slopes; no step is taken, so the pair stays held-out
F.cross_entropy(logits, encode(["cat", "sat", "cat", "mat", "mat", "sat"])).backward()
# sphinx_gallery_start_ignore
slopes = scores.grad[2]
assert slopes.argmin() == 1, "the slope at 'cat' is the lowest of the row"
assert slopes[1] < -0.02, "the slope at 'cat' is below 0"
assert slopes.sum().abs() < 1e-5, "the slopes of a row add up to 0"
assert weights[2, 1] < 0.5, "'sat' has not found 'cat' yet"
assert slopes[5] > 0.02, "the slope at 'mat' is above 0"
says_cat = [
    young.answer(torch.eye(6)[place].expand(1, 1, 6, 6), sentence)[0, 2, 0].softmax(-1)
    for place in (1, 5)
]
of_cat, of_mat = torch.stack(says_cat)[:, encode(["cat"])].flatten()
of_mixture = logits[2].softmax(dim=-1)[encode(["cat"])]
small = weights[2] < 0.1
of_small, of_large = scores.grad[2][small].abs(), scores.grad[2][~small].abs()
assert of_small.max() < 0.5 * of_large.min(), "a word with little weight: a small slope"
claim = "'cat' helps to say 'cat' more than the mixture, and 'mat' less"
assert of_cat > 2 * of_mixture > 4 * of_mat, claim
# sphinx_gallery_end_ignore
for word, weight, slope in zip(words, weights[2], scores.grad[2], strict=True):
    print(f"{word:3}  weight {weight:.2f}  slope {slope:+.3f}")

# %%
# The slope at *cat* is the lowest, and below 0: the loss falls if *sat* looks more at
# *cat*. What *cat* hands over helps to say *cat* more than the mixture that *sat* reads
# now; where the slope is above 0, as at *mat*, a word does worse than the mixture. A
# word with little weight has a small slope: a slightly higher score makes the weight
# some percent larger, and of little that is little. The slopes of a row add up to 0: if
# all scores grow by 1, nothing changes. A step against the slope raises this score,
# which is the query of *sat* times the key of *cat*. The :term:`chain rule` hands the
# slope on to both, and from them to :math:`W_Q` and :math:`W_K`. All words share these
# matrices. In other sentences other verbs looked for *cat*, and *sat* for other nouns:
# so the two can fit each other, though they never met.
#
# How it finds the right word
# ---------------------------
#
# Open the trained model. Query and key are made from a word plus a place. Write
# :math:`w` and :math:`p` for what :math:`W_Q` makes of the word that asks and of its
# place, :math:`w'` and :math:`p'` for what :math:`W_K` makes of the word that is asked
# and of its place. Then each score is a sum of four products:
#
# .. math::
#
#    (w + p) \cdot (w' + p') = w \cdot w' + p \cdot p' + w \cdot p' + p \cdot w'
#
# Each product has a table of its own, the same for all sentences. Look at the first
# two. A test below shows that they are enough.

q_proj, k_proj = model.attention.q_proj, model.attention.k_proj
# q_proj multiplies by W_Q and adds a bias, which is counted with the words here;
# PyTorch keeps the matrix on its side: .T puts it upright
with torch.no_grad():
    by_word = q_proj(model.words) @ k_proj(model.words).T / math.sqrt(32)  # (28, 28)
    place_queries = model.positions[:8] @ q_proj.weight.T  # (8, 32)
    place_keys = model.positions[:8] @ k_proj.weight.T  # (8, 32)
# sphinx_gallery_start_ignore
with torch.no_grad():
    numbers = sentence.tokens[0]
    queries, keys = q_proj(model.words)[numbers], k_proj(model.words)[numbers]
    four = queries @ keys.T + place_queries[:6] @ place_keys[:6].T
    four += queries @ place_keys[:6].T + place_queries[:6] @ keys.T
claim = "each score is a sum of four products"
assert_close((four / math.sqrt(32)).softmax(dim=-1), after, msg=claim)
# sphinx_gallery_end_ignore
by_place = place_queries @ place_keys.T / math.sqrt(32)  # (8, 8)

# %%
# First the words, averaged over the words of a kind. Only the gaps in a row count, so
# the mean of each row is taken away.

kinds = {"the, a": 2, "adjective": 4, "noun": 10, "verb": 8, "preposition": 4}
sizes = list(kinds.values())  # the 28 words are sorted by kind
# split cuts the rows by kind, then the columns
blocks = [rows.split(sizes, dim=1) for rows in by_word.split(sizes)]
means = torch.tensor([[block.mean() for block in row] for row in blocks])  # (5, 5)
gaps = means - means.mean(dim=-1, keepdim=True)
# [*kinds]: a list of the names; **names hands the entries of this dict on as arguments
names = {"rows": [*kinds], "columns": [*kinds]}
figure = plot_matrix(gaps, **names, ylabel="query", xlabel="key", number_format=".1f")
# sphinx_gallery_start_ignore
figure.set_label(
    "What a kind of word looks for: the part of the score that comes from the two "
    "words, for five kinds of query and of key. Determiners, adjectives, verbs and "
    "prepositions have their largest number at the nouns, nouns at the verbs."
)
from nnbasics.experiments import VOCABULARY

sorted_by_kind = [VOCABULARY.index(word) for word in ("a", "red", "box", "liked")]
assert sorted_by_kind == [1, 5, 15, 23], "the 28 words are sorted by kind"
best = gaps.topk(2, dim=-1)
claim = "all but the nouns look for a noun, and a noun for a verb"
assert best.indices[:, 0].tolist() == [2, 2, 3, 2, 2], claim
assert (best.values[:, 0] - best.values[:, 1] > 1).all(), claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# A noun looks for a verb, all others for a noun. Now the places:

gaps = by_place - by_place.mean(dim=-1, keepdim=True)
names = {"rows": "01234567", "columns": "01234567", "number_format": ".1f"}
figure = plot_matrix(gaps, **names, ylabel="place of query", xlabel="place of key")
# sphinx_gallery_start_ignore
figure.set_label(
    "The part of the score that comes from the two places, for places 0 to 7. Places "
    "0 to 2 have large numbers at places 1 to 3, places 4 and 5 at places 5 to 7."
)
early, late = gaps[:, 1:4].mean(dim=-1), gaps[:, 5:].mean(dim=-1)
claim = "places 0 to 2 look at places 1 to 3 rather than at places 5 to 7"
assert (early[:3] - late[:3] > 1).all(), claim
claim = "places 4 and 5 look at places 5 to 7 rather than at places 1 to 3"
assert (late[4:6] - early[4:6] > 0.5).all(), claim
the, cat, mat = encode(["the", "cat", "mat"]).tolist()
claim = "it is the place that tells 'cat' and 'mat' apart for the first 'the'"
gap = by_word[the, cat] - by_word[the, mat]
assert by_place[0, 1] - by_place[0, 5] > 2 + 2 * abs(gap), claim
sat = encode(["sat"]).item()
claim = "'sat' finds 'cat' by its place as well"
assert by_place[2, 1] - by_place[2, 5] > 0.5 + abs(
    by_word[sat, cat] - by_word[sat, mat]
), claim
claim = "place 3 prefers place 5 to place 1"
assert by_place[3, 5] > by_place[3, 1] + 0.5, claim
claim = "and for the second"
assert by_place[4, 5] - by_place[4, 1] > 0.5 + abs(gap), claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# Places 0 to 2 look at places 1 to 3, and places 4 and 5 at places 5 to 7. So *sat* and
# the first *the* find *cat*: they look for a noun, near the beginning. The second
# *the*, at place 4, looks for a noun further on. *mat* looks for a verb, and there is
# only one.
#
# Let each table choose alone, then their sum, in 500 sentences with held-out pairs.

unseen = sample_sentences(500, generator, held_out=True)
# for each word the place of the right one, -1 behind the end of the sentence
targets = unseen.targets[:, :, 0]  # (500, 8)


def share_right(scores):
    """Return how often the largest score of a row stands at the right word."""
    # the mask, (500, 1, 8), is False at the padding; argmax gives the largest's place
    chosen = scores.masked_fill(~unseen.mask, -torch.inf).argmax(dim=-1)  # (500, 8)
    # [targets >= 0] picks the words, and leaves the padding out
    return (chosen == targets)[targets >= 0].float().mean().item()


# a column and a row of word numbers: together they look up each pair of words
rows, columns = unseen.tokens.unsqueeze(2), unseen.tokens.unsqueeze(1)
of_words = by_word[rows, columns]  # (500, 8, 8)
of_places = by_place.expand(500, 8, 8)  # the same in each sentence
# sphinx_gallery_start_ignore
claim = "each table alone is often wrong"
assert 0.5 < share_right(of_words) < 0.8, claim
assert 0.3 < share_right(of_places) < 0.7, claim
assert share_right(of_words + of_places) > 0.95, "their sum hardly ever"
# sphinx_gallery_end_ignore
for name, part in (("words", of_words), ("places", of_places)):
    print(f"{name} alone: {share_right(part):.2f}")
print(f"both: {share_right(of_words + of_places):.2f}")

# %%
# Each table alone is often wrong, their sum hardly ever. (The pairs are new here, the
# places are not.)
#
# Is it the attention?
# --------------------
#
# A good result can have the wrong reason. :term:`Controls <control>` are runs in which
# one thing is taken away: the vectors of the places; or the choice where to look, so
# that every word attends to all words alike. The :term:`accuracy` is the share of words
# for which the model names the right word.

# %%
# **Guess.** How accurate is a model in which every word attends to all words alike?

# %%
# Train the complete model and both controls.


# **options stands for more arguments by name, which are handed on as they are
def train(seed=0, steps=200, **options):
    """Train a model, or a control with something taken away."""
    g = torch.Generator().manual_seed(seed)
    one = RelationModel(generator=g, **options)
    train_relations(one, training, g, steps=steps)
    return one.requires_grad_(False)  # it learns no more


models = {
    "complete": train(),
    "no places": train(use_positions=False),
    "uniform attention": train(uniform=True),
}
# a model gives back the logits, [0], and the weights
right = {name: accuracy(one(unseen)[0], unseen).item() for name, one in models.items()}
rounded = {name: round(share, 2) for name, share in right.items()}
figure = plot_bars(rounded, xlabel="model", ylabel="accuracy")
# sphinx_gallery_start_ignore
figure.set_label(
    "Accuracy of the complete model and of two controls. "
    + ", ".join(f"{name} {result:.2f}" for name, result in right.items())
    + ": only the complete model is near 1."
)
assert right["complete"] > 0.99, "the complete model is near 1"
assert right["no places"] < 0.8, "without places the accuracy falls"
claim = "without places it is about as good as the table of words alone"
assert abs(right["no places"] - share_right(of_words)) < 0.12, claim
claim = "without a choice of where to look the accuracy falls"
assert right["uniform attention"] < 0.6, claim
said = decode(models["uniform attention"](sentence)[0][0, :, 0].argmax(dim=-1))
assert sum(a == b for a, b in zip(said, belongs_to, strict=True)) == 2, (
    "with uniform attention the answer is right for two of six"
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# The model needs both. Without places it is about as good as the table of words
# alone: it knows the kind of word it looks for, but not which one. With uniform
# attention all words of a sentence read the same mixture, so they all give the same
# answer, right for two of six in *the cat sat on the mat*.
#
# Was it luck?
# ~~~~~~~~~~~~
#
# Train 20 models with 20 seeds and count. A hundred steps each are enough.

models_20 = [train(seed=seed, steps=100) for seed in range(20)]
results = [accuracy(one(unseen)[0], unseen).item() for one in models_20]
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
# attention weights. In *the dog chased the ball* the row of *chased* looks at *dog*.
# Force it to look at *ball*.

# %%
# **Guess.** What will the model answer for *chased*?

# %%
# Before and after:

dog_sentence = as_sentence("the dog chased the ball".split())
weights = model.attend(dog_sentence).detach()  # (1 sentence, 1 head, 5, 5)
# sphinx_gallery_start_ignore
assert weights[0, 0, 2].argmax() == 1, "the row of 'chased' looks at 'dog'"
# sphinx_gallery_end_ignore
own = model.answer(weights, dog_sentence)[0, :, 0].argmax(dim=-1)  # (5,)
weights[0, 0, 2] = torch.tensor([0.0, 0.0, 0.0, 0.0, 1.0])  # the row of "chased"
changed = model.answer(weights, dog_sentence)[0, :, 0].argmax(dim=-1)
print("as learned:          ", *decode(own))
# sphinx_gallery_start_ignore
claim = "each word names the one that it belongs to"
assert decode(own) == ["dog", "chased", "dog", "ball", "chased"], claim
claim = "the answer follows the row"
assert decode(changed) == ["dog", "chased", "ball", "ball", "chased"], claim
# sphinx_gallery_end_ignore
print("with the changed row:", *decode(changed))

# %%
# The answer follows the row, as with other nouns and verbs: the weights decide from
# which word it is read.
#
# .. warning::
#    This model has no other path: a value comes from one word alone. In others a
#    value may hold something of other words, and the answer can come by such ways
#    around the attention: there a picture alone proves little
#    (:ref:`Jain and Wallace (2019) <jain2019>`; for what can be said against it,
#    :ref:`Wiegreffe and Pinter (2019) <wiegreffe2019>`). Use a picture to find a guess,
#    then test it.
#
# Going deeper: two more bars, and all places
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# Take the true answers away: in training a random word of the sentence counts as the
# answer. Beside it stands guessing: naming any word of the sentence.

from dataclasses import replace

shares = torch.rand(training.targets.shape, generator=torch.Generator().manual_seed(0))
# long() cuts the decimals off; where() keeps -1 behind the end
anywhere = (shares * training.lengths.view(-1, 1, 1)).long()  # places, (2000, 8, 1)
anywhere = anywhere.where(training.targets >= 0, -1)
g = torch.Generator().manual_seed(0)
astray = RelationModel(generator=g)
# replace gives other targets; the answers are the words that stand there
train_relations(astray, replace(training, targets=anywhere), g, steps=200)
right["random answers"] = accuracy(astray(unseen)[0], unseen).item()
# each of the n words of a sentence is guessed with the chance 1/n: one right a sentence
right["guessing"] = 500 / unseen.lengths.sum().item()
rounded = {name: round(share, 2) for name, share in right.items()}
figure = plot_bars(rounded, xlabel="model", ylabel="accuracy")
# sphinx_gallery_start_ignore
figure.set_label(
    "The three bars of before, and two more: random answers "
    f"{right['random answers']:.2f} and guessing {right['guessing']:.2f}. Both are low."
)
claim = "with random answers the model is worse than guessing"
assert right["random answers"] < right["guessing"] < 0.3, claim
# sphinx_gallery_end_ignore
plt.show()

# %%
# With random answers the model is worse than guessing. It has learned to name words
# such as *the* and *a*, which are never right. Count how often it names a word that was
# never a right answer, and how often such words occur. ``isin`` asks of each number
# whether it is one of these.

is_word = targets >= 0  # (500, 8)
misled = astray(unseen)[0].argmax(dim=-1)[:, :, 0]  # (500, 8)
can_be_right = training.answers[training.answers >= 0].unique()  # each once
# of what the model says, and of the words themselves: which were never an answer
never_right = [
    1 - torch.isin(numbers, can_be_right).float().mean()
    for numbers in (misled[is_word], unseen.tokens[is_word])
]
print(f"never right, of what the model with random answers says: {never_right[0]:.0%}")
# sphinx_gallery_start_ignore
alike = models["uniform attention"](unseen)[0].argmax(dim=-1)[:, :, 0]  # (500, 8)
claim = "with uniform attention all words of a sentence give the same answer"
assert (alike == alike[:, :1])[is_word].all(), claim
claim = "with uniform attention the one answer is right for some of the words"
assert right["uniform attention"] > 0.1, claim
claim = "it names words which are never right even more often than they occur"
assert never_right[0] > never_right[1] + 0.1, claim
# sphinx_gallery_end_ignore
print(f"never right, of the words in the sentences: {never_right[1]:.0%}")
# bincount counts each number, topk(2) takes the two largest counts
often = decode(misled[is_word].bincount().topk(2).indices)
print("named most often:", *sorted(often))

# %%
# Does the answer always follow the row? Take all unseen sentences, and each place in
# them. Point the rows of all words at this place, and count the words that answer what
# stands there.

# two counts each: of words that were answers in the training (True), and of others
follows, tried = {True: 0, False: 0}, {True: 0, False: 0}
for place in range(8):
    rows = torch.zeros(500, 1, 8, 8)
    rows[:, :, :, place] = 1.0
    answers = model.answer(rows, unseen)[:, :, 0].argmax(dim=-1)  # (500, 8)
    there = unseen.tokens[:, place].unsqueeze(1)  # (500, 1), the word at the place
    for kind in (True, False):
        # all words of sentences that have this place, and a word of this kind there
        asked = is_word & is_word[:, place].unsqueeze(1)  # (500, 8)
        asked &= torch.isin(there, can_be_right) == kind
        follows[kind] += (answers == there)[asked].sum().item()
        tried[kind] += asked.sum().item()
print(f"on nouns and verbs: {follows[True]} of {tried[True]} answer that word")
# sphinx_gallery_start_ignore
assert follows[True] > 0.99 * tried[True], "with nouns and verbs the answer follows"
claim = "with determiners, adjectives and prepositions it does not"
assert follows[False] < 0.01 * tried[False], claim
claim = "the words that were answers in the training are nouns and verbs"
assert can_be_right.tolist() == [*range(6, 24)], claim
# sphinx_gallery_end_ignore
print(f"on other words:     {follows[False]} of {tried[False]} answer that word")

# %%
# With nouns and verbs the answer follows. With determiners, adjectives and prepositions
# it does not: no answer in the training was ever such a word, so the last matrices did
# not learn to name them. The weights say where a word reads. What it makes of it is up
# to the rest of the model.
#
# Why divide by √d_k?
# -------------------
#
# The more products a score adds up, the further apart the scores of random vectors lie:
# about :math:`\sqrt{d_k}` times as far as single products do (the last part shows why).
# A softmax gives nearly all to the largest of scores that lie far apart. The division
# takes this growth out again. Does a model need it? Train one with :math:`d_k = 256`,
# with and without. Start it in two ways: with PyTorch's own small numbers, and with
# larger ones, so that what :math:`W_Q` and :math:`W_K` make of the words has the
# :term:`variance` 1: most of the numbers lie between -2 and 2.

# %%
# **Guess.** After forty steps one of the four models is far behind the others. Which?

# %%
# The output is the mean largest weight before training, and the
# accuracy after it.

for start in ("small", "variance 1"):
    for divided in (True, False):
        g = torch.Generator().manual_seed(0)
        # d_model: the numbers of a word; with one head it is d_k, too
        wide = RelationModel(d_model=256, generator=g)
        q_proj, k_proj = wide.attention.q_proj, wide.attention.k_proj
        if start == "variance 1":
            for layer in (q_proj, k_proj):
                # .data: the numbers themselves, which may be overwritten; std() says
                # how widely numbers are spread: divided by it, their spread is 1
                layer.weight.data /= layer(wide.words).detach().std()
                # sphinx_gallery_start_ignore
                made = layer(wide.words + wide.positions[0]).detach()
                claim = "the numbers of queries and keys have the variance 1"
                assert abs(made.var() - 1) < 0.25, claim
                claim = "most of them lie between -2 and 2"
                assert (made.abs() < 2).float().mean() > 0.9, claim
                # sphinx_gallery_end_ignore
        if not divided:  # 16 undoes the division by √256
            # q_proj calls this small function each time. The last of what it is given
            # is the query, and what it returns takes the place of that.
            q_proj.register_forward_hook(lambda *given: given[-1] * 16)
        # before training; amax(dim=-1) is the largest number of each row
        largest = wide.attend(unseen).amax(dim=-1).mean().item()
        train_relations(wide, training, g, steps=40, batch_size=32, learning_rate=0.003)
        learned = accuracy(wide(unseen)[0], unseen).item()
        # sphinx_gallery_start_ignore
        early = start == "variance 1" and not divided
        claim = "variance 1 and not divided: it has chosen before it learned anything"
        assert (largest > 0.8) == early, claim
        claim = "only the model with variance 1 and no division is left behind"
        assert learned < 0.85 if early else learned > 0.9, claim
        # sphinx_gallery_end_ignore
        name = f"{start}, {'divided' if divided else 'undivided'}"
        print(f"{name:22} {largest:.2f} {learned:.2f}")

# %%
# After small starts both models learn it, with the division and without. With queries
# and keys of variance 1 and no division, nearly all of a row's weight lies on one key
# before the model has learned anything, and it does not recover in the same time. A
# likely reason: a word with little weight has a small slope, and here all but one have
# little. The slopes of a row add up to 0, so that of the one is small, too. One seed of
# each; the reason is not tested.
#
# Going deeper: where the square root comes from
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# The variance measures how widely numbers are spread: it is the mean of
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
# Both hold for all independent numbers. Draw all entries of the queries and keys
# independently, with the mean 0 and the variance 1. A product :math:`q k` has the mean
# :math:`0 \cdot 0`. Its square is :math:`q^2 k^2`, with the mean :math:`1 \cdot 1`, so
# the product has the variance 1. A score is a sum of :math:`d_k` products, so its
# variance is :math:`d_k`. Dividing numbers by :math:`c` divides their squares, and so
# their variance, by :math:`c^2`. Dividing by :math:`\sqrt{d_k}` brings it back to 1.
#
# Here are 500 random queries, each with 16 random keys of its own:

sizes = [4, 16, 64, 256, 1024]
largest = {"divided by √d_k": [], "not divided": []}
generator = torch.Generator().manual_seed(0)
for size in sizes:
    q = torch.randn(500, 1, size, generator=generator)
    k = torch.randn(500, 16, size, generator=generator)
    raw = q @ k.transpose(-2, -1)  # (500, 1 query, 16 keys)
    print(f"d_k {size}: the variance of the scores is {raw.var():.1f}")
    for name, divisor in (("divided by √d_k", math.sqrt(size)), ("not divided", 1)):
        weights = (raw / divisor).softmax(dim=-1)  # (500, 1, 16)
        largest[name].append(weights.amax(dim=-1).mean().item())
    # sphinx_gallery_start_ignore
    assert abs(raw.var() / size - 1) < 0.2, "the variance of the scores is close to d_k"
    # sphinx_gallery_end_ignore

from nnbasics.plotting import plot_curves

labels = {"xlabel": "d_k", "ylabel": "mean largest weight"}
figure = plot_curves(largest, x=sizes, **labels, log_x=True)
# sphinx_gallery_start_ignore
coin = torch.tensor([0.0, 2.0])
products, sums = coin[:, None] * coin, coin[:, None] + coin  # (2, 2)
claim = "the coin and the products of two have the mean 1"
assert coin.mean() == products.mean() == 1, claim
claim = "the coin has the variance 1, and the sum of two has the variance 2"
assert coin.var(correction=0) * 2 == sums.var(correction=0) == 2, claim
even, uneven = largest["divided by √d_k"], largest["not divided"]
figure.set_label(
    "The largest of 16 weights, on average, against d_k. Divided by the square root of "
    f"d_k it stays near {even[-1]:.2f}; not divided it grows from {uneven[0]:.2f} at 4 "
    f"to {uneven[-1]:.2f} at 1024."
)
claim = "with the division, the size of d_k makes almost no difference"
assert max(even) - min(even) < 0.1, claim
assert uneven[-1] > 0.85, "without it, one key gets nearly everything"
assert uneven == sorted(uneven), "without it, the largest weight grows"
# sphinx_gallery_end_ignore
plt.show()

# %%
# The variance is close to :math:`d_k`. With the division, the size of :math:`d_k` makes
# almost no difference to the weights. Without it and with a large :math:`d_k`, one key
# gets nearly everything, by accident.
#
# Exercises
# ---------
#
# 🎯 Answer 2.1 and 2.2 on the page of this lesson, and all in its notebook (the link
# is under the title): replace ``None``, or the dots in a function, by your
# answer, and run the cell. The checker tells you whether it is right, and where to look
# if it is not.
#
# 💡 Tip: work out the answer first, and check to see whether you were right.
# The answers are on the page :doc:`/basics/solutions`.
#
# **2.1** The queries and keys have 64 numbers. The dot products of a query with two
# keys are 16 and 0. What share of the attention does the first key get? Two decimals
# are enough, and :math:`e \approx 2.718`.

from nnbasics.exercises import check_share

answer = None  # your answer here
print(check_share(answer))

# %%
# **2.2** Predict: what happens to the largest weight of this row of scores, 1, 2 and 3,
# when you multiply them all by 10? And when one more key joins, with the score 0? Each
# answer is ``"grows"``, ``"shrinks"`` or ``"stays"``. In the notebook, try it in the
# first lines.

row = torch.tensor([1.0, 2.0, 3.0])
print(F.softmax(row, dim=-1))

from nnbasics.exercises import check_largest_weight

times_ten = None  # your answer here
one_more_key = None  # your answer here
print(check_largest_weight(times_ten, one_more_key))

# %%
# The next four are functions, for the notebook. Write yours over the dots and run the
# cell: the checker calls your function with numbers of its own, and compares.
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
# - ✅ A mask is ``True`` where a query may attend. In other code ``True`` can mean
#   *blocked*.
# - ✅ **Scaling**: in four trainings with d_k = 256, models with a small start
#   learned with the division by √d_k and without. With queries and keys of variance 1,
#   the model without it had chosen before it learned anything, and was left behind.
# - ✅ A heatmap of random vectors shows no structure of language. That has to be
#   learned, then measured, then tested.
#
# Next
# ----
#
# A row of weights has the sum 1: what goes to one word is missing for the others. What
# if one word needs two answers? With this question the next lesson begins,
# :doc:`multi-head attention </basics/multi_head_attention>`.
