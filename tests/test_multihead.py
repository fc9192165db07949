"""Multi-head attention against a loop over heads and against PyTorch's own."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
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


def make_attention(d_model: int = D_MODEL, heads: int = HEADS) -> MultiHeadAttention:
    attention = MultiHeadAttention(d_model, heads).double()
    with torch.no_grad():
        for seed, parameter in enumerate(attention.parameters()):
            parameter.copy_(draw(*parameter.shape, seed=100 + seed) / d_model**0.5)
    return attention


def as_torch_module(ours: MultiHeadAttention) -> nn.MultiheadAttention:
    """Copy our weights into PyTorch's module, which stacks the three projections."""
    theirs = nn.MultiheadAttention(
        ours.d_model, ours.num_heads, batch_first=True, dtype=torch.float64
    )
    projections = (ours.q_proj, ours.k_proj, ours.v_proj)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([p.weight for p in projections]))
        theirs.in_proj_bias.copy_(torch.cat([p.bias for p in projections]))
        theirs.out_proj.load_state_dict(ours.out_proj.state_dict())
    return theirs


def random_mask(*shape: int) -> Tensor:
    """Make a mask in which every query may attend to the first key at least."""
    generator = torch.Generator().manual_seed(13)
    mask = torch.rand(shape, generator=generator) < 0.5
    mask[..., 0] = True
    return mask


MASKS: dict[str, Callable[[], Tensor | None]] = {
    "none": lambda: None,
    "queries and keys": lambda: random_mask(Q_LEN, K_LEN),
    "batch": lambda: random_mask(BATCH, Q_LEN, K_LEN),
    "batch, one row for all queries": lambda: random_mask(BATCH, 1, K_LEN),
    "batch, for all heads": lambda: random_mask(BATCH, 1, Q_LEN, K_LEN),
    "batch and heads": lambda: random_mask(BATCH, HEADS, Q_LEN, K_LEN),
}


def mask_for_torch(mask: Tensor | None) -> Tensor | None:
    """Write a mask as nn.MultiheadAttention wants it: True is blocked, (N*H, q, k)."""
    if mask is None:
        return None
    if mask.dim() == 3:
        mask = mask.unsqueeze(1)
    return ~mask.expand(BATCH, HEADS, Q_LEN, K_LEN).flatten(0, 1)


def test_split_heads_written_out() -> None:
    x = torch.arange(12).reshape(1, 2, 6)
    expected = torch.tensor([[[[0, 1], [6, 7]], [[2, 3], [8, 9]], [[4, 5], [10, 11]]]])
    assert torch.equal(split_heads(x, 3), expected)


