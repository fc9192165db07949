"""Curves and bars: one quantity against another."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from nnbasics._table import attach_table
from nnbasics.plotting._checks import require_curves, require_panels
from nnbasics.plotting.style import BLUE, INK, figure_style, new_figure

__all__ = ["plot_bars", "plot_curves"]

# Of more values than this, a table is no help.
MOST_ROWS = 20


def plot_curves(
    curves: Mapping[str, Sequence[float]],
    *,
    x: Sequence[float] | None = None,
    xlabel: str,
    ylabel: str,
    alt: str,
    log_x: bool = False,
    log_y: bool = False,
    markers: bool = False,
    height: float = 3.4,
) -> Figure:
    """Draw one or several curves over the same x.

    Parameters
    ----------
    curves : mapping of str to sequence of float
        The values of each curve by its label; five curves at most.
    x : sequence of float, optional
        Where the values stand; 0, 1, 2, ... if not given.
    xlabel, ylabel : str
        The labels of the axes.
    alt : str
        What the figure shows, for those who cannot see it.
    log_x, log_y : bool
        Whether an axis is logarithmic. A logarithmic x axis has a tick at each value.
    markers : bool
        Whether each value is marked, as fits a handful of measurements.
    height : float
        The height in inches.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes, with a legend if there are several curves.

    Raises
    ------
    ValueError
        If there is no curve or there are more than five, or a curve does not have a
        value for each x.

    Examples
    --------
    >>> figure = plot_curves(
    ...     {"loss": [0.3, 0.1, 0.0]},
    ...     xlabel="epoch",
    ...     ylabel="loss",
    ...     alt="The loss falls from 0.3 to 0 in two steps.",
    ... )
    >>> len(figure.axes[0].lines)
    1
    """
    require_curves(curves, x)
    places = range(len(next(iter(curves.values())))) if x is None else x
    with figure_style():
        figure, axes = new_figure(alt, height=height)
        for (label, values), marker in zip(curves.items(), "osD^v", strict=False):
            axes.plot(places, values, label=label, marker=marker if markers else None)
        axes.set(xlabel=xlabel, ylabel=ylabel)
        if log_x:
            axes.set_xscale("log")
            axes.set_xticks(list(places), labels=[f"{place:g}" for place in places])
            axes.minorticks_off()
        if log_y:
            axes.set_yscale("log")
        else:
            axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        if len(curves) > 1:
            axes.legend()
    if len(places) <= MOST_ROWS:
        attach_table(
            figure,
            caption=ylabel,
            head=[xlabel, *curves],
            rows=[
                (f"{place:g}", [values[number] for values in curves.values()])
                for number, place in enumerate(places)
            ],
            number_format=".3g",
        )
    return figure


def plot_bars(
    heights: Mapping[str, float], *, xlabel: str, ylabel: str, alt: str
) -> Figure:
    """Draw a bar for each label, with its number above it.

    Parameters
    ----------
    heights : mapping of str to float
        The height of each bar by its label.
    xlabel, ylabel : str
        The labels of the axes.
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes.

    Raises
    ------
    ValueError
        If there is no bar.

    Examples
    --------
    >>> figure = plot_bars(
    ...     {"0.5": 0, "10": 100},
    ...     xlabel="learning rate",
    ...     ylabel="seeds solved",
    ...     alt="No seed is solved at 0.5, all 100 are at 10.",
    ... )
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['0', '100']
    """
    require_panels("heights", heights)
    with figure_style():
        figure, axes = new_figure(alt, height=3.2)
        labels = [textwrap.fill(label, 11) for label in heights]
        bars = axes.bar(labels, list(heights.values()), color=BLUE, width=0.7)
        axes.bar_label(bars, fmt="{:.3g}", color=INK, padding=2)
        axes.grid(visible=False, axis="x")
        axes.set(xlabel=xlabel, ylabel=ylabel)
        axes.margins(y=0.12)
    attach_table(
        figure,
        caption="",
        head=[xlabel, ylabel],
        rows=[(label, [height]) for label, height in heights.items()],
        number_format=".3g",
    )
    return figure
