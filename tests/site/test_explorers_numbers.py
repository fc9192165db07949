"""The numbers that the figures compute in the page, held against torch in float64.

A training that is compared number by number would tell machines apart, not figures: a
last digit grows with every step. So each step is compared from the state that the page
is in, and what comes after many steps by what it means.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from explorer_pages import Opened, open_page
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.testing import assert_close

from explorer_examples import (
    EXAMPLES,
    TOKENS,
    attention_explorer,
    fact_explorer,
    relation_model,
    rotation_explorer,
    run_folded,
    run_packed,
    unpack,
    xor_history,
)
from nnbasics import (
    XORNetwork,
    scaled_dot_product_attention,
    train_xor,
    xor_dataset,
    xor_network_from_seed,
)
from nnbasics.experiments import VOCABULARY, as_sentence, facts_that_hold
from nnbasics.explorers import XORPlayground
from nnbasics.explorers._packing import LONGEST
from nnbasics.positions import rotate

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Pages = dict[str, Opened]
FEW = settings(max_examples=20, deadline=None, derandomize=True)
ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
INPUTS, TARGETS = (part.double() for part in xor_dataset())


@pytest.fixture(scope="module")
def pages(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pages]:
    """Open a page with each kind of figure."""
    folder = tmp_path_factory.mktemp("explorers")
    opened = {}
    for kind, make in EXAMPLES.items():
        make().save(folder / f"{kind}.html")
        opened[kind] = open_page(browser, folder / f"{kind}.html")
    yield opened
    for page in opened.values():
        page.close()


def tensor(numbers: Any) -> Tensor:
    """Make a tensor of what came out of a page, where 1.0 is written as 1."""
    return torch.tensor(numbers, dtype=torch.float64)


def numbers_of(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


# -- attention


@FEW
@given(
    length=st.integers(1, 12),
    d_k=st.integers(1, 40),
    d_v=st.integers(1, 9),
    seed=st.integers(0, 2**31),
    temperature=st.sampled_from([0.1, 0.5, 1.0, 4.0]),
    scale=st.booleans(),
    most=st.sampled_from([-9, 0, 9]),  # of the pairs all, half or none
)
def test_attention_agrees_with_torch(
    pages: Pages,
    length: int,
    d_k: int,
    d_v: int,
    seed: int,
    temperature: float,
    scale: bool,
    most: int,
) -> None:
    query, key = numbers_of(seed, 2, length, d_k)
    value = numbers_of(seed + 1, length, d_v)
    factor = (1.0 if scale else d_k**0.5) / temperature
    mask = numbers_of(seed + 2, length, length) > most
    output, weights = scaled_dot_product_attention(query * factor, key, value, mask)
    found = pages["attention-explorer"].figure(
        "figure.constructor.attend(...argument.arrays, { ...argument.options, "
        "allowed: (i, j) => argument.mask[i][j] })",
        {
            "arrays": [query.tolist(), key.tolist(), value.tolist()],
            "options": {"temperature": temperature, "scale": scale},
            "mask": mask.tolist(),
        },
    )
    assert_close(tensor(found["weights"]), weights, rtol=0, atol=1e-10)
    assert_close(tensor(found["output"]), output, rtol=0, atol=1e-10)


def test_the_figure_shows_the_attention_of_its_vectors(pages: Pages) -> None:
    figure = attention_explorer()
    vectors = (part.double() for part in (figure.query, figure.key, figure.value))
    output, weights = scaled_dot_product_attention(*vectors)
    state = pages["attention-explorer"].figure("JSON.parse(figure.toJSONText())")
    assert_close(tensor(state["weights"]), weights, rtol=0, atol=1e-10)
    assert_close(tensor(state["output"]), output, rtol=0, atol=1e-10)


# -- XOR


def parameters_of(network: XORNetwork) -> Tensor:
    return torch.cat([p.detach().flatten() for p in network.parameters()]).double()


def learn(
    numbers: Tensor, hidden: int, activation: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Return outputs, loss and slopes for each row of parameters."""
    leaf = numbers.clone().requires_grad_()
    w1, b1, w2, b2 = leaf.split([2 * hidden, hidden, hidden, 1], dim=1)
    sums = INPUTS @ w1.unflatten(1, (hidden, 2)).mT + b1[:, None]  # (rows, 4, hidden)
    units = ACTIVATIONS[activation](sums)
    outputs = torch.sigmoid(units @ w2[..., None] + b2[:, None])  # (rows, 4, 1)
    losses = (outputs - TARGETS).square().mean(dim=(1, 2))
    (slopes,) = torch.autograd.grad(losses.sum(), leaf)
    return outputs.detach()[..., 0], losses.detach(), slopes


