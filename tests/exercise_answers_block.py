"""Lesson 6: right answers in several forms, and plausible wrong ones with a reason.

Of the mistakes that a question stores, only those are here that are written otherwise.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

import nnbasics.exercises as ex

Checker = Callable[[Any], ex.Feedback]


def check_leaks(answers: tuple[object, object, object, object]) -> ex.Feedback:
    return ex.check_leaks(*answers)


def word_by_word(
    x: Tensor, gain: Tensor, bias: Tensor, eps: float
) -> list[list[float]]:
    output = []
    for word in x.tolist():
        mean = sum(word) / len(word)
        variance = sum((number - mean) ** 2 for number in word) / len(word)
        normed = [(number - mean) / (variance + eps) ** 0.5 for number in word]
        numbers = zip(normed, gain.tolist(), bias.tolist(), strict=True)
        output.append([n * g + b for n, g, b in numbers])
    return output


def with_torch(
    dim: int | tuple[int, int] = 1,
    *,
    correction: int = 0,
    keepdim: bool = True,
    centred: bool = True,
    behind_the_root: bool = False,
    power: float = 0.5,
) -> Callable[..., Tensor]:
    """Return a norm, right as it stands; what is named can be made wrong."""

    def norm(x: Tensor, gain: Tensor, bias: Tensor, eps: float) -> Tensor:
        variance = x.var(dim, correction=correction, keepdim=keepdim)
        under, behind = (0, eps) if behind_the_root else (eps, 0)
        mean = x.mean(dim, keepdim=keepdim) * centred
        return (x - mean) / ((variance + under) ** power + behind) * gain + bias

    return norm


by_torch = with_torch()

RIGHT: dict[Checker, list[object]] = {
    ex.check_block_parameters: [2224, torch.tensor([2224])],
    check_leaks: [
        ("holds", "leaks", "holds", "leaks"),
        ("Holds", "LEAKS ", "holds", "leaks"),
    ],
    ex.check_normed_number: [1.34, 1.3416, 3 / 5**0.5],
    ex.check_deep_stack: ["x + f(norm(x))", "X + f(norm(x)) "],
    ex.check_forgotten_residual: [0.1 * 1.1**9, 0.236],
    ex.check_layer_norm: [word_by_word, by_torch],
}
WRONG: dict[Checker, list[tuple[object, str]]] = {
    ex.check_block_parameters: [
        (12 * 16**2 + 13 * 16, "right for 64 hidden units"),
        (4 * (16**2 + 16) + 2 * 16 * 32 + 32 + 16, "The norms have parameters"),
        (12 * 16**2, "3072 is too large. Attention has"),
    ],
    check_leaks: [
        (("leaks", "leaks", "holds", "leaks"), "parts looks at other words"),
        (("holds", "holds", "holds", "leaks"), "Draw the mask"),
        (("holds", "leaks", "leaks", "leaks"), "wherever it stands"),
        (("holds", "leaks", "holds", "holds"), "No mask stands before"),
    ],
    ex.check_normed_number: [
        ((8 - 5) / torch.tensor([8.0, 6, 4, 2]).std().item(), "not by n - 1"),
        (0.6, "root of the variance"),
        (-1.34, "above the mean"),
        (1.0, "1 is too small. Take off"),
    ],
    ex.check_deep_stack: [
        ("f(x)", "this is the plain stack"),
        ("f(norm(x))", "goes through all 32"),
        ("x/2 + f(x)", "Half of x"),
    ],
    ex.check_forgotten_residual: [
        (2.594, "right for ten"),
        (0.5, "0.5 is too large. The slope of"),
        (1.1 * 9 + 0.1, "does not add"),
    ],
    ex.check_layer_norm: [
        (lambda x, g, b, eps: by_torch(x, g, b, 0.0), "eps is missing"),
        (with_torch(0), "runs down the columns"),
        (with_torch(keepdim=False), "stand in a row"),
        (with_torch((0, 1)), "one mean and one variance"),
        (with_torch(centred=False), "mean was not taken off"),
        (with_torch(correction=1), "n - 1, as torch's"),
        (with_torch(correction=1, behind_the_root=True), "n - 1, and eps was"),
        (with_torch(behind_the_root=True), "It belongs under it"),
        (with_torch(power=1), "not by the variance"),
        (lambda x, g, b, eps: by_torch(x, b, g, eps), "swapped"),
        (lambda x, g, b, eps: (by_torch(x, g / g, 0 * b, eps) + b) * g, "before the"),
        (lambda *case: 2 * by_torch(*case), "Take off the mean of each"),
    ],
}
