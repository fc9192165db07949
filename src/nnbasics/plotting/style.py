"""The colours and sizes that all figures share.

Figures are drawn in the colours of the light theme. The site makes the picture for
its dark theme by exchanging each colour for its counterpart in `DARK_COUNTERPARTS`;
a colour that is not in that table, such as those of a colormap, is the same in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from nnbasics import _checks as check

__all__ = ["DARK_COUNTERPARTS", "figure_style", "new_figure"]

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

# Text on the cells of a heatmap: the same in both themes, as the cells are.
ON_DARK_CELL = "#ffffff"
ON_LIGHT_CELL = "#000000"

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

# Any: matplotlib types its settings by their names, which a dict cannot express.
_SETTINGS: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.prop_cycle": cycler(
        color=[BLUE, ORANGE, GREEN, PURPLE], linestyle=["-", "--", "-.", ":"]
    ),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlesize": 11,
    "figure.constrained_layout.use": True,
    "figure.dpi": 100,
    "figure.facecolor": "none",
    "figure.titlesize": 12,
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


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw what is inside the ``with`` block in the style of the lessons.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> with figure_style():
    ...     plt.rcParams["text.color"]
    '#1f2430'
    """
    with mpl.rc_context(_SETTINGS):
        yield


def new_figure(
    alt: str,
    rows: int = 1,
    columns: int = 1,
    *,
    width: float = WIDTH,
    height: float = 3.6,
    **subplots: Any,
) -> tuple[Figure, Any]:
    """Make a figure that carries its alternative text.

    Call it, and draw, inside :func:`figure_style`.

    Parameters
    ----------
    alt : str
        What the figure shows, for those who cannot see it. It is kept as the
        figure's label (:meth:`matplotlib.artist.Artist.get_label`), where the site
        finds it.
    rows, columns : int
        The grid of axes.
    width, height : float
        The size in inches. The column of text has room for 7.3, a phone for less: text
        of 10 points can be read there in figures up to the default width, 5.4.
    **subplots
        Passed on to :func:`matplotlib.pyplot.subplots`.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes or numpy.ndarray of them

    Raises
    ------
    TypeError
        If `alt` is not a str.
    ValueError
        If `alt` is empty, or there is no row or no column.

    Examples
    --------
    >>> with figure_style():
    ...     figure, axes = new_figure("A line that falls from 1 to 0.")
    >>> figure.get_label()
    'A line that falls from 1 to 0.'
    >>> plt.close(figure)
    """
    check.require_instance("alt", alt, str)
    check.require_positive_int("rows", rows)
    check.require_positive_int("columns", columns)
    if not alt.strip():
        raise ValueError(
            "alt must say in a sentence or two what the figure shows, got ''; "
            "people who cannot see the figure read it instead"
        )
    figure, axes = plt.subplots(rows, columns, figsize=(width, height), **subplots)
    figure.set_label(alt)
    return figure, axes
