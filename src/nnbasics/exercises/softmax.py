"""Lesson 2, the question whose answer is a softmax."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises._functions import Case, FunctionQuestion, Mistake
from nnbasics.exercises._random import random_tensors
from nnbasics.exercises.feedback import Feedback

__all__ = ["check_softmax"]


def _softmax_cases() -> list[Case]:
    scores, wider = random_tensors(2, (3, 5), (7, 2))
    # Rows near 1000, 0 and -1000: e^1000 is too large for a float, e^-1000 too small.
    far_apart = scores + torch.tensor([[1000.0], [0.0], [-1000.0]])
    return [(scores,), (wider,), (far_apart,)]


_SOFTMAX = FunctionQuestion(
    exercise="2.3",
    arguments=("scores",),
    cases=_softmax_cases,
    solution=lambda scores: scores.softmax(dim=-1),
    why="Every row is positive and sums to 1, with scores near 1000 and -1000 too.",
    look="In each row: e to the power of each score, divided by the sum of the row.",
    mistakes=[
        Mistake(
            lambda scores: scores.softmax(dim=0),
            "The columns sum to 1. It is the rows that have to: look at the dimension "
            "of the sum.",
        ),
        Mistake(
            lambda scores: scores.flatten().softmax(dim=0).reshape(scores.shape),
            "All the numbers together sum to 1. Each row has to: look at the dimension "
            "of the sum.",
        ),
        Mistake(
            lambda scores: scores / scores.sum(dim=-1, keepdim=True),
            "The exponential is missing: the scores themselves were divided.",
        ),
        Mistake(torch.exp, "The division by the sum of the row is missing."),
        Mistake(
            lambda scores: scores.log_softmax(dim=-1),
            "That is the logarithm of the softmax: the last step is one too many.",
        ),
        Mistake(
            torch.sigmoid,
            "That is the sigmoid of each score. In a softmax the scores of a row share "
            "a sum of 1.",
        ),
        Mistake(
            lambda scores: _naive_softmax(scores),
            "Right for small scores. e^1000 is too large for a float, and inf / inf is "
            "nan. Exercise 2.2 says what you may add to all scores of a row: which "
            "number makes the largest score 0?",
        ),
        Mistake(
            lambda scores: _naive_softmax(scores - scores.max()),
            "Right while the rows are alike. You have subtracted the largest score of "
            "the whole table: a row far below it becomes 0 / 0. Each row has a largest "
            "score of its own.",
        ),
    ],
    error_hints={
        "must match the size": (
            "Look at the sum of a row: with keepdim=True it keeps its dimension, so "
            "that each row is divided by its own sum."
        )
    },
)


def _naive_softmax(scores: Tensor) -> Tensor:
    return scores.exp() / scores.exp().sum(dim=-1, keepdim=True)


def check_softmax(function: object) -> Feedback:
    """Exercise 2.3: write the softmax along the last dimension.

    Parameters
    ----------
    function : callable or None
        Takes scores, a tensor of shape (q_len, k_len), and returns weights of the same
        shape: a tensor, an array or nested lists. It is called with scores near 1000
        and -1000 too.

    Returns
    -------
    Feedback
        The status, and a message that names the mistake where it is recognised.

    Examples
    --------
    >>> feedback = check_softmax(lambda scores: scores.softmax(dim=0))
    >>> print(feedback)
    Exercise 2.3: not yet. The columns sum to 1. It is the rows that have to:
    look at the dimension of the sum. At position [0, 0], counted from 0, the
    result should be 0.2408 and is 0.2575.
    """
    return _SOFTMAX.judge(function)
