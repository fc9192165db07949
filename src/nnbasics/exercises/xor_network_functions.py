"""Exercise 1.6, answered with a function: the slope of a loss by the chain rule."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises.function_questions import FunctionQuestion
from nnbasics.exercises.questions import Feedback

# w, x, b and t, a row for each call
_CASES = torch.tensor(
    [[0.5, 1.7, -0.3, 1.0], [-1.5, 0.7, 0.2, 0.0], [0.8, -1.2, 0.4, 1.0]],
    dtype=torch.float64,
)


def _prediction(w: Tensor, x: Tensor, b: Tensor) -> Tensor:
    return torch.sigmoid(w * x + b)


def _sigmoid_slope(p: Tensor) -> Tensor:
    return p * (1 - p)


def _other_links(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Return the slope without the link of the sigmoid."""
    return 2 * (_prediction(w, x, b) - t) * x


def _slope(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    return _other_links(w, x, b, t) * _sigmoid_slope(_prediction(w, x, b))


_WEIGHT_SLOPE = FunctionQuestion(
    exercise="1.6",
    cases=[tuple(row) for row in _CASES],
    solution=_slope,
    why="The slopes of the three links, multiplied, agree with the exact ones.",
    look=(
        "Three links: from the loss to p, from p to the sum z = w * x + b, from z to "
        "w. Write down the slope of each, then multiply."
    ),
    mistakes={
        "The factor 2 is missing: what is the slope of a square?": [
            lambda *case: _slope(*case) / 2
        ],
        "The slope of the sigmoid is missing, the link from p to the sum.": [
            _other_links
        ],
        "That is the slope with respect to b or x. How fast does z change with w?": [
            lambda w, x, b, t: _slope(w, x, b, t) / x,
            lambda w, x, b, t: _slope(w, x, b, t) / x * w,
        ],
        "The sign is reversed: the error is the prediction minus the target.": [
            lambda *case: -_slope(*case)
        ],
        "That is the slope of the prediction p. The loss squares p minus target.": [
            lambda w, x, b, _: _sigmoid_slope(_prediction(w, x, b)) * x
        ],
        "The slope of the sigmoid is p times 1 - p: the value of the sigmoid, and not "
        "that of z, times one minus it.": [
            lambda w, x, b, t: _other_links(w, x, b, t) * _prediction(w, x, b),
            lambda w, x, b, t: _other_links(w, x, b, t) * _sigmoid_slope(w * x + b),
        ],
    },
)


def check_weight_slope(function: object) -> Feedback:
    """Exercise 1.6: write the slope of the loss with respect to a weight.

    The unit has one input: its prediction is ``p = sigmoid(w * x + b)``, and the loss
    for one point is ``(p - t) ** 2``.

    Parameters
    ----------
    function : callable or None
        Takes `w`, `x`, `b` and `t`, tensors that hold one number (float64), and
        returns the slope as a float or a tensor. The chain rule, autograd and finite
        differences are all accepted.

    Examples
    --------
    >>> def slope_of_weight(w, x, b, t):
    ...     p = torch.sigmoid(w * x + b)
    ...     return 2 * (p - t) * x
    >>> feedback = check_weight_slope(slope_of_weight)
    >>> print(feedback)
    Exercise 1.6: not yet. The slope of the sigmoid is missing, the link from p
    to the sum. The result should be -0.2886 and is -1.244.
    """
    return _WEIGHT_SLOPE.judge(function)
