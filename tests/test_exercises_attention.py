"""Lesson 2: right answers in several forms, and plausible wrong ones with a reason."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention as torch_attention

from nnbasics import attention_weights, causal_mask, scaled_dot_product_attention
from nnbasics.exercises import (
    check_attention,
    check_causal_mask,
    check_largest_weight,
    check_masked_attention,
    check_scaling,
    check_softmax,
)

pytestmark = pytest.mark.usefixtures("feedback_is_as_stored")

Function = Callable[..., object]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (64, "d_k itself"),
        (32, "half of d_k"),
        (4096, "square of d_k"),
        (1 / 8, "multiplied"),
        (4, "cube root"),
        (6, "logarithm"),
        (8.1, "too large"),
        (-8, "too small"),
    ],
)
def test_wrong_scalings(answer: float, reason: str) -> None:
    feedback = check_scaling(answer)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def test_what_the_largest_weight_really_does() -> None:
    row = torch.randn(7, generator=torch.Generator().manual_seed(3))
    largest = row.softmax(-1).max()
    assert (row * 10).softmax(-1).max() > largest + 0.1
    torch.testing.assert_close((row + 10).softmax(-1).max(), largest)
    assert check_largest_weight("grows", "stays").status == "right"
    assert check_largest_weight(" Grows ", "STAYS").status == "right"


@pytest.mark.parametrize(
    ("times_ten", "plus_ten", "reason"),
    [
        ("stays", "stays", "ratio of weights"),
        ("shrinks", "stays", "compare e^1 and e^10"),
        ("grows", "grows", "so do all the others"),
        ("grows", "shrinks", "so does their sum"),
        ("grows", None, "Plus ten: not answered yet"),
        (None, "stays", "Times ten: not answered yet"),
        ("larger", "stays", 'one of "grows", "shrinks", "stays", got \'larger\''),
        (1, "stays", "got 1"),
    ],
)
def test_wrong_changes(times_ten: object, plus_ten: object, reason: str) -> None:
    feedback = check_largest_weight(times_ten, plus_ten)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def softmax_of_rows(scores: Tensor) -> list[list[float]]:
    """Loops and plain Python numbers."""
    rows = []
    for row in scores.tolist():
        powers = [math.exp(score - max(row)) for score in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


def softmax_in_numpy(scores: Tensor) -> object:
    table = scores.numpy().astype(np.float64)
    powers = np.exp(table - table.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_in_torch(scores: Tensor) -> Tensor:
    powers = (scores - scores.amax(dim=-1, keepdim=True)).exp()
    return powers / powers.sum(dim=-1, keepdim=True)


@pytest.mark.parametrize(
    "function",
    [
        softmax_of_rows,
        softmax_in_numpy,
        softmax_in_torch,
        lambda scores: [softmax_in_torch(row) for row in scores],
        lambda scores: softmax_in_torch(scores.double()).requires_grad_(),
        lambda scores: softmax_in_torch(scores)[None],
        lambda scores: softmax_in_torch(scores) * (1 + 8e-5),  # a coarse rounding
    ],
)
def test_right_softmaxes(function: Function) -> None:
    assert check_softmax(function).status == "right"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda s: s.softmax(dim=0), "columns sum to 1"),
        (lambda s: s.flatten().softmax(0).reshape(s.shape), "All the numbers together"),
        (lambda s: s / s.sum(dim=-1, keepdim=True), "exponential is missing"),
        (lambda s: s.exp(), "division by the sum"),
        (lambda s: s.log_softmax(dim=-1), "logarithm"),
        (lambda s: s.sigmoid(), "sigmoid of each score"),
        (lambda s: s.exp() / s.exp().sum(dim=-1, keepdim=True), "inf / inf"),
        (
            lambda s: (s - s.max()).exp() / (s - s.max()).exp().sum(-1, keepdim=True),
            "largest score of the whole table",
        ),
        (lambda s: s.exp() / s.exp().sum(dim=-1), "keepdim=True"),
        (lambda s: softmax_in_torch(-s), "In each row"),
        (lambda s: softmax_in_torch(s).T, "should have the shape (3, 5)"),
    ],
)
def test_wrong_softmaxes(function: Function, reason: str) -> None:
    feedback = check_softmax(function)
    assert feedback.status == "not yet"
    assert reason in feedback.message


@pytest.mark.parametrize(
    "function",
    [
        causal_mask,
        lambda length: [[j <= i for j in range(length)] for i in range(length)],
        lambda length: np.tri(length, dtype=bool),
        lambda length: torch.arange(length)[:, None] >= torch.arange(length),
        lambda length: causal_mask(length)[None],
    ],
)
def test_right_causal_masks(function: Function) -> None:
    assert check_causal_mask(function).status == "right"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda n: ~causal_mask(n), "inverted"),
        (lambda n: causal_mask(n).T, "transposed"),
        (lambda n: causal_mask(n).tril(-1), "diagonal is missing"),
        (lambda n: torch.eye(n).bool(), "itself alone"),
        (lambda n: torch.ones(n, n).bool(), "Every position sees every other"),
        (lambda n: torch.full((n, n), -torch.inf).triu(1), "added to the scores"),
        (lambda n: torch.ones(n, n).tril(), "made of numbers"),
        (lambda n: np.tri(n, dtype=int), "made of numbers"),
        (lambda n: causal_mask(5), "should have the shape (7, 7)"),
        (lambda n: causal_mask(n).flip(0), "Row i is a query"),
        (lambda n: torch.nn.Transformer.generate_square_subsequent_mask(n), "added"),
    ],
)
def test_wrong_causal_masks(function: Function, reason: str) -> None:
    feedback = check_causal_mask(function)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def attention_with_loops(query: Tensor, key: Tensor, value: Tensor) -> object:
    output = []
    for q in query.tolist():
        scores = [
            sum(a * b for a, b in zip(q, k, strict=True)) / math.sqrt(len(q))
            for k in key.tolist()
        ]
        total = sum(math.exp(score) for score in scores)
        weights = [math.exp(score) / total for score in scores]
        output.append(
            [
                sum(w * v for w, v in zip(weights, column, strict=True))
                for column in value.T.tolist()
            ]
        )
    return output


def attention_row_by_row(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    output = torch.zeros(len(query), value.size(1))
    for i in range(len(query)):
        scores = torch.stack([query[i] @ k for k in key]) / query.size(1) ** 0.5
        output[i] = scores.softmax(0) @ value
    return output


def attention_in_numpy(query: Tensor, key: Tensor, value: Tensor) -> object:
    scores = query.numpy() @ key.numpy().T / np.sqrt(query.shape[1])
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True) @ value.numpy()


@pytest.mark.parametrize(
    "function",
    [
        attention_with_loops,
        attention_row_by_row,
        attention_in_numpy,
        torch_attention,
        scaled_dot_product_attention,  # a tuple (output, weights)
        lambda q, k, v: torch_attention(q[None], k[None], v[None]),  # with a batch
        lambda q, k, v: torch_attention(q.double(), k.double(), v.double()),
    ],
)
def test_right_attention(function: Function) -> None:
    assert check_attention(function).status == "right"


def scores_of(query: Tensor, key: Tensor) -> Tensor:
    return query @ key.T / math.sqrt(query.size(-1))


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda q, k, v: (q @ k.T / q.size(-1)).softmax(-1) @ v, "divided by d_k."),
        (lambda q, k, v: (q @ k.T).softmax(-1) @ v, "not scaled"),
        (lambda q, k, v: (q @ k.T * q.size(-1) ** 0.5).softmax(-1) @ v, "multiplied"),
        (lambda q, k, v: (q @ k.T / len(k) ** 0.5).softmax(-1) @ v, "number of keys"),
        (
            lambda q, k, v: (q @ k.T / len(q) ** 0.5).softmax(-1) @ v,
            "number of queries",
        ),
        (lambda q, k, v: (q @ k.T / v.size(-1) ** 0.5).softmax(-1) @ v, "d_v"),
        (lambda q, k, v: scores_of(q, k).softmax(0) @ v, "ran over the queries"),
        (lambda q, k, v: scores_of(q, k) @ v, "softmax is missing"),
        (lambda q, k, v: scores_of(q, k).exp() @ v, "do not sum to 1"),
        (lambda q, k, v: scores_of(q, k).softmax(-1), "Those are the weights"),
        (lambda q, k, v: v.mean(0).expand(len(q), -1), "plain mean"),
        (lambda q, k, v: (q @ k).softmax(-1) @ v, "is a transpose missing"),
        (lambda q, k, v: (q * k).softmax(-1) @ v, "is a transpose missing"),
        (
            lambda q, k, v: (q.numpy() @ k.numpy()) @ v.numpy(),
            "is a transpose missing",
        ),
        (lambda q, k, v: scores_of(k, q).softmax(-1) @ v, "is a transpose missing"),
        (lambda q, k, v: v, "should have the shape (5, 11)"),
        (lambda q, k, v: torch.zeros(len(q), v.size(1)), "Compare your steps"),
        (lambda q, k, v: attention_row_by_row(q, k, v).half().tanh(), "At position"),
    ],
)
def test_wrong_attention(function: Function, reason: str) -> None:
    feedback = check_attention(function)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def test_attention_that_is_right_for_one_size_only_is_refused() -> None:
    feedback = check_attention(lambda q, k, v: (q @ k.T / 7**0.5).softmax(-1) @ v)
    assert feedback.status == "not yet"
    assert "query of shape (2, 13)" in feedback.message


def masked_with_loops(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor
) -> Tensor:
    output = torch.zeros(len(query), value.size(1))
    for i in range(len(query)):
        if mask[i].any():
            scores = scores_of(query[i : i + 1], key[mask[i]])
            output[i] = (scores.softmax(-1) @ value[mask[i]])[0]
    return output


def filled(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor, low: float = -math.inf
) -> Tensor:
    return scores_of(query, key).masked_fill(~mask, low).softmax(-1) @ value


def renormalised(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    kept = attention_weights(query, key) * mask
    return kept / kept.sum(-1, keepdim=True) @ value


@pytest.mark.parametrize(
    "function",
    [
        scaled_dot_product_attention,
        masked_with_loops,
        lambda q, k, v, mask: filled(q, k, v, mask).nan_to_num(0.0),
        lambda q, k, v, mask: renormalised(q, k, v, mask).nan_to_num(0.0),
        lambda q, k, v, mask: torch_attention(q, k, v, mask).nan_to_num(0.0),
        lambda q, k, v, mask: masked_with_loops(q, k, v, mask).double().numpy()[None],
    ],
)
def test_right_masked_attention(function: Function) -> None:
    assert check_masked_attention(function).status == "right"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda q, k, v, mask: torch_attention(q, k, v), "was not used"),
        (lambda q, k, v, mask: filled(q, k, v, ~mask), "inverted"),
        (
            lambda q, k, v, mask: attention_weights(q, k) * mask @ v,
            "after the softmax",
        ),
        (
            lambda q, k, v, mask: (scores_of(q, k) * mask).softmax(-1) @ v,
            "e^0 is 1",
        ),
        (
            lambda q, k, v, mask: (scores_of(q, k) + mask).softmax(-1) @ v,
            "added to the scores as a 1",
        ),
        (lambda q, k, v, mask: filled(q * 3**0.5, k, v, mask), "not scaled"),
        (lambda q, k, v, mask: filled(q / 3**0.5, k, v, mask), "divided by d_k"),
        (filled, "0 / 0"),
        (renormalised, "0 / 0"),
        (lambda q, k, v, mask: filled(q, k, v, mask, -1e9), "equal weights"),
        (lambda q, k, v, mask: filled(q, k, v, mask, -1e4), "equal weights"),
        (
            lambda q, k, v, mask: filled(q, k, v, mask).softmax(0),
            "what must a blocked score become",
        ),
        (lambda q, k, v, mask: filled(q, k, v, mask.T), "transpose"),
    ],
)
def test_wrong_masked_attention(function: Function, reason: str) -> None:
    feedback = check_masked_attention(function)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def test_what_is_rounded_coarsely_is_not_named_as_different() -> None:
    def nearly(scores: Tensor) -> Tensor:
        weights = softmax_in_torch(scores) * (1 + 8e-5)
        weights[1, 0] = 0.5
        return weights

    assert "At position [1, 0]," in str(check_softmax(nearly)).replace("\n", " ")


def test_an_error_is_quoted_to_its_last_letter() -> None:
    def fails(scores: Tensor) -> Tensor:
        raise ValueError(f"{len(scores)} rows, no X.")

    assert "stopped with ValueError: 3 rows, no X. It" in " ".join(
        str(check_softmax(fails)).split()
    )
