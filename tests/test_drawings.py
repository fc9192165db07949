"""Figures with more numbers or longer words than usual can be read as well."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt

from legibility import faults
from nnbasics import XORNetwork, plotting

pytestmark = pytest.mark.usefixtures("readable_figures")

WORDS = ["first", "two", "three", "four", "fifth", "sixth", "seven"]


def numbers(*size: int) -> torch.Tensor:
    """Return numbers that differ, from -1 to 1."""
    count = torch.Size(size).numel()
    return torch.linspace(-1, 1, count).roll(count // 3).view(*size)


@pytest.mark.parametrize(("units", "largest"), [(4, 5.0), (1, 10.0), (5, 18.0)])
def test_a_network_with_large_numbers(units: int, largest: float) -> None:
    network = XORNetwork(hidden_size=units)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(largest * numbers(*parameter.shape))
    plotting.plot_forward_pass(network, torch.tensor([1.0, 0.0]))


@pytest.mark.parametrize("length", [5, 7])
def test_a_head_with_numbers_on_all_colours(length: int) -> None:
    weights = torch.linspace(0.005, 1, length**2).view(length, length)
    plotting.plot_heads({"every weight": weights}, WORDS[:length])


@pytest.mark.parametrize(("last", "degrees"), [("eigh", 0), ("eight", 45)])
def test_labels_of_more_letters_than_fit_are_slanted(last: str, degrees: int) -> None:
    columns = [*WORDS, last]  # 36 and 37 letters
    figure = plotting.plot_matrix(numbers(2, 8), rows=WORDS[:2], columns=columns)
    axes = figure.axes[0]
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {degrees}
    assert {label.get_rotation() for label in axes.get_yticklabels()} == {0}


def test_what_limits_cut_off_is_noticed() -> None:
    figure = plotting.plot_layer(3, 4, 2)
    plt.close(figure)
    figure.axes[0].set_xlim(0.5, 10.1)
    assert any("cuts off" in fault for fault in faults(figure))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"fontsize": 4}, "is too small"),
        ({"position": (10.0, 5.6), "in_layout": False}, "leaves the canvas"),
        ({"position": (5.4, 0.0)}, "meets 'output, 3 × 4'"),
        ({"color": "#bbbbbb"}, "is pale"),
        ({"color": "#666666"}, "is pale when dark"),
    ],
)
def test_a_text_that_cannot_be_read_is_noticed(
    change: dict[str, Any], fault: str
) -> None:
    figure = plotting.plot_layer(3, 4, 2)
    plt.close(figure)
    texts = {text.get_text(): text for text in figure.axes[0].texts}
    texts["output, 3 × 4"].set(**change)
    assert any(fault in found for found in faults(figure))
