"""The models of the lessons: how they compute, and how often their training works.

The seeds here are not those of the lessons, which use 0 to 99.
"""

from __future__ import annotations

import pytest
import torch
from torch.testing import assert_close

from nnbasics import scaled_dot_product_attention
from nnbasics.experiments import (
    VOCABULARY,
    RelationModel,
    ablation_matrix,
    accuracy,
    as_sentence,
    attention_mass,
    decode,
    sample_questions,
    sample_sentences,
    train_relations,
)


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_one_head_computed_step_by_step() -> None:
    model = RelationModel(d_model=6, generator=generator(100))
    sentence = as_sentence(["the", "cat", "sat"])
    with torch.no_grad():
        logits, weights = model(sentence)
        words = model.words[torch.tensor([0, 6, 16])]
        x = words + model.positions[:3]
        layer = model.attention
        mixed, expected_weights = scaled_dot_product_attention(
            x @ layer.q_proj.weight.T + layer.q_proj.bias,
            x @ layer.k_proj.weight.T + layer.k_proj.bias,
            words @ layer.v_proj.weight.T + layer.v_proj.bias,
        )
        mixed = mixed @ layer.out_proj.weight.T + layer.out_proj.bias
        expected = mixed @ model.read_out.weight.T + model.read_out.bias
    assert_close(weights[0, 0], expected_weights)
    assert_close(logits[0, :, 0], expected)


def test_shapes_of_several_heads_and_questions_and_without_either() -> None:
    sentences = sample_questions(7, generator(1))
    length = sentences.tokens.size(1)
    logits, weights = RelationModel(3, 5, 6, generator=generator(100))(sentences)
    assert logits.shape == (7, length, 5, len(VOCABULARY))
    assert weights.shape == (7, 3, length, length)
    model = RelationModel(generator=generator(100))
    logits, weights = model(sentences)
    assert logits.shape == (7, length, 1, len(VOCABULARY))
    assert weights.shape == (7, 1, length, length)
    assert model.words.size(1) == 32


def test_padding_changes_nothing() -> None:
    model = RelationModel(2, generator=generator(100))
    sentences = sample_sentences(20, generator(1))
    row = int(sentences.lengths.argmin())
    length = int(sentences.lengths[row])
    alone = as_sentence(decode(sentences.tokens[row, :length]))
    assert length < sentences.tokens.size(1)
    logits, weights = model(sentences)
    logits_alone, weights_alone = model(alone)
    assert_close(logits[row, :length], logits_alone[0])
    assert_close(weights[row, :, :length, :length], weights_alone[0])
    assert (weights[row, :, :, length:] == 0).all()


def test_without_positions_the_order_of_the_words_is_lost() -> None:
    forwards = as_sentence(["the", "cat", "chased", "a", "dog"])
    swapped = as_sentence(["the", "dog", "chased", "a", "cat"])
    model = RelationModel(generator=generator(100), use_positions=False)
    assert (model.positions == 0).all()
    assert_close(model(forwards)[0][:, 2], model(swapped)[0][:, 2])
    with_positions = RelationModel(generator=generator(100))
    assert not torch.allclose(
        with_positions(forwards)[0][:, 2], with_positions(swapped)[0][:, 2], atol=1e-5
    )


def test_uniform_attention_is_uniform_over_the_real_words() -> None:
    sentences = sample_sentences(20, generator(1))
    weights = RelationModel(generator=generator(100), uniform=True).attend(sentences)
    for row, length in zip(weights[:, 0], sentences.lengths.tolist(), strict=True):
        assert_close(row[:, :length], torch.full((row.size(0), length), 1 / length))
        assert (row[:, length:] == 0).all()


def test_training_is_decided_by_the_generator_and_touches_no_global_state() -> None:
    def train(seed: int) -> tuple[list[float], torch.Tensor]:
        g = generator(seed)
        model = RelationModel(generator=g)
        losses = train_relations(model, sample_sentences(50, g), g, steps=3)
        return losses, model.words.detach()

    state = torch.get_rng_state()
    (losses, words), (again, words_again), (other, _) = train(1), train(1), train(2)
    assert losses == again
    assert torch.equal(words, words_again)
    assert losses != other
    assert torch.equal(torch.get_rng_state(), state)


