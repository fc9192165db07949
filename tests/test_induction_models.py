"""Models that copy and language models: their parts, scores, and how training goes."""

from __future__ import annotations

import math
from itertools import product

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from nnbasics import causal_mask
from nnbasics.experiments import (
    VOCABULARY,
    InductionModel,
    LanguageModel,
    head_scores,
    is_grammatical,
    repeated_tokens,
    sample_sentences,
    sample_texts,
    share_copied,
    text_loss,
    train_induction,
    train_language,
)
from nnbasics.experiments.induction import POSITIONS
from seeds import TRAINED, copied, copying, language, shares_without_heads


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# -- models that copy


def test_sequences_are_written_twice_and_hold_no_token_twice_before() -> None:
    for period in (2, 7, 24):
        tokens = repeated_tokens(50, period, seeded())
        first, second = tokens.chunk(2, dim=1)
        assert tokens.shape == (50, 2 * period)
        assert first.equal(second)
        assert all(len(set(row)) == period for row in first.tolist())
        assert set(tokens.flatten().tolist()) <= set(range(24))


@pytest.mark.parametrize("positions", POSITIONS)
def test_a_layer_is_pytorchs_attention_added_to_what_came_in(positions: str) -> None:
    model = InductionModel(1, positions=positions, generator=seeded())
    theirs = nn.MultiheadAttention(32, 2, bias=False, batch_first=True)
    own = model.layers.state_dict()
    names = [f"0.{name}_proj.weight" for name in "qkv"]
    parameters = {
        "in_proj_weight": torch.cat([own[name] for name in names]),
        "out_proj.weight": own["0.out_proj.weight"],
    }
    theirs.load_state_dict(parameters)
    tokens = repeated_tokens(3, 5, seeded())
    x = model.embedding(tokens)
    if model.positions is not None:
        x = x + model.positions[:10]
    output, expected = theirs(
        x, x, x, attn_mask=~causal_mask(10), average_attn_weights=False
    )
    logits, (weights,) = model(tokens)
    if positions == "rotary":  # the first token looks at itself alone
        output, weights, expected = (
            each[..., :1, :] for each in (output, weights, expected)
        )
        x, logits = x[:, :1], logits[:, :1]
    assert_close(weights, expected)
    assert_close(logits, model.unembedding(x + output))


def test_rotated_scores_depend_on_the_distance_alone() -> None:
    """The last of a row of equal tokens looks at each distance as the last but one."""
    _, (weights,) = InductionModel(1, generator=seeded())(torch.full((1, 8), 3))
    last, before = weights[0, :, 7, 1:], weights[0, :, 6, :7]
    assert_close(last / last.sum(dim=-1, keepdim=True), before)
    assert weights[0].std(dim=-1)[:, 7].min() > 0.001


def test_heads_that_are_off_hand_over_nothing() -> None:
    model = InductionModel(2, generator=seeded())
    tokens = repeated_tokens(3, 5, seeded())
    logits, _ = model(tokens, [(0, 0), (0, 1), (1, 0), (1, 1)])
    assert_close(logits, model.unembedding(model.embedding(tokens)))
    without, maps = model(tokens, [(1, 1)])
    assert torch.stack(maps).equal(torch.stack(model(tokens)[1]))
    with torch.no_grad():  # the columns of head 1 of what is projected out
        model.get_parameter("layers.1.out_proj.weight")[:, 16:] = 0
    assert_close(without, model(tokens)[0])


def test_the_loss_counts_what_can_be_known() -> None:
    model, generator = InductionModel(1, generator=seeded()), seeded(5)
    torch.randint(1, (), generator=generator)  # the choice among one length
    tokens = repeated_tokens(32, 6, generator)
    shares = model(tokens)[0].log_softmax(dim=-1)
    right = shares[:, 6:11].gather(2, tokens[:, 7:, None])
    watched = repeated_tokens(1, 6, seeded())[0]
    losses, moments = train_induction(
        model, seeded(5), steps=12, periods=[6], watched=watched
    )
    assert losses[0] == pytest.approx(-right.mean().item(), rel=1e-5)
    assert [moment.step for moment in moments] == list(range(13))
    assert_close(moments[-1].maps, torch.cat(model(watched[None])[1]))
    assert moments[-1].share == share_copied(model, 6)


def test_scores_and_shares_of_a_model_made_by_hand() -> None:
    """Without scores every token looks at all before it, and hands over nothing."""
    model = InductionModel(2, generator=seeded())
    with torch.no_grad():
        for layer, name in product((0, 1), "qv"):
            model.get_parameter(f"layers.{layer}.{name}_proj.weight").zero_()
        model.embedding.weight.copy_(torch.eye(24, 32))
        model.unembedding.weight.copy_(torch.eye(24, 32))  # names the token itself
    one_back = sum(1 / (place + 1) for place in (1, 2, 3)) / 3
    after_copy = sum(1 / (place + 1) for place in (3, 4, 5)) / 3
    expected = torch.tensor([one_back, after_copy]).expand(2, 2, 2)
    assert_close(head_scores(model, 3), expected)
    assert share_copied(model, 3) == 0
    with torch.no_grad():  # names the next number, which comes next about once in 23
        model.unembedding.weight.copy_(torch.eye(24, 32).roll(1, dims=0))
    assert 0.01 < share_copied(model, 12) < 0.1


# -- the language model


