"""Exercises 6.1 to 6.5: numbers and words about the block."""

from __future__ import annotations

from nnbasics.exercises.questions import (
    ChoiceQuestion,
    Feedback,
    NumberQuestion,
    PartsQuestion,
)

_BLOCK_PARAMETERS = NumberQuestion(
    exercise="6.1",
    labels=["Parameters"],
    right=2224,
    why=(
        "Attention has 4 · 16² + 4 · 16 = 1088, the network 2 · 16 · 32 + 32 + 16 = "
        "1072, and each norm a gain and a bias of 16 numbers: 64 together."
    ),
    look=(
        "Attention has four matrices of 16 × 16 and four biases, the network two "
        "matrices of 16 × 32 and two biases. What does each norm have?"
    ),
    mistakes={
        "That is right for 64 hidden units, four times d_model. Here there are 32.": [
            3280
        ],
        "The norms have parameters, too: a gain and a bias each. Or are the biases of "
        "the attention missing? Those are as many.": [2160],
        "There are two norms, and each has a gain and a bias.": [2192],
        "The biases of the network are missing.": [2176],
        "The layers of attention and of the network have biases.": [2112, 2048],
        "More heads cut the same columns into narrower parts, and cost no more.": [
            4 * 1088 + 1072 + 64
        ],
    },
)

_LEAKS = ["leaks", "holds"]

_A = ChoiceQuestion(
    exercise="6.2",
    choices=_LEAKS,
    right="holds",
    why="Only attention looks at other words, and the mask stands before it.",
    mistakes={
        "Which of its parts looks at other words, and at which of them?": ["leaks"],
    },
)
_B = ChoiceQuestion(
    exercise="6.2",
    choices=_LEAKS,
    right="leaks",
    why="Exchanged, the mask shows what comes later, and hides what came before.",
    mistakes={
        "Draw the mask for three words, and exchange rows and columns.": ["holds"],
    },
)
_C = ChoiceQuestion(
    exercise="6.2",
    choices=_LEAKS,
    right="holds",
    why="Where a norm stands does not matter, as long as it looks at one word.",
    mistakes={
        "Does a norm of one word's numbers see another word, wherever it stands?": [
            "leaks"
        ],
    },
)
_D = ChoiceQuestion(
    exercise="6.2",
    choices=_LEAKS,
    right="leaks",
    why="The mean of a column holds numbers of all words, the later ones included.",
    mistakes={
        "No mask stands before the norms. Whose numbers are in the mean of a column?": [
            "holds"
        ],
    },
)
_FOUR_BLOCKS = PartsQuestion(
    exercise="6.2",
    choices=_LEAKS,
    labels=["A, the first", "B, mask.T", "C, norms after", "D, norms of columns"],
    parts=[_A, _B, _C, _D],
)

_NORMED_NUMBER = NumberQuestion(
    exercise="6.3",
    labels=["First number"],
    right=3 / 5**0.5,
    tolerance=0.006,
    why="The mean is 5 and the variance (9 + 1 + 1 + 9) / 4 = 5: 3 divided by √5.",
    look=(
        "Take off the mean. The variance is the mean of the squares of what is left. "
        "Divide by its root."
    ),
    mistakes={
        "The variance divides by n, the number of numbers, here by 4, not by n - 1.": [
            3 / (20 / 3) ** 0.5
        ],
        "Divide by the root of the variance.": [3 / 5, 3 / (20 / 3)],
        "Is 8 above the mean, or below it?": [-3 / 5**0.5],
        "That is the number minus the mean. Now divide by the spread.": [3],
        "The mean is taken off first.": [8 / 5**0.5],
        "The variance is the mean of the squares, not their sum.": [3 / 20**0.5],
    },
)

_STACKS = ["f(x)", "norm(f(x))", "f(norm(x))", "x/2 + f(x)", "x + f(norm(x))"]

