"""What a figure shows: its texts, points, heatmaps and boxes, with their places."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from torch import Tensor


def texts_of(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def places_of(axes: Axes) -> dict[str, Any]:
    """Return where each text of a figure stands; of equal ones the last."""
    return {text.get_text(): np.array(text.get_position()) for text in axes.texts}


def ticks_of(axes: Axes) -> tuple[list[str], list[str]]:
    """Return the words beside the rows and those below the columns."""
    rows, columns = axes.get_yticklabels(), axes.get_xticklabels()
    return [tick.get_text() for tick in rows], [tick.get_text() for tick in columns]


def labels_of(axes: Axes) -> tuple[str, str]:
    return axes.get_xlabel(), axes.get_ylabel()


def grid_of(axes: Axes) -> list[bool]:
    """Return whether there are vertical and horizontal lines of a grid."""
    lines = axes.get_xgridlines(), axes.get_ygridlines()
    return [any(line.get_visible() for line in some) for some in lines]


def markers_of(axes: Axes) -> list[PathCollection]:
    return [part for part in axes.collections if isinstance(part, PathCollection)]


def points_of(axes: Axes) -> list[list[float]]:
    return [np.asarray(c.get_offsets())[0].tolist() for c in markers_of(axes)]


def contours_of(axes: Axes, *, filled: bool) -> list[QuadContourSet]:
    found = [part for part in axes.collections if isinstance(part, QuadContourSet)]
    return [contours for contours in found if contours.filled == filled]


def panels_on_scale(figure: Figure, lowest: float, highest: float) -> dict[str, Tensor]:
    """Return the numbers of heatmaps by title; they share a scale and a colour bar."""
    *panels, bar = figure.axes
    assert bar.get_label() == "<colorbar>"
    numbers: dict[str, Tensor] = {}
    for axes in panels:
        if axes.axison:
            (mesh,) = (part for part in axes.collections if isinstance(part, QuadMesh))
            assert mesh.get_clim() == (lowest, highest)
            assert mesh.get_cmap().name == "viridis"
            assert axes.yaxis_inverted()  # the first row is on top
            assert grid_of(axes) == [False, False]
            numbers[axes.get_title()] = torch.as_tensor(np.asarray(mesh.get_array()))
    return numbers


def sizes_of(figure: Figure) -> list[tuple[float, float]]:
    """Return width and height, in inches, of each set of axes that is drawn."""
    figure.draw_without_rendering()
    figure.draw_without_rendering()
    boxes = [axes.get_window_extent() for axes in figure.axes[:-1] if axes.axison]
    return [(box.width / figure.dpi, box.height / figure.dpi) for box in boxes]


def boxes_of(axes: Axes, *, filled: bool) -> list[Bbox]:
    patches: list[Any] = [box for box in axes.patches if box.get_fill() == filled]
    return [box.get_bbox() for box in patches]
