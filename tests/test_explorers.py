"""What the interactive figures refuse, and what they write."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup, Tag
from torch.testing import assert_close

import nnbasics.explorers
from explorer_examples import (
    EXAMPLES,
    TOKENS,
    attention_explorer,
    head_explorer,
    playground,
    relation_model,
    xor_history,
)
from nnbasics import XORNetwork, train_xor, xor_network_from_seed
from nnbasics.explorers import AttentionExplorer, HeadExplorer, XORPlayground
from nnbasics.explorers._element import (
    TITLES,
    Explorer,
    Table,
    element_name,
    put_script_into_html,
    script,
)
from nnbasics.explorers._folding import BYTES, LONGEST, fold
from nnbasics.explorers._packing import Packed, pack_exactly, pack_in_steps, rounded
from nnbasics.explorers.xor import MAX_HIDDEN
from nnbasics.questions import QUESTIONS
from nnbasics.relations import RelationModel
from nnbasics.sentences import VOCABULARY, as_sentence, encode
from nnbasics.specialisation import ablation_matrix, ablation_of_all_sets
from nnbasics.xor import TrainingHistory

Note = Callable[[str, str, str], None]
KINDS = sorted(EXAMPLES)
ROWS = torch.full((1, 2, 2), 0.5)
LIMITS = {"xor-playground": 25, "attention-explorer": 25, "head-explorer": 60}


def unpack(packed: Packed) -> torch.Tensor:
    """Do what the script does."""
    raw = base64.b64decode(packed["packed"])
    if not packed["step"]:
        return torch.tensor(np.frombuffer(raw, "<f4").copy())
    size = packed["bytes"]
    whole = [
        int.from_bytes(raw[place : place + size], "little", signed=True)
        for place in range(0, len(raw), size)
    ]
    return torch.tensor(whole, dtype=torch.float64) * packed["step"]


def element_of(figure: Explorer) -> Tag:
    page = BeautifulSoup(figure._repr_html_(), "html.parser")
    found = page.find(class_="nnbasics-explorer")
    assert isinstance(found, Tag)
    return found


# -- what is written


@pytest.mark.parametrize("kind", KINDS)
def test_the_element_holds_its_data_and_a_readable_table(kind: str) -> None:
    figure = EXAMPLES[kind]()
    element = element_of(figure)
    assert element.name == element_name(kind)
    expected = json.loads(json.dumps(figure.data()))
    assert json.loads(str(element["data"])) == expected
    cells = [cell.get_text() for cell in element.select("tbody tr:first-child > *")]
    assert cells == list(figure.table().rows[0])
    assert element.select("thead th")[0]["scope"] == "col"


def test_what_the_script_of_attention_gets() -> None:
    figure = attention_explorer(["a", "b", "c"], d_k=4, d_v=2)
    data = figure.data()
    assert {name: data[name] for name in ("tokens", "d", "dv")} == {
        "tokens": ["a", "b", "c"],
        "d": 4,
        "dv": 2,
    }
    for name in ("query", "key", "value"):
        packed = data[name]
        assert (packed["bytes"], packed["step"]) == (4, 0.0)
        numbers = np.frombuffer(base64.b64decode(packed["packed"]), "<f4")
        assert numbers.tolist() == getattr(figure, name).flatten().tolist()
    assert set(data) == {"tokens", "d", "dv", "query", "key", "value"}


def test_what_the_script_of_the_playground_gets() -> None:
    network = xor_network_from_seed(0, hidden_size=3)
    history = train_xor(network, 2.0, 40, [0, 40])
    data = XORPlayground(history).data()
    losses, snapshots = data.pop("losses"), data.pop("snapshots")
    assert data == {"hidden": 3, "rate": 2.0, "epochs": 40, "stride": 1}
    found = np.frombuffer(base64.b64decode(losses["packed"]), "<f4")
    assert found.tolist() == pytest.approx(history.losses)
    assert set(snapshots) == {"epochs", "numbers"}
    assert snapshots["epochs"] == [0, 40]
    found = np.frombuffer(base64.b64decode(snapshots["numbers"]["packed"]), "<f4")
    assert found[13:].tolist() == [
        number for p in network.parameters() for number in p.flatten().tolist()
    ]


def test_what_the_script_of_the_heads_gets() -> None:
    data = head_explorer().data()
    assert set(data) == {
        "tokens",
        "heads",
        "roles",
        "moments",
        "questions",
        "ablations",
        "model",
    }
    assert data["tokens"] == TOKENS
    assert data["heads"] == 8
    assert data["roles"] == relation_model()[3]
    assert data["questions"] == list(QUESTIONS)
    assert [set(moment) for moment in data["moments"]] == [{"name", "weights"}] * 6
    model, kept, ablations, _ = relation_model()
    own = model.attend(as_sentence(TOKENS, 5))[0]
    names = [moment["name"] for moment in data["moments"]]
    assert names == [*kept, "trained"]
    for moment, weights in zip(data["moments"], [*kept.values(), own], strict=True):
        exact = 1e-6 if moment["name"] == "trained" else 0.0051
        found = unpack(moment["weights"])
        assert_close(found, weights.flatten().double(), rtol=0, atol=exact)
    assert_close(
        unpack(data["ablations"]), ablations.flatten().double(), rtol=0, atol=0.0051
    )
    sizes = {name: data["model"][name] for name in ("heads", "size", "words")}
    assert sizes == {"heads": 8, "size": 8, "words": 28}
    assert (data["model"]["positions"], data["model"]["longest"]) == (11, 11)
    kinds, words = zip(*data["model"]["vocabulary"], strict=True)
    assert kinds[-1] == "preposition"
    assert [word for group in words for word in group] == list(VOCABULARY)
    for name, table in fold(model).items():
        packed = data["model"][name]
        assert packed["bytes"] == BYTES[name]
        assert_close(unpack(packed), table.flatten(), rtol=0, atol=1e-3)


def test_a_terminal_shows_where_heads_look() -> None:
    weights = torch.tensor([[[0.9, 0.1], [0.2, 0.8]], [[0.0, 1.0], [0.0, 1.0]]])
    lines = [
        "Where each head looks most, for each query",
        "head            the       cat",
        "head 0 (who)    the 0.90  cat 0.80",
        "head 1 (where)  cat 1.00  cat 1.00",
    ]
    figure = HeadExplorer(["the", "cat"], weights, ["who", "where"])
    assert repr(figure).splitlines()[:-1] == lines
    nameless = HeadExplorer(["the", "cat"], weights)
    assert repr(nameless).splitlines()[2] == "head 0  the 0.90  cat 0.80"
    assert nameless.data()["heads"] == 2
    one = HeadExplorer(["a"], torch.ones(1, 1, 1))
    assert one.table().rows == [["head 0", "a 1.00"]]
    three = HeadExplorer(["a", "b", "c"], torch.eye(3)[None])
    assert three.data()["heads"] == 1


def test_a_model_is_a_model() -> None:
    message = "^model must be an instance of RelationModel, got int$"
    with pytest.raises(TypeError, match=message):
        HeadExplorer(["a"], torch.ones(1, 1, 1), model=3)  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_numbers_of_every_floating_type_are_shown(dtype: torch.dtype) -> None:
    weights = torch.tensor([[[0.75, 0.25], [0.5, 0.5]]])
    ablations = torch.tensor([[1.0], [0.5]])
    shown, expected = (
        HeadExplorer(
            ["the", "cat"],
            weights.to(kind),
            snapshots={"step 0": weights.to(kind)},
            questions=["who"],
            ablations=ablations.to(kind),
        )._repr_html_()
        for kind in (dtype, torch.float32)
    )
    assert shown == expected


def test_a_terminal_shows_these_lines() -> None:
    eye = 3 * torch.eye(2)
    assert repr(AttentionExplorer(["the", "cat"], eye, eye, eye)) == (
        "Attention weights from each query (row) to each key (column)\n"
        "query  the   cat\n"
        "the    1.00  0.00\n"
        "cat    0.00  1.00\n"
        '[Attention explorer: interactive in a notebook; write .save("x.html") '
        "elsewhere]"
    )
    network = xor_network_from_seed(0)
    lines = repr(XORPlayground(train_xor(network, 2.0, 25, range(26)))).splitlines()
    assert lines[:2] == [
        "Training with the learning rate 2: the loss, and the output for each input",
        "epoch  loss    (0, 0)  (0, 1)  (1, 0)  (1, 1)",
    ]
    epochs = [line.split()[0] for line in lines[2:-1]]
    assert epochs == ["0", "3", "6", "9", "12", "15", "18", "21", "24", "25"]


@pytest.mark.parametrize("hidden", [1, MAX_HIDDEN])
def test_the_smallest_and_the_largest_playground(hidden: int) -> None:
    network = xor_network_from_seed(0, hidden_size=hidden)
    history = train_xor(network, 2.0, 1, [0])
    assert XORPlayground(history).table().rows[0][0] == "0"


def test_a_table_is_written_as_it_is_read() -> None:
    table = Table("A & B", ["word", "x", "y"], [["<a>", "1", "3"], ["b", "2", "4"]])
    assert table.as_html() == (
        '<div class="table-wrapper"><table class="docutils">'
        "<caption>A &amp; B</caption>"
        '<thead><tr><th scope="col">word</th><th scope="col">x</th>'
        '<th scope="col">y</th></tr></thead>'
        '<tbody><tr><th scope="row">&lt;a&gt;</th><td>1</td><td>3</td></tr>'
        '<tr><th scope="row">b</th><td>2</td><td>4</td></tr></tbody></table></div>'
    )


def test_the_data_takes_as_little_room_as_it_can() -> None:
    figure = attention_explorer(["it's", "a"])
    data = json.dumps(figure.data(), separators=(",", ":"))
    assert f"data='{data.replace(chr(39), '&#39;')}'>" in figure._repr_html_()


@pytest.mark.parametrize("kind", KINDS)
def test_the_name_ends_with_the_hash_of_script_and_style(kind: str) -> None:
    parts = {
        "xor-playground": ["base", "xor_math", "xor"],
        "attention-explorer": ["base", "matrix", "attention"],
        "head-explorer": ["base", "matrix", "heads"],
    }[kind]
    folder = Path(nnbasics.explorers.__file__).parent / "static"
    text = "".join(
        "\n".join(
            (folder / f"{part}.{suffix}").read_text("utf-8")
            for part in parts
            if (folder / f"{part}.{suffix}").exists()
        )
        for suffix in ("js", "css")
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert element_name(kind) == f"nnbasics-{kind}-{digest[:8]}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_is_in_the_html_unless_it_is_a_file(kind: str) -> None:
    figure = EXAMPLES[kind]()
    assert script(kind) in figure._repr_html_()
    put_script_into_html(False)
    try:
        assert figure._repr_html_().endswith(f"</{element_name(kind)}>")
        assert "<script" not in figure._repr_html_()
    finally:
        put_script_into_html(True)


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_light(kind: str, measured: Note) -> None:
    code = script(kind)
    served = len(gzip.compress(code.encode()))
    data = len(EXAMPLES[kind]()._repr_html_().encode()) - len(code.encode())
    measured(f"{kind}: script and style, gzipped", f"{served:,} B", "≤ 15,000 B")
    limit = LIMITS[kind] * 1000
    measured(f"{kind}: HTML with data", f"{data:,} B", f"≤ {limit:,} B")
    assert served <= 15_000
    assert data <= limit


@pytest.mark.parametrize("kind", KINDS)
def test_scripts_can_stand_inside_html_and_fetch_nothing(kind: str) -> None:
    code = script(kind)
    assert "</script" not in code.lower()
    assert "<!--" not in code
    # the one address is the name of SVG, which nothing is fetched from
    assert set(re.findall(r"https?://[\w./]+", code)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(fetch|import|eval|innerHTML|Function)\b\s*\(", code)


def test_the_name_of_an_element_changes_with_its_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from nnbasics.explorers import _element

    before = element_name("xor-playground")
    monkeypatch.setattr(_element, "_source", lambda kind, suffix: f"// {suffix}")
    assert element_name("xor-playground") != before
    assert re.fullmatch(r"nnbasics-xor-playground-[0-9a-f]{8}", before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_page_is_complete(kind: str, tmp_path: Path) -> None:
    figure = EXAMPLES[kind]()
    figure.save(tmp_path / "figure.html")
    page = BeautifulSoup((tmp_path / "figure.html").read_text("utf-8"), "html.parser")
    assert page.title is not None
    assert page.title.get_text() == TITLES[kind] == figure.title
    assert page.find(element_name(kind)) is not None
    assert len(page.find_all("script")) == 1
    assert not page.select("[src], link")


@pytest.mark.parametrize("kind", KINDS)
def test_a_terminal_shows_the_table(kind: str) -> None:
    figure = EXAMPLES[kind]()
    lines = repr(figure).splitlines()
    table = figure.table()
    assert lines[0] == table.caption
    assert lines[1].split("  ")[0] == table.head[0]
    assert len(lines) == len(table.rows) + 3
    assert ".save(" in lines[-1]


def test_numbers_of_the_tables() -> None:
    rows = {row[0]: row for row in playground().table().rows}
    assert list(rows)[-1] == "1000"
    assert float(rows["1000"][1]) == pytest.approx(xor_history().losses[-1], abs=2e-4)
    assert [float(cell) > 0.9 for cell in rows["1000"][2:]] == [
        False,
        True,
        True,
        False,
    ]
    model = relation_model()[0]
    weights = model.attend(as_sentence(TOKENS, 5))[0]
    row = head_explorer().table().rows[3]
    assert row[1] == (
        f"{TOKENS[int(weights[3, 0].argmax())]} {weights[3, 0].max().item():.2f}"
    )


def test_making_a_figure_draws_no_random_numbers() -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    playground()._repr_html_()
    repr(playground())
    assert torch.rand(3).equal(expected)


def test_hostile_tokens_are_escaped() -> None:
    hostile = ["</script>", "\"'&", "<img src=x onerror=alert(1)>", "]]>", "<!--"]
    figure = attention_explorer(hostile)
    element = element_of(figure)
    assert json.loads(str(element["data"]))["tokens"] == hostile
    assert [th.get_text() for th in element.select("thead th")][1:] == hostile
    assert element.find("img") is None


def test_importing_the_figures_imports_no_plotting_library() -> None:
    code = (
        "import sys, nnbasics; print('nnbasics.explorers' in sys.modules);"
        "import nnbasics.explorers;"
        "print([m for m in ('matplotlib', 'seaborn', 'IPython') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n[]\n"


# -- numbers that are packed


@pytest.mark.parametrize("bytes_each", [1, 2, 3])
def test_packed_steps_are_near_the_numbers(bytes_each: int) -> None:
    numbers = torch.tensor([-3.0, 0.0, 1e-3, 2.5, 3.0], dtype=torch.float64)
    packed = pack_in_steps(numbers, bytes_each=bytes_each)
    assert_close(unpack(packed), numbers, rtol=0, atol=packed["step"] / 2 + 1e-12)
    assert_close(unpack(packed), rounded(numbers, bytes_each=bytes_each))
    assert packed["step"] == 3.0 / (2 ** (8 * bytes_each - 1) - 1)


def test_packed_zeros_and_given_steps() -> None:
    assert unpack(pack_in_steps(torch.zeros(3), bytes_each=2)).tolist() == [0, 0, 0]
    shares = torch.tensor([0.0, 0.123, 1.0])
    packed = pack_in_steps(shares, bytes_each=1, step=0.01)
    assert_close(unpack(packed), torch.tensor([0.0, 0.12, 1.0]).double())


def test_exact_numbers_are_exact() -> None:
    numbers = torch.randn(2, 3, generator=torch.Generator().manual_seed(0))
    assert unpack(pack_exactly(numbers)).equal(numbers.flatten())


# -- the folded layer


def run_folded(
    tables: dict[str, torch.Tensor], words: list[str]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Run the folded layer in torch: weights and logits."""
    numbers, length = encode(words), len(words)
    first = len(VOCABULARY)
    query, key = (
        (tables[name][numbers] + tables[name][first : first + length])
        .view(length, 8, 8)
        .transpose(0, 1)
        for name in ("query", "key")
    )  # (heads, length, d_head)
    weights = (query @ key.transpose(1, 2) / 8**0.5).softmax(dim=-1)
    value = tables["value"][numbers].view(length, 8, 8).transpose(0, 1)
    mixed = (weights @ value).transpose(0, 1).flatten(1)  # (length, d_model)
    logits = mixed @ tables["answer"].T + tables["answer_bias"]
    return weights, logits.view(length, 5, -1)


