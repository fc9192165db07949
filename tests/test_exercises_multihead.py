"""Lesson 3: right answers in several forms, and plausible wrong ones with a reason."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention as attention

from nnbasics import MultiHeadAttention, merge_heads, split_heads
from nnbasics.exercises import (
    check_head_roles,
    check_head_size,
    check_multi_head_attention,
    check_projection_parameters,
    check_split_heads,
    check_swapped_words,
)

pytestmark = pytest.mark.usefixtures("feedback_is_as_stored")

Function = Callable[..., object]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (512, "That is d_model"),
        (4096, "share them out"),
        (8, "number of heads"),
        (504, "division"),
        (65, "too large"),
        (32, "too small"),
    ],
)
def test_wrong_head_sizes(answer: float, reason: str) -> None:
    feedback = check_head_size(answer)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def test_counted_parameters_are_right() -> None:
    eight, sixteen = (
        sum(p.numel() for p in MultiHeadAttention(96, heads).parameters())
        for heads in (8, 16)
    )
    assert check_projection_parameters(eight, sixteen).status == "right"
    assert check_projection_parameters(torch.tensor(eight), 37248.0).status == "right"


@pytest.mark.parametrize(
    ("eight", "sixteen", "reason"),
    [
        (36864, 37248, "biases too"),
        (37248, 36864, "biases too"),
        (37248, 27936, "One more follows"),
        (37248, 27648, "three projections"),
        (37248, 9312, "one projection"),
        (37248, 9216, "weights of one projection"),
        (27936, 37248, "One more follows"),
        (27648, 37248, "three projections"),
        (9312, 37248, "one projection"),
        (9216, 37248, "one projection"),
        (297984, 37248, "same size"),
        (37248, 74496, "16 heads: not yet. The heads are cut out"),
        (37248, 18624, "16 heads: not yet. The heads are cut out"),
        (37248, 595968, "16 heads: not yet. The heads are cut out"),
        (37248, None, "16 heads: not answered yet"),
        (None, 37248, "8 heads: not answered yet"),
        (40000, 37248, "How many projections are there"),
        (16640, 16640, "8 heads: not yet. That is the layer of the lesson"),
    ],
)
def test_wrong_parameters(eight: object, sixteen: object, reason: str) -> None:
    feedback = check_projection_parameters(eight, sixteen)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def by_columns(x: Tensor, num_heads: int) -> Tensor:
    size = x.size(-1) // num_heads
    heads = [x[:, :, h * size : (h + 1) * size] for h in range(num_heads)]
    return torch.stack(heads, dim=1)


@pytest.mark.parametrize(
    "function",
    [
        split_heads,
        by_columns,
        lambda x, n: x.view(*x.shape[:2], n, -1).transpose(1, 2),
        lambda x, n: x.view(*x.shape[:2], n, -1).permute(0, 2, 1, 3).numpy(),
        lambda x, n: by_columns(x, n).tolist(),
        lambda x, n: [list(sentence.chunk(n, dim=-1)) for sentence in x],
    ],
)
def test_right_split_heads(function: Function) -> None:
    assert check_split_heads(function).status == "right"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda x, n: x.view(len(x), n, x.size(1), -1), "never move a number"),
        (lambda x, n: x.view(*x.shape[:2], n, -1), "is a transpose missing"),
        (lambda x, n: torch.stack(x.chunk(n, dim=-1)), "The batch comes first"),
        (lambda x, n: split_heads(x, n).mT, "the last two dimensions"),
        (
            lambda x, n: x.view(*x.shape[:2], -1, n).permute(0, 3, 1, 2),
            "every num_heads-th",
        ),
        (lambda x, n: split_heads(x, x.size(-1) // n), "have changed places"),
        (lambda x, n: x[:, None].expand(-1, n, -1, -1), "whole vectors"),
        (lambda x, n: by_columns(x, n).flip(1), "reverse order"),
        (lambda x, n: x.view(len(x), x.size(1), n, n), "product of the new sizes"),
        (lambda x, n: x.transpose(1, 2).view(len(x), n, -1, x.size(1) + 2), "view"),
        (lambda x, n: x.transpose(1, 2).view(-1), "does not work behind a transpose"),
        (lambda x, n: torch.zeros_like(by_columns(x, n)), "Head 0 of position 0"),
    ],
)
def test_wrong_split_heads(function: Function, reason: str) -> None:
    feedback = check_split_heads(function)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def with_a_loop(query: Tensor, key: Tensor, value: Tensor, num_heads: int) -> Tensor:
    size = query.size(1) // num_heads
    outputs = []
    for head in range(num_heads):
        columns = slice(head * size, (head + 1) * size)
        scores = query[:, columns] @ key[:, columns].T / size**0.5
        outputs.append(scores.softmax(dim=-1) @ value[:, columns])
    return torch.cat(outputs, dim=-1)


def heads_of(q: Tensor, k: Tensor, v: Tensor, n: int) -> Tensor:
    return attention(split_heads(q, n), split_heads(k, n), split_heads(v, n))


def viewed(x: Tensor, n: int) -> Tensor:
    return x.reshape(n, len(x), -1)


@pytest.mark.parametrize(
    "function",
    [
        with_a_loop,
        lambda q, k, v, n: merge_heads(heads_of(q, k, v, n)),
        lambda q, k, v, n: with_a_loop(q, k, v, n).double().numpy(),
        lambda q, k, v, n: merge_heads(heads_of(q[None], k[None], v[None], n)),
        lambda q, k, v, n: with_a_loop(q, k, v, n).tolist(),
    ],
)
def test_right_multi_head_attention(function: Function) -> None:
    assert check_multi_head_attention(function).status == "right"


def over_queries(q: Tensor, k: Tensor, v: Tensor, n: int) -> Tensor:
    scores = split_heads(q, n) @ split_heads(k, n).mT / (q.size(1) // n) ** 0.5
    return merge_heads(scores.softmax(dim=-2) @ split_heads(v, n))


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda q, k, v, n: attention(q, k, v), "not split"),
        (lambda q, k, v, n: with_a_loop(q / n**0.5, k, v, n), "of d_model"),
        (
            lambda q, k, v, n: with_a_loop(q * (q.size(1) // n) ** 0.5, k, v, n),
            "not scaled",
        ),
        (
            lambda q, k, v, n: with_a_loop(q / (q.size(1) // n) ** 0.5, k, v, n),
            "divided by d_head",
        ),
        (over_queries, "ran over the queries"),
        (
            lambda q, k, v, n: merge_heads(
                attention(viewed(q, n), viewed(k, n), viewed(v, n))
            ),
            "mixes positions and columns",
        ),
        (
            lambda q, k, v, n: attention(
                viewed(q, n), viewed(k, n), viewed(v, n)
            ).reshape(q.shape),
            "mixes positions and columns",
        ),
        (
            lambda q, k, v, n: heads_of(q, k, v, n).reshape(q.shape),
            "put together with view or reshape",
        ),
        (lambda q, k, v, n: heads_of(q, k, v, n).mean(0), "mean of the heads"),
        (lambda q, k, v, n: heads_of(q, k, v, n).sum(0), "sum of the heads"),
        (heads_of, "Now concatenate them"),
        (lambda q, k, v, n: torch.cat(list(heads_of(q, k, v, n))), "below one another"),
        (
            lambda q, k, v, n: torch.cat(
                [attention(q[:, h::n], k[:, h::n], v[:, h::n]) for h in range(n)],
                dim=1,
            ),
            "every num_heads-th",
        ),
        (
            lambda q, k, v, n: torch.cat(list(heads_of(q, k, v, n).flip(0)), dim=1),
            "one head after the other",
        ),
        (lambda q, k, v, n: (q @ k).softmax(-1) @ v, "is a transpose missing"),
    ],
)
def test_wrong_multi_head_attention(function: Function, reason: str) -> None:
    feedback = check_multi_head_attention(function)
    assert feedback.status == "not yet"
    assert reason in feedback.message


def test_what_swapping_two_words_really_does() -> None:
    generator = torch.Generator().manual_seed(5)
    words, places = torch.randn(2, 1, 7, 13, generator=generator) / 2
    x, swapped = words + places, words[:, [0, 5, 2, 3, 4, 1, 6]] + places
    before, after = attention(x, x, x), attention(swapped, swapped, swapped)
    assert torch.cdist(after[0], before[0]).min() > 0.01  # no old vector anywhere
    assert check_swapped_words("change").status == "right"
    assert check_swapped_words("Change").status == "right"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("stay", "keys and values there still the same"),
        ("swap", "still have the same query"),
        ("changed", 'one of "change", "stay", "swap", got'),
        ("", "Choose one of"),
        (2, "Choose one of"),
        (["change"], "Choose one of"),
    ],
)
def test_wrong_words(answer: object, reason: str) -> None:
    feedback = check_swapped_words(answer)
    assert feedback.status == "not yet"
    assert reason in feedback.message


QUESTIONS = ("who", "whom", "where")
SCORES = torch.tensor(
    [
        [0.9, 0.1, 0.1],
        [0.1, 0.1, 0.8],
        [0.3, 0.4, 0.3],
        [0.9, 0.0, 0.1],
        [0.0, 0.7, 0.2],
    ]
)
ROLES = {0: "who", 1: "where", 2: "none", 3: "who", 4: "whom"}


@pytest.mark.parametrize(
    "answer",
    [
        ROLES,
        {head: f" {role.upper()} " for head, role in ROLES.items()},
        dict(reversed(ROLES.items())),
    ],
)
def test_right_roles(answer: object) -> None:
    assert check_head_roles(answer, SCORES, QUESTIONS).status == "right"


def test_roles_depend_on_the_threshold() -> None:
    low = {**ROLES, 2: "whom"}
    assert check_head_roles(low, SCORES, QUESTIONS).status == "not yet"
    assert check_head_roles(low, SCORES, QUESTIONS, threshold=0.4).status == "right"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({**ROLES, 1: "who"}, "Right: heads 0, 2, 3, 4. Not right: head 1."),
        ({**ROLES, 2: "whom"}, "Not right: head 2."),  # the best, below the threshold
        ({**ROLES, 0: "none", 3: "none"}, "Not right: heads 0, 3."),
        ({0: "who", 1: "where"}, "Right: heads 0, 1. No answer yet: heads 2, 3, 4."),
        ({0: "who", 1: None, 2: ""}, "No answer yet: heads 1, 2, 3, 4."),
        ({1: None, 0: "who"}, "Right: head 0. No answer yet: heads 1, 2, 3, 4."),
        ({head + 1: role for head, role in ROLES.items()}, "numbers 0 to 4, got 5"),
        ({"head 0": "who"}, "numbers 0 to 4, got 'head 0'"),
        ({**ROLES, 0: "subject"}, "The roles are who, whom, where, none; head 0 has"),
        (["who", "where"], "dictionary from head to role"),
    ],
)
def test_wrong_roles(answer: object, reason: str) -> None:
    feedback = check_head_roles(answer, SCORES, QUESTIONS)
    assert feedback.status == "not yet"
    assert reason in feedback.message


@pytest.mark.parametrize("answer", [None, {}, {0: None, 1: None}])
def test_open_roles(answer: object) -> None:
    feedback = check_head_roles(answer, SCORES, QUESTIONS)
    assert feedback.status == "not answered yet"


def test_the_right_role_is_not_given_away() -> None:
    feedback = check_head_roles({0: "whom"}, SCORES, QUESTIONS)
    assert not any(question in feedback.message for question in ("whom", "where"))


@pytest.mark.parametrize("scores", [SCORES.T, SCORES[0], SCORES[:, :2]])
def test_scores_of_another_shape_are_refused(scores: Tensor) -> None:
    with pytest.raises(ValueError, match=r"the shape \(num_heads, 3\)"):
        check_head_roles(ROLES, scores, QUESTIONS)
