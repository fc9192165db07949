"""Slopes in motion: of a loss against one number, and backwards through a chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.animation import FuncAnimation
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.text import Text

from nnbasics._figure_tables import attach_table
from nnbasics.plotting.style import (
    BLUE,
    CENTRED,
    INK,
    MUTED,
    ORANGE,
    in_lesson_style,
)
from nnbasics.plotting.videos import animated, held, new_stage

__all__ = ["animate_chain", "animate_knob"]

HEIGHT_OF_CURVE = 3.4  # inches
MARGINS = {"left": 0.15, "right": 0.97, "bottom": 0.16, "top": 0.89}
CURVE: Any = {"color": BLUE, "linewidth": 2}
POINT: Any = {"color": ORANGE, "marker": "o", "markersize": 10}
TANGENT: Any = {"color": ORANGE, "linestyle": "--"}
REACH = 0.15  # of the tangent on either side, as a share of the curve's width

# The rows of the chain, in inches from the middle of one to that of the next, and the
# boxes, (width, height), as shares of the width and of a row.
ROW, BOX = 1.15, (0.29, 0.5)
MOST_IN_A_ROW = 3
ABOVE_VALUE = 0.11  # of a value above the middle of its box, of a slope below it
OUTLINE: Any = {"fill": False, "edgecolor": INK, "linewidth": 1.2}
ARROW: Any = {"arrowstyle": "-|>", "mutation_scale": 12, "color": MUTED}
LINK: Any = {"color": MUTED, "va": "center"}
SLOPE: Any = {**CENTRED, "color": BLUE, "weight": "bold"}
BESIDE, UNDER = 0.012, 0.13  # from an arrow to its number

Place = tuple[float, float]


@in_lesson_style
def animate_knob(
    places: Sequence[float],
    losses: Sequence[float],
    start: float,
    *,
    xlabel: str,
) -> FuncAnimation:
    """Move a point along the curve of a loss, with the tangent that is its slope.

    The point goes through all places in turn, and comes to rest where the number
    stands. The slope is that between its two neighbours.

    Parameters
    ----------
    places : sequence of float
        What the number is turned to, rising, at least three.
    losses : sequence of float
        The loss at each of them.
    start : float
        What the number is; the video ends at the place next to it.
    xlabel : str
        What the number is called.

    Returns
    -------
    matplotlib.animation.FuncAnimation
        A frame for each place, and a second at the end. Its figure is the current one.

    Examples
    --------
    >>> animation = animate_knob([-1, 0, 1], [1, 0, 1], start=1, xlabel="x")
    """
    _require_curve(places, losses)
    slopes = np.gradient(losses, places)
    figure, axes = new_stage(HEIGHT_OF_CURVE, **MARGINS)
    axes.plot(places, losses, **CURVE)
    axes.grid()
    axes.set(xlabel=xlabel, ylabel="loss", xlim=axes.get_xlim(), ylim=axes.get_ylim())
    (tangent,), (point,) = axes.plot([], [], **TANGENT), axes.plot([], [], **POINT)
    reach = REACH * (places[-1] - places[0])

    def draw(moment: int) -> list[Any]:
        x, y, slope = places[moment], losses[moment], slopes[moment]
        axes.set_title(f"at {x:.2f} the loss is {y:.3f} and its slope {slope:+.3f}")
        point.set_data([x], [y])
        rise = reach * slope
        tangent.set_data([x - reach, x + reach], [y - rise, y + rise])
        return [point, tangent]

    rest = int(np.argmin(np.abs(np.asarray(places) - start)))
    return animated(figure, draw, [*range(len(places)), *held([rest])])


def _require_curve(places: Sequence[float], losses: Sequence[float]) -> None:
    if len(places) < 3 or len(places) != len(losses):
        raise ValueError(
            "places must hold at least 3 numbers, and losses one for each of them, got "
            f"{len(places)} and {len(losses)}"
        )
    if not np.all(np.diff(places) > 0):
        raise ValueError(f"places must rise from each to the next, got {[*places]}")


@in_lesson_style
def animate_chain(
    values: Mapping[str, float], links: Mapping[tuple[str, str], float]
) -> FuncAnimation:
    """Draw numbers that depend on each other, and fill in their slopes backwards.

    What depends on nothing stands on top, the end of the chain below. The first frames
    show the values, the next ones the slope of each link. Then the slope of the end
    with respect to each number appears, one after the other, the last number first: the
    slope of the number which it leads to, times that of the link.

    Parameters
    ----------
    values : mapping of str to float
        The numbers by name: first up to three that depend on nothing, then the chain.
    links : mapping of (str, str) to float
        How fast the second number of each pair changes with the first, from above.

    Returns
    -------
    matplotlib.animation.FuncAnimation
        Each step is shown for a second. Its figure is the current one.

    Examples
    --------
    >>> animation = animate_chain(
    ...     values={"x": 1.0, "u": 3.0, "v": 6.0},
    ...     links={("x", "u"): 3.0, ("u", "v"): 2.0},
    ... )
    """
    tops, chain = _order(values, links)
    slopes, places = _slopes(links), _places(tops, chain)
    figure, axes = new_stage(ROW * (1 + len(chain)), left=0, right=1, bottom=0, top=1)
    axes.set(xlim=(0, 1), ylim=(len(chain) + 0.5, -0.5))
    axes.set_axis_off()
    for name, (x, y) in places.items():
        _draw_box(axes, (x, y), f"{name} = {values[name]:.3f}")
    numbers = [_draw_link(axes, places, *link) for link in links.items()]
    written = [_write_slope(axes, places[name], slopes[name]) for name in slopes]

    def draw(moment: int) -> list[Any]:
        plt.setp(numbers, visible=moment >= 1)
        for step, slope in enumerate(written):
            slope.set_visible(moment >= 2 + step)
        return [*numbers, *written]

    table = [(name, [values[name], slopes[name]]) for name in values]
    attach_table(figure, "", ["number", "value", "slope"], table, ".3f")
    return animated(figure, draw, held(range(2 + len(slopes))))


def _order(
    values: Mapping[str, float], links: Mapping[tuple[str, str], float]
) -> tuple[list[str], list[str]]:
    """Return what depends on nothing, and what comes one after the other."""
    ends = {end for _, end in links}
    tops = [name for name in values if name not in ends]
    chain = [name for name in values if name in ends]
    expected = [*product(tops, chain[:1]), *pairwise(chain)]
    if not chain or len(tops) > MOST_IN_A_ROW or [*links] != expected:
        raise ValueError(
            f"links must lead from each of the first numbers, at most {MOST_IN_A_ROW}, "
            f"to the next one in values, and then from each to the next, got {[*links]}"
        )
    return tops, chain


def _slopes(links: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Return how fast the end changes with each number, the end itself first."""
    *_, (_, last) = links
    slopes = {last: 1.0}
    for start, end in reversed([*links]):
        slopes[start] = links[start, end] * slopes[end]
    return slopes