def test_the_folded_layer_is_the_model() -> None:
    model = relation_model()[0]
    weights, logits = run_folded(fold(model), TOKENS)
    expected_logits, expected_weights = model(as_sentence(TOKENS, 5))
    assert_close(weights.float(), expected_weights[0], rtol=0, atol=1e-5)
    assert_close(logits.float(), expected_logits[0], rtol=1e-4, atol=1e-4)


def test_rounding_for_the_page_changes_next_to_nothing(measured: Note) -> None:
    model = relation_model()[0]
    exact = fold(model)
    coarse = {
        name: rounded(numbers, bytes_each=BYTES[name])
        for name, numbers in exact.items()
    }
    generator = torch.Generator().manual_seed(5)
    worst_weight = worst_share = 0.0
    changed = asked = 0
    for _ in range(200):
        words = [
            VOCABULARY[number]
            for number in torch.randint(28, (LONGEST,), generator=generator).tolist()
        ]
        weights, logits = run_folded(exact, words)
        coarse_weights, coarse_logits = run_folded(coarse, words)
        worst_weight = max(worst_weight, (weights - coarse_weights).abs().max().item())
        difference = logits.softmax(dim=-1) - coarse_logits.softmax(dim=-1)
        worst_share = max(worst_share, difference.abs().max().item())
        changed += int((logits.argmax(-1) != coarse_logits.argmax(-1)).sum())
        asked += logits[..., 0].numel()
    measured(
        "head-explorer: rounding moves a weight by", f"{worst_weight:.1e}", "≤ 1e-5"
    )
    measured(
        "head-explorer: rounding moves an answer by", f"{worst_share:.1e}", "≤ 1e-3"
    )
    assert worst_weight <= 1e-5
    assert worst_share <= 1e-3
    assert changed / asked < 1e-3


