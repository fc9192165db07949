"""What holds for all checkers: open answers, answers of any form, hints, messages."""

import inspect
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

import nnbasics.exercises as ex
from exercise_answers import RIGHT, WRONG
from exercise_answers_attention import Checker
from nnbasics.exercises import Feedback
from nnbasics.exercises.function_questions import FunctionQuestion, draw
from nnbasics.exercises.questions import NumberQuestion, Question

QUESTIONS = [
    question
    for _, module in inspect.getmembers(ex, inspect.ismodule)
    for question in vars(module).values()
    if isinstance(question, Question)
]
NUMBERS = [q for q in QUESTIONS if isinstance(q, NumberQuestion)]
FUNCTIONS = [q for q in QUESTIONS if isinstance(q, FunctionQuestion)]


def as_read(feedback: Feedback) -> str:
    return " ".join(str(feedback).split())


def test_all_questions_are_found() -> None:
    # of 42 exercises: that of 3.6 is made from what the heads do
    assert len({question.exercise for question in QUESTIONS}) == 41


def test_the_page_is_told_the_kind_of_a_question() -> None:
    kinds = {q.exercise: q.data()["kind"] for q in QUESTIONS if q not in FUNCTIONS}
    some = [kinds[exercise] for exercise in ("1.1", "1.4", "1.5", "2.2", "3.5")]
    assert some == ["number", "unit", "network", "parts", "choice"]


@pytest.mark.parametrize("name", [n for n in ex.__all__ if n.startswith("check_")])
@pytest.mark.parametrize("blank", [None, ..., (20, None, -10), [[1, 2], [3, ...]]])
def test_an_open_answer_is_recognised(name: str, blank: object) -> None:
    check = getattr(ex, name)
    answers = [blank] * len(inspect.signature(check).parameters)
    if name == "check_head_roles":
        answers = [blank, torch.eye(2), ["who", "whom"]]
    exercise = check.__doc__.partition(":")[0]
    feedback = check(*answers)
    assert str(feedback).startswith(f"{exercise}: not answered yet. ")
    # A page gets all it asks with as JSON; what has no fields is answered with code.
    asked = feedback.question
    assert asked.exercise == feedback.exercise
    assert isinstance(asked, FunctionQuestion) or json.dumps(asked.data())
    assert bool(asked.labels) != isinstance(asked, FunctionQuestion)


@pytest.mark.parametrize("question", FUNCTIONS)
@pytest.mark.parametrize("result", [None, ..., [[1, 2], [3, None]], (..., "weights")])
def test_a_function_without_result_is_open(
    question: FunctionQuestion, result: object
) -> None:
    assert question.judge(lambda *_: result).status == "not answered yet"


@pytest.mark.parametrize("check", RIGHT)
def test_right_answers_are_accepted(check: Checker) -> None:
    told = [check(answer) for answer in RIGHT[check]]
    assert {feedback.status for feedback in told} == {"right"}
    assert all(feedback.question is not None for feedback in told)
    assert "None" not in " ".join(map(as_read, told))


@pytest.mark.parametrize("check", WRONG)
def test_a_wrong_answer_is_met_with_its_hint(check: Checker) -> None:
    for answer, hint in WRONG[check]:
        feedback = check(answer)
        assert feedback.status == "not yet"
        assert {h for _, h in WRONG[check] if h in feedback.message} == {hint}


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_mistake_gets_its_own_hint_and_no_other(question: Question) -> None:
    for hint, mistakes in question.mistakes.items():
        for answer in mistakes:
            feedback = question.judge(answer)
            assert str(feedback).startswith(f"Exercise {question.exercise}: not yet. ")
            assert [h for h in question.mistakes if h in feedback.message] == [hint]
            assert feedback.question is question


@pytest.mark.parametrize("question", NUMBERS)
def test_no_hint_gives_the_number_away(question: NumberQuestion) -> None:
    said = " ".join([question.look, *question.mistakes])
    assert f"{question.right:g}" not in re.findall(r"\d+(?:\.\d+)?", said)


@pytest.mark.parametrize("question", NUMBERS)
@pytest.mark.parametrize(
    "form",
    [
        float,
        np.float32,
        lambda x: np.array([x]),
        torch.tensor,
        lambda x: [x],
        lambda x: torch.tensor([[x * 1.0]], dtype=torch.float64, requires_grad=True),
    ],
)
def test_a_right_number_is_accepted_in_any_form(
    question: NumberQuestion, form: Callable[[float], object]
) -> None:
    feedback = question.judge(form(question.right))
    assert feedback == Feedback(question.exercise, "right", question.why)


