"""Train what the lessons of module 1.2 train from twenty random starts, and say rates.

``make -C docs seeds`` runs it. The lessons state the rates that it printed last; the
slow tests hold three of the starts to the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

from nnbasics.experiments import (
    SCHEMES,
    LookBackModel,
    accuracy_by_length,
    train_look_back,
)

SEEDS = range(20)
LENGTHS = (16, 17, 20, 24, 32, 48, 64, 96, 128)


def look_back(
    scheme: str, which: int | Literal["first"], seed: int, num_layers: int = 1
) -> Tensor:
    """Train a model as lesson 4 does; return its accuracy at each of LENGTHS."""
    generator = torch.Generator().manual_seed(seed)
    model = LookBackModel(scheme, num_layers, generator=generator)
    train_look_back(model, which, generator)
    return accuracy_by_length(model, which, LENGTHS)


def print_range(name: str, shares: Tensor) -> None:
    """Print the lowest and the highest share over the seeds, shape (seeds, lengths)."""
    lowest, highest = shares.min(dim=0).values, shares.max(dim=0).values
    cells = zip(lowest.tolist(), highest.tolist(), strict=True)
    print(f"{name:14}", *(f"{low:.2f}-{high:.2f}" for low, high in cells), flush=True)


def positions() -> None:
    """Lesson 4: how often each scheme is right, at lengths beyond its training."""
    print(f"{'':14}", *(f"{length:9}" for length in LENGTHS))
    for which in (1, 3):
        for scheme in SCHEMES:
            shares = [look_back(scheme, which, seed) for seed in SEEDS]
            print_range(f"{which} {scheme}", torch.stack(shares))
    for num_layers in (1, 2):
        shares = [look_back("none", "first", seed, num_layers) for seed in SEEDS]
        print_range(f"first, {num_layers} deep", torch.stack(shares))


LESSONS: dict[str, Callable[[], None]] = {"positions": positions}


def main() -> None:
    """Print the table of each lesson, or of those that are named."""
    for name in sys.argv[1:] or LESSONS:
        print(f"\n{name}, {len(SEEDS)} seeds: from the lowest to the highest")
        LESSONS[name]()


if __name__ == "__main__":
    main()
