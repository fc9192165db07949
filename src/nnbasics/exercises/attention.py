"""Exercises 2.1 and 2.2, answered with a number and with words: scores, weights."""

from __future__ import annotations

from nnbasics.exercises.questions import ChoiceQuestion, Feedback, NumberQuestion, join

_SCALING = NumberQuestion(
    exercise="2.1",
    right=8,
    why=(
        "A sum of 64 products with variance 1 has the variance 64, whose square root "
        "is 8."
    ),
    look="The formula has a square root in it: of which number?",
    mistakes={
        "That is d_k itself. What does the formula do with d_k?": [64],
        "That is half of d_k. The formula has a square root in it.": [32],
        "That is the square of d_k. It is the other way round.": [4096],
        "By that number the scores are multiplied. By which are they divided?": [0.125],
        "That is the cube root of d_k. The formula has a square root in it.": [4],
        "That is the logarithm of d_k to base 2. The formula has a square root.": [6],
    },
)

_TIMES_TEN = ChoiceQuestion(
    exercise="2.2",
    right="grows",
    why="The gaps between the scores grow too, and softmax turns gaps into ratios.",
    mistakes={
        "Softmax turns the gap between two scores into a ratio of weights. What does "
        "the factor do to a gap of 1?": ["stays"],
        "Try it with the scores 0 and 1, then with 0 and 10: compare e^1 and e^10 with "
        "e^0.": ["shrinks"],
    },
)

_PLUS_TEN = ChoiceQuestion(
    exercise="2.2",
    right="stays",
    why="Every e^score gets the same factor e^10, and the division takes it out again.",
    mistakes={
        "The largest e^score grows, and so do all the others. What does the division "
        "by their sum do?": ["grows"],
        "All e^score grow by the same factor, and so does their sum. What is left "
        "after the division?": ["shrinks"],
    },
)


def check_scaling(answer: object) -> Feedback:
    """Exercise 2.1: say by what the scores are divided when d_k is 64.

    Parameters
    ----------
    answer : float or None
        The number; any type that holds one number will do.

    Examples
    --------
    >>> print(check_scaling(64))
    Exercise 2.1: not yet. That is d_k itself. What does the formula do with
    d_k?
    """
    return _SCALING.judge(answer)


def check_largest_weight(times_ten: object, plus_ten: object) -> Feedback:
    """Exercise 2.2: change a row of scores, and say what its largest weight does.

    Parameters
    ----------
    times_ten : {"grows", "shrinks", "stays"} or None
        What the largest weight does when all scores of the row are multiplied by 10.
    plus_ten : {"grows", "shrinks", "stays"} or None
        What it does when 10 is added to all of them.

    Examples
    --------
    >>> print(check_largest_weight("grows", None))
    Exercise 2.2: not yet. Times ten: right. The gaps between the scores grow
    too, and softmax turns gaps into ratios. Plus ten: not answered yet. Choose
    one of "grows", "shrinks", "stays".
    """
    parts = {
        "Times ten": _TIMES_TEN.judge(times_ten),
        "Plus ten": _PLUS_TEN.judge(plus_ten),
    }
    return join("2.2", parts)
