"""Exercises 7.1 to 7.5: words and a number about models that copy."""

from __future__ import annotations

from math import log

from nnbasics.exercises.questions import (
    ChoiceQuestion,
    Feedback,
    NumberQuestion,
    PartsQuestion,
)

_WHICH_HEAD = ChoiceQuestion(
    exercise="7.1",
    labels=["Induction head"],
    choices=["w", "x", "y", "z"],
    right="y",
    why="The last token is C. After the earlier C came D, and this head looks there.",
    mistakes={
        "That head looks at the token before the last one. Layer 0 needs a head of "
        "this kind.": ["w"],
        "That head looks at the earlier copy of C itself. What comes next is not C.": [
            "x"
        ],
        "That head spreads its weight over all tokens.": ["z"],
    },
)

_COPIES = ["copies", "does not copy"]
_CHAIN = "How does the token after the earlier copy know what stands before it?"
_OTHER_HEAD = "Is there another head that does the same?"

_ONE_BACK_OFF = ChoiceQuestion(
    exercise="7.2",
    choices=_COPIES,
    right="does not copy",
    why="No token knows any more what stands before it.",
    mistakes={_CHAIN: ["copies"]},
)

_ONE_OF_TWO_OFF = ChoiceQuestion(
    exercise="7.2",
    choices=_COPIES,
    right="copies",
    why="The other head of this layer does the same.",
    mistakes={_OTHER_HEAD: ["does not copy"]},
)

_BOTH_OFF = ChoiceQuestion(
    exercise="7.2",
    choices=_COPIES,
    right="does not copy",
    why="Nothing hands over the token that comes next.",
    mistakes={"Which heads are left that look at what comes next?": ["copies"]},
)

_HEADS_OFF = PartsQuestion(
    exercise="7.2",
    choices=_COPIES,
    labels=["Without layer 0, head 0", "Without layer 1, head 0", "Without layer 1"],
    parts=[_ONE_BACK_OFF, _ONE_OF_TWO_OFF, _BOTH_OFF],
)

_FIXED_REPEAT = ChoiceQuestion(
    exercise="7.3",
    labels=["Next token"],
    choices=["a", "b", "c", "d"],
    right="d",
    why=(
        "D stands seven places before the next token. The model counts, and does not "
        "look at what the last token is."
    ),
    mistakes={
        "That would be induction. This model has learned a distance.": ["c"],
        "That is the last token itself. Which one stands seven places before the next "
        "one?": ["b"],
        "That would be ten back. Count again, from the place of the next token.": ["a"],
    },
)

_TINY_GRAMMAR = NumberQuestion(
    exercise="7.4",
    labels=["Nats a sentence"],
    right=5.5 * log(2),
    tolerance=0.006,
    why=(
        "log 2 for the determiner, log 2 for whether there is an adjective, half of "
        "log 2 for which one, log 8 for the noun: 5.5 · log 2."
    ),
    look=(
        "Add up the logarithms of how many words there are to choose from. What is "
        "there half of the time counts by half. Is there a choice that is no word?"
    ),
    mistakes={
        "Whether there is an adjective at all is a choice, too: two ways, half of the "
        "time each.": [4.5 * log(2)],
        "There is an adjective only half of the time. So its choice counts by half.": [
            6 * log(2)
        ],
        "That is in bits, with logarithms to the base 2. Nats have natural ones.": [
            5.5
        ],
        "Whether there is an adjective is a choice, too, and which one it is counts "
        "only half of the time.": [5 * log(2)],
    },
)

_WHAT_READS = ChoiceQuestion(
    exercise="7.5",
    labels=["Matrix"],
    choices=["query", "key", "value"],
    right="key",
    why=(
        "A token says with its key what it is found by. B is to be found by what "
        "stands before it, and that is what the first layer wrote there."
    ),
    mistakes={
        "The query of the last token asks for the token itself. That is in its own "
        "vector, without the first layer.": ["query"],
        "The value hands over B, the token that comes next. Its own vector says it.": [
            "value"
        ],
    },
)


def check_which_head(answer: object) -> Feedback:
    """Exercise 7.1: find the induction head among four, from its weights.

    Parameters
    ----------
    answer : {"w", "x", "y", "z"} or None
        The name of the head.

    Examples
    --------
    >>> print(check_which_head("z"))
    Exercise 7.1: not yet. That head spreads its weight over all tokens.
    """
    return _WHICH_HEAD.judge(answer)


def check_heads_off(one_back: object, one_of_two: object, both: object) -> Feedback:
    """Exercise 7.2: say what heads that are switched off do to a model that copies.

    Parameters
    ----------
    one_back, one_of_two, both : {"copies", "does not copy"} or None
        What is left without the head that looks one back, without one of the two
        induction heads, and without both.

    Examples
    --------
    >>> print(check_heads_off("copies", "copies", "does not copy"))
    Exercise 7.2: not yet. Without layer 0, head 0: not yet. How does the token
    after the earlier copy know what stands before it? Without layer 1, head 0:
    right. The other head of this layer does the same. Without layer 1: right.
    Nothing hands over the token that comes next.
    """
    return _HEADS_OFF.judge((one_back, one_of_two, both))


def check_fixed_repeat(answer: object) -> Feedback:
    """Exercise 7.3: say what a model names that was trained with one distance alone.

    Parameters
    ----------
    answer : {"a", "b", "c", "d"} or None
        The token that it names after ``a b c d e f g h a b``.

    Examples
    --------
    >>> print(check_fixed_repeat("c"))
    Exercise 7.3: not yet. That would be induction. This model has learned a
    distance.
    """
    return _FIXED_REPEAT.judge(answer)


def check_tiny_grammar(answer: object) -> Feedback:
    """Exercise 7.4: compute the entropy of a grammar.

    Parameters
    ----------
    answer : float or None
        The entropy in nats a sentence, to two decimals; any type that holds one number
        will do.

    Examples
    --------
    >>> print(check_tiny_grammar(5.5))
    Exercise 7.4: not yet. That is in bits, with logarithms to the base 2. Nats
    have natural ones.
    """
    return _TINY_GRAMMAR.judge(answer)


def check_what_reads(answer: object) -> Feedback:
    """Exercise 7.5: say which projection has to read what the first layer wrote.

    Parameters
    ----------
    answer : {"query", "key", "value"} or None
        The projection of layer 1.

    Examples
    --------
    >>> print(check_what_reads("query"))
    Exercise 7.5: not yet. The query of the last token asks for the token
    itself. That is in its own vector, without the first layer.
    """
    return _WHAT_READS.judge(answer)
