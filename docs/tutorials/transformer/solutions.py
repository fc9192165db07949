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
# *The vectors of places have two pairs, whose hands turn by 1 and by 0.1 a place. What
# is the dot product of the vectors of places 3 and 8?*
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

print(f"{math.cos(5 * 1) + math.cos(5 * 0.1):.3f}")
