"""Exercises 5.1 to 5.5: numbers and words about the feed-forward network."""

from __future__ import annotations

from nnbasics.exercises.questions import (
    ChoiceQuestion,
    Feedback,
    NumberQuestion,
    PartsQuestion,
)

_HIDDEN_BY_HAND = NumberQuestion(
    exercise="5.1",
    labels=["Output"],
    right=6,
    why=(
        "The sums are 3, -1 and 1. The ReLU makes 3, 0 and 1 of them, and "
        "1 · 3 + 5 · 0 + 2 · 1 + 1 is the output."
    ),
    look=(
        "First the three sums, each with its bias. Make 0 of those that are negative. "
        "Then the weighted sum of the three, and the last bias."
    ),
    mistakes={
        "One of the three sums is negative. What does the ReLU make of it?": [1, 11],
        "The output has a bias, too.": [5],
        "The third hidden unit has a bias.": [8],
        "Those are the hidden units added up. Each has a weight to the output.": [4],
    },
)

_WITHOUT_RELU = NumberQuestion(
    exercise="5.2",
    labels=["Right answers, of four"],
    right=3,
    why=(
        "Without ReLU, two matrices in a row are one affine map, whatever lies between "
        "them. It can part one corner of the square from the rest, and no more."
    ),
    look=(
        "Multiply two matrices, and you have one matrix. Which points of XOR can one "
        "weighted sum part from the others?"
    ),
    mistakes={
        "For all four, something has to bend. Does anything bend without the ReLU?": [
            4
        ],
        "That is what a coin gets. A weighted sum can part one corner from the "
        "others.": [2],
    },
)

_CHANGES = ["all", "none", "one"]

_AFTER_FEED_FORWARD = ChoiceQuestion(
    exercise="5.3",
    choices=_CHANGES,
    right="one",
    why="It sees one word at a time.",
    mistakes={
        "Does the network at one word see the other words?": ["all"],
        "Another vector goes in at this word.": ["none"],
    },
)

_AFTER_ATTENTION = ChoiceQuestion(
    exercise="5.3",
    choices=_CHANGES,
    right="all",
    why="Every word looks at the new one.",
    mistakes={
        "Which words have the new word's key among those that they look at?": ["one"],
        "Keys and values are made of the words, and one of them is new.": ["none"],
    },
)

_AFTER_BOTH = ChoiceQuestion(
    exercise="5.3",
    choices=_CHANGES,
    right="all",
    why="All of its inputs changed, each by what attention brought.",
    mistakes={
        "What goes into the network at the other words: is it what it was?": ["one"],
        "Something else goes in. What comes out?": ["none"],
    },
)

_EXCHANGED_WORD = PartsQuestion(
    exercise="5.3",
    choices=_CHANGES,
    labels=["Feed-forward network", "Attention", "Attention, then network"],
    parts=[_AFTER_FEED_FORWARD, _AFTER_ATTENTION, _AFTER_BOTH],
)

_BLOCK_SIZE = NumberQuestion(
    exercise="5.4",
    labels=["d_model"],
    right=48,
    why="12 · 48 · 48 = 27,648: four parts of d² in attention, eight in the network.",
    look=(
        "Attention has four matrices of d × d numbers, the network two of d × 4d. "
        "How many times d² is that?"
    ),
    mistakes={
        "That is the size of the hidden layer.": [192],
        "That is d². Take its root.": [2304],
        "That is the network's part. Attention has the rest: find d.": [18432],
        "That is attention's part. The network has the rest: find d.": [9216],
    },
)

_SIZES = ["always 7", "at most 7", "fewer, 7 or more"]

_TWO_UNITS_OFF = ChoiceQuestion(
    exercise="5.5",
    labels=["Facts that are lost"],
    choices=_SIZES,
    right="fewer, 7 or more",
    why=(
        "A fact that holds without either of the two may need one of them. It is lost "
        "only when both are off."
    ),
    mistakes={
        "Some facts may be lost with either unit, and they count once. And are there "
        "facts that either unit alone can hold up?": ["always 7"],
        "Think of a fact that holds as long as one of the two units is on.": [
            "at most 7"
        ],
    },
)


def check_hidden_by_hand(answer: object) -> Feedback:
    """Exercise 5.1: compute a feed-forward network with three hidden units by hand.

    Parameters
    ----------
    answer : float or None
        The one output for the input (1, 2); any type that holds one number will do.

    Examples
    --------
    >>> print(check_hidden_by_hand(1))
    Exercise 5.1: not yet. One of the three sums is negative. What does the ReLU
    make of it?
    """
    return _HIDDEN_BY_HAND.judge(answer)


def check_without_relu(answer: object) -> Feedback:
    """Exercise 5.2: say how much of XOR a network gets right without its ReLU.

    Parameters
    ----------
    answer : int or None
        How many of the four points can be right at most, with 1,000 hidden units; any
        type that holds one number will do.

    Examples
    --------
    >>> print(check_without_relu(4))
    Exercise 5.2: not yet. For all four, something has to bend. Does anything
    bend without the ReLU?
    """
    return _WITHOUT_RELU.judge(answer)


def check_exchanged_word(
    feed_forward: object, attention: object, both: object
) -> Feedback:
    """Exercise 5.3: exchange one of six words, and say where the outputs change.

    Parameters
    ----------
    feed_forward, attention, both : {"all", "none", "one"} or None
        At how many words the output changes: that of a feed-forward network, of a
        layer of attention, and of the network behind the layer.

    Examples
    --------
    >>> print(check_exchanged_word("one", "all", "one"))
    Exercise 5.3: not yet. Feed-forward network: right. It sees one word at a
    time. Attention: right. Every word looks at the new one. Attention, then
    network: not yet. What goes into the network at the other words: is it what
    it was?
    """
    return _EXCHANGED_WORD.judge((feed_forward, attention, both))


def check_block_size(answer: object) -> Feedback:
    """Exercise 5.4: find d_model from the 27,648 numbers of a block's matrices.

    Parameters
    ----------
    answer : int or None
        The size of the vectors; any type that holds one number will do.

    Examples
    --------
    >>> print(check_block_size(192))
    Exercise 5.4: not yet. That is the size of the hidden layer.
    """
    return _BLOCK_SIZE.judge(answer)


def check_two_units_off(answer: object) -> Feedback:
    """Exercise 5.5: say how many facts are lost when two units are off at once.

    Alone, one of them loses 3 facts and the other 4.

    Parameters
    ----------
    answer : {"always 7", "at most 7", "fewer, 7 or more"} or None
        What may happen.

    Examples
    --------
    >>> print(check_two_units_off("at most 7"))
    Exercise 5.5: not yet. Think of a fact that holds as long as one of the two
    units is on.
    """
    return _TWO_UNITS_OFF.judge(answer)