def test_rounding_keeps_the_accuracy() -> None:
    model = relation_model()[0]
    coarse = {
        name: rounded(numbers, bytes_each=BYTES[name])
        for name, numbers in fold(model).items()
    }
    _, logits = run_folded(coarse, TOKENS)
    expected = model(as_sentence(TOKENS, 5))[0][0].argmax(dim=-1)
    assert logits.argmax(dim=-1).equal(expected)


def test_all_sets_of_heads() -> None:
    generator = torch.Generator().manual_seed(0)
    from nnbasics.sentences import sample_sentences

    sentences = sample_sentences(30, generator)
    model = RelationModel(num_heads=2, generator=generator)
    every = ablation_of_all_sets(model, sentences)
    expected = ablation_matrix(model, sentences, [[], [0], [1], [0, 1]])
    assert every.equal(expected)
    with pytest.raises(ValueError, match="at most 8 heads, got 9"):
        ablation_of_all_sets(
            RelationModel(9, d_model=63, generator=generator), sentences
        )


# -- what is refused, before any HTML is made


def vectors(length: int = 2, size: int = 3) -> torch.Tensor:
    return torch.ones(length, size)


BAD_ATTENTION: dict[str, tuple[Callable[[], object], str]] = {
    "no token": (
        lambda: AttentionExplorer([], vectors(0), vectors(0), vectors(0)),
        "tokens must be from 1 to 64, got 0",
    ),
    "10,000 tokens": (
        lambda: AttentionExplorer(["a"] * 10_000, *[vectors(10_000)] * 3),
        "^tokens must be from 1 to 64, got 10000; choose a part of the sentence$",
    ),
    "one string": (
        lambda: AttentionExplorer("ab", vectors(), vectors(), vectors()),
        r"got the string 'ab'; write tokens.split\(\)",
    ),
    "a number among the tokens": (
        lambda: AttentionExplorer(["a", 3], *[vectors()] * 3),  # type: ignore[list-item]
        "tokens must be strings, got 3",
    ),
    "NaN": (
        lambda: AttentionExplorer(["a", "b"], vectors() * torch.nan, *[vectors()] * 2),
        r"query must hold finite numbers, got nan at \(0, 0\)",
    ),
    "NaN in a key": (
        lambda: AttentionExplorer(["a", "b"], vectors(), vectors() / 0, vectors()),
        r"^key must hold finite numbers, got inf at \(0, 0\)",
    ),
    "infinity": (
        lambda: AttentionExplorer(["a", "b"], vectors(), vectors(), vectors() / 0),
        r"value must hold finite numbers, got inf at \(0, 0\)",
    ),
    "another number of rows": (
        lambda: AttentionExplorer(["a", "b"], vectors(3), vectors(), vectors()),
        r"query must have the shape \(2, d_k\), got \(3, 3\)",
    ),
    "another size of keys": (
        lambda: AttentionExplorer(["a", "b"], vectors(), vectors(2, 4), vectors()),
        r"key must have the shape \(2, 3\), got \(2, 4\)",
    ),
    "a batch": (
        lambda: AttentionExplorer(["a", "b"], vectors()[None], vectors(), vectors()),
        r"query must have the shape \(2, d_k\), got \(1, 2, 3\)",
    ),
    "empty values": (
        lambda: AttentionExplorer(["a", "b"], vectors(), vectors(), vectors(2, 0)),
        r"value must have the shape \(2, d_v\), got \(2, 0\)",
    ),
}


