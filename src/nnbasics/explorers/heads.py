"""An explorer of attention heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from nnbasics._checks import require_instance
from nnbasics._table import Table
from nnbasics.experiments.relations import RelationModel
from nnbasics.experiments.toy_language import as_sentence
from nnbasics.explorers import _checks as check
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._folding import LONGEST, pack_model
from nnbasics.explorers._packing import Packed, pack_in_steps

__all__ = ["HeadExplorer"]

MAX_HEADS = 16
MAX_SNAPSHOTS = 12


class HeadExplorer(Explorer):
    """Look at all heads of a layer, choose some, switch some off, edit the sentence.

    What is not given is left out of the figure: with tokens and weights alone, it shows
    the heads and the mean of those that the reader chooses.

    Parameters
    ----------
    tokens : sequence of str
        From 1 to 64 tokens. Any text is shown as it is.
    weights : Tensor, shape (heads, length, length)
        The attention weights of up to 16 heads. The rows have the sum 1.
    roles : sequence of str, optional
        A name for each head.
    snapshots : mapping of str to Tensor, optional
        Weights like `weights` at earlier moments of the training, in order, such as
        ``{"untrained": ..., "step 100": ...}``; at most 12. They are shown with two
        digits.
    model : RelationModel, optional
        The model that gave the weights. The reader can then edit the sentence, and the
        layer is computed anew in the page. Values and answers are rounded to 16 bits to
        keep the page small, queries and keys to 24.
    questions : sequence of str, optional
        The names of the questions that `model` answers and `ablations` measure.
    ablations : Tensor, shape (2 ** heads, questions), optional
        The accuracy of each question for each set of heads that are removed, from
        :func:`nnbasics.experiments.ablation_of_all_sets`.

    Raises
    ------
    TypeError
        If weights are not a tensor of floating-point numbers, or the model is not one.
    ValueError
        If there is no token or more than 64, rows do not have the sum 1, a number is
        not finite, shapes do not fit together, the weights are not the model's, or the
        model was made with ``uniform=True``.

    Examples
    --------
    >>> weights = torch.tensor([[[0.9, 0.1], [0.2, 0.8]]])
    >>> HeadExplorer(["the", "cat"], weights, roles=["itself"])
    Where each head looks most, for each query
    head             the       cat
    head 0 (itself)  the 0.90  cat 0.80
    [Head explorer: interactive in a notebook; write .save("x.html") elsewhere]
    """

    kind = "head-explorer"
    title = "Head explorer"

    def __init__(
        self,
        tokens: Sequence[str],
        weights: Tensor,
        roles: Sequence[str] | None = None,
        *,
        snapshots: Mapping[str, Tensor] | None = None,
        model: RelationModel | None = None,
        questions: Sequence[str] | None = None,
        ablations: Tensor | None = None,
    ) -> None:
        self.tokens = check.require_tokens(tokens)
        self.weights = _require_weights("weights", weights, len(self.tokens))
        self.roles = _require_names("roles", roles, self.weights.size(0))
        self.snapshots = _require_snapshots(snapshots or {}, self.weights)
        self.questions = list(questions or [])
        self.ablations = _require_ablations(ablations, self)
        self.model = _require_model(model, self)

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        moments: list[dict[str, str | Packed]] = [
            {"name": name, "weights": pack_in_steps(kept, bytes_each=1, step=0.01)}
            for name, kept in self.snapshots.items()
        ]
        trained = pack_in_steps(self.weights, bytes_each=3)
        data: dict[str, Any] = {
            "tokens": self.tokens,
            "heads": self.weights.size(0),
            "roles": self.roles,
            "moments": [*moments, {"name": "trained", "weights": trained}],
            "questions": self.questions,
        }
        if self.ablations is not None:
            data["ablations"] = pack_in_steps(self.ablations, bytes_each=1, step=0.01)
        if self.model is not None:
            data["model"] = pack_model(self.model)
        return data

    def table(self) -> Table:
        """Return where each head looks most."""
        best, where = self.weights.max(dim=-1)  # (heads, length)
        names = [
            f"head {head}" + (f" ({self.roles[head]})" if self.roles else "")
            for head in range(self.weights.size(0))
        ]
        return Table(
            caption="Where each head looks most, for each query",
            head=["head", *self.tokens],
            rows=[
                [name, *map(self._looks_at, row, places)]
                for name, row, places in zip(
                    names, best.tolist(), where.tolist(), strict=True
                )
            ],
        )

    def _looks_at(self, weight: float, place: int) -> str:
        return f"{self.tokens[place]} {weight:.2f}"


def _require_weights(name: str, weights: Tensor, length: int) -> Tensor:
    check.require_finite(name, weights)
    check.require_shape(name, weights, ("heads", length, length))
    if weights.size(0) > MAX_HEADS:
        raise ValueError(
            f"{name} must be those of at most {MAX_HEADS} heads, got {weights.size(0)}"
        )
    check.require_shares(name, weights)
    return weights.detach().float()


def _require_names(
    name: str, names: Sequence[str] | None, count: int
) -> list[str] | None:
    if names is None:
        return None
    if isinstance(names, str) or len(names) != count:
        raise ValueError(
            f"{name} must be {count} names, one for each head, got {names!r:.80}"
        )
    return [str(each) for each in names]


def _require_snapshots(
    snapshots: Mapping[str, Tensor], weights: Tensor
) -> dict[str, Tensor]:
    if len(snapshots) > MAX_SNAPSHOTS:
        raise ValueError(
            f"snapshots must be at most {MAX_SNAPSHOTS}, got {len(snapshots)}; "
            "choose moments at which the weights change"
        )
    for name, kept in snapshots.items():
        _require_weights(f"snapshots[{name!r}]", kept, weights.size(-1))
        check.require_shape(f"snapshots[{name!r}]", kept, tuple(weights.shape))
    return {str(name): kept.detach().float() for name, kept in snapshots.items()}


def _require_ablations(ablations: Tensor | None, figure: HeadExplorer) -> Tensor | None:
    if ablations is None:
        return None
    sets = 2 ** figure.weights.size(0)
    check.require_finite("ablations", ablations)
    check.require_shape("ablations", ablations, (sets, len(figure.questions)))
    if ablations.min() < 0 or ablations.max() > 1:
        raise ValueError(
            "ablations must hold shares from 0 to 1, got "
            f"{ablations.min().item():.4g} to {ablations.max().item():.4g}"
        )
    return ablations.detach().float()


def _require_model(
    model: RelationModel | None, figure: HeadExplorer
) -> RelationModel | None:
    if model is None:
        return None
    require_instance("model", model, RelationModel)
    if model.uniform:
        raise ValueError(
            "model must choose where it looks, got one with uniform=True; the figure "
            "computes weights from queries and keys"
        )
    if len(figure.questions) != model.num_questions:
        raise ValueError(
            f"questions must be {model.num_questions} names, as many as the model "
            f"answers, got {figure.questions}"
        )
    if len(figure.tokens) > LONGEST:
        raise ValueError(
            f"tokens must be at most {LONGEST} with a model, as in its training, got "
            f"{len(figure.tokens)}"
        )
    with torch.no_grad():
        own = model.attend(as_sentence(figure.tokens, model.num_questions))[0]
    if own.shape != figure.weights.shape or (own - figure.weights).abs().max() > 1e-4:
        raise ValueError(
            "weights must be those that the model gives for the tokens; write "
            "model.attend(as_sentence(tokens, model.num_questions))[0]"
        )
    return model
