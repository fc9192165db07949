"""The figure of what each head depends on."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.plotting._checks import require_panels
from nnbasics.plotting.style import SEQUENTIAL, figure_style, new_figure

__all__ = ["plot_head_inputs"]


def plot_head_inputs(effects: Mapping[str, Tensor], *, alt: str) -> Figure:
    """Show how strongly each head's output depends on each feature of the input.

    Parameters
    ----------
    effects : mapping of str to Tensor of shape (num_heads, d_model)
        For each case by its title: how much the output of a head (row) changes when a
        feature of the input (column) is changed; 0 or more.
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        One heatmap for each case, below each other, on one colour scale with one
        colour bar.

    Raises
    ------
    TypeError
        If a case is not a tensor.
    ValueError
        If there is no case, or one is not two-dimensional or empty.

    Examples
    --------
    >>> import torch
    >>> from matplotlib import pyplot as plt
    >>> figure = plot_head_inputs({"all": torch.ones(2, 6)}, alt="Ones everywhere.")
    >>> figure.axes[0].get_title()
    'all'
    >>> plt.close(figure)
    """
    require_panels("effects", effects)
    for title, effect in effects.items():
        check.require_tensor(f"effects[{title!r}]", effect)
        if effect.dim() != 2 or effect.numel() == 0:
            raise ValueError(
                f"effects[{title!r}] must have the shape (num_heads, d_model), got "
                f"{tuple(effect.shape)}"
            )
    largest = max(effect.max().item() for effect in effects.values())
    with figure_style():
        figure, grid = new_figure(
            alt, len(effects), height=2.1 * len(effects) + 0.3, squeeze=False
        )
        for axes, (title, effect) in zip(grid.flat, effects.items(), strict=True):
            mesh = axes.pcolormesh(
                effect.detach().numpy(), cmap=SEQUENTIAL, vmin=0.0, vmax=largest
            )
            axes.set(title=title, ylabel="head", ylim=(len(effect), 0))
            axes.set_yticks([head + 0.5 for head in range(len(effect))])
            axes.set_yticklabels([str(head) for head in range(len(effect))])
            axes.grid(visible=False)
        grid[-1, 0].set_xlabel("feature of the input")
        figure.colorbar(mesh, ax=grid, label="change of the head's output (largest: 1)")
    return figure
