"""Lesson 2, the question whose answer is a causal mask."""

from __future__ import annotations

import torch

from nnbasics.attention import causal_mask
from nnbasics.exercises._functions import FunctionQuestion, Mistake
from nnbasics.exercises.feedback import Feedback

__all__ = ["check_causal_mask"]

_CAUSAL_MASK = FunctionQuestion(
    exercise="2.4",
    arguments=("length",),
    cases=lambda: [(5,), (7,), (2,), (1,)],
    solution=causal_mask,
    why="Row i is True from column 0 to column i: itself and what came before.",
    look="Row i is a query, column j a key. Which j are not later than i?",
    mistakes=[
        Mistake(
            lambda length: ~causal_mask(length),
            "The mask is inverted: True means may attend here.",
        ),
        Mistake(
            lambda length: causal_mask(length).T,
            "The mask is transposed: each position sees itself and what comes later. "
            "Rows are queries.",
        ),
        Mistake(
            lambda length: causal_mask(length).tril(-1),
            "The diagonal is missing: a position may attend to itself, or the first "
            "would have nothing to attend to.",
        ),
        Mistake(
            lambda length: torch.eye(length, dtype=torch.bool),
            "Each position sees itself alone. It may see what came before, too.",
        ),
        Mistake(
            lambda length: torch.ones(length, length, dtype=torch.bool),
            "Every position sees every other. What comes later must be False.",
        ),
        Mistake(
            lambda length: torch.full((length, length), -torch.inf).triu(1),
            "Those are numbers to be added to the scores. A mask holds True and False.",
        ),
    ],
    boolean=True,
)


def check_causal_mask(function: object) -> Feedback:
    """Exercise 2.4: write the causal mask.

    Parameters
    ----------
    function : callable or None
        Takes a length, an int, and returns a mask of shape (length, length) that is
        ``True`` where a query may attend to a key: a tensor, an array or nested lists.

    Returns
    -------
    Feedback
        The status, and a message that names the mistake where it is recognised.

    Examples
    --------
    >>> feedback = check_causal_mask(lambda length: torch.ones(length, length).triu())
    >>> print(feedback)
    Exercise 2.4: not yet. The mask is transposed: each position sees itself and
    what comes later. Rows are queries. At position [0, 1], counted from 0, the
    result should be False and is 1.
    """
    return _CAUSAL_MASK.judge(function)
