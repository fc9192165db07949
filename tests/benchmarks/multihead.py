"""Time and memory of MultiHeadAttention, as ratios to nn.MultiheadAttention.

``make -C docs benchmark`` runs it. Both layers have the same weights, and both return
the attention weights of every head. A step is forward and backward. The steps of the
two layers alternate, so that whatever else the machine does slows both; the ratio is
that of the medians. The memory is the largest sum of what was allocated at one time
during a step, beside the layer and its inputs.

Sequences longer than 256 come in smaller batches: the attention weights alone of 32
sequences of length 2048 would take 4 GiB.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

from nnbasics import MultiHeadAttention

D_MODEL, NUM_HEADS, MOST_BATCH = 256, 8, 32
LENGTHS = (16, 32, 64, 128, 256, 512, 1024, 2048)
# batch * length ** 2 stays below this: at most 256 MiB for a tensor of weights
MOST_WEIGHTS = 32 * 512 * 512
LIMIT = 1.05

Step = Callable[[], object]


def make_steps(length: int) -> tuple[int, Step, Step]:
    """Return the batch size, and a step of our layer and one of PyTorch's."""
    batch = max(1, min(MOST_BATCH, MOST_WEIGHTS // length**2))
    torch.manual_seed(0)
    ours = MultiHeadAttention(D_MODEL, NUM_HEADS)
    theirs = same_weights(ours)
    x = torch.randn(batch, length, D_MODEL)

    def attend_theirs(x: Tensor) -> tuple[Tensor, Tensor]:
        output, weights = theirs(x, x, x, average_attn_weights=False)
        return output, weights

    return batch, step_of(ours, ours, x), step_of(theirs, attend_theirs, x)


def same_weights(ours: MultiHeadAttention) -> nn.MultiheadAttention:
    """Return PyTorch's layer with the weights of ours."""
    theirs = nn.MultiheadAttention(D_MODEL, NUM_HEADS, batch_first=True)
    projections = (ours.q_proj, ours.k_proj, ours.v_proj)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([p.weight for p in projections]))
        theirs.in_proj_bias.copy_(torch.cat([p.bias for p in projections]))
        theirs.out_proj.load_state_dict(ours.out_proj.state_dict())
    return theirs


def step_of(
    layer: nn.Module, attend: Callable[[Tensor], tuple[Tensor, Tensor]], x: Tensor
) -> Step:
    """Return a function that goes forward and backward once."""
    leaf = x.clone().requires_grad_()

    def step() -> None:
        output, _ = attend(leaf)
        output.sum().backward()
        layer.zero_grad()
        leaf.grad = None

    return step


def time_ratio(ours: Step, theirs: Step, rounds: int) -> tuple[float, float, float]:
    """Return the medians in milliseconds, and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 2):
        # each goes first in every second round
        order = (0, 1) if number % 2 else (1, 0)
        for which in order:
            start = time.perf_counter()
            (ours, theirs)[which]()
            if number >= 2:  # the first rounds warm up
                times[which].append(1000 * (time.perf_counter() - start))
    mine, other = map(statistics.median, times)
    return mine, other, mine / other


def peak_memory(step: Step) -> int:
    """Return the bytes that are allocated at one time, at most, during a step."""
    step()
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        step()
    allocated = peak = 0
    assert profiler.profiler is not None
    events = [e for e in profiler.profiler.kineto_results.events() if is_memory(e)]
    for event in sorted(events, key=lambda event: int(event.start_ns())):
        allocated += event.nbytes()
        peak = max(peak, allocated)
    return peak


def is_memory(event: Any) -> bool:
    """Say whether an event of the profiler is an allocation, or the end of one."""
    return bool(event.name() == "[memory]")


def main() -> int:
    """Print a row for each length; return 1 if a ratio is above the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lengths", nargs="*", type=int, default=LENGTHS)
    parser.add_argument("--seconds", type=float, default=30.0, help="for each length")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print("length  batch   ours ms  torch's ms  time ratio   MiB ours  memory ratio")
    worst = 0.0
    for length in options.lengths:
        batch, ours, theirs = make_steps(length)
        memory = peak_memory(ours), peak_memory(theirs)
        _, once, _ = time_ratio(ours, theirs, rounds=3)
        rounds = max(11, int(1000 * options.seconds / (2 * once)))
        mine, other, ratio = time_ratio(ours, theirs, min(rounds, 2001))
        worst = max(worst, ratio, memory[0] / memory[1])
        print(
            f"{length:>6}{batch:>7}{mine:>10.2f}{other:>12.2f}{ratio:>12.3f}"
            f"{memory[0] / 2**20:>11.1f}{memory[0] / memory[1]:>14.3f}",
            flush=True,
        )
    print(f"the largest ratio is {worst:.3f}, the limit {LIMIT}")
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
