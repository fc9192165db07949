"""Training many XOR networks at once, to learn what one lucky seed cannot tell.

The letters in the shape comments: ``rates`` learning rates, ``seeds`` random starts,
``hidden`` units, 4 points.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from nnbasics import _checks as check
from nnbasics.xor import XORNetwork, xor_dataset

__all__ = ["is_solved", "predictions_over_seeds", "xor_network_from_seed"]

# An XOR network counts as solved when all four predictions are this close.
TOLERANCE = 0.1


def xor_network_from_seed(seed: int, hidden_size: int = 4) -> XORNetwork:
    """Make the network that ``torch.manual_seed(seed)`` would start.

    The state of torch's global generator is left as it was.

    Parameters
    ----------
    seed : int
        The seed of the random start.
    hidden_size : int
        The number of hidden units.

    Returns
    -------
    XORNetwork
        A network with two inputs, one output and torch's default initialisation.

    Examples
    --------
    >>> network = xor_network_from_seed(42)
    >>> torch.equal(network.fc1.weight, xor_network_from_seed(42).fc1.weight)
    True
    """
    check.require_int("seed", seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return XORNetwork(hidden_size=hidden_size)


def predictions_over_seeds(
    learning_rates: Sequence[float],
    seeds: Sequence[int],
    epochs: int = 1000,
    hidden_size: int = 4,
) -> Tensor:
    """Train one network for each learning rate and each seed, all at the same time.

    Each network is trained as :func:`train_xor` does it. The parameters are stacked,
    so that a step of all networks costs little more than a step of one.

    Parameters
    ----------
    learning_rates : sequence of float
        The learning rates to try.
    seeds : sequence of int
        The seeds of the random starts; the same starts for every learning rate.
    epochs : int
        The number of steps, at least 1.
    hidden_size : int
        The number of hidden units.

    Returns
    -------
    Tensor, shape (rates, seeds, 4), float32
        The predictions for the four points after the training.

    Examples
    --------
    >>> predictions = predictions_over_seeds([0.5, 10.0], seeds=range(5), epochs=500)
    >>> is_solved(predictions).sum(dim=1)
    tensor([0, 5])
    """
    check.require_positive_int("epochs", epochs)
    check.require_sequence("seeds", seeds, "int")
    check.require_some("seeds", seeds, "seed")
    check.require_sequence("learning_rates", learning_rates, "float")
    check.require_some("learning_rates", learning_rates, "rate")
    for rate in learning_rates:
        check.require_positive_number("each of learning_rates", rate)
    networks: list[nn.Module] = [
        xor_network_from_seed(seed, hidden_size) for seed in seeds
    ]
    rates = torch.tensor(learning_rates)  # (rates,)
    parameters = _stacked_parameters(networks, len(learning_rates))
    for _ in range(epochs):
        _step(networks[0], parameters, rates)
    with torch.no_grad():
        return _outputs(networks[0], parameters).squeeze(-1)  # (rates, seeds, 4)


def is_solved(predictions: Tensor) -> Tensor:
    """Say which networks predict all four points of XOR to within 0.1.

    Parameters
    ----------
    predictions : Tensor, shape (..., 4)
        What networks predict for the four points of :func:`xor_dataset`.

    Returns
    -------
    Tensor of bool, shape (...)
        ``True`` where every prediction is less than 0.1 from its target.

    Examples
    --------
    >>> is_solved(torch.tensor([[0.05, 0.93, 0.97, 0.02], [0.4, 0.5, 0.6, 0.5]]))
    tensor([ True, False])
    """
    check.require_floating(predictions=predictions)
    shape = (*predictions.shape[:-1], 4)
    check.require_shape("predictions", predictions, shape, "(..., 4)")
    _, targets = xor_dataset()
    return ((predictions - targets.flatten()).abs() < TOLERANCE).all(dim=-1)


def _stacked_parameters(networks: list[nn.Module], rates: int) -> dict[str, Tensor]:
    """Stack the parameters of the networks, once for each learning rate."""
    over_seeds, _ = stack_module_state(networks)
    return {
        name: values.detach().expand(rates, *values.shape).clone().requires_grad_()
        for name, values in over_seeds.items()
    }  # (rates, seeds, ...)


def _outputs(network: nn.Module, parameters: dict[str, Tensor]) -> Tensor:
    """Return what a network answers with each of the stacked parameters."""
    inputs, _ = xor_dataset()
    with_one = vmap(vmap(lambda one: functional_call(network, one, (inputs,))[0]))
    outputs: Tensor = with_one(parameters)
    return outputs  # (rates, seeds, 4, 1)


def _step(network: nn.Module, parameters: dict[str, Tensor], rates: Tensor) -> None:
    """Take one step of gradient descent with every network."""
    _, targets = xor_dataset()
    # Each network's parameters appear in its own loss only, so the gradient of the
    # sum holds the gradient of each.
    squares = (_outputs(network, parameters) - targets).square()
    losses = squares.mean(dim=(2, 3))  # (rates, seeds)
    values = list(parameters.values())
    gradients = torch.autograd.grad(losses.sum(), values)
    with torch.no_grad():
        for value, gradient in zip(values, gradients, strict=True):
            value -= rates.view(-1, *[1] * (value.dim() - 1)) * gradient
