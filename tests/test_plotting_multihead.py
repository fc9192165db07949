"""Figures of many heads: one scale, one colour bar, and numbers that are the data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from torch import Tensor

from nnbasics.plotting import plot_heads, plot_heads_compared

TOKENS = ["the", "cat", "sat", "on", "mats"]
ALT = "Seven heads, and what they show."


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def random_weights(num_heads: int, length: int = 5) -> Tensor:
    generator = torch.Generator().manual_seed(num_heads)
    scores = 2 * torch.randn(num_heads, length, length, generator=generator)
    return scores.softmax(dim=-1)


def heads_by_title(weights: Tensor) -> dict[str, Tensor]:
    return {f"head {head}": weights[head] for head in range(len(weights))}


def heatmaps(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.get_title()]


def mesh_of(axes: Axes) -> QuadMesh:
    (mesh,) = [part for part in axes.collections if isinstance(part, QuadMesh)]
    return mesh


def colour_bars(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.get_label() == "<colorbar>"]


@pytest.mark.parametrize("num_heads", [1, 2, 7, 8])
def test_all_heads_share_one_scale_and_one_colour_bar(num_heads: int) -> None:
    weights = random_weights(num_heads)
    figure = plot_heads(heads_by_title(weights), TOKENS, alt=ALT)
    panels = heatmaps(figure)
    assert len(panels) == num_heads
    assert {mesh_of(panel).get_clim() for panel in panels} == {(0.0, 1.0)}
    assert len({mesh_of(panel).get_cmap().name for panel in panels}) == 1
    assert len(colour_bars(figure)) == 1


def test_each_panel_holds_its_head() -> None:
    weights = random_weights(7)
    figure = plot_heads(heads_by_title(weights), TOKENS, alt=ALT)
    for head, panel in enumerate(heatmaps(figure)):
        assert panel.get_title() == f"head {head}"
        drawn = torch.as_tensor(mesh_of(panel).get_array())
        torch.testing.assert_close(drawn.reshape(5, 5), weights[head])
        assert [label.get_text() for label in panel.get_xticklabels()] == TOKENS
        rows = [label.get_text() for label in panel.get_yticklabels()]
        assert rows == ([] if head % 2 else TOKENS)  # in the first column only


def test_the_numbers_are_the_weights_of_their_cells() -> None:
    weights = random_weights(3)
    figure = plot_heads(heads_by_title(weights), TOKENS, alt=ALT)
    for head, panel in enumerate(heatmaps(figure)):
        written = torch.zeros(5, 5)
        for text in panel.texts:
            column, row = (int(place) for place in text.get_position())
            written[row, column] = float(text.get_text())
        torch.testing.assert_close(written, weights[head], atol=0.00501, rtol=0)
        assert len(panel.texts) == int((weights[head] >= 0.005).sum())


def test_how_numbers_are_written() -> None:
    head = torch.tensor([[0.004, 0.996], [0.126, 0.874]])
    figure = plot_heads({"head": head}, ["a", "b"], alt=ALT)
    (panel,) = heatmaps(figure)
    assert [text.get_text() for text in panel.texts] == ["1.0", ".13", ".87"]


def test_numbers_can_be_told_from_their_cells() -> None:
    weights = torch.linspace(0.005, 1.0, 25).reshape(5, 5)
    figure = plot_heads({"head": weights}, TOKENS, alt=ALT)
    (panel,) = heatmaps(figure)
    mesh = mesh_of(panel)
    cells = mesh.to_rgba(weights.flatten().numpy())[:, :3].tolist()
    for text, rgb in zip(panel.texts, cells, strict=True):
        cell = _luminance(rgb)
        ink = _luminance(to_rgb(text.get_color()))
        light, dark = max(cell, ink), min(cell, ink)
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def _luminance(rgb: tuple[float, ...]) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_an_odd_number_of_heads_leaves_an_empty_place() -> None:
    figure = plot_heads(heads_by_title(random_weights(3)), TOKENS, alt=ALT)
    assert [axes.axison for axes in figure.axes[:4]] == [True, True, True, False]


def test_figures_carry_their_alternative_text() -> None:
    weights = random_weights(2)
    figures = [
        plot_heads(heads_by_title(weights), TOKENS, alt=ALT),
        plot_heads_compared({"a": weights, "b": weights}, TOKENS, alt=ALT),
    ]
    assert [figure.get_label() for figure in figures] == [ALT, ALT]


def test_heads_must_fit_the_tokens() -> None:
    with pytest.raises(ValueError, match=r"head 0.*\(5, 5\).*\(3, 3\)"):
        plot_heads({"head 0": torch.eye(3)}, TOKENS, alt=ALT)


@pytest.mark.parametrize("num_heads", [2, 7])
def test_compared_models_share_one_scale_and_one_colour_bar(num_heads: int) -> None:
    first, second = random_weights(num_heads), random_weights(num_heads).flip(0)
    models = {"random": first, "trained": second}
    figure = plot_heads_compared(models, TOKENS, alt=ALT)
    panels = {panel.get_title(): panel for panel in heatmaps(figure)}
    assert len(panels) == 2 * num_heads
    assert {mesh_of(panel).get_clim() for panel in panels.values()} == {(0.0, 1.0)}
    assert len(colour_bars(figure)) == 1
    for head in range(num_heads):
        for name, weights in models.items():
            drawn = torch.as_tensor(mesh_of(panels[f"{name} {head}"]).get_array())
            torch.testing.assert_close(drawn.reshape(5, 5), weights[head])


def test_the_models_stand_left_and_right() -> None:
    weights = random_weights(4)
    figure = plot_heads_compared({"a": weights, "b": weights}, TOKENS, alt=ALT)
    figure.draw_without_rendering()
    left = {panel.get_title(): panel.get_position().x0 for panel in heatmaps(figure)}
    assert max(left[f"a {head}"] for head in range(4)) < min(
        left[f"b {head}"] for head in range(4)
    )


def test_compared_models_must_be_two_of_one_shape() -> None:
    weights = random_weights(2)
    with pytest.raises(ValueError, match="two models, got 1"):
        plot_heads_compared({"a": weights}, TOKENS, alt=ALT)
    with pytest.raises(ValueError, match=r"\(2, 5, 5\).*both models.*\(3, 5, 5\)"):
        plot_heads_compared({"a": weights, "b": random_weights(3)}, TOKENS, alt=ALT)
    with pytest.raises(ValueError, match=r"models\['b'\].*\(2, 5, 5\)"):
        plot_heads_compared({"a": weights, "b": weights[:, :3]}, TOKENS, alt=ALT)
    with pytest.raises(ValueError, match=r"\(5, 5, 5\).*\(5, 5\)"):
        plot_heads_compared({"a": weights[0], "b": weights[0]}, TOKENS, alt=ALT)
