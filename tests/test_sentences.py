"""The toy language: its words, its grammar, and relations worked out by hand."""

from __future__ import annotations

import itertools

import pytest
import torch

from nnbasics.sentences import (
    HELD_OUT_PAIRS,
    VOCABULARY,
    WORDS,
    LabelledSentences,
    as_sentence,
    decode,
    encode,
    label,
    sample_sentences,
)


def make(
    count: int = 300, seed: int = 5, *, held_out: bool = False
) -> LabelledSentences:
    return sample_sentences(
        count, torch.Generator().manual_seed(seed), held_out=held_out
    )


def words_and_targets(
    sentences: LabelledSentences,
) -> list[tuple[list[str], list[int]]]:
    return [
        (decode(tokens[:length]), targets[:length, 0].tolist())
        for tokens, targets, length in zip(
            sentences.tokens, sentences.targets, sentences.lengths.tolist(), strict=True
        )
    ]


def belongs_to(words: list[str]) -> list[int]:
    """Work the relation out from the words alone, in another way than the package."""
    kind = {word: name for name, group in WORDS.items() for word in group}
    kinds = [kind[word] for word in words]
    nouns = [place for place, name in enumerate(kinds) if name == "N"]
    verb = next(place for place, name in enumerate(kinds) if name.startswith("V"))
    answers = {"N": verb, "V_I": nouns[0], "V_T": nouns[0], "PREP": nouns[1]}
    return [
        answers[name] if name in answers else next(n for n in nouns if n > place)
        for place, name in enumerate(kinds)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the cat sat on the mat", "cat sat cat mat mat sat"),
        ("the dog chased the ball", "dog chased dog ball chased"),
        ("a big fox saw the old tree", "fox fox saw fox tree tree saw"),
    ],
)
def test_the_oracle_of_these_tests_itself(sentence: str, expected: str) -> None:
    words = sentence.split()
    assert [words[place] for place in belongs_to(words)] == expected.split()


@pytest.mark.parametrize("held_out", [False, True])
def test_every_word_belongs_where_it_should(held_out: bool) -> None:
    for words, targets in words_and_targets(make(held_out=held_out)):
        assert targets == belongs_to(words), words


def test_the_grammar() -> None:
    kind = {word: name for name, group in WORDS.items() for word in group}
    patterns = set()
    for words, _ in words_and_targets(make(1000)):
        patterns.add(" ".join(kind[word] for word in words))
    phrases = ("DET N", "DET ADJ N")
    expected = {
        f"{first} {middle} {second}"
        for first, middle, second in itertools.product(
            phrases, ("V_I PREP", "V_T"), phrases
        )
    }
    assert patterns == expected


def test_pairs_that_are_held_out_occur_only_where_they_are_asked_for() -> None:
    def pairs(sentences: LabelledSentences) -> set[tuple[str, str]]:
        found = set()
        for words, _ in words_and_targets(sentences):
            targets = belongs_to(words)
            verb = targets[targets[0]]
            found.add((words[targets[0]], words[verb]))
        return found

    assert not pairs(make(3000)) & HELD_OUT_PAIRS
    assert pairs(make(300, held_out=True)) == HELD_OUT_PAIRS
    assert {("cat", "sat"), ("dog", "chased")} < HELD_OUT_PAIRS


def test_the_same_seed_gives_the_same_sentences_and_touches_no_global_state() -> None:
    state = torch.get_rng_state()
    first, second, other = make(50), make(50), make(50, seed=6)
    assert torch.equal(first.tokens, second.tokens)
    assert torch.equal(first.targets, second.targets)
    assert not torch.equal(first.lengths, other.lengths)
    assert torch.equal(torch.get_rng_state(), state)


def test_a_seed_gives_these_sentences_for_good() -> None:
    # The rates that the lessons state belong to the seeds they name.
    sentences = sample_sentences(3, torch.Generator().manual_seed(0))
    assert [
        " ".join(decode(tokens[:length]))
        for tokens, length in zip(sentences.tokens, sentences.lengths, strict=True)
    ] == [
        "the red dog stood under the mat",
        "a dog stood behind the red fox",
        "the small cat jumped near a bird",
    ]
    assert sentences.questions == ("belongs to",)


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


def test_encoding_and_decoding() -> None:
    assert decode(encode(VOCABULARY)) == list(VOCABULARY)
    assert len(set(VOCABULARY)) == 28


def test_a_given_sentence_asks_nothing() -> None:
    sentence = as_sentence(["the", "cat", "sat"], num_questions=2)
    assert sentence.tokens.shape == (1, 3)
    assert (sentence.targets == -1).all()
    assert sentence.targets.shape == (1, 3, 2)
    assert len(sentence.questions) == 2


@pytest.mark.parametrize(
    ("words", "got"), [(["the", "Cat"], "['Cat']"), ("the cat", "the cat")]
)
def test_unknown_words_are_named(words: list[str], got: str) -> None:
    with pytest.raises(ValueError, match="words must be a list of words from") as error:
        encode(words)
    assert str(error.value).endswith(f"; got {got}")


def test_an_impossible_count_is_refused() -> None:
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        make(0)
    with pytest.raises(TypeError, match=r"count must be an int, got 2\.0"):
        make(2.0)  # type: ignore[arg-type]
