"""Exercise 4.6, answered with a function: rotating queries and keys."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises.function_questions import FunctionQuestion, draw
from nnbasics.exercises.questions import Feedback
from nnbasics.positions import rotate

_SHORT, _LONG = draw((3, 4), (7, 6))


def _angles(x: Tensor, base: int, step: float = 2) -> Tensor:
    """Return the angle of each pair at each place; with step 2 the right ones."""
    number = torch.arange(x.size(1) // 2)
    return torch.arange(len(x))[:, None] * base ** (-step * number / x.size(1))


def _turn(x: Tensor, angles: Tensor) -> Tensor:
    """Turn neighbours by these angles, whatever they are."""
    first, second = x[:, 0::2], x[:, 1::2]
    cos, sin = angles.cos(), angles.sin()
    return _side_by_side(first * cos - second * sin, first * sin + second * cos)


def _side_by_side(first: Tensor, second: Tensor) -> Tensor:
    return torch.stack([first, second], dim=-1).flatten(-2)


def _apart(x: Tensor) -> Tensor:
    """Put the first of all pairs before the second of all pairs."""
    return torch.cat([x[:, 0::2], x[:, 1::2]], dim=1)


def _halves(x: Tensor, base: int) -> Tensor:
    """Rotate with pairs of column i and column i + d / 2."""
    return _apart(rotate(_side_by_side(*x.chunk(2, dim=1)), 0, base))


def _swapped(x: Tensor, base: int) -> Tensor:
    first, second, angles = x[:, 0::2], x[:, 1::2], _angles(x, base)
    cos, sin = angles.cos(), angles.sin()
    return _side_by_side(first * sin - second * cos, first * cos + second * sin)


def _no_minus(x: Tensor, base: int) -> Tensor:
    first, second, angles = x[:, 0::2], x[:, 1::2], _angles(x, base)
    cos, sin = angles.cos(), angles.sin()
    return _side_by_side(first * cos + second * sin, first * sin + second * cos)


_ROTATE = FunctionQuestion(
    exercise="4.6",
    cases=[(_SHORT, 100), (_LONG, 10000)],
    solution=lambda x, base: rotate(x, 0, base),
    why="It agrees with the package, for two sizes and two bases.",
    look=(
        "Begin with the angles, a row for each place and a column for each pair. "
        "Place 0 is not turned, and the first pair turns by 1 a place."
    ),
    mistakes={
        "Sine and cosine are swapped. At place 0 the angle is 0, the cosine 1 and the "
        "sine 0: its row must stay as it is.": [_swapped],
        "The pairs are turned the other way. The minus belongs to the first number of "
        "a pair.": [lambda x, base: _turn(x, -_angles(x, base))],
        "One minus is missing: this is no rotation. The first number of a pair becomes "
        "first · cos − second · sin.": [_no_minus],
        "The base is forgotten: all pairs turn by the same angle. Each pair is slower "
        "than the one before it.": [
            lambda x, base: _turn(x, _angles(x, base, 0).expand(-1, x.size(1) // 2))
        ],
        "The later pairs are turned faster than the first. There is a minus in the "
        "exponent.": [lambda x, base: _turn(x, _angles(x, base, -2))],
        "The exponent is half as large as it should be: it is −2i / d, with i the "
        "number of the pair.": [lambda x, base: _turn(x, _angles(x, base, 1))],
        "The exponent is twice as large as it should be: it is −2i / d, with i the "
        "number of the pair, and not of the column.": [
            lambda x, base: _turn(x, _angles(x, base, 4))
        ],
        "The first half was paired with the second. Other code does that too, but here "
        "neighbours are pairs.": [_halves],
        "The pairs are turned rightly, but torn apart: first numbers, then second "
        "numbers. Put each pair side by side again.": [
            lambda x, base: _apart(rotate(x, 0, base))
        ],
        "The places were counted from 1. The first row is place 0, and stays as it "
        "is.": [lambda x, base: rotate(x, 1, base)],
        "Nothing was turned.": [lambda x, base: x],  # noqa: ARG005 - a case has both
    },
    error_hints={
        "Look at the shapes: first and second numbers of the pairs have d_head / 2 "
        "columns, and so must the angles have.": "must match the size"
    },
)


def check_rotate(function: object) -> Feedback:
    """Exercise 4.6: write rotary position embedding.

    Parameters
    ----------
    function : callable or None
        Takes x (length, d_head) and the base, an int, and returns the rotated rows,
        the first of which is at place 0: a tensor, an array or nested lists.

    Examples
    --------
    >>> from nnbasics import rotate
    >>> print(check_rotate(lambda x, base: rotate(x, 1, base)))
    Exercise 4.6: not yet. The places were counted from 1. The first row is
    place 0, and stays as it is. At position [0, 0], counted from 0, the result
    should be 1.541 and is 1.08.
    """
    return _ROTATE.judge(function)
