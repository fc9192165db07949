"""Properties of attention that hold for every shape, dtype, layout and mask."""

from __future__ import annotations

import math

import pytest
import torch
from attention_cases import (
    FLOATING,
    SEEDS,
    Case,
    assert_near,
    cases,
    random_mask,
    with_gradients,
)
from hypothesis import assume, example, given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional
from torch.testing import assert_close

from nnbasics import attention_weights, scaled_dot_product_attention

WIDE = (torch.float32, torch.float64)


def torch_attention(case: Case) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Return PyTorch's own output and gradients, computed in float64."""
    query, key, value = case.inputs
    inputs = with_gradients(query.double(), key.double(), value.double())
    leading = torch.broadcast_shapes(
        case.weights_shape[:-2], *(x.shape[:-2] for x in inputs)
    )
    query, key, value = (x.expand(*leading, *x.shape[-2:]) for x in inputs)
    mask = None
    if case.mask is not None:
        mask = case.full_mask.expand(*leading, *case.weights_shape[-2:])
    output = functional.scaled_dot_product_attention(query, key, value, mask)
    return output, torch.autograd.grad(output, inputs, upstream_of(output))


def upstream_of(output: Tensor) -> Tensor:
    """Return gradients from above that differ from number to number, all below 2."""
    numbers = torch.arange(output.numel(), dtype=torch.float64).sin() + 0.5
    return numbers.to(output.dtype).reshape(output.shape)


# A different prime for every dimension: a swapped axis cannot go unnoticed.
BATCH, HEADS, Q_LEN, K_LEN, D_K, D_V = 2, 3, 5, 7, 11, 13
MASK_SHAPES = {
    "no mask": None,
    "keys only": (K_LEN,),
    "queries and keys": (Q_LEN, K_LEN),
    "queries only": (Q_LEN, 1),
    "batch, one row for all queries": (BATCH, 1, 1, K_LEN),
    "batch, for all heads": (BATCH, 1, Q_LEN, K_LEN),
    "heads, for the whole batch": (HEADS, Q_LEN, K_LEN),
    "everything": (BATCH, HEADS, Q_LEN, K_LEN),
}


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
@pytest.mark.parametrize("shape", MASK_SHAPES.values(), ids=MASK_SHAPES.keys())
def test_agrees_with_torch_for_every_form_of_mask(
    shape: tuple[int, ...] | None, dtype: torch.dtype
) -> None:
    generator = torch.Generator().manual_seed(7)
    query, key, value = (
        torch.randn(BATCH, HEADS, *sizes, generator=generator).to(dtype)
        for sizes in ((Q_LEN, D_K), (K_LEN, D_K), (K_LEN, D_V))
    )
    mask = None if shape is None else random_mask(shape, seed=11)
    check_against_torch(Case(query, key, value, mask, (BATCH, HEADS, Q_LEN, K_LEN)))


@given(cases())
def test_agrees_with_torch_for_every_size_and_layout(case: Case) -> None:
    check_against_torch(case)


def check_against_torch(case: Case) -> None:
    """Compare outputs and gradients, and the output with the weights returned."""
    inputs = with_gradients(*case.inputs)
    output, weights = scaled_dot_product_attention(*inputs, case.mask)
    gradients = torch.autograd.grad(output, inputs, upstream_of(output))
    expected, expected_gradients = torch_attention(case)

    assert output.dtype == weights.dtype == case.query.dtype
    assert weights.shape == case.weights_shape
    assert_near(output, expected, output.dtype)
    assert_near(output, weights @ case.value, output.dtype)
    for gradient, wanted in zip(gradients, expected_gradients, strict=True):
        # A gradient sums over the broadcast dimensions, and so do its errors.
        scale = max(1.0, wanted.abs().max().item())
        assert_near(gradient / scale, wanted / scale, output.dtype)


