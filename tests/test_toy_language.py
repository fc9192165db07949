"""The toy language: its words, its grammar, and relations worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch

from nnbasics.experiments import (
    QUESTIONS,
    LabelledSentences,
    as_sentence,
    decode,
    label,
    sample_questions,
    sample_sentences,
)
from nnbasics.experiments.toy_language import HELD_OUT_NOUNS, HELD_OUT_PAIRS, WORDS

KIND = {word: kind for kind, words in WORDS.items() for word in words}


def make(count: int = 300, *, held_out: bool = False) -> LabelledSentences:
    generator = torch.Generator().manual_seed(5)
    return sample_sentences(count, generator, held_out=held_out)


def words_and_targets(
    sentences: LabelledSentences,
) -> list[tuple[list[str], list[int]]]:
    return [
        (decode(tokens[:length]), targets[:length, 0].tolist())
        for tokens, targets, length in zip(
            sentences.tokens, sentences.targets, sentences.lengths.tolist(), strict=True
        )
    ]


# Every form a sentence may have, and the place of the word that each belongs to.
GRAMMAR = {
    "DET N V_T DET N": [1, 2, 1, 4, 2],
    "DET ADJ N V_T DET N": [2, 2, 3, 2, 5, 3],
    "DET N V_T DET ADJ N": [1, 2, 1, 5, 5, 2],
    "DET ADJ N V_T DET ADJ N": [2, 2, 3, 2, 6, 6, 3],
    "DET N V_I PREP DET N": [1, 2, 1, 5, 5, 2],
    "DET ADJ N V_I PREP DET N": [2, 2, 3, 2, 6, 6, 3],
    "DET N V_I PREP DET ADJ N": [1, 2, 1, 6, 6, 6, 2],
    "DET ADJ N V_I PREP DET ADJ N": [2, 2, 3, 2, 7, 7, 7, 3],
}


@pytest.mark.parametrize("held_out", [False, True])
def test_the_grammar_and_what_belongs_to_what(held_out: bool) -> None:
    found = set()
    for words, targets in words_and_targets(make(1000, held_out=held_out)):
        form = " ".join(KIND[word] for word in words)
        assert targets == GRAMMAR[form], words
        found.add(form)
    assert found == set(GRAMMAR)


def test_pairs_that_are_held_out_occur_only_where_they_are_asked_for() -> None:
    def pairs(sentences: LabelledSentences) -> set[tuple[str, str]]:
        return {
            (words[targets[0]], words[targets[targets[0]]])
            for words, targets in words_and_targets(sentences)
        }

    assert not pairs(make(3000)) & HELD_OUT_PAIRS
    assert pairs(make(300, held_out=True)) == HELD_OUT_PAIRS
    assert {("cat", "sat"), ("dog", "chased")} < HELD_OUT_PAIRS


def test_questions_without_names_are_numbered() -> None:
    assert as_sentence(["cat"], 2).questions == ("question 1", "question 2")


@pytest.mark.parametrize(
    "sample", [sample_sentences, partial(sample_questions, salad=0.5)]
)
def test_the_same_seed_gives_the_same_sentences_and_touches_no_global_state(
    sample: Callable[[int, torch.Generator], LabelledSentences],
) -> None:
    state = torch.get_rng_state()
    first, second, other = (
        sample(50, torch.Generator().manual_seed(seed)) for seed in (5, 5, 6)
    )
    assert torch.equal(first.tokens, second.tokens)
    assert torch.equal(first.targets, second.targets)
    assert not torch.equal(first.lengths, other.lengths)
    assert torch.equal(torch.get_rng_state(), state)


def test_padding_mask_answers_and_batches_written_out() -> None:
    sentences = label(
        [(["the", "cat"], [[1], [-1]]), (["a", "dog", "saw"], [[1], [2], [1]])],
        ("belongs to",),
    )
    assert sentences.tokens.tolist() == [[0, 6, 0], [1, 7, 21]]
    assert sentences.targets.squeeze(-1).tolist() == [[1, -1, -1], [1, 2, 1]]
    assert sentences.answers.squeeze(-1).tolist() == [[6, -1, -1], [7, 21, 7]]
    assert sentences.mask.tolist() == [[[True, True, False]], [[True, True, True]]]
    second = sentences.batch(torch.tensor([1]))
    assert second.tokens.tolist() == [[1, 7, 21]]
    assert second.lengths.tolist() == [3]
    assert second.questions == ("belongs to",)


# -- three nouns, and the answers to five questions


def ask(count: int = 300, **options: Any) -> LabelledSentences:
    return sample_questions(count, torch.Generator().manual_seed(5), **options)


def test_the_answers_found_from_the_words_alone() -> None:
    sentences = ask(salad=0.0)
    for tokens, targets, length in zip(
        sentences.tokens, sentences.targets, sentences.lengths.tolist(), strict=True
    ):
        words = decode(tokens[:length])
        kinds = [KIND[word] for word in words]
        nouns = [place for place, kind in enumerate(kinds) if kind == "N"]
        assert len({words[noun] for noun in nouns}) == len(nouns) == 3
        for place in range(length):
            following = place + 1 if place < length - 1 else -1
            assert targets[place].tolist() == [*nouns, place - 1, following]
        assert (targets[length:] == -1).all()
        # Lesson 3 says so: it is why a mixture of the two neighbours can be read.
        assert all(
            kinds[place - 1] != kinds[place + 1] for place in range(1, length - 1)
        )


def test_a_fifth_is_salad_that_is_asked_about_its_neighbours_only() -> None:
    sentences = ask(1000)
    asked = sentences.targets != -1  # (count, length, questions)
    is_salad = ~asked[:, 0, 0]
    assert 150 < is_salad.sum() < 250
    assert not asked[is_salad][..., :3].any()
    assert asked[is_salad][:, 1, 3].all()
    kinds = {word for row in sentences.tokens[is_salad] for word in decode(row[:1])}
    assert not kinds <= set(WORDS["DET"])


@pytest.mark.parametrize("salad", [0.0, 1.0])
def test_none_or_all_of_the_sentences_may_be_salad(salad: float) -> None:
    sentences = ask(20, salad=salad)
    assert sentences.questions == QUESTIONS
    assert (sentences.targets[..., :3] == -1).all() == bool(salad)


def test_held_out_nouns_are_never_subject_and_object() -> None:
    sentences = ask(2000, salad=0.0)
    pairs = [
        frozenset(decode(tokens[targets[0, :2]]))
        for tokens, targets in zip(sentences.tokens, sentences.targets, strict=True)
    ]
    assert len({*pairs}) > 40
    assert HELD_OUT_NOUNS not in pairs