_DEEP_STACK = ChoiceQuestion(
    exercise="6.4",
    labels=["The stack that learns"],
    choices=_STACKS,
    right="x + f(norm(x))",
    why="It alone hands x on as it is, and the gradient with it.",
    mistakes={
        "Nothing of x is handed on: this is the plain stack.": ["f(x)"],
        "The norm gives the numbers a size again, but what the words differ in goes "
        "through all 32 parts.": ["norm(f(x))", "f(norm(x))"],
        "Half of x is handed on. How much of it is left behind 32 parts?": [
            "x/2 + f(x)"
        ],
    },
)

_FORGOTTEN_RESIDUAL = NumberQuestion(
    exercise="6.5",
    labels=["The gradient is multiplied with"],
    right=0.1 * 1.1**9,
    tolerance=0.0005,
    why="Nine parts have the slope 1 + 0.1, one has 0.1, and slopes are multiplied.",
    look=(
        "The slope of a part with a residual connection is 1 + 0.1. The chain rule "
        "multiplies the slopes of all ten parts."
    ),
    mistakes={
        "That is right for ten residual connections. In one part it was forgotten.": [
            1.1**10
        ],
        "That is right without any residual connection.": [1e-10],
        "Those are the nine others. The part in which it was forgotten has a slope, "
        "too.": [1.1**9],
        "The chain rule multiplies slopes. It does not add them.": [10, 9 * 1.1 + 0.1],
    },
)


def check_block_parameters(answer: object) -> Feedback:
    """Exercise 6.1: count the parameters of a block with few hidden units.

    Parameters
    ----------
    answer : int or None
        The number of parameters; any type that holds one number will do.

    Examples
    --------
    >>> print(check_block_parameters(3280))
    Exercise 6.1: not yet. That is right for 64 hidden units, four times
    d_model. Here there are 32.
    """
    return _BLOCK_PARAMETERS.judge(answer)


def check_leaks(a: object, b: object, c: object, d: object) -> Feedback:
    """Exercise 6.2: say which of four blocks let a word see what comes later.

    Parameters
    ----------
    a, b, c, d : {"leaks", "holds"} or None
        For a block with the causal mask; with that mask's rows and columns exchanged;
        with the norms after the sums; with norms that run over the words.

    Examples
    --------
    >>> feedback = check_leaks("holds", "leaks", "holds", "holds")
    >>> print(feedback.message.split(": not yet. ")[1])
    No mask stands before the norms. Whose numbers are in the mean of a column?
    """
    return _FOUR_BLOCKS.judge((a, b, c, d))


def check_normed_number(answer: object) -> Feedback:
    """Exercise 6.3: compute the first number of a normed vector.

    Parameters
    ----------
    answer : float or None
        The first number; any type that holds one number will do.

    Examples
    --------
    >>> print(check_normed_number(1.16))
    Exercise 6.3: not yet. The variance divides by n, the number of numbers,
    here by 4, not by n - 1.
    """
    return _NORMED_NUMBER.judge(answer)


def check_deep_stack(answer: object) -> Feedback:
    """Exercise 6.4: find the one of five deep stacks that learns.

    Parameters
    ----------
    answer : str or None
        What each part makes of x: "f(x)", "norm(f(x))", "f(norm(x))", "x/2 + f(x)" or
        "x + f(norm(x))".

    Examples
    --------
    >>> print(check_deep_stack("x/2 + f(x)"))
    Exercise 6.4: not yet. Half of x is handed on. How much of it is left behind
    32 parts?
    """
    return _DEEP_STACK.judge(answer)


def check_forgotten_residual(answer: object) -> Feedback:
    """Exercise 6.5: find what a gradient is multiplied with if a plus sign is missing.

    Parameters
    ----------
    answer : float or None
        The factor; any type that holds one number will do.

    Examples
    --------
    >>> print(check_forgotten_residual(1e-10))
    Exercise 6.5: not yet. That is right without any residual connection.
    """
    return _FORGOTTEN_RESIDUAL.judge(answer)
