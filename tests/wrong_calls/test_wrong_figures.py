"""Wrong calls of the functions that draw: each is refused, and says why."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt

from nnbasics import XORNetwork, plotting

call: Any = partial
curves: Any = partial(plotting.plot_curves, xlabel="x", ylabel="y")
bars: Any = partial(plotting.plot_bars, xlabel="x", ylabel="y")
attention, matrix = plotting.plot_attention, plotting.plot_matrix
animation, hidden = plotting.animate_decision_boundary, plotting.plot_hidden_space
forward_pass, layer = plotting.plot_forward_pass, plotting.plot_layer
heads, compared = plotting.plot_heads, plotting.plot_heads_compared
inputs, split = plotting.plot_head_inputs, plotting.plot_split_heads
product: Any = partial(plotting.plot_product, row=0, column=0, names=["a", "b", "ab"])
knob: Any = partial(plotting.animate_knob, start=0.0, xlabel="w")
chain, bending = plotting.animate_chain, plotting.animate_hidden_layer
shares: Any = partial(plotting.plot_shares, ylabel="y")
walk: Any = partial(plotting.animate_one_word, tokens=["the", "cat", "sat"], row=0)

NETWORK, WORDS = XORNetwork(), ["the", "cat", "sat"]
SMALL = [torch.eye(3, 2), *[torch.eye(2)] * 3]
SQUARE, HEAD, NONE = torch.eye(3), torch.eye(3)[None], torch.ones(0, 3, 3)
FOUR = {(start, "e"): 1.0 for start in "abcd"}


# What is worded in the functions that draw stands here whole, of the messages that the
# whole package shares the beginning.
WRONG_CALLS = [
    (
        call(curves, {}),
        "the number of curves must be from 1 to 4, as many as there are colours, got",
    ),
    (
        call(curves, {str(n): [1.0] for n in range(5)}),
        "the number of curves must be from 1 to 4, as many as there are colours, got 5",
    ),
    (
        call(curves, {"a": [1.0, 2.0], "b": [1.0]}),
        (
            "curves must have one value for each place on the x axis, the same number "
            "of at least 1 for every curve, got {'a': 2, 'b': 1} for 2 place(s)"
        ),
    ),
    (call(curves, {"a": []}), "curves must have one value"),
    (call(bars, {}), "heights must hold at least one bar, got none"),
    (call(forward_pass, torch.nn.Linear(2, 1), SQUARE[0]), "network must be an inst"),
    (
        call(forward_pass, NETWORK, torch.ones(4, 2)),
        "x must have the shape (2,), which is one number for each input, got (4, 2)",
    ),
    (call(animation, {}), "networks must hold at least one network, got none"),
    (
        call(hidden, torch.ones(4, 3), torch.ones(3), SQUARE[0, 0]),
        "hidden must have the shape (4, 2), which is four points and two hidden units,",
    ),
    (
        call(hidden, torch.ones(4, 2), torch.ones(1, 2), SQUARE[0, 0]),
        "weight must have the shape (2,), which is a number for each hidden unit, got",
    ),
    (
        call(hidden, torch.ones(4, 2), torch.ones(2), SQUARE[0]),
        "bias must have the shape (), which is one number, got (3,)",
    ),
    (call(product, SQUARE[0], SQUARE), "left must have the shape (rows, size), got (3"),
    (call(product, SQUARE, SQUARE[0]), "right must have the shape (size, columns), go"),
    (
        call(product, SQUARE, torch.ones(2, 4)),
        "right must have the shape (3, 4), which is (size, columns), got (2, 4)",
    ),
    (call(product, SQUARE, SQUARE, row=0.0), "row must be an int, got 0.0"),
    (call(product, SQUARE, SQUARE, row=3), "row must be from 0 to 2, got 3"),
    (call(product, SQUARE, SQUARE, column=-1), "column must be from 0 to 2, got -1"),
    (
        call(product, SQUARE, SQUARE, names=["a", "b"]),
        "names must hold 3 names, one a table, got 2",
    ),
    (
        call(knob, [0.0, 1.0], [0.0, 1.0]),
        (
            "places must hold at least 3 numbers, and losses one for each of them, got "
            "2 and 2"
        ),
    ),
    (call(knob, [0.0, 1.0, 2.0], [0.0]), "places must hold at least 3 numbers, and l"),
    (
        call(knob, [0.0, 2.0, 2.0], [0.0, 1.0, 2.0]),
        "places must rise from each to the next, got [0.0, 2.0, 2.0]",
    ),
    (
        call(chain, dict.fromkeys("xyz", 1.0), {("x", "y"): 1.0}),
        (
            "links must lead from each of the first numbers, at most 3, to the next "
            "one in values, and then from each to the next, got [('x', 'y')]"
        ),
    ),
    (call(chain, {"x": 1.0}, {}), "links must lead from each of the first numbers, at"),
    (
        call(chain, dict.fromkeys("abcde", 1.0), FOUR),
        "links must lead from each of the",
    ),
    (call(bending, torch.nn.Linear(2, 1)), "network must be an instance of XORNetwork"),
    (
        call(bending, NETWORK),
        ("network must have 2 inputs, 2 hidden units and 1 output, got 2, 4 and 1"),
    ),
    (call(attention, [[1.0]], ["the"]), "weights must be a torch.Tensor"),
    (call(attention, SQUARE - 0.5, WORDS), "weights must hold numbers from 0 to 1"),
    (call(attention, SQUARE * 1.5, WORDS), "weights must hold numbers from 0 to 1"),
    (call(attention, SQUARE, WORDS[:2]), "weights must have the shape (2, 2), which i"),
    (call(matrix, SQUARE, rows=WORDS, columns=["a"]), "matrix must have the shape (3,"),
    (
        call(matrix, SQUARE * torch.nan, rows=WORDS, columns=WORDS),
        "matrix must hold at least one finite number, got none",
    ),
    (call(heads, {}, WORDS), "heads must hold at least one head, got none"),
    (call(heads, {"one": torch.eye(2)}, WORDS), "heads['one'] must have the shape"),
    (call(compared, {"a": SQUARE}, WORDS), "models must hold two models, got 1"),
    (call(compared, {"a": [], "b": []}, WORDS), "models['a'] must be a torch.Tensor"),
    (call(compared, {"a": NONE, "b": NONE}, WORDS), "models['a'] must have the shape"),
    (
        call(compared, {"a": HEAD, "b": SQUARE.expand(2, 3, 3)}, WORDS),
        (
            "models['b'] must have the shape (1, 3, 3), which is (num_heads, length, "
            "length) for both models, got (2, 3, 3)"
        ),
    ),
    (call(compared, {"a": HEAD, "b": 5 * HEAD}, WORDS), "models['b'] must hold num"),
    (call(inputs, {}), "effects must hold at least one case, got none"),
    (call(inputs, {"all": [[1.0]]}), "effects['all'] must be a torch.Tensor"),
    (
        call(inputs, {"all": torch.ones(3)}),
        "effects['all'] must have the shape (num_heads, d_model), got (3,)",
    ),
    (call(inputs, {"all": NONE[0:0, 0]}), "effects['all'] must have the shape"),
    (call(split, [[1.0, 2.0]], 2, WORDS), "x must be a torch.Tensor"),
    (call(split, torch.ones(4), 2, WORDS), "x must have the shape (length, d_model),"),
    (call(split, torch.ones(3, 4), 3, WORDS), "num_heads must divide d_model"),
    (call(split, torch.ones(2, 4), 2, WORDS), "x must have the shape (3, 4), which is"),
    (call(layer, 0, 4, 2), "length must be at least 1"),
    (call(shares, {}, WORDS), "panels must hold at least one panel, got none"),
    (
        call(shares, {"a": {}}, []),
        "the number of labels must be from 1 to 4, as many as there",
    ),
    (
        call(shares, {"a": {"b": [1.0] * 5}}, "abcde"),
        "the number of labels must be from 1 to 4, as",
    ),
    (
        call(shares, {"a": {"b": [1.0]}, "c": {"d": [1.0]}}, "a"),
        "panels must have groups of the same names, got [['b'], ['d']]",
    ),
    (
        call(shares, {"a": {"b": [1.0], "c": [1.0, 2.0]}}, "a"),
        (
            "each group of panels must have a number for each of the 1 label(s), and "
            "there must be a group; got groups of [1, 2]"
        ),
    ),
    (call(shares, {"a": {}}, "a"), "each group of panels must have a number"),
    (
        call(walk, SQUARE, SQUARE, SQUARE[:2], SQUARE),
        "w_key must have the shape (3, 3), which is (d_model, columns), got (2, 3)",
    ),
    (
        call(walk, SQUARE[:2], SQUARE, SQUARE, SQUARE),
        "embeddings must have the shape (3, 3), which is (length, d_model), got (2, 3)",
    ),
    (
        call(walk, SQUARE[0], SQUARE, SQUARE, SQUARE),
        "embeddings must have the shape (length, d_model), got (3,), which has 1",
    ),
    (
        call(walk, SQUARE, SQUARE, SQUARE, SQUARE[0]),
        "w_value must have the shape (d_model, columns), got (3,), which has 1",
    ),
    (
        call(walk, SQUARE[:, :2], SQUARE[:2], SQUARE[:2, :2], SQUARE[:2]),
        "w_query and w_key must have the same d_k (dimension -1), got (2, 3) and",
    ),
    (
        call(walk, SQUARE, SQUARE, SQUARE, SQUARE),
        (
            "embeddings and matrices must have at most 10 columns in all, or their "
            "numbers are too small to be read, got 12"
        ),
    ),
    (call(walk, *SMALL, row=3), "row must be from 0 to 2, got 3"),
    (call(walk, *SMALL, row=-1), "row must be from 0 to 2, got -1"),
    (call(walk, *SMALL, row=1.0), "row must be an int"),
    (call(layer, 3, 4.0, 2), "d_model must be an int"),
    (call(layer, 3, 5, 5), "num_heads must be from 1 to 4, as many as there are colou"),
]


@pytest.mark.parametrize(("call", "message"), WRONG_CALLS)
def test_a_wrong_call_is_refused_and_says_why(call: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}"):
        call()
    assert plt.get_fignums() == []
