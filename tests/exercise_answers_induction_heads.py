"""Lesson 7: right answers in several forms, and plausible wrong ones with a reason.

Of the mistakes that a question stores, only those are here that are written otherwise.
"""

from collections.abc import Callable
from math import log
from typing import Any

from torch import Tensor

import nnbasics.exercises as ex

Checker = Callable[[Any], ex.Feedback]


def check_heads_off(answers: tuple[object, object, object]) -> ex.Feedback:
    return ex.check_heads_off(*answers)


def with_a_loop(tokens: Tensor) -> int:
    for place in range(len(tokens) - 2, -1, -1):
        if tokens[place] == tokens[-1]:
            return int(tokens[place + 1])
    return -1


def with_lists(tokens: Tensor) -> object:
    *before, last = tokens.tolist()
    if last not in before:
        return -1
    return [*before, last][len(before) - before[::-1].index(last)]


def first_copy(tokens: Tensor) -> object:
    *before, last = tokens.tolist()
    return tokens[before.index(last) + 1] if last in before else -1


def among_all(tokens: Tensor) -> Tensor:
    return tokens[(tokens == tokens[-1]).nonzero().max() + 1]


def never_missing(tokens: Tensor) -> Tensor:
    return tokens[(tokens[:-1] == tokens[-1]).nonzero().max() + 1]


RIGHT: dict[Checker, list[object]] = {
    ex.check_which_head: ["y", " Y"],
    check_heads_off: [("does not copy", "copies", "does not copy")],
    ex.check_fixed_repeat: ["d", "D"],
    ex.check_tiny_grammar: [5.5 * log(2), 3.81],
    ex.check_what_reads: ["key", "Key "],
    ex.check_induction: [with_a_loop, with_lists],
}
WRONG: dict[Checker, list[tuple[object, str]]] = {
    ex.check_which_head: [
        ("w", "a head of this kind"),
        ("x", "the earlier copy of C itself"),
        ("z", "over all tokens"),
    ],
    check_heads_off: [
        (("copies", "copies", "does not copy"), "know what stands before it"),
        (("does not copy", "does not copy", "does not copy"), "another head that"),
        (("does not copy", "copies", "copies"), "Which heads are left"),
    ],
    ex.check_fixed_repeat: [
        ("c", "would be induction"),
        ("b", "the last token itself"),
        ("a", "ten back"),
    ],
    ex.check_tiny_grammar: [
        (2 * log(2) + log(2) + log(8), "So its choice counts by half"),
        (log(2) + log(2) / 2 + log(8), "adjective at all is a choice"),
        (1 + 1 + 0.5 + 3, "in bits"),
        (log(2) + log(2) + log(8), "counts only half of the time"),
        (4.5, "4.5 is too large. Add up the logarithms"),
    ],
    ex.check_what_reads: [("query", "asks for the token"), ("value", "hands over B")],
    ex.check_induction: [
        (first_copy, "the first earlier copy"),
        (among_all, "It finds itself"),
        (never_missing, "Say -1 then"),
        (lambda tokens: tokens[-2], "Go back from the last token but one"),
    ],
}
