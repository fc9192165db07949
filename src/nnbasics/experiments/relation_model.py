"""Small attention models that learn the relations between the words of a sentence.

The letters in the shape comments: ``batch`` sentences, ``length`` positions,
``heads``, ``questions``, and ``vocabulary`` words.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics.attention import attention_weights
from nnbasics.experiments.toy_language import NOT_ASKED, VOCABULARY, LabelledSentences
from nnbasics.multihead import MultiHeadAttention, merge_heads, split_heads

__all__ = ["RelationModel", "train_relations"]

MAX_LENGTH = 12
WORD_SCALE = 0.3
POSITION_SCALE = 0.1


class RelationModel(nn.Module):
    """Answer questions about every word of a sentence, through attention alone.

    A word's vector and its position's vector make the query and the key; the word's
    vector alone makes the value. There is no other path from one word to another (no
    residual connection, no hidden layer), so what the model says about a word it must
    have read from the words that this word attends to.

    Parameters
    ----------
    num_heads : int
        The number of attention heads; it must divide `d_model`.
    num_questions : int
        How many questions each word answers.
    d_model : int
        The size of the vectors.
    generator : torch.Generator
        Where the random start comes from. The words' vectors have the standard
        deviation 0.3, the positions' 0.1; the layers start as PyTorch's own do.
    use_positions : bool
        If false, the positions' vectors are 0 and stay so.
    uniform : bool
        If true, every word attends to all words alike, whatever was learned.

    Attributes
    ----------
    words, positions : torch.nn.Parameter
        The vectors of the words and of the positions.
    attention : MultiHeadAttention
        The attention layer.
    read_out : torch.nn.Linear
        From the mixed values to a score for each question and each word.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = RelationModel(generator=generator)
    >>> logits, weights = model(sample_sentences(3, generator))
    >>> logits.shape[-2:], weights.shape[:2]
    (torch.Size([1, 28]), torch.Size([3, 1]))
    """

    def __init__(
        self,
        num_heads: int = 1,
        num_questions: int = 1,
        d_model: int = 32,
        *,
        generator: torch.Generator,
        use_positions: bool = True,
        uniform: bool = False,
    ) -> None:
        super().__init__()
        check.require_positive_int("num_questions", num_questions)
        check.require_generator("generator", generator)
        self.num_questions = num_questions
        self.uniform = uniform
        # Layers draw from torch's global generator first, which is to stay as it is.
        with torch.random.fork_rng(devices=[]):
            self.attention = MultiHeadAttention(d_model, num_heads)
            self.read_out = nn.Linear(d_model, num_questions * len(VOCABULARY))
        self.words = nn.Parameter(
            WORD_SCALE * torch.randn(len(VOCABULARY), d_model, generator=generator)
        )
        self.positions = nn.Parameter(
            POSITION_SCALE
            * float(use_positions)
            * torch.randn(MAX_LENGTH, d_model, generator=generator),
            requires_grad=use_positions,
        )
        start_as_pytorch_does(self, generator)

    def forward(self, sentences: LabelledSentences) -> tuple[Tensor, Tensor]:
        """Answer every question about every word.

        Parameters
        ----------
        sentences : LabelledSentences
            Their targets are not looked at.

        Returns
        -------
        logits : Tensor, shape (batch, length, questions, vocabulary)
            The score of each word as an answer.
        weights : Tensor, shape (batch, heads, length, length)
            The attention weights.
        """
        weights = self.attend(sentences)  # (batch, heads, length, length)
        return self.answer(weights, sentences), weights

    def attend(self, sentences: LabelledSentences) -> Tensor:
        """Return the attention weights, shape (batch, heads, length, length)."""
        _require_short(sentences)
        words = self.words[sentences.tokens]  # (batch, length, d_model)
        x = words + self.positions[: words.size(1)]  # (batch, length, d_model)
        query = split_heads(self.attention.q_proj(x), self.attention.num_heads)
        key = split_heads(self.attention.k_proj(x), self.attention.num_heads)
        if self.uniform:  # equal scores: every word attends to all words alike
            query = torch.zeros_like(query)
        return attention_weights(query, key, sentences.mask.unsqueeze(1))

    def answer(self, weights: Tensor, sentences: LabelledSentences) -> Tensor:
        """Answer from given attention weights, which need not be the model's own.

        Parameters
        ----------
        weights : Tensor, shape (batch, heads, length, length)
            Who attends to whom. A head with weights of 0 hands nothing over.
        sentences : LabelledSentences
            The words.

        Returns
        -------
        Tensor, shape (batch, length, questions, vocabulary)
            The logits.
        """
        batch, length = sentences.tokens.shape
        check.require_shape(
            "weights",
            weights,
            (batch, self.attention.num_heads, length, length),
            "(batch, heads, length, length)",
        )
        value = self.attention.v_proj(self.words[sentences.tokens])
        heads = weights @ split_heads(value, self.attention.num_heads)
        mixed = self.attention.out_proj(merge_heads(heads))  # (batch, length, d_model)
        logits: Tensor = self.read_out(mixed)  # (batch, length, questions * words)
        return logits.view(*logits.shape[:2], self.num_questions, len(VOCABULARY))


def _require_short(sentences: LabelledSentences) -> None:
    check.require_instance("sentences", sentences, LabelledSentences)
    length = sentences.tokens.size(1)
    if length > MAX_LENGTH:
        raise ValueError(
            f"sentences must have at most {MAX_LENGTH} positions, got {length}"
        )


def start_as_pytorch_does(model: nn.Module, generator: torch.Generator) -> None:
    """Draw all linear layers as torch.nn.Linear does, but from a generator."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            bound = layer.in_features**-0.5
            for parameter in layer.parameters():
                nn.init.uniform_(parameter, -bound, bound, generator=generator)


