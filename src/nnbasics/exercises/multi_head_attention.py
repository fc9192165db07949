"""Exercises 3.1, 3.2, 3.5 and 3.6: numbers, a word, and the roles of heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from torch import Tensor

from nnbasics.exercises.questions import (
    ChoiceQuestion,
    Feedback,
    NotAnsweredError,
    NotYetError,
    NumberQuestion,
    feedback_on,
    is_open,
    join,
)
from nnbasics.experiments.specialisation import roles_of_heads

_HEAD_SIZE = NumberQuestion(
    exercise="3.1",
    right=64,
    why="512 numbers, shared out evenly over 8 heads.",
    look="The heads share the d_model numbers of a position out between them.",
    mistakes={
        "That is d_model. The heads share it out between them.": [512],
        "The heads do not get d_model numbers each: they share them out.": [4096],
        "That is the number of heads. How many numbers does each of them get?": [8],
        "The heads share the numbers out: that is a division.": [504],
    },
)

_EIGHT_HEADS = NumberQuestion(
    exercise="3.2",
    right=37248,
    why="Four projections of 96 × 96 weights and 96 biases.",
    look=(
        "A projection from 96 to 96 numbers has a weight for each pair and a bias for "
        "each output. How many projections are there, with the one at the end?"
    ),
    mistakes={
        "Those are the weights. Each projection has biases too.": [36864],
        "Those are the projections of queries, keys and values. One more follows.": [
            27936
        ],
        "Those are the weights of three projections. A fourth follows, with biases.": [
            27648
        ],
        "That is one projection. How many are there?": [9312],
        "Those are the weights of one projection. There are more, and biases.": [9216],
        "That is the layer of the lesson, with d_model 64. This one has 96.": [16640],
        "The heads are cut out of what four projections of the same size give. Each "
        "head gets fewer numbers when there are more of "
        "them.": [8 * 37248, 16 * 37248, 2 * 37248, 37248 / 2],
    },
)
_SIXTEEN_HEADS = replace(
    _EIGHT_HEADS,
    why="The same: the number of heads only says where the projected vectors are cut.",
)

_SWAPPED_WORDS = ChoiceQuestion(
    exercise="3.5",
    right="change",
    why=(
        "The two words are added to vectors of other places, so their queries, keys "
        "and values are new, and all words meet them. With positions the order counts."
    ),
    mistakes={
        "Another word stands in each of the two places. Are the keys and values there "
        "still the same?": ["stay"],
        "That is so without positions. Here each word is added to the vector of its "
        "place: does a word that moved still have the same query?": ["swap"],
    },
)


def check_head_size(answer: object) -> Feedback:
    """Exercise 3.1: share a d_model of 512 out between 8 heads.

    Parameters
    ----------
    answer : int or None
        The size of a head's queries; any type that holds one number will do.

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
    return join("3.2", parts)


def check_swapped_words(answer: object) -> Feedback:
    """Exercise 3.5: swap two words with positions, and say what the outputs do.

    Each place has a vector that is added to the word that stands there, and stays.

    Parameters
    ----------
    answer : {"swap", "stay", "change"} or None
        "swap": the same vectors, two of them in each other's place. "stay": the same
        vectors in the same places. "change": new vectors.

    Examples
    --------
    >>> print(check_swapped_words("stay"))
    Exercise 3.5: not yet. Another word stands in each of the two places. Are
    the keys and values there still the same?
    """
    return _SWAPPED_WORDS.judge(answer)


def check_head_roles(
    answer: object, scores: Tensor, questions: Sequence[str]
) -> Feedback:
    """Exercise 3.6: name each head's role from the maps.

    A head's role is the question with its best specialisation score. A head whose best
    score is below one half has the role "none"
    (:func:`nnbasics.experiments.roles_of_heads`). The feedback does not name the right
    role of a head.

    Parameters
    ----------
    answer : dict of int to str, or None
        The role of each head by its number, counted from 0: one of `questions`, or
        "none". Capitals do not matter; ``None`` stands for no answer yet.
    scores : Tensor, shape (num_heads, num_questions)
        The measured specialisation scores, between 0 and 1.
    questions : sequence of str
        The names of the questions, in the order of the columns of `scores`.

    Examples
    --------
    >>> import torch
    >>> scores = torch.tensor([[0.9, 0.1], [0.2, 0.8], [0.3, 0.3]])
    >>> questions = ["who", "whom"]
    >>> print(check_head_roles({0: "who", 1: "whom", 2: "none"}, scores, questions))
    Exercise 3.6: right. All 3 heads.
    >>> feedback = check_head_roles({0: "who", 1: "who"}, scores, questions)
    >>> print(feedback)
    Exercise 3.6: not yet. Right: head 0. Not right: head 1. No answer yet: head
    2. Look at a head's map row by row: on which word does the bright cell of
    each row lie, and for which question is that word the answer?
    """
    measured = roles_of_heads(scores, questions)
    return feedback_on("3.6", _judge_roles, answer, measured, [*questions, "none"])


def _judge_roles(answer: object, measured: Sequence[str], names: Sequence[str]) -> str:
    roles = _read_roles(answer, len(measured), names)
    heads = range(len(measured))
    groups = {
        "Right": [h for h in heads if roles.get(h) == measured[h]],
        "Not right": [h for h in heads if roles.get(h, "") not in ("", measured[h])],
        "No answer yet": [h for h in heads if not roles.get(h)],
    }
    if len(groups["Right"]) == len(measured):
        return f"All {len(measured)} heads."
    report = " ".join(_say(name, found) for name, found in groups.items() if found)
    raise NotYetError(
        f"{report} Look at a head's map row by row: on which word does the bright cell "
        "of each row lie, and for which question is that word the answer?"
    )


def _say(name: str, heads: Sequence[int]) -> str:
    plural = "s" if len(heads) > 1 else ""
    return f"{name}: head{plural} {', '.join(map(str, heads))}."


def _read_roles(answer: object, num_heads: int, names: Sequence[str]) -> dict[int, str]:
    """Return the roles as they are spelled in `names`; one that is open is empty."""
    given = {} if is_open(answer) else answer
    if not isinstance(given, Mapping):
        raise NotYetError(
            'The answer is a dictionary from head to role, such as {0: "none"}, got '
            f"{type(answer).__name__}."
        )
    roles = {
        head: _read_role(head, role, num_heads, names) for head, role in given.items()
    }
    if not any(roles.values()):
        raise NotAnsweredError("Give each head's number a role.")
    return roles


def _read_role(head: object, role: object, num_heads: int, names: Sequence[str]) -> str:
    if not isinstance(head, int) or not 0 <= head < num_heads:
        raise NotYetError(
            f"The heads have the numbers 0 to {num_heads - 1}, got {head!r}."
        )
    spelled = {name.lower(): name for name in ["", *names]}
    name = "" if is_open(role) else str(role).strip().lower()
    if name not in spelled:
        raise NotYetError(
            f"The roles are {', '.join(names)}; head {head} has {role!r}."
        )
    return spelled[name]
