"""Questions answered with a function: running it, and finding out what is wrong."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from nnbasics.exercises.questions import (
    NotAnsweredError,
    NotYetError,
    Question,
    is_open,
    tensor_from,
)

Case = tuple[Tensor | float, ...]

_LONGEST_ERROR = 300  # characters of an exception's text that are passed on

# Said when PyTorch's own messages about sizes that do not fit are met.
PRODUCT_HINTS = {
    "In a product of two tables, the last size of the first must be the first size of "
    "the second: is a transpose missing, or one too many?": (
        "cannot be multiplied|must match the size|mismatch in its core"
    )
}


def draw(*shapes: tuple[int, ...]) -> tuple[Tensor, ...]:
    """Draw tensors from N(0, 1), always the same, without torch's global state."""
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.randn(shape, generator=generator) for shape in shapes)


@dataclass(frozen=True, kw_only=True)
class FunctionQuestion(Question):
    """A question whose answer is a function: its results are held against right ones.

    A mistake is a plausible wrong function, recognised by having the same results.

    Attributes
    ----------
    cases : sequence of tuple
        The arguments that the function is called with, a tuple for each call.
    solution : callable
        Gives the right result for a case. Its arguments have the names that readers
        know.
    look : str
        Where to look; said with a wrong answer that no mistake explains.
    error_hints : mapping of str to str
        Hints, and the pattern of the exceptions' texts that each of them is said to.
    """

    cases: Sequence[Case]
    solution: Callable[..., Tensor]
    look: str
    error_hints: Mapping[str, str] = field(default_factory=dict)

    def _judge(self, function: object) -> str:
        results: list[Tensor] = []
        for case in self.cases:
            expected = self.solution(*case)
            result = _read_result(self._call(function, case), expected)
            results.append(result)
            if not _same(result, expected):
                raise NotYetError(self._explain(results))
        if expected.dtype == torch.bool and result.dtype != torch.bool:
            raise NotYetError(
                "The pattern is right, but it is made of numbers. A mask holds True "
                "and False: compare with a number, or call .bool() at the end."
            )
        return self.why

    def _call(self, function: object, case: Case) -> object:
        """Return what the reader's function returns; it may change its arguments."""
        if is_open(function):
            raise NotAnsweredError("Write the function and pass its name.")
        if not callable(function):
            raise NotYetError(
                f"Expected a function, got {type(function).__name__}. Pass the "
                "function's name, without parentheses behind it."
            )
        copies = [x.clone() if isinstance(x, Tensor) else x for x in case]
        try:
            return function(*copies)
        except Exception as error:  # noqa: BLE001 - the reader's code may raise anything
            raise NotYetError(self._explain_error(error, case)) from None

    def _explain_error(self, error: Exception, case: Case) -> str:
        text = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR].rstrip(". \n")
        hints = [
            hint for hint, part in self.error_hints.items() if re.search(part, text)
        ]
        return " ".join(
            [f"The function stopped with {text}.", self._describe(case), *hints]
        )

    def _explain(self, results: Sequence[Tensor]) -> str:
        """Name the mistake that has the same results, and the first difference."""
        cases = self.cases[: len(results)]
        difference = _difference(results[-1], self.solution(*cases[-1]))
        for hint, functions in self.mistakes.items():
            for wrong in functions:
                if all(map(_same, results, (wrong(*case) for case in cases))):
                    return f"{hint} {difference}"
        return f"{difference} {self._describe(cases[-1])} {self.look}"

    def _describe(self, case: Case) -> str:
        arguments = inspect.signature(self.solution).bind(*case).arguments
        values = ", ".join(
            f"{name} of shape {tuple(value.shape)}"
            if isinstance(value, Tensor) and value.dim()
            else f"{name} = {value:g}"
            for name, value in arguments.items()
        )
        return f"It was called with {values}."


def _read_result(result: object, expected: Tensor) -> Tensor:
    """Turn what a function returned into a tensor, or say what it must return."""
    try:
        result = _first_of_pair(result, expected)
        if is_open(result):
            raise NotAnsweredError(
                "The function returns nothing. If you have written it: is the return "
                "missing?"
            )
        tensor = tensor_from(result)
    except (TypeError, ValueError, RuntimeError):
        tensor = None
    if tensor is None or tensor.is_complex():
        raise NotYetError(
            "The function must return a tensor, a numpy array, a number or nested "
            f"lists of numbers with rows of equal length. Got {type(result).__name__}."
        )
    while tensor.dim() > expected.dim() and tensor.size(0) == 1:
        tensor = tensor.squeeze(0)
    return tensor


def _first_of_pair(result: object, expected: Tensor) -> object:
    """Return the output of (output, weights), as the package's own functions do.

    A tuple of two whose entries have fewer dimensions is a table of two rows.
    """
    if not isinstance(result, tuple) or len(result) != 2 or is_open(result[0]):
        return result
    output: object = result[0]
    return output if tensor_from(output).dim() >= expected.dim() else result


def _same(result: Tensor, other: Tensor) -> bool:
    return result.shape == other.shape and bool(_close(result, other).all())


def _close(result: Tensor, other: Tensor) -> Tensor:
    """Say of each number whether it is the same but for rounding; NaN is NaN."""
    return torch.isclose(
        result.double(), other.double(), rtol=1e-4, atol=1e-5, equal_nan=True
    )


def _difference(result: Tensor, expected: Tensor) -> str:
    """Say in which shape, or at which position first, a result is not the right one."""
    if result.shape != expected.shape:
        return (
            f"The result should have the shape {tuple(expected.shape)} and has "
            f"{tuple(result.shape)}."
        )
    position = tuple((~_close(result, expected)).nonzero()[0].tolist())
    where = f"At position {list(position)}, counted from 0, the" if position else "The"
    return (
        f"{where} result should be {_show(expected[position])} and is "
        f"{_show(result[position])}."
    )


def _show(value: Tensor) -> str:
    return str(value.item()) if value.dtype == torch.bool else f"{value.item():.4g}"
