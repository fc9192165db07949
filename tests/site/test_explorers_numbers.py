"""The numbers that the figures compute in the page, held against torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import torch
from explorer_pages import Opened, open_page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.testing import assert_close

from explorer_examples import (
    EXAMPLES,
    TOKENS,
    attention_explorer,
    relation_model,
    xor_history,
)
from nnbasics import (
    XORNetwork,
    causal_mask,
    scaled_dot_product_attention,
    train_xor,
    xor_dataset,
    xor_network_from_seed,
)
from nnbasics.explorers import XORPlayground
from nnbasics.explorers._folding import BYTES, LONGEST, fold
from nnbasics.explorers._packing import rounded
from nnbasics.sentences import VOCABULARY, as_sentence

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Note = Callable[[str, str, str], None]
FEW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def pages(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Opened]]:
    """Open a page with each kind of figure."""
    folder = tmp_path_factory.mktemp("explorers")
    opened = {}
    for kind, make in EXAMPLES.items():
        make().save(folder / f"{kind}.html")
        opened[kind] = open_page(browser, folder / f"{kind}.html")
    yield opened
    for page in opened.values():
        page.close()


def found_numbers(numbers: Any) -> torch.Tensor:
    """Make a tensor of what came out of the page, where 1.0 is written as 1."""
    return torch.tensor(numbers, dtype=torch.float64)


def numbers_of(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# -- attention


@FEW
@given(
    length=st.integers(1, 12),
    d_k=st.integers(1, 40),
    d_v=st.integers(1, 9),
    seed=st.integers(0, 2**31),
    spread=st.sampled_from([0.1, 1.0, 8.0]),
    causal=st.booleans(),
)
def test_attention_agrees_with_torch(
    pages: dict[str, Opened],
    length: int,
    d_k: int,
    d_v: int,
    seed: int,
    spread: float,
    causal: bool,
) -> None:
    query, key = spread**0.5 * numbers_of(seed, 2, length, d_k)
    value = numbers_of(seed + 1, length, d_v)
    mask = causal_mask(length) if causal else None
    output, weights = scaled_dot_product_attention(query, key, value, mask)
    found = pages["attention-explorer"].figure(
        "figure.constructor.attend(...argument.arrays, "
        "{ allowed: (i, j) => !argument.causal || j <= i })",
        {"arrays": [query.tolist(), key.tolist(), value.tolist()], "causal": causal},
    )
    assert_close(found_numbers(found["weights"]), weights.double(), rtol=0, atol=1e-5)
    assert_close(found_numbers(found["output"]), output.double(), rtol=0, atol=1e-5)


@FEW
@given(
    seed=st.integers(0, 2**31),
    temperature=st.sampled_from([0.1, 0.5, 2.0, 4.0]),
    scale=st.booleans(),
)
def test_temperature_and_scaling_agree_with_torch(
    pages: dict[str, Opened], seed: int, temperature: float, scale: bool
) -> None:
    query, key, value = numbers_of(seed, 3, 5, 6).double()
    divisor = (6**0.5 if scale else 1.0) * temperature
    weights = (query @ key.T / divisor).softmax(dim=-1)
    found = pages["attention-explorer"].figure(
        "figure.constructor.attend(...argument.arrays, argument.options)",
        {
            "arrays": [query.tolist(), key.tolist(), value.tolist()],
            "options": {"temperature": temperature, "scale": scale},
        },
    )
    assert_close(found_numbers(found["weights"]), weights, rtol=0, atol=1e-6)
    assert_close(
        found_numbers(found["output"]),
        weights @ value,
        rtol=0,
        atol=1e-9,
    )


def test_the_figure_shows_the_attention_of_its_vectors(
    pages: dict[str, Opened], measured: Note
) -> None:
    figure = attention_explorer()
    output, weights = scaled_dot_product_attention(
        figure.query, figure.key, figure.value
    )
    state = pages["attention-explorer"].figure("JSON.parse(figure.toJSONText())")
    worst = max(
        (torch.tensor(state["weights"]) - weights).abs().max().item(),
        (torch.tensor(state["output"]) - output).abs().max().item(),
    )
    measured("attention-explorer: differs from torch by", f"{worst:.1e}", "≤ 1e-5")
    assert worst <= 1e-5


def test_a_query_that_may_attend_to_nothing_gets_zeros(
    pages: dict[str, Opened],
) -> None:
    found = pages["attention-explorer"].figure(
        "figure.constructor.attend([[1]], [[2]], [[3]], { allowed: () => false })"
    )
    assert found["weights"] == [[0]]
    assert found["output"] == [[0]]


# -- XOR


def parameters_of(network: torch.nn.Module) -> list[float]:
    return torch.cat([p.detach().flatten() for p in network.parameters()]).tolist()


def network_of(seed: int, hidden: int) -> XORNetwork:
    return xor_network_from_seed(seed, hidden_size=hidden)


@FEW
@given(seed=st.integers(0, 10_000), hidden=st.integers(1, 8), far=st.integers(1, 30))
def test_outputs_and_slopes_agree_with_torch(
    pages: dict[str, Opened], seed: int, hidden: int, far: int
) -> None:
    network = network_of(seed, hidden)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(far)
    inputs, targets = xor_dataset()
    output, _ = network(inputs)
    loss = torch.nn.functional.mse_loss(output, targets)
    loss.backward()
    gradient = torch.cat(
        [p.grad.flatten() for p in network.parameters() if p.grad is not None]
    )
    page = pages["xor-playground"]
    argument = {"numbers": parameters_of(network), "hidden": hidden}
    found = page.figure(
        "(() => { const { loss, gradient } = figure.constructor.slopes("
        "argument.numbers, argument.hidden, 'sigmoid'); "
        "return { loss, gradient: [...gradient], "
        "outputs: [[0, 0], [0, 1], [1, 0], [1, 1]].map(([a, b]) => "
        "figure.constructor.forward("
        "argument.numbers, argument.hidden, 'sigmoid', a, b).output) }; })()",
        argument,
    )
    assert_close(
        found_numbers(found["outputs"]),
        output.detach()[:, 0].double(),
        rtol=0,
        atol=1e-5,
    )
    assert_close(
        found_numbers(found["gradient"]), gradient.double(), rtol=1e-4, atol=1e-6
    )
    assert abs(found["loss"] - loss.item()) < 1e-5


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_slopes_of_other_activations_agree_with_torch(
    pages: dict[str, Opened], activation: str
) -> None:
    network = network_of(3, 5).double()
    inputs, targets = (part.double() for part in xor_dataset())
    function = {"tanh": torch.tanh, "relu": torch.relu}[activation]
    output = torch.sigmoid(network.fc2(function(network.fc1(inputs))))
    torch.nn.functional.mse_loss(output, targets).backward()
    gradient = torch.cat(
        [p.grad.flatten() for p in network.parameters() if p.grad is not None]
    )
    found = pages["xor-playground"].figure(
        "[...figure.constructor.slopes("
        "argument.numbers, 5, argument.activation).gradient]",
        {"numbers": parameters_of(network), "activation": activation},
    )
    assert_close(found_numbers(found), gradient, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("seed", "hidden", "rate"),
    [(42, 4, 10.0), (42, 4, 0.5), (0, 4, 5.0), (7, 2, 10.0), (1, 8, 2.0), (3, 4, 15.0)],
)
def test_retraining_in_the_page_agrees_with_torch(
    pages: dict[str, Opened], seed: int, hidden: int, rate: float, measured: Note
) -> None:
    network = network_of(seed, hidden)
    start = parameters_of(network)
    losses = train_xor(network, rate, 1000).losses
    with torch.no_grad():
        expected = network(xor_dataset()[0])[0].flatten()
    found = pages["xor-playground"].figure(
        "(() => { const { numbers, losses } = figure.constructor.train("
        "argument.start, argument.hidden, 'sigmoid', argument.rate, 1000); "
        "const outputs = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([a, b]) => "
        "figure.constructor.forward("
        "numbers[1000], argument.hidden, 'sigmoid', a, b).output); "
        "return { outputs, losses }; })()",
        {"start": start, "hidden": hidden, "rate": rate},
    )
    worst = (torch.tensor(found["outputs"]) - expected).abs().max().item()
    on_the_way = torch.tensor(found["losses"][:1000]) - torch.tensor(losses)
    measured(
        f"xor-playground: 1000 epochs at {rate:g}, {hidden} units, differ by",
        f"{worst:.1e}",
        "≤ 1e-3",
    )
    assert worst <= 1e-3
    # The end alone would forgive another path: both fall into the same valley. At 15
    # the loss spikes now and then, and a spike makes the rounding of a float large.
    if rate <= 10:
        assert on_the_way.abs().max() <= 1e-3


def test_the_retrain_button_trains_from_the_same_start(
    pages: dict[str, Opened],
) -> None:
    page = pages["xor-playground"]
    network = xor_network_from_seed(42)
    train_xor(network, 0.5, 1000)
    page.figure("figure.go(500)")  # not from where the reader is
    page.page.get_by_label("Learning rate").select_option("0.5")
    page.page.get_by_role("button", name="Retrain, 1000 epochs").click()
    state = page.figure("JSON.parse(figure.toJSONText())")
    found = torch.tensor(list(state["parameters"].values()))
    assert_close(found, torch.tensor(parameters_of(network)), rtol=0, atol=1e-3)
    assert state["epoch"] == 1000
    page.page.get_by_role("button", name="Reset").click()


def test_all_epochs_are_those_of_the_real_training(pages: dict[str, Opened]) -> None:
    page = pages["xor-playground"]
    network = xor_network_from_seed(42)
    every = train_xor(network, 10.0, snapshot_epochs=range(1001)).snapshots
    numbers = page.figure("figure.real.numbers.map(row => [...row])")
    expected = torch.stack(
        [torch.cat([p.flatten() for p in kept.values()]) for kept in every.values()]
    )
    assert_close(torch.tensor(numbers), expected, rtol=0, atol=1e-3)
    # the curve is the one that was written down, not a recomputed one
    curve = page.figure("figure.real.curve.map(([epoch, loss]) => loss)")
    assert_close(
        torch.tensor(curve), torch.tensor(xor_history().losses), rtol=0, atol=1e-7
    )


# -- heads


def run_rounded(words: list[str], on: list[bool]) -> tuple[Any, Any]:
    """Run the layer in torch, with the rounded numbers that the page got."""
    model = relation_model()[0]
    tables = {
        name: rounded(table, bytes_each=BYTES[name])
        for name, table in fold(model).items()
    }
    numbers = torch.tensor([VOCABULARY.index(word) for word in words])
    length = len(words)
    query, key = (
        (tables[name][numbers] + tables[name][28 : 28 + length])
        .view(length, 8, 8)
        .transpose(0, 1)
        for name in ("query", "key")
    )
    weights = (query @ key.transpose(1, 2) / 8**0.5).softmax(dim=-1)
    value = tables["value"][numbers].view(length, 8, 8).transpose(0, 1)
    kept = torch.tensor(on).view(8, 1, 1)
    mixed = (weights @ value * kept).transpose(0, 1).flatten(1)
    return weights, mixed @ tables["answer"].T + tables["answer_bias"]


@FEW
@given(
    words=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=LONGEST),
    on=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_the_layer_agrees_with_torch_on_any_sentence(
    pages: dict[str, Opened], words: list[str], on: list[bool]
) -> None:
    found = pages["head-explorer"].figure(
        "figure.constructor.runLayer(figure.model, argument.words, argument.on)",
        {"words": [VOCABULARY.index(word) for word in words], "on": on},
    )
    weights, logits = run_rounded(words, on)
    found_logits = found_numbers(found["logits"])
    assert_close(found_numbers(found["weights"]), weights, rtol=0, atol=1e-5)
    shares = found_logits.view(len(words), 5, 28).softmax(dim=-1)
    assert_close(
        shares, logits.view(len(words), 5, 28).softmax(dim=-1), rtol=0, atol=1e-5
    )
    # and the attention of the model as it was trained, not rounded
    model = relation_model()[0]
    own = model.attend(as_sentence(words, 5))[0]
    assert_close(found_numbers(found["weights"]), own.double(), rtol=0, atol=1e-5)


def test_the_figure_shows_the_weights_of_the_model(
    pages: dict[str, Opened], measured: Note
) -> None:
    model = relation_model()[0]
    state = pages["head-explorer"].figure("JSON.parse(figure.toJSONText())")
    own = model.attend(as_sentence(TOKENS, 5))[0]
    worst = (torch.tensor(state["weights"]) - own).abs().max().item()
    measured("head-explorer: attention differs from torch by", f"{worst:.1e}", "≤ 1e-5")
    assert worst <= 1e-5
    answers = model(as_sentence(TOKENS, 5))[0][0].argmax(dim=-1)
    expected = [[VOCABULARY[n] for n in row] for row in answers.tolist()]
    assert [[a["word"] for a in row] for row in state["answers"]] == expected


def test_a_playground_of_another_size_starts_from_its_own_history(
    browser: Browser, tmp_path: Any
) -> None:
    network = network_of(30, 2)
    start = parameters_of(network)
    figure = XORPlayground(train_xor(network, 10.0, 300, [0, 150]))
    figure.save(tmp_path / "two.html")
    page = open_page(browser, tmp_path / "two.html")
    assert_close(
        torch.tensor(page.figure("[...figure.real.numbers[0]]")), torch.tensor(start)
    )
    outputs = page.figure(
        "[[0, 0], [0, 1], [1, 0], [1, 1]].map(([a, b]) => figure.constructor"
        ".forward(figure.real.numbers[300], 2, 'sigmoid', a, b).output)"
    )
    with torch.no_grad():
        expected = network(xor_dataset()[0])[0].flatten()
    assert_close(torch.tensor(outputs), expected, rtol=0, atol=1e-3)
    page.close()
