"""A playground with the network that learned XOR."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._figure_tables import Table
from nnbasics.experiments.xor_seeds import xor_network_from_seed
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import pack_exactly
from nnbasics.xor import TrainingHistory, xor_dataset

__all__ = ["XORPlayground"]

MOST_EPOCHS = 20_000  # the page computes the epochs between two copies at one go
MAX_HIDDEN = 8
# A curve of more points than pixels would only make the page heavier.
CURVE_POINTS = 1000


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

    def __init__(self, history: TrainingHistory) -> None:
        check.require_instance("history", history, TrainingHistory)
        if 0 not in history.snapshots:
            raise ValueError(
                "history must have kept the parameters of epoch 0, got those of "
                f"{list(history.snapshots)}; call train_xor(..., "
                "snapshot_epochs=range(0, 1001, 50))"
            )
        if len(history.losses) > MOST_EPOCHS:
            raise ValueError(
                f"history must have at most {MOST_EPOCHS} epochs, which a page can "
                f"train again, got {len(history.losses)}"
            )
        self.history = history
        self.hidden_size = history.snapshots[0]["fc1.bias"].numel()
        if self.hidden_size > MAX_HIDDEN:
            raise ValueError(
                f"history must be that of a network with at most {MAX_HIDDEN} hidden "
                f"units, got {self.hidden_size}"
            )

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        losses, snapshots = self.history.losses, self.history.snapshots
        stride = -(-len(losses) // CURVE_POINTS)
        return {
            "hidden": self.hidden_size,
            "rate": self.history.learning_rate,
            "epochs": len(losses),
            "stride": stride,
            "losses": pack_exactly(torch.tensor(losses[::stride])),
            "snapshots": {
                "epochs": list(snapshots),
                "numbers": pack_exactly(
                    torch.stack([_in_one_row(kept) for kept in snapshots.values()])
                ),
            },
        }

    def table(self) -> Table:
        """Return loss and outputs at the epochs that were kept, at most twelve."""
        epochs = list(self.history.snapshots)
        step = -(-len(epochs) // 11)
        shown = [*epochs[:-1:step], epochs[-1]]
        return Table(
            caption="Training with the learning rate "
            f"{self.history.learning_rate:g}: the loss, and the output for each input",
            head=["epoch", "loss", "(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"],
            rows=[self._row(epoch) for epoch in shown],
        )

    def _row(self, epoch: int) -> list[str]:
        inputs, targets = xor_dataset()
        network = xor_network_from_seed(0, self.hidden_size)
        network.load_state_dict(self.history.snapshots[epoch])
        with torch.no_grad():
            output, _ = network(inputs)  # (4, 1)
        loss = (output - targets).square().mean().item()
        outputs = (f"{number:.2f}" for number in output.flatten().tolist())
        return [str(epoch), f"{loss:.4f}", *outputs]


def _in_one_row(parameters: dict[str, Tensor]) -> Tensor:
    """Put all parameters behind one another."""
    return torch.cat([numbers.flatten() for numbers in parameters.values()])