@given(cases(WIDE))
def test_a_gradient_flows_through_the_weights_too(case: Case) -> None:
    query, key, _ = with_gradients(*case.inputs)
    weights = attention_weights(query, key, case.mask)
    _, returned = scaled_dot_product_attention(query, key, case.value, case.mask)
    scores = query @ key.mT / math.sqrt(query.size(-1))
    expected = scores.where(case.full_mask, -math.inf).softmax(dim=-1)
    wanted = torch.autograd.grad(expected, (query, key), upstream_of(expected))
    for result in (weights, returned):
        gradients = torch.autograd.grad(result, (query, key), upstream_of(result))
        for gradient, other in zip(gradients, wanted, strict=True):
            assert_near(gradient, other, query.dtype)


@given(cases(rows_may_be_empty=True))
def test_each_row_shares_out_one_or_nothing(case: Case) -> None:
    weights = attention_weights(case.query, case.key, case.mask)
    assert (weights >= 0).all()
    assert (weights[~case.full_mask] == 0).all()
    wanted = case.full_mask.any(dim=-1)
    assert_near(weights.double().sum(dim=-1), wanted, weights.dtype)


@given(cases(rows_may_be_empty=True))
def test_a_query_that_may_attend_to_nothing_gets_zeros_and_sends_no_gradient(
    case: Case,
) -> None:
    query, key, value = with_gradients(*case.inputs)
    output, _ = scaled_dot_product_attention(query, key, value, case.mask)
    empty = ~case.full_mask.any(dim=-1)  # (..., q_len)
    empty = empty.expand(output.shape[:-1])
    assert (output[empty] == 0).all()
    inputs = (query, key, value)
    gradients = torch.autograd.grad(output.sum(), inputs, retain_graph=True)
    assert all(gradient.isfinite().all() for gradient in gradients)
    # Through an empty row nothing flows back, whatever comes from above.
    gradients = torch.autograd.grad(output[empty].sum(), inputs)
    assert all((gradient == 0).all() for gradient in gradients)


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
@given(
    st.sampled_from([6e-8, 1e-4, 1.0, 1e3, 1e4, 6e4]),
    st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=1, max_size=6),
    st.sampled_from([1, 4, 16, 64]),
    st.booleans(),
)
@example(magnitude=6e4, signs=[-1.0, 1.0], d_k=1, masked=True)
@example(magnitude=6e4, signs=[1.0, -1.0], d_k=64, masked=False)
def test_huge_and_tiny_scores_give_the_right_weights(
    dtype: torch.dtype, magnitude: float, signs: list[float], d_k: int, masked: bool
) -> None:
    """The scores are minus, zero or plus the magnitude; float16 ends at 65,504.

    With 64 features their products sum to 480,000 before the scaling.
    """
    query = torch.full((1, d_k), magnitude / math.sqrt(d_k), dtype=dtype)
    key = torch.tensor(signs, dtype=dtype)[:, None].repeat(1, d_k)
    mask = torch.ones(len(signs), dtype=torch.bool)
    if masked:
        mask[1:2] = False  # the second key, if there is one
    exact = (query.double() @ key.double().T)[0] / math.sqrt(d_k)
    expected = exact.masked_fill(~mask, -math.inf).softmax(dim=-1)

    query, key, _ = with_gradients(query, key, key)
    weights = attention_weights(query, key, mask if masked else None)
    assert_near(weights[0], expected, dtype)
    gradients = torch.autograd.grad(weights[0, 0], (query, key))
    assert all(gradient.isfinite().all() for gradient in gradients)


@given(cases(WIDE), st.sampled_from([math.nan, math.inf, -math.inf]), SEEDS)
def test_a_blocked_key_is_not_looked_at_whatever_it_holds(
    case: Case, poison: float, seed: int
) -> None:
    """A padded position may hold anything in its key, NaN and infinity too."""
    k_len = case.weights_shape[-1]
    assume(k_len > 1)
    blocked = seed % k_len
    mask = torch.arange(k_len) != blocked
    poisoned = case.key.clone()
    poisoned[..., blocked, :] = poison
    clean = attention_weights(case.query, case.key, mask)
    assert_close(attention_weights(case.query, poisoned, mask), clean)
