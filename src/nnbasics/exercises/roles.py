"""Lesson 3, the question which head does what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from nnbasics._checks import require_tensor
from nnbasics.exercises.feedback import Feedback, not_answered, not_yet, right
from nnbasics.experiments.specialisation import roles_of_heads

__all__ = ["check_head_roles"]

_NO_ROLE = "none"


def check_head_roles(
    answer: object,
    scores: Tensor,
    questions: Sequence[str],
    *,
    threshold: float = 0.5,
) -> Feedback:
    """Exercise 3.6: name each head's role from the maps.

    A head's role is the question with its best specialisation score. A head whose best
    score is below the threshold has the role "none"
    (:func:`nnbasics.experiments.roles_of_heads`).

    Parameters
    ----------
    answer : dict of int to str, or None
        The role of each head by its number, counted from 0: one of `questions`, or
        "none". Capitals do not matter; ``None`` stands for no answer yet.
    scores : Tensor, shape (num_heads, num_questions)
        The measured specialisation scores, between 0 and 1.
    questions : sequence of str
        The names of the questions, in the order of the columns of `scores`.
    threshold : float
        The score below which a head has no role.

    Returns
    -------
    Feedback
        Which heads are right, which are not and which are missing. The right role of a
        head is not named.

    Raises
    ------
    TypeError
        If `scores` is not a tensor.
    ValueError
        If it does not have one column for each question.

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
    require_tensor("scores", scores)
    if scores.dim() != 2 or scores.size(1) != len(questions):
        raise ValueError(
            f"scores must have the shape (num_heads, {len(questions)}), a column for "
            f"each of the questions, got {tuple(scores.shape)}"
        )
    if answer is None:
        return not_answered("3.6", "Give each head's number a role.")
    roles = _roles_by_head(answer, len(scores), [*questions, _NO_ROLE])
    if isinstance(roles, str):
        return not_yet("3.6", roles)
    if not roles:
        return not_answered("3.6", "Give each head's number a role.")
    return _judge(roles, roles_of_heads(scores, questions, threshold))


def _roles_by_head(
    answer: object, num_heads: int, names: Sequence[str]
) -> dict[int, str] | str:
    """Return the roles that were given, or say what is wrong with the form."""
    if not isinstance(answer, Mapping):
        return (
            'The answer is a dictionary from head to role, such as {0: "none"}, got '
            f"{type(answer).__name__}."
        )
    roles = {}
    for head, role in answer.items():
        if not isinstance(head, int) or not 0 <= head < num_heads:
            return f"The heads have the numbers 0 to {num_heads - 1}, got {head!r}."
        if role is None or role == "":
            continue
        matching = [name for name in names if name.lower() == str(role).strip().lower()]
        if not matching:
            return f"The roles are {', '.join(names)}; head {head} has {role!r}."
        roles[head] = matching[0]
    return roles


def _judge(roles: Mapping[int, str], measured: Sequence[str]) -> Feedback:
    heads = range(len(measured))
    groups = {
        "Right": [h for h in heads if roles.get(h) == measured[h]],
        "Not right": [h for h in heads if roles.get(h) not in (None, measured[h])],
        "No answer yet": [h for h in heads if h not in roles],
    }
    if len(groups["Right"]) == len(measured):
        return right("3.6", f"All {len(measured)} heads.")
    report = " ".join(
        f"{name}: head{'s'[: len(found) - 1]} {', '.join(map(str, found))}."
        for name, found in groups.items()
        if found
    )
    return not_yet(
        "3.6",
        f"{report} Look at a head's map row by row: on which word does the bright cell "
        "of each row lie, and for which question is that word the answer?",
    )