def require_answerable(model: RelationModel, sentences: LabelledSentences) -> None:
    """Raise unless sentences ask as many questions as a model answers."""
    if len(sentences.questions) != model.num_questions:
        raise ValueError(
            f"sentences must ask {model.num_questions} question(s), as many as the "
            f"model answers, got {len(sentences.questions)}"
        )


def train_relations(
    model: RelationModel,
    sentences: LabelledSentences,
    generator: torch.Generator,
    *,
    steps: int = 300,
    batch_size: int = 64,
    weight_decay: float = 0.03,
    learning_rate: float = 0.01,
) -> list[float]:
    """Train a model to answer the questions, with AdamW.

    Parameters
    ----------
    model : RelationModel
        The model; it is changed in place.
    sentences : LabelledSentences
        The training data.
    generator : torch.Generator
        Where the choice of the batches comes from.
    steps : int
        The number of steps, at least 1.
    batch_size : int
        How many sentences a step looks at.
    weight_decay : float
        The weight decay, from 0 to 1.
    learning_rate : float
        The learning rate.

    Returns
    -------
    list of float
        The loss, the mean cross-entropy of the answers, at each step.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = RelationModel(generator=generator)
    >>> losses = train_relations(
    ...     model, sample_sentences(500, generator), generator, steps=100
    ... )
    >>> losses[0] > 3, losses[-1] < 0.3
    (True, True)
    """
    check.require_instance("model", model, RelationModel)
    check.require_instance("sentences", sentences, LabelledSentences)
    check.require_generator("generator", generator)
    check.require_share("weight_decay", weight_decay)
    check.require_positive_number("learning_rate", learning_rate)
    check.require_positive_int("steps", steps)
    check.require_positive_int("batch_size", batch_size)
    require_answerable(model, sentences)
    if not (sentences.targets >= 0).any():
        raise ValueError(
            "sentences must have an answer to at least one question, got none; those "
            "of sample_sentences and sample_questions have them"
        )
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=learning_rate, weight_decay=weight_decay
    )
    losses = []
    for _ in range(steps):
        rows = torch.randint(
            len(sentences.tokens), (batch_size,), generator=generator
        )  # (batch,)
        batch = sentences.batch(rows)
        logits, _ = model(batch)  # (batch, length, questions, vocabulary)
        loss = nn.functional.cross_entropy(
            logits.flatten(0, 2), batch.answers.flatten(), ignore_index=NOT_ASKED
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
