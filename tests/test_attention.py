"""Attention against answers worked out by hand, and by what it promises.

tests/properties compares it with PyTorch's own, for masks of every form.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.testing import assert_close

from nnbasics import attention_weights, causal_mask, scaled_dot_product_attention

# A different prime for every dimension: a swapped axis cannot go unnoticed.
BATCH, Q_LEN, K_LEN, D_K, D_V = 2, 5, 7, 11, 13


def random_inputs(
    *leading: int, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)

    def draw(*shape: int) -> Tensor:
        x = torch.randn(*leading, *shape, generator=generator, dtype=torch.float64)
        return x.to(dtype).requires_grad_()

    return draw(Q_LEN, D_K), draw(K_LEN, D_K), draw(K_LEN, D_V)


def test_weights_and_output_worked_out_by_hand() -> None:
    # d_k = 4, so the scores 2 ln 2 and 0 are divided by 2: e^(ln 2) = 2 against 1.
    query = torch.tensor([[2 * math.log(2.0), 0.0, 0.0, 0.0]])
    key = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    value = torch.tensor([[3.0, 0.0, 30.0], [6.0, 9.0, 60.0]])
    expected = torch.tensor([[2 / 3, 1 / 3]])
    assert_close(attention_weights(query, key), expected)

    output, weights = scaled_dot_product_attention(query, key, value)
    assert_close(weights, expected)
    # two thirds of the first value and one third of the second
    assert_close(output, torch.tensor([[4.0, 3.0, 40.0]]))


def test_a_masked_key_gets_no_weight_worked_out_by_hand() -> None:
    query, key = torch.zeros(1, 4), torch.ones(3, 4)
    mask = torch.tensor([[True, False, True]])
    weights = attention_weights(query, key, mask)
    assert_close(weights, torch.tensor([[0.5, 0.0, 0.5]]))


def test_masking_equals_leaving_the_keys_out() -> None:
    query, key, value = random_inputs(BATCH)
    mask = torch.tensor([True, False, True, True, False, False, True])
    output, weights = scaled_dot_product_attention(query, key, value, mask)
    kept = scaled_dot_product_attention(query, key[:, mask], value[:, mask])
    assert_close((output, weights[..., mask]), kept)
    assert (weights[..., ~mask] == 0).all()


def test_permuting_queries_and_keys_permutes_the_weights_and_the_output() -> None:
    query, key, value = random_inputs(BATCH)
    queries = torch.tensor([3, 0, 1, 4, 2])
    keys = torch.tensor([3, 0, 6, 1, 5, 2, 4])
    output, weights = scaled_dot_product_attention(query, key, value)
    permuted = scaled_dot_product_attention(
        query[:, queries], key[:, keys], value[:, keys]
    )
    assert_close(permuted, (output[:, queries], weights[:, queries][..., keys]))


def test_the_future_does_not_leak_through_a_causal_mask() -> None:
    x = random_inputs(BATCH)[1].detach()
    mask = causal_mask(K_LEN)
    before, _ = scaled_dot_product_attention(x, x, x, mask)
    for position in range(K_LEN):
        changed = x.clone()
        changed[:, position] += 100.0
        after, _ = scaled_dot_product_attention(changed, changed, changed, mask)
        assert_close(after[:, :position], before[:, :position])
        assert not torch.allclose(after[:, position], before[:, position])
