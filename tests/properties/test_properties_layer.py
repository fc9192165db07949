"""Properties of multi-head attention for every size, mask and mode, and its storage."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from attention_cases import FLOATING, random_mask, with_gradients
from hypothesis import given
from hypothesis import strategies as st
from layer_cases import (
    PROJECTIONS,
    LayerCase,
    as_torch_layer,
    layer_cases,
    layers,
    random_layer,
)
from torch import Tensor
from torch.testing import assert_close

from nnbasics import MultiHeadAttention, merge_heads, split_heads


def stacked_gradients(layer: MultiHeadAttention, name: str) -> Tensor:
    """Return the gradients of the three projections in PyTorch's order."""
    paths = [f"{projection}.{name}" for projection in PROJECTIONS]
    return torch.cat([gradient_of(layer.get_parameter(path)) for path in paths])


def gradient_of(x: Tensor) -> Tensor:
    assert x.grad is not None
    return x.grad


# A different prime for every dimension: a swapped axis cannot go unnoticed.
BATCH, HEADS, Q_LEN, K_LEN, D_HEAD = 2, 3, 5, 7, 11
MASK_SHAPES = {
    "no mask": None,
    "queries and keys": (Q_LEN, K_LEN),
    "batch": (BATCH, Q_LEN, K_LEN),
    "batch, one row for all queries": (BATCH, 1, K_LEN),
    "batch, for all heads": (BATCH, 1, Q_LEN, K_LEN),
    "batch and heads": (BATCH, HEADS, Q_LEN, K_LEN),
}


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("shape", MASK_SHAPES.values(), ids=MASK_SHAPES.keys())
def test_agrees_with_torch_for_every_form_of_mask(
    shape: tuple[int, ...] | None, training: bool
) -> None:
    layer = random_layer(HEADS * D_HEAD, HEADS, seed=3).train(training)
    generator = torch.Generator().manual_seed(5)
    query, key, value = (
        torch.randn(BATCH, length, layer.d_model, generator=generator).double()
        for length in (Q_LEN, K_LEN, K_LEN)
    )
    mask = None if shape is None else random_mask(shape, seed=13)
    check_against_torch(LayerCase(layer, query, key, value, mask))


@given(layer_cases())
def test_agrees_with_torch_for_every_size_and_layout(case: LayerCase) -> None:
    check_against_torch(case)


def check_against_torch(case: LayerCase) -> None:
    """Compare outputs, weights, and the gradients of all inputs and parameters."""
    theirs = as_torch_layer(case.layer)
    # PyTorch's layer wants one mask a head, with True where a key is blocked.
    mask = None if case.mask is None else ~case.full_mask.flatten(0, 1)
    attend = partial(theirs, attn_mask=mask, average_attn_weights=False)
    ours_in = with_gradients(case.query, case.key, case.value)
    theirs_in = with_gradients(case.query, case.key, case.value)
    ours, our_weights = case.layer(*ours_in, case.mask)
    expected, expected_weights = attend(*theirs_in)
    assert_close((ours, our_weights), (expected, expected_weights))
    with torch.no_grad():  # in eval mode PyTorch's layer takes another way
        assert_close((ours, our_weights), attend(*theirs_in))

    # Gradients come from above to the outputs and to the weights, each its own.
    upstream = [
        torch.arange(x.numel(), dtype=x.dtype).sin().view_as(x)
        for x in (ours, our_weights)
    ]
    torch.autograd.backward([ours, our_weights], upstream)
    torch.autograd.backward([expected, expected_weights], upstream)
    for mine, other in zip(ours_in, theirs_in, strict=True):
        assert_close(mine.grad, other.grad)
    for name in ("weight", "bias"):
        assert_close(
            stacked_gradients(case.layer, name),
            gradient_of(theirs.get_parameter(f"in_proj_{name}")),
        )
        assert_close(
            gradient_of(case.layer.out_proj.get_parameter(name)),
            gradient_of(theirs.out_proj.get_parameter(name)),
        )


@given(
    st.sampled_from(FLOATING).flatmap(
        lambda dtype: layer_cases(dtype, rows_may_be_empty=True)
    )
)
def test_a_query_that_may_attend_to_nothing_gets_the_last_bias(case: LayerCase) -> None:
    inputs = with_gradients(case.query, case.key, case.value)
    output, weights = case.layer(*inputs, case.mask)
    assert (weights[~case.full_mask] == 0).all()
    empty = ~case.full_mask.any(dim=-1).any(dim=1)  # in every head: (batch, q_len)
    bias = case.layer.out_proj.bias
    assert_close(output[empty], bias.expand(int(empty.sum()), -1))
    output.sum().backward()
    gradients = [*(x.grad for x in inputs), *(p.grad for p in case.layer.parameters())]
    assert all(g is not None and g.isfinite().all() for g in gradients)


@given(layers(), st.integers(min_value=0, max_value=3), st.integers(0, 2**31))
def test_merging_undoes_splitting(
    layer: MultiHeadAttention, leading: int, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    shape = (*(2, 1, 3)[:leading], 5, layer.d_model)
    x = torch.randn(shape, generator=generator)
    heads = split_heads(x, layer.num_heads)
    d_head = layer.d_model // layer.num_heads
    assert heads.shape == (*shape[:-2], layer.num_heads, 5, d_head)
    assert torch.equal(merge_heads(heads), x)


# -- copies, and what is stored


@given(layers())
def test_the_names_of_the_parameters_are_a_promise(layer: MultiHeadAttention) -> None:
    """Whoever stored a layer must be able to load it again."""
    shapes = {name: tuple(x.shape) for name, x in layer.state_dict().items()}
    d = layer.d_model
    assert shapes == {
        f"{projection}.{name}": shape
        for projection in (*PROJECTIONS, "out_proj")
        for name, shape in (("weight", (d, d)), ("bias", (d,)))
    }
