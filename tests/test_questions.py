"""The sentences of three nouns, and the answers to five questions."""

from __future__ import annotations

import pytest
import torch

from nnbasics.questions import HELD_OUT_NOUNS, QUESTIONS, sample_questions
from nnbasics.sentences import WORDS, LabelledSentences, decode


def make(
    count: int = 300, *, salad: float = 0.0, held_out: bool = False, seed: int = 5
) -> LabelledSentences:
    generator = torch.Generator().manual_seed(seed)
    return sample_questions(count, generator, salad=salad, held_out=held_out)


def test_the_answers_found_from_the_words_alone() -> None:
    sentences = make()
    for tokens, targets, length in zip(
        sentences.tokens, sentences.targets, sentences.lengths.tolist(), strict=True
    ):
        words = decode(tokens[:length])
        nouns = [place for place, word in enumerate(words) if word in WORDS["N"]]
        assert len({words[noun] for noun in nouns}) == len(nouns) == 3
        for place in range(length):
            following = place + 1 if place < length - 1 else -1
            assert targets[place].tolist() == [*nouns, place - 1, following]
        assert (targets[length:] == -1).all()


def test_salad_is_asked_about_its_neighbours_only() -> None:
    sentences = make(1000, salad=0.2)
    asked = sentences.targets != -1  # (count, length, questions)
    is_salad = ~asked[:, 0, 0]
    assert 150 < is_salad.sum() < 250
    assert not asked[is_salad][..., :3].any()
    assert asked[is_salad][:, 1, 3].all()
    kinds = {word for row in sentences.tokens[is_salad] for word in decode(row[:1])}
    assert not kinds <= set(WORDS["DET"])


def test_only_the_questions_that_were_chosen_are_asked() -> None:
    chosen = sample_questions(
        20, torch.Generator().manual_seed(5), questions=["next", "who"], salad=0.0
    )
    every = make(20)
    assert chosen.questions == ("next", "who")
    which = [QUESTIONS.index("next"), QUESTIONS.index("who")]
    assert torch.equal(chosen.targets, every.targets[..., which])


def test_held_out_nouns() -> None:
    def subject_and_object(sentences: LabelledSentences) -> list[set[str]]:
        return [
            set(decode(tokens[targets[0, :2]]))
            for tokens, targets in zip(sentences.tokens, sentences.targets, strict=True)
        ]

    assert HELD_OUT_NOUNS not in subject_and_object(make(2000))
    assert all(
        pair == HELD_OUT_NOUNS for pair in subject_and_object(make(20, held_out=True))
    )


def test_the_same_seed_gives_the_same_sentences_and_touches_no_global_state() -> None:
    state = torch.get_rng_state()
    first, second = make(30, salad=0.5), make(30, salad=0.5)
    assert torch.equal(first.tokens, second.tokens)
    assert torch.equal(first.targets, second.targets)
    assert torch.equal(torch.get_rng_state(), state)


def test_wrong_arguments_are_named() -> None:
    generator = torch.Generator()
    with pytest.raises(ValueError, match=r"next, each once; got \['when'\]"):
        sample_questions(2, generator, questions=["when"])
    with pytest.raises(ValueError, match=r"next, each once; got \[\]"):
        sample_questions(2, generator, questions=[])
    with pytest.raises(ValueError, match=r"a share from 0 to 1, got 1\.5"):
        sample_questions(2, generator, salad=1.5)
    with pytest.raises(ValueError, match="count must be at least 1, got -1"):
        sample_questions(-1, generator)


def test_the_two_neighbours_of_a_word_are_of_different_kinds() -> None:
    """Lesson 3 says so: it is why a mixture of the two can be read."""
    kind_of = {word: kind for kind, words in WORDS.items() for word in words}
    sentences = make()
    for tokens, length in zip(
        sentences.tokens, sentences.lengths.tolist(), strict=True
    ):
        kinds = [kind_of[word] for word in decode(tokens[:length])]
        assert all(before != after for before, after in zip(kinds, kinds[2:]))  # noqa: B905 - one is shorter by two
