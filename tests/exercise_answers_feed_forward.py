"""Lesson 5: right answers in several forms, and plausible wrong ones with a reason.

Of the mistakes that a question stores, only those are here that are written otherwise.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear

import nnbasics.exercises as ex

Checker = Callable[[Any], ex.Feedback]


def check_exchanged_word(answers: tuple[object, object, object]) -> ex.Feedback:
    return ex.check_exchanged_word(*answers)


def with_layers(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    return linear(linear(x, w1.T, b1).clamp(min=0), w2.T, b2)


def with_loops(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> object:
    output = []
    for word in x:
        hidden = [max((word @ w1[:, i] + b1[i]).item(), 0) for i in range(len(b1))]
        output.append(
            [(torch.tensor(hidden) @ w2[:, j] + b2[j]) for j in range(len(b2))]
        )
    return output


def down_the_columns(x: Tensor, *layers: Tensor) -> Tensor:
    outputs = [with_layers(x[:, i], *layers) for i in range(x.size(1))]
    return torch.stack(outputs, dim=1)


RIGHT: dict[Checker, list[object]] = {
    ex.check_hidden_by_hand: [6, 6.0, torch.tensor([6])],
    ex.check_without_relu: [3],
    check_exchanged_word: [("one", "all", "all"), ("One ", "ALL", "all")],
    ex.check_block_size: [48, (27648 / 12) ** 0.5],
    ex.check_two_units_off: ["fewer, 7 or more", "Fewer, 7 or more"],
    ex.check_feed_forward: [with_layers, with_loops],
}
WRONG: dict[Checker, list[tuple[object, str]]] = {
    ex.check_hidden_by_hand: [
        (1 * 3 - 5 * 1 + 2 * 1 + 1, "What does the ReLU make of it"),
        (1 * 3 + 2 * 2 + 1, "The third hidden unit has a bias"),
        (6.5, "6.5 is too large. First the three sums"),
    ],
    ex.check_without_relu: [(4, "has to bend"), (1, "1 is too small. Multiply two")],
    check_exchanged_word: [
        (("all", "all", "all"), "the network at one word see the other"),
        (("none", "all", "all"), "Another vector goes in"),
        (("one", "one", "all"), "the new word's key"),
        (("one", "none", "all"), "Keys and values are made of"),
        (("one", "all", "one"), "What goes into the network at the other"),
        (("one", "all", "none"), "Something else goes in"),
    ],
    ex.check_block_size: [
        (4 * 48, "size of the hidden layer"),
        (27648 / 12, "Take its root"),
        (50, "50 is too large. Attention has four"),
    ],
    ex.check_two_units_off: [
        ("always 7", "they count once"),
        ("at most 7", "as long as one of the two"),
    ],
    ex.check_feed_forward: [
        (lambda x, w1, b1, w2, b2: x @ w1 @ w2 + b1 @ w2 + b2, "The ReLU is missing"),
        (lambda *case: with_layers(*case).clamp(min=0), "stands at the end"),
        (down_the_columns, "over the wrong axis"),
        (
            lambda x, w1, b1, w2, b2: linear(linear(x, w1.T).relu() + b1, w2.T, b2),
            "befo",
        ),
        (lambda x, w1, b1, w2, b2: max(0, x @ w1 + b1) @ w2 + b2, "number by number"),
        (lambda x, w1, *_: (x @ w1.T).relu(), "is a transpose missing"),
        (lambda *case: 2 * with_layers(*case), "Multiply with w1, add b1"),
    ],
}
