"""Exercises 4.1 to 4.5, answered with numbers and words: positions and scores."""

from __future__ import annotations

import math
from functools import partial

from nnbasics.exercises.questions import (
    ChoiceQuestion,
    Feedback,
    NumberQuestion,
    PartsQuestion,
)

_PRODUCT_OF_PLACES = NumberQuestion(
    exercise="4.1",
    labels=["Dot product"],
    right=math.cos(5) + math.cos(0.5),
    tolerance=0.0015,
    why="The places are 5 apart: cos(5) + cos(0.5) = 0.284 + 0.878.",
    look="How far are the places apart? Each pair gives the cosine of one angle.",
    mistakes={
        "That is one pair of the two. Add what both give.": [
            *(math.cos(5), 0.28),
            *(math.cos(0.5), 0.88),
        ],
        "The places were added. It is their distance that counts.": [
            math.cos(11) + math.cos(1.1)
        ],
        "Those are sines. sin · sin + cos · cos is the cosine of the difference.": [
            math.sin(5) + math.sin(0.5)
        ],
        "The angles are radians, not degrees: tell your calculator.": [
            math.cos(math.radians(5)) + math.cos(math.radians(0.5))
        ],
        "Both pairs were turned by 1 a place. The second turns by 0.1.": [
            2 * math.cos(5)
        ],
        "The two pairs were multiplied. A dot product adds.": [
            math.cos(5) * math.cos(0.5)
        ],
    },
)

_YES_NO = ["yes", "no"]
_is_distance_enough = partial(ChoiceQuestion, exercise="4.2", choices=_YES_NO)

_CHANGED_TABLES = PartsQuestion(
    exercise="4.2",
    choices=_YES_NO,
    labels=["Columns swapped", "Cosines only", "Turned twice as fast"],
    parts=[
        _is_distance_enough(
            right="yes",
            why="A product adds up all columns, in whichever order they stand.",
            mistakes={
                "A product adds up all columns. Does their order change a sum?": ["no"]
            },
        ),
        _is_distance_enough(
            right="no",
            why="cos(3) · cos(8) does not know that 3 and 8 are 5 apart; the sines are "
            "needed for it.",
            mistakes={
                "Try one pair: at the places 0 and 1 the product is cos(0) · cos(1), "
                "at 1 and 2 it is cos(1) · cos(2). Are they the same?": ["yes"]
            },
        ),
        _is_distance_enough(
            right="yes",
            why="The sum of cosines is that of twice the distance.",
            mistakes={
                "Each pair gives the cosine of an angle. What is the angle now?": ["no"]
            },
        ),
    ],
)

_SLOWEST_PAIR = NumberQuestion(
    exercise="4.3",
    labels=["Places"],
    right=200 * math.pi,
    tolerance=0.5,
    why="It turns by 0.01 a place, and a whole turn is 2π: 6.283 / 0.01.",
    look="By how much does pair 1 turn a place? A whole turn is 2π, about 6.28.",
    mistakes={
        "That is the first pair, which turns by 1 a place.": [2 * math.pi, 6, 7],
        "10000 to the power of -2i / d, and 2i / d is 2 / 4 here.": [
            20000 * math.pi,
            62832,
        ],
        "After these it has turned by 1. A whole turn is 2π.": [100],
        "That is half a turn.": [100 * math.pi],
        "The angles are radians: a whole turn is 2π, not 360.": [36000],
        "That is the base. By how much does the pair turn a place?": [10000],
    },
)

_MOVES = ["stays", "changes"]

