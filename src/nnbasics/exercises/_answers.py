"""Reading the numbers and words that readers answer with, and judging them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from nnbasics.exercises.feedback import Feedback, not_answered, not_yet, right


class UnreadableAnswerError(Exception):
    """An answer of the wrong type or form; the message says what to write instead."""


def tensor_from(answer: object) -> Tensor:
    """Turn a tensor, a numpy array, or nested lists of them or of numbers into one."""
    if isinstance(answer, Tensor):
        return answer
    if isinstance(answer, list | tuple):
        return torch.stack([tensor_from(part) for part in answer])
    # A copy: torch warns of numpy arrays that cannot be written to.
    return torch.from_numpy(np.array(answer))


def number_from(answer: object) -> float:
    """Turn an int, a float, or a tensor or array that holds one number into a float.

    Raises
    ------
    UnreadableAnswerError
        If `answer` is anything else.
    """
    if isinstance(answer, str):
        raise UnreadableAnswerError(
            f"The answer is a number: write it without quotes. Got {answer!r}."
        )
    values = numbers_from(answer)
    if len(values) != 1:
        raise UnreadableAnswerError(
            f"The answer is one number, and yours holds {len(values)}."
        )
    return values[0]


def numbers_from(answer: object) -> list[float]:
    """Turn numbers in any of the forms that `tensor_from` knows into a list.

    Raises
    ------
    UnreadableAnswerError
        If there is something else than finite numbers in it.
    """
    try:
        tensor = tensor_from(answer)
    except (TypeError, ValueError, RuntimeError):
        raise UnreadableAnswerError(
            f"The answer is made of numbers, got {answer!r} of type "
            f"{type(answer).__name__}."
        ) from None
    if tensor.dtype == torch.bool or tensor.is_complex():
        raise UnreadableAnswerError(f"The answer is made of numbers, got {answer!r}.")
    values: list[float] = tensor.double().flatten().tolist()
    if not all(math.isfinite(value) for value in values):
        raise UnreadableAnswerError(f"The answer is a finite number, got {answer!r}.")
    return values


@dataclass(frozen=True)
class NumberQuestion:
    """A question whose answer is one number.

    Attributes
    ----------
    exercise : str
        The number of the exercise.
    right : float
        The answer.
    why : str
        Said with the right answer.
    look : str
        Where to look; said with a wrong answer that no mistake explains.
    mistakes : mapping of float to str
        Wrong answers that can be recognised, and what to say.
    tolerance : float
        How far an answer may be from the right one.
    """

    exercise: str
    right: float
    why: str
    look: str
    mistakes: Mapping[float, str]
    tolerance: float = 1e-6

    def judge(self, answer: object) -> Feedback:
        """Hold an answer against the right one and against the known mistakes."""
        if answer is None or answer is ...:
            return not_answered(self.exercise, "Put a number in the place of None.")
        try:
            number = number_from(answer)
        except UnreadableAnswerError as error:
            return not_yet(self.exercise, str(error))
        if abs(number - self.right) <= self.tolerance:
            return right(self.exercise, self.why)
        for mistake, hint in self.mistakes.items():
            if abs(number - mistake) <= self.tolerance:
                return not_yet(self.exercise, hint)
        size = "large" if number > self.right else "small"
        return not_yet(self.exercise, f"{number:g} is too {size}. {self.look}")


@dataclass(frozen=True)
class ChoiceQuestion:
    """A question whose answer is one of a few words.

    Attributes
    ----------
    exercise : str
        The number of the exercise.
    right : str
        The right one of the words.
    why : str
        Said with the right answer.
    mistakes : mapping of str to str
        The other words, and what to say to those who chose them.
    """

    exercise: str
    right: str
    why: str
    mistakes: Mapping[str, str]

    def judge(self, answer: object) -> Feedback:
        """Hold an answer against the words; capitals and spaces do not matter."""
        words = ", ".join(f'"{word}"' for word in sorted([self.right, *self.mistakes]))
        if answer is None or answer is ...:
            return not_answered(self.exercise, f"Choose one of {words}.")
        word = answer.strip().lower() if isinstance(answer, str) else answer
        if word == self.right:
            return right(self.exercise, self.why)
        if isinstance(word, str) and word in self.mistakes:
            return not_yet(self.exercise, self.mistakes[word])
        return not_yet(self.exercise, f"Choose one of {words}, got {answer!r}.")
