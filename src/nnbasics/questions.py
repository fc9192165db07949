"""Sentences with several questions for each word: what several heads are needed for."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from nnbasics import _validation as check
from nnbasics.sentences import (
    NOT_ASKED,
    VOCABULARY,
    Dice,
    LabelledSentences,
    label,
    noun_phrase,
)

__all__ = ["QUESTIONS", "sample_questions"]

#: What is asked of every word: two roles, a place, and the two neighbours.
QUESTIONS = ("who", "whom", "where", "previous", "next")
# The questions about a role in the sentence; the others are about the position.
ROLES = ("who", "whom", "where")

# Nouns that are never subject and object of the same training sentence.
HELD_OUT_NOUNS = frozenset({"cat", "dog"})


def sample_questions(
    count: int,
    generator: torch.Generator,
    *,
    questions: Sequence[str] = QUESTIONS,
    salad: float = 0.2,
    held_out: bool = False,
) -> LabelledSentences:
    """Make sentences of three nouns, and ask the same questions of every word.

    The grammar is ``DET [ADJ] N V_T DET [ADJ] N PREP DET [ADJ] N``, such as *the dog
    chased the old cat near a tree*. *who* asks for the first noun, *whom* for the
    second, *where* for the third, *previous* and *next* for the neighbouring words.

    A share of the sentences is replaced by salad, random words of the same number, of
    which only the neighbours are asked. Without it, grammar and position coincide too
    often for a head to be told apart by them.

    Parameters
    ----------
    count : int
        How many sentences.
    generator : torch.Generator
        Where the randomness comes from.
    questions : sequence of str
        Which of the five questions are asked.
    salad : float
        The share of salad, from 0 to 1.
    held_out : bool
        If true, only sentences in which dog and cat are subject and object, or the
        reverse; the others never have that.

    Returns
    -------
    LabelledSentences
        `count` sentences with the positions of the answers.

    Raises
    ------
    TypeError
        If `count` is not an int, `generator` not a generator or `salad` not a number.
    ValueError
        If `count` is less than 1, a question is unknown or asked twice, there is
        none, or `salad` is not from 0 to 1.

    Examples
    --------
    >>> from nnbasics.sentences import decode
    >>> sentences = sample_questions(1, torch.Generator().manual_seed(6), salad=0.0)
    >>> decode(sentences.tokens[0])
    ['a', 'box', 'found', 'a', 'small', 'mat', 'near', 'the', 'small', 'fox']
    >>> dict(zip(sentences.questions, sentences.targets[0, 2].tolist()))
    {'who': 1, 'whom': 5, 'where': 9, 'previous': 1, 'next': 3}
    """
    check.require_positive_int("count", count)
    check.require_generator("generator", generator)
    check.require_share("salad", salad)
    asked = _require_known(questions)
    made: list[tuple[list[str], list[list[int]]]] = []
    while len(made) < count:
        words, nouns = _sentence(generator)
        if ({words[nouns[0]], words[nouns[1]]} == HELD_OUT_NOUNS) == held_out:
            is_salad = torch.rand((), generator=generator).item() < salad
            if is_salad:
                words, nouns = _salad(len(words), generator), [NOT_ASKED] * 3
            made.append((words, _targets(len(words), nouns, asked)))
    return label(made, tuple(asked))


def _require_known(questions: Sequence[str]) -> list[str]:
    """Return the questions as a list, if each is known and none is asked twice."""
    asked = check.items_of("questions", questions, "str")
    unknown = [question for question in asked if question not in QUESTIONS]
    if unknown or not asked or len(set(asked)) < len(asked):
        raise ValueError(
            f"questions must be one or several of {', '.join(QUESTIONS)}, each once; "
            f"got {asked}"
        )
    return asked


def _sentence(generator: torch.Generator) -> tuple[list[str], list[int]]:
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


def _targets(
    length: int, nouns: Sequence[int], questions: Sequence[str]
) -> list[list[int]]:
    """Return the position of each question's answer for every position."""
    rows = []
    for position in range(length):
        after = position + 1 if position + 1 < length else NOT_ASKED
        # position - 1 is -1, not asked, for the first word
        every = dict(zip(QUESTIONS, [*nouns, position - 1, after], strict=True))
        rows.append([every[question] for question in questions])
    return rows
