"""The picture of the split, and of what each head depends on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nnbasics.plotting import plot_head_inputs, plot_split_heads
from nnbasics.plotting.style import BLUE, ORANGE

ALT = "Two heads, and a view that mixes them up."
TOKENS = ["the", "cat", "sat"]


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def numbers_with_colours(figure: Figure) -> list[tuple[str, str]]:
    """Read the number and the colour of every cell, block by block, row by row."""
    (axes,) = figure.axes
    texts = [text.get_text() for text in axes.texts if text.get_text().isdigit()]
    cells = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    colours = [to_hex(cell.get_facecolor()) for cell in cells]
    return list(zip(texts, colours, strict=True))


def test_each_number_keeps_the_colour_of_its_column() -> None:
    x = torch.arange(1, 13).reshape(3, 4)
    cells = numbers_with_colours(plot_split_heads(x, 2, TOKENS, alt=ALT))
    assert len(cells) == 36
    for number, colour in cells:
        assert colour == (BLUE if (int(number) - 1) % 4 < 2 else ORANGE)


def test_the_three_orders_of_the_numbers() -> None:
    x = torch.arange(1, 13).reshape(3, 4)
    cells = numbers_with_colours(plot_split_heads(x, 2, TOKENS, alt=ALT))
    numbers = [int(number) for number, _ in cells]
    assert numbers[:12] == list(range(1, 13))
    assert numbers[12:24] == [1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12]
    assert numbers[24:] == list(range(1, 13))


def test_the_figure_of_the_split_carries_its_alternative_text() -> None:
    figure = plot_split_heads(torch.arange(12).reshape(3, 4), 2, TOKENS, alt=ALT)
    assert figure.get_label() == ALT


def test_what_cannot_be_split_is_refused() -> None:
    with pytest.raises(ValueError, match=r"num_heads must be at most 4.*got 5"):
        plot_split_heads(torch.ones(3, 5), 5, TOKENS, alt=ALT)
    with pytest.raises(ValueError, match=r"x must.*3 tokens.*\(2, 4\)"):
        plot_split_heads(torch.ones(2, 4), 2, TOKENS, alt=ALT)
    with pytest.raises(ValueError, match="num_heads must divide"):
        plot_split_heads(torch.ones(3, 4), 3, TOKENS, alt=ALT)


def test_head_inputs_share_one_scale_and_one_colour_bar() -> None:
    first, second = torch.rand(3, 7), 2 * torch.rand(3, 7)
    figure = plot_head_inputs({"first": first, "second": second}, alt=ALT)
    largest = max(first.max().item(), second.max().item())
    *panels, bar = figure.axes
    assert [panel.get_title() for panel in panels] == ["first", "second"]
    assert bar.get_label() == "<colorbar>"
    for panel, effect in zip(panels, [first, second], strict=True):
        (mesh,) = panel.collections
        assert isinstance(mesh, QuadMesh)
        assert mesh.get_clim() == pytest.approx((0.0, largest))
        drawn = torch.as_tensor(mesh.get_array())
        torch.testing.assert_close(drawn.reshape(3, 7), effect)
    assert panels[0].yaxis_inverted()  # head 0 on top
    assert figure.get_label() == ALT
