"""One word on its way through an attention, from its embedding to the output."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.animation import FuncAnimation
from matplotlib.axes import Axes
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
)
from nnbasics.plotting.tables import draw_table, name_rows, sum_of_products, written
from nnbasics.plotting.videos import animated, held, new_stage

__all__ = ["animate_one_word"]

# What each step is called, and what takes part in it.
STEPS = {
    "The query: embedding times W_Q": ("word", "W_Q", "query"),
    "The keys: embeddings times W_K": ("embeddings", "W_K", "keys"),
    "The values: embeddings times W_V": ("embeddings", "W_V", "values"),
    "The scores: the query times each key": ("query", "keys", "score"),
    "Divide by the square root of d_k": ("score", "divided"),
    "Softmax: the weights": ("divided", "weight"),
    "The output: the values, each times its weight": ("weight", "values", "output"),
}
FRAMES_OF_A_STEP = 8
MOST_COLUMNS = 10  # of numbers side by side: more are too small to be read

# In units of one cell: what is beside a row of numbers, what is between two tables, the
# height of a heading, where the first table stands, and the width of the cells of
# those that are not whole numbers.
BESIDE, GAP, HEADING, TOP, WIDE = 1.6, 0.9, 0.9, 3.0, 1.5
CAPTION, ARITHMETIC = (0.3, 0.55), (0.3, 1.35)

OF_EACH_WORD = ("score", "divided", "weight")  # rows with a number for each word
COLOURS = {"embeddings": MUTED, "W_Q": BLUE, "W_K": ORANGE, "W_V": GREEN}
COLOURS |= {"query": BLUE, "keys": ORANGE, "values": GREEN}  # purple what is wide
FRAME: Any = {"fill": False, "edgecolor": INK, "linewidth": 2}
NAME: Any = {"ha": "left", "va": "center"}
BOLD: Any = {**NAME, "weight": "bold"}

Place = tuple[float, float]  # left, top


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
        Seven steps of 8 frames. Its figure is the current one.

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
    places, width, height = _places(numbers, row)
    figure, axes = new_stage(WIDTH * height / width, 0, 1, left=0, right=1)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    drawn = {
        name: _draw(axes, name, numbers[name], place, tokens)
        for name, place in places.items()
        if name != "word"  # a row of the embeddings
    }
    frames = {
        name: _frame(axes, name, numbers[name], place) for name, place in places.items()
    }
    lines = _arithmetic(numbers, tokens, row)
    caption, line = axes.text(*CAPTION, "", **BOLD), axes.text(*ARITHMETIC, "", **NAME)

    def draw(step: int) -> list[Any]:
        so_far = {"embeddings"}.union(*[*STEPS.values()][: step + 1])
        title, parts = [*STEPS.items()][step]
        for name, artists in drawn.items():
            plt.setp(artists, visible=name in so_far)
        for name, frame in frames.items():
            frame.set_visible(name in parts)
        caption.set_text(f"{step + 1}  {title}")
        line.set_text(lines[step])
        return [caption, line]

    rows = [(name, numbers[name][0].tolist()) for name in OF_EACH_WORD]
    attach_table(figure, f"the row of '{tokens[row]}'", ["step", *tokens], rows)
    return animated(figure, draw, held(range(len(STEPS)), FRAMES_OF_A_STEP))


def _require_fitting(
    embeddings: Tensor, matrices: Mapping[str, Tensor], tokens: Sequence[str], row: int
) -> None:
    check.require_rank("embeddings", embeddings, 2, "(length, d_model)")
    length, d_model = len(tokens), embeddings.size(1)
    check.require_shape(
        "embeddings", embeddings, (length, d_model), "(length, d_model)"
    )
    names = ("w_query", "w_key", "w_value")
    for name, matrix in zip(names, matrices.values(), strict=True):
        check.require_rank(name, matrix, 2, "(d_model, columns)")
        columns = matrix.size(1)
        check.require_shape(name, matrix, (d_model, columns), "(d_model, columns)")
    w_query, w_key, _ = matrices.values()
    check.require_same_size("w_query", w_query, -1, "w_key", w_key, "d_k")
    columns = d_model + sum(matrix.size(1) for matrix in matrices.values())
    if columns > MOST_COLUMNS:
        raise ValueError(
            f"embeddings and matrices must have at most {MOST_COLUMNS} columns in all, "
            f"or their numbers are too small to be read, got {columns}"
        )
    check.require_index("row", row, length)


def _compute(x: Tensor, matrices: Mapping[str, Tensor], row: int) -> dict[str, Tensor]:
    """Return by name all numbers of the way, each as a table."""
    query, keys, values = (x @ matrix for matrix in matrices.values())
    query = query[[row]]  # (1, d_k)
    scores, weights = query @ keys.T, attention_weights(query, keys)  # (1, length)
    products = {"query": query, "keys": keys, "values": values}
    of_word = {"score": scores, "divided": scores / math.sqrt(query.size(1))}
    of_word |= {"weight": weights, "output": weights @ values}
    return {"embeddings": x, "word": x[[row]], **matrices, **products, **of_word}


def _places(
    numbers: Mapping[str, Tensor], row: int
) -> tuple[dict[str, Place], float, float]:
    """Return where each table stands, products below matrices; and the size of all."""
    middle = TOP + len(numbers["W_Q"]) + HEADING
    below = middle + len(numbers["keys"]) + HEADING
    places = {"embeddings": (BESIDE, middle), "word": (BESIDE, middle + row)}
    right = BESIDE + numbers["word"].size(1)
    for matrix, product in (("W_Q", "query"), ("W_K", "keys"), ("W_V", "values")):
        places[matrix] = (right + GAP, TOP)
        places[product] = (right + GAP, middle + row * (product == "query"))
        right += GAP + numbers[matrix].size(1)
    for line, name in enumerate(OF_EACH_WORD):
        places[name] = (2 * BESIDE, below + line)
    places["output"] = (right - WIDE * numbers["output"].size(1), below + 2)
    return places, right + GAP / 2, below + 3 + GAP / 2


def _arithmetic(
    numbers: Mapping[str, Tensor], tokens: Sequence[str], row: int
) -> list[str]:
    """Work one number of each step out; after the query, that of the best key."""
    best = int(numbers["weight"].argmax())
    x, key = numbers["embeddings"][best], numbers["keys"][best]
    first = {name: table[:, 0] for name, table in numbers.items()}
    score, divided = (written(numbers[n][0, best].item()) for n in OF_EACH_WORD[:2])
    lines = [
        sum_of_products(numbers["word"][0], first["W_Q"]),
        sum_of_products(x, first["W_K"]),
        sum_of_products(x, first["W_V"]),
        sum_of_products(numbers["query"][0], key),
        f"{score} / √{len(key)} = {divided}",
        f"e to the power of {divided}, divided by the sum of all",
        sum_of_products(numbers["weight"][0], first["values"]),
    ]
    words = [tokens[row], *[tokens[best]] * 5, tokens[row]]
    return [f"'{word}': {line}" for word, line in zip(words, lines, strict=True)]


def _draw(
    axes: Axes, name: str, table: Tensor, place: Place, tokens: Sequence[str]
) -> list[Any]:
    """Draw a table with its name, and the words beside its rows or above columns."""
    left, heading = place[0], place[1] - HEADING / 2
    colours = [[COLOURS.get(name, PURPLE)] * table.size(1)] * len(table)
    drawn = draw_table(axes, place, table, colours, _wide(name))
    if name in OF_EACH_WORD:
        drawn += name_rows(axes, place, [name])
    else:
        drawn.append(axes.text(left, heading, name, **NAME))
    if name == "embeddings":
        drawn += name_rows(axes, place, tokens)
    if name == "score":
        for number, token in enumerate(tokens):
            middle = left + (number + 0.5) * WIDE
            drawn.append(axes.text(middle, heading, token, **CENTRED))
    return drawn


def _frame(axes: Axes, name: str, table: Tensor, place: Place) -> Any:
    width = table.size(1) * _wide(name)
    return axes.add_patch(Rectangle(place, width, len(table), **FRAME))


def _wide(name: str) -> float:
    return 1.0 if name in {"word", *COLOURS} else WIDE
