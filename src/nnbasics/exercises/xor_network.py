"""Exercises 1.1 to 1.5, answered with a number, or with the numbers of units."""

from __future__ import annotations

from nnbasics.exercises.questions import Feedback, NumberQuestion
from nnbasics.exercises.units import NetworkQuestion, UnitQuestion

_HIDDEN_UNITS = NumberQuestion(
    exercise="1.1",
    labels=["Hidden units"],
    right=8,
    why=(
        "Each hidden unit brings 3 weights, 1 bias and 1 weight to the output: 5 "
        "numbers. With the bias of the output that makes 8 · 5 + 1 = 41."
    ),
    look=(
        "How many parameters does one hidden unit bring? Count the lines that come in, "
        "its bias, and the line that leaves it. What is left for the output?"
    ),
    mistakes={
        "Something is missing: a hidden unit has a weight for each of the three inputs,"
        " a bias, and a weight to the output.": [10],
        "Those are weights alone. Each unit has a bias too.": [10.25],
        "The output has a bias too, which belongs to no hidden unit.": [8.2],
        "An input is a number that comes in: it has no bias.": [7.4],
        "Those are its weights. The question is how many hidden units there are.": [32],
        "Those are its biases, and one of them is that of the output.": [9],
    },
)

_ONE_HIDDEN_UNIT = NumberQuestion(
    exercise="1.2",
    labels=["Seeds that solve XOR, of 100"],
    right=0,
    why=(
        "The output sees one number, which is the same along a whole line of the plane,"
        " and only rises or falls with it: the boundary stays one straight line."
    ),
    look=(
        "Run predictions_over_seeds([10.0], range(100), hidden_size=1), and add up "
        "what is_solved says. Then ask what boundary one unit can draw."
    ),
    mistakes={
        "That is the result with four hidden units. Set hidden_size to 1.": [100],
    },
)

_LOSS_BY_HAND = NumberQuestion(
    exercise="1.3",
    labels=["Mean squared error"],
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
        "That is the sum of the squared errors. The loss is their mean.": [0.3],
        "That is the mean of the errors without squaring them.": [0.25],
        "That is the sum of the errors. Square each of them, then take the mean.": [1],
        "The mean divides the sum by the number of points.": [0.0375, 0.15],
        "That is the square root of the loss. Leave the root out.": [0.27386],
        "That is the mean of the squared predictions. Where are the targets?": [0.325],
    },
    tolerance=1e-4,
)


def check_hidden_units(answer: object) -> Feedback:
    """Exercise 1.1: find the hidden units of a network with 41 parameters.

    Parameters
    ----------
    answer : int or None
        The number of hidden units, between three inputs and one output; any type that
        holds one number will do.

    Examples
    --------
    >>> print(check_hidden_units(8.2))
    Exercise 1.1: not yet. The output has a bias too, which belongs to no hidden
    unit.
    """
    return _HIDDEN_UNITS.judge(answer)


def check_one_hidden_unit(answer: object) -> Feedback:
    """Exercise 1.2: say how many of 100 seeds solve XOR with one hidden unit.

    Parameters
    ----------
    answer : int or None
        What ``predictions_over_seeds([10.0], range(100), hidden_size=1)`` gives; any
        type that holds one number will do.

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

    Examples
    --------
    >>> check_loss_by_hand(0.3).message
    'That is the sum of the squared errors. The loss is their mean.'
    """
    return _LOSS_BY_HAND.judge(answer)


_AND_UNIT = UnitQuestion(
    exercise="1.4",
    why="The unit gives {points}.",
    order="The order is w1, w2, b: the bias comes last.",
    look=(
        "This unit computes {name}. It gives {points}. How large must the sum be "
        "before it gets above 0, and which of the three numbers says so?"
    ),
)

_XOR_BY_HAND = NetworkQuestion(
    exercise="1.5",
    groups=["First hidden unit", "Second hidden unit", "Output unit"],
    why="The network gives {points}.",
    jobs="The first hidden unit computes {first}, the second {second}.",
    look="That can work. Look at the output unit: it gives {points}.",
    alike=(
        "To the output unit, two points with different targets look alike, or no line "
        "parts them: give the hidden units different jobs."
    ),
)


def check_and_unit(unit: object) -> Feedback:
    """Exercise 1.4: choose the numbers of one sigmoid unit that computes AND.

    Parameters
    ----------
    unit : (w1, w2, b) or None
        The two weights and the bias: a tuple, a list, a tensor or an array. The unit
        must give more than 0.9 for (1, 1) and less than 0.1 for the other points.

    Examples
    --------
    >>> print(check_and_unit((20, 20, -10)))
    Exercise 1.4: not yet. This unit computes OR. It gives 0.00 for (0, 0), 1.00
    for (0, 1), 1.00 for (1, 0) and 1.00 for (1, 1). How large must the sum be
    before it gets above 0, and which of the three numbers says so?
    """
    return _AND_UNIT.judge(unit)


def check_xor_by_hand(first: object, second: object, output: object) -> Feedback:
    """Exercise 1.5: choose the nine numbers of a 2-2-1 network that computes XOR.

    Parameters
    ----------
    first, second : (w1, w2, b) or None
        The weights and the bias of the hidden units.
    output : (w1, w2, b) or None
        The weights and the bias of the output unit, whose inputs are the activations
        of the hidden units. All four outputs must be within 0.1 of their targets.

    Examples
    --------
    >>> feedback = check_xor_by_hand((20, 20, -10), (20, 20, -10), (20, 20, -10))
    >>> print(feedback)
    Exercise 1.5: not yet. The first hidden unit computes OR, the second OR. To
    the output unit, two points with different targets look alike, or no line
    parts them: give the hidden units different jobs.
    """
    units = {"first": first, "second": second, "output": output}
    return _XOR_BY_HAND.judge(units)
