"""Exercises 2.1 and 2.2, answered with a number and with words: scores, weights."""

from __future__ import annotations

import math

from nnbasics.exercises.questions import (
    ChoiceQuestion,
    Feedback,
    NumberQuestion,
    PartsQuestion,
)

_SHARE = NumberQuestion(
    exercise="2.1",
    labels=["Share of the first key"],
    right=math.exp(2) / (math.exp(2) + 1),
    tolerance=0.0015,
    why=(
        "Divided by the square root of 64, the scores are 2 and 0. Their powers of e "
        "are 7.39 and 1, so the share is 7.39 / 8.39."
    ),
    look="Divide both by the square root of d_k, then take powers of e, then shares.",
    mistakes={
        "Nearly everything would be right without the division: by which number are "
        "the products divided before the softmax? And e^0 is not 0.": [1],
        "The products were divided by d_k. The formula has a square root there.": [
            0.56,
            math.exp(0.25) / (math.exp(0.25) + 1),
        ],
        "That is the share of the second key.": [1 / (math.exp(2) + 1)],
        "That is the score after the division. Now the softmax.": [2],
        "That is the power of e. Divide it by the sum of both powers.": [math.exp(2)],
        "Write the share as a number from 0 to 1.": [88, 88.08],
    },
)

_CHANGES = ["grows", "shrinks", "stays"]

_TIMES_TEN = ChoiceQuestion(
    exercise="2.2",
    choices=_CHANGES,
    right="grows",
    why="The gaps between the scores grow too, and softmax turns gaps into ratios.",
    mistakes={
        "Softmax turns the gap between two scores into a ratio of weights. What does "
        "the factor do to a gap of 1?": ["stays"],
        "Try it with the scores 0 and 1, then with 0 and 10: compare e^1 and e^10 with "
        "e^0.": ["shrinks"],
    },
)

_ONE_MORE_KEY = ChoiceQuestion(
    exercise="2.2",
    choices=_CHANGES,
    right="shrinks",
    why="Its e^0 = 1 joins the sum, so all the others get a smaller share of it.",
    mistakes={
        "The score 0 is not the weight 0: e^0 is 1. What does the new key do to the "
        "sum that all powers are divided by?": ["stays"],
        "The power of the largest score stays what it was. What does the new key do to "
        "the sum that it is divided by?": ["grows"],
    },
)

_LARGEST_WEIGHT = PartsQuestion(
    exercise="2.2",
    choices=_CHANGES,
    labels=["Times ten", "One more key"],
    parts=[_TIMES_TEN, _ONE_MORE_KEY],
)


def check_share(answer: object) -> Feedback:
    """Exercise 2.1: say how much attention the first of two keys gets.

    Parameters
    ----------
    answer : float or None
        The share, to two decimals; any type that holds one number will do.

    Examples
    --------
    >>> print(check_share(2))
    Exercise 2.1: not yet. That is the score after the division. Now the
    softmax.
    """
    return _SHARE.judge(answer)


def check_largest_weight(times_ten: object, one_more_key: object) -> Feedback:
    """Exercise 2.2: change the scores 1, 2 and 3, and say what the largest weight does.

    Parameters
    ----------
    times_ten : {"grows", "shrinks", "stays"} or None
        What the largest weight does when all scores are multiplied by 10.
    one_more_key : {"grows", "shrinks", "stays"} or None
        What it does when one more key joins, with the score 0.

    Examples
    --------
    >>> print(check_largest_weight("grows", None))
    Exercise 2.2: not yet. Times ten: right. The gaps between the scores grow
    too, and softmax turns gaps into ratios. One more key: not answered yet.
    Choose one of "grows", "shrinks", "stays".
    """
    return _LARGEST_WEIGHT.judge((times_ten, one_more_key))