@pytest.mark.parametrize("question", NUMBERS)
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("33", "The answer is a number: write it without quotes. Got '33'."),
        ([1, 2], "The answer is one number, and yours holds 2."),
        (True, "The answer is made of numbers, got True."),
        ([True], "The answer is made of numbers, got [True]."),
        (3 + 4j, "The answer is made of numbers, got (3+4j)."),
        ([], "The answer is made of numbers, got [] of type list."),
        ([[1], 2], "The answer is made of numbers, got [[1], 2] of type list."),
        ({"a": 1}, "The answer is made of numbers, got {'a': 1} of type dict."),
        (
            max,
            f"The answer is made of numbers, got {max} of type {type(max).__name__}.",
        ),
        (float("nan"), "The answer is a finite number, got nan."),
        (torch.tensor(torch.inf), "The answer is a finite number, got tensor(inf)."),
    ],
)
def test_what_is_no_number_is_refused(
    question: NumberQuestion, answer: object, message: str
) -> None:
    assert question.judge(answer) == Feedback(question.exercise, "not yet", message)


@pytest.mark.parametrize("question", NUMBERS)
@pytest.mark.parametrize("distance", [1.7, 0.5, 0.002])
def test_an_unexplained_number_is_called_too_large_or_too_small(
    question: NumberQuestion, distance: float
) -> None:
    distance += question.tolerance
    more, less = question.right + distance, question.right - distance
    assert question.judge(more).message == f"{more:g} is too large. {question.look}"
    assert question.judge(less).message == f"{less:g} is too small. {question.look}"


def as_tuples(rows: Any) -> Any:
    return tuple(map(as_tuples, rows)) if isinstance(rows, list) else rows


@pytest.mark.parametrize("question", FUNCTIONS)
@pytest.mark.parametrize(
    "form",
    [
        Tensor.tolist,
        Tensor.numpy,
        lambda result: [result],  # with a batch dimension
        lambda result: (result[None, None], None),  # and no weights
        lambda result: as_tuples(result.tolist()),
        lambda result: (
            # rounded, which a mask is not
            result.double().requires_grad_() * (1 + 8e-5) + 8e-6
            if result.is_floating_point()
            else result
        ),
    ],
)
def test_a_right_result_is_accepted_in_any_form(
    question: FunctionQuestion, form: Callable[[Tensor], object]
) -> None:
    feedback = question.judge(lambda *case: form(question.solution(*case)))
    assert feedback == Feedback(question.exercise, "right", question.why)


ENDLESS: list[object] = []
ENDLESS.append(ENDLESS)


def fails(*_: object) -> None:
    raise ZeroDivisionError("no X.")


def rambles(*_: object) -> None:
    raise ValueError("x" * 1000)


NO_FUNCTIONS_WITH_A_TABLE = [
    fails,
    lambda: 1,
    torch.ones(2, 3),
    lambda *_: "a word",
    lambda *_: [[1, 2], [3]],
    lambda *_: {"a": 1},
    lambda *_: [],
    lambda *_: object(),
    lambda *_: 1j,
    lambda *_: torch.zeros(97, 89),
    lambda *_: float("nan"),
    lambda *_: ENDLESS,
]


@pytest.mark.parametrize("question", FUNCTIONS)
def test_what_is_no_function_with_a_table_is_refused(
    question: FunctionQuestion,
) -> None:
    for answer in NO_FUNCTIONS_WITH_A_TABLE:
        feedback = question.judge(answer)
        assert str(feedback).startswith(f"Exercise {question.exercise}: not yet. ")
        assert "Traceback" not in feedback.message


def test_another_word_is_refused() -> None:
    assert as_read(ex.check_swapped_words("change")).startswith("Exercise 3.5: right. ")
    for answer in ("larger", "", ["stay"], np.array(["stay", "change"])):
        message = f'Choose one of "change", "stay", "swap", got {answer!r}.'
        assert ex.check_swapped_words(answer) == Feedback("3.5", "not yet", message)


