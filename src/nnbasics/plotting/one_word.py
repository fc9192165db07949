"""One word on its way through an attention, from its embedding to the output."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._figure_tables import attach_table
from nnbasics.attention import attention_weights
from nnbasics.plotting.style import (
    BLUE,
    CENTRED,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    WIDTH,
    in_lesson_style,
    new_figure,
)

__all__ = ["animate_one_word"]

# What each step is called, what it shows for the first time, and what takes part in it.
STEPS = (
    ("The query: embedding times W_Q", "embeddings W_Q query", "word W_Q query"),
    ("The keys: embeddings times W_K", "W_K keys", "embeddings W_K keys"),
    ("The values: embeddings times W_V", "W_V values", "embeddings W_V values"),
    ("The scores: the query times each key", "score", "query keys score"),
    ("Divide by the square root of d_k", "divided", "score divided"),
    ("Softmax: the weights", "weight", "divided weight"),
    ("The output: the values, each times its weight", "output", "weight values output"),
)
FRAMES_OF_A_STEP = 8  # at five frames a second
MOST_COLUMNS = 10  # of numbers side by side: more are too small to be read

# In units of one cell: what is beside a row of numbers, what is between two blocks, the
# height of a heading, and the widths of the cells of weights and of outputs.
BESIDE, GAP, HEADING, WIDE, LESS_WIDE = 1.6, 0.9, 0.9, 1.6, 1.4
CAPTION, ARITHMETIC, TOP = 0.55, 1.35, 2.1  # how far down
FOR_CONTROLS = 2.6  # below everything: a player lays its controls over the picture

OF_EACH_WORD = ("score", "divided", "weight")  # rows with a number for each word
COLOURS = dict.fromkeys((*OF_EACH_WORD, "output"), PURPLE) | {"embeddings": MUTED}
COLOURS |= {"W_Q": BLUE, "W_K": ORANGE, "W_V": GREEN}
COLOURS |= {"query": BLUE, "keys": ORANGE, "values": GREEN}
CELL: Any = {"alpha": 0.3, "linewidth": 1}
FRAME: Any = {"fill": False, "edgecolor": INK, "linewidth": 2}
NUMBER: Any = {**CENTRED, "fontsize": 11}
WORD: Any = {"ha": "right", "va": "center", "fontsize": 11}
NAME: Any = {"ha": "left", "va": "center"}

Block = tuple[Tensor, float, float, float]  # left, top, and the width of a cell
Artists = list[Artist]


@in_lesson_style
def animate_one_word(
    embeddings: Tensor,
    w_query: Tensor,
    w_key: Tensor,
    w_value: Tensor,
    *,
    tokens: Sequence[str],
    row: int,
) -> FuncAnimation:
    """Follow one word from its embedding through the three matrices to its output.

    Each step adds what it computes, frames what takes part in it, and writes one of its
    numbers out. The last step shows everything. Small whole numbers read best.

    Parameters
    ----------
    embeddings : Tensor, shape (length, d_model)
        A row for each word.
    w_query, w_key : Tensor, shape (d_model, d_k)
        The matrices that turn an embedding into a query and into a key.
    w_value : Tensor, shape (d_model, d_v)
        The matrix that turns an embedding into a value. There may be 10 columns in all,
        those of the embeddings and of the three matrices.
    tokens : sequence of str
        The words, `length` of them.
    row : int
        The word to follow, counted from 0.

    Returns
    -------
    matplotlib.animation.FuncAnimation
        Seven steps of 8 frames. Its figure is the current one, and shows the last step.

    Examples
    --------
    >>> import torch
    >>> matrix = torch.tensor([[1.0, 0.0], [1.0, 2.0]])
    >>> animation = animate_one_word(
    ...     torch.eye(2), matrix, matrix, matrix, tokens=["the", "cat"], row=1
    ... )
    """
    matrices = {"W_Q": w_query, "W_K": w_key, "W_V": w_value}
    _require_fitting(embeddings, matrices, tokens, row)
    numbers = _compute(embeddings, matrices, row)
    blocks, (width, height) = _place(numbers, row)
    # In whole tenths of an inch: a video needs an even number of pixels.
    figure, axes = new_figure(round(WIDTH * height / width, 1), layout="none")
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    lines = _arithmetic(numbers, tokens, row)
    drawn = [_draw(axes, step, lines[step], blocks, tokens) for step in range(7)]
    rows = [(name, numbers[name][0].tolist()) for name in OF_EACH_WORD]
    attach_table(figure, f"the row of '{tokens[row]}'", ["step", *tokens], rows)
    return _animate(figure, drawn)


def _require_fitting(
    embeddings: Tensor, matrices: Mapping[str, Tensor], tokens: Sequence[str], row: int
) -> None:
    check.require_rank("embeddings", embeddings, 2, "(length, d_model)")
    length, d_model = len(tokens), embeddings.size(-1)
    check.require_shape(
        "embeddings", embeddings, (length, d_model), "(length, d_model)"
    )
    for name, matrix in matrices.items():
        check.require_rank(name, matrix, 2, "(d_model, columns)")
        columns = matrix.size(-1)
        check.require_shape(name, matrix, (d_model, columns), "(d_model, columns)")
    check.require_same_size("W_Q", matrices["W_Q"], -1, "W_K", matrices["W_K"], "d_k")
    columns = d_model + sum(matrix.size(-1) for matrix in matrices.values())
    if columns > MOST_COLUMNS:
        raise ValueError(
            f"embeddings and matrices must have at most {MOST_COLUMNS} columns in all, "
            f"or their numbers are too small to be read, got {columns}"
        )
    check.require_int("row", row)
    if row not in range(length):
        raise ValueError(f"row must be from 0 to {length - 1}, got {row}")


def _compute(x: Tensor, matrices: Mapping[str, Tensor], row: int) -> dict[str, Tensor]:
    """Return by name all numbers of the way, each as a table."""
    query, keys, values = (x @ matrix for matrix in matrices.values())
    query = query[[row]]  # (1, d_k)
    products = {"query": query, "keys": keys, "values": values}
    scores, weights = query @ keys.T, attention_weights(query, keys)  # (1, length)
    of_word = {"score": scores, "divided": scores / math.sqrt(query.size(1))}
    of_word |= {"weight": weights, "output": weights @ values}
    return {"embeddings": x, "word": x[[row]], **matrices, **products, **of_word}


def _place(
    numbers: Mapping[str, Tensor], row: int
) -> tuple[dict[str, Block], tuple[float, float]]:
    """Give each table its place, each product below its matrix; and the size of all."""
    above = TOP + HEADING
    middle = above + numbers["embeddings"].size(1) + HEADING
    below = middle + len(numbers["embeddings"]) + HEADING
    places = {"embeddings": (BESIDE, middle, 1.0), "word": (BESIDE, middle + row, 1.0)}
    right = BESIDE + numbers["embeddings"].size(1)
    for matrix, result in (("W_Q", "query"), ("W_K", "keys"), ("W_V", "values")):
        left, right = right + GAP, right + GAP + numbers[matrix].size(1)
        places[matrix] = (left, above, 1.0)
        places[result] = (left, middle + row * (result == "query"), 1.0)
    for line, name in enumerate(OF_EACH_WORD):
        places[name] = (2 * BESIDE, below + line, WIDE)
    left = right - LESS_WIDE * numbers["output"].size(1)
    places["output"] = (left, below + 2, LESS_WIDE)
    blocks = {name: (numbers[name], *place) for name, place in places.items()}
    return blocks, (right + GAP / 2, below + 3 + FOR_CONTROLS)


def _arithmetic(
    numbers: Mapping[str, Tensor], tokens: Sequence[str], row: int
) -> list[str]:
    """Work one number of each step out; after the query, that of the best key."""
    best = int(numbers["weight"].argmax())
    x, key = numbers["embeddings"][best], numbers["keys"][best]
    first = {name: table[:, 0] for name, table in numbers.items()}
    score, divided, _ = (_all_written(numbers[n][0])[best] for n in OF_EACH_WORD)
    lines = [
        _products(numbers["word"][0], first["W_Q"]),
        _products(x, first["W_K"]),
        _products(x, first["W_V"]),
        _products(numbers["query"][0], key),
        f"{score} / √{len(key)} = {divided}",
        f"e to the power of {divided}, divided by the sum of all",
        _products(numbers["weight"][0], first["values"]),
    ]
    words = [tokens[row], *[tokens[best]] * 5, tokens[row]]
    return [f"'{word}': {line}" for word, line in zip(words, lines, strict=True)]


def _products(one: Tensor, other: Tensor) -> str:
    """Write a sum of products out, with its result."""
    pairs = zip(_all_written(one), _all_written(other), strict=True)
    terms = [f"{a} · {f'({b})' if b.startswith('-') else b}" for a, b in pairs]
    return f"{' + '.join(terms)} = {_written((one @ other).item())}"


def _all_written(numbers: Tensor) -> list[str]:
    return [_written(number) for number in numbers.tolist()]


def _written(number: float) -> str:
    """Write a whole number without decimals, any other with two."""
    return f"{number:.0f}" if abs(number - round(number)) < 1e-4 else f"{number:.2f}"


def _draw(
    axes: Axes,
    step: int,
    line: str,
    blocks: Mapping[str, Block],
    tokens: Sequence[str],
) -> tuple[Artists, Artists]:
    """Draw a step; return what stays, and what is seen during this step only."""
    name, shown, framed = STEPS[step]
    stays: Artists = []
    for new in shown.split():
        stays += _cells(axes, new, *blocks[new])
        stays += _labels(axes, new, *blocks[new][1:], tokens)
    passes: Artists = [
        axes.text(GAP / 3, CAPTION, f"{step + 1}  {name}", weight="bold", **NAME),
        axes.text(GAP / 3, ARITHMETIC, line, **NAME),
    ]
    for part in framed.split():
        table, left, top, wide = blocks[part]
        frame = Rectangle((left, top), wide * table.size(1), len(table), **FRAME)
        passes.append(axes.add_patch(frame))
    return stays, passes


def _cells(
    axes: Axes, name: str, table: Tensor, left: float, top: float, wide: float
) -> Iterator[Artist]:
    for row, column in product(*map(range, table.shape)):
        x, y = left + column * wide, top + row
        yield axes.add_patch(Rectangle((x, y), wide, 1, color=COLOURS[name], **CELL))
        text = _all_written(table[row])[column]
        yield axes.text(x + wide / 2, y + 0.5, text, **NUMBER)


def _labels(
    axes: Axes, name: str, left: float, top: float, wide: float, tokens: Sequence[str]
) -> Iterator[Artist]:
    """Write what a block is, and the words beside the rows or above the columns."""
    if name in OF_EACH_WORD:
        yield axes.text(left - GAP / 4, top + 0.5, name, **WORD)
    else:
        yield axes.text(left, top - HEADING / 2, name, **NAME)
    for number, token in enumerate(tokens):
        if name == "embeddings":
            yield axes.text(left - GAP / 4, top + number + 0.5, token, **WORD)
        if name == "score":
            middle = left + (number + 0.5) * wide
            yield axes.text(middle, top - HEADING / 2, token, **CENTRED)


def _animate(figure: Figure, drawn: Sequence[tuple[Artists, Artists]]) -> FuncAnimation:
    """Let the steps follow each other; the figure shows the last."""

    def show(frame: int) -> Artists:
        now = frame // FRAMES_OF_A_STEP
        for number, (stays, passes) in enumerate(drawn):
            plt.setp(stays, visible=number <= now)
            plt.setp(passes, visible=number == now)
        return []

    animation = FuncAnimation(figure, show, frames=len(drawn) * FRAMES_OF_A_STEP)
    # An animation that was never drawn complains when a script ends.
    figure.canvas.draw()
    show(len(drawn) * FRAMES_OF_A_STEP - 1)
    return animation
