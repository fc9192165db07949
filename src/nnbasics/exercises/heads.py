"""Lesson 3, the questions whose answers are numbers and a word."""

from __future__ import annotations

from nnbasics.exercises._answers import ChoiceQuestion, NumberQuestion
from nnbasics.exercises.feedback import Feedback, together

__all__ = ["check_head_size", "check_projection_parameters", "check_swapped_words"]

_HEAD_SIZE = NumberQuestion(
    exercise="3.1",
    right=64,
    why="512 numbers, shared out evenly over 8 heads.",
    look="The heads share the d_model numbers of a position out between them.",
    mistakes={
        512: "That is d_model. The heads share it out between them.",
        4096: "The heads do not get d_model numbers each: they share them out.",
        8: "That is the number of heads. How many numbers does each of them get?",
        504: "The heads share the numbers out: that is a division.",
    },
)

_LOOK_AT_PROJECTIONS = (
    "A projection from 96 to 96 numbers has a weight for each pair and a bias for each "
    "output. How many projections are there, with the one at the end?"
)
_PARAMETER_MISTAKES: dict[float, str] = {
    36864: "Those are the weights. Each projection has biases too.",
    27936: "Those are the projections of queries, keys and values. One more follows.",
    27648: "Those are the weights of three projections. A fourth follows, with biases.",
    9312: "That is one projection. How many are there?",
    9216: "Those are the weights of one projection. There are more, and biases.",
    16640: "That is the layer of the lesson, with d_model 64. This one has 96.",
}
_SAME_SIZE_FOR_ANY_NUMBER = (
    "The heads are cut out of what four projections of the same size give. Each head "
    "gets fewer numbers when there are more of them."
)

_EIGHT_HEADS = NumberQuestion(
    exercise="3.2",
    right=37248,
    why="Four projections of 96 × 96 weights and 96 biases.",
    look=_LOOK_AT_PROJECTIONS,
    mistakes={**_PARAMETER_MISTAKES, 297984: _SAME_SIZE_FOR_ANY_NUMBER},
)
_SIXTEEN_HEADS = NumberQuestion(
    exercise="3.2",
    right=37248,
    why="The same: the number of heads only says where the projected vectors are cut.",
    look=_LOOK_AT_PROJECTIONS,
    mistakes={
        **_PARAMETER_MISTAKES,
        74496: _SAME_SIZE_FOR_ANY_NUMBER,
        18624: _SAME_SIZE_FOR_ANY_NUMBER,
        595968: _SAME_SIZE_FOR_ANY_NUMBER,
    },
)

_SWAPPED_WORDS = ChoiceQuestion(
    exercise="3.5",
    right="change",
    why=(
        "The two words are added to vectors of other places, so their queries, keys "
        "and values are new, and all words meet them. With positions the order counts."
    ),
    mistakes={
        "stay": (
            "Another word stands in each of the two places. Are the keys and values "
            "there still the same?"
        ),
        "swap": (
            "That is so without positions. Here each word is added to the vector of "
            "its place: does a word that moved still have the same query?"
        ),
    },
)


def check_head_size(answer: object) -> Feedback:
    """Exercise 3.1: share a d_model of 512 out between 8 heads.

    Parameters
    ----------
    answer : int or None
        The size of a head's queries; any type that holds one number will do.

    Returns
    -------
    Feedback
        The status, and a message that helps.

    Examples
    --------
    >>> print(check_head_size(512))
    Exercise 3.1: not yet. That is d_model. The heads share it out between them.
    """
    return _HEAD_SIZE.judge(answer)


def check_projection_parameters(eight_heads: object, sixteen_heads: object) -> Feedback:
    """Exercise 3.2: count the parameters of multi-head attention with d_model 96.

    Parameters
    ----------
    eight_heads : int or None
        The number of parameters of ``MultiHeadAttention(96, 8)``.
    sixteen_heads : int or None
        The number of parameters of ``MultiHeadAttention(96, 16)``.

    Returns
    -------
    Feedback
        The status, and a message that helps, on each of the two.

    Examples
    --------
    >>> feedback = check_projection_parameters(36864, None)
    >>> print(feedback)
    Exercise 3.2: not yet. 8 heads: not yet. Those are the weights. Each
    projection has biases too. 16 heads: not answered yet. Put a number in the
    place of None.
    """
    parts = {
        "8 heads": _EIGHT_HEADS.judge(eight_heads),
        "16 heads": _SIXTEEN_HEADS.judge(sixteen_heads),
    }
    return together("3.2", parts)


def check_swapped_words(answer: object) -> Feedback:
    """Exercise 3.5: swap two words with positions, and say what the outputs do.

    Each place has a vector that is added to the word that stands there, and stays.

    Parameters
    ----------
    answer : {"swap", "stay", "change"} or None
        "swap": the same vectors, two of them in each other's place. "stay": the same
        vectors in the same places. "change": new vectors.

    Returns
    -------
    Feedback
        The status, and a message that helps.

    Examples
    --------
    >>> print(check_swapped_words("stay"))
    Exercise 3.5: not yet. Another word stands in each of the two places. Are
    the keys and values there still the same?
    """
    return _SWAPPED_WORDS.judge(answer)
