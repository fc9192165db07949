"""The XOR network and its training, against sums worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch.testing import assert_close

from nnbasics import (
    XORNetwork,
    is_solved,
    predictions_over_seeds,
    train_xor,
    xor_dataset,
    xor_network_from_seed,
)

LN_3 = math.log(3.0)  # sigmoid(ln 3) = 3/4 and sigmoid(-ln 3) = 1/4


def test_the_truth_table() -> None:
    inputs, targets = xor_dataset()
    assert inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert targets.tolist() == [[0], [1], [1], [0]]
    assert inputs.dtype == targets.dtype == torch.float32


def test_a_forward_pass_worked_out_by_hand() -> None:
    network = XORNetwork(hidden_size=2)
    with torch.no_grad():
        network.fc1.weight.copy_(torch.tensor([[5.0, LN_3], [7.0, -LN_3]]))
        network.fc1.bias.zero_()
        network.fc2.weight.copy_(torch.tensor([[2 * LN_3, 2 * LN_3]]))
        network.fc2.bias.fill_(-LN_3)
    output, hidden = network(torch.tensor([0.0, 1.0]))
    # z1 = ln 3 and -ln 3; z2 = 2 ln 3 (3/4 + 1/4) - ln 3 = ln 3
    assert_close(hidden, torch.tensor([0.75, 0.25]))
    assert_close(output, torch.tensor([0.75]))


def test_any_leading_dimensions() -> None:
    network = XORNetwork(input_size=3, hidden_size=5, output_size=7)
    output, hidden = network(torch.zeros(2, 11, 3))
    assert output.shape == (2, 11, 7)
    assert hidden.shape == (2, 11, 5)


def test_without_sizes_it_has_two_inputs_four_hidden_units_and_one_output() -> None:
    for network in (XORNetwork(), xor_network_from_seed(100)):
        sizes = [tuple(parameter.shape) for parameter in network.parameters()]
        assert sizes == [(4, 2), (4,), (1, 4), (1,)]


def test_training_takes_a_thousand_epochs_unless_it_is_told_otherwise() -> None:
    assert len(train_xor(XORNetwork(), 1.0).losses) == 1000
    explicit = predictions_over_seeds([10.0], [1, 2], epochs=1000, hidden_size=4)
    assert torch.equal(predictions_over_seeds([10.0], [1, 2]), explicit)


def test_one_step_worked_out_with_the_chain_rule() -> None:
    network = xor_network_from_seed(100)
    before = {name: p.detach().clone() for name, p in network.named_parameters()}
    inputs, targets = xor_dataset()
    output, hidden = (x.detach() for x in network(inputs))
    slope_z2 = 2 * (output - targets) / 4 * output * (1 - output)  # (4, 1)
    slope_z1 = slope_z2 @ before["fc2.weight"] * hidden * (1 - hidden)  # (4, 4)
    gradients = {
        "fc1.weight": slope_z1.T @ inputs,
        "fc1.bias": slope_z1.sum(dim=0),
        "fc2.weight": slope_z2.T @ hidden,
        "fc2.bias": slope_z2.sum(dim=0),
    }
    history = train_xor(network, learning_rate=3.0, epochs=1)
    for name, parameter in network.named_parameters():
        assert_close(parameter.detach(), before[name] - 3.0 * gradients[name])
    assert history.losses == [pytest.approx((output - targets).square().mean().item())]
    squares = {name: g.square().sum().item() for name, g in gradients.items()}
    assert history.gradient_norms[0] == pytest.approx(
        (
            math.sqrt(squares["fc1.weight"] + squares["fc1.bias"]),
            math.sqrt(squares["fc2.weight"] + squares["fc2.bias"]),
        )
    )


def test_snapshots_are_the_parameters_of_their_epoch() -> None:
    network = xor_network_from_seed(100)
    start = {name: p.detach().clone() for name, p in network.named_parameters()}
    history = train_xor(network, 1.0, epochs=5, snapshot_epochs=[0, 3, 5])
    assert list(history.snapshots) == [0, 3, 5]
    assert_close(history.snapshots[0], start)
    shorter = xor_network_from_seed(100)
    train_xor(shorter, 1.0, epochs=3)
    assert_close(history.snapshots[3], dict(shorter.state_dict()))
    assert_close(history.snapshots[5], dict(network.state_dict()))
    assert len(history.losses) == len(history.gradient_norms) == 5
    assert train_xor(network, 1.0, epochs=1).snapshots == {}


def test_a_seed_gives_the_network_that_torch_would_start() -> None:
    state = torch.get_rng_state()
    ours = xor_network_from_seed(123, hidden_size=3)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(123)
    assert_close(dict(ours.state_dict()), dict(XORNetwork(hidden_size=3).state_dict()))


def test_training_together_is_training_one_by_one() -> None:
    inputs, _ = xor_dataset()
    rates, seeds = [0.5, 4.0], [101, 102, 103]
    # Few epochs: in many, two ways to round drift apart.
    together = predictions_over_seeds(rates, seeds, epochs=10, hidden_size=5)
    assert together.shape == (2, 3, 4)
    for row, rate in enumerate(rates):
        for column, seed in enumerate(seeds):
            network = xor_network_from_seed(seed, hidden_size=5)
            train_xor(network, rate, epochs=10)
            with torch.no_grad():
                alone = network(inputs)[0].flatten()
            assert_close(together[row, column], alone, rtol=1e-4, atol=1e-5)


def test_solved_means_every_point_within_a_tenth() -> None:
    predictions = torch.tensor(
        [
            [0.09, 0.91, 0.95, 0.0],
            [0.11, 1.0, 1.0, 0.0],
            [0.0, 1.0, 0.89, 0.0],
            [0.1, 1.0, 1.0, 0.0],  # exactly a tenth is too far
        ]
    )
    assert is_solved(predictions).tolist() == [True, False, False, False]


def test_which_rates_solve_it_on_other_seeds_than_the_lesson_s() -> None:
    """The bounds leave room for other machines, on which a few seeds end elsewhere."""
    rates = [0.5, 1.0, 5.0, 10.0, 50.0, 100.0]
    solved = is_solved(predictions_over_seeds(rates, range(1000, 1100))).sum(dim=1)
    too_slow, slow, good, best, fast, too_fast = solved.tolist()
    assert too_slow == 0
    assert too_fast <= 5  # how a processor rounds decides about one or two
    assert slow < 10
    assert good >= 99
    assert best == 100
    assert 40 < fast < 75
