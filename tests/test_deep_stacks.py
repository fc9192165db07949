"""Deep stacks: their orders, their data, what a training leaves, and how it goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from nnbasics.experiments import BlockStack, FeedForwardStack, train_stack
from seeds import backwards, parity


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_sums_of_bits_and_the_tokens_backwards() -> None:
    bits, is_odd = FeedForwardStack("plain", 1, generator=seeded()).examples(seeded())
    assert len({tuple(row) for row in bits.tolist()}) == 8
    for (a, b, c), odd in zip(bits.int().tolist(), is_odd.tolist(), strict=True):
        assert odd == a ^ b ^ c
    stack = BlockStack("norm after", 1, generator=seeded())
    tokens, answers = stack.examples(seeded(), count=500)
    for place in range(16):
        assert answers[:, place].equal(tokens[:, 15 - place])
    assert len(tokens.unique()) == 16


def norm(x: torch.Tensor) -> torch.Tensor:
    return nn.functional.layer_norm(x, x.shape[-1:])  # as before a training


STEPS: dict[str, Callable[..., torch.Tensor]] = {
    "plain": lambda x, part: part(x),
    "norm only": lambda x, part: norm(part(x)),
    "residual": lambda x, part: x + part(x),
    "norm after": lambda x, part: norm(x + part(x)),
    "norm before": lambda x, part: x + part(norm(x)),
}


@pytest.mark.parametrize("order", STEPS)
def test_the_orders_step_by_step(order: str) -> None:
    stack = FeedForwardStack(order, 2, generator=seeded())
    bits, _ = stack.examples(seeded())
    stages = [stack.embedding(bits)]
    for part in stack.layers:
        stages.append(STEPS[order](stages[-1], part))
    assert_close(stack.stages(bits), stages)
    assert_close(stack(bits), stack.read_out(stages[-1]))
    assert stack(bits).shape == (8, 2)


@pytest.mark.parametrize("order", ["norm after", "norm before"])
def test_a_stack_of_blocks_computed_block_by_block(order: str) -> None:
    stack = BlockStack(order, 3, generator=seeded())
    assert {block.norm_first for block in stack.layers} == {order == "norm before"}
    tokens, _ = stack.examples(seeded(), count=3)
    x = stack.embedding.weight[tokens] + stack.positions.weight
    for block in stack.layers:
        x = block(x)[0]
    assert_close(stack(tokens), stack.read_out(x))


@pytest.mark.parametrize("warm_up", [0, 3])
def test_a_training_is_that_of_adam_on_each_parameter(warm_up: int) -> None:
    """All parameters on one vector, or each by itself, makes no difference."""
    ours, theirs = (BlockStack("norm after", 2, generator=seeded()) for _ in range(2))
    run = train_stack(ours, seeded(1), rate=0.01, warm_up=warm_up, steps=5)
    optimizer, generator = torch.optim.Adam(theirs.parameters()), seeded(1)
    losses: list[float] = []
    for rate in [0.01 / 3, 0.02 / 3, 0.01, 0.01, 0.01] if warm_up else [0.01] * 5:
        optimizer.param_groups[0]["lr"] = rate
        tokens, answers = theirs.examples(generator)
        loss = nn.functional.cross_entropy(theirs(tokens).mT, answers)
        if not losses:
            for block, size in zip(theirs.layers, run.gradients, strict=True):
                gradients = torch.autograd.grad(
                    loss, [*block.parameters()], retain_graph=True
                )
                squares = torch.stack([g.square().sum() for g in gradients])
                assert_close(squares.sum().sqrt().item(), size, rtol=1e-4, atol=0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert_close(run.losses, losses, rtol=1e-3, atol=1e-3)
    tokens, answers = theirs.examples(generator, 128)
    right = (theirs(tokens).argmax(dim=-1) == answers).float().mean().item()
    assert abs(run.accuracy - right) < 0.01
    assert (run.task, run.order, run.depth, run.rate, run.warm_up) == (
        *(ours.task, "norm after", 2, 0.01, warm_up),
    )


# -- how training goes: the bounds leave room for other machines, and twenty seeds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_what_depth_does(seed: int) -> None:
    plain, normed = parity("plain", 32, seed), parity("norm only", 32, seed)
    residual = parity("residual", 32, seed)
    assert plain.gradients[0] < 1e-15 < 1e-3 < residual.gradients[0]
    assert plain.accuracy < 0.8
    assert normed.accuracy < 0.8
    assert residual.accuracy == 1
    assert parity("norm before", 16, seed).accuracy == 1  # with 32, 19 of 20 times
    assert parity("norm after", 32, seed).accuracy < 1  # all right once in 20 starts
    assert parity("norm after", 32, seed, rate=1e-3).accuracy == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_where_the_norm_stands(seed: int) -> None:
    assert backwards("norm after", 0.012, 0, seed).accuracy < 0.3
    # the high rate lets the loss jump, at the last step as well as at another
    assert min(backwards("norm after", 0.012, 50, seed).losses) < 0.3
    assert backwards("norm before", 0.012, 0, seed).accuracy > 0.9
    assert backwards("norm after", 0.005, 0, seed).accuracy > 0.9
    assert backwards("norm before", 0.005, 0, seed).accuracy > 0.9