def test_messages_about_functions_and_words() -> None:
    whole = {
        ex.check_causal_mask(None): (
            "not answered yet. Write the function and pass its name."
        ),
        ex.check_causal_mask(lambda length: None): (
            "not answered yet. The function returns nothing. If you have written it: "
            "is the return missing?"
        ),
        ex.check_causal_mask(torch.ones(2)): (
            "not yet. Expected a function, got Tensor. Pass the function's name, "
            "without parentheses behind it."
        ),
        ex.check_causal_mask(fails): (
            "not yet. The function stopped with ZeroDivisionError: no X. It was "
            "called with length = 5."
        ),
        ex.check_causal_mask(rambles): (
            f"not yet. The function stopped with ValueError: {'x' * 288}. It was "
            "called with length = 5."
        ),
        ex.check_causal_mask(lambda length: {}): (
            "not yet. The function must return a tensor, a numpy array, a number or "
            "nested lists of numbers with rows of equal length. Got dict."
        ),
        ex.check_causal_mask(np.tri): (
            "not yet. The pattern is right, but it is made of numbers. A mask holds "
            "True and False: compare with a number, or call .bool() at the end."
        ),
        ex.check_causal_mask(lambda length: torch.ones(length, length).triu()): (
            "not yet. The mask is transposed: each position sees itself and what comes "
            "later. Rows are queries. At position [0, 1], counted from 0, the result "
            "should be False and is 1."
        ),
        ex.check_softmax(lambda scores: scores.T): (
            "not yet. The result should have the shape (3, 5) and has (5, 3). It was "
            "called with scores of shape (3, 5). In each row: e to the power of each "
            "score, divided by the sum of the row."
        ),
        ex.check_weight_slope(lambda *_: 0): (
            "not yet. The result should be -0.2886 and is 0. It was called with "
            "w = 0.5, x = 1.7, b = -0.3, t = 1. Three links: from the loss to p, from "
            "p to the sum z = w * x + b, from z to w. Write down the slope of each, "
            "then multiply."
        ),
        ex.check_share(None): "not answered yet. Put a number in the place of None.",
        ex.check_swapped_words(None): (
            'not answered yet. Choose one of "change", "stay", "swap".'
        ),
        ex.check_changed_tables(None, None, None): (
            'not answered yet. Choose one of "yes", "no".'
        ),
        ex.check_largest_weight("grows", 1): (
            "not yet. Times ten: right. The gaps between the scores grow too, and "
            "softmax turns gaps into ratios. One more key: not yet. Choose one of "
            '"grows", "shrinks", "stays", got 1.'
        ),
    }
    said = [as_read(feedback).partition(": ")[2] for feedback in whole]
    assert said == list(whole.values())
    exercises = {feedback.exercise for feedback in whole}
    assert exercises == {"1.6", "2.1", "2.2", "2.3", "2.4", "3.5", "4.2"}


def test_what_is_rounded_coarsely_is_not_named_as_different() -> None:
    def nearly(scores: Tensor) -> Tensor:
        weights = scores.softmax(dim=-1) * (1 + 8e-5)
        weights[1, 0] = 0.5
        return weights

    assert "At position [1, 0]," in ex.check_softmax(nearly).message


def test_a_function_may_change_its_arguments() -> None:
    def spoils(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        output = scaled_dot_product_attention(query, key, value)
        for argument in (query, key, value):
            argument.zero_()
        return output

    assert ex.check_attention(spoils).status == "right"


def test_cases_are_the_same_at_every_run() -> None:
    before = torch.get_rng_state()
    for first, again in zip(draw((5,), (2, 5)), draw((5,), (2, 5)), strict=True):
        assert torch.equal(first, again)
    numbers = torch.cat([table.flatten() for table in draw((5,), (2, 5))])
    assert len(numbers.unique()) == 15
    assert torch.equal(torch.get_rng_state(), before)


def test_feedback_cannot_be_changed_and_fits_on_a_page() -> None:
    long = Feedback("9.9", "not yet", "word " * 60 + "semi-hyphenated")
    with pytest.raises(AttributeError):
        long.status = "right"  # type: ignore[misc]
    assert max(len(line) for line in str(long).splitlines()) <= 76
    assert as_read(long) == f"Exercise 9.9: not yet. {long.message}"
    joined = Feedback("9.9", "not yet", "x" * 90 + " " + "a " * 36 + "up-to-date")
    assert [len(line) for line in str(joined).splitlines()] == [22, 90, 71, 10]
