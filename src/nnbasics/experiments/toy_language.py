"""A toy language whose sentences come with the true relations between their words.

The letters in the shape comments: ``count`` sentences, ``length`` positions (the
longest sentence; shorter ones are padded), ``questions`` asked of every word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.attention import padding_mask

__all__ = [
    "QUESTIONS",
    "VOCABULARY",
    "LabelledSentences",
    "as_sentence",
    "decode",
    "encode",
    "label",
    "sample_questions",
    "sample_sentences",
]

WORDS = {
    "DET": ("the", "a"),
    "ADJ": ("big", "small", "old", "red"),
    "N": ("cat", "dog", "bird", "girl", "boy", "fox", "mat", "ball", "tree", "box"),
    "V_I": ("sat", "slept", "stood", "jumped"),
    "V_T": ("chased", "saw", "found", "liked"),
    "PREP": ("on", "under", "near", "behind"),
}
#: The 28 words of the toy language; the number of a word is its position here.
VOCABULARY: tuple[str, ...] = tuple(word for words in WORDS.values() for word in words)

# A position for which a question has no answer.
NOT_ASKED = -1

# Subject and verb of pairs that are kept out of the training, among them those of the
# two sentences that the lessons look at.
HELD_OUT_PAIRS = frozenset(
    {("cat", "sat"), ("dog", "chased"), ("ball", "chased"), ("girl", "saw")}
)


#: What is asked of every word: two roles, a place, and the two neighbours.
QUESTIONS = ("who", "whom", "where", "previous", "next")

# Nouns that are never subject and object of the same training sentence.
HELD_OUT_NOUNS = frozenset({"cat", "dog"})


@dataclass(frozen=True)
class LabelledSentences:
    """Sentences, and for each word the position of each question's answer.

    Attributes
    ----------
    tokens : Tensor, shape (count, length), int64
        The words as numbers, positions in :data:`VOCABULARY`; 0 behind the end.
    lengths : Tensor, shape (count,), int64
        How many words each sentence has.
    targets : Tensor, shape (count, length, questions), int64
        For each word and question the position of the word that answers it, or -1
        where the question is not asked.
    questions : tuple of str
        The names of the questions.
    """

    tokens: Tensor
    lengths: Tensor
    targets: Tensor
    questions: tuple[str, ...]

    @property
    def mask(self) -> Tensor:
        """Where a query may attend, shape (count, 1, length): not to the padding."""
        return padding_mask(self.lengths, self.tokens.size(1))

    @property
    def answers(self) -> Tensor:
        """The answers as words, shape (count, length, questions); -1 if not asked."""
        asked = self.targets != NOT_ASKED
        places = self.targets.clamp(min=0).flatten(1)  # (count, length * questions)
        words = self.tokens.gather(1, places).view_as(self.targets)
        return words.where(asked, NOT_ASKED)

    def batch(self, rows: Tensor) -> LabelledSentences:
        """Return some of the sentences.

        Parameters
        ----------
        rows : Tensor, shape (batch,), int64 or bool
            Which ones.
        """
        return LabelledSentences(
            self.tokens[rows], self.lengths[rows], self.targets[rows], self.questions
        )


def encode(words: Sequence[str]) -> Tensor:
    """Turn words into numbers.

    Parameters
    ----------
    words : sequence of str
        Words of the toy language, in lower case.

    Returns
    -------
    Tensor, shape (len(words),), int64
        Their positions in :data:`VOCABULARY`.

    Examples
    --------
    >>> encode(["the", "cat", "sat"])
    tensor([ 0,  6, 16])
    """
    numbers = {word: number for number, word in enumerate(VOCABULARY)}
    check.require_sequence("words", words, "str")
    check.require_some("words", words, "word")
    unknown = [word for word in words if word not in numbers]
    if unknown:
        raise ValueError(
            f"words must be of the vocabulary, {', '.join(VOCABULARY)}; got {unknown}"
        )
    return torch.tensor([numbers[word] for word in words])


def decode(tokens: Tensor) -> list[str]:
    """Turn numbers into words.

    Parameters
    ----------
    tokens : Tensor, shape (length,), int64
        Positions in :data:`VOCABULARY`.

    Returns
    -------
    list of str
        The words.

    Examples
    --------
    >>> decode(torch.tensor([0, 6, 16]))
    ['the', 'cat', 'sat']
    """
    check.require_tensor("tokens", tokens)
    if tokens.dtype != torch.int64:
        raise TypeError(
            f"tokens must have the dtype torch.int64, got {tokens.dtype}; write "
            "tokens.long()"
        )
    check.require_shape("tokens", tokens, (tokens.numel(),), "(length,)")
    numbers = tokens.tolist()
    for number in numbers:
        check.require_index("each of tokens", number, len(VOCABULARY))
    return [VOCABULARY[number] for number in numbers]


def as_sentence(words: Sequence[str], num_questions: int = 1) -> LabelledSentences:
    """Make a sentence of given words, to ask a model about it.

    Parameters
    ----------
    words : sequence of str
        Words of the toy language, in lower case.
    num_questions : int
        How many questions the model answers.

    Returns
    -------
    LabelledSentences
        One sentence. Its true answers are not known: all targets are -1.

    Examples
    --------
    >>> as_sentence(["the", "cat", "sat"]).tokens
    tensor([[ 0,  6, 16]])
    """
    check.require_positive_int("num_questions", num_questions)
    questions = tuple(f"question {number + 1}" for number in range(num_questions))
    check.require_sequence("words", words, "str")
    return label([(words, [[NOT_ASKED] * num_questions] * len(words))], questions)


def sample_sentences(
    count: int, generator: torch.Generator, *, held_out: bool = False
) -> LabelledSentences:
    """Make sentences and ask of every word which word it belongs to.

    The grammar is ``DET [ADJ] N (V_I PREP | V_T) DET [ADJ] N``, such as *the cat sat
    on the mat* or *the old dog chased a ball*; an adjective appears with probability
    one half. A determiner and an adjective belong to their noun, a preposition to its
    object, the verb to its subject, and a noun to the verb.

    Parameters
    ----------
    count : int
        How many sentences.
    generator : torch.Generator
        Where the randomness comes from.
    held_out : bool
        If true, only sentences with a (subject, verb) pair that is kept out of the
        others: cat sat, dog chased, ball chased, girl saw.

    Returns
    -------
    LabelledSentences
        `count` sentences and the one question ``"belongs to"``.

    Examples
    --------
    >>> sentences = sample_sentences(2, torch.Generator().manual_seed(0))
    >>> decode(sentences.tokens[0, : sentences.lengths[0]])
    ['the', 'red', 'dog', 'stood', 'under', 'the', 'mat']
    >>> sentences.targets[0, : sentences.lengths[0], 0]
    tensor([2, 2, 3, 2, 6, 6, 3])
    """
    check.require_positive_int("count", count)
    check.require_generator("generator", generator)
    made: list[tuple[list[str], list[list[int]]]] = []
    while len(made) < count:
        words, targets, pair = _sentence(generator)
        if (pair in HELD_OUT_PAIRS) == held_out:
            made.append((words, [[target] for target in targets]))
    return label(made, ("belongs to",))


def label(
    sentences: Sequence[tuple[Sequence[str], list[list[int]]]],
    questions: tuple[str, ...],
) -> LabelledSentences:
    """Pad sentences of your own to one length, and put them into tensors.

    Parameters
    ----------
    sentences : sequence of (sequence of str, list of list of int)
        The words of each sentence, and for each word the position of each question's
        answer, -1 where the question is not asked.
    questions : tuple of str
        The names of the questions.

    Returns
    -------
    LabelledSentences
        The sentences with these positions.

    Examples
    --------
    >>> label([(["the", "cat"], [[1], [-1]])], ("belongs to",)).targets.tolist()
    [[[1], [-1]]]
    """
    check.require_some("sentences", sentences, "sentence")
    lengths = torch.tensor([len(words) for words, _ in sentences])
    longest = int(lengths.max())
    tokens = torch.zeros(len(sentences), longest, dtype=torch.int64)
    targets = torch.full((len(sentences), longest, len(questions)), NOT_ASKED)
    for row, (words, wanted) in enumerate(sentences):
        tokens[row, : len(words)] = encode(words)
        places, shape = torch.tensor(wanted), (len(words), len(questions))
        name = f"the positions of sentences[{row}]"
        check.require_shape(name, places, shape, "(words, questions)")
        targets[row, : len(words)] = places
    return LabelledSentences(tokens, lengths, targets, questions)


class Dice:
    """Random choices from a generator, drawn many at a time."""

    def __init__(self, generator: torch.Generator) -> None:
        numbers: list[float] = torch.rand(16, generator=generator).tolist()
        self._numbers = iter(numbers)

    def chance(self, probability: float) -> bool:
        """Return true with a probability."""
        return next(self._numbers) < probability

    def word(self, kind: str, but_not: Sequence[str] = ()) -> str:
        """Return a random word of a kind."""
        words = [word for word in WORDS[kind] if word not in but_not]
        return words[int(next(self._numbers) * len(words))]


def noun_phrase(dice: Dice, but_not: Sequence[str] = ()) -> list[str]:
    """Return ``DET [ADJ] N``; an adjective appears with probability one half."""
    adjective = [dice.word("ADJ")] if dice.chance(0.5) else []
    return [dice.word("DET"), *adjective, dice.word("N", but_not)]


def _sentence(
    generator: torch.Generator,
) -> tuple[list[str], list[int], tuple[str, str]]:
    """Return the words, the position each belongs to, and (subject, verb)."""
    dice = Dice(generator)
    first = noun_phrase(dice)
    intransitive = dice.chance(0.5)
    verb = dice.word("V_I" if intransitive else "V_T")
    middle = [verb, dice.word("PREP")] if intransitive else [verb]
    second = noun_phrase(dice)
    words = [*first, *middle, *second]
    subject, verb_at, last = len(first) - 1, len(first), len(words) - 1
    targets = [subject] * subject + [verb_at, subject]
    targets += [last] * (last - len(targets)) + [verb_at]
    return words, targets, (words[subject], verb)


def sample_questions(
    count: int, generator: torch.Generator, *, salad: float = 0.2
) -> LabelledSentences:
    """Make sentences of three nouns, and ask the five questions of every word.

    The grammar is ``DET [ADJ] N V_T DET [ADJ] N PREP DET [ADJ] N``, such as *the dog
    chased the old cat near a tree*. *who* asks for the first noun, *whom* for the
    second, *where* for the third, *previous* and *next* for the neighbouring words.

    A share of the sentences is replaced by salad, random words of the same number, of
    which only the neighbours are asked. Without it, grammar and position coincide too
    often for a head to be told apart by them. Dog and cat are never subject and
    object, in either order.

    Parameters
    ----------
    count : int
        How many sentences.
    generator : torch.Generator
        Where the randomness comes from.
    salad : float
        The share of salad, from 0 to 1.

    Returns
    -------
    LabelledSentences
        `count` sentences with the positions of the answers.

    Examples
    --------
    >>> sentences = sample_questions(1, torch.Generator().manual_seed(6), salad=0.0)
    >>> decode(sentences.tokens[0])
    ['a', 'box', 'found', 'a', 'small', 'mat', 'near', 'the', 'small', 'fox']
    >>> dict(zip(sentences.questions, sentences.targets[0, 2].tolist()))
    {'who': 1, 'whom': 5, 'where': 9, 'previous': 1, 'next': 3}
    """
    check.require_positive_int("count", count)
    check.require_generator("generator", generator)
    check.require_share("salad", salad)
    made: list[tuple[list[str], list[list[int]]]] = []
    while len(made) < count:
        words, nouns = _three_nouns(generator)
        if {words[nouns[0]], words[nouns[1]]} != HELD_OUT_NOUNS:
            if torch.rand((), generator=generator).item() < salad:
                words, nouns = _salad(len(words), generator), [NOT_ASKED] * 3
            made.append((words, _targets(len(words), nouns)))
    return label(made, QUESTIONS)


def _three_nouns(generator: torch.Generator) -> tuple[list[str], list[int]]:
    """Return the words and the positions of the three nouns, which all differ."""
    dice = Dice(generator)
    words = noun_phrase(dice)
    nouns = [len(words) - 1]
    for kind in ("V_T", "PREP"):
        words += [dice.word(kind)]
        words += noun_phrase(dice, but_not=[words[noun] for noun in nouns])
        nouns.append(len(words) - 1)
    return words, nouns


def _salad(length: int, generator: torch.Generator) -> list[str]:
    numbers = torch.randint(len(VOCABULARY), (length,), generator=generator)
    return [VOCABULARY[number] for number in numbers.tolist()]


def _targets(length: int, nouns: Sequence[int]) -> list[list[int]]:
    """Return the position of each question's answer for every position."""
    # position - 1 is -1, not asked, for the first word
    rows = [[*nouns, position - 1, position + 1] for position in range(length)]
    rows[-1][-1] = NOT_ASKED
    return rows
