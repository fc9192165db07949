"""Lesson 1, the questions whose answer is a number."""

from __future__ import annotations

from nnbasics.exercises._answers import NumberQuestion
from nnbasics.exercises.feedback import Feedback

__all__ = ["check_loss_by_hand", "check_one_hidden_unit", "check_parameter_count"]

_PARAMETER_COUNT = NumberQuestion(
    exercise="1.1",
    right=33,
    why=(
        "8 × 2 weights and 8 biases in the hidden layer, 8 weights and 1 bias in the "
        "output layer."
    ),
    look="Count the weights between each pair of layers, then one bias for each unit.",
    mistakes={
        24: "Those are the weights. Each unit has a bias too.",
        32: "The output unit has a bias too.",
        25: "The hidden units have a bias each.",
        26: "An input is a number that comes in: it has no bias.",
        35: "An input is a number that comes in: it has no bias.",
        17: "That is the 2-4-1 network of the lesson. This one has 8 hidden units.",
        16: "Those are the weights of the hidden layer alone.",
        11: "Those are the circles of the drawing. Count what stands on the lines.",
    },
)

_ONE_HIDDEN_UNIT = NumberQuestion(
    exercise="1.2",
    right=0,
    why=(
        "One hidden unit turns the two inputs into one number with a weighted sum, and "
        "the output only stretches that number: the boundary stays one straight line."
    ),
    look=(
        "Run predictions_over_seeds([10.0], range(100), hidden_size=1), and add up "
        "what is_solved says. Then ask what boundary one unit can draw."
    ),
    mistakes={100: "That is the result with four hidden units. Set hidden_size to 1."},
)

_LOSS_BY_HAND = NumberQuestion(
    exercise="1.3",
    right=0.075,
    why=(
        "The squared errors 0.01, 0.04, 0.09 and 0.16 add up to 0.3; a quarter of that "
        "is 0.075."
    ),
    look=(
        "For each point: prediction minus target, squared. Then take the mean of the "
        "four numbers."
    ),
    mistakes={
        0.3: "That is the sum of the squared errors. The loss is their mean.",
        0.25: "That is the mean of the errors without squaring them.",
        1.0: "That is the sum of the errors. Square each of them, then take the mean.",
        0.0375: "That is half of it. The mean divides by the number of points.",
        0.15: "That divides the sum by 2. The mean divides by the number of points.",
        0.27386: "That is the square root of the loss. Leave the root out.",
        0.325: "That is the mean of the squared predictions. Where are the targets?",
    },
    tolerance=1e-4,
)


def check_parameter_count(answer: object) -> Feedback:
    """Exercise 1.1: count the parameters of a 2-8-1 network.

    Parameters
    ----------
    answer : int or None
        The number of weights and biases; any type that holds one number will do.

    Returns
    -------
    Feedback
        The status, and a message that helps.

    Examples
    --------
    >>> print(check_parameter_count(24))
    Exercise 1.1: not yet. Those are the weights. Each unit has a bias too.
    """
    return _PARAMETER_COUNT.judge(answer)


def check_one_hidden_unit(answer: object) -> Feedback:
    """Exercise 1.2: say how many of 100 seeds solve XOR with one hidden unit.

    Parameters
    ----------
    answer : int or None
        What ``predictions_over_seeds([10.0], range(100), hidden_size=1)`` gives; any
        type that holds one number will do.

    Returns
    -------
    Feedback
        The status, and a message that helps.

    Examples
    --------
    >>> check_one_hidden_unit(100).message
    'That is the result with four hidden units. Set hidden_size to 1.'
    """
    return _ONE_HIDDEN_UNIT.judge(answer)


def check_loss_by_hand(answer: object) -> Feedback:
    """Exercise 1.3: work out a mean squared error by hand.

    Parameters
    ----------
    answer : float or None
        The loss of the predictions 0.1, 0.8, 0.7 and 0.4 against the targets 0, 1, 1
        and 0, to within 0.0001; any type that holds one number will do.

    Returns
    -------
    Feedback
        The status, and a message that helps.

    Examples
    --------
    >>> check_loss_by_hand(0.3).message
    'That is the sum of the squared errors. The loss is their mean.'
    """
    return _LOSS_BY_HAND.judge(answer)