def rounding_of(numbers: Tensor) -> float:
    """Return how far rounding may take two computations of a slope apart.

    The largest product in a slope has three factors as large as the parameters (a sum
    behind a ReLU is one, too); a slope sums up less than a hundred products.
    """
    largest = 1 + numbers.abs().max().item()
    return 100 * torch.finfo(torch.float64).eps * largest**3


def check_steps(
    run: dict[str, Any],
    hidden: int,
    activation: str,
    rate: float,
    copies: Sequence[int] = (0,),
) -> None:
    """Hold each step and loss of a run in the page against torch's from that state."""
    numbers = tensor(run["numbers"])
    _, losses, slopes = learn(numbers, hidden, activation)
    close: dict[str, Any] = {"rtol": 0, "atol": (1 + rate) * rounding_of(numbers)}
    assert close["atol"] < 1e-8  # a step in float32 would not pass
    assert_close(tensor(run["losses"]), losses, **close)
    computed = [epoch for epoch in range(len(numbers)) if epoch not in copies]
    before = torch.tensor(computed) - 1
    expected = numbers[before] - rate * slopes[before]
    assert_close(numbers[computed], expected, **close)


RUN = "{ losses: run.losses, numbers: run.numbers.map(row => [...row]) }"


@FEW
@given(
    seed=st.integers(0, 10_000),
    hidden=st.integers(1, 8),
    far=st.integers(1, 30),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
)
def test_outputs_and_slopes_agree_with_torch(
    pages: Pages, seed: int, hidden: int, far: int, activation: str
) -> None:
    numbers = far * parameters_of(xor_network_from_seed(seed, hidden_size=hidden))
    network = [numbers.tolist(), hidden, activation]
    outputs, losses, slopes = learn(numbers[None], hidden, activation)
    found = pages["xor-playground"].figure(
        "(() => { const { slopes, forward } = figure.constructor; "
        "const { loss, gradient } = slopes(...argument.network); "
        "return { loss, slopes: [...gradient], outputs: argument.inputs.map("
        "([a, b]) => forward(...argument.network, a, b).output) }; })()",
        {"network": network, "inputs": INPUTS.tolist()},
    )
    close: dict[str, Any] = {"rtol": 0, "atol": rounding_of(numbers)}
    assert_close(tensor(found["outputs"]), outputs[0], **close)
    assert_close(tensor(found["loss"]), losses[0], **close)
    assert_close(tensor(found["slopes"]), slopes[0], **close)


