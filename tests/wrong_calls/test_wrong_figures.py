"""Wrong calls of the functions that draw: each is refused, and says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt
from wrong_call import WrongCall

from nnbasics import XORNetwork, plotting

Call = Callable[[], object]

NETWORK = XORNetwork()
SQUARE = torch.eye(3)
NO_HEADS = torch.ones(0, 3, 3)
WORDS = ["the", "cat", "sat"]
curves: Any = partial(plotting.plot_curves, xlabel="x", ylabel="y")
bars: Any = partial(plotting.plot_bars, xlabel="x", ylabel="y")
attention, matrix = plotting.plot_attention, plotting.plot_matrix
planes, animation = (
    plotting.plot_decision_boundaries,
    plotting.animate_decision_boundary,
)
forward_pass, hidden_space = plotting.plot_forward_pass, plotting.plot_hidden_space
heads, compared = plotting.plot_heads, plotting.plot_heads_compared
inputs, split = plotting.plot_head_inputs, plotting.plot_split_heads
layer = plotting.plot_layer


def call(function: Any, *arguments: Any, **named: Any) -> Call:
    return lambda: function(*arguments, **named)


def wrong(call: Call, message: str) -> WrongCall:
    return WrongCall(call, ValueError, message)


# Each message whole, once for every place that words a part of it.
WRONG_CALLS = [
    wrong(call(curves, {}), "curves must hold at least one curve, got none"),
    wrong(
        call(curves, {str(n): [1.0] for n in range(5)}),
        "curves must hold at most 4 curves, as many as can be told apart, got 5",
    ),
    wrong(
        call(curves, {"a": [1.0, 2.0], "b": [1.0]}),
        "curves must have one value for each place on the x axis, the same number of "
        "at least 1 for every curve, got {'a': 2, 'b': 1} for 2 place(s)",
    ),
    wrong(call(bars, {}), "heights must hold at least one bar, got none"),
    wrong(
        call(forward_pass, NETWORK, torch.ones(4, 2)),
        "x must have the shape (2,), which is one number for each input, got (4, 2)",
    ),
    wrong(
        call(hidden_space, torch.ones(4, 3), torch.ones(3), SQUARE[0, 0]),
        "hidden must have the shape (4, 2), which is four points and two hidden "
        "units, got (4, 3)",
    ),
    wrong(
        call(hidden_space, torch.ones(4, 2), torch.ones(1, 2), SQUARE[0, 0]),
        "weight must have the shape (2,), which is a number for each hidden unit, got "
        "(1, 2)",
    ),
    wrong(
        call(hidden_space, torch.ones(4, 2), torch.ones(2), SQUARE[0]),
        "bias must have the shape (), which is one number, got (3,)",
    ),
    wrong(
        call(attention, 5 * SQUARE, WORDS),
        "weights must hold numbers from 0 to 1, got 0 to 5; take them after the "
        "softmax",
    ),
    wrong(
        call(attention, SQUARE, WORDS[:2]),
        "weights must have the shape (2, 2), which is (length, length), got (3, 3)",
    ),
    wrong(
        call(matrix, SQUARE, rows=WORDS, columns=["a"]),
        "matrix must have the shape (3, 1), which is (rows, columns), got (3, 3)",
    ),
    wrong(
        call(matrix, SQUARE * torch.nan, rows=WORDS, columns=WORDS),
        "matrix must hold at least one finite number, got none",
    ),
    wrong(
        call(compared, {"a": SQUARE[None]}, WORDS),
        "models must hold two models, got 1",
    ),
    wrong(
        call(compared, {"a": SQUARE[None], "b": SQUARE.expand(2, 3, 3)}, WORDS),
        "models['b'] must have the shape (1, 3, 3), which is (num_heads, length, "
        "length) for both models, got (2, 3, 3)",
    ),
    wrong(
        call(inputs, {"all": torch.ones(3)}),
        "effects['all'] must have the shape (num_heads, d_model), got (3,)",
    ),
    wrong(
        call(split, torch.ones(3, 5), 5, WORDS),
        "num_heads must be at most 4, as many as there are colours that can be told "
        "apart, got 5",
    ),
    wrong(
        call(split, torch.ones(2, 4), 2, WORDS),
        "x must have the shape (length, d_model) with one row for each of the 3 "
        "tokens, got (2, 4)",
    ),
    wrong(
        call(split, torch.ones(4), 2, WORDS),
        "x must have the shape (length, d_model), got (4,), which has 1 dimension(s)",
    ),
]

# Of the messages that the whole package shares: how each begins.
NAMED = [
    (call(curves, {"a": [1.0, 2.0]}, x=[1.0]), "curves must have one value"),
    (call(curves, {"a": []}), "curves must have one value"),
    (call(forward_pass, torch.nn.Linear(2, 1), SQUARE[0]), "network must be an inst"),
    (call(planes, {}), "networks must hold at least one network"),
    (call(animation, {}), "networks must hold at least one network"),
    (call(attention, [[1.0]], ["the"]), "weights must be a torch.Tensor"),
    (call(attention, SQUARE - 0.5, WORDS), "weights must hold numbers from 0 to 1"),
    (call(heads, {}, WORDS), "heads must hold at least one head"),
    (call(heads, {"one": torch.eye(2)}, WORDS), "heads['one'] must have the shape"),
    (call(compared, {"a": [], "b": []}, WORDS), "models['a'] must be a torch.Tensor"),
    (call(compared, {"a": SQUARE[None], "b": 5 * SQUARE[None]}, WORDS), "models['b']"),
    (call(compared, {"a": NO_HEADS, "b": NO_HEADS}, WORDS), "models['a'] must have"),
    (call(inputs, {}), "effects must hold at least one case"),
    (call(inputs, {"all": [[1.0]]}), "effects['all'] must be a torch.Tensor"),
    (call(inputs, {"all": torch.ones(0, 3)}), "effects['all'] must have the shape"),
    (call(split, [[1.0, 2.0]], 2, WORDS), "x must be a torch.Tensor"),
    (call(split, torch.ones(3, 4), 0, WORDS), "num_heads must be at least 1"),
    (call(split, torch.ones(3, 4), 3, WORDS), "num_heads must divide d_model"),
    (call(layer, 0, 4, 2), "length must be at least 1"),
    (call(layer, 3, 4.0, 2), "d_model must be an int"),
    (call(layer, 3, 4, 3), "num_heads must divide d_model"),
    (call(layer, 3, 5, 5), "num_heads must be at most 4"),
]


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    yield
    assert plt.get_fignums() == []


@pytest.mark.parametrize("wrong", WRONG_CALLS, ids=lambda wrong: wrong.message)
def test_a_wrong_call_is_refused_and_says_why(wrong: WrongCall) -> None:
    wrong.check()


@pytest.mark.parametrize(("call", "beginning"), NAMED)
def test_an_argument_that_is_refused_is_named(call: Call, beginning: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(beginning)}"):
        call()
