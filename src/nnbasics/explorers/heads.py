"""An explorer of attention heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._figure_tables import Table
from nnbasics.experiments.relation_model import RelationModel
from nnbasics.experiments.specialisation import ablation_of_all_sets
from nnbasics.experiments.toy_language import LabelledSentences, as_sentence
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import LONGEST, pack_in_steps, pack_model

__all__ = ["HeadExplorer"]


class HeadExplorer(Explorer):
    """Look at all heads of a layer, choose some, switch some off, edit the sentence.

    The layer is computed anew in the page. To keep the page small, queries and keys are
    rounded to 16 bits, values and answers to 12.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, from 1 to 11 words of the toy language.
    model : RelationModel
        A trained model with at most 8 heads.
    sentences : LabelledSentences
        Where the accuracy is measured, for each set of heads that can be switched off;
        100 sentences and 8 heads take a third of a second.
    snapshots : mapping of str to Tensor, shape (heads, length, length)
        The attention weights at earlier moments of the training, in order, such as
        ``{"untrained": ..., "step 100": ...}``. They are shown with two digits.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = RelationModel(num_heads=2, generator=generator)
    >>> test = sample_sentences(20, generator)
    >>> HeadExplorer(["cat"], model, test, snapshots={})  # it can only look at itself
    Where each head looks most, for each query
    head    cat
    head 0  cat 1.00
    head 1  cat 1.00
    [Head explorer: interactive in a notebook; write .save("x.html") elsewhere]
    """

    kind = "head-explorer"

    def __init__(
        self,
        tokens: Sequence[str],
        model: RelationModel,
        sentences: LabelledSentences,
        snapshots: Mapping[str, Tensor],
    ) -> None:
        _require_model(model, tokens)
        self.tokens = list(tokens)
        self.model = model
        with torch.no_grad():
            sentence = as_sentence(tokens, model.num_questions)
            self.weights = model.attend(sentence)[0]  # (heads, length, length)
        self.snapshots = _require_snapshots(snapshots, self.weights)
        self.ablations = _accuracies(model, sentences)  # (2 ** heads, questions)
        self.questions = sentences.questions

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        moments = [
            {"name": name, "weights": pack_in_steps(kept, bytes_each=1, step=0.01)}
            for name, kept in self.snapshots.items()
        ]
        return {
            "tokens": self.tokens,
            "heads": self.model.attention.num_heads,
            "moments": moments,
            "questions": self.questions,
            "ablations": pack_in_steps(self.ablations, bytes_each=1, step=0.01),
            "model": pack_model(self.model),
        }

    def table(self) -> Table:
        """Return where each head looks most."""
        best, where = self.weights.max(dim=-1)  # (heads, length)
        heads = zip(best.tolist(), where.tolist(), strict=True)
        return Table(
            caption="Where each head looks most, for each query",
            head=["head", *self.tokens],
            rows=[
                [f"head {number}", *map(self._looks_at, row, places)]
                for number, (row, places) in enumerate(heads)
            ],
        )

    def _looks_at(self, weight: float, place: int) -> str:
        return f"{self.tokens[place]} {weight:.2f}"


def _require_model(model: RelationModel, tokens: Sequence[str]) -> None:
    check.require_instance("model", model, RelationModel)
    check.require_sequence("tokens", tokens, "str")
    if model.uniform:
        raise ValueError(
            "model must choose where it looks, got one with uniform=True; the figure "
            "computes weights from queries and keys"
        )
    if len(tokens) > LONGEST:
        raise ValueError(
            f"tokens must be at most {LONGEST}, as in the training of the model, got "
            f"{len(tokens)}"
        )


def _require_snapshots(
    snapshots: Mapping[str, Tensor], weights: Tensor
) -> dict[str, Tensor]:
    shape, form = tuple(weights.shape), "(heads, length, length)"
    for name, kept in snapshots.items():
        check.require_shape(f"snapshots[{name!r}]", kept, shape, form)
        check.require_weights(f"snapshots[{name!r}]", kept)
    return dict(snapshots)


def _accuracies(model: RelationModel, sentences: LabelledSentences) -> Tensor:
    accuracies = ablation_of_all_sets(model, sentences)
    if accuracies.isnan().any():
        raise ValueError(
            "sentences must ask each question of at least one word, got none for one "
            "of them; take more sentences"
        )
    return accuracies
