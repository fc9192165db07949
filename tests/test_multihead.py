"""Multi-head attention against a loop over heads, and by what it promises.

tests/properties compares it with PyTorch's own, for masks of every form.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor
from torch.testing import assert_close

from nnbasics import (
    MultiHeadAttention,
    causal_mask,
    merge_heads,
    scaled_dot_product_attention,
    split_heads,
)

# A different prime for every dimension: a swapped axis cannot go unnoticed.
BATCH, HEADS, Q_LEN, K_LEN, D_HEAD = 2, 3, 5, 7, 11
D_MODEL = HEADS * D_HEAD


def draw(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def make_attention() -> MultiHeadAttention:
    attention = MultiHeadAttention(D_MODEL, HEADS).double()
    with torch.no_grad():
        for seed, parameter in enumerate(attention.parameters()):
            parameter.copy_(draw(*parameter.shape, seed=100 + seed) / D_MODEL**0.5)
    return attention


def test_split_heads_written_out() -> None:
    x = torch.arange(12).reshape(1, 2, 6)
    expected = torch.tensor([[[[0, 1], [6, 7]], [[2, 3], [8, 9]], [[4, 5], [10, 11]]]])
    assert torch.equal(split_heads(x, 3), expected)


def test_merge_heads_written_out() -> None:
    heads = torch.tensor([[[0, 1], [6, 7]], [[2, 3], [8, 9]], [[4, 5], [10, 11]]])
    expected = torch.tensor([[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])
    assert torch.equal(merge_heads(heads), expected)


def test_key_defaults_to_query_and_value_to_key() -> None:
    attention = make_attention()
    x, y = draw(BATCH, Q_LEN, D_MODEL), draw(BATCH, K_LEN, D_MODEL, seed=1)
    assert_close(attention(x), attention(x, x, x))
    assert_close(attention(x, y), attention(x, y, y))
    assert_close(attention(x, value=x + 1), attention(x, x, x + 1))


def test_splitting_equals_a_loop_over_whole_heads() -> None:
    """Each head reads the whole input through its own rows of the projections."""
    attention = make_attention()
    x, y = draw(BATCH, Q_LEN, D_MODEL), draw(BATCH, K_LEN, D_MODEL, seed=1)
    outputs, weights = [], []
    for head in range(HEADS):
        rows = slice(head * D_HEAD, (head + 1) * D_HEAD)
        query, key, value = (
            inputs @ projection.weight[rows].T + projection.bias[rows]
            for inputs, projection in (
                (x, attention.q_proj),
                (y, attention.k_proj),
                (y, attention.v_proj),
            )
        )
        output, weights_of_head = scaled_dot_product_attention(query, key, value)
        outputs.append(output)
        weights.append(weights_of_head)
    expected = attention.out_proj(torch.cat(outputs, dim=-1))
    assert_close(attention(x, y), (expected, torch.stack(weights, dim=1)))


def test_without_positions_permuting_the_input_permutes_the_output() -> None:
    attention = make_attention()
    x = draw(BATCH, Q_LEN, D_MODEL)
    order = torch.tensor([4, 2, 0, 1, 3])
    output, weights = attention(x)
    permuted_output, permuted_weights = attention(x[:, order])
    assert_close(permuted_output, output[:, order])
    assert_close(permuted_weights, weights[:, :, order][..., order])


def test_the_future_does_not_leak_through_a_causal_mask() -> None:
    attention = make_attention()
    x = draw(BATCH, Q_LEN, D_MODEL)
    before, _ = attention(x, mask=causal_mask(Q_LEN))
    for position in range(Q_LEN):
        changed = x.clone()
        changed[:, position] += 10.0
        after, _ = attention(changed, mask=causal_mask(Q_LEN))
        assert_close(after[:, :position], before[:, :position])
        assert not torch.allclose(after[:, position], before[:, position])


def test_a_forward_pass_leaves_nothing_on_the_module() -> None:
    attention = make_attention()
    before = copy.copy(vars(attention))
    attention(draw(BATCH, Q_LEN, D_MODEL), mask=causal_mask(Q_LEN))
    assert vars(attention) == before