def heads(weights: torch.Tensor, **options: Any) -> HeadExplorer:
    return HeadExplorer(["a", "b"], weights, **options)


def small_model(**options: Any) -> RelationModel:
    generator = torch.Generator().manual_seed(0)
    return RelationModel(2, 1, 8, generator=generator, **options)


BAD_HEADS: dict[str, tuple[Callable[[], object], str]] = {
    "rows that do not sum to 1": (
        lambda: heads(ROWS * 0.9),
        r"rows of weights must have the sum 1, got 0.9 in row \(0, 0\)",
    ),
    "negative weights": (
        lambda: heads(torch.tensor([[[1.5, -0.5], [0.5, 0.5]]])),
        "weights must hold numbers from 0 to 1, got -0.5 to 1.5",
    ),
    "only negative weights": (
        lambda: HeadExplorer(
            ["a", "b", "c"], torch.tensor([[[-0.2, 0.6, 0.6]] * 3]), roles=["one"]
        ),
        "weights must hold numbers from 0 to 1, got -0.2 to 0.6",
    ),
    "only weights above 1": (
        lambda: heads(torch.tensor([[[1.5, 0.0], [0.5, 0.5]]])),
        "weights must hold numbers from 0 to 1, got 0 to 1.5",
    ),
    "NaN": (
        lambda: heads(ROWS * torch.nan),
        "weights must hold finite numbers, got nan",
    ),
    "shapes that disagree": (
        lambda: heads(torch.ones(1, 3, 3) / 3),
        r"weights must have the shape \(heads, 2, 2\), got \(1, 3, 3\)",
    ),
    "too many heads": (
        lambda: heads(ROWS.repeat(17, 1, 1)),
        "at most 16 heads, got 17",
    ),
    "another number of roles": (
        lambda: heads(ROWS, roles=["who", "whom"]),
        "roles must be 1 names, one for each head",
    ),
    "roles in one string": (lambda: heads(ROWS, roles="a"), "roles must be 1 names"),
    "too many snapshots": (
        lambda: heads(ROWS, snapshots={str(n): ROWS for n in range(13)}),
        (
            "^snapshots must be at most 12, got 13; "
            "choose moments at which the weights change$"
        ),
    ),
    "snapshots of other heads": (
        lambda: heads(ROWS, snapshots={"start": ROWS.repeat(2, 1, 1)}),
        r"snapshots\['start'\] must have the shape \(1, 2, 2\), got \(2, 2, 2\)",
    ),
    "snapshots of other words": (
        lambda: heads(ROWS, snapshots={"start": torch.ones(1, 3, 3) / 3}),
        r"snapshots\['start'\] must have the shape \(heads, 2, 2\), got \(1, 3, 3\)",
    ),
    "ablations that are NaN": (
        lambda: heads(ROWS, questions=["q"], ablations=torch.full((2, 1), torch.nan)),
        "^ablations must hold finite numbers, got nan",
    ),
    "ablations of another size": (
        lambda: heads(ROWS, questions=["q"], ablations=torch.ones(3, 1)),
        r"ablations must have the shape \(2, 1\), got \(3, 1\)",
    ),
    "ablations that are no shares": (
        lambda: heads(ROWS, questions=["q"], ablations=torch.full((2, 1), 2.0)),
        "ablations must hold shares from 0 to 1, got 2 to 2",
    ),
    "a model without questions": (
        lambda: heads(ROWS, model=small_model()),
        r"questions must be 1 names, as many as the model answers, got \[\]",
    ),
    "a model and a long sentence": (
        lambda: HeadExplorer(
            ["the"] * 12,
            torch.full((2, 12, 12), 1 / 12),
            model=small_model(),
            questions=["q"],
        ),
        "tokens must be at most 11 with a model",
    ),
    "a model that does not choose": (
        lambda: HeadExplorer(
            ["the", "cat"],
            torch.full((2, 2, 2), 0.5),
            model=small_model(uniform=True),
            questions=["q"],
        ),
        (
            "^model must choose where it looks, got one with uniform=True; the figure "
            "computes weights from queries and keys$"
        ),
    ),
    "weights of another model": (
        lambda: HeadExplorer(
            ["the", "cat"],
            torch.eye(2).repeat(2, 1, 1),
            model=small_model(),
            questions=["q"],
        ),
        (
            r"^weights must be those that the model gives for the tokens; write "
            r"model.attend\(as_sentence\(tokens, model.num_questions\)\)\[0\]$"
        ),
    ),
}


