"""What a checker says about a reader's answer."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Feedback", "Status"]

Status = Literal["not answered yet", "right", "not yet"]


@dataclass(frozen=True)
class Feedback:
    """The answer of a checker: where you stand, and what helps you on.

    Print it: its text names the exercise, the status and the message.

    Attributes
    ----------
    exercise : str
        The number of the exercise, such as "2.5".
    status : {"not answered yet", "right", "not yet"}
        "not yet" means that there is an answer, and that it is not right.
    message : str
        Why a right answer is right, or what differs and where to look.

    Examples
    --------
    >>> print(Feedback("2.1", "not yet", "64 is d_k itself."))
    Exercise 2.1: not yet. 64 is d_k itself.
    """

    exercise: str
    status: Status
    message: str

    def __str__(self) -> str:
        """Return the exercise, the status and the message, in lines of 76 letters."""
        text = f"Exercise {self.exercise}: {self.status}. {self.message}"
        return textwrap.fill(
            text, width=76, break_long_words=False, break_on_hyphens=False
        )


def not_answered(exercise: str, what_to_do: str) -> Feedback:
    """Return the feedback on an answer that was left open."""
    return Feedback(exercise, "not answered yet", what_to_do)


def right(exercise: str, why: str) -> Feedback:
    """Return the feedback on a right answer."""
    return Feedback(exercise, "right", why)


def not_yet(exercise: str, help_text: str) -> Feedback:
    """Return the feedback on a wrong answer."""
    return Feedback(exercise, "not yet", help_text)


def together(exercise: str, parts: Mapping[str, Feedback]) -> Feedback:
    """Join the feedback on the parts of an answer: right if every part is."""
    statuses = {part.status for part in parts.values()}
    if statuses == {"not answered yet"}:
        return next(iter(parts.values()))
    message = " ".join(
        f"{name}: {part.status}. {part.message}" for name, part in parts.items()
    )
    return Feedback(exercise, "right" if statuses == {"right"} else "not yet", message)
