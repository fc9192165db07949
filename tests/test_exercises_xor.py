"""Lesson 1: messages about units, and the logical functions that they compute."""

from itertools import product

import pytest
import torch

import nnbasics.exercises as ex
from exercise_answers_xor import AND, NAND, OR
from nnbasics import is_solved, predictions_over_seeds
from nnbasics.exercises.units import a_line_can_separate, name_of


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
    # weights of -1, 0 and 1 draw every line that parts the corners of a square
    lines = list(product((-1, 0, 1), (-1, 0, 1), (-1.5, -0.5, 0.5, 1.5)))
    for points in product(product((0, 1), repeat=2), repeat=4):
        above = [
            [w1 * h1 + w2 * h2 + b > 0 for h1, h2 in points] for w1, w2, b in lines
        ]
        expected = [False, True, True, False] in above
        assert a_line_can_separate(torch.tensor(points) * 0.8 + 0.1) == expected