def history(**changes: Any) -> TrainingHistory:
    parameters = xor_history().snapshots[0]
    settings = {"losses": [0.25], "snapshots": {0: parameters}, "learning_rate": 1.0}
    return TrainingHistory(**{**settings, **changes})


def with_part(name: str, values: torch.Tensor) -> TrainingHistory:
    return history(snapshots={0: {**xor_history().snapshots[0], name: values}})


BAD_HISTORIES: dict[str, tuple[Callable[[], object], str]] = {
    "no losses": (lambda: history(losses=[]), "from 1 to 20000 losses.* got 0"),
    "NaN in the losses": (
        lambda: history(losses=[float("nan")]),
        r"history.losses must hold finite numbers, got nan at \(0,\)",
    ),
    "no learning rate": (
        lambda: history(learning_rate=None),
        "history must know its learning_rate, got None",
    ),
    "no snapshot of the start": (
        lambda: history(snapshots={}),
        r"epoch 0 .* 0: .* train_xor\(\.{3}, snapshot_epochs=range\(0, 1001, 50\)\)$",
    ),
    "too many snapshots": (
        lambda: history(
            losses=[0.25] * 200,
            snapshots=dict.fromkeys(range(101), xor_history().snapshots[0]),
        ),
        "at most 100 epochs, got 101",
    ),
    "a snapshot behind the end": (
        lambda: history(snapshots=dict.fromkeys([0, 9], xor_history().snapshots[0])),
        "must be from 0 to 1, got 0 to 9",
    ),
    "a parameter is missing": (
        lambda: history(snapshots={0: {"fc1.bias": torch.ones(4)}}),
        r"snapshots\[0\] must hold fc1.weight, fc1.bias, fc2.weight, fc2.bias;",
    ),
    "too many hidden units": (
        lambda: train_xor(XORNetwork(hidden_size=9), 1.0, 1, [0]),
        "from 1 to 8 hidden units, got 9",
    ),
    "another number of inputs": (
        lambda: with_part("fc1.weight", torch.ones(4, 3)),
        r"\['fc1.weight'\] must have the shape \(4, 2\), got \(4, 3\)",
    ),
    "NaN in the weights": (
        lambda: with_part("fc2.bias", torch.tensor([torch.nan])),
        r"\['fc2.bias'\] must hold finite numbers, got nan",
    ),
}