def test_merge_heads_written_out() -> None:
    heads = torch.tensor([[[0, 1], [6, 7]], [[2, 3], [8, 9]], [[4, 5], [10, 11]]])
    expected = torch.tensor([[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])
    assert torch.equal(merge_heads(heads), expected)


@pytest.mark.parametrize("leading", [(), (2,), (2, 3)], ids=str)
def test_merging_undoes_splitting(leading: tuple[int, ...]) -> None:
    x = draw(*leading, Q_LEN, D_MODEL)
    heads = split_heads(x, HEADS)
    assert heads.shape == (*leading, HEADS, Q_LEN, D_HEAD)
    assert torch.equal(merge_heads(heads), x)


def test_shapes() -> None:
    query, key = draw(BATCH, Q_LEN, D_MODEL), draw(BATCH, K_LEN, D_MODEL)
    output, weights = make_attention()(query, key)
    assert output.shape == (BATCH, Q_LEN, D_MODEL)
    assert weights.shape == (BATCH, HEADS, Q_LEN, K_LEN)


@pytest.mark.parametrize("num_heads", [1, 2, 8, 64])
def test_the_number_of_parameters_does_not_depend_on_the_heads(num_heads: int) -> None:
    attention = MultiHeadAttention(64, num_heads)
    assert sum(p.numel() for p in attention.parameters()) == 4 * (64 * 64 + 64)


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("make_mask", MASKS.values(), ids=MASKS.keys())
def test_agrees_with_torch_in_outputs_weights_and_gradients(
    make_mask: Callable[[], Tensor | None], training: bool
) -> None:
    mask = make_mask()
    ours = make_attention().train(training)
    theirs = as_torch_module(ours).train(training)
    inputs = [
        draw(BATCH, length, D_MODEL, seed=seed).requires_grad_()
        for seed, length in enumerate((Q_LEN, K_LEN, K_LEN))
    ]
    output, weights = ours(*inputs, mask)
    expected, expected_weights = theirs(
        *inputs, attn_mask=mask_for_torch(mask), average_attn_weights=False
    )
    assert_close((output, weights), (expected, expected_weights))

    upstream = draw(*output.shape, seed=9)
    ours_back = torch.autograd.grad(
        output, [*inputs, ours.q_proj.weight, ours.out_proj.weight], upstream
    )
    theirs_back = torch.autograd.grad(
        expected, [*inputs, theirs.in_proj_weight, theirs.out_proj.weight], upstream
    )
    assert_close(ours_back[:3], theirs_back[:3])
    assert_close(ours_back[3], theirs_back[3][:D_MODEL])
    assert_close(ours_back[4], theirs_back[4])


def test_key_defaults_to_query_and_value_to_key() -> None:
    attention = make_attention()
    x, y = draw(BATCH, Q_LEN, D_MODEL), draw(BATCH, K_LEN, D_MODEL, seed=1)
    assert_close(attention(x), attention(x, x, x))
    assert_close(attention(x, y), attention(x, y, y))
    assert_close(attention(x, value=x + 1), attention(x, x, x + 1))


def test_splitting_equals_a_loop_over_whole_heads() -> None:
    """Each head reads the whole input through its own rows of the projections."""
    attention = make_attention()
    x = draw(BATCH, Q_LEN, D_MODEL)
    outputs = []
    for head in range(HEADS):
        rows = slice(head * D_HEAD, (head + 1) * D_HEAD)
        query, key, value = (
            x @ projection.weight[rows].T + projection.bias[rows]
            for projection in (attention.q_proj, attention.k_proj, attention.v_proj)
        )
        outputs.append(scaled_dot_product_attention(query, key, value)[0])
    expected = attention.out_proj(torch.cat(outputs, dim=-1))
    assert_close(attention(x)[0], expected)


def test_every_head_depends_on_every_input_feature() -> None:
    attention = make_attention()
    x = draw(1, Q_LEN, D_MODEL).requires_grad_()
    _, weights = attention(x)
    for head in range(HEADS):
        (gradient,) = torch.autograd.grad(
            weights[0, head].square().sum(), x, retain_graph=True
        )
        assert (gradient.abs().amax(dim=(0, 1)) > 0).all()


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
        assert_close(after[:, :position], before[:, :position], rtol=0, atol=0)
        assert not torch.allclose(after[:, position], before[:, position])


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str
)
def test_a_query_that_may_attend_to_nothing(dtype: torch.dtype) -> None:
    attention = make_attention().to(dtype)
    x = draw(BATCH, Q_LEN, D_MODEL).to(dtype).requires_grad_()
    mask = random_mask(Q_LEN, Q_LEN)
    mask[2] = False
    output, weights = attention(x, mask=mask)
    assert (weights[:, :, 2] == 0).all()
    # What is left is the bias of the output projection.
    assert_close(output[:, 2], attention.out_proj.bias.expand(BATCH, -1))
    output.sum().backward()
    gradients = [x.grad, *(p.grad for p in attention.parameters())]
    assert all(g is not None and g.isfinite().all() for g in gradients)


def test_a_forward_pass_leaves_nothing_on_the_module() -> None:
    attention = make_attention()
    before = copy.copy(vars(attention))
    attention(draw(BATCH, Q_LEN, D_MODEL), mask=causal_mask(Q_LEN))
    assert vars(attention) == before


def test_a_float32_module_refuses_float64_input() -> None:
    with pytest.raises(TypeError) as caught:
        MultiHeadAttention(4, 2)(torch.zeros(1, 3, 4, dtype=torch.float64))
    assert str(caught.value) == (
        "query must have the dtype of the module's parameters, torch.float32, "
        "got torch.float64"
    )


