"""What all exercises share: feedback, reading answers, numbers and words to answer."""

from __future__ import annotations

import math
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor


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
        Why a right answer is right, or what differs and where to look. It names the
        mistake where it is recognised.
    question : Question or None
        What was asked; pages of the site take it from here, and ask it themselves.

    Examples
    --------
    >>> print(Feedback("2.1", "not yet", "64 is d_k itself."))
    Exercise 2.1: not yet. 64 is d_k itself.
    """

    exercise: str
    status: Literal["not answered yet", "right", "not yet"]
    message: str
    question: Question | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        """Return the exercise, the status and the message, in lines of 76 letters."""
        text = f"Exercise {self.exercise}: {self.status}. {self.message}"
        return textwrap.fill(text, 76, break_long_words=False, break_on_hyphens=False)


class NotAnsweredError(Exception):
    """An answer was left open; the message says what to do."""


class NotYetError(Exception):
    """An answer is not right, or cannot be read; the message helps."""


def is_open(answer: object) -> bool:
    """Say whether an answer, or an entry of it, is None or the dots of a blank."""
    if isinstance(answer, list | tuple):
        return any(is_open(entry) for entry in answer if entry is not answer)
    return answer is None or answer is ...


def tensor_from(answer: object) -> Tensor:
    """Turn a tensor, a numpy array, or nested lists of them or of numbers into one."""
    if isinstance(answer, Tensor):
        return answer
    if isinstance(answer, list | tuple):
        return torch.stack([tensor_from(part) for part in answer])
    # A copy: torch warns of numpy arrays that cannot be written to.
    return torch.from_numpy(np.array(answer))


def numbers_from(answer: object) -> list[float]:
    """Turn numbers in any of the forms that `tensor_from` knows into a list."""
    try:
        tensor = tensor_from(answer)
    except (TypeError, ValueError, RuntimeError):
        raise NotYetError(
            f"The answer is made of numbers, got {answer!r} of type "
            f"{type(answer).__name__}."
        ) from None
    if tensor.dtype == torch.bool or tensor.is_complex():
        raise NotYetError(f"The answer is made of numbers, got {answer!r}.")
    values: list[float] = tensor.double().flatten().tolist()
    if not all(math.isfinite(value) for value in values):
        raise NotYetError(f"The answer is a finite number, got {answer!r}.")
    return values


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """A question, its answer, and the wrong answers that can be recognised.

    Attributes
    ----------
    exercise : str
        The number of the exercise.
    why : str
        Said with the right answer.
    mistakes : mapping of str to sequence
        Hints, and the wrong answers that each of them is said to.
    labels, groups : sequence of str
        The names of the fields that a page asks with, and of the groups of such fields
        where there are several. A question without fields is answered with code.
    choices : sequence of str
        The words that a field takes; where there are none it takes a number.
    """

    exercise: str
    why: str = ""
    mistakes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    labels: Sequence[str] = ()
    groups: Sequence[str] = ("",)
    choices: Sequence[str] = ()

    def data(self) -> dict[str, Any]:
        """Return what a page needs to judge an answer itself, as JSON can hold it."""
        kind = type(self).__name__.removesuffix("Question").lower()
        return {"kind": kind, **asdict(self)}

    def judge(self, answer: object) -> Feedback:
        """Hold an answer against the right one and against the known mistakes."""
        try:
            return Feedback(self.exercise, "right", self._judge(answer), self)
        except NotAnsweredError as error:
            return Feedback(self.exercise, "not answered yet", str(error), self)
        except NotYetError as error:
            return Feedback(self.exercise, "not yet", str(error), self)

    @abstractmethod
    def _judge(self, answer: Any) -> str: ...


@dataclass(frozen=True, kw_only=True)
class NumberQuestion(Question):
    """A question whose answer is one number.

    Attributes
    ----------
    right : float
        The answer.
    look : str
        Where to look; said with a wrong answer that no mistake explains.
    tolerance : float
        How far an answer may be from the right one.
    """

    right: float
    look: str
    tolerance: float = 1e-6

    def _judge(self, answer: object) -> str:
        number = _number_from(answer)
        if abs(number - self.right) <= self.tolerance:
            return self.why
        for hint, mistakes in self.mistakes.items():
            if any(abs(number - mistake) <= self.tolerance for mistake in mistakes):
                raise NotYetError(hint)
        size = "large" if number > self.right else "small"
        raise NotYetError(f"{number:g} is too {size}. {self.look}")


def _number_from(answer: object) -> float:
    """Turn an int, a float, or a tensor or array that holds one number into a float."""
    if is_open(answer):
        raise NotAnsweredError("Put a number in the place of None.")
    if isinstance(answer, str):
        raise NotYetError(
            f"The answer is a number: write it without quotes. Got {answer!r}."
        )
    values = numbers_from(answer)
    if len(values) != 1:
        raise NotYetError(f"The answer is one number, and yours holds {len(values)}.")
    return values[0]


@dataclass(frozen=True, kw_only=True)
class ChoiceQuestion(Question):
    """A question whose answer is one of a few words: the right one, and the mistakes.

    Capitals and spaces in an answer do not matter.
    """

    right: str

    def _judge(self, answer: object) -> str:
        words = ", ".join(f'"{word}"' for word in self.choices)
        if is_open(answer):
            raise NotAnsweredError(f"Choose one of {words}.")
        word = answer.strip().lower() if isinstance(answer, str) else ""
        if word == self.right:
            return self.why
        for hint, mistakes in self.mistakes.items():
            if word in mistakes:
                raise NotYetError(hint)
        raise NotYetError(f"Choose one of {words}, got {answer!r}.")


@dataclass(frozen=True, kw_only=True)
class PartsQuestion(Question):
    """A question in parts, named by the labels, that take the same words.

    The answer is a sequence, an entry for each part; it is right if every part is.
    """

    parts: Sequence[ChoiceQuestion]

    def _judge(self, answer: Sequence[object]) -> str:
        judged = [part.judge(a) for part, a in zip(self.parts, answer, strict=True)]
        message = " ".join(
            f"{name}: {part.status}. {part.message}"
            for name, part in zip(self.labels, judged, strict=True)
        )
        statuses = {part.status for part in judged}
        if statuses == {"not answered yet"}:
            raise NotAnsweredError(judged[0].message)
        if statuses != {"right"}:
            raise NotYetError(message)
        return message
