"""An explorer of the facts that a feed-forward network holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from nnbasics import _checks as check
from nnbasics._figure_tables import Table
from nnbasics.experiments.facts import FactModel, facts_that_hold
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import pack_in_steps

__all__ = ["FactExplorer"]

MOST = 64  # of facts and of hidden units: more cannot be looked at one by one


class FactExplorer(Explorer):
    """Switch hidden units off, and see which facts are lost.

    The figure has a switch for each hidden unit and the list of the facts. For a chosen
    fact it shows which units fire, and which it cannot do without. To keep the page
    small, the numbers of the network are rounded to 16 bits.

    Parameters
    ----------
    model : FactModel
        A trained model with at most 64 subjects and 64 hidden units.
    subjects : sequence of str
        The names of the subjects, in the order of their numbers.
    answers : sequence of str
        The name of the right answer for each subject. An answer has the number of
        different names before it.

    Examples
    --------
    >>> from nnbasics.experiments import train_facts
    >>> generator = torch.Generator().manual_seed(1)
    >>> model = FactModel(3, 2, d_model=4, d_hidden=4, generator=generator)
    >>> _ = train_facts(model, torch.tensor([0, 1, 0]))
    >>> FactExplorer(model, ["plum", "leaf", "wine"], ["blue", "green", "blue"])
    3 of 3 facts hold; how many units fire for each, and which ones it needs
    fact          holds  units that fire  lost without
    plum → blue   yes    2
    leaf → green  yes    1                1
    wine → blue   yes    2                2
    [Fact explorer: interactive in a notebook; write .save("x.html") elsewhere]
    """

    kind = "fact-explorer"

    def __init__(
        self, model: FactModel, subjects: Sequence[str], answers: Sequence[str]
    ) -> None:
        check.require_instance("model", model, FactModel)
        _require_names("subjects", subjects, model.embedding.num_embeddings)
        _require_names("answers", answers, len(subjects))
        self.units = model.feed_forward.linear1.out_features
        for what, count in (("subjects", len(subjects)), ("hidden units", self.units)):
            if count > MOST:
                raise ValueError(f"model must have at most {MOST} {what}, got {count}")
        self.subjects, self.names = list(subjects), list(dict.fromkeys(answers))
        if len(self.names) != model.unembedding.out_features:
            raise ValueError(
                f"answers must hold {model.unembedding.out_features} different names, "
                f"as many as the model has answers, got {len(self.names)}"
            )
        self.right = torch.tensor([self.names.index(answer) for answer in answers])
        self.model = model

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        return {
            "subjects": self.subjects,
            "answers": self.names,
            "right": self.right.tolist(),
            "units": self.units,
            "model": {
                name: pack_in_steps(numbers, bytes_each=2)
                for name, numbers in self.model.state_dict().items()
            },
        }

    def table(self) -> Table:
        """Return the facts, and the units that each of them needs."""
        holds = facts_that_hold(self.model, self.right)  # (subjects,)
        without = torch.stack(
            [
                facts_that_hold(self.model, self.right, [unit])
                for unit in range(self.units)
            ],
            dim=1,
        )  # (subjects, d_hidden)
        with torch.no_grad():
            sums = self.model.feed_forward.linear1(self.model.embedding.weight)
        firing = (sums > 0).sum(dim=1)  # (subjects,)
        needed = holds[:, None] & ~without  # (subjects, d_hidden)
        return Table(
            caption=f"{int(holds.sum())} of {len(self.subjects)} facts hold; how many "
            "units fire for each, and which ones it needs",
            head=["fact", "holds", "units that fire", "lost without"],
            rows=[
                [
                    f"{subject} → {self.names[answer]}",
                    "yes" if held else "no",
                    str(fired),
                    ", ".join(str(unit) for unit in units.nonzero().flatten().tolist()),
                ]
                for subject, answer, held, fired, units in zip(
                    self.subjects,
                    self.right.tolist(),
                    holds.tolist(),
                    firing.tolist(),
                    needed,
                    strict=True,
                )
            ],
        )


def _require_names(name: str, names: Sequence[str], count: int) -> None:
    check.require_sequence(name, names, "str")
    for each in names:
        check.require_instance(f"each of {name}", each, str)
    if len(names) != count:
        raise ValueError(
            f"{name} must hold a name for each of the model's {count} subjects, got "
            f"{len(names)}"
        )
