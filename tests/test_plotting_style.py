"""The colours: readable on both themes, and told apart by everybody."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from legibility import contrast, linear
from nnbasics.plotting import style

LIGHT_PAGE, DARK_PAGE = to_rgb("#ffffff"), to_rgb("#131416")

# How linear red, green and blue appear with the complete form of each deficiency:
# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation
# of color vision deficiency", table 1, severity 1.0.
DEFICIENCIES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return CIE L*a*b* of linear red, green and blue, for the white of D65."""
    to_xyz = np.array(
        [
            [0.4124, 0.3576, 0.1805],
            [0.2126, 0.7152, 0.0722],
            [0.0193, 0.1192, 0.9505],
        ]
    )
    xyz = to_xyz @ rgb.clip(0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_contrast_of_black_and_white() -> None:
    assert contrast((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)) == pytest.approx(21.0)


@pytest.mark.parametrize("colour", style.SERIES)
def test_lines_can_be_seen_on_both_pages(colour: str) -> None:
    assert contrast(to_rgb(colour), LIGHT_PAGE) >= 3.0
    assert contrast(to_rgb(style.DARK_COUNTERPARTS[colour]), DARK_PAGE) >= 3.0


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_lines_are_told_apart_with_every_colour_vision(
    deficiency: str, dark: bool
) -> None:
    matrix = np.array(DEFICIENCIES[deficiency])
    colours = [style.DARK_COUNTERPARTS[c] if dark else c for c in style.SERIES]
    seen = [lab(matrix @ linear(to_rgb(colour))) for colour in colours]
    for one, other in itertools.combinations(seen, 2):
        # 10 is far above what is noticed side by side (about 2)
        assert np.linalg.norm(one - other) > 10


def test_every_colour_has_one_counterpart_and_none_of_them_is_exchanged_twice() -> None:
    lights, darks = style.DARK_COUNTERPARTS.keys(), style.DARK_COUNTERPARTS.values()
    assert not set(lights) & set(darks)
    assert len(set(darks)) == len(lights)
    assert not {style.ON_DARK_CELL, style.ON_LIGHT_CELL} & {*lights, *darks}


def test_a_figure_has_room_for_text_on_a_phone() -> None:
    figure, axes = style.new_figure(3.5)
    assert figure.get_size_inches().tolist() == [5.4, 3.5]
    assert figure.axes == [axes]
    plt.close(figure)


def test_a_grid_is_empty_until_it_is_used() -> None:
    figure, grid = style.new_grid(3.5, 2, 3)
    assert grid.shape == (2, 3)
    assert not any(axes.axison for axes in figure.axes)
    plt.close(figure)


def test_the_style_is_that_of_what_is_drawn_alone() -> None:
    @style.in_lesson_style
    def colour_of_text() -> str:
        return str(plt.rcParams["text.color"])

    before = dict(plt.rcParams)
    assert [colour_of_text(), colour_of_text()] == [style.INK] * 2
    assert dict(plt.rcParams) == before
