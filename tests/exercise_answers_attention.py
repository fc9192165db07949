"""Lesson 2: right answers in several forms, and plausible wrong ones with a reason.

Of the mistakes that a question stores, only those are here that are written otherwise.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention as torch_attention

import nnbasics.exercises as ex
from nnbasics import attention_weights, causal_mask, scaled_dot_product_attention

Checker = Callable[[Any], ex.Feedback]


def check_largest_weight(changes: tuple[object, object]) -> ex.Feedback:
    return ex.check_largest_weight(*changes)


def softmax_with_loops(scores: Tensor) -> list[list[float]]:
    rows = []
    for row in scores.tolist():
        powers = [math.exp(score - max(row)) for score in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


def softmax_in_numpy(scores: Tensor) -> object:
    table = scores.numpy().astype(np.float64)
    powers = np.exp(table - table.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def naive_softmax(scores: Tensor) -> Tensor:
    return scores.exp() / scores.exp().sum(dim=-1, keepdim=True)


def softmax_in_torch(scores: Tensor) -> Tensor:
    return naive_softmax(scores - scores.amax(dim=-1, keepdim=True))


def scores_of(query: Tensor, key: Tensor) -> Tensor:
    return query @ key.T / math.sqrt(query.size(-1))


def attend(q: Tensor, k: Tensor, v: Tensor, divisor: float) -> Tensor:
    return (q @ k.T / divisor).softmax(-1) @ v


def attention_in_numpy(query: Tensor, key: Tensor, value: Tensor) -> object:
    powers = np.exp(query.numpy() @ key.numpy().T / np.sqrt(query.shape[1]))
    return powers / powers.sum(axis=1, keepdims=True) @ value.numpy()


def row_by_row(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
) -> Tensor:
    output = torch.zeros(len(query), value.size(1))
    for i in range(len(query)):
        seen = torch.ones(len(key), dtype=torch.bool) if mask is None else mask[i]
        if seen.any():
            scores = torch.stack([query[i] @ k for k in key[seen]])
            output[i] = (scores / query.size(1) ** 0.5).softmax(-1) @ value[seen]
    return output


def filled_with(low: float) -> Callable[..., Tensor]:
    return lambda q, k, v, m: scores_of(q, k).masked_fill(~m, low).softmax(-1) @ v


filled = filled_with(-math.inf)


def renormalised(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    kept = attention_weights(query, key) * mask
    return kept / kept.sum(-1, keepdim=True) @ value


RIGHT: dict[Checker, list[object]] = {
    ex.check_share: [0.88, math.exp(2) / (1 + math.exp(2)), 0.8808],
    check_largest_weight: [("grows", "shrinks"), (" Grows ", "SHRINKS")],
    ex.check_softmax: [
        softmax_with_loops,
        softmax_in_numpy,
        softmax_in_torch,
        lambda scores: [softmax_in_torch(row) for row in scores],
    ],
    ex.check_causal_mask: [
        lambda length: [[j <= i for j in range(length)] for i in range(length)],
        lambda length: np.tri(length, dtype=bool),
        lambda length: torch.arange(length)[:, None] >= torch.arange(length),
    ],
    ex.check_attention: [
        row_by_row,
        attention_in_numpy,
        torch_attention,
        scaled_dot_product_attention,  # a tuple (output, weights)
    ],
    ex.check_masked_attention: [
        row_by_row,
        scaled_dot_product_attention,
        lambda *case: filled(*case).nan_to_num(0.0),
        lambda *case: renormalised(*case).nan_to_num(0.0),
        lambda *case: torch_attention(*case).nan_to_num(0.0),
    ],
}
WRONG: dict[Checker, list[tuple[object, str]]] = {
    check_largest_weight: [
        (("grows", None), "One more key: not answered yet"),
        ((None, "shrinks"), "Times ten: not answered yet"),
    ],
    ex.check_share: [
        (0.56, "divided by d_k."),
        (0.12, "share of the second key"),
        (7.39, "That is the power of e"),
    ],
    ex.check_softmax: [
        (naive_softmax, "inf / inf"),
        (lambda s: naive_softmax(s - s.max()), "largest score of the whole table"),
        (lambda s: s.exp() / s.exp().sum(dim=-1), "keepdim=True"),
        (lambda s: softmax_in_torch(-s), "In each row"),
    ],
    ex.check_causal_mask: [
        (torch.nn.Transformer.generate_square_subsequent_mask, "added to the scores"),
        (lambda n: np.tri(n, dtype=int), "made of numbers"),
        (lambda n: causal_mask(5), "should have the shape (7, 7)"),
        (lambda n: causal_mask(n).flip(0), "length = 5. Row i is a query"),
    ],
    ex.check_attention: [
        (lambda q, k, v: attend(q, k, v, q.size(-1)), "divided by d_k."),
        (lambda q, k, v: attend(q, k, v, 1), "not scaled"),
        (lambda q, k, v: attend(q, k, v, len(k) ** 0.5), "of another size"),
        (lambda q, k, v: scores_of(q, k).softmax(0) @ v, "ran over the queries"),
        (lambda q, k, v: scores_of(q, k) @ v, "The softmax is missing"),
        (lambda q, k, v: (q @ k).softmax(-1) @ v, "is a transpose missing"),
        (lambda q, k, v: (q * k).softmax(-1) @ v, "is a transpose missing"),
        (lambda q, k, v: q.numpy() @ k.numpy(), "is a transpose missing"),
        (lambda q, k, v: v, "(3, 11). Compare your steps"),
        (lambda q, k, v: row_by_row(q, k, v).half(), "(3, 11). Compare your steps"),
        # right for one size only
        (lambda q, k, v: attend(q, k, v, 7**0.5), "query of shape (2, 13)"),
    ],
    ex.check_masked_attention: [
        (lambda q, k, v, m: (scores_of(q, k) * m).softmax(-1) @ v, "e^0 is 1"),
        (lambda q, k, v, m: (scores_of(q, k) + m).softmax(-1) @ v, "scores as a 1"),
        (lambda q, k, v, m: filled(q * 3**0.5, k, v, m), "not scaled"),
        (lambda q, k, v, m: filled(q / 3**0.5, k, v, m), "divided by d_k"),
        (filled, "0 / 0"),
        (renormalised, "0 / 0"),
        (filled_with(-1e4), "equal weights"),
        (lambda *case: filled(*case).softmax(0), "what must a blocked score become"),
        (lambda q, k, v, m: filled(q, k, v, m.T), "transpose"),
    ],
}
