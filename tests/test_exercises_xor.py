"""Lesson 1: right answers in several forms, and plausible wrong ones with a reason."""

import math
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
import torch
from torch import Tensor

from nnbasics import is_solved, predictions_over_seeds
from nnbasics.exercises import (
    check_and_unit,
    check_loss_by_hand,
    check_one_hidden_unit,
    check_parameter_count,
    check_weight_slope,
    check_xor_by_hand,
)
from nnbasics.exercises._logic import a_line_can_separate, name_of

pytestmark = pytest.mark.usefixtures("feedback_is_as_stored")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (24, "bias too"),  # no biases
        (32, "The output unit has a bias"),
        (25, "The hidden units have a bias"),
        (26, "input is a number that comes in"),  # biases for the inputs alone
        (35, "input is a number that comes in"),  # biases for the inputs as well
        (17, "2-4-1"),
        (16, "hidden layer alone"),
        (11, "circles"),
        (33.5, "too large"),
        (34, "too large"),
    ],
)
def test_wrong_parameter_counts(answer: float, reason: str) -> None:
    feedback = check_parameter_count(answer)
    assert feedback.status == "not yet"
    assert reason in feedback.message
    assert "33 " not in feedback.message


def test_one_hidden_unit_solves_no_seed() -> None:
    solved = is_solved(predictions_over_seeds([10.0], range(100), hidden_size=1))
    assert check_one_hidden_unit(solved.sum()).status == "right"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (100, "with four hidden units"),
        (50, "too large"),
        (25, "what boundary one unit can draw"),
        (1, "too large"),
        (-1, "too small"),
        (99, "too large"),
    ],
)
def test_wrong_numbers_of_seeds(answer: float, reason: str) -> None:
    feedback = check_one_hidden_unit(answer)
    assert feedback.status == "not yet"
    assert reason in feedback.message


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (0.3, "the sum of the squared errors"),
        (0.25, "without squaring"),
        (1.0, "sum of the errors"),
        (0.0375, "half of it"),
        (0.15, "divides the sum by 2"),
        (math.sqrt(0.075), "square root"),
        (0.325, "targets"),
        (0.08, "too large"),
        (0.07, "too small"),
        (-0.075, "too small"),
    ],
)
def test_wrong_losses(answer: float, reason: str) -> None:
    feedback = check_loss_by_hand(answer)
    assert feedback.status == "not yet"
    assert reason in feedback.message
    assert "0.075" not in feedback.message.replace(f"{answer:g}", "")


@pytest.mark.parametrize(
    "unit",
    [
        (20, 20, -30),
        [10.0, 12.0, -16.0],
        torch.tensor([20.0, 20.0, -30.0]),
        np.array([30, 30, -45]),
        (torch.tensor(20.0), torch.tensor(20.0), -30),
    ],
)
def test_right_and_units(unit: object) -> None:
    assert check_and_unit(unit).status == "right"


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ((20, 20, -10), "computes OR"),
        ((-20, -20, 30), "computes NAND"),
        ((-20, -20, 10), "computes NOR"),
        ((20, 20, 30), "1 for every point"),  # the bias with the wrong sign
        ((1, 1, -3), "0 for every point"),
        ((1, 1, -1.5), "the same large number"),  # right, but too flat
        ((-30, 20, 20), "the bias comes last"),
        ((20, 0, -10), "the first input alone"),
        ((20, 20), "three numbers (w1, w2, b), and has 2"),
        ((20, 20, "b"), "made of numbers"),
        ((20, 20, float("inf")), "finite"),
    ],
)
def test_wrong_and_units(unit: object, reason: str) -> None:
    feedback = check_and_unit(unit)
    assert feedback.status == "not yet"
    assert reason in feedback.message


OR, AND, NAND = (20.0, 20.0, -10.0), (20.0, 20.0, -30.0), (-20.0, -20.0, 30.0)
FIRST_ONLY, SECOND_ONLY = (20.0, -20.0, -10.0), (-20.0, 20.0, -10.0)


@pytest.mark.parametrize(
    ("first", "second", "output"),
    [
        (OR, NAND, AND),
        (list(NAND), np.array(OR), torch.tensor(AND)),
        (OR, AND, FIRST_ONLY),
        (FIRST_ONLY, SECOND_ONLY, OR),
    ],
)
def test_right_xor_networks(first: object, second: object, output: object) -> None:
    assert check_xor_by_hand(first, second, output).status == "right"


@pytest.mark.parametrize(
    ("first", "second", "output", "reason"),
    [
        (OR, OR, AND, "different jobs"),
        (AND, NAND, OR, "different jobs"),  # both sides of the same line
        (FIRST_ONLY, OR, AND, "different jobs"),  # (0, 1) and (1, 1) look alike
        (FIRST_ONLY, SECOND_ONLY, AND, "Look at the output unit"),
        (OR, NAND, OR, "OR, the second NAND (the opposite of AND). That can work."),
        (OR, AND, AND, "Look at the output unit"),
        ((20, 0, -10), (0, 20, -10), OR, "the second the second input alone"),
        (OR, NAND, (2, 2, -3), "same large number"),
        ((1, 1, -0.5), (-1, -1, 1.5), (1, 1, -1.5), "same large number"),
        (OR, NAND, (20, 20), "output must be three numbers"),
        (OR, "NAND", AND, "made of numbers"),
    ],
)
def test_wrong_xor_networks(
    first: object, second: object, output: object, reason: str
) -> None:
    feedback = check_xor_by_hand(first, second, output)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def test_an_xor_network_in_parts_says_what_is_missing() -> None:
    feedback = check_xor_by_hand(OR, None, None)
    assert feedback.status == "not answered yet"
    assert "second, output" in feedback.message


