"""What keeps a figure from being read, measured with matplotlib's own renderer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any
from unittest.mock import patch

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex, to_rgb, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike, NDArray

from nnbasics.plotting.style import DARK_COUNTERPARTS, PAPER

# Points, in a figure of so many inches: a phone shows a wider one smaller.
SMALLEST, ON_A_PHONE = 10.0, 5.4
APART = 2.0  # pixels between two words on a line, half of a space
CONTRAST = 4.5  # WCAG 2.2, 1.4.3
# Of what lies behind a text. The rest is the rim of a cell or a grid's line; a dash
# that runs through a word is more.
NEARLY_ALL = 0.98

DrawnText = tuple[Any, Bbox]  # matplotlib does not type all of its texts


def linear(colours: ArrayLike) -> NDArray[np.float64]:
    """Return linear red, green and blue (WCAG 2.2, relative luminance)."""
    channels = np.asarray(colours)
    return np.where(
        channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    )


def contrast(first: ArrayLike, second: ArrayLike) -> Any:
    """Return the contrast ratios of colours, (..., 3), with others (WCAG 2.2)."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    one, other = linear(first) @ weights, linear(second) @ weights
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def faults(figure: Figure) -> list[str]:
    """Return what cannot be read, and why, in the light form and in the dark one."""
    texts = draw(figure)
    found = [*too_small(figure, texts), *outside(figure, texts), *meeting(texts)]
    found += [*cut_off(figure), *pale(figure, texts, PAPER)]
    recolour(figure)
    dark_paper = DARK_COUNTERPARTS[PAPER]
    return found + [f"{fault} when dark" for fault in pale(figure, texts, dark_paper)]


def draw(figure: Figure) -> list[DrawnText]:
    """Draw a figure; return each text that was drawn, and where, in pixels."""
    canvas: Any = FigureCanvasAgg(figure)
    figure.draw_without_rendering()  # so does savefig: the layout takes two rounds
    # Which of its ticks an axis draws, it decides while it draws.
    with patch.object(Text, "draw", autospec=True, side_effect=Text.draw) as drawing:
        canvas.draw()
    texts = [call.args[0] for call in drawing.call_args_list]
    return [
        (text, text.get_window_extent())
        for text in texts
        if text.get_visible() and text.get_text().strip()
    ]


def too_small(figure: Figure, texts: Iterable[DrawnText]) -> Iterator[str]:
    """Find texts that are small; a wider figure is shown smaller on a phone."""
    scale = min(1.0, ON_A_PHONE / figure.get_figwidth())
    for text, _ in texts:
        if text.get_fontsize() * scale < SMALLEST:
            yield f"{text.get_text()!r} is too small"


def outside(figure: Figure, texts: Iterable[DrawnText]) -> Iterator[str]:
    """Find texts of which a part lies outside of the canvas."""
    for text, box in texts:
        if not all(figure.bbox.contains(*corner) for corner in (box.p0, box.p1)):
            yield f"{text.get_text()!r} leaves the canvas"


def cut_off(figure: Figure) -> Iterator[str]:
    """Find boxes of which a part, and points whose middle, is beyond the limits."""
    for axes in figure.axes:
        places = [
            corner for box in axes.patches for corner in box.get_extents().corners()
        ]
        for points in axes.collections:
            if isinstance(points, PathCollection):
                places += [
                    *points.get_offset_transform().transform(points.get_offsets())
                ]
        if not all(axes.bbox.padded(1).contains(*place) for place in places):
            yield f"{axes.get_title()!r} cuts off what is drawn"


def meeting(texts: Iterable[DrawnText]) -> Iterator[str]:
    """Find pairs of texts that overlap, or run into one on the same line."""
    for (one, box), (other, other_box) in combinations(texts, 2):
        if box.overlaps(other_box.padded(APART, 0)):
            yield f"{one.get_text()!r} meets {other.get_text()!r}"


def pale(figure: Figure, texts: Iterable[DrawnText], page: str) -> Iterator[str]:
    """Find texts that differ too little from what lies behind them on a page."""
    figure.set_layout_engine("none")  # everything stays where it is
    figure.set_facecolor(page)
    for text, _ in texts:
        text.set_alpha(0.0)  # and not invisible: the box behind it stays
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    behind = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255  # row 0 at the bottom
    for text, box in texts:
        left, bottom, right, top = np.maximum(0, box.extents).astype(int)
        crop = behind[bottom : top + 1, left : right + 1]
        ratios = contrast(to_rgb(text.get_color()), crop)
        if crop.size and np.mean(ratios >= CONTRAST) < NEARLY_ALL:
            yield f"{text.get_text()!r} is pale"


def recolour(figure: Figure) -> None:
    """Exchange each colour, as docs/_ext/gallery_figures.py does in the drawing."""
    boxes = [text.get_bbox_patch() for text in figure.findobj(Text)]
    for part in [*figure.findobj(), *filter(None, boxes)]:
        for name in ("color", "facecolor", "edgecolor"):
            colours = to_rgba_array(getattr(part, f"get_{name}", list)())
            if len(colours) == 1 and to_hex(colours[0]) in DARK_COUNTERPARTS:
                dark = DARK_COUNTERPARTS[to_hex(colours[0])]
                getattr(part, f"set_{name}")(dark)
