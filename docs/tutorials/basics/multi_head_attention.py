"""
Multi-head attention
====================

The last lesson left a question: what if one word needs two answers? Its one row of
attention weights can point at one word. Real models run several *heads* side by side,
and a word has a row of weights in each. Here you build two heads by hand, train up to
eight, and find out what each of them does and why.

At the end you can

- say what a head is, which numbers it sees, and why one is not enough;
- split a matrix into heads and put it back without mixing up the words;
- name the role of a trained head, test the name, and find the reason for the role in
  the matrices.

It builds on :doc:`/basics/attention`. *Loss*, *gradient* and *training* come from
:doc:`/basics/xor_network`: if they are new to you, begin there. Sections called *Going
deeper* can be left out. ``assert_close`` stops with an error unless its two arguments
are the same, up to rounding.
"""

# %%
# Why one head is not enough
# --------------------------
#
# In attention every word has three lists of numbers: a :term:`query`, which says what
# it looks for, a :term:`key`, which it is found by, and a :term:`value`, which it hands
# over. A query times a key, number by number, added up, is the :term:`dot product`.
# Divided by the root of how many numbers a query has, it is the :term:`score` of the
# pair. The :term:`softmax` turns the scores of a word into
# weights, positive and with the sum 1. The output is the values of all words, mixed
# with these weights. A :term:`mask` can shut words out.
#
# Read "the cat sat on the mat" and ask "sat" two questions. *Who* sat? *Where*? The
# answers are two words. But "sat" has one row of weights, and one row gives one
# mixture, such as half "cat" and half "mat".
#
# Let the value of "cat" be (1, 0) and that of "mat" (0, 1). Swap the two words, and
# compare. ``torch.cat``, short for *concatenate*, puts two lists one behind the other.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 3
# sphinx_gallery_thumbnail_number = 3

import torch
from matplotlib import pyplot as plt
from torch.testing import assert_close

cat, mat = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])

print("one head,  the cat sat on the mat:", (0.5 * cat + 0.5 * mat).tolist())
print("one head,  the mat sat on the cat:", (0.5 * mat + 0.5 * cat).tolist())
print("two heads, the cat sat on the mat:", torch.cat([cat, mat]).tolist())
print("two heads, the mat sat on the cat:", torch.cat([mat, cat]).tolist())
# sphinx_gallery_start_ignore
assert (0.5 * cat + 0.5 * mat).equal(0.5 * mat + 0.5 * cat), (
    "the average is the same for both sentences"
)
assert_close(
    torch.stack([0.7 * cat + 0.3 * mat, 0.7 * mat + 0.3 * cat]),
    torch.tensor([[0.7, 0.3], [0.3, 0.7]]),
    msg="shares of 0.7 and 0.3 give (0.7, 0.3) and (0.3, 0.7)",
)
assert not torch.cat([cat, mat]).equal(torch.cat([mat, cat])), (
    "two heads keep their outputs apart, so the two sentences differ"
)
# sphinx_gallery_end_ignore

# %%
# The average is the same for both sentences: who sat on whom is lost. Shares of 0.7
# and 0.3 leave a trace, (0.7, 0.3) against (0.3, 0.7). How far a trained model gets
# with one row, you will see below.
#
# Two heads have two rows of weights. One points at "cat", the other at "mat", and their
# outputs stay apart, side by side. This is the reason that :ref:`Vaswani et al. (2017)
# <vaswani2017>` give for several heads, in section 3.2.2.

# %%
# Two heads by hand
# -----------------
#
# Multi-head attention has five steps, here for three words of four numbers each, and
# two heads. A colour shows what belongs to which head. The numbers are rows × columns.

from nnbasics import plotting

