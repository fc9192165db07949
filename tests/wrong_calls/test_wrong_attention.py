"""Wrong calls of attention, its masks and its heads: each is refused, and says why."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from wrong_call import WrongCall

from nnbasics import (
    MultiHeadAttention,
    attention_weights,
    causal_mask,
    merge_heads,
    padding_mask,
    rotate,
    scaled_dot_product_attention,
    sinusoidal_positions,
    split_heads,
)

X = torch.ones(2, 5, 4)  # (batch, length, d_model)
META = torch.ones(2, 5, 4, device="meta")
EVERYTHING = torch.ones(5, 5, dtype=torch.bool)
LAYER = MultiHeadAttention(4, 2)


def call(function: Any, *arguments: Any) -> Any:
    return lambda: function(*arguments)


# Each message whole, once for every place of the package that words a part of it.
WRONG_CALLS = {
    # -- attention_weights and scaled_dot_product_attention
    "a list for the query": WrongCall(
        call(attention_weights, [[1.0]], X),
        TypeError,
        "query must be a torch.Tensor, got list; write torch.tensor(query)",
    ),
    "an integer query": WrongCall(
        call(attention_weights, X.long(), X),
        TypeError,
        "query must hold floating-point numbers of 16 bits or more, got dtype "
        "torch.int64; write query.float()",
    ),
    "a key of another dtype": WrongCall(
        call(attention_weights, X, X.half()),
        TypeError,
        "key must have the dtype of query, torch.float32, got torch.float16; write "
        "key.to(torch.float32)",
    ),
    "a key on another device": WrongCall(
        call(attention_weights, X, META),
        ValueError,
        "key must be on the device of query, cpu, got meta",
    ),
    "a query of one dimension": WrongCall(
        call(attention_weights, X[0, 0], X),
        ValueError,
        "query must have the shape (..., q_len, d_k), got (4,), which has 1 "
        "dimension(s)",
    ),
    "a number for the key": WrongCall(
        call(attention_weights, X, torch.tensor(1.0)),
        ValueError,
        "key must have the shape (..., k_len, d_k), got (), which has 0 dimension(s)",
    ),
    "a value of one dimension": WrongCall(
        call(scaled_dot_product_attention, X, X, X[0, 0]),
        ValueError,
        "value must have the shape (..., k_len, d_v), got (4,), which has 1 "
        "dimension(s)",
    ),
    "another inner size": WrongCall(
        call(attention_weights, X, X[..., :3]),
        ValueError,
        "query and key must have the same size d_k (dimension -1), got (2, 5, 4) and "
        "(2, 5, 3)",
    ),
    "an inner size of 0": WrongCall(
        call(attention_weights, X[..., :0], X[..., :0]),
        ValueError,
        "the size d_k of query (dimension -1) must be at least 1, got the shape "
        "(2, 5, 0)",
    ),
    "no keys": WrongCall(
        call(attention_weights, X, X[:, :0]),
        ValueError,
        "the number of keys k_len of key (dimension -2) must be at least 1, got the "
        "shape (2, 0, 4)",
    ),
    "fewer values than keys": WrongCall(
        call(scaled_dot_product_attention, X, X, X[:, :3]),
        ValueError,
        "key and value must have the same number of rows k_len (dimension -2), got "
        "(2, 5, 4) and (2, 3, 4)",
    ),
    "batches that do not match": WrongCall(
        call(attention_weights, X, X.repeat(2, 1, 1)),
        ValueError,
        "the leading dimensions (all but the last two) must be equal or broadcast to "
        "one another, got query (2, 5, 4), key (4, 5, 4)",
    ),
    "a batch of values that does not match": WrongCall(
        call(scaled_dot_product_attention, X, X, X.repeat(2, 1, 1)),
        ValueError,
        "the leading dimensions (all but the last two) must be equal or broadcast to "
        "one another, got query (2, 5, 4), key (2, 5, 4), value (4, 5, 4)",
    ),
    "an additive mask": WrongCall(
        call(attention_weights, X, X, torch.zeros(5, 5)),
        TypeError,
        "mask must be boolean, with True where a query may attend, got dtype "
        "torch.float32; write mask.bool() if it holds 1 for 'may attend' and 0 for "
        "'blocked', or mask == 0 if it holds 0 and -inf to be added to the scores",
    ),
    "a mask of another size": WrongCall(
        call(attention_weights, X, X, EVERYTHING[:, :3]),
        ValueError,
        "mask must broadcast to the shape of the attention weights, (2, 5, 5), got "
        "(5, 3)",
    ),
    # -- causal_mask and padding_mask
    "a causal mask of length 0": WrongCall(
        call(causal_mask, 0), ValueError, "length must be at least 1, got 0"
    ),
    "a causal mask of a float": WrongCall(
        call(causal_mask, 3.0), TypeError, "length must be an int, got 3.0"
    ),
    "no lengths": WrongCall(
        call(padding_mask, []),
        ValueError,
        "lengths must hold at least one sequence's length, got none",
    ),
    "one number for the lengths": WrongCall(
        call(padding_mask, 3),
        TypeError,
        "lengths must be a list or another sequence of int, got int",
    ),
    "floating-point lengths": WrongCall(
        call(padding_mask, torch.tensor([2.0])),
        TypeError,
        "each of lengths must be an int, got 2.0",
    ),
    "a negative length": WrongCall(
        call(padding_mask, [2, -1]),
        ValueError,
        "each of lengths must be 0 or more, got -1",
    ),
    "a length beyond the padding": WrongCall(
        call(padding_mask, [2, 5], 3),
        ValueError,
        "max_length must be at least the longest of lengths, 5, got 3",
    ),
    # -- split_heads and merge_heads
    "splitting one dimension": WrongCall(
        call(split_heads, X[0, 0], 2),
        ValueError,
        "x must have the shape (..., length, d_model), got (4,), which has 1 "
        "dimension(s)",
    ),
    "splitting unevenly": WrongCall(
        call(split_heads, X, 3),
        ValueError,
        "num_heads must divide d_model, got num_heads 3 and d_model 4",
    ),
    "merging two dimensions": WrongCall(
        call(merge_heads, X[0]),
        ValueError,
        "x must have the shape (..., num_heads, length, d_head), got (5, 4), which "
        "has 2 dimension(s)",
    ),
    # -- sinusoidal_positions and rotate
    "no positions": WrongCall(
        call(sinusoidal_positions, 0, 4),
        ValueError,
        "length must be at least 1, got 0",
    ),
    "an odd size of positions": WrongCall(
        call(sinusoidal_positions, 3, 5),
        ValueError,
        "d_model must be even, since two neighbours make a pair, got 5; take 4 or 6",
    ),
    "a base of 0": WrongCall(
        call(sinusoidal_positions, 3, 4, 0),
        ValueError,
        "base must be more than 0 and finite, got 0",
    ),
    "rotating an odd size": WrongCall(
        call(rotate, X[..., :3]),
        ValueError,
        "d_head, the last size of x, must be even, since two neighbours make a pair, "
        "got 3; take 2 or 4",
    ),
    "rotating nothing": WrongCall(
        call(rotate, X[..., :0]),
        ValueError,
        "the size d_head of x (dimension -1) must be at least 1, got the shape "
        "(2, 5, 0)",
    ),
    "rotating one dimension": WrongCall(
        call(rotate, X[0, 0]),
        ValueError,
        "x must have the shape (..., length, d_head), got (4,), which has 1 "
        "dimension(s)",
    ),
    "an offset between two positions": WrongCall(
        call(rotate, X, 0.5), TypeError, "offset must be an int, got 0.5"
    ),
    # -- MultiHeadAttention
    "no batch dimension": WrongCall(
        call(LAYER, X[0]),
        ValueError,
        (
            "query must have the shape (5, 4, 4), which is (batch, length, d_model), "
            "got (5, 4)"
        ),
    ),
    "another batch": WrongCall(
        call(LAYER, X, X[:1]),
        ValueError,
        "key and query must have the same batch size (dimension 0), got (1, 5, 4) and "
        "(2, 5, 4)",
    ),
    "an empty sequence of keys": WrongCall(
        call(LAYER, X, X[:, :0]),
        ValueError,
        "the length of key (dimension 1) must be at least 1, got the shape (2, 0, 4)",
    ),
    "values for some keys only": WrongCall(
        call(LAYER, X, X, X[:, :3]),
        ValueError,
        "value and key must have the same length (dimension 1), got (2, 3, 4) and "
        "(2, 5, 4)",
    ),
    "the dtype of another layer": WrongCall(
        call(LAYER, X.double()),
        TypeError,
        "query must have the dtype of the module's parameters, torch.float32, got "
        "torch.float64; write query.to(torch.float32)",
    ),
    "the device of another layer": WrongCall(
        call(LAYER, META),
        ValueError,
        "query must be on the device of the module's parameters, cpu, got meta",
    ),
    "a mask of one dimension": WrongCall(
        call(LAYER, X, None, None, EVERYTHING[0]),
        ValueError,
        "mask must have the shape (q_len, k_len), (batch, q_len, k_len) or (batch, "
        "num_heads or 1, q_len, k_len), got (5,)",
    ),
    "a mask for another batch": WrongCall(
        call(LAYER, X, None, None, EVERYTHING.expand(3, 5, 5)),
        ValueError,
        "mask must broadcast to the shape of the attention weights, (2, 5, 5), got "
        "(3, 5, 5)",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_CALLS.values(), ids=WRONG_CALLS.keys())
def test_a_wrong_call_is_refused_and_says_why(wrong: WrongCall) -> None:
    wrong.check()


Call = tuple[Callable[..., object], tuple[Any, ...], type[Exception], str]

# Each argument in each way that it can be wrong, with what the message begins with.
NAMED: list[Call] = [
    (attention_weights, (X.bool(), X), TypeError, "query must hold"),
    (attention_weights, (X.to(torch.complex64), X), TypeError, "query must hold"),
    (attention_weights, (X.to(torch.float8_e5m2), X), TypeError, "query must hold"),
    (attention_weights, (X, None), TypeError, "key must be a torch.Tensor"),
    (attention_weights, (X, X.int()), TypeError, "key must hold"),
    (attention_weights, (X, X, [[True]]), TypeError, "mask must be a torch.Tensor"),
    (attention_weights, (X, X, EVERYTHING.byte()), TypeError, "mask must be boolean"),
    (
        attention_weights,
        (X, X, EVERYTHING.to("meta")),
        ValueError,
        "mask must be on the device of query, cpu, got meta",
    ),
    (
        attention_weights,
        (X, X, EVERYTHING.expand(3, 1, 5, 5)),
        ValueError,
        "mask must broadcast",
    ),
    (scaled_dot_product_attention, (None, X, X), TypeError, "query must be a torch"),
    (scaled_dot_product_attention, (X, None, X), TypeError, "key must be a torch"),
    (scaled_dot_product_attention, (X, X, None), TypeError, "value must be a torch"),
    (scaled_dot_product_attention, (X, X, X.int()), TypeError, "value must hold"),
    (
        scaled_dot_product_attention,
        (X, X, X.double()),
        TypeError,
        "value must have the dtype of query",
    ),
    (scaled_dot_product_attention, (X, X, META), ValueError, "value must be on"),
    (scaled_dot_product_attention, (X, X, X, X), TypeError, "mask must be boolean"),
    (causal_mask, (-2,), ValueError, "length must be at least 1, got -2"),
    (causal_mask, (True,), TypeError, "length must be an int, got True"),
    (causal_mask, (math.nan,), TypeError, "length must be an int, got nan"),
    (causal_mask, ("3",), TypeError, "length must be an int, got '3'"),
    (padding_mask, (torch.tensor(3),), TypeError, "lengths must be a list"),
    (padding_mask, ([[2, 3]],), TypeError, "each of lengths must be an int"),
    (padding_mask, ([True],), TypeError, "each of lengths must be an int"),
    (padding_mask, ([0],), ValueError, "max_length must be at least 1"),
    (padding_mask, ([2], 2.5), TypeError, "max_length must be an int"),
    (split_heads, ([[1.0]], 1), TypeError, "x must be a torch.Tensor"),
    (split_heads, (X, 0), ValueError, "num_heads must be at least 1"),
    (split_heads, (X, torch.tensor(2)), TypeError, "num_heads must be an int"),
    (split_heads, (X[..., :0], 1), ValueError, "d_model must be at least 1"),
    (merge_heads, (None,), TypeError, "x must be a torch.Tensor"),
    (MultiHeadAttention, ("4", 2), TypeError, "d_model must be an int"),
    (MultiHeadAttention, (0, 1), ValueError, "d_model must be at least 1"),
    (MultiHeadAttention, (4, True), TypeError, "num_heads must be an int"),
    (MultiHeadAttention, (4, -2), ValueError, "num_heads must be at least 1"),
    (MultiHeadAttention, (4, 8), ValueError, "num_heads must divide d_model"),
    (LAYER, (X.numpy(),), TypeError, "query must be a torch.Tensor, got ndarray"),
    (LAYER, (X.int(),), TypeError, "query must hold"),
    (LAYER, (X, X[None]), ValueError, "key must have the shape"),
    (LAYER, (X, EVERYTHING), TypeError, "key must hold"),  # a mask in its place
    (sinusoidal_positions, (3.0, 4), TypeError, "length must be an int"),
    (sinusoidal_positions, (3, 4.0), TypeError, "d_model must be an int"),
    (sinusoidal_positions, (3, 0), ValueError, "d_model must be at least 1"),
    (sinusoidal_positions, (3, 4, "big"), TypeError, "base must be a number"),
    (rotate, ([[1.0]],), TypeError, "x must be a torch.Tensor"),
    (rotate, (X.long(),), TypeError, "x must hold floating-point numbers"),
    (rotate, (X, True), TypeError, "offset must be an int"),
    (rotate, (X, 0, math.inf), ValueError, "base must be more than 0"),
    (LAYER, (X[:, :0],), ValueError, "the length of key"),
    (LAYER, (X, X, X[..., :3]), ValueError, "value must have the shape"),
    (LAYER, (X, X, X[:1]), ValueError, "value and query must have the same batch"),
    (LAYER, (X, X, X, [True]), TypeError, "mask must be a torch.Tensor"),
    (LAYER, (X, X, X, X), TypeError, "mask must be boolean"),
    (
        LAYER,
        (X, X, X, EVERYTHING.expand(1, 2, 2, 5, 5)),
        ValueError,
        "mask must have the shape",
    ),
    (
        LAYER,
        (X, X, X, EVERYTHING.expand(2, 3, 5, 5)),
        ValueError,
        "mask must broadcast to the shape of the attention weights, (2, 2, 5, 5)",
    ),
]


@pytest.mark.parametrize(("function", "arguments", "error", "beginning"), NAMED)
def test_a_wrong_call_names_the_argument(
    function: Callable[..., object],
    arguments: tuple[Any, ...],
    error: type[Exception],
    beginning: str,
) -> None:
    with pytest.raises(error, match="^" + re.escape(beginning)):
        function(*arguments)
