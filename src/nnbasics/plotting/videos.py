"""What videos share: a figure whose layout stays, and frames that are held.

The site makes the dark video from the same figure, with its colours exchanged once,
before the first frame. So a frame changes numbers, words and what is visible, and
neither makes something new in a colour nor sets one; a text has no box behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from nnbasics.plotting.style import new_figure

__all__ = ["animated", "held", "new_stage"]

HELD = 5  # frames, a second
# Inches: a browser lays its controls over the lower end of a video that stands still.
FOR_CONTROLS = 0.8


def new_stage(
    height: float, bottom: float, top: float, **sides: float
) -> tuple[Figure, Any]:
    """Make a figure with one set of axes, and room below for a video's controls.

    The axes reach from `bottom` to `top`, shares of the height in inches without this
    room. The constrained layout of other figures would be worked out for each frame.
    """
    # In whole tenths: a video needs an even number of pixels.
    whole = round(height + FOR_CONTROLS, 1)
    height = whole - FOR_CONTROLS
    figure, axes = new_figure(whole, layout="none")
    low, high = ((share * height + FOR_CONTROLS) / whole for share in (bottom, top))
    figure.subplots_adjust(bottom=low, top=high, **sides)
    return figure, axes


def held(moments: Iterable[int], frames: int = HELD) -> list[int]:
    """Show each moment for a second, or for so many frames.

    Examples
    --------
    >>> held([0, 1])
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    """
    return [moment for moment in moments for _ in range(frames)]


def animated(
    figure: Figure, draw: Callable[[int], list[Any]], moments: list[int]
) -> FuncAnimation:
    """Make a video, a frame for each moment that `draw` is called with.

    Its figure shows the last of them: a notebook has no other picture.
    """
    animation = FuncAnimation(figure, draw, frames=moments)
    # An animation that was never drawn complains when a script ends.
    figure.canvas.draw()
    draw(moments[-1])
    return animation
