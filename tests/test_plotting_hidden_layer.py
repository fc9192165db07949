"""The plane on its way to the hidden units: both ends are the network's numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt

from drawn import place_of, points_of
from nnbasics import XORNetwork, plotting

pytestmark = pytest.mark.usefixtures("readable_figures")

POINTS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]


def test_the_plane_goes_from_the_inputs_to_the_hidden_units() -> None:
    network = XORNetwork(hidden_size=2)
    with torch.no_grad():  # nearly what the lesson's network learned
        network.fc1.weight.copy_(torch.tensor([[7.0, 7.0], [-5.0, -5.0]]))
        network.fc1.bias.copy_(torch.tensor([-3.0, 8.0]))
        network.fc2.weight.copy_(torch.tensor([[8.0, 4.0]]))
        network.fc2.bias.fill_(-9.0)
        hidden = network(torch.tensor(POINTS))[1].numpy()
    animation: Any = plotting.animate_hidden_layer(network)
    moments = [*animation.new_frame_seq()]
    assert moments == [0] * 5 + [*range(1, 16)] + [16] * 5 + [17] * 10
    axes: Any = plt.gcf().axes[0]
    assert axes.get_xlim() == axes.get_ylim() == (-0.35, 1.35)
    *grid, line = axes.lines
    assert len(grid) == 18
    titles = {0: "the inputs", 8: "on the way", 16: "the two hidden units"}
    titles[17] = "and the line"
    for moment, title in titles.items():
        animation._func(moment)
        assert axes.get_title() == title
        assert line.get_visible() == (moment == 17)
        share = min(moment / 16, 1)
        expected = (1 - share) * np.array(POINTS) + share * hidden
        drawn = [place_of(point) for point in points_of(axes)]
        assert np.array(drawn) == pytest.approx(expected, abs=1e-6)
        assert np.array([name.xy for name in axes.texts]) == pytest.approx(expected)
    # the line on which the output's weighted sum is 0
    for x, y in (line.get_xy1(), line.get_xy2()):
        assert 8 * x + 4 * y - 9 == pytest.approx(0, abs=1e-6)


def test_the_grid_is_square_at_first_and_then_what_the_network_makes_of_it() -> None:
    network = XORNetwork(hidden_size=2)
    with torch.no_grad():  # which keeps the points apart
        network.fc1.weight.copy_(torch.tensor([[9.0, 0.0], [0.0, 9.0]]))
        network.fc1.bias.fill_(-4.0)
    animation: Any = plotting.animate_hidden_layer(network)
    lines: Any = plt.gcf().axes[0].lines[:18]
    animation._func(0)
    start = np.array([line.get_xydata() for line in lines])  # (18, 81, 2)
    along, places = np.linspace(-0.3, 1.3, 81), np.linspace(-0.3, 1.3, 9)
    upright = np.stack(np.broadcast_arrays(places[:, None], along), axis=-1)
    square = np.concatenate([upright, upright[..., ::-1]])
    assert start == pytest.approx(square, abs=1e-6)
    animation._func(16)
    with torch.no_grad():
        hidden = network(torch.tensor(start, dtype=torch.float32))[1].numpy()
    end = np.array([line.get_xydata() for line in lines])
    assert end == pytest.approx(hidden, abs=1e-6)
