"""The colours and sizes that all figures share.

Figures are drawn in the colours of the light theme. The site makes the picture for
its dark theme by exchanging each colour for its counterpart in `DARK_COUNTERPARTS`;
a colour that is not in that table, such as those of a colormap, is the same in both.
"""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

__all__ = ["DARK_COUNTERPARTS", "in_lesson_style", "new_figure", "new_grid"]

INK = "#1f2430"
MUTED = "#59606e"
GRID = "#d5d9e0"
PAPER = "#fffffe"

# Told apart with the common colour-vision deficiencies (Okabe and Ito, 2008), and
# always drawn together with a dash, a marker or a label.
BLUE = "#0072b2"
ORANGE = "#d55e00"
GREEN = "#008a63"
PURPLE = "#b8588f"
SERIES = (BLUE, ORANGE, GREEN, PURPLE)

# Text on the cells of a heatmap: the same in both themes, as the cells are.
ON_DARK_CELL = "#ffffff"
ON_LIGHT_CELL = "#000000"
BRIGHT = 0.435  # above this share of viridis, black has more contrast than white

DARK_COUNTERPARTS = {
    INK: "#e8e9ed",
    MUTED: "#a9afbb",
    GRID: "#3a3f48",
    PAPER: "#131416",
    BLUE: "#56b4e9",
    ORANGE: "#ff9d4d",
    GREEN: "#3ccf9e",
    PURPLE: "#e39cc4",
}

# Attention weights from 0 (dark) to 1 (bright), and outputs from 0 (blue) to 1 (red).
SEQUENTIAL = "viridis"
DIVERGING = "RdYlBu_r"

# Inches, at 100 pixels an inch: this width is shown at two thirds of its size on a
# phone 390 pixels wide, where text of 10 points can still be read.
WIDTH = 5.4

# Any, here and below: matplotlib types its settings by their names, which a dict
# cannot express.
CENTRED: Any = {"ha": "center", "va": "center"}
# Behind a text on a line, so that the line does not run through it.
CLEARED: Any = {"bbox": {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}}

_SETTINGS: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlesize": 11,
    "figure.constrained_layout.use": True,
    "figure.dpi": 100,
    "figure.facecolor": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.edgecolor": GRID,
    "legend.facecolor": PAPER,
    "legend.framealpha": 1.0,
    "legend.labelcolor": INK,
    "lines.linewidth": 2.0,
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 10,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 10,
}

# A decorator: what the function draws has the style of the lessons.
in_lesson_style = mpl.rc_context(_SETTINGS)


def new_figure(height: float, **subplots: Any) -> tuple[Figure, Any]:
    """Make a figure as wide as all others, with one set of axes.

    Parameters
    ----------
    height : float
        The height in inches.
    **subplots
        Passed on to :func:`matplotlib.pyplot.subplots`.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes or numpy.ndarray of them

    Examples
    --------
    >>> @in_lesson_style
    ... def plot_nothing():
    ...     return new_figure(height=2.0)
    >>> figure, axes = plot_nothing()
    >>> axes.xaxis.label.get_color() == INK
    True
    >>> plt.close(figure)
    """
    return plt.subplots(figsize=(WIDTH, height), **subplots)


def new_grid(
    height: float, rows: int, columns: int, **subplots: Any
) -> tuple[Figure, Any]:
    """Make a figure with a grid of axes, (rows, columns), which are off until used."""
    figure, grid = new_figure(
        height, nrows=rows, ncols=columns, squeeze=False, **subplots
    )
    for axes in grid.flat:
        axes.set_axis_off()
    return figure, grid


def require_colours(name: str, number: int) -> None:
    """Raise unless each has a colour of its own."""
    if not 1 <= number <= len(SERIES):
        raise ValueError(
            f"{name} must be from 1 to {len(SERIES)}, as many as there are colours, "
            f"got {number}"
        )


def colour_on_cell(share: float) -> str:
    """Return the colour of a number on a cell, by its share of the colour scale."""
    return ON_LIGHT_CELL if share > BRIGHT else ON_DARK_CELL
