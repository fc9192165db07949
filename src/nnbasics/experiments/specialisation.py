"""What the heads of a trained model do: scores, and what is lost without them.

The letters in the shape comments: ``count`` sentences, ``length`` positions,
``heads``, ``questions``.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.experiments.relation_model import RelationModel, require_answerable
from nnbasics.experiments.toy_language import NOT_ASKED, VOCABULARY, LabelledSentences

__all__ = [
    "ablation_matrix",
    "ablation_of_all_sets",
    "accuracy",
    "attention_mass",
    "roles_of_heads",
]


# From this score on a head is named by its question.
SPECIALISED = 0.5


def accuracy(logits: Tensor, sentences: LabelledSentences) -> Tensor:
    """Return the share of right answers to each question.

    Parameters
    ----------
    logits : Tensor, shape (count, length, questions, vocabulary)
        What a model answered.
    sentences : LabelledSentences
        The sentences, with the true answers.

    Returns
    -------
    Tensor, shape (questions,), float32
        Numbers from 0 to 1; NaN for a question that is asked of no word.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> sentences = sample_sentences(20, generator)
    >>> logits, _ = RelationModel(generator=generator)(sentences)
    >>> accuracy(logits, sentences) < 0.2
    tensor([True])
    """
    shape = (*sentences.targets.shape, len(VOCABULARY))
    form = "(count, length, questions, vocabulary)"
    check.require_shape("logits", logits, shape, form)
    asked = sentences.targets != NOT_ASKED  # (count, length, questions)
    right = logits.argmax(dim=-1) == sentences.answers  # never where not asked: -1
    return right.sum(dim=(0, 1)) / asked.sum(dim=(0, 1))  # (questions,)


def attention_mass(weights: Tensor, sentences: LabelledSentences) -> Tensor:
    """Return how much weight each head puts on the answer to each question.

    A position counts only if no other question has the same answer there: otherwise
    the weight could not tell which of the two the head is after.

    Parameters
    ----------
    weights : Tensor, shape (count, heads, length, length)
        Attention weights.
    sentences : LabelledSentences
        The sentences, with the positions of the true answers.

    Returns
    -------
    Tensor, shape (heads, questions), float32
        The mean weight on the answer, from 0 to 1: the specialisation score. NaN for
        a question that is asked of no word.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> sentences = sample_sentences(20, generator)
    >>> _, weights = RelationModel(uniform=True, generator=generator)(sentences)
    >>> round(attention_mass(weights, sentences).item(), 2)
    0.15
    """
    targets = sentences.targets  # (count, length, questions)
    check.require_rank("weights", weights, 4, "(count, heads, length, length)")
    count, length = sentences.tokens.shape
    shape = (count, weights.size(1), length, length)
    check.require_shape("weights", weights, shape, "(count, heads, length, length)")
    same = targets[..., None] == targets[..., None, :]
    counts = (targets != NOT_ASKED) & (same.sum(dim=-1) == 1)
    places = targets.clamp(min=0).unsqueeze(1)  # (count, 1, length, questions)
    places = places.expand(-1, weights.size(1), -1, -1)
    on_answer = weights.gather(-1, places)  # (count, heads, length, questions)
    total = (on_answer * counts.unsqueeze(1)).sum(dim=(0, 2))  # (heads, questions)
    return total / counts.sum(dim=(0, 1))


def roles_of_heads(scores: Tensor, questions: Sequence[str]) -> list[str]:
    """Name each head by the question that it answers.

    A head whose best score is below 0.5 has the role ``"none"``.

    Parameters
    ----------
    scores : Tensor, shape (heads, questions)
        The specialisation scores, from :func:`attention_mass`.
    questions : sequence of str
        The names of the questions.

    Returns
    -------
    list of str
        One name for each head.

    Examples
    --------
    >>> roles_of_heads(torch.tensor([[0.9, 0.0], [0.3, 0.2]]), ["who", "whom"])
    ['who', 'none']
    """
    check.require_floating(scores=scores)
    shape = (*scores.shape[:1], len(questions))
    check.require_shape("scores", scores, shape, "(heads, questions)")
    if scores.isnan().any():
        raise ValueError("scores must be numbers, got NaN: was a question not asked?")
    best, which = scores.max(dim=-1)  # (heads,)
    return [
        questions[question] if score >= SPECIALISED else "none"
        for score, question in zip(best.tolist(), which.tolist(), strict=True)
    ]


def ablation_matrix(
    model: RelationModel, sentences: LabelledSentences, groups: Sequence[Sequence[int]]
) -> Tensor:
    """Remove groups of heads, one group at a time, and measure the accuracy.

    Parameters
    ----------
    model : RelationModel
        A trained model; it is not changed.
    sentences : LabelledSentences
        The sentences to test it on.
    groups : sequence of sequence of int
        The numbers of the heads to remove together, counted from 0.

    Returns
    -------
    Tensor, shape (groups, questions)
        The accuracy of each question without each group.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> sentences = sample_sentences(20, generator)
    >>> model = RelationModel(generator=generator)
    >>> ablation_matrix(model, sentences, groups=[[], [0]]).shape
    torch.Size([2, 1])
    """
    check.require_instance("model", model, RelationModel)
    _require_groups(groups, model.attention.num_heads)
    require_answerable(model, sentences)
    rows = []
    with torch.no_grad():
        weights = model.attend(sentences)  # (count, heads, length, length)
        for group in groups:
            kept = torch.ones(weights.size(1), 1, 1)  # (heads, 1, 1)
            kept[list(group)] = 0.0
            rows.append(accuracy(model.answer(weights * kept, sentences), sentences))
    return torch.stack(rows)  # (groups, questions)


def ablation_of_all_sets(model: RelationModel, sentences: LabelledSentences) -> Tensor:
    """Remove every possible set of heads, and measure the accuracy.

    Eight heads have 256 sets; 100 sentences take a third of a second.

    Parameters
    ----------
    model : RelationModel
        A trained model with at most 8 heads; it is not changed.
    sentences : LabelledSentences
        The sentences to test it on.

    Returns
    -------
    Tensor, shape (2 ** heads, questions)
        The accuracy of each question without each set. The number of a row, written in
        binary, says which heads are removed: bit 0 stands for head 0, and so on. Row 0
        is the whole model.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> sentences = sample_sentences(20, generator)
    >>> model = RelationModel(num_heads=2, generator=generator)
    >>> ablation_of_all_sets(model, sentences).shape
    torch.Size([4, 1])
    """
    heads = model.attention.num_heads
    if heads > 8:
        raise ValueError(f"model must have at most 8 heads, got {heads}")
    sets = [
        [head for head in range(heads) if number >> head & 1]
        for number in range(2**heads)
    ]
    return ablation_matrix(model, sentences, sets)


def _require_groups(groups: Sequence[Sequence[int]], num_heads: int) -> None:
    check.require_sequence("groups", groups, "sequences of int")
    check.require_some("groups", groups, "group of heads")
    for group in groups:
        check.require_sequence("each of groups", group, "int")
        for head in group:
            check.require_index("a head in groups", head, num_heads)
