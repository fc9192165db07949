"""Wrong calls of the networks, the toy language and the models that learn it."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from wrong_call import WrongCall

from nnbasics import (
    XORNetwork,
    is_solved,
    predictions_over_seeds,
    train_xor,
    xor_network_from_seed,
)
from nnbasics.exercises import check_head_roles
from nnbasics.questions import sample_questions
from nnbasics.relations import RelationModel, train_relations
from nnbasics.sentences import as_sentence, decode, encode, sample_sentences
from nnbasics.source import show_source
from nnbasics.specialisation import (
    ablation_matrix,
    accuracy,
    attention_mass,
    roles_of_heads,
)

NETWORK = XORNetwork()
GENERATOR = torch.Generator().manual_seed(0)
SENTENCES = sample_sentences(3, GENERATOR)
COUNT, LENGTH = SENTENCES.tokens.shape
MODEL = RelationModel(2, generator=GENERATOR)
WORDS = (
    "the, a, big, small, old, red, cat, dog, bird, girl, boy, fox, mat, ball, tree, "
    "box, sat, slept, stood, jumped, chased, saw, found, liked, on, under, near, behind"
)


def call(function: Any, *arguments: Any, **named: Any) -> Any:
    return lambda: function(*arguments, **named)


WRONG_CALLS = {
    # -- the XOR network
    "no hidden units": WrongCall(
        call(XORNetwork, hidden_size=0),
        ValueError,
        "hidden_size must be at least 1, got 0",
    ),
    "a floating-point number of inputs": WrongCall(
        call(XORNetwork, 2.0), TypeError, "input_size must be an int, got 2.0"
    ),
    "no outputs": WrongCall(
        call(XORNetwork, output_size=-1),
        ValueError,
        "output_size must be at least 1, got -1",
    ),
    "another number of inputs": WrongCall(
        call(NETWORK, torch.ones(4, 3)),
        ValueError,
        "x must have the shape (..., 2), got (4, 3)",
    ),
    "a list for the inputs": WrongCall(
        call(NETWORK, [[0.0, 1.0]]),
        TypeError,
        "x must be a torch.Tensor, got list; write torch.tensor(x)",
    ),
    "integer inputs": WrongCall(
        call(NETWORK, torch.ones(4, 2, dtype=torch.int64)),
        TypeError,
        "x must hold floating-point numbers of 16 bits or more, got dtype "
        "torch.int64; write x.float()",
    ),
    "inputs of another dtype": WrongCall(
        call(NETWORK, torch.ones(4, 2).double()),
        TypeError,
        "x must have the dtype of the module's parameters, torch.float32, got "
        "torch.float64",
    ),
    "inputs on another device": WrongCall(
        call(NETWORK, torch.ones(4, 2, device="meta")),
        ValueError,
        "x must be on the device of the module's parameters, cpu, got meta",
    ),
    "training another module": WrongCall(
        call(train_xor, torch.nn.Linear(2, 1), 1.0),
        TypeError,
        "network must be an instance of XORNetwork, got Linear",
    ),
    "training a network of other sizes": WrongCall(
        call(train_xor, XORNetwork(2, 4, 3), 1.0),
        ValueError,
        "network must have 2 inputs and 1 output, as many as XOR, got 2 and 3",
    ),
    "training a network of another dtype": WrongCall(
        call(train_xor, XORNetwork().double(), 1.0),
        TypeError,
        "network must have the dtype of the data, torch.float32, got torch.float64; "
        "write network.float()",
    ),
    "a learning rate of 0": WrongCall(
        call(train_xor, NETWORK, 0.0),
        ValueError,
        "learning_rate must be more than 0 and finite, got 0.0",
    ),
    "a learning rate of NaN": WrongCall(
        call(train_xor, NETWORK, math.nan),
        ValueError,
        "learning_rate must be more than 0 and finite, got nan",
    ),
    "an infinite learning rate": WrongCall(
        call(train_xor, NETWORK, math.inf),
        ValueError,
        "learning_rate must be more than 0 and finite, got inf",
    ),
    "a word for the learning rate": WrongCall(
        call(train_xor, NETWORK, "1"),
        TypeError,
        "learning_rate must be a number, got '1'",
    ),
    "no epochs": WrongCall(
        call(train_xor, NETWORK, 1.0, epochs=0),
        ValueError,
        "epochs must be at least 1, got 0",
    ),
    "a snapshot after the end": WrongCall(
        call(train_xor, NETWORK, 1.0, epochs=5, snapshot_epochs=[6]),
        ValueError,
        "snapshot_epochs must be from 0 to epochs, 5, got 6",
    ),
    "a snapshot before the start": WrongCall(
        call(train_xor, NETWORK, 1.0, epochs=5, snapshot_epochs=[-1]),
        ValueError,
        "snapshot_epochs must be from 0 to epochs, 5, got -1",
    ),
    "a snapshot between two epochs": WrongCall(
        call(train_xor, NETWORK, 1.0, epochs=5, snapshot_epochs=[0.5]),
        TypeError,
        "snapshot_epochs must be an int, got 0.5",
    ),
    "one number for the snapshots": WrongCall(
        call(train_xor, NETWORK, 1.0, epochs=5, snapshot_epochs=3),
        TypeError,
        "snapshot_epochs must be a sequence of int, got int",
    ),
    "a seed between two seeds": WrongCall(
        call(xor_network_from_seed, 1.5), TypeError, "seed must be an int, got 1.5"
    ),
    "a generator of seeds that is exhausted": WrongCall(
        call(predictions_over_seeds, [1.0], iter(())),
        ValueError,
        "seeds must hold at least one seed, got none",
    ),
    "a generator of rates that is exhausted": WrongCall(
        call(predictions_over_seeds, iter(()), [1]),
        ValueError,
        "learning_rates must hold at least one rate, got none",
    ),
    "one number for the rates": WrongCall(
        call(predictions_over_seeds, 1.0, [1]),
        TypeError,
        "learning_rates must be a sequence of float, got float",
    ),
    "a rate of NaN among others": WrongCall(
        call(predictions_over_seeds, [1.0, math.nan], [1]),
        ValueError,
        "learning_rates[1] must be more than 0 and finite, got nan",
    ),
    "one number for the seeds": WrongCall(
        call(predictions_over_seeds, [1.0], 100),
        TypeError,
        "seeds must be a sequence of int, got int",
    ),
    "a list of predictions": WrongCall(
        call(is_solved, [0.0, 1.0, 1.0, 0.0]),
        TypeError,
        "predictions must be a torch.Tensor, got list; write torch.tensor(predictions)",
    ),
    "predictions in a column": WrongCall(
        call(is_solved, torch.zeros(4, 1)),
        ValueError,
        "predictions must have the shape (..., 4), got (4, 1)",
    ),
    # -- the toy language
    "a sentence that was not cut into words": WrongCall(
        call(encode, "the cat"),
        ValueError,
        f"words must be a list of words from {WORDS}; got the cat",
    ),
    "an unknown word": WrongCall(
        call(encode, ["the", "Cat"]),
        ValueError,
        f"words must be a list of words from {WORDS}; got ['Cat']",
    ),
    "no words": WrongCall(
        call(encode, []), ValueError, "words must hold at least one word, got none"
    ),
    "a generator of words that is exhausted": WrongCall(
        call(as_sentence, iter(())),
        ValueError,
        "words must hold at least one word, got none",
    ),
    "None for the words": WrongCall(
        call(encode, None), TypeError, "words must be a sequence of str, got NoneType"
    ),
    "no questions about a sentence": WrongCall(
        call(as_sentence, ["the"], 0),
        ValueError,
        "num_questions must be at least 1, got 0",
    ),
    "a list of tokens": WrongCall(
        call(decode, [0, 6]),
        TypeError,
        "tokens must be a torch.Tensor, got list; write torch.tensor(tokens)",
    ),
    "floating-point tokens": WrongCall(
        call(decode, torch.tensor([0.0])),
        TypeError,
        "tokens must hold integers, int64, got dtype torch.float32",
    ),
    "a batch of tokens": WrongCall(
        call(decode, torch.tensor([[0]])),
        ValueError,
        "tokens must have the shape (length,), got (1, 1)",
    ),
    "a negative token": WrongCall(
        call(decode, torch.tensor([0, -1])),
        ValueError,
        "tokens must be from 0 to 27, got [0, -1]",
    ),
    "a token beyond the vocabulary": WrongCall(
        call(decode, torch.tensor([28])),
        ValueError,
        "tokens must be from 0 to 27, got [28]",
    ),
    "no sentences": WrongCall(
        call(sample_sentences, 0, GENERATOR),
        ValueError,
        "count must be at least 1, got 0",
    ),
    "a seed in the place of a generator": WrongCall(
        call(sample_sentences, 3, 0),
        TypeError,
        "generator must be a torch.Generator, got int; write "
        "torch.Generator().manual_seed(0)",
    ),
    "a number of questions that is no int": WrongCall(
        call(sample_questions, 1.0, GENERATOR),
        TypeError,
        "count must be an int, got 1.0",
    ),
    "questions without a generator": WrongCall(
        call(sample_questions, 1, None),
        TypeError,
        "generator must be a torch.Generator, got NoneType; write "
        "torch.Generator().manual_seed(0)",
    ),
    "one number for the questions": WrongCall(
        call(sample_questions, 1, GENERATOR, questions=3),
        TypeError,
        "questions must be a sequence of str, got int",
    ),
    "an unknown question": WrongCall(
        call(sample_questions, 1, GENERATOR, questions=["when"]),
        ValueError,
        "questions must be one or several of who, whom, where, previous, next, each "
        "once; got ['when']",
    ),
    "a question asked twice": WrongCall(
        call(sample_questions, 1, GENERATOR, questions=["who", "who"]),
        ValueError,
        "questions must be one or several of who, whom, where, previous, next, each "
        "once; got ['who', 'who']",
    ),
    "a generator of questions that is exhausted": WrongCall(
        call(sample_questions, 1, GENERATOR, questions=iter(())),
        ValueError,
        "questions must be one or several of who, whom, where, previous, next, each "
        "once; got []",
    ),
    "a share of NaN": WrongCall(
        call(sample_questions, 1, GENERATOR, salad=math.nan),
        ValueError,
        "salad must be a share from 0 to 1, got nan",
    ),
    "a share above 1": WrongCall(
        call(sample_questions, 1, GENERATOR, salad=1.5),
        ValueError,
        "salad must be a share from 0 to 1, got 1.5",
    ),
    "a word for a share": WrongCall(
        call(sample_questions, 1, GENERATOR, salad="all"),
        TypeError,
        "salad must be a number, got 'all'",
    ),
    # -- models that learn relations
    "a model without a generator": WrongCall(
        call(RelationModel, generator=None),
        TypeError,
        "generator must be a torch.Generator, got NoneType; write "
        "torch.Generator().manual_seed(0)",
    ),
    "a model whose heads do not divide d_model": WrongCall(
        call(RelationModel, 5, generator=GENERATOR),
        ValueError,
        "num_heads must divide d_model, got num_heads 5 and d_model 32",
    ),
    "a model of no questions": WrongCall(
        call(RelationModel, 1, 0, generator=GENERATOR),
        ValueError,
        "num_questions must be at least 1, got 0",
    ),
    "words in the place of sentences": WrongCall(
        call(MODEL, ["the", "cat"]),
        TypeError,
        "sentences must be an instance of LabelledSentences, got list",
    ),
    "a sentence longer than the positions": WrongCall(
        call(MODEL, as_sentence(["the"] * 13)),
        ValueError,
        "sentences must have at most 12 positions, got 13",
    ),
    "answering from the weights of one head": WrongCall(
        call(MODEL.answer, torch.ones(COUNT, 1, LENGTH, LENGTH), SENTENCES),
        ValueError,
        f"weights must have the shape ({COUNT}, 2, {LENGTH}, {LENGTH}), which is "
        f"(batch, heads, length, length), got ({COUNT}, 1, {LENGTH}, {LENGTH})",
    ),
    "no steps of training": WrongCall(
        call(train_relations, MODEL, SENTENCES, GENERATOR, steps=0),
        ValueError,
        "steps must be at least 1, got 0",
    ),
    "a floating-point batch size": WrongCall(
        call(train_relations, MODEL, SENTENCES, GENERATOR, batch_size=8.0),
        TypeError,
        "batch_size must be an int, got 8.0",
    ),
    "a negative weight decay": WrongCall(
        call(train_relations, MODEL, SENTENCES, GENERATOR, weight_decay=-0.1),
        ValueError,
        "weight_decay must be a share from 0 to 1, got -0.1",
    ),
    "training without a generator": WrongCall(
        call(train_relations, MODEL, SENTENCES, 0),
        TypeError,
        "generator must be a torch.Generator, got int; write "
        "torch.Generator().manual_seed(0)",
    ),
    "training on words": WrongCall(
        call(train_relations, MODEL, ["the"], GENERATOR),
        TypeError,
        "sentences must be an instance of LabelledSentences, got list",
    ),
    "a word for the weight decay": WrongCall(
        call(train_relations, MODEL, SENTENCES, GENERATOR, weight_decay="0"),
        TypeError,
        "weight_decay must be a number, got '0'",
    ),
    "training with other questions": WrongCall(
        call(train_relations, MODEL, as_sentence(["the"], 3), GENERATOR),
        ValueError,
        "sentences must ask 1 question(s), as many as the model answers, got 3",
    ),
    "training without an answer": WrongCall(
        call(train_relations, MODEL, as_sentence(["the"]), GENERATOR),
        ValueError,
        "sentences must have an answer to at least one question, got none; those of "
        "sample_sentences and sample_questions have them",
    ),
    "training the XOR network on sentences": WrongCall(
        call(train_relations, NETWORK, SENTENCES, GENERATOR),
        TypeError,
        "model must be an instance of RelationModel, got XORNetwork",
    ),
    # -- what heads do
    "answers in another shape": WrongCall(
        call(accuracy, torch.zeros(COUNT, LENGTH, 28), SENTENCES),
        ValueError,
        f"logits must have the shape ({COUNT}, {LENGTH}, 1, 28), which is (count, "
        f"length, questions, vocabulary), got ({COUNT}, {LENGTH}, 28)",
    ),
    "the mass of a list": WrongCall(
        call(attention_mass, [[1.0]], SENTENCES),
        TypeError,
        "weights must be a torch.Tensor, got list; write torch.tensor(weights)",
    ),
    "weights of more sentences": WrongCall(
        call(attention_mass, torch.ones(COUNT + 1, 2, LENGTH, LENGTH), SENTENCES),
        ValueError,
        f"weights must have the shape ({COUNT}, 2, {LENGTH}, {LENGTH}), which is "
        f"(count, heads, length, length), got ({COUNT + 1}, 2, {LENGTH}, {LENGTH})",
    ),
    "weights without heads": WrongCall(
        call(attention_mass, torch.ones(COUNT, LENGTH, LENGTH), SENTENCES),
        ValueError,
        "weights must have the shape (count, heads, length, length), got "
        f"({COUNT}, {LENGTH}, {LENGTH}), which has 3 dimension(s)",
    ),
    "scores of more questions": WrongCall(
        call(roles_of_heads, torch.ones(2, 3), ["who", "whom"]),
        ValueError,
        "scores must have the shape (heads, 2), a column for each question, got (2, 3)",
    ),
    "a score of NaN": WrongCall(
        call(roles_of_heads, torch.tensor([[0.9, math.nan]]), ["who", "whom"]),
        ValueError,
        "scores must be numbers, got NaN: was a question not asked?",
    ),
    "a head that does not exist": WrongCall(
        call(ablation_matrix, MODEL, SENTENCES, [[0, 2]]),
        ValueError,
        "groups must hold numbers of heads, 0 to 1, got 2",
    ),
    "a head counted from the end": WrongCall(
        call(ablation_matrix, MODEL, SENTENCES, [[-1]]),
        ValueError,
        "groups must hold numbers of heads, 0 to 1, got -1",
    ),
    "heads in the place of groups": WrongCall(
        call(ablation_matrix, MODEL, SENTENCES, [0, 1]),
        TypeError,
        "groups must be a sequence of sequences of int, got int",
    ),
    "heads of the XOR network": WrongCall(
        call(ablation_matrix, NETWORK, SENTENCES, [[0]]),
        TypeError,
        "model must be an instance of RelationModel, got XORNetwork",
    ),
    "one number for the groups": WrongCall(
        call(ablation_matrix, MODEL, SENTENCES, 0),
        TypeError,
        "groups must be a sequence of sequences of int, got int",
    ),
    "a floating-point head": WrongCall(
        call(ablation_matrix, MODEL, SENTENCES, [[0.0]]),
        TypeError,
        "a head in groups must be an int, got 0.0",
    ),
    "a list of scores": WrongCall(
        call(roles_of_heads, [[1.0]], ["who"]),
        TypeError,
        "scores must be a torch.Tensor, got list; write torch.tensor(scores)",
    ),
    "a list of logits": WrongCall(
        call(accuracy, [1.0], SENTENCES),
        TypeError,
        "logits must be a torch.Tensor, got list; write torch.tensor(logits)",
    ),
    "no groups": WrongCall(
        call(ablation_matrix, MODEL, SENTENCES, []),
        ValueError,
        "groups must hold at least one group of heads, got none",
    ),
    # -- exercises and sources
    "roles against scores of another shape": WrongCall(
        call(check_head_roles, {}, torch.ones(2, 3), ["who"]),
        ValueError,
        "scores must have the shape (num_heads, 1), a column for each of the "
        "questions, got (2, 3)",
    ),
    "roles against a list of scores": WrongCall(
        call(check_head_roles, {}, [[1.0]], ["who"]),
        TypeError,
        "scores must be a torch.Tensor, got list; write torch.tensor(scores)",
    ),
    "the source of nothing": WrongCall(
        call(show_source),
        ValueError,
        "objects must name at least one function or class, got none",
    ),
    "the source of what is not Python": WrongCall(
        call(show_source, len),
        TypeError,
        "objects must be functions or classes with Python source, got "
        "<built-in function len>",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_CALLS.values(), ids=WRONG_CALLS.keys())
def test_a_wrong_call_is_refused_and_says_why(wrong: WrongCall) -> None:
    wrong.check()


# -- what an iterator gives only once is read only once


def test_snapshots_may_come_from_a_generator() -> None:
    history = train_xor(
        XORNetwork(), 1.0, epochs=5, snapshot_epochs=(e for e in (5, 0, 3))
    )
    assert sorted(history.snapshots) == [0, 3, 5]


def test_rates_and_seeds_may_come_from_generators() -> None:
    drawn = predictions_over_seeds(
        (rate for rate in (1.0, 2.0)), (seed for seed in (1, 2, 3)), epochs=2
    )
    assert torch.equal(drawn, predictions_over_seeds([1.0, 2.0], [1, 2, 3], epochs=2))


def test_words_and_questions_may_come_from_generators() -> None:
    words = ["the", "cat", "sat"]
    assert torch.equal(encode(iter(words)), encode(words))  # type: ignore[arg-type]
    assert as_sentence(iter(words)).lengths.tolist() == [3]  # type: ignore[arg-type]
    asked: Any = iter(["next", "who"])
    sentences = sample_questions(3, torch.Generator().manual_seed(1), questions=asked)
    assert sentences.questions == ("next", "who")
    assert sentences.targets.size(-1) == 2
