"""What a figure shows: its texts, points, lines and numbers, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from torch import Tensor

from legibility import faults


@pytest.fixture
def readable_figures() -> Iterator[None]:
    """Hold that all figures of a test can be read, light and dark, and close them."""
    plt.close("all")
    yield
    figures = [plt.figure(number) for number in plt.get_fignums()]
    plt.close("all")
    found = [fault for figure in figures for fault in faults(figure)]
    assert found == [], found


def texts_of(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def places_of(axes: Axes) -> dict[str, Any]:
    """Return where each text of a figure stands; of equal ones the last."""
    return {text.get_text(): np.array(text.get_position()) for text in axes.texts}


def ticks_of(axes: Axes) -> list[list[str]]:
    """Return the words beside the rows and those below the columns."""
    both = axes.get_yticklabels(), axes.get_xticklabels()
    return [[tick.get_text() for tick in ticks] for ticks in both]


def looks_of(axes: Axes) -> dict[str, Any]:
    """Return the labels of both axes, and which of them have the lines of a grid."""
    lines = {"x": axes.get_xgridlines(), "y": axes.get_ygridlines()}
    grid = [name for name in lines if any(line.get_visible() for line in lines[name])]
    return {"x": axes.get_xlabel(), "y": axes.get_ylabel(), "grid": "".join(grid)}


def points_of(axes: Axes) -> list[Any]:
    """Return what was drawn as points: place, size, and colours."""
    return [part for part in axes.collections if isinstance(part, PathCollection)]


def place_of(point: Any) -> Any:
    return np.asarray(point.get_offsets())[0].tolist()


def face_of(point: Any) -> str:
    return to_hex(np.asarray(point.get_facecolor()).reshape(-1, 4)[0])


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
            assert looks_of(axes)["grid"] == ""
            numbers[axes.get_title()] = torch.as_tensor(np.asarray(mesh.get_array()))
    return numbers


def sizes_of(figure: Figure) -> list[tuple[float, float]]:
    """Return width and height, in inches, of each set of axes but the colour bar."""
    for _ in range(2):  # the layout takes two rounds
        figure.draw_without_rendering()
    boxes = [axes.bbox for axes in figure.axes[:-1] if axes.axison]
    return [(box.width / figure.dpi, box.height / figure.dpi) for box in boxes]
