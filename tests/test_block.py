"""The block and its feed-forward network, against PyTorch's, and what they promise."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.testing import assert_close

from nnbasics import FeedForward, TransformerBlock, causal_mask, padding_mask

# A different prime for every dimension: a swapped axis cannot go unnoticed.
BATCH, LENGTH, D_MODEL, D_HIDDEN = 2, 5, 3, 7
HEADS, WIDE = 3, 33  # of the block: the number of heads, and a d_model they divide

MASKS = {
    "none": None,
    "causal": causal_mask(LENGTH),
    "padding": padding_mask([LENGTH, 2]),
    "one for each sequence": torch.stack([causal_mask(LENGTH), torch.eye(LENGTH) > 0]),
    "one for each head": torch.arange(BATCH * HEADS * LENGTH**2)
    .view(BATCH, HEADS, LENGTH, LENGTH)
    .remainder(3)
    .ne(0),
}


def draw(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def make_network() -> FeedForward:
    network = FeedForward(D_MODEL, D_HIDDEN).double()
    with torch.no_grad():
        for seed, parameter in enumerate(network.parameters()):
            parameter.copy_(draw(*parameter.shape, seed=100 + seed))
    return network


def test_an_output_worked_out_by_hand() -> None:
    network = FeedForward(2, 3)
    with torch.no_grad():
        network.linear1.weight.copy_(torch.tensor([[1.0, 1], [1, -1], [-2, 2]]))
        network.linear1.bias.copy_(torch.tensor([0.0, 0, -1]))
        network.linear2.weight.copy_(torch.tensor([[1.0, 5, 2], [0, 7, -3]]))
        network.linear2.bias.copy_(torch.tensor([1.0, -4]))
    # the sums are 3, -1 and 1, of which the second becomes 0
    expected = torch.tensor([1 * 3 + 2 * 1 + 1.0, -3 * 1 - 4.0])
    assert_close(network(torch.tensor([1.0, 2])), expected)


def test_outputs_and_gradients_are_those_of_pytorch_s_layer() -> None:
    ours = make_network()
    theirs = nn.TransformerEncoderLayer(D_MODEL, 1, D_HIDDEN).double()
    missing, unexpected = theirs.load_state_dict(ours.state_dict(), strict=False)
    assert not unexpected
    assert not [name for name in missing if name.startswith("linear")]
    x, y = (draw(BATCH, LENGTH, D_MODEL).requires_grad_() for _ in range(2))
    expected = theirs.linear2(theirs.activation(theirs.linear1(y)))
    assert_close(ours(x), expected)
    ours(x).sin().sum().backward()
    expected.sin().sum().backward()
    assert_close(x.grad, y.grad)
    of_theirs = dict(theirs.named_parameters())
    for name, parameter in ours.named_parameters():
        assert_close(parameter.grad, of_theirs[name].grad)


def test_each_position_goes_through_by_itself() -> None:
    network, x = make_network(), draw(BATCH, LENGTH, D_MODEL)
    output = network(x)
    for batch in range(BATCH):
        for place in range(LENGTH):
            assert_close(network(x[batch, place]), output[batch, place])
    order = torch.tensor([4, 2, 0, 1, 3])
    assert_close(network(x[:, order]), output[:, order])


@pytest.mark.parametrize("leading", [(), (0,), (5,), (2, 0), (2, 11, 5)])
def test_any_leading_dimensions(leading: tuple[int, ...]) -> None:
    assert make_network()(draw(*leading, D_MODEL)).shape == (*leading, D_MODEL)


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64]
)
def test_the_dtype_is_kept(dtype: torch.dtype) -> None:
    network, x = make_network(), draw(LENGTH, D_MODEL)
    expected = network(x)
    output = network.to(dtype)(x.to(dtype))
    assert output.dtype == dtype
    error = 50 * torch.finfo(dtype).eps
    assert_close(output.double(), expected, rtol=error, atol=error)


def test_gradients_against_finite_differences() -> None:
    x = draw(LENGTH, D_MODEL).requires_grad_()
    assert torch.autograd.gradcheck(make_network(), x)


# -- the block


def make_block(
    norm_first: bool, dtype: torch.dtype = torch.float64
) -> TransformerBlock:
    block = TransformerBlock(WIDE, HEADS, D_HIDDEN, norm_first)
    with torch.no_grad():
        for seed, parameter in enumerate(block.parameters()):
            parameter.copy_(draw(*parameter.shape, seed=200 + seed) / 3)
    return block.to(dtype)


def gradients(module: nn.Module) -> dict[str, Tensor]:
    parameters = module.named_parameters()
    return {name: x.grad for name, x in parameters if x.grad is not None}


def as_theirs(ours: dict[str, Tensor]) -> dict[str, Tensor]:
    """Give the parameters of a block, or their gradients, PyTorch's names."""
    qkv = [f"attention.{letter}_proj" for letter in "qkv"]
    theirs = {}
    for kind in ("weight", "bias"):
        stacked = [ours.pop(f"{projection}.{kind}") for projection in qkv]
        theirs[f"self_attn.in_proj_{kind}"] = torch.cat(stacked)
    for name, tensor in ours.items():
        new = name.replace("attention.", "self_attn.").removeprefix("feed_forward.")
        theirs[new] = tensor
    return theirs


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("norm_first", [True, False], ids=["before", "after"])
def test_the_block_is_pytorch_s_in_outputs_and_gradients(
    norm_first: bool, mask: Tensor | None, dtype: torch.dtype
) -> None:
    ours = make_block(norm_first, dtype)
    theirs = nn.TransformerEncoderLayer(
        *(WIDE, HEADS, D_HIDDEN),
        dropout=0.0,
        batch_first=True,
        norm_first=norm_first,
        dtype=dtype,
    )
    theirs.load_state_dict(as_theirs(ours.state_dict()))
    blocked = None
    if mask is not None:  # theirs has True where it is blocked, a mask for each head
        of_heads = mask.unsqueeze(1) if mask.dim() == 3 else mask
        blocked = ~of_heads.expand(BATCH, HEADS, LENGTH, LENGTH).flatten(0, 1)
    x, y = (draw(BATCH, LENGTH, WIDE).to(dtype).requires_grad_() for _ in range(2))
    output, weights = ours(x, mask)
    expected = theirs(y, src_mask=blocked)
    assert_close(output, expected)
    assert weights.shape == (BATCH, HEADS, LENGTH, LENGTH)
    output.sin().sum().backward()
    expected.sin().sum().backward()
    # sums of many products in float32: they are added up in another order
    near = 1e-4 if dtype == torch.float32 else 1e-7
    assert_close(x.grad, y.grad, rtol=near, atol=near)
    of_ours, of_theirs = as_theirs(gradients(ours)), gradients(theirs)
    assert len(of_theirs) == 12
    assert_close(of_ours, of_theirs, rtol=near, atol=near)


