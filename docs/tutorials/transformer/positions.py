"""
Positions
=========

The last lesson ended with a gap. Attention looks at words, and nothing in its steps
looks at where a word stands. The models of module 1 got a vector for each place, and
learned it. What would they do at a place that they never saw?

At the end you can

- say what attention does with a sentence whose words are shuffled, and why;
- give each place a vector, by hand, whose products say how far apart two places are.

*Query*, *key*, *score* and *softmax* come from :doc:`/basics/attention`.
``assert_close`` stops with an error unless its two arguments are the same, up to
rounding.
"""

# %%
# The same words in another order
# -------------------------------
#
# "The dog bites the man" and "the man bites the dog" have the same words, and do not
# mean the same. Give both to a layer of attention. Its matrices are random, and each
# word has a vector of random numbers, the same in both sentences.

# sphinx_gallery_start_ignore
from nnbasics.lesson import run_in_terminal

run_in_terminal()  # run as a program, it prints what the page shows
# sphinx_gallery_end_ignore

# sphinx_gallery_order = 1
# sphinx_gallery_thumbnail_number = 1

import torch
from matplotlib import pyplot as plt
from torch.testing import assert_close

from nnbasics import MultiHeadAttention, plotting

torch.manual_seed(0)
vectors = {word: torch.randn(16) for word in ["the", "dog", "bites", "man"]}
attention = MultiHeadAttention(d_model=16, num_heads=2).requires_grad_(False)


def output_at_bites(sentence):
    """Give what the layer puts out at the word "bites"."""
    words = sentence.split()
    x = torch.stack([vectors[word] for word in words])  # (length, d_model)
    output, _ = attention(x[None])  # (1, length, d_model)
    return output[0, words.index("bites")]  # (d_model,)


one, other = map(output_at_bites, ["the dog bites the man", "the man bites the dog"])
assert_close(one, other)
figure = plotting.plot_matrix(
    torch.stack([one[:8], other[:8]]),
    rows=["dog bites man", "man bites dog"],
    columns=[str(number) for number in range(8)],
    xlabel="number of the output at bites",
)
# sphinx_gallery_start_ignore
figure.set_label(
    "The first eight numbers of the output at the word bites, in two sentences. In "
    "both rows the numbers are the same."
)
# sphinx_gallery_end_ignore
plt.show()

# %%
# The outputs are the same, up to rounding. So no layer behind this one can tell who
# bites whom.
