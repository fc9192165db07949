"""Exercise 5.6, answered with a function: the feed-forward network."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises.function_questions import PRODUCT_HINTS, FunctionQuestion, draw
from nnbasics.exercises.questions import Feedback


def _feed_forward(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    return torch.relu(x @ w1 + b1) @ w2 + b2  # (length, d_model)


def _no_relu(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    return (x @ w1 + b1) @ w2 + b2


_FEED_FORWARD = FunctionQuestion(
    exercise="5.6",
    # first a square x, so that the wrong axis raises no error
    cases=[
        draw((5, 5), (5, 7), (7,), (7, 5), (5,)),
        draw((5, 3), (3, 11), (11,), (11, 3), (3,)),
    ],
    solution=_feed_forward,
    why="Every word has its hidden units, and the ReLU stands between the two layers.",
    look=(
        "Multiply with w1, add b1, make 0 of what is negative. Then multiply with w2 "
        "and add b2."
    ),
    mistakes={
        "The ReLU is missing: what is negative behind the first layer becomes 0.": [
            _no_relu
        ],
        "The ReLU stands at the end. It belongs between the two layers, and nothing "
        "behind the second.": [
            lambda *case: _no_relu(*case).relu(),
            lambda *case: _feed_forward(*case).relu(),
        ],
        "The ReLU came before the bias b1 was added.": [
            lambda x, w1, b1, w2, b2: ((x @ w1).relu() + b1) @ w2 + b2
        ],
        "The network worked over the wrong axis, down the columns of x. A row is one "
        "word, and each row goes through by itself.": [
            lambda x, *layers: _feed_forward(x.T, *layers).T,
            lambda x, *layers: _feed_forward(x.T, *layers),
        ],
        "The bias b1 is missing.": [
            lambda x, w1, b1, w2, b2: _feed_forward(x, w1, 0 * b1, w2, b2)
        ],
        "The bias b2 is missing.": [
            lambda x, w1, b1, w2, b2: _feed_forward(x, w1, b1, w2, 0 * b2)
        ],
        "Those are the hidden units. The second layer makes the output of them.": [
            lambda x, w1, b1, *_: (x @ w1 + b1).relu()
        ],
    },
    error_hints={
        **PRODUCT_HINTS,
        "max takes one number, or looks for the largest of a tensor. torch.relu and "
        "clamp(min=0) work number by number.": ("ambiguous|max\\(\\)|maximum\\(\\)"),
    },
)


def check_feed_forward(function: object) -> Feedback:
    """Exercise 5.6: write the feed-forward network.

    Parameters
    ----------
    function : callable or None
        Takes `x`, of shape (length, d_model), `w1` (d_model, d_hidden), `b1`
        (d_hidden,), `w2` (d_hidden, d_model) and `b2` (d_model,). Returns the output,
        of the shape of `x`: a tensor, an array or nested lists.

    Examples
    --------
    >>> feedback = check_feed_forward(lambda x, w1, b1, w2, b2: (x @ w1 + b1) @ w2 + b2)
    >>> print(feedback.message[:71])
    The ReLU is missing: what is negative behind the first layer becomes 0.
    """
    return _FEED_FORWARD.judge(function)
