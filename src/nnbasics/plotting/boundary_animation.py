"""A decision boundary that forms while a network learns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.animation import FuncAnimation
from torch import nn

from nnbasics.plotting._checks import require_panels
from nnbasics.plotting.decision_boundary import (
    GRID_RANGE,
    TICKS,
    answers_on_grid,
    draw_boundary,
    mark_points,
)
from nnbasics.plotting.style import DIVERGING, figure_style, new_figure

__all__ = ["animate_decision_boundary"]

MILLISECONDS_PER_FRAME = 200


def animate_decision_boundary(
    networks: Mapping[str, nn.Module], *, alt: str
) -> FuncAnimation:
    """Show the plane as several networks answer it, one after the other.

    In a notebook, ``HTML(animation.to_jshtml())`` plays it, with ``HTML`` from
    ``IPython.display``.

    Parameters
    ----------
    networks : mapping of str to torch.nn.Module
        The network at several moments of its training, by title. A network maps
        (points, 2) to (points, 1), or to a tuple that begins with it.
    alt : str
        What the animation shows, for those who cannot see it.

    Returns
    -------
    matplotlib.animation.FuncAnimation
        A frame for each network. Its figure shows the first one.

    Raises
    ------
    ValueError
        If there is no network.

    Examples
    --------
    >>> from nnbasics import XORNetwork
    >>> moments = {"start": XORNetwork(), "end": XORNetwork()}
    >>> animation = animate_decision_boundary(moments, alt="The answers change.")
    """
    require_panels("networks", networks)
    titles = list(networks)
    # Computed here and not in each frame: an animation may be drawn more than once.
    grids = [answers_on_grid(network) for network in networks.values()]
    with figure_style():
        # A fixed layout: the constrained one is worked out anew for each frame.
        figure, axes = new_figure(alt, height=4.4, layout="none")
        figure.subplots_adjust(left=0.12, right=0.98, bottom=0.12, top=0.92)
        image = axes.imshow(
            grids[0][2],
            extent=(*GRID_RANGE, *GRID_RANGE),
            origin="lower",
            interpolation="bilinear",
            cmap=DIVERGING,
            vmin=0.0,
            vmax=1.0,
        )
        mark_points(axes, large=True)
        axes.grid(visible=False)
        axes.set(xlabel="input 1", ylabel="input 2", xticks=TICKS, yticks=TICKS)
        figure.colorbar(image, ax=axes, label="output", shrink=0.9)
        lines: list[Any] = []

        def draw(frame: int) -> list[Any]:
            while lines:
                lines.pop().remove()
            image.set_data(grids[frame][2])
            boundary = draw_boundary(axes, *grids[frame])
            if boundary is not None:
                lines.append(boundary)
            axes.set_title(titles[frame])
            return [image]

        animation = FuncAnimation(
            figure, draw, frames=len(titles), interval=MILLISECONDS_PER_FRAME
        )
        # An animation that was never drawn complains when a script ends.
        figure.canvas.draw()
    return animation
