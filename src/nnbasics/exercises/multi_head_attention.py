"""Exercises 3.1, 3.2, 3.5 and 3.6: numbers, a word, and the roles of heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from nnbasics.exercises.questions import (
    ChoiceQuestion,
    Feedback,
    NotAnsweredError,
    NotYetError,
    NumberQuestion,
    Question,
    is_open,
)
from nnbasics.experiments.specialisation import roles_of_heads

_WEIGHT_COUNT = NumberQuestion(
    exercise="3.1",
    labels=["Attention weights"],
    right=800,
    why=(
        "8 heads, each with a row of 10 weights for each of 10 words. The size of the "
        "vectors does not matter."
    ),
    look="Each head has a table of weights. How many rows and columns does it have?",
    mistakes={
        "That is one head: a row of 10 weights for each of 10 words. There are 8 "
        "heads.": [100],
        "That is one row of 10 weights in each head. Every word has one.": [80],
        "That is one row of weights for each word in each head. How many weights are "
        "in a row?": [10],
        "A weight belongs to a pair of words: one that looks, one that is looked at. "
        "The size of the vectors does not matter.": [
            *(640, 4096, 5120, 6400, 40960, 51200, 409600),
        ],
        "Those are parameters. Weights are computed anew for each sentence: one for "
        "each pair of words in each head.": [1050624, 1048576, 262144, 786432],
        "A word attends to itself, too. So a row has 10 weights.": [720],
    },
)

_HEAD_SIZE = NumberQuestion(
    exercise="3.2",
    labels=["d_head"],
    right=12,
    why="4 · (48 · 48 + 48) = 9,408, so d_model is 48, shared out over 4 heads.",
    look=(
        "There are four matrices of d_model × d_model and four biases of d_model "
        "numbers. Which d_model gives 9,408? The heads share it out."
    ),
    mistakes={
        "That is d_model. The heads share it out between them.": [48],
        "That is one of the four projections: a matrix of d_model × d_model and a bias "
        "of d_model numbers. Now find d_model.": [2352],
        "The heads have no parameters of their own: they share the columns of four "
        "matrices. Find d_model first.": [588],
        "That is the number of heads.": [4],
        "Those are all parameters. How large must d_model be to give so many?": [9408],
        "d_model is 48. Share it out over the 4 heads: that is a division.": [
            *(44, 52, 192),
        ],
    },
)

_SWAPPED_WORDS = ChoiceQuestion(
    exercise="3.5",
    labels=["The output vectors"],
    choices=["change", "stay", "swap"],
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


@dataclass(frozen=True, kw_only=True)
class RolesQuestion(Question):
    """A question whose answer is a role for each head.

    Attributes
    ----------
    measured : sequence of str
        The role of each head.
    look : str
        Where to look; said with every answer that is not right.
    """

    measured: Sequence[str]
    look: str

    def _judge(self, answer: object) -> str:
        roles = self._read(answer)
        heads = range(len(self.measured))
        right = [head for head in heads if roles.get(head) == self.measured[head]]
        no_answer = [head for head in heads if not roles.get(head)]
        if len(right) == len(heads):
            return self.why
        groups = {
            "Right": right,
            "Not right": [head for head in heads if head not in right + no_answer],
            "No answer yet": no_answer,
        }
        report = " ".join(_say(name, found) for name, found in groups.items() if found)
        raise NotYetError(f"{report} {self.look}")

    def _read(self, answer: object) -> dict[int, str]:
        """Return the roles as `choices` spells them; one that is open is empty."""
        given = {} if is_open(answer) else answer
        if not isinstance(given, Mapping):
            raise NotYetError(
                'The answer is a dictionary from head to role, such as {0: "none"}, '
                f"got {type(answer).__name__}."
            )
        roles = {head: self._read_role(head, role) for head, role in given.items()}
        if not any(roles.values()):
            raise NotAnsweredError("Give each head's number a role.")
        return roles

    def _read_role(self, head: object, role: object) -> str:
        last = len(self.measured) - 1
        if not isinstance(head, int) or not 0 <= head <= last:
            raise NotYetError(f"The heads have the numbers 0 to {last}, got {head!r}.")
        spelled = {name.lower(): name for name in ["", *self.choices]}
        name = "" if is_open(role) else str(role).strip().lower()
        if name not in spelled:
            raise NotYetError(
                f"The roles are {', '.join(self.choices)}; head {head} has {role!r}."
            )
        return spelled[name]


def _say(name: str, heads: Sequence[int]) -> str:
    plural = "s" if len(heads) > 1 else ""
    return f"{name}: head{plural} {', '.join(map(str, heads))}."


def check_weight_count(answer: object) -> Feedback:
    """Exercise 3.1: count the weights of 8 heads for a sentence of 10 words.

    Parameters
    ----------
    answer : int or None
        The number of attention weights that a layer with a d_model of 512 computes;
        any type that holds one number will do.

    Examples
    --------
    >>> print(check_weight_count(100))
    Exercise 3.1: not yet. That is one head: a row of 10 weights for each of 10
    words. There are 8 heads.
    """
    return _WEIGHT_COUNT.judge(answer)


def check_head_size(answer: object) -> Feedback:
    """Exercise 3.2: find d_head from 9,408 parameters and 4 heads.

    Parameters
    ----------
    answer : int or None
        The size of a head's queries; any type that holds one number will do.

    Examples
    --------
    >>> print(check_head_size(48))
    Exercise 3.2: not yet. That is d_model. The heads share it out between them.
    """
    return _HEAD_SIZE.judge(answer)


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
    question = RolesQuestion(
        exercise="3.6",
        labels=[f"Head {head}" for head in range(len(measured))],
        measured=measured,
        choices=[*questions, "none"],
        why=f"All {len(measured)} heads.",
        look=(
            "Look at a head's map row by row: on which word does the bright cell of "
            "each row lie, and for which question is that word the answer?"
        ),
    )
    return question.judge(answer)
