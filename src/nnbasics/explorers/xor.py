"""A playground with the network that learned XOR."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from nnbasics._table import Table
from nnbasics.explorers import _checks as check
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import pack_exactly
from nnbasics.xor import TrainingHistory, xor_dataset

__all__ = ["XORPlayground"]

MAX_HIDDEN = 8
MAX_EPOCHS = 20_000
MAX_SNAPSHOTS = 100
# A curve of more points than pixels would only make the page heavier.
CURVE_POINTS = 1000
PARAMETERS = ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")


class XORPlayground(Explorer):
    """Ask the XOR network, watch it learn, change it, and train it anew.

    The figure shows every number between an input and the output. Its slider leads
    through all epochs of the training that the history tells of: the copies that were
    kept are shown as they are, and the epochs between them are computed from them. Any
    weight can be edited, and a network of 1 to 8 hidden units retrained in the page,
    from the same start, with another learning rate or activation.

    Parameters
    ----------
    history : TrainingHistory
        What :func:`nnbasics.train_xor` returned, for a network with two inputs, up to
        eight hidden units and one output. The parameters of epoch 0 must have been kept
        (``snapshot_epochs``).

    Raises
    ------
    TypeError
        If `history` is not a TrainingHistory.
    ValueError
        If the start was not kept, the learning rate is not known, a number is not
        finite, or the network has another shape.

    Examples
    --------
    >>> from nnbasics import XORNetwork, train_xor
    >>> _ = torch.manual_seed(0)
    >>> history = train_xor(XORNetwork(), 10.0, snapshot_epochs=[0, 500, 1000])
    >>> XORPlayground(history)
    Training with the learning rate 10: the loss, and the output for each input
    epoch  loss    (0, 0)  (0, 1)  (1, 0)  (1, 1)
    0      0.2544  0.43    0.42    0.44    0.44
    500    0.0007  0.02    0.98    0.97    0.03
    1000   0.0003  0.02    0.98    0.98    0.02
    [XOR playground: interactive in a notebook; write .save("x.html") elsewhere]
    """

    kind = "xor-playground"
    title = "XOR playground"

    def __init__(self, history: TrainingHistory) -> None:
        if not isinstance(history, TrainingHistory):
            raise TypeError(
                "history must be what train_xor returned, a TrainingHistory, got "
                f"{type(history).__name__}"
            )
        _require_losses(history)
        if history.learning_rate is None:
            raise ValueError(
                "history must know its learning_rate, got None; train_xor notes it"
            )
        self.learning_rate = history.learning_rate
        self.losses = list(history.losses)
        self.snapshots = _require_snapshots(history)
        self.hidden_size = self.snapshots[0]["fc1.bias"].numel()

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        stride = -(-len(self.losses) // CURVE_POINTS)
        numbers = torch.stack([_in_one_row(kept) for kept in self.snapshots.values()])
        return {
            "hidden": self.hidden_size,
            "rate": self.learning_rate,
            "epochs": len(self.losses),
            "stride": stride,
            "losses": pack_exactly(torch.tensor(self.losses[::stride])),
            "snapshots": {
                "epochs": list(self.snapshots),
                "numbers": pack_exactly(numbers),
            },
        }

    def table(self) -> Table:
        """Return loss and outputs at the epochs that were kept, at most twelve."""
        stride = -(-len(self.snapshots) // 12)
        shown = [*self.snapshots][::stride]
        if shown[-1] != (last := [*self.snapshots][-1]):
            shown.append(last)
        return Table(
            caption=f"Training with the learning rate {self.learning_rate:g}: the "
            "loss, and the output for each input",
            head=["epoch", "loss", "(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"],
            rows=[self._row(epoch) for epoch in shown],
        )

    def _row(self, epoch: int) -> list[str]:
        inputs, targets = xor_dataset()
        w1, b1, w2, b2 = (self.snapshots[epoch][name] for name in PARAMETERS)
        hidden = torch.sigmoid(inputs @ w1.T + b1)  # (4, hidden)
        output = torch.sigmoid(hidden @ w2.T + b2)  # (4, 1)
        loss = (output - targets).square().mean().item()
        outputs = (f"{number:.2f}" for number in output.flatten().tolist())
        return [str(epoch), f"{loss:.4f}", *outputs]


def _in_one_row(parameters: dict[str, Tensor]) -> Tensor:
    """Put all parameters behind one another, in the order of the state_dict."""
    return torch.cat([parameters[name].flatten() for name in PARAMETERS])


def _require_losses(history: TrainingHistory) -> None:
    count = len(history.losses)
    if not 1 <= count <= MAX_EPOCHS:
        raise ValueError(
            f"history must have from 1 to {MAX_EPOCHS} losses, one for each epoch, "
            f"got {count}"
        )
    check.require_finite("history.losses", torch.tensor(history.losses).float())


def _require_snapshots(history: TrainingHistory) -> dict[int, dict[str, Tensor]]:
    """Return the copies in the order of their epochs; raise if they cannot be shown."""
    kept = dict(sorted(history.snapshots.items()))
    if 0 not in kept or not len(kept) <= MAX_SNAPSHOTS:
        raise ValueError(
            f"history must have kept the parameters of epoch 0 and of at most "
            f"{MAX_SNAPSHOTS} epochs, got {len(kept)}: {list(kept)!s:.60}; call "
            "train_xor(..., snapshot_epochs=range(0, 1001, 50))"
        )
    if not 0 <= min(kept) <= max(kept) <= len(history.losses):
        raise ValueError(
            f"the epochs of history.snapshots must be from 0 to {len(history.losses)}, "
            f"got {min(kept)} to {max(kept)}"
        )
    for epoch, parameters in kept.items():
        _require_network(f"history.snapshots[{epoch}]", parameters, kept[0])
    return kept


def _require_network(
    name: str, parameters: dict[str, Tensor], first: dict[str, Tensor]
) -> None:
    """Raise unless these are parameters of one XOR network of a size that fits."""
    missing = [part for part in PARAMETERS if part not in parameters]
    if missing:
        raise ValueError(f"{name} must hold {', '.join(PARAMETERS)}; {missing} missing")
    hidden = first["fc1.bias"].numel()
    if not 1 <= hidden <= MAX_HIDDEN:
        raise ValueError(
            f"the network must have from 1 to {MAX_HIDDEN} hidden units, got {hidden}"
        )
    shapes = ((hidden, 2), (hidden,), (1, hidden), (1,))
    for part, shape in zip(PARAMETERS, shapes, strict=True):
        check.require_shape(f"{name}[{part!r}]", parameters[part], shape)
        check.require_finite(f"{name}[{part!r}]", parameters[part])
