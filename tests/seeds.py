"""Train what the lessons of module 1.2 train from twenty random starts, and say rates.

``make -C docs seeds`` runs it. The lessons state the rates that it printed last; the
slow tests hold three of the starts to the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Literal

import torch
from torch import Tensor, nn

from nnbasics import xor_dataset
from nnbasics.experiments import (
    ORDERS,
    SCHEMES,
    BitModel,
    BlockStack,
    DepthRun,
    FactModel,
    FeedForwardStack,
    InductionModel,
    LanguageModel,
    LookBackModel,
    accuracy_by_length,
    facts_that_hold,
    head_scores,
    sample_sentences,
    share_copied,
    text_loss,
    train_bits,
    train_facts,
    train_induction,
    train_language,
    train_look_back,
    train_stack,
    xor_with_the_bit_before,
)

SEEDS = range(20)
# Lesson 7: how many letters come before the repeat; those of the training among them.
PERIODS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 24)
TRAINED = slice(2, 9)
LENGTHS = (16, 17, 20, 24, 32, 48, 64, 96, 128)


def look_back(
    scheme: str, which: int | Literal["first"], seed: int, num_layers: int = 1
) -> Tensor:
    """Train a model as lesson 4 does; return its accuracy at each of LENGTHS."""
    generator = torch.Generator().manual_seed(seed)
    model = LookBackModel(scheme, num_layers, generator=generator)
    steps = 400 if which == "first" else 200
    train_look_back(model, which, generator, steps=steps)
    return accuracy_by_length(model, which, LENGTHS)


def print_row(name: str, shares: Tensor) -> None:
    """Print of each column, shape (seeds, columns), what `main` says of all tables."""
    cells = [
        f"{column.min():.2f}-{column.max():.2f}, {(column > 0.9).sum():2}"
        for column in shares.T
    ]
    print(f"{name:14}", *cells, flush=True)


def positions() -> None:
    """Lesson 4: how often each scheme is right, at lengths beyond its training."""
    print(f"{'':14}", *(f"{length:13}" for length in LENGTHS))
    for which in (1, 3):
        for scheme in SCHEMES:
            shares = [look_back(scheme, which, seed) for seed in SEEDS]
            print_row(f"{which} {scheme}", torch.stack(shares))
    for num_layers in (1, 2):
        shares = [look_back("none", "first", seed, num_layers) for seed in SEEDS]
        print_row(f"first, {num_layers} deep", torch.stack(shares))


def xor_of_one_word(d_hidden: int | None, seed: int) -> float:
    """Train on XOR inside one word as lesson 5 does; return the share of right ones."""
    bits, targets = xor_dataset()
    generator = torch.Generator().manual_seed(seed)
    model = BitModel(2, 1, d_hidden, generator=generator)
    train_bits(model, bits.unsqueeze(1), targets, generator, steps=200)
    return share_right(model, bits.unsqueeze(1), targets)


def xor_of_neighbours(
    d_hidden: int | None, seed: int, *, looks_at_bits: bool = False
) -> float:
    """Train on XOR with the bit before; return the share of right answers."""
    bits, targets = xor_with_the_bit_before(8)
    generator = torch.Generator().manual_seed(seed)
    model = BitModel(1, 8, d_hidden, looks_at_bits=looks_at_bits, generator=generator)
    train_bits(model, bits, targets, generator)
    return share_right(model, bits, targets)


def share_right(model: BitModel, bits: Tensor, targets: Tensor) -> float:
    """Return the share of the last places that a model answers rightly."""
    says_yes = model(bits)[:, -targets.size(1) :] > 0
    return float((says_yes == targets.bool()).float().mean())


def facts(d_hidden: int | None, seed: int, d_model: int = 8) -> int:
    """Train on 32 facts, with a matrix alone if None; return how many hold."""
    answers, generator = torch.arange(32), torch.Generator().manual_seed(seed)
    model = FactModel(32, 32, d_model, d_hidden or 16, generator=generator)
    if d_hidden is not None:
        train_facts(model, answers)
        return int(facts_that_hold(model, answers).sum())
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model.feed_forward = nn.Linear(d_model, d_model)  # type: ignore[assignment]
    train_facts(model, answers)
    return int((model(answers).argmax(dim=-1) == answers).sum())


def feed_forward() -> None:
    """Lesson 5: right answers with and without a hidden layer, and facts that hold."""
    runs: dict[str, Callable[[int], float]] = {
        "one word, attention alone": lambda seed: xor_of_one_word(None, seed),
        "one word, feed-forward": lambda seed: xor_of_one_word(64, seed),
        "places alone": lambda seed: xor_of_neighbours(None, seed),
        "places, feed-forward": lambda seed: xor_of_neighbours(64, seed),
        "places and bits": lambda seed: xor_of_neighbours(
            None, seed, looks_at_bits=True
        ),
        "facts, a matrix": lambda seed: facts(None, seed),
        "facts, a matrix, d_model 16": lambda seed: facts(None, seed, 16),
        "facts, 4 units": lambda seed: facts(4, seed),
        "facts, 8 units": lambda seed: facts(8, seed),
        "facts, 16 units": lambda seed: facts(16, seed),
    }
    for name, run in runs.items():
        results = sorted(run(seed) for seed in SEEDS)
        print(f"{name:28}", *(f"{result:.3g}" for result in results), flush=True)


def parity(order: str, depth: int, seed: int, rate: float = 0.003) -> DepthRun:
    """Train a stack on the parity of three bits as lesson 6 does."""
    generator = torch.Generator().manual_seed(seed)
    stack = FeedForwardStack(order, depth, generator=generator)
    return train_stack(stack, generator, rate=rate)


def backwards(order: str, rate: float, warm_up: int, seed: int) -> DepthRun:
    """Train four blocks to write 16 tokens backwards as lesson 6 does."""
    generator = torch.Generator().manual_seed(seed)
    stack = BlockStack(order, 4, generator=generator)
    return train_stack(stack, generator, rate=rate, warm_up=warm_up, steps=150)


def block() -> None:
    """Lesson 6: which stacks can be trained, by order, depth, rate and warm-up."""
    settings: list[tuple[str, int, float]] = [
        *((order, depth, 0.003) for depth in (4, 16, 32) for order in ORDERS),
        *((order, 32, 0.02) for order in ("residual", "norm before")),
        ("norm after", 32, 0.001),
        *(("norm only", depth, 0.0003) for depth in (16, 32)),
    ]
    for order, depth, rate in settings:
        runs = [parity(order, depth, seed, rate) for seed in SEEDS]
        print_runs(f"parity, {order}, {depth} deep, {rate:g}", runs)
    for rate in (0.012, 0.005):
        for order, warm_up in (("after", 0), ("after", 50), ("before", 0)):
            runs = [backwards(f"norm {order}", rate, warm_up, seed) for seed in SEEDS]
            print_runs(f"backwards, norm {order}, {rate:g}, warm-up {warm_up}", runs)


def print_runs(name: str, runs: list[DepthRun]) -> None:
    """Print the accuracies, and the smallest and largest gradient of a first layer."""
    accuracies = sorted(run.accuracy for run in runs)
    first = sorted(run.gradients[0] for run in runs)
    print(f"{name:42}", *(f"{accuracy:.2f}" for accuracy in accuracies), end="")
    print(f"  gradient {first[0]:.0e} to {first[-1]:.0e}", flush=True)


def copying(
    num_layers: int, seed: int, *, positions: str = "rotary", **options: Any
) -> InductionModel:
    """Train a model that copies as lesson 7 does."""
    generator = torch.Generator().manual_seed(seed)
    model = InductionModel(num_layers, positions=positions, generator=generator)
    train_induction(model, generator, **options)
    return model


def copied(model: InductionModel) -> Tensor:
    """Return the share that a model copies, at each of PERIODS."""
    return torch.tensor([share_copied(model, period) for period in PERIODS])


def language(num_blocks: int, seed: int, *, positions: bool) -> float:
    """Train a language model as lesson 7 does; return its loss on other sentences."""
    generator = torch.Generator().manual_seed(seed)
    model = LanguageModel(num_blocks, positions=positions, generator=generator)
    sentences = sample_sentences(4000, torch.Generator().manual_seed(0))
    train_language(model, sentences, generator, steps=150)
    return text_loss(model, sample_sentences(1000, torch.Generator().manual_seed(1)))


def shares_without_heads(model: InductionModel) -> Tensor:
    """Return what a model copies without a head: the worse, the better one, and both.

    Three numbers for each of two layers.
    """
    shares = []
    for layer in (0, 1):
        heads = [(layer, 0), (layer, 1)]
        one = sorted(share_copied(model, 8, [head]) for head in heads)
        shares += [*one, share_copied(model, 8, heads)]
    return torch.tensor(shares)


def induction_heads() -> None:
    """Lesson 7: losses of language models, and what models copy, by PERIODS."""
    for num_blocks in (0, 1):
        for positions in (False, True):
            losses = sorted(
                language(num_blocks, seed, positions=positions) for seed in SEEDS
            )
            name = f"{num_blocks} blocks, positions: {positions}"
            print(f"{name:28} nats {losses[0]:.2f} to {losses[-1]:.2f}", flush=True)
    print(f"{'':14}", *(f"{period:13}" for period in PERIODS))
    two = [copying(2, seed) for seed in SEEDS]
    print_row("two layers", torch.stack([copied(model) for model in two]))
    scores = torch.stack([head_scores(model, 7) for model in two])
    best = [scores[:, 0, :, 0].amax(dim=1), scores[:, 1, :, 1].amax(dim=1)]
    print_row("best scores", torch.stack(best, dim=1))
    print_row("heads off", torch.stack([shares_without_heads(model) for model in two]))
    for scheme in ("learned", "sinusoidal", "none"):
        models = [copying(2, seed, positions=scheme) for seed in SEEDS]
        print_row(scheme, torch.stack([copied(model) for model in models]))
    one = torch.stack([copied(copying(1, seed, steps=300)) for seed in SEEDS])
    print_row("one layer", one)
    longer = torch.stack([copied(copying(1, seed, steps=2000)) for seed in SEEDS])
    print_row("one, 2000", longer)
    for name, shares in (("one layer", one), ("one, 2000", longer)):
        means = shares[:, TRAINED].mean(dim=1)
        print(f"{name}: on average {means.min():.2f} to {means.max():.2f}")
    for num_layers in (2, 1):
        always = [copying(num_layers, s, steps=200, periods=[7]) for s in SEEDS]
        name = f"always 7, {num_layers}"
        print_row(name, torch.stack([copied(model) for model in always]))
        scores = torch.stack([head_scores(m, 7)[-1, :, 1] for m in always])
        print_row("  scores", scores)


LESSONS: dict[str, Callable[[], None]] = {
    "positions": positions,
    "feed_forward": feed_forward,
    "block": block,
    "induction_heads": induction_heads,
}


def main() -> None:
    """Print the table of each lesson, or of those that are named."""
    for name in sys.argv[1:] or LESSONS:
        print(
            f"\n{name}, {len(SEEDS)} seeds: the lowest and the highest share, and how "
            "many are above 0.9"
        )
        LESSONS[name]()


if __name__ == "__main__":
    main()
