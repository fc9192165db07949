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
# slower of its two pairs made one whole turn?*
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
# the same score without it. One stands 1 place back, the other 4. How many times the
# weight of the second does the first get?*
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
