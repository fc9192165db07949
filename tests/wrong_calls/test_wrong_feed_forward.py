"""Wrong calls of the feed-forward network, and of the models of its lesson."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import pytest
import torch
from wrong_call import WrongCall

from nnbasics import FeedForward
from nnbasics.experiments import (
    BitModel,
    FactModel,
    facts_that_hold,
    train_bits,
    train_facts,
    xor_with_the_bit_before,
)

GENERATOR = torch.Generator().manual_seed(0)
NETWORK = FeedForward(3, 5)
BIT_MODEL = BitModel(1, 3, generator=GENERATOR)
FACT_MODEL = FactModel(4, 3, 2, 5, generator=GENERATOR)
BITS, TARGETS = xor_with_the_bit_before(3)
ANSWERS = torch.tensor([0, 1, 2, 0])

pairs = xor_with_the_bit_before
a_bit_model = partial(BitModel, generator=GENERATOR)
a_fact_model = partial(FactModel, generator=GENERATOR)
hold = partial(facts_that_hold, FACT_MODEL)
FRACTIONS = (
    "x must hold floating-point numbers of 16 bits or more, got dtype torch.int64; "
    "write x.float()"
)
FLOAT32 = (
    "x must have the dtype of the module's parameters, torch.float32, got "
    "torch.float64; write x.to(torch.float32)"
)
SEEDED = "write torch.Generator().manual_seed(0)"


def call(
    function: Callable[..., object], *arguments: object, **named: object
) -> Callable[[], object]:
    return partial(function, *arguments, **named)


# A call, the error, and its whole message.
WRONG_CALLS: list[tuple[Callable[[], object], type[Exception], str]] = [
    (call(FeedForward, 0, 5), ValueError, "d_model must be at least 1, got 0"),
    (call(FeedForward, 3, 1.5), TypeError, "d_hidden must be an int, got 1.5"),
    (
        call(NETWORK, [1.0]),
        TypeError,
        "x must be a torch.Tensor, got list; write torch.tensor(x)",
    ),
    (
        call(NETWORK, torch.ones(2, 3).long()),
        TypeError,
        FRACTIONS,
    ),
    (
        call(NETWORK, torch.ones(3).double()),
        TypeError,
        FLOAT32,
    ),
    (
        call(NETWORK, torch.ones(2, 5)),
        ValueError,
        "x must have the shape (2, 3), which is (..., d_model), got (2, 5)",
    ),
    (
        call(pairs, 1),
        ValueError,
        "length must be at least 2, got 1",
    ),
    (
        call(pairs, "3"),
        TypeError,
        "length must be an int, got '3'",
    ),
    (call(a_bit_model, 0, 3), ValueError, "num_bits must be at least 1, got 0"),
    (call(a_bit_model, 1, 3.0), TypeError, "length must be an int, got 3.0"),
    (call(a_bit_model, 1, 3, 0), ValueError, "d_hidden must be at least 1, got 0"),
    (
        call(BitModel, 1, 3, generator=0),
        TypeError,
        f"generator must be a torch.Generator, got int; {SEEDED}",
    ),
    (
        call(train_bits, NETWORK, BITS, TARGETS, GENERATOR),
        TypeError,
        "model must be an instance of BitModel, got FeedForward",
    ),
    (
        call(train_bits, BIT_MODEL, BITS, TARGETS, None),
        TypeError,
        f"generator must be a torch.Generator, got NoneType; {SEEDED}",
    ),
    (
        call(train_bits, BIT_MODEL, BITS, TARGETS, GENERATOR, 0),
        ValueError,
        "steps must be at least 1, got 0",
    ),
    (
        call(a_fact_model, 0, 3, 2, 5),
        ValueError,
        "num_subjects must be at least 1, got 0",
    ),
    (
        call(a_fact_model, 4, True, 2, 5),
        TypeError,
        "num_answers must be an int, got True",
    ),
    (
        call(a_fact_model, 4, 3, 2, -1),
        ValueError,
        "d_hidden must be at least 1, got -1",
    ),
    (
        call(FactModel, 4, 3, 2, 5, generator=None),
        TypeError,
        f"generator must be a torch.Generator, got NoneType; {SEEDED}",
    ),
    (
        call(train_facts, BIT_MODEL, ANSWERS),
        TypeError,
        "model must be an instance of FactModel, got BitModel",
    ),
    (
        call(train_facts, FACT_MODEL, ANSWERS[:3]),
        ValueError,
        "answers must have the shape (4,), which is (num_subjects,), got (3,)",
    ),
    (
        call(train_facts, FACT_MODEL, ANSWERS, 0),
        ValueError,
        "steps must be at least 1, got 0",
    ),
    (
        call(train_facts, FACT_MODEL, ANSWERS, 1, math.nan),
        ValueError,
        "learning_rate must be more than 0 and finite, got nan",
    ),
    (
        call(hold, [0, 1, 2, 0]),
        TypeError,
        "answers must be a torch.Tensor, got list; write torch.tensor(answers)",
    ),
    (
        call(hold, ANSWERS, 2),
        TypeError,
        "off must be a list or another sequence of int, got int",
    ),
    (call(hold, ANSWERS, [5]), ValueError, "each of off must be from 0 to 4, got 5"),
    (
        call(hold, ANSWERS, [-1]),
        ValueError,
        "each of off must be from 0 to 4, got -1",
    ),
]


@pytest.mark.parametrize(("wrong", "error", "message"), WRONG_CALLS)
def test_a_wrong_call_is_refused_with_its_reason(
    wrong: Callable[[], object], error: type[Exception], message: str
) -> None:
    WrongCall(wrong, error, message).check()
