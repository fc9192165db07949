"""What holds for all checkers: their feedback, open answers, answers of any form."""

import json
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

import nnbasics.exercises as ex
from nnbasics.exercises import Feedback

pytestmark = pytest.mark.usefixtures("feedback_is_as_stored")

Checker = Callable[[object], Feedback]

NUMBERS: dict[str, tuple[Checker, float]] = {
    "1.1": (ex.check_parameter_count, 33),
    "1.2": (ex.check_one_hidden_unit, 0),
    "1.3": (ex.check_loss_by_hand, 0.075),
    "2.1": (ex.check_scaling, 8),
    "3.1": (ex.check_head_size, 64),
}
FUNCTIONS: dict[str, Checker] = {
    "1.6": ex.check_weight_slope,
    "2.3": ex.check_softmax,
    "2.4": ex.check_causal_mask,
    "2.5": ex.check_attention,
    "2.6": ex.check_masked_attention,
    "3.3": ex.check_split_heads,
    "3.4": ex.check_multi_head_attention,
}
all_numbers = pytest.mark.parametrize("exercise", NUMBERS)
all_functions = pytest.mark.parametrize("exercise", FUNCTIONS)

SCORES = torch.eye(2)
QUESTIONS = ["who", "whom"]


def no_roles(answer: object) -> Feedback:
    return ex.check_head_roles(answer, SCORES, QUESTIONS)


OPEN: dict[str, Callable[[], Feedback]] = {
    **{number: partial(check, None) for number, (check, _) in NUMBERS.items()},
    **{number: partial(check, None) for number, check in FUNCTIONS.items()},
    "1.4": lambda: ex.check_and_unit(None),
    "1.5": lambda: ex.check_xor_by_hand(None, None, None),
    "2.2": lambda: ex.check_largest_weight(None, None),
    "3.2": lambda: ex.check_projection_parameters(None, None),
    "3.5": lambda: ex.check_swapped_words(None),
    "3.6": lambda: no_roles(None),
}


def test_no_stored_feedback_is_left_over() -> None:
    folder = Path(__file__).parent
    for stored in (folder / "feedback").iterdir():
        module = (folder / f"{stored.stem}.py").read_text("utf-8")
        for name in json.loads(stored.read_text("utf-8")):
            assert f"def {name.partition('[')[0]}(" in module


def test_every_checker_is_tested_here() -> None:
    assert len(OPEN) == len([name for name in ex.__all__ if name.startswith("check_")])


@pytest.mark.parametrize("exercise", OPEN)
def test_an_open_answer_is_recognised(exercise: str) -> None:
    feedback = OPEN[exercise]()
    assert feedback.exercise == exercise
    assert feedback.status == "not answered yet"
    assert str(feedback).startswith(f"Exercise {exercise}: not answered yet. ")


def test_feedback_cannot_be_changed_and_fits_on_a_page() -> None:
    feedback = ex.check_scaling("8")
    with pytest.raises(AttributeError):
        feedback.status = "right"  # type: ignore[misc]
    long = Feedback("9.9", "not yet", "word " * 60 + "semi-hyphenated")
    assert max(len(line) for line in str(long).splitlines()) <= 76
    joined = Feedback("9.9", "not yet", "x" * 90 + " " + "a " * 36 + "up-to-date")
    assert [len(line) for line in str(joined).splitlines()] == [22, 90, 71, 10]
    assert " ".join(str(long).split()) == f"Exercise 9.9: not yet. {long.message}"


@all_numbers
@pytest.mark.parametrize(
    "form",
    [
        int,
        float,
        np.float32,
        np.array,
        lambda x: np.array([x]),
        torch.tensor,
        lambda x: torch.tensor([[x]], dtype=torch.float64),
        lambda x: [x],
        lambda x: torch.tensor(float(x), requires_grad=True),
        lambda x: (
            Fraction(x).limit_denominator(1000).numerator
            / Fraction(x).limit_denominator(1000).denominator
        ),
    ],
)
def test_a_right_number_is_accepted_in_any_form(
    exercise: str, form: Callable[[float], object]
) -> None:
    check, number = NUMBERS[exercise]
    if form is int and number != int(number):
        form = float
    assert check(form(number)).status == "right"


