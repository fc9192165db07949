"""A causal language model of Transformer blocks, over the toy language.

The letters in the shape comments: ``batch`` texts, ``length`` tokens, ``d_model``
numbers a token, ``d_head`` numbers a head, ``vocabulary`` words and one more token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics.attention import causal_mask, scaled_dot_product_attention
from nnbasics.block import TransformerBlock
from nnbasics.experiments.relation_model import start_as_pytorch_does
from nnbasics.experiments.toy_language import (
    NOT_ASKED,
    VOCABULARY,
    WORDS,
    LabelledSentences,
)
from nnbasics.multihead import MultiHeadAttention, merge_heads, split_heads

__all__ = [
    "LanguageModel",
    "attend_to_kept",
    "is_grammatical",
    "sample_texts",
    "text_loss",
    "train_language",
]

# Stands before the first word and behind the last one.
END = len(VOCABULARY)
D_MODEL, NUM_HEADS = 32, 2
# The longest sentence has eight words; with the token before it the model reads nine.
MAX_LENGTH = 9
BATCH_SIZE, LEARNING_RATE = 64, 0.01

# The grammar, with the first letters of DET, ADJ and N, T and I for the two kinds of
# verbs, and P for a preposition.
GRAMMAR = re.compile("DA?N(T|IP)DA?N")
LETTERS = {"DET": "D", "ADJ": "A", "N": "N", "V_I": "I", "V_T": "T", "PREP": "P"}
LETTER_OF = {word: LETTERS[kind] for kind, words in WORDS.items() for word in words}

# Keys and values, each of shape (batch, heads, length, d_head).
Kept = tuple[Tensor, Tensor]


class LanguageModel(nn.Module):
    """Say at each word of a sentence which word comes next.

    Learned vectors of words and positions go through blocks with the norm first and a
    causal mask, and through one more norm.

    Parameters
    ----------
    num_blocks : int
        The number of blocks, 0 or more. Without one, a model sees the last word alone.
    positions : bool
        Whether it is told positions.
    generator : torch.Generator
        Where the random start comes from.

    Attributes
    ----------
    embedding : torch.nn.Embedding
        The vectors of the 28 words, and of the token that stands at both ends.
    positions : torch.nn.Parameter
        The vectors of nine positions; 0 if the model is not told them.
    blocks : torch.nn.ModuleList
        Of :class:`nnbasics.TransformerBlock`.
    norm : torch.nn.LayerNorm
        The norm behind the last block.
    unembedding : torch.nn.Linear
        From the last vectors to a score for each word and for the end.

    Examples
    --------
    >>> model = LanguageModel(1, generator=torch.Generator().manual_seed(0))
    >>> model(torch.tensor([[28, 0, 6, 16]])).shape  # the end, the, cat, sat
    torch.Size([1, 4, 29])
    """

    def __init__(
        self,
        num_blocks: int,
        *,
        positions: bool = True,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check.require_int("num_blocks", num_blocks)
        if num_blocks < 0:
            raise ValueError(f"num_blocks must be at least 0, got {num_blocks}")
        check.require_instance("positions", positions, bool)
        check.require_generator("generator", generator)
        with torch.random.fork_rng(devices=[]):  # torch's own numbers stay unused
            self.embedding = nn.Embedding(END + 1, D_MODEL)
            self.blocks = nn.ModuleList(
                TransformerBlock(D_MODEL, NUM_HEADS) for _ in range(num_blocks)
            )
            self.norm = nn.LayerNorm(D_MODEL)
            self.unembedding = nn.Linear(D_MODEL, END + 1)
        nn.init.normal_(self.embedding.weight, std=0.5, generator=generator)
        vectors = torch.zeros(MAX_LENGTH, D_MODEL)
        if positions:
            nn.init.normal_(vectors, std=0.5, generator=generator)
        self.positions = nn.Parameter(vectors, requires_grad=positions)
        start_as_pytorch_does(self, generator)

    def forward(self, tokens: Tensor) -> Tensor:
        """Score the next token at each position.

        Parameters
        ----------
        tokens : Tensor of int, shape (batch, length)
            Texts that begin with the token 28; at most nine tokens.

        Returns
        -------
        Tensor, shape (batch, length, vocabulary)
            The logits.
        """
        check.require_tokens(tokens, MAX_LENGTH)
        length = tokens.size(1)
        x = self.embedding(tokens) + self.positions[:length]  # (batch, length, d_model)
        for block in self.blocks:
            x, _ = block(x, causal_mask(length))  # (batch, length, d_model)
        logits: Tensor = self.unembedding(self.norm(x))  # (batch, length, vocabulary)
        return logits

    def step(
        self, token: Tensor, offset: int, kept: Sequence[Kept] | None = None
    ) -> tuple[Tensor, list[Kept]]:
        """Score what comes after one more token, with what was kept of those before.

        Parameters
        ----------
        token : Tensor of int, shape (batch, 1)
            The newest token of each text.
        offset : int
            How many tokens stand before it.
        kept : sequence of (Tensor, Tensor), optional
            For each block the keys and the values of the tokens before, as the last
            step returned them; None at the first token.

        Returns
        -------
        logits : Tensor, shape (batch, 1, vocabulary)
            What the whole text would give at its last position.
        kept : list of (Tensor, Tensor)
            The keys and values with those of the new token.
        """
        check.require_rank("token", token, 2, "(batch, 1)")
        check.require_shape("token", token, (token.size(0), 1), "(batch, 1)")
        check.require_index("offset", offset, MAX_LENGTH)
        x = self.embedding(token) + self.positions[offset]  # (batch, 1, d_model)
        now_kept = []
        block: Any  # a ModuleList does not say what it holds
        for number, block in enumerate(self.blocks):
            before = kept[number] if kept is not None else None
            attended, after = attend_to_kept(block.attention, block.norm1(x), before)
            x = x + attended  # (batch, 1, d_model)
            x = x + block.feed_forward(block.norm2(x))
            now_kept.append(after)
        return self.unembedding(self.norm(x)), now_kept


def attend_to_kept(
    attention: MultiHeadAttention, x: Tensor, kept: Kept | None
) -> tuple[Tensor, Kept]:
    """Attend from new positions to themselves and to those whose keys were kept.

    Parameters
    ----------
    attention : MultiHeadAttention
        The layer.
    x : Tensor, shape (batch, 1, d_model)
        The vector of the new position.
    kept : (Tensor, Tensor) or None
        Keys and values of the positions before, (batch, heads, length, d_head) each.

    Returns
    -------
    output : Tensor, shape (batch, 1, d_model)
        As the layer gives at the last of all positions.
    kept : (Tensor, Tensor)
        The keys and values with those of the new position.
    """
    query, key, value = (
        split_heads(projection(x), attention.num_heads)  # (batch, heads, 1, d_head)
        for projection in (attention.q_proj, attention.k_proj, attention.v_proj)
    )
    if kept is not None:
        key = torch.cat([kept[0], key], dim=2)  # (batch, heads, length, d_head)
        value = torch.cat([kept[1], value], dim=2)
    # No mask: nothing stands behind the new position.
    heads, _ = scaled_dot_product_attention(query, key, value)
    return attention.out_proj(merge_heads(heads)), (key, value)


def _texts(sentences: LabelledSentences) -> tuple[Tensor, Tensor]:
    """Return what a model reads, and what comes next, each (count, length + 1)."""
    count, length = sentences.tokens.shape
    tokens = torch.full((count, length + 2), END)
    inside = sentences.mask.squeeze(1)  # (count, length)
    tokens[:, 1:-1] = sentences.tokens.where(inside, END)
    asked = torch.arange(length + 1) <= sentences.lengths[:, None]  # the end, too
    return tokens[:, :-1], tokens[:, 1:].where(asked, NOT_ASKED)


def _loss(model: LanguageModel, tokens: Tensor, targets: Tensor) -> Tensor:
    """Return the cross-entropy of whole texts, their mean."""
    total = nn.functional.cross_entropy(
        model(tokens).flatten(0, 1),
        targets.flatten(),
        ignore_index=NOT_ASKED,
        reduction="sum",
    )
    return total / len(tokens)


def text_loss(model: LanguageModel, sentences: LabelledSentences) -> float:
    """Measure how well a model foretells sentences.

    Parameters
    ----------
    model : LanguageModel
        The model.
    sentences : LabelledSentences
        Sentences of the toy language.

    Returns
    -------
    float
        The cross-entropy in nats a sentence: of all its words and its end, added up,
        and averaged over the sentences.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = LanguageModel(0, generator=generator)
    >>> text_loss(model, sample_sentences(20, generator)) > 20  # not trained
    True
    """
    check.require_instance("model", model, LanguageModel)
    check.require_instance("sentences", sentences, LabelledSentences)
    with torch.no_grad():
        return _loss(model, *_texts(sentences)).item()


def train_language(
    model: LanguageModel,
    sentences: LabelledSentences,
    generator: torch.Generator,
    steps: int = 300,
) -> list[float]:
    """Train a model to foretell the words of sentences.

    Parameters
    ----------
    model : LanguageModel
        The model; it is changed in place.
    sentences : LabelledSentences
        The sentences of the training.
    generator : torch.Generator
        Says which 64 of them are used at a step.
    steps : int
        The number of steps of AdamW. The learning rate is 0.01 at the first, and falls
        to 0.

    Returns
    -------
    list of float
        The loss at each step, see :func:`text_loss`.

    Examples
    --------
    >>> from nnbasics.experiments import sample_sentences
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = LanguageModel(0, generator=generator)
    >>> sentences = sample_sentences(200, generator)
    >>> losses = train_language(model, sentences, generator, steps=50)
    >>> losses[0] > 20, losses[-1] < 17
    (True, True)
    """
    check.require_instance("model", model, LanguageModel)
    check.require_instance("sentences", sentences, LabelledSentences)
    check.require_generator("generator", generator)
    check.require_positive_int("steps", steps)
    tokens, targets = _texts(sentences)  # (count, length) each
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0, steps)
    losses = []
    for _ in range(steps):
        rows = torch.randint(len(tokens), (BATCH_SIZE,), generator=generator)
        loss = _loss(model, tokens[rows], targets[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


def sample_texts(
    model: LanguageModel,
    count: int,
    generator: torch.Generator,
    temperature: float = 1.0,
) -> list[list[str]]:
    """Let a model write: draw word after word from the shares that it gives.

    Parameters
    ----------
    model : LanguageModel
        The model.
    count : int
        How many texts.
    generator : torch.Generator
        Where the randomness comes from.
    temperature : float
        What the scores are divided by. Below 1 likely words become likelier, above 1
        the others.

    Returns
    -------
    list of list of str
        The words of each text, up to its end, at most nine.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = LanguageModel(0, generator=generator)
    >>> len(sample_texts(model, 3, generator))
    3
    """
    check.require_instance("model", model, LanguageModel)
    check.require_positive_int("count", count)
    check.require_generator("generator", generator)
    check.require_positive_number("temperature", temperature)
    token = torch.full((count, 1), END)
    written, kept = [], None
    for offset in range(MAX_LENGTH):
        with torch.no_grad():
            logits, kept = model.step(token, offset, kept)
        shares = (logits[:, 0] / temperature).softmax(dim=-1)  # (count, vocabulary)
        token = torch.multinomial(shares, 1, generator=generator)  # (count, 1)
        written.append(token)
    rows = torch.cat(written, dim=1).tolist()  # (count, MAX_LENGTH)
    texts = [row[: row.index(END)] if END in row else row for row in rows]
    return [[VOCABULARY[number] for number in text] for text in texts]


def is_grammatical(words: Sequence[str]) -> bool:
    """Say whether the rules of the toy language allow a sentence.

    Parameters
    ----------
    words : sequence of str
        Words of the toy language.

    Returns
    -------
    bool
        Whether they are ``DET [ADJ] N (V_I PREP | V_T) DET [ADJ] N``.

    Examples
    --------
    >>> is_grammatical("the cat sat on a mat".split())
    True
    >>> is_grammatical("the cat sat a mat".split())
    False
    """
    check.require_sequence("words", words, "str")
    kinds = "".join(LETTER_OF.get(word, "?") for word in words)
    return GRAMMAR.fullmatch(kinds) is not None
