"""Wrong calls of the functions that draw: each is refused, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt
from wrong_call import WrongCall

from nnbasics import XORNetwork, plotting

ALT = "A figure that is not drawn."
NETWORK = XORNetwork()
SQUARE = torch.eye(3)
WORDS = ["the", "cat", "sat"]
curves: Any = partial(plotting.plot_curves, xlabel="x", ylabel="y", alt=ALT)


def call(function: Any, *arguments: Any, **named: Any) -> Any:
    return lambda: function(*arguments, **{"alt": ALT, **named})


WRONG_CALLS = {
    "no description": WrongCall(
        call(plotting.plot_attention, SQUARE, WORDS, alt="  "),
        ValueError,
        "alt must say in a sentence or two what the figure shows, got ''; people who "
        "cannot see the figure read it instead",
    ),
    "None for the description": WrongCall(
        call(plotting.plot_attention, SQUARE, WORDS, alt=None),
        TypeError,
        "alt must be an instance of str, got NoneType",
    ),
    "scores instead of weights": WrongCall(
        call(plotting.plot_attention, 5 * SQUARE, WORDS),
        ValueError,
        "weights must hold numbers from 0 to 1, got 0 to 5; take them after the "
        "softmax",
    ),
    "scores of one of two models": WrongCall(
        call(
            plotting.plot_heads_compared,
            {"random": SQUARE[None], "trained": 5 * SQUARE[None]},
            WORDS,
        ),
        ValueError,
        "models['trained'] must hold numbers from 0 to 1, got 0 to 5; take them after "
        "the softmax",
    ),
    "negative weights": WrongCall(
        call(plotting.plot_attention, SQUARE - 0.5, WORDS),
        ValueError,
        "weights must hold numbers from 0 to 1, got -0.5 to 0.5; take them after the "
        "softmax",
    ),
    "a figure of no columns": WrongCall(
        call(plotting.new_figure, columns=0),
        ValueError,
        "columns must be at least 1, got 0",
    ),
    "a figure of no rows": WrongCall(
        call(plotting.new_figure, rows=0),
        ValueError,
        "rows must be at least 1, got 0",
    ),
    "no curve": WrongCall(
        call(curves, {}), ValueError, "curves must hold at least one curve, got none"
    ),
    "more curves than markers": WrongCall(
        call(curves, {str(n): [1.0] for n in range(6)}),
        ValueError,
        "curves must hold at most 5 curves, as many as there are markers, got 6",
    ),
    "curves of two lengths": WrongCall(
        call(curves, {"a": [1.0, 2.0], "b": [1.0]}),
        ValueError,
        "curves must have one value for each place on the x axis, the same number of "
        "at least 1 for every curve, got {'a': 2, 'b': 1} for 2 place(s)",
    ),
    "a curve shorter than x": WrongCall(
        call(curves, {"a": [1.0, 2.0]}, x=[1.0, 2.0, 3.0]),
        ValueError,
        "curves must have one value for each place on the x axis, the same number of "
        "at least 1 for every curve, got {'a': 2} for 3 place(s)",
    ),
    "an empty curve": WrongCall(
        call(curves, {"a": []}),
        ValueError,
        "curves must have one value for each place on the x axis, the same number of "
        "at least 1 for every curve, got {'a': 0} for 0 place(s)",
    ),
    "no bars": WrongCall(
        call(plotting.plot_bars, {}, xlabel="x", ylabel="y"),
        ValueError,
        "heights must hold at least one panel to draw, got none",
    ),
    "the forward pass of another module": WrongCall(
        call(plotting.plot_forward_pass, torch.nn.Linear(2, 1), torch.ones(2)),
        TypeError,
        "network must be an instance of XORNetwork, got Linear",
    ),
    "the forward pass of four points": WrongCall(
        call(plotting.plot_forward_pass, NETWORK, torch.ones(4, 2)),
        ValueError,
        "x must have the shape (2,), which is one number for each input, got (4, 2)",
    ),
    "no networks": WrongCall(
        call(plotting.plot_decision_boundaries, {}),
        ValueError,
        "networks must hold at least one panel to draw, got none",
    ),
    "no columns of networks": WrongCall(
        call(plotting.plot_decision_boundaries, {"a": NETWORK}, columns=0),
        ValueError,
        "columns must be at least 1, got 0",
    ),
    "no moments to animate": WrongCall(
        call(plotting.animate_decision_boundary, {}),
        ValueError,
        "networks must hold at least one panel to draw, got none",
    ),
    "three hidden units": WrongCall(
        call(
            plotting.plot_hidden_space,
            torch.ones(4, 3),
            torch.ones(3),
            torch.tensor(0.0),
        ),
        ValueError,
        "hidden must have the shape (4, 2), which is four points and two hidden "
        "units, got (4, 3)",
    ),
    "a matrix of weights for the line": WrongCall(
        call(
            plotting.plot_hidden_space,
            torch.ones(4, 2),
            torch.ones(1, 2),
            torch.tensor(0.0),
        ),
        ValueError,
        "weight must have the shape (2,), which is a number for each hidden unit, got "
        "(1, 2)",
    ),
    "two biases for the line": WrongCall(
        call(
            plotting.plot_hidden_space, torch.ones(4, 2), torch.ones(2), torch.ones(2)
        ),
        ValueError,
        "bias must have the shape (), which is one number, got (2,)",
    ),
    "a list of weights": WrongCall(
        call(plotting.plot_attention, [[1.0]], ["the"]),
        TypeError,
        "weights must be a torch.Tensor, got list; write torch.tensor(weights)",
    ),
    "fewer words than weights": WrongCall(
        call(plotting.plot_attention, SQUARE, WORDS[:2]),
        ValueError,
        "weights must have the shape (2, 2), which is (length, length), got (3, 3)",
    ),
    "labels that do not fit a matrix": WrongCall(
        call(plotting.plot_matrix, SQUARE, rows=WORDS, columns=["a"]),
        ValueError,
        "matrix must have the shape (3, 1), which is (rows, columns), got (3, 3)",
    ),
    "a matrix of NaN": WrongCall(
        call(plotting.plot_matrix, SQUARE.log() * torch.nan, rows=WORDS, columns=WORDS),
        ValueError,
        "matrix must hold at least one finite number, got none",
    ),
    "no heads": WrongCall(
        call(plotting.plot_heads, {}, WORDS),
        ValueError,
        "heads must hold at least one panel to draw, got none",
    ),
    "a floating-point number of columns": WrongCall(
        call(plotting.plot_heads, {"head 0": SQUARE}, WORDS, columns=2.0),
        TypeError,
        "columns must be an int, got 2.0",
    ),
    "a head of other words": WrongCall(
        call(plotting.plot_heads, {"head 0": torch.eye(2)}, WORDS),
        ValueError,
        "heads['head 0'] must have the shape (3, 3), which is (length, length), got "
        "(2, 2)",
    ),
    "comparing lists": WrongCall(
        call(plotting.plot_heads_compared, {"a": [[1.0]], "b": [[1.0]]}, WORDS),
        TypeError,
        "models['a'] must be a torch.Tensor, got list; write torch.tensor(models['a'])",
    ),
    "one model to compare": WrongCall(
        call(plotting.plot_heads_compared, {"a": SQUARE[None]}, WORDS),
        ValueError,
        "models must hold two models, got 1",
    ),
    "models of different numbers of heads": WrongCall(
        call(
            plotting.plot_heads_compared,
            {"a": SQUARE[None], "b": SQUARE.expand(2, 3, 3)},
            WORDS,
        ),
        ValueError,
        "models['b'] must have the shape (1, 3, 3), which is (num_heads, length, "
        "length) for both models, got (2, 3, 3)",
    ),
    "models without heads": WrongCall(
        call(
            plotting.plot_heads_compared,
            {"a": torch.ones(0, 3, 3), "b": torch.ones(0, 3, 3)},
            WORDS,
        ),
        ValueError,
        "models['a'] must have the shape (1, 3, 3), which is (num_heads, length, "
        "length) for both models, got (0, 3, 3)",
    ),
    "no effects": WrongCall(
        call(plotting.plot_head_inputs, {}),
        ValueError,
        "effects must hold at least one panel to draw, got none",
    ),
    "effects of one dimension": WrongCall(
        call(plotting.plot_head_inputs, {"all": torch.ones(3)}),
        ValueError,
        "effects['all'] must have the shape (num_heads, d_model), got (3,)",
    ),
    "effects of nothing": WrongCall(
        call(plotting.plot_head_inputs, {"all": torch.ones(0, 3)}),
        ValueError,
        "effects['all'] must have the shape (num_heads, d_model), got (0, 3)",
    ),
    "splitting into no heads": WrongCall(
        call(plotting.plot_split_heads, torch.ones(3, 4), 0, WORDS),
        ValueError,
        "num_heads must be at least 1, got 0",
    ),
    "splitting into more heads than colours": WrongCall(
        call(plotting.plot_split_heads, torch.ones(3, 5), 5, WORDS),
        ValueError,
        "num_heads must be at most 4, as many as there are colours that can be told "
        "apart, got 5",
    ),
    "splitting other words": WrongCall(
        call(plotting.plot_split_heads, torch.ones(2, 4), 2, WORDS),
        ValueError,
        "x must have the shape (length, d_model) with one row for each of the 3 "
        "tokens, got (2, 4)",
    ),
    "splitting a list": WrongCall(
        call(plotting.plot_split_heads, [[1.0, 2.0]], 2, WORDS),
        TypeError,
        "x must be a torch.Tensor, got list; write torch.tensor(x)",
    ),
    "splitting into heads that do not fit": WrongCall(
        call(plotting.plot_split_heads, torch.ones(3, 4), 3, WORDS),
        ValueError,
        "num_heads must divide d_model, got num_heads 3 and d_model 4",
    ),
    "splitting one vector": WrongCall(
        call(plotting.plot_split_heads, torch.ones(4), 2, WORDS),
        ValueError,
        "x must have the shape (length, d_model), got (4,), which has 1 dimension(s)",
    ),
    "a layer of no words": WrongCall(
        call(plotting.plot_layer, 0, 4, 2),
        ValueError,
        "length must be at least 1, got 0",
    ),
    "a layer of floating-point size": WrongCall(
        call(plotting.plot_layer, 3, 4.0, 2),
        TypeError,
        "d_model must be an int, got 4.0",
    ),
    "a layer whose heads do not divide it": WrongCall(
        call(plotting.plot_layer, 3, 4, 3),
        ValueError,
        "num_heads must divide d_model, got num_heads 3 and d_model 4",
    ),
}


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    yield
    assert plt.get_fignums() == []


@pytest.mark.parametrize("wrong", WRONG_CALLS.values(), ids=WRONG_CALLS.keys())
def test_a_wrong_call_is_refused_and_says_why(wrong: WrongCall) -> None:
    wrong.check()


def test_three_networks_leave_an_empty_place() -> None:
    networks = {str(number): NETWORK for number in range(3)}
    figure = plotting.plot_decision_boundaries(networks, alt=ALT)
    shown = [axes.get_title() for axes in figure.axes if axes.axison]
    assert shown[:3] == ["0", "1", "2"]
    assert len(figure.axes) == 5
    assert not figure.axes[3].axison
    plt.close(figure)
