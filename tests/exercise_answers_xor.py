"""Lesson 1: right answers in several forms, and plausible wrong ones with a reason."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

import nnbasics.exercises as ex

Checker = Callable[[Any], ex.Feedback]

OR, AND, NAND = (20.0, 20.0, -10.0), (20.0, 20.0, -30.0), (-20.0, -20.0, 30.0)
FIRST_ONLY, SECOND_ONLY = (20.0, -20.0, -10.0), (-20.0, 20.0, -10.0)


def check_network(units: tuple[object, object, object]) -> ex.Feedback:
    return ex.check_xor_by_hand(*units)


def slope(w: float, x: float, b: float, t: float) -> float:
    p = 1 / (1 + math.exp(-(w * x + b)))
    return 2 * (p - t) * p * (1 - p) * x


def with_autograd(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor | None:
    w = w.clone().requires_grad_()
    ((torch.sigmoid(w * x + b) - t) ** 2).backward()
    return w.grad


def with_differences(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    before, after = ((torch.sigmoid(v * x + b) - t) ** 2 for v in (w - 1e-5, w + 1e-5))
    return (after - before) / 2e-5


RIGHT: dict[Checker, list[object]] = {
    # what is left for the hidden units, by what each of them brings
    ex.check_hidden_units: [8, (41 - 1) / (3 + 1 + 1)],
    ex.check_one_hidden_unit: [0],
    ex.check_loss_by_hand: [0.075, 0.07491, 0.07509],
    ex.check_and_unit: [
        (20, 20, -30),
        [10.0, 12.0, -16.0],
        torch.tensor([20.0, 20.0, -30.0]),
        np.array([30, 30, -45]),
        (torch.tensor(20.0), torch.tensor(20.0), -30),
    ],
    check_network: [
        (OR, NAND, AND),
        (list(NAND), np.array(OR), torch.tensor(AND)),
        (OR, AND, FIRST_ONLY),
        (FIRST_ONLY, SECOND_ONLY, OR),
    ],
    ex.check_weight_slope: [slope, with_autograd, with_differences],
}
WRONG: dict[Checker, list[tuple[object, str]]] = {
    ex.check_and_unit: [
        (NAND, "computes NAND"),
        ((-20, -20, 10), "computes NOR"),
        ((20, 20, 30), "1 for every point"),  # the bias with the wrong sign
        ((1, 1, -3), "0 for every point"),
        ((20, 0, -10), "the first input alone"),
        ((20, 20), "unit must be three numbers (w1, w2, b), and has 2."),
        ((20, 20, "b"), "made of numbers"),
        ((20, 20, float("inf")), "finite"),
    ],
    check_network: [
        ((OR, OR, AND), "different jobs"),
        ((AND, NAND, OR), "different jobs"),  # both sides of the same line
        ((FIRST_ONLY, OR, AND), "different jobs"),  # (0, 1) and (1, 1) look alike
        ((FIRST_ONLY, SECOND_ONLY, AND), "That can work. Look at the output unit"),
        ((OR, AND, AND), "That can work. Look at the output unit"),
        ((OR, NAND, (2, 2, -3)), "0 and 1: 0.27 for (0, 0), 0.73 for (0, 1)"),
        (((1, 1, -0.5), (-1, -1, 1.5), (1, 1, -1.5)), "enough to 0 and 1: 0.42"),
        ((OR, NAND, (20, 20)), "output must be three numbers"),
        ((OR, "NAND", AND), "made of numbers"),
    ],
    ex.check_weight_slope: [
        (lambda w, x, b, t: 2 * (torch.sigmoid(w * x + b) - t) * x, "is missing, the"),
        (lambda *case: 0.0, "w = 0.5, x = 1.7, b = -0.3, t = 1. Three links"),
        # right for the first point only, whose target is 1
        (
            lambda w, x, b, t: slope(w, x, b, 1.0),
            "w = -1.5, x = 0.7, b = 0.2, t = 0. Three links",
        ),
    ],
}
