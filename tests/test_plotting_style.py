"""The colours: readable on both themes, and told apart by everybody."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from colorspacious import cspace_convert
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

from legibility import contrast
from nnbasics.plotting import style

LIGHT_PAGE, DARK_PAGE = to_rgb("#ffffff"), to_rgb(style.DARK_COUNTERPARTS[style.PAPER])
DEFICIENCIES = ["protanomaly", "deuteranomaly", "tritanomaly"]


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
    colours = [style.DARK_COUNTERPARTS[c] if dark else c for c in style.SERIES]
    complete = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100}
    seen = [cspace_convert(to_rgb(colour), complete, "CIELab") for colour in colours]
    for one, other in itertools.combinations(seen, 2):
        # 10 is far above what is noticed side by side (about 2)
        assert np.linalg.norm(one - other) > 10


def test_every_colour_has_one_counterpart_and_none_of_them_is_exchanged_twice() -> None:
    lights, darks = style.DARK_COUNTERPARTS.keys(), style.DARK_COUNTERPARTS.values()
    assert not set(lights) & set(darks)
    assert len(set(darks)) == len(lights)
    assert not {style.ON_DARK_CELL, style.ON_LIGHT_CELL} & {*lights, *darks}


def test_the_style_is_that_of_what_is_drawn_alone() -> None:
    before = dict(plt.rcParams)
    colour: Any = style.in_lesson_style(lambda: plt.rcParams["text.color"])
    assert [colour(), colour()] == [style.INK] * 2
    assert dict(plt.rcParams) == before
