"""The feed-forward network against PyTorch's own, by hand, and by what it promises."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.testing import assert_close

from nnbasics import FeedForward

# A different prime for every dimension: a swapped axis cannot go unnoticed.
BATCH, LENGTH, D_MODEL, D_HIDDEN = 2, 5, 3, 7


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


def test_compiling_changes_no_result() -> None:
    network, x = make_network(), draw(BATCH, LENGTH, D_MODEL)
    compiled = torch.compile(network, fullgraph=True, backend="eager")
    assert_close(compiled(x), network(x))
