"""Running a function that a reader wrote, and finding out what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from nnbasics.exercises._answers import UnreadableAnswerError
from nnbasics.exercises._results import (
    difference,
    read_result,
    same,
    without_extra_dimensions,
)
from nnbasics.exercises.feedback import Feedback, not_answered, not_yet, right

Argument = Tensor | int
Case = tuple[Argument, ...]

_LONGEST_ERROR = 300  # characters of an exception's text that are passed on


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong function, and what to say to a reader whose results it has."""

    wrong: Callable[..., Tensor]
    hint: str


@dataclass(frozen=True)
class FunctionQuestion:
    """A question whose answer is a function.

    Attributes
    ----------
    exercise : str
        The number of the exercise.
    arguments : tuple of str
        The names of the function's arguments.
    cases : callable
        Makes the arguments that the function is called with, a tuple for each call.
    solution : callable
        Gives the right result for a case.
    why : str
        Said with the right answer.
    look : str
        Where to look; said with a wrong answer that no mistake explains.
    mistakes : sequence of Mistake
        Wrong answers that can be recognised by their results.
    error_hints : mapping of str to str
        What to say when the text of an exception contains the key.
    boolean : bool
        Whether the results must be ``True`` and ``False``, not numbers.
    """

    exercise: str
    arguments: tuple[str, ...]
    cases: Callable[[], Sequence[Case]]
    solution: Callable[..., Tensor]
    why: str
    look: str
    mistakes: Sequence[Mistake]
    error_hints: Mapping[str, str] = field(default_factory=dict)
    boolean: bool = False

    def judge(self, function: object) -> Feedback:
        """Call a function with every case and explain the first wrong result."""
        if function is None or function is ...:
            return not_answered(self.exercise, "Write the function and pass its name.")
        results: list[Tensor] = []
        cases = self.cases()
        for case in cases:
            try:
                result = self._call(function, case)
            except UnreadableAnswerError as error:
                return not_yet(self.exercise, str(error))
            if result is None:
                return not_answered(
                    self.exercise,
                    "The function returns nothing. If you have written it: is the "
                    "return missing?",
                )
            expected = self.solution(*case)
            results.append(without_extra_dimensions(result, expected))
            if not same(results[-1], expected):
                return not_yet(
                    self.exercise, self._explain(cases[: len(results)], results)
                )
        if self.boolean and results[0].dtype != torch.bool:
            return not_yet(
                self.exercise,
                "The pattern is right, but it is made of numbers. A mask holds True "
                "and False: compare with a number, or call .bool() at the end.",
            )
        return right(self.exercise, self.why)

    def _call(self, function: object, case: Case) -> Tensor | None:
        """Return the result of the reader's function as a tensor."""
        if not callable(function):
            raise UnreadableAnswerError(
                f"Expected a function, got {type(function).__name__}. Pass the "
                "function's name, without parentheses behind it."
            )
        copies = [x.clone() if isinstance(x, Tensor) else x for x in case]
        try:
            result: object = function(*copies)
        except Exception as error:  # noqa: BLE001 - the reader's code may raise anything
            raise UnreadableAnswerError(self._explain_error(error, case)) from None
        return None if result is None or result is ... else read_result(result)

    def _explain_error(self, error: Exception, case: Case) -> str:
        text = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR].rstrip(". \n")
        hints = [hint for part, hint in self.error_hints.items() if part in text]
        return " ".join(
            [f"The function stopped with {text}.", f"{self._describe(case)}.", *hints]
        )

    def _explain(self, cases: Sequence[Case], results: list[Tensor]) -> str:
        """Name the mistake that has the same results, and the first difference."""
        case = cases[-1]
        differs = difference(results[-1], self.solution(*case))
        for mistake in self.mistakes:
            wrong = [mistake.wrong(*case) for case in cases]
            if all(map(same, results, wrong)):
                return f"{mistake.hint} {differs}"
        return f"{differs} {self._describe(case)}. {self.look}"

    def _describe(self, case: Case) -> str:
        values = ", ".join(
            f"{name} of shape {tuple(value.shape)}"
            if isinstance(value, Tensor) and value.dim()
            else f"{name} = {value:g}"
            for name, value in zip(self.arguments, case, strict=True)
        )
        return f"It was called with {values}"
