"""Attention against answers worked out by hand and against PyTorch's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torch.testing import assert_close

from nnbasics import attention_weights, causal_mask, scaled_dot_product_attention

# A different prime for every dimension: a swapped axis cannot go unnoticed.
BATCH, HEADS, Q_LEN, K_LEN, D_K, D_V = 2, 3, 5, 7, 11, 13


def random_inputs(
    *leading: int, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)

    def draw(*shape: int) -> Tensor:
        x = torch.randn(*leading, *shape, generator=generator, dtype=torch.float64)
        return x.to(dtype).requires_grad_()

    return draw(Q_LEN, D_K), draw(K_LEN, D_K), draw(K_LEN, D_V)


def random_mask(*shape: int) -> Tensor:
    """Make a mask in which every query may attend to the first key at least."""
    generator = torch.Generator().manual_seed(11)
    mask = torch.rand(shape, generator=generator) < 0.5
    mask[..., 0] = True
    return mask


MASKS: dict[str, Callable[[], Tensor | None]] = {
    "none": lambda: None,
    "all": lambda: torch.ones(Q_LEN, K_LEN, dtype=torch.bool),
    "queries and keys": lambda: random_mask(Q_LEN, K_LEN),
    "keys only": lambda: random_mask(1, K_LEN),
    "one row for all queries": lambda: random_mask(BATCH, 1, 1, K_LEN),
    "batch, for all heads": lambda: random_mask(BATCH, 1, Q_LEN, K_LEN),
    "heads, for the whole batch": lambda: random_mask(HEADS, Q_LEN, K_LEN),
    "everything": lambda: random_mask(BATCH, HEADS, Q_LEN, K_LEN),
}


def test_weights_worked_out_by_hand() -> None:
    # d_k = 4, so the scores 2 ln 2 and 0 are divided by 2: e^(ln 2) = 2 against 1.
    query = torch.tensor([[2 * math.log(2.0), 0.0, 0.0, 0.0]])
    key = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    assert_close(attention_weights(query, key), torch.tensor([[2 / 3, 1 / 3]]))


def test_output_worked_out_by_hand() -> None:
    query = torch.tensor([[2 * math.log(2.0), 0.0, 0.0, 0.0]])
    key = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    value = torch.tensor([[3.0, 0.0, 30.0], [6.0, 9.0, 60.0]])
    output, _ = scaled_dot_product_attention(query, key, value)
    # two thirds of the first value and one third of the second
    assert_close(output, torch.tensor([[4.0, 3.0, 40.0]]))


def test_a_masked_key_gets_no_weight_worked_out_by_hand() -> None:
    query = torch.zeros(1, 4)
    key = torch.ones(3, 4)
    mask = torch.tensor([[True, False, True]])
    weights = attention_weights(query, key, mask)
    assert_close(weights, torch.tensor([[0.5, 0.0, 0.5]]))


@pytest.mark.parametrize("make_mask", MASKS.values(), ids=MASKS.keys())
def test_agrees_with_torch_in_outputs_and_gradients(
    make_mask: Callable[[], Tensor | None],
) -> None:
    mask = make_mask()
    inputs = random_inputs(BATCH, HEADS)
    output, _ = scaled_dot_product_attention(*inputs, mask)
    expected = functional.scaled_dot_product_attention(*inputs, attn_mask=mask)
    assert_close(output, expected)

    upstream = torch.arange(output.numel(), dtype=output.dtype).reshape(output.shape)
    ours = torch.autograd.grad(output, inputs, upstream)
    theirs = torch.autograd.grad(expected, inputs, upstream)
    assert_close(ours, theirs)


@pytest.mark.parametrize("leading", [(), (2,), (2, 3), (2, 3, 1, 2)], ids=str)
def test_shapes_with_any_number_of_leading_dimensions(leading: tuple[int, ...]) -> None:
    output, weights = scaled_dot_product_attention(*random_inputs(*leading))
    assert output.shape == (*leading, Q_LEN, D_V)
    assert weights.shape == (*leading, Q_LEN, K_LEN)


def test_leading_dimensions_broadcast() -> None:
    query, _, _ = random_inputs(BATCH, 1)
    _, key, _ = random_inputs(HEADS)
    _, _, value = random_inputs()
    output, weights = scaled_dot_product_attention(query, key, value)
    assert output.shape == (BATCH, HEADS, Q_LEN, D_V)
    expanded = scaled_dot_product_attention(
        query.expand(BATCH, HEADS, Q_LEN, D_K),
        key.expand(BATCH, HEADS, K_LEN, D_K),
        value.expand(BATCH, HEADS, K_LEN, D_V),
    )
    assert_close((output, weights), expanded)


@pytest.mark.parametrize("make_mask", MASKS.values(), ids=MASKS.keys())
def test_rows_sum_to_one_and_are_not_negative(
    make_mask: Callable[[], Tensor | None],
) -> None:
    query, key, _ = random_inputs(BATCH, HEADS)
    weights = attention_weights(query, key, make_mask())
    assert (weights >= 0).all()
    ones = torch.ones(BATCH, HEADS, Q_LEN, dtype=weights.dtype)
    assert_close(weights.sum(dim=-1), ones)


def test_the_weights_returned_are_the_weights_used() -> None:
    query, key, value = random_inputs(BATCH, HEADS)
    mask = random_mask(Q_LEN, K_LEN)
    output, weights = scaled_dot_product_attention(query, key, value, mask)
    assert_close(output, weights @ value)
    assert_close(weights, attention_weights(query, key, mask))
    assert (weights[..., ~mask] == 0).all()


def test_a_mask_of_one_dimension_serves_every_query() -> None:
    query, key, _ = random_inputs(BATCH)
    mask = random_mask(K_LEN)
    weights = attention_weights(query, key, mask)
    assert_close(weights, attention_weights(query, key, mask.expand(Q_LEN, K_LEN)))


def test_masking_equals_leaving_the_keys_out() -> None:
    query, key, value = random_inputs(BATCH)
    mask = torch.tensor([True, False, True, True, False, False, True])
    masked, _ = scaled_dot_product_attention(query, key, value, mask)
    kept = scaled_dot_product_attention(query, key[:, mask], value[:, mask])[0]
    assert_close(masked, kept)


def test_the_order_of_the_keys_does_not_matter() -> None:
    query, key, value = random_inputs(BATCH)
    order = torch.tensor([3, 0, 6, 1, 5, 2, 4])
    output, weights = scaled_dot_product_attention(query, key, value)
    shuffled, shuffled_weights = scaled_dot_product_attention(
        query, key[:, order], value[:, order]
    )
    assert_close(shuffled, output)
    assert_close(shuffled_weights, weights[..., order])


def test_the_order_of_the_queries_is_the_order_of_the_outputs() -> None:
    query, key, value = random_inputs(BATCH)
    order = torch.tensor([3, 0, 1, 4, 2])
    output, _ = scaled_dot_product_attention(query, key, value)
    shuffled, _ = scaled_dot_product_attention(query[:, order], key, value)
    assert_close(shuffled, output[:, order])


def test_the_future_does_not_leak_through_a_causal_mask() -> None:
    x = random_inputs(BATCH)[1].detach()
    before, _ = scaled_dot_product_attention(x, x, x, causal_mask(K_LEN))
    for position in range(K_LEN):
        changed = x.clone()
        changed[:, position] += 100.0
        after, _ = scaled_dot_product_attention(
            changed, changed, changed, causal_mask(K_LEN)
        )
        assert_close(after[:, :position], before[:, :position], rtol=0, atol=0)
        assert not torch.allclose(after[:, position], before[:, position])


FLOATING = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
def test_a_query_that_may_attend_to_nothing_gets_zeros(dtype: torch.dtype) -> None:
    inputs = random_inputs(BATCH, dtype=dtype)
    mask = random_mask(Q_LEN, K_LEN)
    mask[2] = False
    output, weights = scaled_dot_product_attention(*inputs, mask)
    assert output.dtype == weights.dtype == dtype
    assert (weights[:, 2] == 0).all()
    assert (output[:, 2] == 0).all()
    assert (weights[:, [0, 1, 3, 4]].sum(dim=-1) > 0.9).all()

    gradients = torch.autograd.grad(output.sum(), inputs)
    assert all(gradient.isfinite().all() for gradient in gradients)
    assert (gradients[0][:, 2] == 0).all()
    assert (gradients[0][:, 0] != 0).any()


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
def test_everything_masked_gives_zeros_and_finite_gradients(dtype: torch.dtype) -> None:
    inputs = random_inputs(dtype=dtype)
    mask = torch.zeros(Q_LEN, 1, dtype=torch.bool)
    output, weights = scaled_dot_product_attention(*inputs, mask)
    assert (output == 0).all()
    assert (weights == 0).all()
    # PyTorch's search for NaNs must find none on the way back either.
    with torch.autograd.set_detect_anomaly(True):
        gradients = torch.autograd.grad(output.sum(), inputs)
    assert all((gradient == 0).all() for gradient in gradients)


def test_large_scores_stay_finite_in_float16() -> None:
    # 64 products of 40 * 40 add up to 102,400: more than float16 can hold.
    query = torch.full((1, 64), 40.0, dtype=torch.float16)
    key = torch.stack([query[0], -query[0]])
    weights = attention_weights(query, key)
    assert_close(weights, torch.tensor([[1.0, 0.0]], dtype=torch.float16))


def test_inputs_are_left_as_they_were() -> None:
    arguments = (*random_inputs(BATCH), random_mask(Q_LEN, K_LEN))
    copies = tuple(x.detach().clone() for x in arguments)
    scaled_dot_product_attention(*arguments)
    assert_close(arguments, copies, rtol=0, atol=0)


def ones(*shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.ones(*shape, dtype=dtype)


WRONG_CALLS: dict[str, tuple[tuple[Any, ...], type[Exception], str]] = {
    "query is a list": (
        ([[1.0]], ones(1, 1), ones(1, 1)),
        TypeError,
        "query must be a torch.Tensor, got list; write torch.tensor(query)",
    ),
    "key is None": (
        (ones(1, 1), None, ones(1, 1)),
        TypeError,
        "key must be a torch.Tensor, got NoneType",
    ),
    "value is None": (
        (ones(1, 1), ones(1, 1), None),
        TypeError,
        "value must be a torch.Tensor, got NoneType",
    ),
    "query holds integers": (
        (ones(2, 3, dtype=torch.int64), ones(2, 3), ones(2, 3)),
        TypeError,
        (
            "query must hold floating-point numbers of 16 bits or more, got dtype "
            "torch.int64; write query.float()"
        ),
    ),
    "key has another dtype": (
        (ones(2, 3), ones(2, 3, dtype=torch.float64), ones(2, 3)),
        TypeError,
        "key must have the dtype of query, torch.float32, got torch.float64",
    ),
    "value has another dtype": (
        (ones(2, 3), ones(2, 3), ones(2, 3, dtype=torch.float16)),
        TypeError,
        "value must have the dtype of query, torch.float32, got torch.float16",
    ),
    "query has one dimension": (
        (ones(3), ones(2, 3), ones(2, 3)),
        ValueError,
        (
            "query must have the shape (..., q_len, d_k), got (3,), "
            "which has 1 dimension(s)"
        ),
    ),
    "key has one dimension": (
        (ones(2, 3), ones(3), ones(2, 3)),
        ValueError,
        "key must have the shape (..., k_len, d_k), got (3,)",
    ),
    "value has one dimension": (
        (ones(2, 3), ones(2, 3), ones(2)),
        ValueError,
        "value must have the shape (..., k_len, d_v), got (2,)",
    ),
    "query and key differ in d_k": (
        (ones(2, 3), ones(2, 5), ones(2, 3)),
        ValueError,
        (
            "query and key must have the same size d_k (dimension -1), "
            "got (2, 3) and (2, 5)"
        ),
    ),
    "key and value differ in length": (
        (ones(2, 3), ones(5, 3), ones(7, 3)),
        ValueError,
        (
            "key and value must have the same number of rows k_len (dimension -2), "
            "got (5, 3) and (7, 3)"
        ),
    ),
    "d_k is 0": (
        (ones(2, 0), ones(2, 0), ones(2, 3)),
        ValueError,
        "the size d_k of query (dimension -1) must be at least 1, got the shape (2, 0)",
    ),
    "no keys": (
        (ones(2, 3), ones(0, 3), ones(0, 3)),
        ValueError,
        (
            "the number of keys k_len of key (dimension -2) must be at least 1, "
            "got the shape (0, 3)"
        ),
    ),
    "batches of query and key do not fit": (
        (ones(2, 1, 3), ones(5, 1, 3), ones(5, 1, 3)),
        ValueError,
        (
            "the leading dimensions (all but the last two) must be equal or broadcast "
            "to one another, got query (2, 1, 3), key (5, 1, 3)"
        ),
    ),
    "batch of value does not fit": (
        (ones(2, 1, 3), ones(2, 1, 3), ones(5, 1, 3)),
        ValueError,
        "got query (2, 1, 3), key (2, 1, 3), value (5, 1, 3)",
    ),
    "mask is a list": (
        (ones(1, 3), ones(1, 3), ones(1, 3), [[True]]),
        TypeError,
        "mask must be a torch.Tensor, got list; write torch.tensor(mask)",
    ),
    "mask holds floating-point numbers": (
        (ones(1, 3), ones(1, 3), ones(1, 3), ones(1, 1)),
        TypeError,
        (
            "mask must be boolean, with True where a query may attend, got dtype "
            "torch.float32; write mask.bool() if it holds 1 for 'may attend'"
        ),
    ),
    "mask holds integers": (
        (ones(1, 3), ones(1, 3), ones(1, 3), ones(1, 1, dtype=torch.int32)),
        TypeError,
        "mask must be boolean",
    ),
    "mask has another size": (
        (ones(2, 3), ones(5, 3), ones(5, 3), ones(2, 3, dtype=torch.bool)),
        ValueError,
        "mask must broadcast to the shape of the attention weights, (2, 5), got (2, 3)",
    ),
    "mask would enlarge the weights": (
        (ones(2, 3), ones(5, 3), ones(5, 3), ones(7, 2, 5, dtype=torch.bool)),
        ValueError,
        (
            "mask must broadcast to the shape of the attention weights, (2, 5), "
            "got (7, 2, 5)"
        ),
    ),
}


@pytest.mark.parametrize(
    ("arguments", "error", "message"), WRONG_CALLS.values(), ids=WRONG_CALLS.keys()
)
def test_a_wrong_call_is_refused_with_a_message_that_helps(
    arguments: tuple[Any, ...],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error) as caught:
        scaled_dot_product_attention(*arguments)
    assert message in str(caught.value)