def _places(tops: Sequence[str], chain: Sequence[str]) -> dict[str, Place]:
    """Return the middle of each box: its share of the width, and its row."""
    width = 1 / len(tops)
    places = {name: ((number + 0.5) * width, 0.0) for number, name in enumerate(tops)}
    return places | {name: (0.5, 1.0 + row) for row, name in enumerate(chain)}


def _draw_box(axes: Axes, place: Place, text: str) -> None:
    corner = (place[0] - BOX[0] / 2, place[1] - BOX[1] / 2)
    axes.add_patch(Rectangle(corner, *BOX, **OUTLINE))
    axes.text(place[0], place[1] - ABOVE_VALUE, text, **CENTRED)


def _draw_link(
    axes: Axes, places: Mapping[str, Place], link: tuple[str, str], slope: float
) -> Text:
    """Draw an arrow from a box to one below, and return the slope beside it."""
    (x, y), (to_x, to_y) = places[link[0]], places[link[1]]
    # Arrows that come from the sides end beside the middle.
    start, end = (x, y + BOX[1] / 2), (to_x + 0.2 * (x - to_x), to_y - BOX[1] / 2)
    axes.add_patch(FancyArrowPatch(start, end, shrinkA=0, shrinkB=0, **ARROW))
    # The number stands right of an upright arrow, and under one that comes from a side.
    side = -1 if x < to_x else 1
    under = UNDER if x != to_x else 0.0
    middle = (start[0] + end[0]) / 2 + side * BESIDE, (start[1] + end[1]) / 2 + under
    look = {**LINK, "ha": "left" if side > 0 else "right"}
    return axes.text(*middle, f"× {slope:.3f}", **look)


def _write_slope(axes: Axes, place: Place, slope: float) -> Text:
    return axes.text(place[0], place[1] + ABOVE_VALUE, f"slope {slope:+.3f}", **SLOPE)
