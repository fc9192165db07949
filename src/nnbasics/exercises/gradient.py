"""Lesson 1, the question whose answer is a slope by the chain rule."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises._functions import Case, FunctionQuestion, Mistake
from nnbasics.exercises.feedback import Feedback

__all__ = ["check_weight_slope"]


def _number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)


def _cases() -> list[Case]:
    return [
        (_number(0.5), _number(1.7), _number(-0.3), _number(1.0)),
        (_number(-1.5), _number(0.7), _number(0.2), _number(0.0)),
        (_number(0.8), _number(-1.2), _number(0.4), _number(1.0)),
        (_number(2.3), _number(0.3), _number(1.1), _number(0.0)),
    ]


def _prediction(w: Tensor, x: Tensor, b: Tensor) -> Tensor:
    return torch.sigmoid(w * x + b)


def _slope(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    p = _prediction(w, x, b)
    return 2 * (p - t) * p * (1 - p) * x


def _without_sigmoid(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    return 2 * (_prediction(w, x, b) - t) * x


def _without_error(w: Tensor, x: Tensor, b: Tensor, _: Tensor) -> Tensor:
    p = _prediction(w, x, b)
    return p * (1 - p) * x


def _sigmoid_of_prediction(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    p = _prediction(w, x, b)
    return 2 * (p - t) * torch.sigmoid(p) * (1 - torch.sigmoid(p)) * x


def _sum_for_prediction(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    z = w * x + b
    return 2 * (_prediction(w, x, b) - t) * z * (1 - z) * x


def _half_of_sigmoid(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    p = _prediction(w, x, b)
    return 2 * (p - t) * p * x


_QUESTION = FunctionQuestion(
    exercise="1.6",
    arguments=("w", "x", "b", "t"),
    cases=_cases,
    solution=_slope,
    why="The slopes of the three links, multiplied, agree with the exact ones.",
    look=(
        "Three links: from the loss to p, from p to the sum z = w * x + b, from z to "
        "w. Write down the slope of each, then multiply."
    ),
    mistakes=[
        Mistake(
            lambda *case: _slope(*case) / 2,
            "The factor 2 is missing: what is the slope of a square?",
        ),
        Mistake(
            _without_sigmoid,
            "The slope of the sigmoid is missing, the link from p to the sum.",
        ),
        Mistake(
            lambda w, x, b, t: _slope(w, x, b, t) / x,
            "That is the slope with respect to b. How fast does the sum change with w?",
        ),
        Mistake(
            lambda w, x, b, t: _slope(w, x, b, t) / x * w,
            "That is the slope with respect to x. How fast does the sum change with w?",
        ),
        Mistake(
            lambda *case: -_slope(*case),
            "The sign is reversed: the error is the prediction minus the target.",
        ),
        Mistake(
            _without_error,
            "That is the slope of the prediction p. The loss squares p minus target.",
        ),
        Mistake(
            _sigmoid_of_prediction,
            "The sigmoid was taken twice: p is the value of the sigmoid already.",
        ),
        Mistake(
            _sum_for_prediction,
            "The slope of the sigmoid is its own value times one minus its value, and "
            "its value is p, not the sum z.",
        ),
        Mistake(
            _half_of_sigmoid,
            "The slope of the sigmoid has two factors. One of them is missing.",
        ),
        Mistake(
            lambda w, x, b, t: (_prediction(w, x, b) - t).square(),
            "That is the loss itself. The question is how fast it changes with w.",
        ),
    ],
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

    Returns
    -------
    Feedback
        The status, and a message that names the mistake where it is recognised.

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
    return _QUESTION.judge(function)
