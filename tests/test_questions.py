"""The sentences of three nouns, and the answers to five questions."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from nnbasics.experiments import (
    QUESTIONS,
    LabelledSentences,
    decode,
    sample_questions,
)
from nnbasics.experiments.toy_language import HELD_OUT_NOUNS, WORDS

KIND = {word: kind for kind, words in WORDS.items() for word in words}


def make(count: int = 300, **options: Any) -> LabelledSentences:
    return sample_questions(count, torch.Generator().manual_seed(5), **options)


def test_the_answers_found_from_the_words_alone() -> None:
    sentences = make(salad=0.0)
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
    sentences = make(1000)
    asked = sentences.targets != -1  # (count, length, questions)
    is_salad = ~asked[:, 0, 0]
    assert 150 < is_salad.sum() < 250
    assert not asked[is_salad][..., :3].any()
    assert asked[is_salad][:, 1, 3].all()
    kinds = {word for row in sentences.tokens[is_salad] for word in decode(row[:1])}
    assert not kinds <= set(WORDS["DET"])


def test_only_the_questions_that_were_chosen_are_asked() -> None:
    chosen = make(20, questions=["next", "who"], salad=0.0)
    every = make(20, salad=0.0)
    assert every.questions == QUESTIONS
    assert chosen.questions == ("next", "who")
    which = [QUESTIONS.index("next"), QUESTIONS.index("who")]
    assert torch.equal(chosen.targets, every.targets[..., which])


@pytest.mark.parametrize("salad", [0.0, 1.0])
def test_none_or_all_of_the_sentences_may_be_salad(salad: float) -> None:
    sentences = make(20, salad=salad, questions=["who"])
    assert (sentences.targets == -1).all() == bool(salad)


def test_held_out_nouns() -> None:
    def subject_and_object(sentences: LabelledSentences) -> list[set[str]]:
        return [
            set(decode(tokens[targets[0, :2]]))
            for tokens, targets in zip(sentences.tokens, sentences.targets, strict=True)
        ]

    assert HELD_OUT_NOUNS not in subject_and_object(make(2000, salad=0.0))
    assert all(
        pair == HELD_OUT_NOUNS
        for pair in subject_and_object(make(20, salad=0.0, held_out=True))
    )
