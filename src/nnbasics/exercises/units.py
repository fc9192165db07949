"""Questions answered with the numbers of sigmoid units, which the checkers compute.

All is computed in float64, as the pages of the site do, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from nnbasics.exercises.questions import (
    NotAnsweredError,
    NotYetError,
    Question,
    is_open,
    numbers_from,
)
from nnbasics.xor import xor_dataset

# The answers to (0, 0), (0, 1), (1, 0) and (1, 1).
_LOGICAL_FUNCTIONS = {
    "0000": "0 for every point",
    "0001": "AND",
    "0010": "the first but not the second input",
    "0011": "the first input alone",
    "0100": "the second but not the first input",
    "0101": "the second input alone",
    "0110": "XOR",
    "0111": "OR",
    "1000": "NOR (the opposite of OR)",
    "1001": "the opposite of XOR",
    "1010": "the opposite of the second input",
    "1011": "1 unless only the second input is 1",
    "1100": "the opposite of the first input",
    "1101": "1 unless only the first input is 1",
    "1110": "NAND (the opposite of AND)",
    "1111": "1 for every point",
}

_INPUTS = xor_dataset()[0].double()

_TOO_FLAT = (
    "The jobs are right, but the numbers are not near enough to 0 and 1: {points}. "
    "What happens to a unit when you multiply its weights and its bias by the same "
    "large number?"
)


@dataclass(frozen=True, kw_only=True)
class _SigmoidQuestion(Question):
    """A question whose answer is made of the numbers of units.

    Attributes
    ----------
    flat : str
        Said where the outputs are on the right sides of 0.5.
    names : mapping of str to str
        The names of functions, by their answers to the four points, for the page.
    """

    labels: Sequence[str] = ("w1", "w2", "b")
    flat: str = _TOO_FLAT
    names: Mapping[str, str] = field(default_factory=lambda: _LOGICAL_FUNCTIONS)


@dataclass(frozen=True, kw_only=True)
class UnitQuestion(_SigmoidQuestion):
    """A question whose answer is the numbers (w1, w2, b) of a unit that computes AND.

    What it says names the unit's outputs, `points`, and the function it computes.

    Attributes
    ----------
    order : str
        Said where the bias comes first.
    look : str
        Said with a wrong answer that nothing else explains.
    """

    order: str
    look: str

    def _judge(self, answer: object) -> str:
        if is_open(answer):
            raise NotAnsweredError(
                "Put three numbers (w1, w2, b) in the place of None."
            )
        unit = _read_unit("unit", answer)
        output = _activation(_INPUTS, unit)  # (4,)
        name, points = name_of(output), _at_points(output)
        if _computes("AND", output):
            return self.why.format(points=points)
        if name == "AND":
            raise NotYetError(self.flat.format(points=points))
        if _computes("AND", _activation(_INPUTS, unit.roll(-1))):
            raise NotYetError(self.order)
        raise NotYetError(self.look.format(name=name, points=points))


@dataclass(frozen=True, kw_only=True)
class NetworkQuestion(_SigmoidQuestion):
    """A question whose answer is three units, by name, that compute XOR.

    Attributes
    ----------
    jobs : str
        Says what the hidden units compute, before one of the next two.
    look : str
        Said where the output unit could compute XOR from that.
    alike : str
        Said where it cannot.
    """

    jobs: str
    look: str
    alike: str

    def _judge(self, answer: Mapping[str, object]) -> str:
        missing = [name for name, unit in answer.items() if is_open(unit)]
        if missing:
            raise NotAnsweredError(f"Still to choose: {', '.join(missing)}.")
        *units, output = (_read_unit(name, unit) for name, unit in answer.items())
        hidden = torch.stack([_activation(_INPUTS, u) for u in units], 1)  # (4, 2)
        predictions = _activation(hidden, output)  # (4,)
        points = _at_points(predictions)
        if _computes("XOR", predictions):
            return self.why.format(points=points)
        if name_of(_activation(hidden.round(), output)) == "XOR":
            raise NotYetError(self.flat.format(points=points))
        first, second = map(name_of, hidden.T)
        jobs = self.jobs.format(first=first, second=second)
        advice = self.look if a_line_can_separate(hidden) else self.alike
        raise NotYetError(f"{jobs} {advice.format(points=points)}")


def _read_unit(name: str, answer: object) -> Tensor:
    values = numbers_from(answer)
    if len(values) != 3:
        raise NotYetError(
            f"{name} must be three numbers (w1, w2, b), and has {len(values)}."
        )
    return torch.tensor(values, dtype=torch.float64)


def _activation(inputs: Tensor, unit: Tensor) -> Tensor:
    return torch.sigmoid(inputs @ unit[:2] + unit[2])  # (points,)


def _at_points(output: Tensor) -> str:
    form = (
        "{:.2f} for (0, 0), {:.2f} for (0, 1), {:.2f} for (1, 0) and {:.2f} for (1, 1)"
    )
    return form.format(*output.tolist())


def name_of(activations: Tensor) -> str:
    """Name the logical function that four activations come nearest to."""
    pattern = "".join(str(int(above)) for above in activations > 0.5)
    return _LOGICAL_FUNCTIONS[pattern]


def _computes(name: str, activations: Tensor) -> bool:
    """Say whether activations are near enough to 0 and 1, and to which function."""
    near = bool(((activations - activations.round()).abs() < 0.1).all())
    return near and name_of(activations) == name


def a_line_can_separate(hidden: Tensor) -> bool:
    """Say whether one unit can tell XOR from two hidden activations, rounded.

    `hidden` has the shape (4, 2). No line parts the four points if two with different
    targets lie on one corner of a square, or if each diagonal has a target of its own.
    """
    corners = hidden.round()
    zeros, ones = corners[[0, 3]], corners[[1, 2]]
    alike = (torch.cdist(zeros, ones) == 0).any()
    crossed = (zeros.sum(dim=0) == 1).all() and (ones.sum(dim=0) == 1).all()
    return not (alike or crossed)
