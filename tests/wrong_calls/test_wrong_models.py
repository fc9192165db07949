"""Wrong calls of the networks, the toy language and the models that learn it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from wrong_call import WrongCall

from nnbasics import (
    FeedForward,
    TransformerBlock,
    XORNetwork,
    is_solved,
    predictions_over_seeds,
    train_xor,
    xor_network_from_seed,
)
from nnbasics.exercises import check_head_roles
from nnbasics.experiments import (
    ORDERS,
    BitModel,
    FactModel,
    FeedForwardStack,
    InductionModel,
    LanguageModel,
    LookBackModel,
    RelationModel,
    ablation_matrix,
    accuracy,
    accuracy_by_length,
    as_sentence,
    attention_mass,
    decode,
    encode,
    facts_that_hold,
    head_scores,
    is_grammatical,
    label,
    repeated_tokens,
    roles_of_heads,
    sample_questions,
    sample_sentences,
    sample_texts,
    share_copied,
    text_loss,
    train_bits,
    train_facts,
    train_induction,
    train_language,
    train_look_back,
    train_relations,
    train_stack,
    xor_with_the_bit_before,
)
from nnbasics.lesson import show_source

NETWORK = XORNetwork()
GENERATOR = torch.Generator().manual_seed(0)
STACK = FeedForwardStack("plain", 1, generator=GENERATOR)
SENTENCES = sample_sentences(3, GENERATOR)
COUNT, LENGTH = SENTENCES.tokens.shape
MODEL = RelationModel(2, generator=GENERATOR)
FEED_FORWARD = FeedForward(2, 5)
BLOCK = TransformerBlock(6, 2)
BIT_MODEL = BitModel(1, 3, generator=GENERATOR)
BITS, DIFFERS = xor_with_the_bit_before(3)
FACTS, ANSWERS = FactModel(4, 3, 2, 5, generator=GENERATOR), torch.arange(4) % 3
LOOKING_BACK = LookBackModel("none", generator=GENERATOR)
TOKENS = torch.tensor([[3, 1, 3]])
COPYING = InductionModel(2, generator=GENERATOR)
LANGUAGE = LanguageModel(1, generator=GENERATOR)
WORDS = (
    "the, a, big, small, old, red, cat, dog, bird, girl, boy, fox, mat, ball, tree, "
    "box, sat, slept, stood, jumped, chased, saw, found, liked, on, under, near, behind"
)


def hold(answers: Any = ANSWERS, off: Any = (), model: Any = FACTS) -> torch.Tensor:
    return facts_that_hold(model, answers, off)


def train(**changed: Any) -> list[float]:
    arguments = {"model": MODEL, "sentences": SENTENCES, "generator": GENERATOR}
    return train_relations(**{**arguments, **changed})


def ablate(groups: Any = ((0,),), model: Any = MODEL) -> torch.Tensor:
    return ablation_matrix(model, SENTENCES, groups)


# The longer ones of the messages below.
FRACTIONS = (
    "must hold floating-point numbers of 16 bits or more, got dtype torch.int64; "
    "write NAME.float()"
)
SEEDED = "write torch.Generator().manual_seed(0)"
FLOAT32 = (
    "must have the dtype of the module's parameters, torch.float32, got torch.float64; "
    "write NAME.to(torch.float32)"
)
OF_THE_DATA = (
    "must have the dtype of the data, torch.float32, got torch.float64; write "
    "network.float()"
)
FROZEN = (
    "must have parameters that all require a gradient, got a frozen one; write "
    "network.requires_grad_()"
)
UNANSWERED = (
    "must have an answer to at least one question, got none; those of sample_sentences "
    "and sample_questions have them"
)
HEADS = f"({COUNT}, 2, {LENGTH}, {LENGTH})"
ONE_HEAD = torch.ones(COUNT, 1, LENGTH, LENGTH)
HEADS_AS_ANSWERED = (
    f"must have the shape {HEADS}, which is (batch, heads, length, length), got "
    f"{tuple(ONE_HEAD.shape)}"
)
MORE_SENTENCES = torch.ones(COUNT + 1, 2, LENGTH, LENGTH)
HEADS_AS_MEASURED = (
    f"must have the shape {HEADS}, which is (count, heads, length, length), got "
    f"{tuple(MORE_SENTENCES.shape)}"
)
NO_HEADS = torch.ones(COUNT, LENGTH, LENGTH)
WITHOUT_HEADS = (
    "must have the shape (count, heads, length, length), got "
    f"{tuple(NO_HEADS.shape)}, which has 3 dimension(s)"
)
NO_QUESTIONS = torch.zeros(COUNT, LENGTH, 28)
LOGITS = (
    f"must have the shape ({COUNT}, {LENGTH}, 1, 28), which is (count, length, "
    f"questions, vocabulary), got {tuple(NO_QUESTIONS.shape)}"
)
MORE_QUESTIONS = "must have the shape (2, 2), which is (heads, questions), got (2, 3)"

# What is refused of each kind of argument, and what the message says behind the
# argument's name, which is put in the place of NAME, too.
Refused = list[tuple[str, object, str]]
WRONG_TYPES: Refused = [
    ("an int", 1.5, "must be an int, got 1.5"),
    ("an int", True, "must be an int, got True"),
    ("a size", 2.0, "must be an int, got 2.0"),
    ("a rate", "1", "must be a number, got '1'"),
    ("a rate", True, "must be a number, got True"),
    ("a share", "all", "must be a number, got 'all'"),
    ("a generator", 0, f"must be a torch.Generator, got int; {SEEDED}"),
    ("a generator", None, f"must be a torch.Generator, got NoneType; {SEEDED}"),
    ("a tensor", [1.0], "must be a torch.Tensor, got list; write torch.tensor(NAME)"),
    ("fractions", torch.ones(4, 2, dtype=torch.int64), FRACTIONS),
    ("an XORNetwork", MODEL, "must be an instance of XORNetwork, got RelationModel"),
    ("an XORNetwork", XORNetwork().double(), OF_THE_DATA),
    ("inputs", torch.ones(4, 2).double(), FLOAT32),
    ("epochs", 3, "must be a list or another sequence of int, got int"),
    ("seeds", 3, "must be a list or another sequence of int, got int"),
    ("rates", 1.0, "must be a list or another sequence of float, got float"),
    ("any words", 3, "must be a list or another sequence of str, got int"),
    ("words", None, "must be a list or another sequence of str, got NoneType"),
    ("words", "a dog", "must be a list or another sequence of str, got str"),
    (
        "tokens",
        torch.tensor([0.0]),
        "must have the dtype torch.int64, got torch.float32; write NAME.long()",
    ),
    (
        "a RelationModel",
        NETWORK,
        "must be an instance of RelationModel, got XORNetwork",
    ),
    (
        "a LookBackModel",
        MODEL,
        "must be an instance of LookBackModel, got RelationModel",
    ),
    (
        "an InductionModel",
        MODEL,
        "must be an instance of InductionModel, got RelationModel",
    ),
    (
        "a LanguageModel",
        MODEL,
        "must be an instance of LanguageModel, got RelationModel",
    ),
    ("a BitModel", MODEL, "must be an instance of BitModel, got RelationModel"),
    ("a stack", MODEL, "must be a FeedForwardStack or a BlockStack, got RelationModel"),
    ("a FactModel", MODEL, "must be an instance of FactModel, got RelationModel"),
    ("a bool", "after", "must be an instance of bool, got str"),
    ("sequences", torch.ones(4, 5, 6).double(), FLOAT32),
    ("units", 2, "must be a list or another sequence of int, got int"),
    ("sentences", ["the"], "must be an instance of LabelledSentences, got list"),
    ("groups", 0, "must be a list or another sequence of sequences of int, got int"),
    ("each of groups", [0, 1], "must be a list or another sequence of int, got int"),
    ("objects", [len], f"must be functions or classes with Python source, got {len!r}"),
]
WRONG_VALUES: Refused = [
    ("a size", 0, "must be at least 1, got 0"),
    ("a size", -1, "must be at least 1, got -1"),
    ("a warm-up", -1, "must be 0 or more, got -1"),
    ("an order", "first", f"must be one of {tuple(ORDERS)}, got 'first'"),
    (
        "a scheme",
        "rope",
        (
            "must be one of ('none', 'learned', 'sinusoidal', 'rotary', 'ALiBi'), got "
            "'rope'"
        ),
    ),
    (
        "a batch of tokens",
        torch.ones(5).long(),
        "must have the shape (batch, length), got (5,), which has 1 dimension(s)",
    ),
    (
        "a token each",
        torch.ones(5).long(),
        "must have the shape (batch, 1), got (5,), which has 1 dimension(s)",
    ),
    (
        "a token each",
        torch.ones(3, 2).long(),
        "must have the shape (3, 1), which is (batch, 1), got (3, 2)",
    ),
    (
        "at most 128 tokens",
        torch.ones(2, 129).long(),
        "must have at most 128 positions, got 129",
    ),
    (
        "at most nine tokens",
        torch.ones(2, 10).long(),
        "must have at most 9 positions, got 10",
    ),
    (
        "positions of a copy",
        "rope",
        ("must be one of ('rotary', 'learned', 'sinusoidal', 'none'), got 'rope'"),
    ),
    ("blocks", -1, "must be at least 0, got -1"),
    ("rows of words", [], "must hold at least one sentence, got none"),
    ("a place", 9, "must be from 0 to 8, got 9"),
    ("a period", 1, "must be from 2 to 24, got 1"),
    ("a period", 25, "must be from 2 to 24, got 25"),
    ("periods", [], "must hold at least one int, got none"),
    ("one of two", 2, "must be from 0 to 1, got 2"),
    ("a divisor", 5, "must divide d_model, got num_heads 5 and d_model 32"),
    ("a rate", 0.0, "must be more than 0 and finite, got 0.0"),
    ("a rate", -1.0, "must be more than 0 and finite, got -1.0"),
    ("a rate", math.nan, "must be more than 0 and finite, got nan"),
    ("a rate", math.inf, "must be more than 0 and finite, got inf"),
    ("a share", -0.1, "must be a share from 0 to 1, got -0.1"),
    ("a share", 1.5, "must be a share from 0 to 1, got 1.5"),
    ("a share", math.nan, "must be a share from 0 to 1, got nan"),
    (
        "an XORNetwork",
        XORNetwork().requires_grad_(requires_grad=False),
        FROZEN,
    ),
    (
        "an XORNetwork",
        XORNetwork(2, 4, 3),
        "must have 2 inputs and 1 output, as many as XOR, got 2 and 3",
    ),
    (
        "inputs",
        torch.tensor(1.0),
        "must have the shape (2,), which is (..., input_size), got ()",
    ),
    (
        "inputs",
        torch.ones(4, 2, device="meta"),
        "must be on the device of the module's parameters, cpu, got meta",
    ),
    (
        "vectors",
        torch.ones(4, 3),
        "must have the shape (4, 2), which is (..., d_model), got (4, 3)",
    ),
    (
        "sequences",
        torch.ones(5, 6),
        "must have the shape (5, 6, 6), which is (batch, length, d_model), got (5, 6)",
    ),
    (
        "sequences",
        torch.ones(4, 5, 2),
        (
            "must have the shape (4, 5, 6), which is (batch, length, d_model), got "
            "(4, 5, 2)"
        ),
    ),
    ("two or more", 1, "must be at least 2, got 1"),
    (
        "answers",
        torch.arange(3),
        "must have the shape (4,), which is (num_subjects,), got (3,)",
    ),
    ("a unit", 5, "must be from 0 to 4, got 5"),
    ("an epoch", 6, "must be from 0 to 5, got 6"),
    ("an epoch", -1, "must be from 0 to 5, got -1"),
    ("seeds", [], "must hold at least one seed, got none"),
    ("rates", [], "must hold at least one rate, got none"),
    (
        "predictions",
        torch.zeros(4, 1),
        "must have the shape (4, 4), which is (..., 4), got (4, 1)",
    ),
    ("words", ["a", "Dog"], f"must be of the vocabulary, {WORDS}; got ['Dog']"),
    ("words", [], "must hold at least one word, got none"),
    (
        "tokens",
        torch.tensor([[0]]),
        "must have the shape (1,), which is (length,), got (1, 1)",
    ),
    (
        "positions",
        [[1]],
        "must have the shape (2, 1), which is (words, questions), got (1, 1)",
    ),
    ("words' numbers", torch.tensor([0, -1]), "must be from 0 to 27, got -1"),
    ("words' numbers", torch.tensor([28]), "must be from 0 to 27, got 28"),
    (
        "short sentences",
        as_sentence(["the"] * 13),
        "must have at most 12 positions, got 13",
    ),
    (
        "answered sentences",
        as_sentence(["the"], 3),
        "must ask 1 question(s), as many as the model answers, got 3",
    ),
    ("answered sentences", as_sentence(["the"]), UNANSWERED),
    ("logits", NO_QUESTIONS, LOGITS),
    ("answered weights", ONE_HEAD, HEADS_AS_ANSWERED),
    ("measured weights", MORE_SENTENCES, HEADS_AS_MEASURED),
    ("measured weights", NO_HEADS, WITHOUT_HEADS),
    ("scores", torch.ones(2, 3), MORE_QUESTIONS),
    (
        "scores",
        torch.tensor([[0.9, math.nan]]),
        "must be numbers, got NaN: was a question not asked?",
    ),
    ("groups", [], "must hold at least one group of heads, got none"),
    ("heads", 2, "must be from 0 to 1, got 2"),
    ("heads", -1, "must be from 0 to 1, got -1"),
    ("objects", [], "must hold at least one function or class, got none"),
]

ARGUMENTS: list[tuple[str, str, Callable[[Any], object]]] = [
    ("a size", "input_size", lambda n: XORNetwork(input_size=n)),
    ("a size", "hidden_size", lambda n: XORNetwork(hidden_size=n)),
    ("a size", "output_size", lambda n: XORNetwork(output_size=n)),
    ("a size", "hidden_size", lambda n: xor_network_from_seed(1, n)),
    ("a size", "hidden_size", lambda n: predictions_over_seeds([1.0], [1], 1, n)),
    ("a size", "epochs", lambda n: train_xor(NETWORK, 1.0, n)),
    ("a size", "epochs", lambda n: predictions_over_seeds([1.0], [1], n)),
    ("a size", "num_questions", lambda n: as_sentence(["the"], n)),
    ("a size", "count", lambda n: sample_sentences(n, GENERATOR)),
    ("a size", "count", lambda n: sample_questions(n, GENERATOR)),
    ("a size", "num_heads", lambda n: RelationModel(n, generator=GENERATOR)),
    ("a size", "num_questions", lambda n: RelationModel(1, n, generator=GENERATOR)),
    ("a size", "d_model", lambda n: RelationModel(1, 1, n, generator=GENERATOR)),
    ("a size", "steps", lambda n: train(steps=n)),
    ("a size", "batch_size", lambda n: train(batch_size=n)),
    ("a size", "d_model", lambda n: FeedForward(n, 5)),
    ("a size", "d_hidden", lambda n: FeedForward(2, n)),
    ("a size", "num_bits", lambda n: BitModel(n, 3, generator=GENERATOR)),
    ("a size", "length", lambda n: BitModel(1, n, generator=GENERATOR)),
    ("a size", "d_hidden", lambda n: BitModel(1, 3, n, generator=GENERATOR)),
    ("a size", "num_subjects", lambda n: FactModel(n, 3, 2, 5, generator=GENERATOR)),
    ("a size", "num_answers", lambda n: FactModel(4, n, 2, 5, generator=GENERATOR)),
    ("a size", "steps", lambda n: train_bits(BIT_MODEL, BITS, DIFFERS, GENERATOR, n)),
    ("a size", "steps", lambda n: train_facts(FACTS, ANSWERS, n)),
    ("a generator", "generator", lambda g: BitModel(1, 3, generator=g)),
    ("a generator", "generator", lambda g: FactModel(4, 3, 2, 5, generator=g)),
    ("a generator", "generator", lambda g: train_bits(BIT_MODEL, BITS, DIFFERS, g)),
    ("a BitModel", "model", lambda m: train_bits(m, BITS, DIFFERS, GENERATOR)),
    ("a FactModel", "model", lambda model: train_facts(model, ANSWERS)),
    ("a FactModel", "model", lambda model: hold(model=model)),
    ("a stack", "stack", lambda stack: train_stack(stack, GENERATOR, rate=1.0)),
    (
        "a warm-up",
        "warm_up",
        lambda n: train_stack(STACK, GENERATOR, rate=1.0, warm_up=n),
    ),
    ("an order", "order", lambda o: FeedForwardStack(o, 1, generator=GENERATOR)),
    ("a size", "depth", lambda n: FeedForwardStack("plain", n, generator=GENERATOR)),
    ("a generator", "generator", lambda g: FeedForwardStack("plain", 1, generator=g)),
    ("a generator", "generator", lambda g: train_stack(STACK, g, rate=1.0)),
    ("a rate", "rate", lambda rate: train_stack(STACK, GENERATOR, rate=rate)),
    ("an int", "warm_up", lambda n: train_stack(STACK, GENERATOR, rate=1.0, warm_up=n)),
    ("a size", "steps", lambda n: train_stack(STACK, GENERATOR, rate=1.0, steps=n)),
    ("a tensor", "x", FEED_FORWARD),
    ("fractions", "x", FEED_FORWARD),
    ("vectors", "x", FEED_FORWARD),
    ("a size", "d_model", lambda n: TransformerBlock(n, 2)),
    ("a size", "num_heads", lambda n: TransformerBlock(6, n)),
    ("a size", "d_hidden", lambda n: TransformerBlock(6, 2, n)),
    ("a bool", "norm_first", lambda first: TransformerBlock(6, 2, norm_first=first)),
    ("a tensor", "x", BLOCK),
    ("fractions", "x", BLOCK),
    ("sequences", "x", BLOCK),
    ("an int", "length", xor_with_the_bit_before),
    ("two or more", "length", xor_with_the_bit_before),
    ("a tensor", "answers", hold),
    ("answers", "answers", hold),
    ("answers", "answers", lambda answers: train_facts(FACTS, answers)),
    ("units", "off", lambda units: hold(off=units)),
    ("an int", "each of off", lambda unit: hold(off=[unit])),
    ("a unit", "each of off", lambda unit: hold(off=[unit])),
    ("an int", "seed", xor_network_from_seed),
    ("an int", "seed", lambda n: predictions_over_seeds([1.0], [n])),
    ("an int", "each of snapshot_epochs", lambda n: train_xor(NETWORK, 1.0, 5, [n])),
    ("an int", "a head in groups", lambda n: ablate([[n]])),
    ("a divisor", "num_heads", lambda n: RelationModel(n, generator=GENERATOR)),
    ("a rate", "learning_rate", lambda rate: train_xor(NETWORK, rate)),
    ("a rate", "learning_rate", lambda rate: train(learning_rate=rate)),
    (
        "a rate",
        "each of learning_rates",
        lambda x: predictions_over_seeds([1, x], [1]),
    ),
    ("a share", "salad", lambda share: sample_questions(1, GENERATOR, salad=share)),
    ("a share", "weight_decay", lambda share: train(weight_decay=share)),
    ("inputs", "x", NETWORK),
    ("epochs", "snapshot_epochs", lambda n: train_xor(NETWORK, 1.0, 5, n)),
    ("an epoch", "each of snapshot_epochs", lambda n: train_xor(NETWORK, 1.0, 5, [n])),
    ("seeds", "seeds", lambda seeds: predictions_over_seeds([1.0], seeds)),
    ("rates", "learning_rates", lambda x: predictions_over_seeds(x, [1])),
    ("predictions", "predictions", is_solved),
    ("words", "words", encode),
    (
        "positions",
        "the positions of sentences[0]",
        lambda p: label([(["the", "cat"], p)], ("who",)),
    ),
    ("words", "words", as_sentence),
    ("tokens", "tokens", decode),
    ("words' numbers", "each of tokens", decode),
    ("a tensor", "x", NETWORK),
    ("a tensor", "predictions", is_solved),
    ("a tensor", "tokens", decode),
    ("a tensor", "logits", lambda x: accuracy(x, SENTENCES)),
    ("a tensor", "weights", lambda x: attention_mass(x, SENTENCES)),
    ("a tensor", "weights", lambda x: MODEL.answer(x, SENTENCES)),
    ("a tensor", "scores", lambda x: roles_of_heads(x, ["who"])),
    ("a tensor", "scores", lambda x: check_head_roles({}, x, ["who"])),
    ("fractions", "x", NETWORK),
    ("fractions", "predictions", is_solved),
    ("fractions", "scores", lambda x: roles_of_heads(x, ["who", "whom"])),
    ("a generator", "generator", lambda g: sample_sentences(1, g)),
    ("a generator", "generator", lambda g: sample_questions(1, g)),
    ("a generator", "generator", lambda g: RelationModel(generator=g)),
    ("a generator", "generator", lambda g: train(generator=g)),
    ("a generator", "generator", lambda g: LookBackModel("none", generator=g)),
    ("a generator", "generator", lambda g: train_look_back(LOOKING_BACK, 1, g)),
    ("a scheme", "scheme", lambda name: LookBackModel(name, generator=GENERATOR)),
    ("a size", "num_layers", lambda n: LookBackModel("none", n, generator=GENERATOR)),
    ("a size", "which", lambda n: train_look_back(LOOKING_BACK, n, GENERATOR)),
    ("a size", "which", lambda n: accuracy_by_length(LOOKING_BACK, n, [5])),
    (
        "a size",
        "steps",
        lambda n: train_look_back(LOOKING_BACK, 1, GENERATOR, steps=n),
    ),
    ("epochs", "lengths", lambda lengths: accuracy_by_length(LOOKING_BACK, 1, lengths)),
    ("a batch of tokens", "tokens", LOOKING_BACK),
    ("at most 128 tokens", "tokens", LOOKING_BACK),
    ("a size", "num_layers", lambda n: InductionModel(n, generator=GENERATOR)),
    ("a generator", "generator", lambda g: InductionModel(1, generator=g)),
    (
        "positions of a copy",
        "positions",
        lambda name: InductionModel(1, positions=name, generator=GENERATOR),
    ),
    ("a batch of tokens", "tokens", COPYING),
    ("one of two", "a layer in off", lambda n: COPYING(TOKENS, [(n, 0)])),
    ("one of two", "a head in off", lambda n: COPYING(TOKENS, [(0, n)])),
    ("a size", "count", lambda n: repeated_tokens(n, 6, GENERATOR)),
    ("a size", "period", lambda n: repeated_tokens(1, n, GENERATOR)),
    ("a period", "period", lambda n: repeated_tokens(1, n, GENERATOR)),
    ("a generator", "generator", lambda g: repeated_tokens(1, 6, g)),
    ("an InductionModel", "model", lambda m: train_induction(m, GENERATOR)),
    ("a generator", "generator", lambda g: train_induction(COPYING, g)),
    ("a size", "steps", lambda n: train_induction(COPYING, GENERATOR, steps=n)),
    ("epochs", "periods", lambda x: train_induction(COPYING, GENERATOR, periods=x)),
    ("periods", "periods", lambda x: train_induction(COPYING, GENERATOR, periods=x)),
    (
        "a period",
        "each of periods",
        lambda n: train_induction(COPYING, GENERATOR, periods=[n]),
    ),
    ("an InductionModel", "model", lambda m: share_copied(m, 6)),
    ("a period", "period", lambda n: share_copied(COPYING, n)),
    ("an InductionModel", "model", lambda m: head_scores(m, 6)),
    ("a period", "period", lambda n: head_scores(COPYING, n)),
    ("an int", "num_blocks", lambda n: LanguageModel(n, generator=GENERATOR)),
    ("blocks", "num_blocks", lambda n: LanguageModel(n, generator=GENERATOR)),
    (
        "a bool",
        "positions",
        lambda p: LanguageModel(1, positions=p, generator=GENERATOR),
    ),
    ("a generator", "generator", lambda g: LanguageModel(1, generator=g)),
    ("a batch of tokens", "tokens", LANGUAGE),
    ("at most nine tokens", "tokens", LANGUAGE),
    ("a token each", "token", lambda x: LANGUAGE.step(x, 0)),
    ("a place", "offset", lambda n: LANGUAGE.step(TOKENS[:, :1], n)),
    ("any words", "words", is_grammatical),
    ("rows of words", "sentences", lambda rows: label(rows, ("who",))),
    ("a LanguageModel", "model", lambda m: text_loss(m, SENTENCES)),
    ("sentences", "sentences", lambda x: text_loss(LANGUAGE, x)),
    ("a LanguageModel", "model", lambda m: train_language(m, SENTENCES, GENERATOR)),
    ("sentences", "sentences", lambda x: train_language(LANGUAGE, x, GENERATOR)),
    ("a generator", "generator", lambda g: train_language(LANGUAGE, SENTENCES, g)),
    ("a size", "steps", lambda n: train_language(LANGUAGE, SENTENCES, GENERATOR, n)),
    ("a LanguageModel", "model", lambda m: sample_texts(m, 1, GENERATOR)),
    ("a size", "count", lambda n: sample_texts(LANGUAGE, n, GENERATOR)),
    ("a generator", "generator", lambda g: sample_texts(LANGUAGE, 1, g)),
    ("a rate", "temperature", lambda t: sample_texts(LANGUAGE, 1, GENERATOR, t)),
    ("a LookBackModel", "model", lambda m: train_look_back(m, 1, GENERATOR)),
    ("a LookBackModel", "model", lambda m: accuracy_by_length(m, 1, [5])),
    ("an XORNetwork", "network", lambda network: train_xor(network, 1.0)),
    ("a RelationModel", "model", lambda model: train(model=model)),
    ("a RelationModel", "model", lambda model: ablate(model=model)),
    ("sentences", "sentences", MODEL),
    ("sentences", "sentences", lambda sentences: train(sentences=sentences)),
    ("short sentences", "sentences", MODEL),
    ("answered sentences", "sentences", lambda x: train(sentences=x)),
    ("logits", "logits", lambda x: accuracy(x, SENTENCES)),
    ("answered weights", "weights", lambda x: MODEL.answer(x, SENTENCES)),
    ("measured weights", "weights", lambda x: attention_mass(x, SENTENCES)),
    ("scores", "scores", lambda x: roles_of_heads(x, ["who", "whom"])),
    ("scores", "scores", lambda x: check_head_roles({}, x, ["who", "whom"])),
    ("groups", "groups", ablate),
    ("each of groups", "each of groups", ablate),
    ("heads", "a head in groups", lambda head: ablate([[head]])),
    ("objects", "objects", lambda objects: show_source(*objects)),
]


@pytest.mark.parametrize(("kind", "name", "call"), ARGUMENTS)
def test_a_wrong_argument_is_named_with_what_it_must_be(
    kind: str, name: str, call: Callable[[Any], object]
) -> None:
    for error, table in [(TypeError, WRONG_TYPES), (ValueError, WRONG_VALUES)]:
        for refused_kind, value, refusal in table:
            if refused_kind == kind:
                message = f"{name} {refusal.replace('NAME', name)}"
                WrongCall(partial(call, value), error, message).check()


def test_every_kind_is_tried() -> None:
    assert {kind for kind, _, _ in ARGUMENTS} == {
        kind for kind, _, _ in WRONG_TYPES + WRONG_VALUES
    }
