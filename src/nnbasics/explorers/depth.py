"""An explorer of trainings of deep stacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch

from nnbasics import _checks as check
from nnbasics._figure_tables import Table
from nnbasics.experiments.deep_stacks import DepthRun
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import pack_in_steps

__all__ = ["DepthExplorer"]

POINTS = 60  # of a curve, at most


class DepthExplorer(Explorer):
    """Choose among trainings of deep stacks, and compare them two at a time.

    The figure shows the loss over the steps, the accuracy, and the gradient of each
    layer at the start on a logarithmic scale. A training looked at before stays as a
    pale line. To keep the page small, a curve has at most 60 points: each is the mean
    of as many steps as one point stands for, rounded to 16 bits.

    Parameters
    ----------
    runs : sequence of DepthRun
        The trainings, in the order in which their settings are offered. Those of one
        task are shown on the same scales.

    Examples
    --------
    >>> from nnbasics.experiments import DepthRun
    >>> losses = [0.7 / step for step in range(1, 201)]
    >>> plain = DepthRun("parity", "plain", 2, 0.003, 0, losses, 1.0, [1e-3, 0.1])
    >>> residual = DepthRun("parity", "residual", 2, 0.01, 9, losses, 1.0, [0.2, 0.2])
    >>> DepthExplorer([plain, residual])
    Trainings: the last loss, the accuracy, and the gradients at the start
    task    order     layers  rate   warm-up  loss    accuracy  first layer  last layer
    parity  plain     2       0.003  none     0.0035  1.00      1.0e-03      1.0e-01
    parity  residual  2       0.01   9 steps  0.0035  1.00      2.0e-01      2.0e-01
    [Depth explorer: interactive in a notebook; write .save("x.html") elsewhere]
    """

    kind = "depth-explorer"

    def __init__(self, runs: Sequence[DepthRun]) -> None:
        check.require_sequence("runs", runs, "DepthRun")
        check.require_some("runs", runs, "run")
        for run in runs:
            _require_run(run)
        if len({_settings(run) for run in runs}) < len(runs):
            raise ValueError(
                "runs must differ in task, order, depth, rate or warm_up, got two "
                "with the same"
            )
        self.runs = list(runs)

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        return {
            "runs": [
                {
                    "settings": _settings(run),
                    "steps": len(run.losses),
                    "losses": pack_in_steps(_thinned(run.losses), bytes_each=2),
                    "accuracy": run.accuracy,
                    "gradients": [float(f"{size:.3g}") for size in run.gradients],
                }
                for run in self.runs
            ]
        }

    def table(self) -> Table:
        """Return all trainings, without their curves."""
        return Table(
            caption="Trainings: the last loss, the accuracy, and the gradients at the "
            "start",
            head=[
                *("task", "order", "layers", "rate", "warm-up"),
                *("loss", "accuracy", "first layer", "last layer"),
            ],
            rows=[
                [
                    *(run.task, run.order, str(run.depth), f"{run.rate:g}"),
                    f"{run.warm_up} steps" if run.warm_up else "none",
                    f"{run.losses[-1]:.4f}",
                    f"{run.accuracy:.2f}",
                    f"{run.gradients[0]:.1e}",
                    f"{run.gradients[-1]:.1e}",
                ]
                for run in self.runs
            ],
        )


def _settings(run: DepthRun) -> tuple[str, str, int, float, int]:
    return run.task, run.order, run.depth, run.rate, run.warm_up


def _thinned(losses: Sequence[float]) -> torch.Tensor:
    """Return the means of equal numbers of steps; the last may have fewer."""
    parts = torch.tensor(losses).split(-(-len(losses) // POINTS))
    return torch.stack([part.mean() for part in parts])


def _require_run(run: DepthRun) -> None:
    check.require_instance("each of runs", run, DepthRun)
    check.require_share("accuracy", run.accuracy)
    for name in ("losses", "gradients"):
        numbers = getattr(run, name)
        check.require_some(name, numbers, "number")
        if not all(math.isfinite(number) and number >= 0 for number in numbers):
            raise ValueError(
                f"{name} must hold finite numbers from 0, got those of {run.order!r} "
                f"with {run.depth} layers"
            )