_MOVED_WORDS = PartsQuestion(
    exercise="4.4",
    choices=_MOVES,
    labels=["Ten words before both", "Ten words between", "They change places"],
    parts=[
        ChoiceQuestion(
            exercise="4.4",
            choices=_MOVES,
            right="stays",
            why="Both turn on by the same angles, and their distance is as before.",
            mistakes={"What happens to the distance of the two?": ["changes"]},
        ),
        ChoiceQuestion(
            exercise="4.4",
            choices=_MOVES,
            right="changes",
            why="One of the two turns on, the other does not.",
            mistakes={"Which of the two turns on, and which does not?": ["stays"]},
        ),
        ChoiceQuestion(
            exercise="4.4",
            choices=_MOVES,
            right="changes",
            why="Now the key stands behind the query: the angle between them is turned "
            "the other way.",
            mistakes={
                "They are as far apart as before. But is the key before the query, or "
                "behind it?": ["stays"]
            },
        ),
    ],
)

_ALIBI_RATIO = NumberQuestion(
    exercise="4.5",
    labels=["Times"],
    right=math.exp(1.5),
    tolerance=0.005,
    why="Its score is higher by 0.5 · 3 = 1.5, and e^1.5 is 4.48.",
    look="By how much do the two scores differ? The softmax takes powers of e.",
    mistakes={
        "That is the difference of the scores. The softmax takes powers of e.": [1.5],
        "Each position further away costs 0.5, not 1.": [math.exp(3)],
        "That compares the key 4 back with a key 0 back.": [math.exp(2)],
        "That compares the key 1 back with a key 0 back.": [math.exp(0.5)],
        "That is the ratio of the distances. Weights come from powers of e.": [4],
        "The other way round: the nearer key gets more.": [math.exp(-1.5)],
        "One was added where it is a difference: both scores are lowered.": [
            math.exp(2.5)
        ],
    },
)


def check_product_of_places(answer: object) -> Feedback:
    """Exercise 4.1: multiply the vectors of two places.

    Parameters
    ----------
    answer : float or None
        The dot product, to two decimals or more.

    Examples
    --------
    >>> print(check_product_of_places(0.284))
    Exercise 4.1: not yet. That is one pair of the two. Add what both give.
    """
    return _PRODUCT_OF_PLACES.judge(answer)


def check_changed_tables(swapped: object, cosines: object, faster: object) -> Feedback:
    """Exercise 4.2: say whether products of places still tell the distance alone.

    Parameters
    ----------
    swapped, cosines, faster : {"yes", "no"} or None
        With sines and cosines in each other's columns; with cosines only; with all
        pairs turned twice as fast.

    Examples
    --------
    >>> print(check_changed_tables("yes", "yes", "yes").message[:65])
    Columns swapped: right. A product adds up all columns, in whichev
    """
    return _CHANGED_TABLES.judge((swapped, cosines, faster))


def check_slowest_pair(answer: object) -> Feedback:
    """Exercise 4.3: say after how many places the slowest pair has turned once.

    Parameters
    ----------
    answer : float or None
        The number of places, rounded or not.

    Examples
    --------
    >>> print(check_slowest_pair(100))
    Exercise 4.3: not yet. After these it has turned by 1. A whole turn is 2π.
    """
    return _SLOWEST_PAIR.judge(answer)


def check_moved_words(before: object, between: object, swapped: object) -> Feedback:
    """Exercise 4.4: say what becomes of a score of rotated vectors.

    Parameters
    ----------
    before, between, swapped : {"stays", "changes"} or None
        When ten words are put before both; between them; when the query and the key
        change places.

    Examples
    --------
    >>> print(check_moved_words("changes", None, None).message[:47])
    Ten words before both: not yet. What happens to
    """
    return _MOVED_WORDS.judge((before, between, swapped))


def check_alibi_ratio(answer: object) -> Feedback:
    """Exercise 4.5: compare the weights of two keys with ALiBi.

    Parameters
    ----------
    answer : float or None
        How many times the weight of the nearer key is that of the other.

    Examples
    --------
    >>> print(check_alibi_ratio(4))
    Exercise 4.5: not yet. That is the ratio of the distances. Weights come from
    powers of e.
    """
    return _ALIBI_RATIO.judge(answer)