def test_a_step_is_one_of_adamw() -> None:
    sentences = sample_sentences(20, generator(1))
    model, other = (RelationModel(generator=generator(0)) for _ in range(2))
    train_relations(
        model,
        sentences,
        generator(2),
        steps=2,
        batch_size=5,
        weight_decay=0.5,
        learning_rate=0.02,
    )
    optimizer = torch.optim.AdamW(other.parameters(), lr=0.02, weight_decay=0.5)
    g = generator(2)
    for _ in range(2):
        batch = sentences.batch(torch.randint(20, (5,), generator=g))
        logits = other(batch)[0].flatten(0, 2)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(
            logits, batch.answers.flatten(), ignore_index=-1
        ).backward()
        optimizer.step()
    for mine, expected in zip(model.parameters(), other.parameters(), strict=True):
        assert_close(mine, expected)


def test_forcing_a_row_changes_the_answer() -> None:
    """Put the verb's row on the object: the answer becomes the object."""
    g = generator(300)
    model = RelationModel(generator=g)
    train_relations(model, sample_sentences(2000, g), g, steps=200)
    sentences = sample_sentences(300, g, held_out=True)
    rows = torch.arange(300)
    # The first word's noun belongs to the verb, and the last word is the object.
    verb = sentences.targets[rows, sentences.targets[:, 0, 0], 0]
    last = sentences.lengths - 1
    with torch.no_grad():
        weights = model.attend(sentences)
        weights[rows, 0, verb] = 0.0
        weights[rows, 0, verb, last] = 1.0
        answers = model.answer(weights, sentences)[rows, verb, 0].argmax(dim=-1)
    assert torch.equal(answers, sentences.tokens[rows, last])


# -- how often training works: the bounds leave room for other machines


@pytest.mark.slow
def test_one_head_learns_the_relation_on_nearly_every_seed() -> None:
    training = sample_sentences(2000, generator(100))
    held_out = sample_sentences(300, generator(101), held_out=True)
    solved = 0
    for seed in range(200, 230):
        g = generator(seed)
        model = RelationModel(generator=g)
        train_relations(model, training, g, steps=100)
        with torch.no_grad():
            logits, weights = model(held_out)
        mass = attention_mass(weights, held_out).item()
        solved += accuracy(logits, held_out).item() > 0.99 and mass > 0.9
    assert solved >= 29


def train_on_questions(num_heads: int, seed: int) -> RelationModel:
    """Train a model as lesson 3 does."""
    g = generator(seed)
    training = sample_questions(3000, g)
    model = RelationModel(num_heads, 5, 64, generator=g)
    train_relations(model, training, g, steps=600, batch_size=32, weight_decay=0.1)
    return model.requires_grad_(False)


@pytest.mark.slow
def test_eight_heads_share_five_questions_on_nearly_every_seed() -> None:
    """Each has a head of its own, and without its heads it alone goes wrong."""
    unseen = sample_questions(300, generator(102))
    shared = 0
    for seed in range(200, 210):
        model = train_on_questions(8, seed)
        logits, weights = model(unseen)
        right = accuracy(logits, unseen)
        scores = attention_mass(weights, unseen)  # (8, 5)
        owners = scores.argmax(dim=1)
        groups = [(owners == question).nonzero().flatten() for question in range(5)]
        heads = [group.tolist() for group in groups]
        lost = right - ablation_matrix(model, unseen, heads)  # (5, 5)
        others = lost - lost.diagonal().diag()
        shared += bool(
            (right > 0.99).all()
            and (scores.max(dim=0).values > 0.8).all()
            and (lost.diagonal() > 0.25).all()
            and (others < 0.1).all()
        )
    assert shared >= 9


@pytest.mark.slow
def test_one_head_cannot_answer_five_questions() -> None:
    unseen = sample_questions(300, generator(102))
    for seed in range(200, 203):
        logits, _ = train_on_questions(1, seed)(unseen)
        assert accuracy(logits, unseen).mean() < 0.7
