"""The XOR problem: its four points, the network that learns them, its training.

The letters in the shape comments: ``points`` inputs, ``hidden`` the number of hidden
units.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from nnbasics import _checks as check

__all__ = ["TrainingHistory", "XORNetwork", "train_xor", "xor_dataset"]


def xor_dataset() -> tuple[Tensor, Tensor]:
    """Return the truth table of exclusive or.

    Returns
    -------
    inputs : Tensor, shape (4, 2), float32
        The four pairs of 0 and 1.
    targets : Tensor, shape (4, 1), float32
        1 where exactly one of the pair is 1, else 0.

    Examples
    --------
    >>> inputs, targets = xor_dataset()
    >>> inputs.tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> targets.T
    tensor([[0., 1., 1., 0.]])
    """
    inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    targets = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    return inputs, targets


class XORNetwork(nn.Module):
    """A network with one hidden layer and a sigmoid behind each of its two layers.

    Parameters
    ----------
    input_size : int
        The number of inputs.
    hidden_size : int
        The number of hidden units.
    output_size : int
        The number of outputs.

    Attributes
    ----------
    fc1, fc2 : torch.nn.Linear
        The two layers, from the inputs to the hidden units and from these to the
        outputs, with biases.

    Raises
    ------
    TypeError
        If a size is not an int.
    ValueError
        If a size is less than 1.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by
    back-propagating errors".

    Examples
    --------
    >>> network = XORNetwork()
    >>> sum(parameter.numel() for parameter in network.parameters())
    17
    >>> output, hidden = network(torch.zeros(3, 2))
    >>> output.shape, hidden.shape
    (torch.Size([3, 1]), torch.Size([3, 4]))
    """

    def __init__(
        self, input_size: int = 2, hidden_size: int = 4, output_size: int = 1
    ) -> None:
        super().__init__()
        check.require_sizes(
            input_size=input_size, hidden_size=hidden_size, output_size=output_size
        )
        self.fc1 = nn.Linear(input_size, hidden_size)
        self.fc2 = nn.Linear(hidden_size, output_size)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the outputs, and what the hidden units say on the way.

        Parameters
        ----------
        x : Tensor, shape (..., input_size)
            The inputs.

        Returns
        -------
        output : Tensor, shape (..., output_size)
            Numbers between 0 and 1.
        hidden : Tensor, shape (..., hidden_size)
            The activations of the hidden units, between 0 and 1.

        Raises
        ------
        TypeError
            If `x` is not a tensor of floating-point numbers of the network's dtype.
        ValueError
            If the last dimension of `x` is not input_size, or the devices differ.
        """
        check.require_network_input(x, self.fc1, "(..., input_size)")
        hidden = torch.sigmoid(self.fc1(x))  # (..., hidden_size)
        output = torch.sigmoid(self.fc2(hidden))  # (..., output_size)
        return output, hidden


@dataclass(frozen=True)
class TrainingHistory:
    """What was written down while a network was trained.

    Attributes
    ----------
    learning_rate : float
        The learning rate of the training.
    losses : list of float
        The mean squared error before each step.
    gradient_norms : list of (float, float)
        The length of the gradient of each layer, `fc1` and `fc2`, at each step: the
        square root of the sum of the squares of its numbers.
    snapshots : dict of int to dict of str to Tensor
        Copies of the parameters before the step of some epochs, for
        :meth:`torch.nn.Module.load_state_dict`.
    """

    learning_rate: float
    losses: list[float] = field(default_factory=list)
    gradient_norms: list[tuple[float, float]] = field(default_factory=list)
    snapshots: dict[int, dict[str, Tensor]] = field(default_factory=dict)


def train_xor(
    network: XORNetwork,
    learning_rate: float,
    epochs: int = 1000,
    snapshot_epochs: Sequence[int] = (),
) -> TrainingHistory:
    """Train a network on the four points of XOR, all four at each step.

    The loss is the mean squared error, the optimiser gradient descent
    (:class:`torch.optim.SGD`). The network is changed in place.

    Parameters
    ----------
    network : XORNetwork
        A network with two inputs and one output.
    learning_rate : float
        How far a step goes along the negative gradient, more than 0.
    epochs : int
        The number of steps, at least 1.
    snapshot_epochs : sequence of int
        The epochs, counted from 0, before whose step the parameters are copied. The
        number `epochs` stands for the end of the training.

    Returns
    -------
    TrainingHistory
        The losses, the gradients' norms, and the copies.

    Raises
    ------
    TypeError
        If `network` is not an XORNetwork, `learning_rate` not a number, or `epochs` or
        one of `snapshot_epochs` not an int.
    ValueError
        If the network does not fit the data or is frozen, `learning_rate` is not
        positive and finite, `epochs` is less than 1, or a snapshot is asked for
        outside them.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> network = XORNetwork()
    >>> history = train_xor(network, learning_rate=10.0)
    >>> history.losses[-1] < 0.01
    True
    >>> inputs, targets = xor_dataset()
    >>> network(inputs)[0].round().T
    tensor([[0., 1., 1., 0.]], grad_fn=<PermuteBackward0>)
    """
    _require_trainable(network, learning_rate, epochs, snapshot_epochs)
    inputs, targets = xor_dataset()
    optimizer = torch.optim.SGD(network.parameters(), lr=learning_rate)
    history = TrainingHistory(learning_rate=learning_rate)
    for epoch in range(epochs):
        if epoch in snapshot_epochs:
            history.snapshots[epoch] = deepcopy(network.state_dict())
        output, _ = network(inputs)
        loss = nn.functional.mse_loss(output, targets)
        optimizer.zero_grad()
        loss.backward()
        history.losses.append(loss.item())
        history.gradient_norms.append(
            (_gradient_norm(network.fc1), _gradient_norm(network.fc2))
        )
        optimizer.step()
    if epochs in snapshot_epochs:
        history.snapshots[epochs] = deepcopy(network.state_dict())
    return history


def _require_trainable(
    network: XORNetwork,
    learning_rate: float,
    epochs: int,
    snapshot_epochs: Sequence[int],
) -> None:
    check.require_instance("network", network, XORNetwork)
    sizes = (network.fc1.in_features, network.fc2.out_features)
    if sizes != (2, 1):
        raise ValueError(
            "network must have 2 inputs and 1 output, as many as XOR, got "
            f"{sizes[0]} and {sizes[1]}"
        )
    if network.fc1.weight.dtype != torch.float32:
        raise TypeError(
            "network must have the dtype of the data, torch.float32, got "
            f"{network.fc1.weight.dtype}; write network.float()"
        )
    if not all(parameter.requires_grad for parameter in network.parameters()):
        raise ValueError(
            "network must have parameters that all require a gradient, got a frozen "
            "one; write network.requires_grad_()"
        )
    check.require_positive_number("learning_rate", learning_rate)
    check.require_positive_int("epochs", epochs)
    check.require_sequence("snapshot_epochs", snapshot_epochs, "int")
    for epoch in snapshot_epochs:
        check.require_index("each of snapshot_epochs", epoch, epochs + 1)


def _gradient_norm(layer: nn.Linear) -> float:
    gradients = [p.grad.flatten() for p in layer.parameters() if p.grad is not None]
    return float(torch.cat(gradients).norm())