def test_what_the_language_model_computes_step_by_step() -> None:
    model = LanguageModel(2, generator=seeded())
    tokens = torch.randint(29, (3, 9), generator=seeded())
    x = model.embedding(tokens) + model.positions
    for block in model.blocks:
        x, _ = block(x, causal_mask(9))
    logits = model(tokens)
    assert_close(logits, model.unembedding(model.norm(x)))
    assert logits.shape == (3, 9, 29)
    assert len(model.embedding.weight) == 29
    for vectors in (model.embedding.weight, model.positions):
        assert vectors.std().item() == pytest.approx(0.5, rel=0.15)
    kept: list[tuple[torch.Tensor, torch.Tensor]] = []
    steps = []
    for offset in range(9):
        step, kept = model.step(tokens[:, offset : offset + 1], offset, kept or None)
        steps.append(step)
    assert_close(torch.cat(steps, dim=1), logits)
    assert [key.shape for key, _ in kept] == [(3, 2, 9, 16)] * 2


def test_without_a_block_and_positions_the_last_word_decides() -> None:
    model = LanguageModel(0, positions=False, generator=seeded())
    assert not model.positions.requires_grad
    logits = model(torch.tensor([[28, 0, 6, 0], [3, 0, 5, 5]]))
    assert_close(logits[0, 1], logits[0, 3])
    assert_close(logits[0, 1], logits[1, 1])
    told = LanguageModel(0, generator=seeded())(torch.tensor([[0, 0]]))
    assert not torch.allclose(told[0, 0], told[0, 1])


def test_the_loss_of_a_sentence_adds_up_its_words_and_its_end() -> None:
    model, sentences = (
        LanguageModel(1, generator=seeded()),
        sample_sentences(5, seeded()),
    )
    assert len(set(sentences.lengths.tolist())) > 1
    total = 0.0
    for words, length in zip(sentences.tokens, sentences.lengths, strict=True):
        text = [28, *words[:length].tolist(), 28]
        shares = model(torch.tensor([text[:-1]]))[0].log_softmax(dim=-1)
        total -= sum(shares[place, word].item() for place, word in enumerate(text[1:]))
    assert text_loss(model, sentences) == pytest.approx(total / 5, rel=1e-5)
    (loss,) = train_language(
        model, sentences.batch(torch.tensor([2])), seeded(), steps=1
    )
    assert loss > 10


def test_sampling_ends_at_the_end_and_follows_the_temperature() -> None:
    model = LanguageModel(0, generator=seeded())
    with torch.no_grad():
        model.unembedding.weight.zero_()
        model.unembedding.bias.fill_(-50)
        model.unembedding.bias[[7, 28]] = torch.tensor([1.0, 0.0])  # dog, and the end
    for temperature in (0.5, 1.0, 2.0):
        texts = sample_texts(model, 2000, seeded(), temperature)
        assert {word for text in texts for word in text} == {"dog"}
        assert max(map(len, texts)) == 9
        share = sum(not text for text in texts) / 2000  # the end came first
        assert share == pytest.approx(1 / (1 + math.exp(1 / temperature)), abs=0.03)


def test_sampling_sees_all_words_before() -> None:
    model, generator = LanguageModel(2, generator=seeded()), seeded()
    tokens = torch.full((5, 1), 28)
    for _ in range(9):
        shares = model(tokens)[:, -1].softmax(dim=-1)
        new = torch.multinomial(shares, 1, generator=generator)
        tokens = torch.cat([tokens, new], dim=1)
    rows = [[*row, 28] for row in tokens[:, 1:].tolist()]
    expected = [[VOCABULARY[word] for word in row[: row.index(28)]] for row in rows]
    assert sample_texts(model, 5, seeded()) == expected


def test_every_sentence_of_the_grammar_is_allowed_and_no_other() -> None:
    for held_out in (False, True):
        sentences = sample_sentences(200, seeded(), held_out=held_out)
        for row, length in zip(sentences.tokens, sentences.lengths, strict=True):
            words = [VOCABULARY[number] for number in row[:length].tolist()]
            assert is_grammatical(words)
            assert not is_grammatical(words[:-1])
            assert not is_grammatical([*words, "on"])
            assert not is_grammatical(words[::-1])
    assert not is_grammatical(["the", "fish", "sat", "on", "a", "mat"])


# -- how training goes: the bounds leave room for other machines, and twenty seeds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_what_one_and_two_layers_learn_to_copy(seed: int) -> None:
    two = copying(2, seed)
    assert copied(two)[TRAINED].min() > 0.99
    scores = head_scores(two, 7)
    assert scores[0, :, 0].max() > 0.7
    assert scores[1, :, 1].max() > 0.7
    without = shares_without_heads(two)
    assert without[[2, 5]].max() < 0.5
    assert copied(copying(1, seed, steps=300))[TRAINED].mean() < 0.5
    for num_layers in (1, 2):
        always = copied(copying(num_layers, seed, steps=200, periods=[7]))[TRAINED]
        assert always[1] > 0.99
        assert always[[0, *range(2, 7)]].max() < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_which_language_models_reach_the_floor(seed: int) -> None:
    assert 12.7 < language(0, seed, positions=False) < 13.2
    for num_blocks, positions in ((0, True), (1, False), (1, True)):
        assert 11.4 < language(num_blocks, seed, positions=positions) < 11.75
