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


def hand_made_network() -> XORNetwork:
    """Make a 2-2-1 network whose activations at (0, 1) are quarters."""
    network = XORNetwork(hidden_size=2)
    with torch.no_grad():
        network.fc1.weight.copy_(torch.tensor([[5.0, LN_3], [7.0, -LN_3]]))
        network.fc1.bias.zero_()
        network.fc2.weight.copy_(torch.tensor([[2 * LN_3, 2 * LN_3]]))
        network.fc2.bias.fill_(-LN_3)
    return network


def test_the_truth_table() -> None:
    inputs, targets = xor_dataset()
    assert inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert targets.tolist() == [[0], [1], [1], [0]]
    assert inputs.dtype == targets.dtype == torch.float32


def test_a_forward_pass_worked_out_by_hand() -> None:
    output, hidden = hand_made_network()(torch.tensor([0.0, 1.0]))
    # z1 = ln 3 and -ln 3; z2 = 2 ln 3 (3/4 + 1/4) - ln 3 = ln 3
    assert_close(hidden, torch.tensor([0.75, 0.25]))
    assert_close(output, torch.tensor([0.75]))


def test_any_leading_dimensions() -> None:
    network = XORNetwork(input_size=3, hidden_size=5, output_size=7)
    output, hidden = network(torch.zeros(2, 11, 3))
    assert output.shape == (2, 11, 7)
    assert hidden.shape == (2, 11, 5)


@pytest.mark.parametrize(("hidden_size", "expected"), [(4, 17), (2, 9), (8, 33)])
def test_the_number_of_parameters(hidden_size: int, expected: int) -> None:
    network = XORNetwork(hidden_size=hidden_size)
    assert sum(parameter.numel() for parameter in network.parameters()) == expected


@pytest.mark.parametrize("name", ["input_size", "hidden_size", "output_size"])
def test_impossible_sizes_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        XORNetwork(**{name: 0})
    with pytest.raises(TypeError, match=rf"{name} must be an int, got 2\.0"):
        XORNetwork(**{name: 2.0})  # type: ignore[arg-type]


def test_inputs_of_another_kind_are_refused() -> None:
    network = XORNetwork()
    with pytest.raises(ValueError, match=r"shape \(\.\.\., 2\), got \(4, 3\)"):
        network(torch.zeros(4, 3))
    with pytest.raises(ValueError, match=r"shape \(\.\.\., 2\), got \(\)"):
        network(torch.tensor(1.0))
    with pytest.raises(TypeError, match="x must hold floating-point numbers"):
        network(torch.zeros(4, 2, dtype=torch.int64))
    with pytest.raises(TypeError, match=r"x must be a torch\.Tensor, got list"):
        network([0.0, 1.0])


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


@pytest.mark.parametrize("learning_rate", [0.0, -1.0, math.nan, math.inf])
def test_an_impossible_learning_rate_is_refused(learning_rate: float) -> None:
    with pytest.raises(
        ValueError, match="learning_rate must be more than 0 and finite"
    ):
        train_xor(XORNetwork(), learning_rate)


def test_impossible_epochs_are_refused() -> None:
    with pytest.raises(ValueError, match="epochs must be at least 1, got 0"):
        train_xor(XORNetwork(), 1.0, epochs=0)
    with pytest.raises(TypeError, match=r"epochs must be an int, got 1\.5"):
        predictions_over_seeds([1.0], range(2), epochs=1.5)  # type: ignore[arg-type]


def test_a_seed_gives_the_network_that_torch_would_start() -> None:
    state = torch.get_rng_state()
    ours = xor_network_from_seed(123, hidden_size=3)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(123)
    assert_close(dict(ours.state_dict()), dict(XORNetwork(hidden_size=3).state_dict()))


def test_training_together_is_training_one_by_one() -> None:
    inputs, _ = xor_dataset()
    rates, seeds = [0.5, 4.0], [101, 102, 103]
    together = predictions_over_seeds(rates, seeds, epochs=30, hidden_size=5)
    assert together.shape == (2, 3, 4)
    for row, rate in enumerate(rates):
        for column, seed in enumerate(seeds):
            network = xor_network_from_seed(seed, hidden_size=5)
            train_xor(network, rate, epochs=30)
            with torch.no_grad():
                alone = network(inputs)[0].flatten()
            assert_close(together[row, column], alone, rtol=1e-4, atol=1e-5)


def test_the_rates_of_the_lesson_hold_on_other_seeds() -> None:
    """The lesson uses the seeds 0 to 99."""
    rates = [0.5, 1.0, 5.0, 10.0, 50.0, 100.0]
    solved = is_solved(predictions_over_seeds(rates, range(1000, 1100))).sum(dim=1)
    counts = dict(zip(rates, solved.tolist(), strict=True))
    assert counts[0.5] == counts[100.0] == 0
    assert counts[1.0] < 10
    assert counts[5.0] >= 99
    assert counts[10.0] == 100
    assert 40 < counts[50.0] < 75


def test_solved_means_every_point_within_a_tenth() -> None:
    predictions = torch.tensor(
        [[0.09, 0.91, 0.95, 0.0], [0.11, 1.0, 1.0, 0.0], [0.0, 1.0, 0.89, 0.0]]
    )
    assert is_solved(predictions).tolist() == [True, False, False]


def test_exactly_a_tenth_is_too_far() -> None:
    assert not is_solved(torch.tensor([0.1, 1.0, 1.0, 0.0]))


def test_nothing_to_train_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one seed, got none"):
        predictions_over_seeds([1.0], [])
    with pytest.raises(ValueError, match="at least one rate, got none"):
        predictions_over_seeds([], [1])
    with pytest.raises(ValueError, match=r"learning_rates\[1\] must be more than 0"):
        predictions_over_seeds([1.0, -1.0], [1])
