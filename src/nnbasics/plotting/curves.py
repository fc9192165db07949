"""Curves and bars: one quantity against another."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnbasics import _checks as check
from nnbasics._figure_tables import attach_table
from nnbasics.plotting.style import (
    BLUE,
    INK,
    SERIES,
    in_lesson_style,
    new_figure,
    require_colours,
)

__all__ = ["plot_bars", "plot_curves", "plot_shares"]

# Each curve has a colour, a dash and a marker of its own.
LOOKS = cycler(
    color=SERIES, linestyle=["-", "--", "-.", ":"], marker=["o", "s", "D", "^"]
)
# Of more values than this, a table is no help.
MOST_ROWS = 20
# In inches.
HEIGHT_OF_CURVES, HEIGHT_OF_BARS = 3.4, 3.2
BAR: Any = {"color": BLUE, "width": 0.7}
# A number stands above its bar, and a part of the axis is left for it.
NUMBER: Any = {"fmt": "{:.3g}", "padding": 2}
ROOM_ABOVE = 0.12
LETTERS_IN_A_LINE = 11  # of the label of a bar
# Groups of bars: the height of a panel, what a group takes of its place on the axis,
# and the room for numbers above and below the bars.
HEIGHT_OF_PANEL, GROUP, ROOM_FOR_NUMBERS = 2.3, 0.84, 0.2


@in_lesson_style
def plot_curves(
    curves: Mapping[str, Sequence[float]],
    *,
    x: Sequence[float] | None = None,
    xlabel: str,
    ylabel: str,
    log_x: bool = False,
    log_y: bool = False,
) -> Figure:
    """Draw one or several curves over the same x.

    Parameters
    ----------
    curves : mapping of str to sequence of float
        The values of each curve by its label. There may be four curves: more cannot be
        told apart.
    x : sequence of float, optional
        Where the values stand; 0, 1, 2, ... if not given.
    xlabel, ylabel : str
        The labels of the axes.
    log_x, log_y : bool
        Whether an axis is logarithmic. A logarithmic x axis has a tick at each value.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes, with a legend above if there are several curves.

    Examples
    --------
    >>> figure = plot_curves({"loss": [0.3, 0.1]}, xlabel="epoch", ylabel="loss")
    >>> len(figure.axes[0].lines)
    1
    """
    places = x if x is not None else range(len(next(iter(curves.values()), ())))
    _require_curves(curves, len(places))
    figure, axes = new_figure(HEIGHT_OF_CURVES)
    axes.set_prop_cycle(LOOKS)
    # Few values are marked; None takes the marker from LOOKS.
    marker = None if len(places) <= MOST_ROWS else ""
    for label, values in curves.items():
        axes.plot(places, values, label=label, marker=marker)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.grid()
    if len(curves) > 1:  # above the curves, which may be anywhere
        figure.legend(loc="outside upper center", ncols=2)
    if log_x:
        axes.set_xscale("log")
        axes.set_xticks(places, labels=[f"{place:g}" for place in places])
        axes.minorticks_off()
    elif all(isinstance(place, int) for place in places):
        axes.locator_params(axis="x", integer=True)
    if log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    if len(places) <= MOST_ROWS:
        columns = zip(*curves.values(), strict=True)
        rows = zip([f"{place:g}" for place in places], columns, strict=True)
        attach_table(figure, ylabel, [xlabel, *curves], rows, number_format=".3g")
    return figure


def _require_curves(curves: Mapping[str, Sequence[float]], places: int) -> None:
    require_colours("the number of curves", len(curves))
    lengths = {label: len(values) for label, values in curves.items()}
    if places == 0 or set(lengths.values()) != {places}:
        raise ValueError(
            "curves must have one value for each place on the x axis, the same number "
            f"of at least 1 for every curve, got {lengths} for {places} place(s)"
        )


@in_lesson_style
def plot_bars(heights: Mapping[str, float], *, xlabel: str, ylabel: str) -> Figure:
    """Draw a bar for each label, with its number above it.

    Parameters
    ----------
    heights : mapping of str to float
        The height of each bar by its label.
    xlabel, ylabel : str
        The labels of the axes.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes.

    Examples
    --------
    >>> figure = plot_bars({"0.5": 0, "10": 100}, xlabel="rate", ylabel="solved")
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['0', '100']
    """
    check.require_some("heights", heights, "bar")
    figure, axes = new_figure(HEIGHT_OF_BARS)
    labels = [textwrap.fill(label, LETTERS_IN_A_LINE) for label in heights]
    bars = axes.bar(labels, list(heights.values()), **BAR)
    axes.bar_label(bars, **NUMBER)
    axes.grid(axis="y")
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.margins(y=ROOM_ABOVE)
    rows = [(label, [height]) for label, height in heights.items()]
    attach_table(figure, "", [xlabel, ylabel], rows, number_format=".3g")
    return figure


@in_lesson_style
def plot_shares(
    panels: Mapping[str, Mapping[str, Sequence[float]]],
    labels: Sequence[str],
    *,
    ylabel: str,
) -> Figure:
    """Draw groups of bars, one panel below the other, all on one scale.

    Parameters
    ----------
    panels : mapping of str to mapping of str to sequence of float
        The panels by title; in each the groups by name, with the same names; in each of
        these a number for each label.
    labels : sequence of str
        What the bars of a group stand for, at most four.
    ylabel : str
        What the numbers are.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes for each panel, with one legend.

    Examples
    --------
    >>> panels = {"scores 3 and 1": {"raw": [0.75, 0.25], "e": [0.88, 0.12]}}
    >>> figure = plot_shares(panels, ["the", "cat"], ylabel="share")
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['0.75', '0.88', '0.25', '0.12']
    """
    _require_panels(panels, labels)
    height = HEIGHT_OF_PANEL * len(panels) + 0.4
    options: Any = {"sharex": True, "sharey": True, "squeeze": False}
    figure, grid = new_figure(height, nrows=len(panels), **options)
    for axes, (title, groups) in zip(grid.flat, panels.items(), strict=True):
        _draw_groups(axes, groups, labels)
        axes.set(title=title, ylabel=ylabel)
        axes.margins(y=ROOM_FOR_NUMBERS)
        rows = [(name, [*numbers]) for name, numbers in groups.items()]
        attach_table(figure, f"{title}, {ylabel}", ["group", *labels], rows)
    figure.legend(
        *grid[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4
    )
    return figure


def _require_panels(
    panels: Mapping[str, Mapping[str, Sequence[float]]], labels: Sequence[str]
) -> None:
    check.require_some("panels", panels, "panel")
    require_colours("the number of labels", len(labels))
    if len({tuple(groups) for groups in panels.values()}) > 1:
        raise ValueError(
            "panels must have groups of the same names, got "
            f"{[list(groups) for groups in panels.values()]}"
        )
    sizes = {len(numbers) for groups in panels.values() for numbers in groups.values()}
    if sizes != {len(labels)}:
        raise ValueError(
            f"each group of panels must have a number for each of the {len(labels)} "
            f"label(s), and there must be a group; got groups of {sorted(sizes)}"
        )


def _draw_groups(
    axes: Axes, groups: Mapping[str, Sequence[float]], labels: Sequence[str]
) -> None:
    """Draw the bars of each label, beside those of the others, over all groups."""
    width = GROUP / len(labels)
    for number, label in enumerate(labels):
        offset = (number + 0.5) * width - GROUP / 2
        heights = [numbers[number] for numbers in groups.values()]
        places = [group + offset for group in range(len(groups))]
        bars = axes.bar(places, heights, width, label=label, color=SERIES[number])
        axes.bar_label(bars, fmt="{:.2f}", padding=2)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xticks(range(len(groups)), [*groups])
    axes.tick_params(axis="x", length=0)
