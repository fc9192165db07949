"""Exercise 7.6, answered with a function: induction as a rule."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises.function_questions import FunctionQuestion
from nnbasics.exercises.questions import Feedback


def _earlier_copies(tokens: Tensor) -> list[int]:
    return (tokens[:-1] == tokens[-1]).nonzero().flatten().tolist()


def _after_copy(tokens: Tensor, which: int, offset: int = 1) -> Tensor:
    places = _earlier_copies(tokens)
    return tokens[places[which] + offset] if places else torch.tensor(-1)


def _induction(tokens: Tensor) -> Tensor:
    return _after_copy(tokens, which=-1)


_INDUCTION = FunctionQuestion(
    exercise="7.6",
    cases=[
        (torch.tensor([3, 1, 4, 2, 5, 4]),),
        (torch.tensor([7, 2, 9, 7, 4, 8, 7]),),  # two earlier copies
        (torch.tensor([6, 0, 5, 8, 8]),),  # the copy stands right before
        (torch.tensor([2, 7, 1, 8]),),  # no earlier copy
    ],
    solution=_induction,
    why="It goes on as it went on the last time, and says -1 where there is no time.",
    look=(
        "Go back from the last token but one until you meet the last token again. What "
        "stood after it?"
    ),
    mistakes={
        "That is the earlier copy itself. What comes next stood one place after it.": [
            lambda tokens: _after_copy(tokens, -1, offset=0)
        ],
        "That stood before the earlier copy. What comes next stood after it.": [
            lambda tokens: _after_copy(tokens, -1, offset=-1)
        ],
        "You found the first earlier copy. With several, take the last one.": [
            lambda tokens: _after_copy(tokens, which=0)
        ],
        "Where there is no earlier copy, the answer is -1.": [
            lambda tokens: _after_copy(tokens, -1) + (not _earlier_copies(tokens)),
            lambda tokens: (
                _induction(tokens) if _earlier_copies(tokens) else tokens[-1]
            ),
            lambda tokens: _induction(tokens) if _earlier_copies(tokens) else tokens[0],
        ],
    },
    error_hints={
        "Is the last token looked for among all tokens? It finds itself, and nothing "
        "stands after it.": "out of range|out of bounds",
        "Is there a case in which the last token has no earlier copy? Say -1 then.": (
            "max\\(\\)|zero-dim|size 0|empty|not in list|reduction dim|StopIteration"
        ),
    },
)


def check_induction(function: object) -> Feedback:
    """Exercise 7.6: go on with a sequence as it went on the last time.

    Parameters
    ----------
    function : callable or None
        Takes `tokens`, whole numbers of shape (length,). Returns the token that came
        after the last earlier copy of the last token, or -1 if there is none.

    Examples
    --------
    >>> feedback = check_induction(lambda tokens: tokens[-1])
    >>> print(feedback.message[:32])
    That is the earlier copy itself.
    """
    return _INDUCTION.judge(function)
