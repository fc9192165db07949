"""Lesson 3: right answers in several forms, and plausible wrong ones with a reason."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention as attention

import nnbasics.exercises as ex
from nnbasics import MultiHeadAttention, merge_heads, split_heads

Checker = Callable[[Any], ex.Feedback]

QUESTIONS = ("who", "whom", "where")
SCORES = torch.tensor(
    [[0.9, 0.1, 0.1], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3], [0.9, 0.0, 0.1]]
)
ROLES = {0: "who", 1: "where", 2: "none", 3: "who"}


def check_parameters(counts: tuple[object, object]) -> ex.Feedback:
    return ex.check_projection_parameters(*counts)


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
    ex.check_head_size: [64, 512 / 8],
    check_parameters: [(37248, 37248), (torch.tensor(37248), 37248.0)],
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
    ex.check_head_size: [(512, "d_model."), (8, "number of heads"), (504, "division")],
    check_parameters: [
        (
            (36864, 74496),
            "8 heads: not yet. Those are the weights. Each projection has",
        ),
        ((37248, None), "16 heads: not answered yet"),
        ((None, 37248), "8 heads: not answered yet"),
    ],
    ex.check_split_heads: [
        (lambda x, n: x.view(len(x), n, x.size(1), -1), "never move a number"),
        (lambda x, n: x.view(*x.shape[:2], n, -1), "stand behind the positions"),
        (lambda x, n: torch.stack(x.chunk(n, dim=-1)), "The batch comes first"),
        (lambda x, n: split_heads(x, n).mT, "the last two dimensions"),
        (lambda x, n: x.unflatten(-1, (-1, n)).movedim(-1, 1), "every num_heads-th"),
        (
            lambda x, n: split_heads(x, x.size(-1) // n),
            "num_heads and d_head have changed places",
        ),
        (lambda x, n: x[:, None].expand(-1, n, -1, -1), "Every head got whole vectors"),
        (lambda x, n: split_heads(x, n).flip(1), "reverse order"),
        (lambda x, n: x.view(len(x), x.size(1), n, n), "product of the new sizes"),
        (lambda x, n: x.transpose(1, 2).view(-1), "does not work behind a transpose"),
        (lambda x, n: split_heads(x, n) * 0, "Head 0 of position 0"),
    ],
    ex.check_multi_head_attention: [
        (lambda q, k, v, n: attention(q, k, v), "not split"),
        (lambda q, k, v, n: with_a_loop(q / n**0.5, k, v, n), "of d_model"),
        (times_d_head_to_the(0.5), "not scaled"),
        (times_d_head_to_the(-0.5), "divided by d_head"),
        (over_queries, "ran over the queries"),
        (lambda *case: merge_heads(viewed(*case)), "mixes positions"),
        (lambda q, k, v, n: viewed(q, k, v, n).reshape(q.shape), "mixes positions"),
        (lambda q, k, v, n: heads_of(q, k, v, n).reshape(q.shape), "put together with"),
        (lambda *case: heads_of(*case).mean(0), "mean of the heads"),
        (lambda *case: heads_of(*case).sum(0), "sum of the heads"),
        (heads_of, "Now concatenate them"),
        (lambda *case: torch.cat(list(heads_of(*case))), "below one another"),
        (interleaved, "every num_heads-th"),
        (
            lambda *case: merge_heads(heads_of(*case).flip(0)),
            "one head after the other",
        ),
        (lambda q, k, v, n: (q @ k).softmax(-1) @ v, "is a transpose missing"),
    ],
    ex.check_swapped_words: [
        ("stay", "keys and values there still the same"),
        ("swap", "still have the same query"),
    ],
    check_roles: [
        ({**ROLES, 0: "none", 3: "none"}, "Not right: heads 0, 3."),
        ({0: "who", 1: "where"}, "Right: heads 0, 1. No answer yet: heads 2, 3."),
        ({2: "", 1: None, 0: "who"}, "Right: head 0. No answer yet: heads 1, 2, 3."),
        ({head + 1: role for head, role in ROLES.items()}, "numbers 0 to 3, got 4."),
    ],
}


@pytest.mark.parametrize("check", RIGHT)
def test_right_forms_are_accepted(check: Checker) -> None:
    assert {check(answer).status for answer in RIGHT[check]} == {"right"}


@pytest.mark.parametrize("check", WRONG)
def test_a_mistake_is_met_with_its_hint(check: Checker) -> None:
    for answer, hint in WRONG[check]:
        feedback = check(answer)
        # behind the number, as in "Exercise 3.4"
        assert str(feedback)[12:].startswith(": not yet. ")
        assert {h for _, h in WRONG[check] if h in feedback.message} == {hint}


@pytest.mark.parametrize("heads", [8, 16])
def test_what_the_layer_really_has_is_right(heads: int) -> None:
    assert sum(p.numel() for p in MultiHeadAttention(96, heads).parameters()) == 37248
    assert str(check_parameters((37248, None))).startswith("Exercise 3.2: not yet. ")


def test_what_swapping_two_words_really_does() -> None:
    generator = torch.Generator().manual_seed(5)
    words, places = torch.randn(2, 1, 7, 13, generator=generator) / 2
    x, swapped = words + places, words[:, [0, 5, 2, 3, 4, 1, 6]] + places
    before, after = attention(x, x, x), attention(swapped, swapped, swapped)
    assert torch.cdist(after[0], before[0]).min() > 0.01  # no old vector anywhere


def test_messages_about_roles() -> None:
    # The right role is not given away.
    look = (
        "Look at a head's map row by row: on which word does the bright cell of each "
        "row lie, and for which question is that word the answer?"
    )
    whole = {
        check_roles(ROLES): "right. All 4 heads.",
        check_roles({}): "not answered yet. Give each head's number a role.",
        check_roles({0: None}): "not answered yet. Give each head's number a role.",
        check_roles(None): "not answered yet. Give each head's number a role.",
        check_roles({**ROLES, 1: "who"}): (
            f"not yet. Right: heads 0, 2, 3. Not right: head 1. {look}"
        ),
        check_roles({0: "whom"}): (
            f"not yet. Not right: head 0. No answer yet: heads 1, 2, 3. {look}"
        ),
        check_roles({"head 0": "who"}): (
            "not yet. The heads have the numbers 0 to 3, got 'head 0'."
        ),
        check_roles({**ROLES, 0: "subject"}): (
            "not yet. The roles are who, whom, where, none; head 0 has 'subject'."
        ),
        check_roles(["who", "where"]): (
            "not yet. The answer is a dictionary from head to role, such as "
            '{0: "none"}, got list.'
        ),
    }
    said = [f"{feedback.status}. {feedback.message}" for feedback in whole]
    assert said == list(whole.values())
    assert {f.exercise for f in whole} == {"3.6"}


def test_roles_depend_on_the_threshold() -> None:
    low = {**ROLES, 2: "whom"}
    assert check_roles(low).status == "not yet"
    feedback = ex.check_head_roles(low, SCORES, QUESTIONS, threshold=0.4)
    assert feedback == ex.Feedback("3.6", "right", "All 4 heads.")


@pytest.mark.parametrize("scores", [SCORES.T, SCORES[0], SCORES[:, :2]])
def test_scores_of_another_shape_are_refused(scores: Tensor) -> None:
    with pytest.raises(ValueError, match=r"the shape \(num_heads, 3\)"):
        ex.check_head_roles(ROLES, scores, QUESTIONS)
