"""What happens where an argument is left out: the same as with the promised value."""

from __future__ import annotations

import pytest
import torch
from torch.testing import assert_close

from nnbasics import (
    XORNetwork,
    predictions_over_seeds,
    train_xor,
    xor_network_from_seed,
)
from nnbasics.exercises import check_head_roles
from nnbasics.questions import sample_questions
from nnbasics.relations import RelationModel, train_relations
from nnbasics.sentences import (
    LabelledSentences,
    as_sentence,
    encode,
    sample_sentences,
)
from nnbasics.specialisation import roles_of_heads


def generator(seed: int = 5) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def assert_same(ours: LabelledSentences, theirs: LabelledSentences) -> None:
    assert ours.questions == theirs.questions
    assert torch.equal(ours.tokens, theirs.tokens)
    assert torch.equal(ours.targets, theirs.targets)


def test_the_sizes_of_the_xor_network() -> None:
    network = XORNetwork()
    assert network.fc1.weight.shape == (4, 2)
    assert network.fc2.weight.shape == (1, 4)
    assert xor_network_from_seed(1).fc1.out_features == 4


def test_training_takes_a_thousand_epochs_and_no_snapshots() -> None:
    history = train_xor(XORNetwork(), 1.0)
    assert len(history.losses) == 1000
    assert history.snapshots == {}


def test_many_networks_train_as_long_with_as_many_units() -> None:
    drawn = predictions_over_seeds([10.0], [1, 2])
    explicit = predictions_over_seeds([10.0], [1, 2], epochs=1000, hidden_size=4)
    assert torch.equal(drawn, explicit)


def test_a_sentence_has_one_question() -> None:
    assert as_sentence(["the", "cat"]).questions == ("question 1",)
    assert as_sentence(["a"], 2).questions == ("question 1", "question 2")


def test_sentences_are_not_held_out() -> None:
    assert_same(
        sample_sentences(50, generator()),
        sample_sentences(50, generator(), held_out=False),
    )


def test_all_five_questions_with_a_fifth_of_salad() -> None:
    explicit = sample_questions(
        200,
        generator(),
        questions=("who", "whom", "where", "previous", "next"),
        salad=0.2,
        held_out=False,
    )
    assert_same(sample_questions(200, generator()), explicit)


@pytest.mark.parametrize("salad", [0.0, 1.0])
def test_none_or_all_of_the_sentences_may_be_salad(salad: float) -> None:
    sentences = sample_questions(20, generator(), salad=salad, questions=["who"])
    assert (sentences.targets == -1).all() == bool(salad)


def test_a_model_has_one_head_and_asks_one_question() -> None:
    model = RelationModel(generator=generator())
    explicit = RelationModel(
        1, 1, 32, generator=generator(), use_positions=True, uniform=False
    )
    sentences = sample_sentences(3, generator())
    assert_close(model(sentences), explicit(sentences), rtol=0, atol=0)
    assert model.attention.num_heads == model.num_questions == 1
    assert model.words.shape == (28, 32)


def test_a_model_trains_for_three_hundred_steps() -> None:
    sentences = sample_sentences(30, generator())
    ours, explicit = (RelationModel(d_model=4, generator=generator()) for _ in "ab")
    losses = train_relations(ours, sentences, generator())
    expected = train_relations(
        explicit,
        sentences,
        generator(),
        steps=300,
        batch_size=64,
        weight_decay=0.03,
    )
    assert len(losses) == 300
    assert losses == expected
    assert_close(ours.state_dict(), explicit.state_dict(), rtol=0, atol=0)


def test_a_head_has_a_role_from_a_half_on() -> None:
    scores = torch.tensor([[0.5, 0.1], [0.49, 0.1]])
    assert roles_of_heads(scores, ["who", "whom"]) == ["who", "none"]
    answer = {0: "who", 1: "none"}
    assert check_head_roles(answer, scores, ["who", "whom"]).status == "right"


def test_words_are_numbered_in_the_order_of_the_vocabulary() -> None:
    assert encode(["the", "behind"]).tolist() == [0, 27]
    assert encode(["the"]).dtype == torch.int64
