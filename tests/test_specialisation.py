"""Scores of heads and ablation, on tables small enough to work out by hand."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.testing import assert_close

from nnbasics.experiments import (
    VOCABULARY,
    LabelledSentences,
    RelationModel,
    ablation_matrix,
    accuracy,
    attention_mass,
    label,
    roles_of_heads,
    sample_questions,
)

# Two sentences of three and two words, three questions. For "cat" the first two have
# the same answer.
SENTENCES: LabelledSentences = label(
    [
        (["the", "cat", "sat"], [[1, 2, 0], [0, 0, 2], [1, 0, 2]]),
        (["a", "dog"], [[1, -1, 0], [-1, 0, 1]]),
    ],
    ("first", "second", "third"),
)


def logits_for(words: list[list[list[str]]]) -> Tensor:
    """Return logits that answer with given words, (count, length, questions)."""
    places = torch.tensor(
        [[[VOCABULARY.index(w) for w in row] for row in table] for table in words]
    )
    return torch.nn.functional.one_hot(places, len(VOCABULARY)).float()


def test_accuracy_counted_by_hand() -> None:
    answers = [
        [["cat", "sat", "the"], ["the", "cat", "the"], ["cat", "cat", "sat"]],
        [["dog", "dog", "a"], ["dog", "a", "the"], ["dog", "dog", "the"]],
    ]
    # first: cat, the, cat and dog are right, 4 of 4; "dog" at "dog" is not asked.
    # second: sat and a are right, of sat, the, the and a.
    # third: the, sat and a are right, of the, sat, sat, a and dog.
    expected = torch.tensor([4 / 4, 2 / 4, 3 / 5])
    assert_close(accuracy(logits_for(answers), SENTENCES), expected)


def test_attention_mass_counted_by_hand() -> None:
    weights = torch.zeros(2, 1, 3, 3)
    weights[0, 0] = torch.tensor([[0.1, 0.7, 0.2], [1.0, 0.0, 0.0], [0.4, 0.6, 0.0]])
    weights[1, 0] = torch.tensor([[0.2, 0.8, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 0.0]])
    # first: 0.7, 0.6, 0.8, and second: 0.2, 0.4, 0.5, for neither "cat" counts;
    # third: 0.1, 0, 0, 0.2, 0.5
    means = [(0.7 + 0.6 + 0.8) / 3, (0.2 + 0.4 + 0.5) / 3, (0.1 + 0.2 + 0.5) / 5]
    expected = torch.tensor([means])
    assert_close(attention_mass(weights, SENTENCES), expected)


def test_roles() -> None:
    scores = torch.tensor([[0.9, 0.1], [0.2, 0.5], [0.49, 0.3]])
    assert roles_of_heads(scores, ["who", "whom"]) == ["who", "whom", "none"]


def test_ablation_silences_the_heads_of_a_group() -> None:
    sentences = sample_questions(200, torch.Generator().manual_seed(1))
    model, without_1 = (
        RelationModel(3, 5, 6, generator=torch.Generator().manual_seed(3)) for _ in "ab"
    )
    with torch.no_grad():
        for each in (model, without_1):
            each.read_out.bias.zero_()  # the answers come from the heads alone
            each.attention.out_proj.bias.zero_()
        # the columns 2 and 3 of the merged heads are those of head 1
        without_1.attention.out_proj.weight[:, 2:4] = 0.0
        weights = model.attend(sentences)
        weights[:, 1] = 0.0
        logits = without_1(sentences)[0]
        assert_close(model.answer(weights, sentences), logits)
        whole, ablated = ablation_matrix(model, sentences, groups=[[], [1]])
        # a near tie may end otherwise on another machine
        assert_close(
            whole, accuracy(model(sentences)[0], sentences), rtol=0, atol=0.002
        )
        assert_close(ablated, accuracy(logits, sentences), rtol=0, atol=0.002)
    assert (whole - ablated).abs().max() > 0.01