@pytest.mark.parametrize("case", sorted(BAD_ATTENTION))
def test_attention_explorer_refuses(case: str) -> None:
    make, message = BAD_ATTENTION[case]
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("case", sorted(BAD_HEADS))
def test_head_explorer_refuses(case: str) -> None:
    make, message = BAD_HEADS[case]
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("case", sorted(BAD_HISTORIES))
def test_xor_playground_refuses(case: str) -> None:
    make, message = BAD_HISTORIES[case]
    with pytest.raises(ValueError, match=message):
        XORPlayground(make())  # type: ignore[arg-type]


def test_xor_playground_wants_a_history() -> None:
    with pytest.raises(
        TypeError, match=r"what train_xor returned, a TrainingHistory, got list"
    ):
        XORPlayground([0.5])  # type: ignore[arg-type]


def test_what_is_not_given_is_left_out() -> None:
    data = heads(ROWS).data()
    assert not {"model", "ablations"} & set(data)
    assert [moment["name"] for moment in data["moments"]] == ["trained"]
    assert data["roles"] is None


def test_a_query_that_may_attend_to_nothing_is_no_error() -> None:
    weights = torch.tensor([[[0.0, 0.0], [0.5, 0.5]]])
    assert heads(weights).table().rows[0][1] == "a 0.00"


def test_long_runs_and_many_snapshots_stay_small() -> None:
    network = XORNetwork(hidden_size=2)
    long = train_xor(network, 10.0, 2500, snapshot_epochs=range(0, 2501, 100))
    figure = XORPlayground(long)
    assert figure.data()["stride"] == 3
    assert len(unpack(figure.data()["losses"])) == 834
    assert [row[0] for row in figure.table().rows][-1] == "2500"
    assert len(figure.table().rows) <= 14


@pytest.fixture(autouse=True)
def _script_inside() -> Iterator[None]:
    """Leave the setting as it was found."""
    yield
    put_script_into_html(True)