@all_numbers
@pytest.mark.parametrize(
    ("answer", "help_text"),
    [
        ("33", "without quotes"),
        (True, "made of numbers"),
        ([True], "made of numbers"),
        (3 + 4j, "made of numbers"),
        (float("nan"), "finite"),
        (torch.tensor(torch.inf), "finite"),
        ([1, 2], "one number, and yours holds 2"),
        ([], "made of numbers"),
        ([[1, 2], [3]], "made of numbers"),
        ({"a": 1}, "made of numbers"),
        (print, "made of numbers"),
    ],
)
def test_what_is_no_number_is_refused(
    exercise: str, answer: object, help_text: str
) -> None:
    feedback = NUMBERS[exercise][0](answer)
    assert feedback.status == "not yet"
    assert help_text in feedback.message


@all_numbers
def test_an_unexplained_number_is_called_too_large_or_too_small(exercise: str) -> None:
    check, number = NUMBERS[exercise]
    assert "is too large." in check(number + 1.7).message
    assert "is too small." in check(number - 1.7).message


@all_numbers
def test_an_ellipsis_is_an_open_answer(exercise: str) -> None:
    assert NUMBERS[exercise][0](...).status == "not answered yet"


@all_functions
@pytest.mark.parametrize("answer", [..., lambda *_: None, lambda *_: ...])
def test_a_function_without_result_is_open(exercise: str, answer: object) -> None:
    assert FUNCTIONS[exercise](answer).status == "not answered yet"


@all_functions
def test_a_function_that_raises_is_explained_without_traceback(exercise: str) -> None:
    def raises(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    feedback = FUNCTIONS[exercise](raises)
    assert feedback.status == "not yet"
    assert "stopped with ZeroDivisionError: division by zero." in feedback.message
    assert "It was called with" in feedback.message
    assert "Traceback" not in feedback.message


@all_functions
def test_a_function_with_other_arguments_is_explained(exercise: str) -> None:
    feedback = FUNCTIONS[exercise](lambda: 1)
    assert feedback.status == "not yet"
    assert "TypeError" in feedback.message


@all_functions
def test_a_result_in_the_place_of_the_function_is_refused(exercise: str) -> None:
    feedback = FUNCTIONS[exercise](torch.ones(2, 3))
    assert feedback.status == "not yet"
    assert "Expected a function, got Tensor" in feedback.message


@all_functions
@pytest.mark.parametrize(
    "result", ["a word", [[1, 2], [3]], {"a": 1}, [], object(), 1j]
)
def test_a_result_that_is_no_table_is_refused(exercise: str, result: object) -> None:
    feedback = FUNCTIONS[exercise](lambda *_: result)
    assert feedback.status == "not yet"
    assert "must return a tensor" in feedback.message


@all_functions
def test_a_result_of_another_shape_is_refused(exercise: str) -> None:
    feedback = FUNCTIONS[exercise](lambda *_: torch.zeros(97, 89))
    assert feedback.status == "not yet"
    assert "should have the shape" in feedback.message
    assert "(97, 89)" in feedback.message


@all_functions
def test_results_that_are_not_numbers_are_refused(exercise: str) -> None:
    feedback = FUNCTIONS[exercise](lambda *_: float("nan"))
    assert feedback.status == "not yet"


def test_a_function_may_change_its_arguments() -> None:
    def spoils(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        output = scaled_dot_product_attention(query, key, value)
        for argument in (query, key, value):
            argument.zero_()
        return output

    assert ex.check_attention(spoils).status == "right"


def test_checkers_leave_the_global_random_state_alone() -> None:
    before = torch.get_rng_state()
    ex.check_attention(scaled_dot_product_attention)
    ex.check_one_hidden_unit(3)
    assert torch.equal(torch.get_rng_state(), before)
