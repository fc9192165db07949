"""Curves and bars: one quantity against another."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from cycler import cycler
from matplotlib.figure import Figure

from nnbasics import _checks as check
from nnbasics._figure_tables import attach_table
from nnbasics.plotting.style import BLUE, SERIES, in_lesson_style, new_figure

__all__ = ["plot_bars", "plot_curves"]

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
        One set of axes, with a legend if there are several curves.

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
    for label, values in curves.items():
        # None takes the marker from LOOKS.
        marker = None if len(places) <= MOST_ROWS else ""
        axes.plot(places, values, label=label, marker=marker)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.grid()
    if len(curves) > 1:
        axes.legend()
    if log_x:
        axes.set_xscale("log")
        axes.set_xticks(places, labels=[f"{place:g}" for place in places])
        axes.minorticks_off()
    if log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    if len(places) <= MOST_ROWS:
        _attach_curves(figure, curves, places, xlabel, ylabel)
    return figure


def _require_curves(curves: Mapping[str, Sequence[float]], places: int) -> None:
    check.require_some("curves", curves, "curve")
    if len(curves) > len(LOOKS):
        raise ValueError(
            f"curves must hold at most {len(LOOKS)} curves, as many as can be told "
            f"apart, got {len(curves)}"
        )
    lengths = {label: len(values) for label, values in curves.items()}
    if places == 0 or set(lengths.values()) != {places}:
        raise ValueError(
            "curves must have one value for each place on the x axis, the same number "
            f"of at least 1 for every curve, got {lengths} for {places} place(s)"
        )


def _attach_curves(
    figure: Figure,
    curves: Mapping[str, Sequence[float]],
    places: Sequence[float],
    xlabel: str,
    ylabel: str,
) -> None:
    rows = [
        (f"{place:g}", [values[number] for values in curves.values()])
        for number, place in enumerate(places)
    ]
    attach_table(figure, ylabel, [xlabel, *curves], rows, number_format=".3g")


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
