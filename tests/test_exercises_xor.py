"""Lesson 1: right answers in several forms, and plausible wrong ones with a reason."""

import math
from collections.abc import Callable
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import nnbasics.exercises as ex
from nnbasics import is_solved, predictions_over_seeds
from nnbasics.exercises._logic import a_line_can_separate, name_of

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


def from_parts(formula: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Make a function of w, x, b and t from one of p, z, x and t."""
    return lambda w, x, b, t: formula(torch.sigmoid(w * x + b), w * x + b, x, t)


RIGHT: dict[Checker, list[object]] = {
    # the weights and biases of the hidden layer, and of the output
    ex.check_parameter_count: [33, (2 * 8 + 8) + (8 * 1 + 1)],
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
    ex.check_parameter_count: [(24, "has a bias too"), (17, "2-4-1"), (11, "circles")],
    ex.check_one_hidden_unit: [(100, "four hidden units"), (99, "too large")],
    ex.check_loss_by_hand: [(0.3, "of the squared errors"), (0.25, "without squaring")],
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
        (lambda *case: slope(*case) / 2, "factor 2"),
        (from_parts(lambda p, z, x, t: 2 * (p - t) * x), "sigmoid is missing"),
        (lambda w, x, b, t: slope(w, x, b, t) / x, "with respect to b"),
        (lambda w, x, b, t: slope(w, x, b, t) / x * w, "with respect to x"),
        (lambda *case: -slope(*case), "sign is reversed"),
        (from_parts(lambda p, z, x, t: p * (1 - p) * x), "slope of the prediction"),
        (
            from_parts(
                lambda p, z, x, t: 2 * (p - t) * p.sigmoid() * (1 - p.sigmoid()) * x
            ),
            "taken twice",
        ),
        (from_parts(lambda p, z, x, t: 2 * (p - t) * z * (1 - z) * x), "not the sum z"),
        (from_parts(lambda p, z, x, t: 2 * (p - t) * p * x), "two factors"),
        (from_parts(lambda p, z, x, t: (p - t) ** 2), "the loss itself"),
        (lambda *case: 0.0, "w = 0.5, x = 1.7, b = -0.3, t = 1. Three links"),
        # right for the first point only, whose target is 1
        (
            lambda w, x, b, t: slope(w, x, b, 1.0),
            "w = -1.5, x = 0.7, b = 0.2, t = 0. Three links",
        ),
    ],
}


@pytest.mark.parametrize("check", RIGHT)
def test_right_forms_are_accepted(check: Checker) -> None:
    assert {check(answer).status for answer in RIGHT[check]} == {"right"}


@pytest.mark.parametrize("check", WRONG)
def test_a_mistake_is_met_with_its_hint(check: Checker) -> None:
    for answer, hint in WRONG[check]:
        feedback = check(answer)
        # behind the number, as in "Exercise 1.4"
        assert str(feedback)[12:].startswith(": not yet. ")
        assert {h for _, h in WRONG[check] if h in feedback.message} == {hint}


def test_messages_about_units() -> None:
    at_or = "0.00 for (0, 0), 1.00 for (0, 1), 1.00 for (1, 0) and 1.00 for (1, 1)"
    whole = {
        ex.check_and_unit(None): (
            "not answered yet. Put three numbers (w1, w2, b) in the place of None."
        ),
        ex.check_and_unit((-30, 20, 20)): (
            "not yet. The order is w1, w2, b: the bias comes last."
        ),
        ex.check_and_unit(OR): (
            f"not yet. This unit computes OR. It gives {at_or}. How large must the sum "
            "be before it gets above 0, and which of the three numbers says so?"
        ),
        ex.check_and_unit((1, 1, -1.5)): (
            "not yet. The jobs are right, but the numbers are not near enough to 0 and "
            "1: 0.18 for (0, 0), 0.38 for (0, 1), 0.38 for (1, 0) and 0.62 for (1, 1). "
            "What happens to a unit when you multiply its weights and its bias by the "
            "same large number?"
        ),
        ex.check_and_unit(AND): (
            "right. The unit gives 0.00 for (0, 0), 0.00 for (0, 1), 0.00 for (1, 0) "
            "and 1.00 for (1, 1)."
        ),
        ex.check_xor_by_hand(None, None, AND): (
            "not answered yet. Still to choose: first, second."
        ),
        ex.check_xor_by_hand(OR, NAND, OR): (
            "not yet. The first hidden unit computes OR, the second NAND (the opposite "
            "of AND). That can work. Look at the output unit: it gives 1.00 for (0, 0)"
            ", 1.00 for (0, 1), 1.00 for (1, 0) and 1.00 for (1, 1)."
        ),
        ex.check_xor_by_hand((20, 0, -10), (0, 20, -10), OR): (
            "not yet. The first hidden unit computes the first input alone, the second "
            "the second input alone. To the output unit, two points with different "
            "targets look alike, or no line parts them: give the hidden units "
            "different jobs."
        ),
        ex.check_xor_by_hand(OR, NAND, AND): (
            "right. The network gives 0.00 for (0, 0), 1.00 for (0, 1), 1.00 for (1, 0)"
            " and 0.00 for (1, 1)."
        ),
    }
    said = [f"{feedback.status}. {feedback.message}" for feedback in whole]
    assert said == list(whole.values())
    assert [f.exercise for f in whole] == ["1.4"] * 5 + ["1.5"] * 4


@pytest.mark.slow
def test_one_hidden_unit_solves_no_seed() -> None:
    solved = is_solved(predictions_over_seeds([10.0], range(100), hidden_size=1))
    assert ex.check_one_hidden_unit(solved.sum()).status == "right"


def test_names_of_logical_functions() -> None:
    assert name_of(torch.tensor([0.1, 0.9, 0.8, 0.2])) == "XOR"
    assert name_of(torch.tensor([0.1, 0.2, 0.3, 0.6])) == "AND"
    assert name_of(torch.full((4,), 0.5)) == "0 for every point"


def test_a_line_separates_all_corners_but_crossed_ones() -> None:
    # Four points at corners of the square, with each choice of targets. A line parts
    # them unless a corner has both targets, or each diagonal has a target of its own.
    crossed = {(0, 0, 0), (1, 1, 0), (0, 1, 1), (1, 0, 1)}
    crossed_otherwise = {(x1, x2, 1 - target) for x1, x2, target in crossed}
    corners = list(product((0, 1), repeat=3))  # x1, x2 and a target
    for points in combinations_with_replacement(corners, 4):
        inputs, targets = torch.tensor(points).float().split([2, 1], dim=1)
        has_both = len({point[:2] for point in points}) < len(set(points))
        expected = not has_both and set(points) not in (crossed, crossed_otherwise)
        assert a_line_can_separate(inputs, targets.flatten()) == expected, points
