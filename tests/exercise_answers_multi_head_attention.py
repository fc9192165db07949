"""Lesson 3: right answers in several forms, and plausible wrong ones with a reason.

Of the mistakes that a question stores, only those are here that are written otherwise.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention as attention

import nnbasics.exercises as ex
from nnbasics import merge_heads, split_heads

Checker = Callable[[Any], ex.Feedback]

QUESTIONS = ("who", "whom", "where")
SCORES = torch.tensor(
    [[0.9, 0.1, 0.1], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3], [0.9, 0.0, 0.1]]
)
ROLES = {0: "who", 1: "where", 2: "none", 3: "who"}


def check_roles(answer: object) -> ex.Feedback:
    return ex.check_head_roles(answer, SCORES, QUESTIONS)


def columns_of(x: Tensor, num_heads: int) -> list[Tensor]:
    size = x.size(-1) // num_heads
    return [x[..., h * size : (h + 1) * size] for h in range(num_heads)]


def with_a_loop(query: Tensor, key: Tensor, value: Tensor, num_heads: int) -> Tensor:
    heads = zip(*(columns_of(x, num_heads) for x in (query, key, value)), strict=True)
    outputs = [(q @ k.T / q.size(1) ** 0.5).softmax(dim=-1) @ v for q, k, v in heads]
    return torch.cat(outputs, dim=-1)


def times_d_head_to_the(power: float) -> Callable[..., Tensor]:
    return lambda q, k, v, n: with_a_loop(q * (q.size(1) // n) ** power, k, v, n)


def heads_of(q: Tensor, k: Tensor, v: Tensor, n: int) -> Tensor:
    return attention(split_heads(q, n), split_heads(k, n), split_heads(v, n))


def over_queries(q: Tensor, k: Tensor, v: Tensor, n: int) -> Tensor:
    scores = split_heads(q, n) @ split_heads(k, n).mT / (q.size(1) // n) ** 0.5
    return merge_heads(scores.softmax(dim=-2) @ split_heads(v, n))


def viewed(q: Tensor, k: Tensor, v: Tensor, n: int) -> Tensor:
    q, k, v = (x.reshape(n, len(x), -1) for x in (q, k, v))
    return attention(q, k, v)


def interleaved(q: Tensor, k: Tensor, v: Tensor, n: int) -> Tensor:
    heads = [attention(q[:, h::n], k[:, h::n], v[:, h::n]) for h in range(n)]
    return torch.cat(heads, dim=1)


RIGHT: dict[Checker, list[object]] = {
    ex.check_weight_count: [800, 8 * 10 * 10, torch.tensor(800)],
    ex.check_head_size: [12, 48 / 4],
    ex.check_split_heads: [
        split_heads,
        lambda x, n: torch.stack(columns_of(x, n), dim=1),
        lambda x, n: x.view(*x.shape[:2], n, -1).transpose(1, 2),
        lambda x, n: [columns_of(sentence, n) for sentence in x],
    ],
    ex.check_multi_head_attention: [
        with_a_loop,
        lambda q, k, v, n: merge_heads(heads_of(q, k, v, n)),
    ],
    ex.check_swapped_words: ["change", "Change"],
    check_roles: [
        ROLES,
        {head: f" {role.upper()} " for head, role in reversed(ROLES.items())},
    ],
}
WRONG: dict[Checker, list[tuple[object, str]]] = {
    ex.check_weight_count: [
        (8 * 10, "one row of 10 weights in each head"),
        (8 * 10 * 9, "A word attends to itself"),
        (10 * 512, "The size of the vectors does not matter"),
        (4 * (512**2 + 512), "Those are parameters"),
        (801, "801 is too large. Each head has a table"),
    ],
    ex.check_head_size: [
        (48, "That is d_model."),
        (9408 / 4, "one of the four projections"),
        (16, "16 is too large. There are four matrices"),
    ],
    ex.check_split_heads: [
        (lambda x, n: x.view(len(x), n, x.size(1), -1), "never move a number"),
        (lambda x, n: x.view(*x.shape[:2], n, -1), "stand behind the positions"),
        (lambda x, n: torch.stack(x.chunk(n, dim=-1)), "is not batch, heads"),
        (lambda x, n: x.unflatten(-1, (-1, n)).movedim(-1, 1), "every num_heads-th"),
        (lambda x, n: x.view(len(x), x.size(1), n, n), "product of the new sizes"),
        (lambda x, n: x.transpose(1, 2).view(-1), "does not work behind a transpose"),
        (lambda x, n: split_heads(x, n) * 0, "Head 0 of position 0"),
    ],
    ex.check_multi_head_attention: [
        (lambda q, k, v, n: attention(q, k, v), "not split"),
        (times_d_head_to_the(-0.5), "root of d_head"),
        (over_queries, "ran over the queries"),
        (lambda *case: merge_heads(viewed(*case)), "mixes positions"),
        (lambda q, k, v, n: viewed(q, k, v, n).reshape(q.shape), "mixes positions"),
        (lambda q, k, v, n: heads_of(q, k, v, n).reshape(q.shape), "put together with"),
        (lambda *case: torch.cat(list(heads_of(*case))), "below one another"),
        (interleaved, "every num_heads-th"),
        (
            lambda *case: merge_heads(heads_of(*case).flip(0)),
            "one head after the other",
        ),
        (lambda q, k, v, n: (q @ k).softmax(-1) @ v, "is a transpose missing"),
    ],
    check_roles: [
        ({**ROLES, 0: "none", 3: "none"}, "Not right: heads 0, 3."),
        ({0: "who", 1: "where"}, "Right: heads 0, 1. No answer yet: heads 2, 3."),
        ({2: "", 1: None, 0: "who"}, "Right: head 0. No answer yet: heads 1, 2, 3."),
        ({head + 1: role for head, role in ROLES.items()}, "numbers 0 to 3, got 4."),
    ],
}
