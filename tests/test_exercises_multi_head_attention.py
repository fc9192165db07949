"""Lesson 3: what the answers are held against, and messages about roles."""

import numpy as np
import torch
from torch.nn.functional import scaled_dot_product_attention as attention

from exercise_answers_multi_head_attention import ROLES, check_roles
from nnbasics import MultiHeadAttention
from nnbasics.exercises import check_head_size, check_weight_count


def test_what_the_layers_really_have_is_right() -> None:
    _, weights = MultiHeadAttention(512, 8)(torch.zeros(1, 10, 512))
    assert check_weight_count(weights.numel()).status == "right"
    for d_model in range(4, 100, 4):
        layer = MultiHeadAttention(d_model, 4)
        has_as_many = sum(p.numel() for p in layer.parameters()) == 9408
        is_right = check_head_size(d_model // 4).status == "right"
        assert is_right == has_as_many


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
        check_roles({0: ...}): "not answered yet. Give each head's number a role.",
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
        check_roles({0: np.arange(2)}): (
            "not yet. The roles are who, whom, where, none; head 0 has array([0, 1])."
        ),
        check_roles(["who", "where"]): (
            "not yet. The answer is a dictionary from head to role, such as "
            '{0: "none"}, got list.'
        ),
    }
    said = [f"{feedback.status}. {feedback.message}" for feedback in whole]
    assert said == list(whole.values())
    assert {f.exercise for f in whole} == {"3.6"}