@pytest.mark.parametrize("norm_first", [True, False], ids=["before", "after"])
def test_a_position_that_may_attend_to_nothing_stays_finite(norm_first: bool) -> None:
    block, x = make_block(norm_first), draw(BATCH, LENGTH, WIDE).requires_grad_()
    mask = causal_mask(LENGTH).clone()
    mask[2] = False
    output, weights = block(x, mask)
    assert (weights[:, :, 2] == 0).all()
    output.sum().backward()
    assert x.grad is not None
    for tensor in (output, x.grad, *gradients(block).values()):
        assert tensor.isfinite().all()


def test_the_size_of_a_block() -> None:
    d = 24
    block = TransformerBlock(d, num_heads=3)
    assert sum(p.numel() for p in block.parameters()) == 12 * d**2 + 13 * d
    assert block.norm_first
    assert block.feed_forward.linear1.out_features == 4 * d


def test_a_sequence_has_a_token_or_more() -> None:
    with pytest.raises(ValueError, match=r"^the length of x \(dimension 1\) must"):
        make_block(norm_first=True)(draw(BATCH, 0, WIDE))


def test_compiling_a_block_changes_no_result() -> None:
    block, x = make_block(norm_first=True), draw(BATCH, LENGTH, WIDE)
    compiled = torch.compile(block, fullgraph=True, backend="eager")
    assert_close(compiled(x, causal_mask(LENGTH)), block(x, causal_mask(LENGTH)))