figure = plotting.plot_layer(length=3, d_model=4, num_heads=2)
# sphinx_gallery_start_ignore
figure.set_label(
    "A diagram. The input, 3 by 4, is projected to queries, keys and values of 3 "
    "by 4. Half of the columns of each go to head 0, the other half to head 1. "
    "Each head gives 3 by 2 numbers. They are put side by side, 3 by 4, and "
    "projected once more to the output, 3 by 4."
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# **Step 1: project.** Each word comes in as a row of :math:`d_{model}` numbers, here
# four, with a single 1 that says which word it is. Three matrices, :math:`W_Q`,
# :math:`W_K` and :math:`W_V`, make queries, keys and values: a :term:`projection` is
# a product with a matrix, written ``@``. In a real model training finds the matrices;
# these were chosen so that you can follow them. As a row of ``x`` has a single 1, the
# product picks one row of the matrix: row 0 for "the", row 1 for "cat".

tokens = ["the", "cat", "sat"]
x = torch.tensor([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])  # (length, d_model)
# in each matrix the last row would be for a fourth word
w_q = torch.tensor([[2.0, 0, 2, 0], [0, 2, 2, 0], [2, 0, 0, 2], [1, 1, 1, 1]])
w_k = torch.tensor([[0.0, 0, 2, 0], [2, 0, 0, 2], [0, 2, 0, 0], [1, 1, 1, 1]])
w_v = torch.arange(1.0, 17.0).view(4, 4)  # 1 to 16, in four rows

q, k, v = x @ w_q, x @ w_k, x @ w_v  # each (length, d_model)
print("values:", v.tolist())
# sphinx_gallery_start_ignore
assert v.equal(w_v[:3]), "the product picks one row of the matrix for each word"
# sphinx_gallery_end_ignore

# %%
# **Step 2: split into heads.** Each head gets :math:`d_{head} = d_{model} / 2` columns:
# head 0 the first two, head 1 the last two. Every head keeps all three words.
#
# :meth:`view <torch.Tensor.view>` reads the same numbers, in the same order, into
# another shape: each row of four becomes two groups of two.
# :meth:`transpose <torch.Tensor.transpose>` then exchanges two dimensions, so that the
# heads come first, and each is a table with a row for each word.
#
# A view alone could give this shape, too. But it deals the numbers out in reading
# order: head 0 gets 1 to 6, the whole row of "the" and half the row of "cat", where
# it should get half of *each* row. The last line tries it.

# two groups for each word: [1, 2] and [3, 4] for the first
v_groups = v.view(3, 2, 2)  # (length, num_heads, d_head)
v_heads = v_groups.transpose(0, 1)  # (num_heads, length, d_head)
print("head 0:            ", v_heads[0].tolist())
print("head 1:            ", v_heads[1].tolist())
print("head 0, view alone:", v.view(2, 3, 2)[0].tolist())
# sphinx_gallery_start_ignore
v_wrong = v.view(2, 3, 2)
assert v_heads[0].equal(v[:, :2]), "head 0 gets the first two columns"
assert v_heads[1].equal(v[:, 2:]), "head 1 gets the last two columns"
assert v_wrong.shape == v_heads.shape, "a view alone gives the same shape"
assert not v_wrong.equal(v_heads), "one view cannot do what both operations do"
# sphinx_gallery_end_ignore

# %%
# In the picture each cell keeps the colour of the head that its column belongs to. On
# the right, the row that the code takes for "cat" holds 3 and 4, which belong to "the".
# No error is raised, since every shape is right.

figure = plotting.plot_split_heads(v, 2, tokens)
# sphinx_gallery_start_ignore
figure.set_label(
    "The values 1 to 12 in three rows: 'the', 'cat' and 'sat'. Split well, head 0 "
    "holds 1 2, 5 6 and 9 10: the first two columns. With a view alone it holds 1 "
    "2, 3 4 and 5 6, so that the row of 'cat' contains numbers of 'the'."
)
assert v_wrong[0, 1].equal(v[0, 2:]), 'the row of "cat" holds 3 and 4, of "the"'
# sphinx_gallery_end_ignore
plt.show()

# %%
# **Step 3: attend, head by head.** The heads do not know of each other. Each computes
# scores, weights and a mixture with its own columns.
#
# Do one score by hand. In head 0 the query of "the" is (2, 0) and the key of "cat" is
# (2, 0). Their dot product is 4. Divided by :math:`\sqrt{2}` it is the score 2.83. In
# head 1 the query is (2, 0) and the
# key is (0, 2): the score is 0.
#
# ``@`` multiplies two stacks table by table, so head 0 meets head 0 only. It lets rows
# meet columns, so the keys are turned into columns first.

q_heads = q.view(3, 2, 2).transpose(0, 1)
k_columns = k.view(3, 2, 2).transpose(0, 1).transpose(1, 2)  # (heads, d_head, length)
scores = q_heads @ k_columns / 2**0.5  # (num_heads, length, length)
weights = scores.softmax(dim=-1)  # along the last dimension, the rows
outputs = weights @ v_heads  # (num_heads, length, d_head)
# "the" and "sat" get the same weight, and their values lie evenly around that of "cat":
# so the mixture is the value of "cat"
print("'the' in head 0:", scores[0, 0], weights[0, 0], outputs[0, 0])
# sphinx_gallery_start_ignore
assert q_heads[:, 0].tolist() == [[2, 0], [2, 0]], 'the query of "the" is (2, 0)'
assert_close(outputs[0, 0], v_heads[0, 1], msg='the mixture is the value of "cat"')
keys_of_cat = k_columns[:, :, 1].tolist()
assert keys_of_cat == [[2, 0], [0, 2]], 'the key of "cat" is (2, 0), and (0, 2)'
# sphinx_gallery_end_ignore

# %%
# A row says where its word looks. Head 0 looks for the word that belongs to this one:
# "the" at "cat", "cat" at "sat", "sat" at "cat". In this sentence head 1 looks at the
# word before ("the" has none, and looks at itself). But it does not count places: its
# matrices send "cat" to "the" and "sat" to "cat", wherever these words stand.

figure = plotting.plot_heads({"head 0": weights[0], "head 1": weights[1]}, tokens)
# sphinx_gallery_start_ignore
figure.set_label(
    "Two heatmaps of 3 by 3 weights. In head 0 'the' looks at 'cat', 'cat' at "
    "'sat' and 'sat' at 'cat', each with 0.89. In head 1 'the' looks at itself, "
    "'cat' at 'the' and 'sat' at 'cat', each with 0.89. All other weights are "
    "0.05."
)
assert weights[0].argmax(dim=-1).tolist() == [1, 2, 1], (
    'head 0: "the" looks at "cat", "cat" at "sat", "sat" at "cat"'
)
assert weights[1].argmax(dim=-1).tolist() == [0, 0, 1], (
    'head 1 looks at the word before; "the" has none, and looks at itself'
)
assert {
    tuple(f"{weight:.2f}" for weight in sorted(row))
    for row in weights.flatten(0, 1).tolist()
} == {("0.05", "0.05", "0.89")}, "each row has one 0.89; all other weights are 0.05"
# sphinx_gallery_end_ignore
plt.show()

# %%
# **Step 4: concatenate.** The outputs of the heads are put side by side, so that each
# word has :math:`d_{model}` numbers again.
#
# **Step 5: project once more.** What comes next may need something of both heads. One
# more matrix mixes them. This one gives their sum, then their difference.

concatenated = torch.cat([outputs[0], outputs[1]], dim=-1)  # (length, d_model)
w_o = torch.tensor([[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 0, -1, 0], [0, 1, 0, -1]])
by_hand = concatenated @ w_o  # (length, d_model)
print("'the', side by side:", concatenated[0])
print("'the', mixed:       ", by_hand[0])
# sphinx_gallery_start_ignore
assert_close(
    by_hand[:, :2],
    outputs[0] + outputs[1],
    msg="the first two columns of the matrix add the heads",
)
assert_close(
    by_hand[:, 2:],
    outputs[0] - outputs[1],
    msg="the last two columns of the matrix take the difference of the heads",
)
# sphinx_gallery_end_ignore

# %%
# The same from the package
# -------------------------
#
# These five steps are :class:`nnbasics.MultiHeadAttention`. Its four matrices stand
# in layers of PyTorch (:class:`torch.nn.Linear`), which keep them with rows and
# columns exchanged (``.T`` does that), and add a :term:`bias`, one number for each
# column. Copy the matrices in, set the biases to 0, and the layer gives your numbers.
# It takes a :term:`batch`, many sentences at once.

from nnbasics import MultiHeadAttention

layer = MultiHeadAttention(d_model=4, num_heads=2)
projections = [layer.q_proj, layer.k_proj, layer.v_proj, layer.out_proj]
for projection, matrix in zip(projections, [w_q, w_k, w_v, w_o], strict=True):
    projection.weight.data = matrix.T  # our numbers in the place of its own
    projection.bias.data.zero_()  # sets them to 0

layer_output, layer_weights = layer(x[None])  # [None] makes a batch of one
assert_close(layer_output[0], by_hand)
assert_close(layer_weights[0], weights)
print("weights:", tuple(layer_weights.shape), "(batch, num_heads, length, length)")
# sphinx_gallery_start_ignore
assert sum(p.numel() for p in layer.parameters()) == 4 * (4 * 4 + 4), (
    "four matrices of d_model × d_model numbers and four biases of d_model numbers"
)
# sphinx_gallery_end_ignore

# %%
# A layer has four matrices of :math:`d_{model}` × :math:`d_{model}` numbers and four
# biases of :math:`d_{model}` numbers. More heads cut the same columns into narrower
# parts, and cost no more :term:`parameters <parameter>`.

# %%
# Going deeper: the source of the layer
# -------------------------------------
#
# This is the source that ran. The lines that begin with ``check`` look at the arguments
# and raise an error that says what is wrong. The rest is the five steps. ``layer(x)``
# gives only ``query``: then ``key`` and ``value`` are the same ``x``.
#
# ``split_heads`` is your step 2, and writing it is exercise 3.3. ``merge_heads`` is
# step 4. A dimension with a minus is counted from the end, and -1 is the last one. So
# ``transpose(-3, -2)`` exchanges heads and words, as your ``transpose(0, 1)`` did, and
# ``flatten(-2)`` makes one dimension of the last two: the heads stand side by side.

from nnbasics import merge_heads
from nnbasics.lesson import show_source

# sphinx_gallery_start_ignore
assert v_groups.transpose(-3, -2).equal(v_heads), (
    "transpose(-3, -2) exchanges heads and words, as your transpose(0, 1) did"
)
assert outputs.transpose(-3, -2).flatten(-2).equal(concatenated), (
    "flatten(-2) makes one dimension of the last two: the heads stand side by side"
)
# sphinx_gallery_end_ignore
show_source(merge_heads, MultiHeadAttention)

# %%
# Going deeper: the same from PyTorch
# -----------------------------------
#
# PyTorch has this layer too: :class:`torch.nn.MultiheadAttention`. It keeps the
# matrices of queries, keys and values in one, on top of each other. With your matrices
# copied in, it has to give your output and your weights. ``batch_first=True`` says that
# the batch is the first dimension. ``average_attn_weights=False`` asks for the weights
# of each head; without it you get their mean over the heads.

theirs = torch.nn.MultiheadAttention(4, 2, batch_first=True)
theirs.in_proj_weight.data = torch.cat([w_q.T, w_k.T, w_v.T])  # (12, 4)
theirs.out_proj.weight.data = w_o.T  # PyTorch begins with biases of 0 here

batch = x[None]
their_output, their_weights = theirs(batch, batch, batch, average_attn_weights=False)
assert_close(their_output[0], by_hand)
assert_close(their_weights[0], weights)
print("outputs and weights: as torch.nn.MultiheadAttention")
# sphinx_gallery_start_ignore
biases = torch.cat([theirs.in_proj_bias, theirs.out_proj.bias])
assert not biases.any(), "PyTorch begins with biases of 0 here"
blocked = torch.tensor([[False, False, True]] * 3)  # True: blocked, as in PyTorch
_, by_them = theirs(batch, batch, batch, attn_mask=blocked)
_, by_us = layer(batch, mask=~blocked)
claim = "in PyTorch's layer True means blocked, in the package it means may attend"
assert_close(by_them, by_us.mean(dim=1), msg=claim)
# sphinx_gallery_end_ignore

# %%
# One warning about a :term:`mask`, the table that says which word may look at which. In
# this layer of PyTorch ``True`` means *blocked*. In this package, as in
# :func:`torch.nn.functional.scaled_dot_product_attention`, it means *may attend*.

# %%
# Does each head see a slice of the input?
# ----------------------------------------
#
# Take a layer with 64 numbers a word, its :term:`features <feature>`, and 8 heads. Head
# 0 works with columns 0 to 7 of the queries, keys and values, head 1 with columns 8 to
# 15, and so on. Matrices and words are random numbers.

# %%
# **Guess.** You change feature 63, the last one, in all words. Does the output of head
# 0 change?

# %%
# Measure it, for every feature and every head. In copy 0 of the sentence feature 0 is
# larger by 1, in copy 1 feature 1, and so on. For comparison, do the same without
# projections, where the heads cut up the input itself.

from nnbasics import scaled_dot_product_attention, split_heads

torch.manual_seed(42)
attention = MultiHeadAttention(d_model=64, num_heads=8)
x = torch.randn(1, 6, 64)  # random numbers, (batch, length, d_model)
changed = x.repeat(64, 1, 1)  # 64 copies
for feature in range(64):
    changed[feature, :, feature] += 1  # this copy, all words, this feature


def outputs_of_heads(x, projections):
    """Give what each head puts out, before the last projection."""
    # split_heads is your step 2, view and transpose, for a batch
    q, k, v = (split_heads(project(x), 8) for project in projections)
    return scaled_dot_product_attention(q, k, v)[0]  # (batch, 8 heads, 6 words, 8)


def effects_of_features(projections):
    """Give the change of each head (row) for each feature (column); largest: 1."""
    # changed has 64 copies of the sentence, x one, which is compared with each of them
    change = outputs_of_heads(changed, projections) - outputs_of_heads(x, projections)
    effects = change.abs().sum(dim=(2, 3)).T  # all changes of a head, added up
    return effects / effects.max()


# Identity hands on what it gets
sliced = effects_of_features([torch.nn.Identity()] * 3)
real = effects_of_features([attention.q_proj, attention.k_proj, attention.v_proj])
figure = plotting.plot_head_inputs({"no projections": sliced, "the real layer": real})
# sphinx_gallery_start_ignore
figure.set_label(
    "Two heatmaps, 8 heads by 64 features. Without projections each head depends "
    "on 8 neighbouring features and on no other, which makes a staircase. In the "
    "real layer every head depends on every feature, at least "
    f"{real.min():.2f} times as strongly as the strongest."
)
eight_each = torch.eye(8).repeat_interleave(8, dim=1).bool()  # (8 heads, 64)
assert (sliced > 1e-6).equal(eight_each), (
    "without projections each head depends on eight features and on no other"
)
assert (real > 0.1).all(), "every head of the real layer sees all of the input"
# sphinx_gallery_end_ignore
plt.show()

# %%
# It does change: every head of the real layer sees all of the input. What is cut into
# slices is the *projected* vectors, and each column of a projection is a sum over all
# 64 features.

# %%
# Going deeper: each head as a layer of its own
# ---------------------------------------------
#
# So a head looks at the whole word, through a 64 × 8 part of each matrix that is its
# own. If that is true, you can take these parts out, and run each head by itself on the
# whole input. Nothing is split then, and the output has to be the same. A layer of
# PyTorch keeps its matrix with rows and columns exchanged, so the part of a head is
# eight of its rows.

whole_outputs = []
for head in range(8):
    rows = slice(8 * head, 8 * head + 8)
    projected = [
        x @ project.weight[rows].T + project.bias[rows]  # (1, 6, 8), from all of x
        for project in [attention.q_proj, attention.k_proj, attention.v_proj]
    ]
    whole_outputs.append(scaled_dot_product_attention(*projected)[0])

output, _ = attention(x)
assert_close(attention.out_proj(torch.cat(whole_outputs, dim=-1)), output)
print("eight whole heads and one split layer: the same output")

# %%
# Going deeper: word order is not in it
# -------------------------------------
#
# Nothing in the five steps looks at where a word stands. Shuffle the words, and the
# same outputs come out, shuffled in the same way.

order = [0, 5, 2, 3, 4, 1]  # words 1 and 5 change places
assert_close(attention(x[:, order])[0], attention(x)[0][:, order])

# %%
# That is :term:`permutation equivariance`: to this layer a sentence is a bag of words.

# %%
# A language with five questions
# ------------------------------
#
# Now a task for heads: sentences of a toy language with three nouns, such as "the dog
# chased the cat near the tree". Every word must answer five questions at once.
#
# - *who*: the first noun, which does something;
# - *whom*: the second noun, to which it is done;
# - *where*: the third noun;
# - *previous* and *next*: the neighbouring words.
#
# At "near" the five answers are dog, cat, tree, cat and the.

from nnbasics.experiments import QUESTIONS, decode, sample_questions

data = torch.Generator().manual_seed(1)
training = sample_questions(3000, data)
test = sample_questions(500, data, salad=0.0)  # all with grammar
# Words are kept as numbers; decode turns them back.
print("one of the test:", *decode(test.tokens[0, : test.lengths[0]]))

# %%
# In the model, :class:`nnbasics.experiments.RelationModel`, each word has a vector of
# 64 numbers. The five steps do not look at where a word stands, so each place has a
# vector too, a :term:`position encoding`. Word plus place makes the query and the key.
# The word alone makes the value. Then comes one attention layer, and one more matrix
# turns its output into a number for each word of the language, once for each question:
# the word with the largest is the answer. There is no other way from word to word: what
# the model knows at "near" of "dog", some head carried there.
#
# "The dog chased the cat ..." is :term:`held out <held-out>`: in the training, these
# two are never *who* and *whom* of one sentence. A fifth of the training is *salad*,
# random words of which only the neighbours are asked. There any word may stand before
# any other, so the two neighbours have to be kept apart. The test has no salad.
#
# You train four models as in the last lesson, for 600 steps of 32 sentences, the same
# in all but the number of heads: 1, 2, 4 and 8.

# %%
# **Guess.** Which of the five questions will the model with one head answer well?

# %%
# The table has a row for each model: the share of right answers to each question, on
# 500 freshly drawn sentences.

from nnbasics.experiments import RelationModel, accuracy, train_relations

print("heads", *(f"{question:>8}" for question in QUESTIONS))  # eight letters wide
for num_heads in [1, 2, 4, 8]:
    start = torch.Generator().manual_seed(0)  # for the random start
    model = RelationModel(num_heads, num_questions=5, d_model=64, generator=start)
    # weight decay: all numbers also shrink a little at each step
    train_relations(model, training, start, steps=600, batch_size=32, weight_decay=0.1)
    answers, _ = model(test)  # and the weights, not used here
    print(f"{num_heads:5}", *(f"{share:8.2f}" for share in accuracy(answers, test)))
    # sphinx_gallery_start_ignore
    right = accuracy(answers, test)  # (5 questions,)
    if num_heads == 1:
        assert right[:3].mean() < 0.5, "one head answers the three nouns badly"
        assert right[3:].min() > 0.8, "one head answers the two neighbours well"
        with_one = right[:3].mean()
        parameters = sum(p.numel() for p in model.parameters())
    if num_heads == 2:
        assert right[:3].mean() > with_one + 0.3, "two heads do better on the nouns"
    if num_heads > 2:
        assert right.min() > 0.99, "four heads make hardly a mistake"
    assert sum(p.numel() for p in model.parameters()) == parameters, (
        "the number of parameters is the same in all four models"
    )
    # sphinx_gallery_end_ignore
# sphinx_gallery_start_ignore
from nnbasics.experiments import encode, label

tokens = "the dog chased the cat near the tree".split()
places = [[1, 4, 7, place - 1, place + 1 if place < 7 else -1] for place in range(8)]
asked = label([(tokens, places)], QUESTIONS)  # the sentence with its answers
assert (
    asked.answers[0, 5].tolist() == encode("dog cat tree cat the".split()).tolist()
), 'at "near" the five answers are dog, cat, tree, cat and the'
is_noun, is_verb = (  # (500, length, 2): of the words before and behind each word
    torch.isin(test.answers[..., 3:], torch.arange(first, first + count))
    for first, count in ((encode(["cat"]).item(), 10), (encode(["sat"]).item(), 8))
)
claim = "where a word stands between a verb and a noun, the verb comes before it"
assert (is_verb[..., 0] & is_noun[..., 1]).any(), claim
assert not (is_noun[..., 0] & is_verb[..., 1]).any(), claim
with_grammar = training.targets[:, 0, 0] >= 0  # where the first word is asked *who*
assert 0.75 < with_grammar.float().mean() < 0.85, "a fifth of the training is salad"
who_and_whom = training.answers[with_grammar, 0, :2].sort(dim=-1).values
assert not (who_and_whom == encode(["cat", "dog"]).sort().values).all(dim=-1).any(), (
    "in the training dog and cat are never who and whom of one sentence"
)
# sphinx_gallery_end_ignore

# %%
# One head answers the two neighbours well and the three nouns badly. Its single row of
# weights serves five questions, so it is a mixture.
#
# Say the four numbers of a value stand for "dog", "cat", "chased" and "saw". The
# neighbours of the second "the" are "chased" and "cat": half of each is (0, 0.5, 0.5,
# 0). That can be read: where a word of this language stands between a verb and a noun,
# the verb comes before it. But *who* and *whom* are both nouns. Half "dog" and half
# "cat" is (0.5, 0.5, 0, 0), which does not say which of them is *who*. Unequal shares
# differ for the two orders: *who* may get the larger. But for *whom* the smaller share
# would have to win. The last matrix only multiplies the shares by one number: by 2, and
# 0.7 and 0.3 become 1.4 and 0.6; by -2, and a noun with the share 0 wins, over -1.4 and
# -0.6.
#
# Two heads do much better on the nouns, and four make hardly a mistake, with as many
# parameters: more rows of weights help.

# %%
# Going deeper: five answers from two rows
# ----------------------------------------
#
# Two heads answer more than two questions. How can they? The neighbours can be told
# apart as above, and for the nouns two mixtures can be compared. Say one head gives
# *who*, *whom* and *where* the weights 0.3, 0.1 and 0.3, and the other 0.1, 0.3 and
# 0.3. (The rest goes to the neighbours.) If both hand over the same values, a
# difference of their outputs is the difference of the weights, times the values.

shares = torch.tensor([[0.3, 0.1, 0.3], [0.1, 0.3, 0.3]])  # (2 heads, 3 nouns)
print("first minus second:", shares[0] - shares[1])
print("second minus first:", shares[1] - shares[0])
print("both added up:     ", shares[0] + shares[1])
# sphinx_gallery_start_ignore
claim = "the differences are largest at who and at whom, the sum at where"
assert (shares[0] - shares[1]).argmax() == 0, claim
assert (shares[1] - shares[0]).argmax() == 1, claim
assert (shares[0] + shares[1]).argmax() == 2, claim
# sphinx_gallery_end_ignore

# %%
# The first line is largest at *who*, the second at *whom*, the third at *where*, and
# the matrices behind the heads can subtract and add. Such heads would have no role that
# you could name.

# %%
# Eight heads, before and after training
# --------------------------------------
#
# Now look inside the model with eight heads, which was trained last. On the left it is
# before its training, on the right after. Both read the sentence that was held out;
# ``attend`` gives the weights.

from nnbasics.experiments import as_sentence

tokens = "the dog chased the cat near the tree".split()
names = "the1 dog chased the2 cat near the3 tree".split()  # tells the three "the" apart
sentence = as_sentence(tokens, num_questions=5)

trained = model.requires_grad_(False)  # it learns no more
untrained = RelationModel(8, 5, 64, generator=torch.Generator().manual_seed(0))
before, after = untrained.attend(sentence)[0], trained.attend(sentence)[0]
figure = plotting.plot_heads_compared({"random": before, "trained": after}, names)
# sphinx_gallery_start_ignore
figure.set_label(
    "Left, the eight random heads: all cells are dark, no weight is above "
    f"{before.max():.2f}. Right, the eight trained heads: most rows have one bright "
    "cell; in some heads they make a column, in others a diagonal."
)
assert before.max() < 0.2, "the random heads spread their weight evenly"
assert (after.max(dim=-1).values > 0.5).float().mean() > 0.8, (
    "in the trained heads most rows have one bright cell"
)
assert accuracy(trained(asked)[0], asked).eq(1).all(), (
    "the model answers the sentence that was held out rightly"
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# The random heads spread their weight evenly: the model starts with small numbers, so
# all scores are near 0. In the trained heads most rows have one bright cell.

# %%
# **Guess.** Swap *dog* and *cat* in the sentence. Which of the trained heads will look
# at other places than before?

# %%
# Ask the heads
# -------------
#
# The figure holds the trained layer, and computes weights and answers anew when you
# change the sentence. Swap *dog* and *cat*, and see whether you were right.

from nnbasics.explorers import HeadExplorer

# sphinx_gallery_start_ignore
swapped = as_sentence("the cat chased the dog near the tree".split(), num_questions=5)
answers, weights = trained(swapped)
assert weights[0].argmax(dim=-1).equal(after.argmax(dim=-1)), (
    "with dog and cat swapped, no head looks anywhere else"
)
assert decode(answers[0, 5].argmax(dim=-1)) == ["cat", "dog", "tree", "dog", "the"], (
    "the answers follow the words"
)
# sphinx_gallery_end_ignore
HeadExplorer(
    tokens, trained, test.batch(torch.arange(100)), snapshots={"untrained": before}
)

# %%
# With *dog* and *cat* swapped, no head looks anywhere else, and the answers follow the
# words: at "near", *who* is now "cat" and *whom* "dog".

# %%
# 🎯 EXERCISE: Identify Head Specializations
# ------------------------------------------
#
# Which head does what? A head may look for one of the three nouns (*who*, *whom* or
# *where*) or for a neighbour (*previous* or *next*). Several heads may have the same
# role.
#
# One sentence can deceive, so a head's role is measured. Its *role score* for a
# question is its :term:`attention mass`: the weight that it puts on the right word,
# averaged over all words of the 500 test sentences. Weights of 0.9, 0.8 and 0.7 on
# the right word make a role score of 0.8. A word counts only where no other question
# has the same answer. At "chased", *who* and *previous* are both "dog". A weight of
# 0.9 there could mean either, so "chased" counts for neither of the two, and counts
# for the other three.
#
# A head is named after the question with its highest role score, if that is 0.5 or
# more. That is its :term:`role`; if not, its role is ``"none"``. A head with a role is
# called :term:`specialised <specialisation>`.
#
# Here are the maps with their numbers; an empty cell holds less than 0.005. Below
# stands, for each head, where each word looks most.

figure = plotting.plot_heads({f"head {head}": after[head] for head in range(8)}, names)
# sphinx_gallery_start_ignore
looks_at = after.argmax(dim=-1).tolist()  # for each head and word, a place
bright = [head for head in range(8) if len(set(looks_at[head])) == 1]
others = [head for head in range(8) if head not in bright]
figure.set_label(
    f"Eight trained heads on the sentence. In heads {', '.join(map(str, bright))} all "
    "words look at one and the same word, so that one column is bright. In heads "
    f"{', '.join(map(str, others))} the bright cells lie next to the diagonal. Where "
    "each word looks most is listed below."
)
assert min(len(bright), len(others)) >= 3, "there are columns and diagonals"
assert all(
    abs(looks_at[head][place] - place) == 1 for head in others for place in range(8)
), "in the other heads the bright cells lie next to the diagonal"
# sphinx_gallery_end_ignore
plt.show()

print(f"{'word':8}", *(f"{name:7}" for name in names))
for head in range(8):
    print(f"head {head}  ", *(f"{names[i]:7}" for i in after[head].argmax(dim=-1)))

# %%
# 💡 Tip: Look for patterns where attention weights are consistently high. A bright
# column means that every word looks at the same word. A bright diagonal means that
# every word looks the same number of places away. The first word has no previous one
# and the last no next one, so their rows say little.
#
# **3.6** Name the role of each head from the maps above, in any order, a few at a time.
# In the notebook, ``{0: "next", 1: "who"}`` names two heads.

from nnbasics.exercises import check_head_roles
from nnbasics.experiments import attention_mass

role_scores = attention_mass(trained.attend(test), test)  # (8 heads, 5 questions)

my_roles = None  # your answer here: {0: "...", 1: "...", and so on}
print(check_head_roles(my_roles, role_scores, QUESTIONS))
# sphinx_gallery_start_ignore
of_chased = asked.targets[0, 2].tolist()  # a place for each of the five questions
assert of_chased[0] == of_chased[3] == 1, 'at "chased" who and previous are both "dog"'
assert len({1, *of_chased[1:3], of_chased[4]}) == 4, (
    '"chased" counts for the other three'
)
# sphinx_gallery_end_ignore

# %%
# What the heads do
# -----------------
#
# This is the whole answer: the role score of every head for every question.

from nnbasics.experiments import ablation_matrix, roles_of_heads

roles = roles_of_heads(role_scores, QUESTIONS)
heads = [f"head {head}" for head in range(8)]
figure = plotting.plot_matrix(
    role_scores, rows=heads, columns=QUESTIONS, limits=(0, 1), colour_label="role score"
)
# sphinx_gallery_start_ignore
named = ", ".join(f"head {head} {role}" for head, role in enumerate(roles))
figure.set_label(
    "The role scores of eight heads for five questions. Named by their highest one "
    f"they are: {named}. Each question has a head with a score of at least "
    f"{role_scores.max(dim=0).values.min():.2f}."
)
assert role_scores.max(dim=0).values.min() > 0.8, "every question has a score above 0.8"
assert roles.count("none") == 1, "one head has no role"
shared = role_scores[roles.index("none")]  # (5 questions,)
assert shared[3:].min() > 0.25, "it shares its weight between both neighbours"
assert shared[3:].sum() > 0.6, "the two neighbours together get most of its weight"
assert sorted(map(roles.count, QUESTIONS)) == [1, 1, 1, 2, 2], "two questions have two"
# sphinx_gallery_end_ignore
plt.show()

print(*roles)

# %%
# Every question has a head with a role score above 0.8. Two questions have two heads,
# and one head has no role: it shares its weight between the neighbours on both sides.
#
# From at least nine of ten other starts, which the tests of this package try, the
# same five roles come out, but in other heads. So look for a head in such a table:
# its number says nothing.

# %%
# Going deeper: head numbers mean nothing
# ---------------------------------------
#
# Train the model once more, from another random start, and name the heads again.

start = torch.Generator().manual_seed(1)
other = RelationModel(8, num_questions=5, d_model=64, generator=start)
train_relations(other, training, start, steps=600, batch_size=32, weight_decay=0.1)
answers, other_weights = other(test)
other_scores = attention_mass(other_weights, test)
other_roles = roles_of_heads(other_scores, QUESTIONS)
print("start 0:", *(f"{role:9}" for role in roles))
print("start 1:", *(f"{role:9}" for role in other_roles))
print("best role scores:", *(f"{best:.2f}" for best in other_scores.max(dim=0).values))
print("right answers:   ", *(f"{share:.3f}" for share in accuracy(answers, test)))
# sphinx_gallery_start_ignore
assert accuracy(answers, test).min() > 0.99, (
    "it answers more than 99 % of every question rightly"
)
assert other_scores.max(dim=0).values.min() > 0.8, (
    "each question has a head with a score above 0.8 again"
)
assert set(other_roles) >= set(QUESTIONS), "the same five roles come out"
assert other_roles != roles, "the roles stand in another order"
# sphinx_gallery_end_ignore

# %%
# It answers more than 99 % of every question rightly, and each question has a head with
# a role score above 0.8 again. But the roles stand in another order.

# %%
# Going deeper: the same without salad
# ------------------------------------
#
# What was the salad for? Train the same model on the real sentences only, and compare
# the best role score of each question.

is_real = training.targets[:, 0, 0] >= 0  # (3000,), where the first word is asked *who*
real = training.batch(is_real)
start = torch.Generator().manual_seed(0)
no_salad = RelationModel(8, num_questions=5, d_model=64, generator=start)
train_relations(no_salad, real, start, steps=600, batch_size=32, weight_decay=0.1)

answers, other_weights = no_salad(test)
mass = attention_mass(other_weights, test)  # (8 heads, 5 questions)
print("right:     ", *(f"{share:.2f}" for share in accuracy(answers, test)))
print("with:      ", *(f"{score:.2f}" for score in role_scores.max(dim=0).values))
print("without:   ", *(f"{score:.2f}" for score in mass.max(dim=0).values))
print(f"previous and next together, in one head: {mass[:, 3:].sum(dim=1).max():.2f}")
# sphinx_gallery_start_ignore
best = mass.max(dim=0).values  # (5 questions,)
assert accuracy(answers, test).min() > 0.99, "without the salad it answers as well"
assert best[:3].min() > 0.8, "who, whom and where still have a head of their own"
assert best[3:].min() < 0.7, "the scores of previous and next are lower"
assert (best[3:] < role_scores[:, 3:].max(dim=0).values - 0.1).all(), (
    "the best scores for previous and next are lower than with the salad"
)
assert mass[:, 3:].sum(dim=1).max() > 0.8, (
    "one head gives most of its weight to the two together"
)
# sphinx_gallery_end_ignore

# %%
# It answers as well as before, but the best role scores for *previous* and *next* are
# lower, while one head gives most of its weight to the two together. In a sentence with
# grammar that is good enough, as the right answers show. So the data decides what a
# head becomes.

# %%
# Test the names: remove the heads
# --------------------------------
#
# High weights are a hint, not a proof: the rest of the model could ignore them. So take
# out of the trained model all heads with the role *who*, and count the right answers
# again. If the name is right, *who* gets worse, and nothing else does. This is an
# :term:`ablation`.
#
# To take a head out, its attention weights are set to 0. A head that handed on
# 0.9 · (1, 0) + 0.1 · (0, 1) = (0.9, 0.1) now hands on (0, 0).

groups = [
    [head for head in range(8) if roles[head] == question] for question in QUESTIONS
]
without = ablation_matrix(trained, test, [[], *groups])  # first none, then each group
cases = ["all heads", *(f"without {question}" for question in QUESTIONS)]
figure = plotting.plot_matrix(
    without, rows=cases, columns=QUESTIONS, limits=(0, 1), colour_label="share right"
)
# sphinx_gallery_start_ignore
left = without[1:].diagonal()  # of each question without its heads
figure.set_label(
    "Right answers after the heads of one question are removed. Only that "
    f"question suffers: it falls to between {left.min():.2f} and {left.max():.2f}. "
    "All other shares stay above 0.98."
)
lost = without[0] - without[1:]  # (5 groups, 5 questions)
assert lost.diagonal().min() > 0.5, "each group of heads carries its own question"
assert (without[1:] + torch.eye(5)).min() > 0.98, "all other shares stay above 0.98"
assert left[:3].max() < 1 / 3, "what is left of who, whom, where: no better than 1/3"
assert left[3:].max() < 1 / 2, "what is left of previous and next: no better than 1/2"
# sphinx_gallery_end_ignore
plt.show()

# %%
# The names hold. Each group of heads carries its own question and no other. Guessing
# would give a third (three nouns) or half (two neighbours); what is left is less. Why,
# was not looked into.
#
# What is in the matrices
# -----------------------
#
# How does a head do what it does? A query is made from the vector of a word plus the
# vector of its place. So it is a sum of two parts, one from the word and one from the
# place, and so is a key. A score is then a sum of four products, as
# :math:`(a + b)(c + d) = ac + ad + bc + bd`. Call them word × word, word × place (the
# query's word times the key's place), place × word and place × place.

from nnbasics import attention_weights

# test.mask, (500, 1, 11), is False behind the end; None adds a dimension for the heads
layer, mask = trained.attention, test.mask[:, None]  # mask: (500, 1, 1, 11)
# trained.words has a row for each word of the language: take that of each token
words = trained.words[test.tokens]  # (500 sentences, 11 places, 64)
places = trained.positions[:11].expand_as(words)  # the same in all sentences
q_word = split_heads(layer.q_proj(words), 8)  # (500, 8 heads, 11, 8)
k_word = split_heads(layer.k_proj(words), 8)
# a query or key has its bias once: it went with the word, here are the weights alone
q_place = split_heads(places @ layer.q_proj.weight.T, 8)
k_place = split_heads(places @ layer.k_proj.weight.T, 8)

whole = attention_weights(q_word + q_place, k_word + k_place, mask)
assert_close(whole, trained.attend(test))

# %%
# **Guess.** A head for *previous* looks one place back. Give it one of the four
# products alone. With which of them does it go on looking one place back?

# %%
# Take the head with the highest role score for *previous*, and measure the share of
# rows whose largest weight stays where it was.


def share_alike(query, key, head):
    """Give the share of rows that look at the same word as with the whole score."""
    looks = attention_weights(query, key, mask)[:, head].argmax(dim=-1)  # a place
    same = looks == whole[:, head].argmax(dim=-1)
    # test.mask[:, 0], (500, 11), picks the rows where it is True: words, not padding
    return same[test.mask[:, 0]].float().mean().item()


previous = role_scores[:, QUESTIONS.index("previous")].argmax()
print(f"word × word:   {share_alike(q_word, k_word, previous):.2f}")
print(f"word × place:  {share_alike(q_word, k_place, previous):.2f}")
print(f"place × word:  {share_alike(q_place, k_word, previous):.2f}")
print(f"place × place: {share_alike(q_place, k_place, previous):.2f}")
# sphinx_gallery_start_ignore
rest = [(q_word, k_word), (q_word, k_place), (q_place, k_word)]
assert share_alike(q_place, k_place, previous) > 0.85, (
    "place × place alone points nearly all rows where the whole head looks"
)
assert all(share_alike(*parts, previous) < 0.5 for parts in rest), (
    "each of the other products alone does so in fewer than half of the rows"
)
# sphinx_gallery_end_ignore

# %%
# Place × place alone is enough in nearly all rows. Here is this product for the first
# eight places: a row for the place of the query, a column for the place of the key.

table = q_place[0, previous, :8] @ k_place[0, previous, :8].T / 8**0.5  # (8, 8)
eight = [str(place) for place in range(8)]
figure = plotting.plot_matrix(
    table, rows=eight, columns=eight, ylabel="query", xlabel="key", colour_label="score"
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The scores that place times place gives, 8 by 8. In every row but the first the "
    "highest score stands one column left of the diagonal: at the place before."
)
assert table[1:].argmax(dim=-1).tolist() == [*range(7)], (
    "in each row but the first the highest score stands at the place before"
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# In each row but the first the highest score stands at the place before: what
# :math:`W_Q` makes of the vector of place 5 fits what :math:`W_K` makes of the vector
# of place 4, and so on, whatever words stand there.
#
# Training did that, as in the last lesson: where it helps to look at a word, a step
# against the slope raises its score, and the chain rule hands this on to :math:`W_Q`
# and :math:`W_K`. The heads start from different random numbers, so it depends on the
# start which head takes which role.

# %%
# **Guess.** A head for *who* has to find the first noun. Does it find it by the word of
# the key, by the place of the key, or does it need both?

# %%
# Take the head with the highest role score for *who*, and give its keys only one part.

who = role_scores[:, QUESTIONS.index("who")].argmax()
queries = q_word + q_place
print(f"the key's word alone:  {share_alike(queries, k_word, who):.2f}")
print(f"the key's place alone: {share_alike(queries, k_place, who):.2f}")
# sphinx_gallery_start_ignore
assert 0.2 < share_alike(queries, k_word, who) < 0.5, (
    "by the word alone it looks where the whole head looks in about a third"
)
assert 0.35 < share_alike(queries, k_place, who) < 0.65, (
    "by the place alone it looks where the whole head looks in about half"
)
# sphinx_gallery_end_ignore

# %%
# It needs both. By the word alone it looks where the whole head looks in about a
# third of the rows, as a guess among three nouns would. By the place alone it does in
# about half: no place says whether an adjective stands before the first noun.
#
# The picture shows, for our sentence, what the word and the place of each key add to
# its score. Which word asks hardly matters here: give each the mean of all queries, and
# nearly all rows look at the same word as before.

query = queries[:, who][test.mask[:, 0]].mean(dim=0)  # (8,), the mean over all words
one_for_all = share_alike(query.expand_as(queries), k_word + k_place, who)
print(f"with one query for all words: {one_for_all:.2f}")
our_words = layer.k_proj(trained.words[sentence.tokens])  # (1 sentence, 8 words, 64)
from_word = split_heads(our_words, 8)[0, who] @ query / 8**0.5  # (8 words,)
from_place = k_place[0, who, :8] @ query / 8**0.5  # (8 places,)
parts = torch.stack([from_word, from_place, from_word + from_place])  # (3, length)
figure = plotting.plot_matrix(
    parts, rows=["word", "place", "both"], columns=names, colour_label="score"
)
# sphinx_gallery_start_ignore
first, nouns, rest = 1, [1, 4, 7], [0, 2, 3, 5, 6]
figure.set_label(
    "The score of each word as a key of the who head, from its word, from its place, "
    "and from both. From the word the three nouns have the highest scores. From the "
    "place dog and chased have higher scores than all others. From both dog has by "
    "far the highest."
)
assert from_word[nouns].min() > from_word[rest].max(), "by its word a noun scores high"
assert from_place[first] > from_place[[4, 7]].max() + 2, (
    "by the place the first noun is far ahead of the other two"
)
assert from_place[1:3].min() > from_place[[0, *range(3, 8)]].max() + 0.5, (
    "by the place the second and the third word score highest"
)
both = (from_word + from_place).sort().values
assert (from_word + from_place).argmax() == first, "the sum is highest at the noun"
assert both[-1] > both[-2] + 1, "the sum is clearly highest at the first noun"
for one_part in (from_word, from_place):
    highest, next_highest = one_part.topk(2).values
    assert highest - next_highest < 1, "only the sum is clearly highest at the noun"
assert set(test.targets[:, 0, 0].tolist()) == {1, 2}, (
    "the first noun is the second word of a sentence or the third"
)
assert one_for_all > 0.9, (
    "with the mean of all queries nearly every row looks where it looked"
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# By its word every noun scores high, and nothing says which of them is first. By its
# place the second and the third word score highest, noun or not: there the first noun
# stands, behind an article, or behind an article and an adjective. Only the sum is
# clearly highest at the first noun. In the matrices: :math:`W_Q` makes of every word a
# query that finds the same keys. :math:`W_K` makes such keys of nouns, and of these two
# places: the key of the first noun has both. *Dog* and *cat* are both nouns, and the
# swap left the places as they were: so this head did not move.
#
# Two heads with one role
# -----------------------
#
# Some roles belong to two heads. Is each of the two needed?

# %%
# **Guess.** Two heads have the same role. You remove the one with the lower role score,
# and leave the other. How much does their question lose?

# %%
# Remove one head at a time. Its role score stands in parentheses.

alone = without[0] - ablation_matrix(trained, test, [[head] for head in range(8)])
for number, question in enumerate(QUESTIONS):
    if len(groups[number]) == 2:
        for head in groups[number]:
            score, less = role_scores[head, number], alone[head, number]
            print(f"without head {head} ({score:.2f}): {question} loses {less:.2f}")
        # row 0 is the whole model, row 1 that without the heads of the first question
        together = without[0, number] - without[1 + number, number]
        print(f"without both: {question} loses {together:.2f}")
        # sphinx_gallery_start_ignore
        weaker, stronger = sorted(groups[number], key=lambda h: role_scores[h, number])
        assert alone[weaker, number] < 0.05, (
            "the one with the lower score can be removed and almost nothing is lost"
        )
        assert alone[stronger, number] > 0.25, "without the stronger much is lost"
        assert alone[stronger, number] < lost[number, number] - 0.2, (
            "without the stronger one less is lost than without both"
        )
        # sphinx_gallery_end_ignore

# %%
# The one with the lower role score can be removed and almost nothing is lost. Without
# the other one much is lost, but less than without both: the difference is what the
# weaker one does alone. So a head that you can remove at no loss may still do
# something, which another head does too. This is why the test of the names removed
# whole groups.

# %%
# Going deeper: what larger models showed
# ---------------------------------------
#
# Our task was built so that roles would show. Models of real text are less tidy.
#
# - :ref:`Voita et al. (2019) <voita2019>` looked at the 48 heads of the
#   :term:`encoder` of a translation model, the part that reads the text. The heads that
#   mattered most had roles that can be named: positions, syntax, rare words. After 38
#   were removed, the quality of translations from English to Russian fell by 0.15
#   points of :term:`BLEU`, which go up to 100.
# - :ref:`Michel et al. (2019) <michel2019>` removed heads from trained models. A large
#   share could be removed with little effect, and in some layers one head was enough.
#
# Some heads can be named, many are spare, and a name needs a test like the one above.

# %%
# Exercises
# ---------
#
# 🎯 Answer 3.1, 3.2 and 3.5 on the page of this lesson, and all in its notebook (the
# link is under the title): replace ``None``, or the dots in a function, by
# your answer, and run the cell. The checker tells you whether it is right, and where to
# look if it is not. Exercise 3.6 is the one above, with the maps.
#
# 💡 Tip: work out the answer first, and check to see whether you were right.
# The answers are on the page :doc:`/basics/solutions`.
#
# **3.1** A layer has the :math:`d_{model}` 512 and 8 heads. It reads one sentence of 10
# words. How many attention weights does it compute?

from nnbasics.exercises import check_weight_count

answer = None  # your answer here
print(check_weight_count(answer))

# %%
# **3.2** A layer with biases has 4 heads and 9,408 parameters. How large is
# :math:`d_{head}`? Take a pencil.

from nnbasics.exercises import check_head_size

answer = None  # your answer here
print(check_head_size(answer))

# %%
# **3.3** Write ``split_heads``. It takes a tensor of shape (batch, length, d_model)
# and returns one of shape (batch, num_heads, length, d_head). To try it, run the
# notebook's cells from the first to this one.

from nnbasics.exercises import check_split_heads


def my_split_heads(x, num_heads):
    """Cut x into heads."""
    ...  # your code here


print(check_split_heads(my_split_heads))

# %%
# **3.4** Write multi-head attention with a loop over the heads. The queries have the
# shape (q_len, d_model), the keys and values (k_len, d_model); they are projected
# already. Return the concatenated outputs, before the output projection. Run it in the
# notebook, as 3.3.

from nnbasics.exercises import check_multi_head_attention


def my_multi_head_attention(query, key, value, num_heads):
    """Attend head by head, and concatenate."""
    ...  # your code here


print(check_multi_head_attention(my_multi_head_attention))

# %%
# **3.5** In a layer without positions, two words that change places take their output
# vectors with them. Now each place has a random vector of its own, which is added to
# the vector of the word that stands there. Two words change places; the vectors of the
# places stay. What do the output vectors do? ``"swap"``: the same vectors, two of them
# in each other's place. ``"stay"``: the same vectors in the same places. ``"change"``:
# new vectors.

from nnbasics.exercises import check_swapped_words

answer = None  # your answer here
print(check_swapped_words(answer))

# %%
# What to take away
# -----------------
#
# - ✅ One row of weights is one mixture. Several rows serve several answers
#   better: these are the heads.
# - ✅ Project, split, attend, concatenate, project. Splitting is a view and a
#   transpose; a view alone mixes up the words and raises no error.
# - ✅ Every head sees the whole input. More heads need no more parameters.
# - ✅ Training gives heads their roles. Measure a role, then remove all heads that have
#   it, and see what is lost.
# - ✅ A role stands in the matrices: in what they make of words and places.
#
# Next steps
# ----------
#
# This was the last lesson of the module. Learning by gradients, attention that finds
# words wherever they stand, heads that find several at once: that is the centre of a
# Transformer.
#
# One thing was taken for granted: a vector for each place had to be learned. What would
# the model do at a place that no sentence had? Module 1.2, inside a transformer block,
# begins there: :doc:`/transformer/positions`.