@pytest.mark.parametrize(
    ("d_model", "num_heads", "error", "message"),
    [
        (64, 0, ValueError, "num_heads must be at least 1, got 0"),
        (64, -8, ValueError, "num_heads must be at least 1, got -8"),
        (64, 7, ValueError, "must divide d_model, got num_heads 7 and d_model 64"),
        (64, 8.0, TypeError, "num_heads must be an int, got 8.0"),
        (64.0, 8, TypeError, "d_model must be an int, got 64.0"),
        (0, 1, ValueError, "d_model must be at least 1, got 0"),
        (8, 64, ValueError, "must divide d_model, got num_heads 64 and d_model 8"),
    ],
)
def test_impossible_sizes_are_refused(
    d_model: int, num_heads: int, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        MultiHeadAttention(d_model, num_heads)
    assert message in str(caught.value)


X = torch.zeros(2, 5, 4)

WRONG_INPUTS: dict[str, tuple[dict[str, object], type[Exception], str]] = {
    "a list": ({"query": [[[1.0]]]}, TypeError, "query must be a torch.Tensor"),
    "integers": ({"query": X.long()}, TypeError, "query must hold floating-point"),
    "no batch": (
        {"query": X[0]},
        ValueError,
        "query must have the shape (batch, length, d_model) with d_model 4, got (5, 4)",
    ),
    "another d_model": (
        {"query": X, "key": torch.zeros(2, 5, 3)},
        ValueError,
        (
            "key must have the shape (batch, length, d_model) with d_model 4, "
            "got (2, 5, 3)"
        ),
    ),
    "another batch": (
        {"query": X, "key": torch.zeros(1, 5, 4)},
        ValueError,
        (
            "key and query must have the same batch size (dimension 0), "
            "got (1, 5, 4) and (2, 5, 4)"
        ),
    ),
    "value shorter than key": (
        {"query": X, "key": X, "value": X[:, :3]},
        ValueError,
        "value and key must have the same length (dimension 1), got (2, 3, 4)",
    ),
    "mask is a list": (
        {"query": X, "mask": [True]},
        TypeError,
        "mask must be a torch.Tensor, got list",
    ),
    "mask has one dimension": (
        {"query": X, "mask": torch.ones(5, dtype=torch.bool)},
        ValueError,
        (
            "mask must have the shape (q_len, k_len), (batch, q_len, k_len) or "
            "(batch, num_heads or 1, q_len, k_len), got (5,)"
        ),
    ),
    "mask is additive": (
        {"query": X, "mask": torch.zeros(5, 5)},
        TypeError,
        "mask must be boolean",
    ),
    "mask for another batch": (
        {"query": X, "mask": torch.ones(3, 5, 5, dtype=torch.bool)},
        ValueError,
        "mask must broadcast to the shape of the attention weights, (2, 2, 5, 5)",
    ),
}


@pytest.mark.parametrize(
    ("arguments", "error", "message"), WRONG_INPUTS.values(), ids=WRONG_INPUTS.keys()
)
def test_a_wrong_input_is_refused_with_a_message_that_helps(
    arguments: dict[str, Tensor], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        MultiHeadAttention(4, 2)(**arguments)
    assert message in str(caught.value)


def test_splitting_and_merging_refuse_what_they_cannot_split() -> None:
    with pytest.raises(TypeError, match=r"x must be a torch\.Tensor, got list"):
        split_heads([[1, 2]], 2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"\(\.\.\., length, d_model\), got \(4,\)"):
        split_heads(torch.zeros(4), 2)
    with pytest.raises(ValueError, match="num_heads 3 and d_model 4"):
        split_heads(torch.zeros(2, 4), 3)
    with pytest.raises(ValueError, match="num_heads 1 and d_model 0"):
        split_heads(torch.zeros(2, 0), 1)
    with pytest.raises(TypeError, match=r"x must be a torch\.Tensor, got int"):
        merge_heads(1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"num_heads, length, d_head\), got \(2, 4\)"):
        merge_heads(torch.zeros(2, 4))
