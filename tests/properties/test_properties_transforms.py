"""Attention inside PyTorch's transforms: vmap, grad, compile, export, gradcheck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from attention_cases import Case, cases
from hypothesis import given, settings
from layer_cases import LayerCase, layer_cases
from torch import Tensor
from torch.testing import assert_close

from nnbasics import (
    MultiHeadAttention,
    causal_mask,
    padding_mask,
    scaled_dot_product_attention,
)

DOUBLE = (torch.float64,)


def draw(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


# -- torch.func


@given(cases(DOUBLE, rows_may_be_empty=True))
def test_vmap_is_a_batch_dimension(case: Case) -> None:
    stacked = [torch.stack([x, 2 * x, -x]) for x in case.inputs]
    mapped = torch.func.vmap(
        lambda q, k, v: scaled_dot_product_attention(q, k, v, case.mask)
    )(*stacked)
    one_by_one = [
        scaled_dot_product_attention(query, key, value, case.mask)
        for query, key, value in zip(*stacked, strict=True)
    ]
    assert_close(mapped[0], torch.stack([output for output, _ in one_by_one]))
    assert_close(mapped[1], torch.stack([weights for _, weights in one_by_one]))


@given(cases(DOUBLE, rows_may_be_empty=True))
def test_grad_of_torch_func_is_autograd(case: Case) -> None:
    def total(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        output, weights = scaled_dot_product_attention(query, key, value, case.mask)
        return output.sin().sum() + weights.square().sum()

    leaves = tuple(x.detach().requires_grad_() for x in case.inputs)
    expected = torch.autograd.grad(total(*leaves), leaves)
    gradients = torch.func.grad(total, argnums=(0, 1, 2))(*case.inputs)
    assert_close(gradients, expected)


# -- derivatives against finite differences


@settings(max_examples=15)
@given(cases(DOUBLE, rows_may_be_empty=True))
def test_first_and_second_derivatives_of_attention(case: Case) -> None:
    inputs = tuple(x.clone().requires_grad_() for x in case.inputs)

    def attend(query: Tensor, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        return scaled_dot_product_attention(query, key, value, case.mask)

    assert torch.autograd.gradcheck(attend, inputs)
    assert torch.autograd.gradgradcheck(attend, inputs)


@settings(max_examples=8)
@given(layer_cases(rows_may_be_empty=True))
def test_first_and_second_derivatives_of_the_layer(case: LayerCase) -> None:
    names = [name for name, _ in case.layer.named_parameters()]
    leaves = [p.detach().clone().requires_grad_() for p in case.layer.parameters()]
    # one short sequence: a check computes a full matrix of differences
    inputs = tuple(
        x[:1, :2].clone().requires_grad_() for x in (case.query, case.key, case.value)
    )

    def attend(*arguments: Tensor) -> Any:
        values = dict(zip(names, arguments[3:], strict=True))
        return torch.func.functional_call(case.layer, values, arguments[:3])

    assert torch.autograd.gradcheck(attend, (*inputs, *leaves), fast_mode=True)
    assert torch.autograd.gradgradcheck(attend, (*inputs, *leaves), fast_mode=True)


# -- torch.compile and torch.export

MASKS: dict[str, Callable[[], Tensor | None]] = {
    "no mask": lambda: None,
    "causal": lambda: causal_mask(5),
    "padding": lambda: padding_mask([5, 2]),
    "a row of nothing": lambda: causal_mask(5) & (torch.arange(5) > 0),
}


@pytest.fixture(autouse=True)
def forget_what_was_compiled() -> None:
    torch.compiler.reset()


@pytest.mark.parametrize("make_mask", MASKS.values(), ids=MASKS.keys())
def test_compiling_changes_no_result(make_mask: Callable[[], Tensor | None]) -> None:
    layer, mask = MultiHeadAttention(6, 3).double(), make_mask()
    compiled = torch.compile(layer, backend="eager", fullgraph=True)
    for batch in (2, 3):
        x = draw(batch, 5, 6, seed=batch).requires_grad_()
        if mask is not None and mask.dim() == 3:
            mask = mask[:1].expand(batch, -1, -1)
        ours, expected = compiled(x, mask=mask), layer(x, mask=mask)
        assert_close(ours, expected)
        (gradient,) = torch.autograd.grad(ours[0].sin().sum(), x)
        assert_close(gradient, *torch.autograd.grad(expected[0].sin().sum(), x))


def test_compiling_keeps_the_errors() -> None:
    compiled = torch.compile(MultiHeadAttention(6, 3), backend="eager")
    with pytest.raises(ValueError, match="query must have the shape"):
        compiled(torch.zeros(2, 5, 7))