def test_names_of_logical_functions() -> None:
    assert name_of(torch.tensor([0.1, 0.9, 0.8, 0.2])) == "XOR"
    assert name_of(torch.tensor([0.1, 0.2, 0.3, 0.6])) == "AND"
    assert name_of(torch.full((4,), 0.5)) == "0 for every point"


def test_a_line_separates_what_it_can() -> None:
    targets = torch.tensor([0.0, 1.0, 1.0, 0.0])
    inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert not a_line_can_separate(inputs, targets)  # Minsky and Papert
    assert not a_line_can_separate(torch.zeros(4, 2), targets)
    or_and_nand = torch.tensor([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    assert a_line_can_separate(or_and_nand, targets)


def test_a_line_separates_all_corners_but_crossed_ones() -> None:
    # Four points at corners of the square, with each choice of targets. A line parts
    # them unless a corner has both targets, or each diagonal has a target of its own.
    diagonals = {(0.0, 0.0), (1.0, 1.0)}, {(0.0, 1.0), (1.0, 0.0)}
    corners = sorted(set.union(*diagonals))
    for points in product(corners, repeat=4):
        for targets in product([0.0, 1.0], repeat=4):
            both = [
                {p for p, t in zip(points, targets, strict=True) if t == kind}
                for kind in (0.0, 1.0)
            ]
            crossed = any(
                both[0] >= one and both[1] >= other
                for one, other in (diagonals, diagonals[::-1])
            )
            expected = not crossed and not both[0] & both[1]
            found = a_line_can_separate(torch.tensor(points), torch.tensor(targets))
            assert found == expected, (points, targets)


def with_math(w: float, x: float, b: float, t: float) -> float:
    p = 1 / (1 + math.exp(-(w * x + b)))
    return 2 * (p - t) * p * (1 - p) * x


def with_autograd(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    w = w.clone().requires_grad_()
    ((torch.sigmoid(w * x + b) - t) ** 2).backward()
    assert w.grad is not None
    return w.grad


def with_differences(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> Tensor:
    def loss(w: Tensor) -> Tensor:
        return (torch.sigmoid(w * x + b) - t) ** 2

    return (loss(w + 1e-5) - loss(w - 1e-5)) / 2e-5


def in_a_list(w: Tensor, x: Tensor, b: Tensor, t: Tensor) -> list[float]:
    return [with_math(float(w), float(x), float(b), float(t))]


@pytest.mark.parametrize(
    "function", [with_math, with_autograd, with_differences, in_a_list]
)
def test_right_slopes(function: object) -> None:
    assert check_weight_slope(function).status == "right"


def sigmoid(w: Tensor, x: Tensor, b: Tensor) -> Tensor:
    return torch.sigmoid(w * x + b)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda w, x, b, t: with_math(w, x, b, t) / 2, "factor 2"),
        (lambda w, x, b, t: 2 * (sigmoid(w, x, b) - t) * x, "sigmoid is missing"),
        (lambda w, x, b, t: with_math(w, x, b, t) / x, "with respect to b"),
        (lambda w, x, b, t: with_math(w, x, b, t) / x * w, "with respect to x"),
        (lambda w, x, b, t: -with_math(w, x, b, t), "sign is reversed"),
        (
            lambda w, x, b, t: sigmoid(w, x, b) * (1 - sigmoid(w, x, b)) * x,
            "slope of the prediction",
        ),
        (
            lambda w, x, b, t: (
                2
                * (sigmoid(w, x, b) - t)
                * torch.sigmoid(sigmoid(w, x, b))
                * (1 - torch.sigmoid(sigmoid(w, x, b)))
                * x
            ),
            "taken twice",
        ),
        (
            lambda w, x, b, t: (
                2 * (sigmoid(w, x, b) - t) * (w * x + b) * (1 - w * x - b) * x
            ),
            "not the sum z",
        ),
        (
            lambda w, x, b, t: 2 * (sigmoid(w, x, b) - t) * sigmoid(w, x, b) * x,
            "two factors",
        ),
        (lambda w, x, b, t: (sigmoid(w, x, b) - t) ** 2, "the loss itself"),
        (lambda w, x, b, t: 0.0, "Three links"),
        (lambda w, x, b, t: sigmoid(w), "TypeError"),  # type: ignore[call-arg]
    ],
)
def test_wrong_slopes(function: Callable[..., object], reason: str) -> None:
    feedback = check_weight_slope(function)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def test_a_slope_that_is_right_by_chance_is_refused() -> None:
    # right for the first point only, whose target is 1
    feedback = check_weight_slope(lambda w, x, b, t: with_math(w, x, b, 1.0))
    assert feedback.status == "not yet"
