"""Lesson 4: right answers in several forms, and plausible wrong ones with a reason.

Of the mistakes that a question stores, only those are here that are written otherwise.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

import nnbasics.exercises as ex
from nnbasics import rotate

Checker = Callable[[Any], ex.Feedback]


def check_tables(answers: tuple[object, ...]) -> ex.Feedback:
    return ex.check_changed_tables(*answers)


def check_moves(answers: tuple[object, ...]) -> ex.Feedback:
    return ex.check_moved_words(*answers)


def with_loops(
    x: Tensor,
    base: float,
    *,
    angle: Callable[..., float] = lambda m, i, d, base: m * base ** (-2 * i / d),
    minus: tuple[int, int] = (-1, 1),
) -> list[list[float]]:
    """Rotate number by number; what is named can be made wrong."""
    rows = []
    for place, row in enumerate(x.tolist()):
        turned = []
        for i in range(len(row) // 2):
            a = angle(place, i, len(row), base)
            one, two = row[2 * i], row[2 * i + 1]
            turned += [
                one * math.cos(a) + minus[0] * two * math.sin(a),
                minus[1] * one * math.sin(a) + two * math.cos(a),
            ]
        rows.append(turned)
    return rows


def with_complex_numbers(x: Tensor, base: float) -> Tensor:
    pairs = torch.view_as_complex(x.unflatten(1, (-1, 2)).contiguous())
    speeds = base ** (-torch.arange(0, x.size(1), 2) / x.size(1))
    angles = torch.outer(torch.arange(len(x)).float(), speeds)
    turned = pairs * torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(turned).flatten(1)


def rotate_half(x: Tensor, base: float) -> Tensor:
    """As in much code: column i and column i + d / 2 are a pair."""
    half = x.size(1) // 2
    speeds = base ** (-torch.arange(half) / half)
    angles = (torch.arange(len(x))[:, None] * speeds).repeat(1, 2)
    other = torch.cat([-x[:, half:], x[:, :half]], dim=1)
    return x * angles.cos() + other * angles.sin()


def at_angles(angle: Callable[..., float]) -> Callable[..., object]:
    return lambda x, base: with_loops(x, base, angle=angle)


RIGHT: dict[Checker, list[object]] = {
    ex.check_product_of_places: [1.16, 1.161, math.cos(5) + math.cos(0.5)],
    check_tables: [("yes", "no", "yes"), ("Yes", " no", "YES")],
    ex.check_slowest_pair: [628, 628.3, torch.tensor(200 * math.pi)],
    check_moves: [("stays", "changes", "changes")],
    ex.check_alibi_ratio: [4.48, math.e**1.5],
    ex.check_rotate: [
        lambda x, base: rotate(x, base=base),
        with_loops,
        with_complex_numbers,
        lambda x, base: with_complex_numbers(x, base).numpy(),
    ],
}
WRONG: dict[Checker, list[tuple[object, str]]] = {
    ex.check_product_of_places: [
        (0.28, "one pair of the two"),
        (2 * 0.2837, "The second turns by 0.1"),
        (1.996, "radians, not degrees"),
        (5, "5 is too large. How far are the places apart"),
    ],
    check_tables: [
        (("no", "no", "yes"), "Does their order change a sum?"),
        (("yes", "yes", "yes"), "Try one pair"),
        (("yes", "no", "no"), "What is the angle now?"),
    ],
    ex.check_slowest_pair: [
        (6.28, "the first pair"),
        (360 / 0.01, "not 360"),
        (2 * math.pi * 10000, "2 / 4 here"),
        (629, "629 is too large. By how much does pair 1"),
    ],
    check_moves: [
        (("changes", "changes", "changes"), "the distance of the two?"),
        (("stays", "stays", "changes"), "which does not?"),
        (("stays", "changes", "stays"), "or behind it?"),
    ],
    ex.check_alibi_ratio: [
        (3 * 0.5, "the difference of the scores"),
        (20.0855, "costs 0.5, not 1"),
        (4, "ratio of the distances"),
        (0.223, "The other way round"),
        (5, "5 is too large. By how much"),
    ],
    ex.check_rotate: [
        (lambda x, base: with_loops(x, base, minus=(1, -1)), "the other way"),
        (lambda x, base: with_loops(x, base, minus=(1, 1)), "One minus is missing"),
        (at_angles(lambda m, i, d, b: m), "The base is forgotten"),
        (at_angles(lambda m, i, d, b: m * b ** (2 * i / d)), "a minus in the exponent"),
        (at_angles(lambda m, i, d, b: m * b ** (-i / d)), "half as large"),
        (at_angles(lambda m, i, d, b: m * b ** (-4 * i / d)), "not of the column"),
        (
            at_angles(lambda m, i, d, b: math.pi / 2 - m * b ** (-2 * i / d)),
            "Sine and cosine are swapped",
        ),
        (
            lambda x, base: [
                [-row[1], row[0], -row[3], row[2], *row[4:]][: len(row)]
                for row in with_loops(x, base, angle=lambda m, i, d, b: -m)
            ],
            "Begin with the angles",
        ),
        (rotate_half, "The first half was paired"),
        (lambda x, base: rotate(x, 1, base), "counted from 1"),
        (lambda x, base: x, "Nothing was turned"),
        (lambda x, base: x * torch.ones(len(x), x.size(1) // 2), "have d_head / 2"),
    ],
}
