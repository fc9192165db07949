"""Figures of many heads, on one colour scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._table import attach_table
from nnbasics.plotting._checks import require_panels
from nnbasics.plotting._head_panels import (
    add_colour_bar,
    draw_heatmap,
    name_tokens,
    require_square,
    write_weights,
)
from nnbasics.plotting.style import WIDTH, figure_style, new_figure

__all__ = ["plot_heads", "plot_heads_compared"]


def plot_heads(
    heads: Mapping[str, Tensor], tokens: Sequence[str], *, alt: str, columns: int = 2
) -> Figure:
    """Draw several heads in one figure, on one colour scale with one colour bar.

    A weight is written with two decimals and without its leading zero. A weight that
    would be written as .00 is left out: an empty cell holds less than 0.005.

    Parameters
    ----------
    heads : mapping of str to Tensor of shape (length, length)
        The attention weights of each head by its title, between 0 and 1: a row for
        each query, a column for each key.
    tokens : sequence of str
        The words on both axes, `length` of them. The words of the queries are written
        in the first column only, to leave room for the numbers.
    alt : str
        What the figure shows, for those who cannot see it.
    columns : int
        How many heads stand side by side; with more than two, the numbers cannot be
        read on a phone.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes for each head and one for the colour bar.

    Raises
    ------
    TypeError
        If a head is not a tensor or `columns` is not an int.
    ValueError
        If there is no head or no column, a head is not two-dimensional, the tokens do
        not fit its shape, or a number is not from 0 to 1.

    Examples
    --------
    >>> import torch
    >>> heads = {"head 0": torch.eye(2), "head 1": torch.full((2, 2), 0.5)}
    >>> figure = plot_heads(heads, ["the", "cat"], alt="Two heads that differ.")
    >>> [axes.get_title() for axes in figure.axes]
    ['head 0', 'head 1', '']
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['1.0', '1.0']
    """
    require_panels("heads", heads, columns)
    for title, weights in heads.items():
        require_square(f"heads[{title!r}]", weights, len(tokens))
    rows = -(-len(heads) // columns)
    side = (WIDTH - 0.7) / columns
    with figure_style():
        figure, grid = new_figure(
            alt, rows, columns, height=(side + 1.0) * rows + 0.5, squeeze=False
        )
        for axes, (title, weights) in zip(grid.flat, heads.items(), strict=False):
            draw_heatmap(axes, weights, title)
            write_weights(axes, weights)
            name_tokens(axes, tokens, beside=axes in grid[:, 0])
            attach_table(
                figure,
                caption=f"{title}, attention weight",
                head=["query", *tokens],
                rows=zip(tokens, weights.tolist(), strict=True),
            )
        for axes in grid.flat[len(heads) :]:
            axes.set_axis_off()
        add_colour_bar(figure, grid)
    return figure


def plot_heads_compared(
    models: Mapping[str, Tensor], tokens: Sequence[str], *, alt: str
) -> Figure:
    """Draw the heads of two models side by side, without numbers, on one scale.

    Parameters
    ----------
    models : mapping of str to Tensor of shape (num_heads, length, length)
        The attention weights of two models by their names, with the same number of
        heads. Each model gets two columns of heatmaps.
    tokens : sequence of str
        The words on both axes, `length` of them; they are written beside the heads of
        the first column. The columns are in the same order.
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes for each head and one for the colour bar.

    Raises
    ------
    TypeError
        If the weights of a model are not a tensor.
    ValueError
        If there are not two models, one has no head, their numbers of heads differ,
        the tokens do not fit, or a number is not from 0 to 1.

    Examples
    --------
    >>> import torch
    >>> flat, sharp = torch.full((2, 2, 2), 0.5), torch.eye(2).expand(2, 2, 2)
    >>> figure = plot_heads_compared(
    ...     {"random": flat, "trained": sharp}, ["the", "cat"], alt="Flat, then sharp."
    ... )
    >>> [axes.get_title() for axes in figure.axes[:4]]
    ['random 0', 'random 1', 'trained 0', 'trained 1']
    """
    _require_two_models(models, len(tokens))
    num_heads = len(next(iter(models.values())))
    rows = -(-num_heads // 2)
    with figure_style():
        figure, grid = new_figure(alt, rows, 4, height=1.45 * rows + 1.2, squeeze=False)
        for axes in grid.flat:
            axes.set_axis_off()
        for model, (name, weights) in enumerate(models.items()):
            panels = grid[:, 2 * model : 2 * model + 2].flat
            for head in range(num_heads):
                panels[head].set_axis_on()
                draw_heatmap(panels[head], weights[head], f"{name} {head}")
        for axes in grid[:, 0]:
            name_tokens(axes, tokens, below=False)
        add_colour_bar(figure, grid)
    return figure


def _require_two_models(models: Mapping[str, Tensor], length: int) -> None:
    if len(models) != 2:
        raise ValueError(f"models must hold two models, got {len(models)}")
    for name, weights in models.items():
        check.require_tensor(f"models[{name!r}]", weights)
    # The first model says how many heads there are; each must have one at least.
    num_heads = max(1, len(next(iter(models.values()))))
    for name, weights in models.items():
        form = "(num_heads, length, length) for both models"
        shape = (num_heads, length, length)
        check.require_shape(f"models[{name!r}]", weights, shape, form)
        check.require_weights(f"models[{name!r}]", weights)
