"""One word on its way through an attention, from its embedding to the output."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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

FRAMES_OF_A_STEP = 8  # at five frames a second
MOST_COLUMNS = 10  # of numbers side by side: more are too small to be read

# In units of one cell: what is beside a row of numbers, what is between two blocks, the
# height of a heading, and the widths of the cells of weights and of outputs.
BESIDE, GAP, HEADING, WIDE, LESS_WIDE = 1.6, 0.9, 0.9, 1.6, 1.4
CAPTION, ARITHMETIC, TOP = 0.55, 1.35, 2.1  # how far down

COLOURS = {
    "embeddings": MUTED,
    **dict.fromkeys(("W_Q", "query"), BLUE),
    **dict.fromkeys(("W_K", "keys"), ORANGE),
    **dict.fromkeys(("W_V", "values"), GREEN),
    **dict.fromkeys(("scores", "divided", "weights", "output"), PURPLE),
}
# What stands beside the rows that have a number for each word.
BESIDE_ROWS = {"scores": "score", "divided": "divided", "weights": "weight"}
CELL: Any = {"alpha": 0.3, "linewidth": 1}
FRAME: Any = {"fill": False, "edgecolor": INK, "linewidth": 2}
NUMBER: Any = {**CENTRED, "fontsize": 11}
WORD: Any = {"ha": "right", "va": "center", "fontsize": 11}
NAME: Any = {"ha": "left", "va": "center"}


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
    _require_fitting(embeddings, (w_query, w_key, w_value), tokens, row)
    numbers = _compute(embeddings, (w_query, w_key, w_value), row)
    blocks, height = _place(numbers, row)
    width = max(block.right for block in blocks.values()) + GAP / 2
    figure, axes = new_figure(WIDTH * height / width, layout="none")
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    drawn = [_draw(axes, step, blocks, tokens) for step in _steps(numbers, tokens, row)]
    for name in ("query", "keys", "values", "scores", "weights", "output"):
        _attach(figure, name, numbers[name].tolist(), tokens)
    return _animate(figure, drawn)


@dataclass(frozen=True)
class _Block:
    """Numbers in cells: where the first stands, and how wide each is."""

    numbers: Tensor
    left: float
    top: float
    wide: float = 1.0

    @property
    def right(self) -> float:
        return self.left + self.wide * self.numbers.size(1)


@dataclass(frozen=True)
class _Step:
    """What a step is called, one number worked out, what is new, what takes part."""

    name: str
    arithmetic: str
    shown: Sequence[str]
    framed: Sequence[str]


def _require_fitting(
    embeddings: Tensor, matrices: Sequence[Tensor], tokens: Sequence[str], row: int
) -> None:
    check.require_rank("embeddings", embeddings, 2, "(length, d_model)")
    d_model = embeddings.size(-1)
    form = "(length, d_model)"
    check.require_shape("embeddings", embeddings, (len(tokens), d_model), form)
    names = ("w_query", "w_key", "w_value")
    for name, matrix in zip(names, matrices, strict=True):
        check.require_rank(name, matrix, 2, "(d_model, columns)")
        shape = (d_model, matrix.size(-1))
        check.require_shape(name, matrix, shape, "(d_model, columns)")
    check.require_same_size("w_query", matrices[0], -1, "w_key", matrices[1], "d_k")
    columns = d_model + sum(matrix.size(-1) for matrix in matrices)
    if columns > MOST_COLUMNS:
        raise ValueError(
            f"embeddings and matrices must have at most {MOST_COLUMNS} columns in all, "
            f"or their numbers are too small to be read, got {columns}"
        )
    check.require_int("row", row)
    if not 0 <= row < len(tokens):
        raise ValueError(f"row must be from 0 to {len(tokens) - 1}, got {row}")


def _compute(
    embeddings: Tensor, matrices: Sequence[Tensor], row: int
) -> dict[str, Tensor]:
    """Return by name all numbers of the way, each as a table."""
    w_query, w_key, w_value = matrices
    word = embeddings[row : row + 1]  # (1, d_model)
    query, keys, values = word @ w_query, embeddings @ w_key, embeddings @ w_value
    scores = query @ keys.T  # (1, length)
    weights = attention_weights(query, keys)  # (1, length)
    return {
        "embeddings": embeddings,
        "word": word,
        "W_Q": w_query,
        "W_K": w_key,
        "W_V": w_value,
        "query": query,
        "keys": keys,
        "values": values,
        "scores": scores,
        "divided": scores / math.sqrt(query.size(1)),
        "weights": weights,
        "output": weights @ values,  # (1, d_v)
    }


def _place(numbers: Mapping[str, Tensor], row: int) -> tuple[dict[str, _Block], float]:
    """Give each table its place, each product below its matrix; and the height."""
    x = numbers["embeddings"]
    above = TOP + HEADING
    middle = above + x.size(1) + HEADING
    below = middle + len(x) + HEADING
    left = [BESIDE + x.size(1) + GAP]
    for name in ("W_Q", "W_K"):
        left.append(left[-1] + numbers[name].size(1) + GAP)
    corners = {"embeddings": (BESIDE, middle), "word": (BESIDE, middle + row)}
    corners |= dict(
        zip(("W_Q", "W_K", "W_V"), ((at, above) for at in left), strict=True)
    )
    corners |= {"query": (left[0], middle + row), "keys": (left[1], middle)}
    corners |= {"values": (left[2], middle)}
    blocks = {name: _Block(numbers[name], *at) for name, at in corners.items()}
    for line, name in enumerate(("scores", "divided", "weights")):
        blocks[name] = _Block(numbers[name], 2 * BESIDE, below + line, WIDE)
    right = blocks["values"].right - LESS_WIDE * numbers["output"].size(1)
    blocks["output"] = _Block(numbers["output"], right, below + 2, LESS_WIDE)
    return blocks, below + 3 + GAP / 3


def _steps(
    numbers: Mapping[str, Tensor], tokens: Sequence[str], row: int
) -> Iterator[_Step]:
    """Yield the steps. Those after the query follow the word with the most weight."""
    word, best = tokens[row], int(numbers["weights"].argmax())
    first = {name: table[0].tolist() for name, table in numbers.items()}
    column = {name: table[:, 0].tolist() for name, table in numbers.items()}
    of_best = {name: numbers[name][best].tolist() for name in ("embeddings", "keys")}
    score, divided = first["scores"][best], first["divided"][best]
    root = f"√{len(first['query'])}"
    yield _Step(
        f"1  The query of '{word}': embedding times W_Q",
        _products(first["word"], column["W_Q"]),
        ["embeddings", "W_Q", "query"],
        ["word", "W_Q", "query"],
    )
    yield _Step(
        "2  The key of every word: embedding times W_K",
        f"'{tokens[best]}': {_products(of_best['embeddings'], column['W_K'])}",
        ["W_K", "keys"],
        ["embeddings", "W_K", "keys"],
    )
    yield _Step(
        "3  The value of every word: embedding times W_V",
        f"'{tokens[best]}': {_products(of_best['embeddings'], column['W_V'])}",
        ["W_V", "values"],
        ["embeddings", "W_V", "values"],
    )
    yield _Step(
        "4  The scores: the query times each key",
        f"'{tokens[best]}': {_products(first['query'], of_best['keys'])}",
        ["scores"],
        ["query", "keys", "scores"],
    )
    yield _Step(
        f"5  Divide by {root}",
        f"'{tokens[best]}': {_written(score)} / {root} = {_written(divided)}",
        ["divided"],
        ["scores", "divided"],
    )
    yield _Step(
        "6  Softmax: the weights",
        f"'{tokens[best]}': e to the power of {_written(divided)}, divided by the sum",
        ["weights"],
        ["divided", "weights"],
    )
    yield _Step(
        "7  The output: the values, each times its weight",
        _products(first["weights"], column["values"]),
        ["output"],
        ["weights", "values", "output"],
    )


def _products(one: Sequence[float], other: Sequence[float]) -> str:
    """Write a sum of products out, with its result."""
    terms = " + ".join(
        f"{_written(a)} · {_bracketed(b)}" for a, b in zip(one, other, strict=True)
    )
    return f"{terms} = {_written(sum(a * b for a, b in zip(one, other, strict=True)))}"


def _bracketed(number: float) -> str:
    return f"({_written(number)})" if number < 0 else _written(number)


def _written(number: float) -> str:
    """Write a whole number without decimals, any other with two."""
    return f"{number:.0f}" if abs(number - round(number)) < 1e-4 else f"{number:.2f}"


def _draw(
    axes: Axes, step: _Step, blocks: Mapping[str, _Block], tokens: Sequence[str]
) -> tuple[list[Artist], list[Artist]]:
    """Draw a step; return what stays, and what is seen during this step only."""
    stays = [part for name in step.shown for part in _cells(axes, name, blocks[name])]
    stays += [
        part for name in step.shown for part in _labels(axes, name, blocks, tokens)
    ]
    passes: list[Artist] = [
        axes.text(GAP / 3, CAPTION, step.name, weight="bold", **NAME),
        axes.text(GAP / 3, ARITHMETIC, step.arithmetic, **NAME),
    ]
    for name in step.framed:
        block = blocks[name]
        corner, rows = (block.left, block.top), len(block.numbers)
        frame = Rectangle(corner, block.right - block.left, rows, **FRAME)
        passes.append(axes.add_patch(frame))
    return stays, passes


def _cells(axes: Axes, name: str, block: _Block) -> Iterator[Artist]:
    for row, numbers in enumerate(block.numbers.tolist()):
        for column, number in enumerate(numbers):
            x, y = block.left + column * block.wide, block.top + row
            colour = COLOURS[name]
            yield axes.add_patch(Rectangle((x, y), block.wide, 1, color=colour, **CELL))
            yield axes.text(x + block.wide / 2, y + 0.5, _written(number), **NUMBER)


def _labels(
    axes: Axes, name: str, blocks: Mapping[str, _Block], tokens: Sequence[str]
) -> Iterator[Artist]:
    """Write what a block is: above it, or beside it where it is a row of weights."""
    block = blocks[name]
    if name in BESIDE_ROWS:
        beside = block.left - GAP / 4
        yield axes.text(beside, block.top + 0.5, BESIDE_ROWS[name], **WORD)
    else:
        yield axes.text(block.left, block.top - HEADING / 2, name, **NAME)
    for number, token in enumerate(tokens):
        if name == "embeddings":
            at = (block.left - GAP / 4, block.top + number + 0.5)
            yield axes.text(*at, token, **WORD)
        if name == "scores":
            at = (block.left + (number + 0.5) * block.wide, block.top - HEADING / 2)
            yield axes.text(*at, token, **CENTRED)


def _animate(
    figure: Figure, drawn: Sequence[tuple[list[Artist], list[Artist]]]
) -> FuncAnimation:
    """Let the steps follow each other; the figure shows the last."""

    def show(frame: int) -> list[Artist]:
        now = frame // FRAMES_OF_A_STEP
        for number, (stays, passes) in enumerate(drawn):
            for artist in stays:
                artist.set_visible(number <= now)
            for artist in passes:
                artist.set_visible(number == now)
        return []

    frames = len(drawn) * FRAMES_OF_A_STEP
    animation = FuncAnimation(figure, show, frames=frames)
    # An animation that was never drawn complains when a script ends.
    figure.canvas.draw()
    show(frames - 1)
    return animation


def _attach(
    figure: Figure, name: str, rows: list[list[float]], tokens: Sequence[str]
) -> None:
    """Keep a block as a table, with the words beside its rows or above its columns."""
    of_words = name in BESIDE_ROWS
    head = tokens if of_words else [f"number {n + 1}" for n in range(len(rows[0]))]
    labels = tokens if len(rows) > 1 else [name]
    pairs = zip(labels, rows, strict=True)
    attach_table(figure, name, ["", *head], [*pairs])