@pytest.mark.parametrize(
    ("seed", "hidden", "rate", "epochs", "kept"),
    [
        (42, 4, 10.0, 1000, range(0, 1001, 50)),
        (30, 2, 10.0, 300, [0, 150]),
        (5, 7, 0.5, 2100, [0, 1, 2000]),
    ],
)
def test_epochs_between_the_copies_are_steps_from_them(
    browser: Browser,
    tmp_path: Path,
    seed: int,
    hidden: int,
    rate: float,
    epochs: int,
    kept: Sequence[int],
) -> None:
    network = xor_network_from_seed(seed, hidden_size=hidden)
    history = train_xor(network, rate, epochs, kept)
    XORPlayground(history).save(tmp_path / "figure.html")
    page = open_page(browser, tmp_path / "figure.html")
    run = page.figure(f"(run => ({RUN}))(figure.real)")
    assert len(run["numbers"]) == epochs + 1
    check_steps(run, hidden, "sigmoid", rate, kept)
    for epoch, copied in history.snapshots.items():
        flat = torch.cat([part.flatten() for part in copied.values()])
        assert run["numbers"][epoch] == flat.tolist()
    # the curve is the one that was written down, not a recomputed one
    curve = torch.tensor(page.figure("figure.real.curve"))
    stride = -(-epochs // 1000)
    assert curve[:, 0].tolist() == list(range(0, epochs, stride))
    assert curve[:, 1].equal(torch.tensor(history.losses[::stride]))
    page.close()


@pytest.mark.parametrize(
    ("rate", "hidden", "activation"),
    [("0.5", 4, "sigmoid"), ("15", 2, "sigmoid"), ("2", 8, "tanh"), ("1", 3, "relu")],
)
def test_the_retrain_button_makes_the_steps_of_torch(
    pages: Pages, rate: str, hidden: int, activation: str
) -> None:
    page = pages["xor-playground"]
    page.figure("figure.go(500)")  # it starts anew, not from where the reader is
    page.page.get_by_label("Learning rate").select_option(rate)
    page.page.get_by_label("Hidden units").select_option(str(hidden))
    page.page.get_by_label("Activation").select_option(activation)
    page.page.get_by_role("button", name="Retrain, 1000 epochs").click()
    run = page.figure(f"(run => ({RUN}))(figure.run)")
    assert (page.figure("figure.epoch"), len(run["numbers"])) == (1000, 1001)
    check_steps(run, hidden, activation, float(rate))
    # units that the page's own network has keep their start
    w1, b1, w2, _ = xor_history().snapshots[0].values()
    start, same = run["numbers"][0], min(hidden, 4)
    assert start[: 2 * same] == w1[:same].flatten().tolist()
    assert start[2 * hidden :][:same] == b1[:same].tolist()
    assert start[3 * hidden :][:same] == w2[0, :same].tolist()
    page.page.get_by_role("button", name="Reset").click()


# -- heads


@FEW
@given(
    words=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=LONGEST),
    on=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_the_layer_agrees_with_torch_on_any_sentence(
    pages: Pages, words: list[str], on: list[bool]
) -> None:
    found = pages["head-explorer"].figure(
        "figure.constructor.runLayer(figure.model, argument.words, argument.on)",
        {"words": [VOCABULARY.index(word) for word in words], "on": on},
    )
    weights, logits = run_folded(words, on, in_steps=True)
    assert_close(tensor(found["weights"]), weights, rtol=0, atol=1e-10)
    assert_close(tensor(found["logits"]), logits.flatten(1), rtol=0, atol=1e-10)


def test_the_figure_shows_the_weights_and_answers_of_the_model(pages: Pages) -> None:
    page = pages["head-explorer"]
    page.page.get_by_label("Word 2").select_option(label="cat")
    page.page.get_by_label("Word 5").select_option(label="dog")
    tokens = [*TOKENS[:1], "cat", *TOKENS[2:4], "dog", *TOKENS[5:]]
    state = page.figure("JSON.parse(figure.toJSONText())")
    assert state["tokens"] == tokens
    model = copy.deepcopy(relation_model()[0]).double()
    logits, weights = model(as_sentence(tokens, 5))
    # the page has the model's numbers in steps, and shows three digits of a weight
    assert_close(tensor(state["weights"]), weights[0], rtol=0, atol=2e-4)
    shares = logits[0].softmax(dim=-1)  # (length, questions, vocabulary)
    for place, answers in enumerate(state["answers"]):
        for question, answer in enumerate(answers):
            share = shares[place, question, VOCABULARY.index(answer["word"])].item()
            best = shares[place, question].max().item()
            assert [share, answer["share"]] == pytest.approx([best, best], abs=5e-3)
    page.page.get_by_role("button", name="Reset").click()


# -- rotations


@FEW
@given(
    pairs=st.integers(1, 16),
    seed=st.integers(0, 2**31),
    places=st.tuples(st.integers(0, 63), st.integers(0, 63)),
    base=st.sampled_from([1.0, 10.0, 10_000.0, 500_000.0]),
)
def test_rotations_agree_with_torch(
    pages: Pages, pairs: int, seed: int, places: tuple[int, int], base: float
) -> None:
    vectors = numbers_of(seed, 2, 2 * pairs)  # query and key
    found = pages["rotation-explorer"].figure(
        "figure.constructor.scoreAt(...argument)", [*vectors.tolist(), places, base]
    )
    query, key = (
        rotate(vector[None], place, base)
        for vector, place in zip(vectors, places, strict=True)
    )  # (1, d)
    parts = (query * key).view(-1, 2).sum(dim=1) / query.numel() ** 0.5
    expected = {"query": query, "key": key, "parts": parts, "score": parts.sum()}
    for name, numbers in expected.items():
        numbers = numbers.view_as(tensor(found[name]))
        assert_close(tensor(found[name]), numbers, rtol=0, atol=1e-10)


def test_the_figure_shows_the_scores_of_its_vectors(pages: Pages) -> None:
    page, figure = pages["rotation-explorer"], rotation_explorer()
    page.page.get_by_role("slider", name="Query’s position").fill("40")
    page.page.get_by_role("slider", name="Key’s position").fill("3")
    state = page.figure("JSON.parse(figure.toJSONText())")
    query, key = (
        rotate(vector.double().expand(64, 8)) for vector in (figure.query, figure.key)
    )
    scores = query @ key.T / 8**0.5  # (64 places of the query, 64 of the key)
    assert state["score"] == pytest.approx(scores[40, 3].item(), abs=1e-10)
    curve = {entry["distance"]: entry["score"] for entry in state["scores"]}
    assert list(curve) == list(range(-63, 64))
    for distance, score in curve.items():  # one score, wherever the two are
        diagonal = scores.diagonal(-distance)
        assert_close(torch.full_like(diagonal, score), diagonal, rtol=0, atol=1e-10)
    page.page.get_by_role("button", name="Reset").click()


# -- facts


def recalled(off: Sequence[int]) -> Tensor:
    """Return the logits that the model gives in float64 with the page's numbers."""
    figure = fact_explorer()
    model, packed = copy.deepcopy(figure.model).double(), figure.data()["model"]
    with torch.no_grad():
        for name, numbers in model.state_dict().items():
            numbers.copy_(unpack(packed[name]).view_as(numbers))
        hidden = model.feed_forward.linear1(model.embedding.weight).relu()
        hidden[:, list(off)] = 0  # (subjects, d_hidden)
        logits: Tensor = model.unembedding(model.feed_forward.linear2(hidden))
    return logits  # (subjects, answers)


def test_the_lost_facts_are_those_of_the_model(pages: Pages) -> None:
    page, figure = pages["fact-explorer"], fact_explorer()
    single = [[unit] for unit in range(16)]
    for off in [[], *single, [0, 5], [3, 6, 9], list(range(8))]:
        page.page.get_by_role("button", name="All on").click()
        for unit in off:
            page.page.get_by_role("button", name=f"Unit {unit}:").click()
        state = page.figure("JSON.parse(figure.toJSONText())")
        assert state["off"] == off
        expected = facts_that_hold(figure.model, figure.right, off)
        # 16 bits: where two answers are as good as equal, either may be the better
        logits = recalled(off)
        assert_close(tensor(state["logits"]), logits, rtol=0, atol=1e-10)
        best, second = logits.topk(2, dim=1).values.unbind(1)
        sure = best - second > 0.01
        assert sure.sum() >= 30
        assert torch.tensor(state["holds"])[sure].equal(expected[sure])
    page.page.get_by_role("button", name="Reset").click()


# -- induction


@FEW
@given(
    tokens=st.lists(st.integers(0, 23), min_size=1, max_size=24),
    on=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_the_model_agrees_with_torch_on_any_tokens(
    pages: Pages, tokens: list[int], on: list[bool]
) -> None:
    page = pages["induction-explorer"]
    page.page.get_by_role("button", name="Reset").click()
    letters = "".join("abcdefghijklmnopqrstuvwx"[token] for token in tokens)
    page.page.get_by_label("Tokens, a to x").fill(letters)
    off = [(head // 2, head % 2) for head in range(4) if not on[head]]
    for layer, head in off:
        page.page.get_by_role("button", name=f"layer {layer}, head {head} on").click()
    state = page.figure("JSON.parse(figure.toJSONText())")
    assert (state["tokens"], state["off"]) == (letters, [list(pair) for pair in off])
    weights, logits = run_packed(tokens, off)
    assert_close(tensor(state["weights"]), weights, rtol=0, atol=1e-10)
    assert_close(tensor(state["logits"]), logits, rtol=0, atol=1e-10)
    shares = logits.softmax(dim=-1)
    for place, strongest in enumerate(state["next"]):
        found = [answer["share"] for answer in strongest]
        assert found == pytest.approx(shares[place].topk(3).values.tolist(), abs=1e-10)
        best = [shares[place, answer["token"]].item() for answer in strongest]
        assert found == pytest.approx(best, abs=1e-10)
