"""What the interactive figures refuse, and what they write."""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup, Tag
from torch import Tensor
from torch.testing import assert_close

import nnbasics.explorers
from explorer_examples import (
    EXAMPLES,
    ROLES,
    TOKENS,
    attention_explorer,
    head_explorer,
    playground,
    relation_model,
    run_folded,
    xor_history,
)
from nnbasics import XORNetwork, train_xor, xor_network_from_seed
from nnbasics._table import Table
from nnbasics.experiments import (
    QUESTIONS,
    VOCABULARY,
    RelationModel,
    ablation_matrix,
    ablation_of_all_sets,
    as_sentence,
    sample_sentences,
)
from nnbasics.explorers import AttentionExplorer, HeadExplorer, XORPlayground
from nnbasics.explorers._element import (
    TITLES,
    Explorer,
    element_name,
    put_script_into_html,
    script,
)
from nnbasics.explorers._folding import BYTES, LONGEST, fold
from nnbasics.explorers._packing import Packed, pack_exactly, pack_in_steps, rounded
from nnbasics.xor import TrainingHistory

KINDS = sorted(EXAMPLES)
ROWS = torch.full((1, 2, 2), 0.5)
THREE = torch.full((1, 3, 3), 1 / 3)
START = XORNetwork().state_dict()


def unpack(packed: Packed) -> Tensor:
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
    assert json.loads(str(element["data"])) == json.loads(json.dumps(figure.data()))
    cells = [cell.get_text() for cell in element.select("tbody tr:first-child > *")]
    assert cells == list(figure.table().rows[0])
    assert element.select("thead th")[0]["scope"] == "col"


def test_what_the_script_of_attention_gets() -> None:
    figure = attention_explorer(["a", "b", "c"], d_k=4, d_v=2)
    data = figure.data()
    for name in ("query", "key", "value"):
        assert unpack(data.pop(name)).equal(getattr(figure, name).flatten())
    assert data == {"tokens": ["a", "b", "c"], "d": 4, "dv": 2}


@pytest.mark.parametrize("hidden", [1, 3, 8])
def test_what_the_script_of_the_playground_gets(hidden: int) -> None:
    network = xor_network_from_seed(0, hidden_size=hidden)
    history = train_xor(network, 2.0, 40, [0, 40])
    data = XORPlayground(history).data()
    losses, snapshots = data.pop("losses"), data.pop("snapshots")
    assert data == {"hidden": hidden, "rate": 2.0, "epochs": 40, "stride": 1}
    assert unpack(losses).equal(torch.tensor(history.losses))
    _, end = unpack(snapshots.pop("numbers")).view(2, -1)
    assert end.equal(torch.cat([p.flatten() for p in network.parameters()]))
    assert snapshots == {"epochs": [0, 40]}


def test_what_the_script_of_the_heads_gets() -> None:
    model, kept, ablations = relation_model()
    data = head_explorer().data()
    moments, packed_model = data.pop("moments"), data.pop("model")
    found = unpack(data.pop("ablations"))
    assert_close(found, ablations.flatten().double(), rtol=0, atol=0.0051)
    assert data == {
        "tokens": TOKENS,
        "heads": 8,
        "roles": ROLES,
        "questions": list(QUESTIONS),
    }
    own = model.attend(as_sentence(TOKENS, 5))[0]
    assert [moment["name"] for moment in moments] == [*kept, "trained"]
    for moment, weights in zip(moments, [*kept.values(), own], strict=True):
        exact = 1e-6 if moment["name"] == "trained" else 0.0051
        found = unpack(moment["weights"])
        assert_close(found, weights.flatten().double(), rtol=0, atol=exact)
    for name, table in fold(model).items():
        packed = packed_model.pop(name)
        assert packed["bytes"] == BYTES[name]
        assert_close(unpack(packed), table.flatten(), rtol=0, atol=1e-3)
    kinds, words = zip(*packed_model.pop("vocabulary"), strict=True)
    assert kinds[-1] == "preposition"
    assert [word for group in words for word in group] == list(VOCABULARY)
    sizes = {"heads": 8, "size": 8, "words": 28, "positions": 11, "longest": 11}
    assert packed_model == sizes


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_numbers_of_every_floating_type_are_shown(dtype: torch.dtype) -> None:
    def shown(dtype: torch.dtype) -> str:
        weights, shares = ROWS.to(dtype), torch.tensor([[1.0], [0.5]]).to(dtype)
        kept = {"step 0": weights}
        return heads(
            weights, snapshots=kept, questions=["q"], ablations=shares
        )._repr_html_()

    assert shown(dtype) == shown(torch.float32)


# -- what a terminal shows

HINT = 'interactive in a notebook; write .save("x.html") elsewhere]'


def test_a_terminal_shows_where_heads_look() -> None:
    weights = torch.tensor([[[0.9, 0.1], [0.2, 0.8]], [[0.0, 1.0], [0.0, 0.0]]])
    assert repr(HeadExplorer(["the", "cat"], weights, ["who", "where"])) == (
        "Where each head looks most, for each query\n"
        "head            the       cat\n"
        "head 0 (who)    the 0.90  cat 0.80\n"
        "head 1 (where)  cat 1.00  the 0.00\n"  # the last query may attend to nothing
        f"[Head explorer: {HINT}"
    )
    nameless = HeadExplorer(["the", "cat"], weights)
    assert repr(nameless).splitlines()[2] == "head 0  the 0.90  cat 0.80"
    data = nameless.data()
    assert [moment["name"] for moment in data.pop("moments")] == ["trained"]
    left = {"tokens": ["the", "cat"], "heads": 2, "roles": None, "questions": []}
    assert data == left  # what is not given is left out
    assert HeadExplorer(["a"], THREE[:, :1, :1] * 3).table().rows[0][1] == "a 1.00"


def test_a_terminal_shows_attention() -> None:
    eye = 3 * torch.eye(2)
    assert repr(AttentionExplorer(["the", "cat"], eye, eye, eye)) == (
        "Attention weights from each query (row) to each key (column)\n"
        "query  the   cat\n"
        "the    1.00  0.00\n"
        "cat    0.00  1.00\n"
        f"[Attention explorer: {HINT}"
    )


def test_a_terminal_shows_a_training() -> None:
    network = xor_network_from_seed(0)
    lines = repr(XORPlayground(train_xor(network, 2.0, 25, range(26)))).splitlines()
    assert lines[:2] == [
        "Training with the learning rate 2: the loss, and the output for each input",
        "epoch  loss    (0, 0)  (0, 1)  (1, 0)  (1, 1)",
    ]
    shown = [int(line.split()[0]) for line in lines[2:-1]]
    assert shown == [*range(0, 25, 3), 25]


def test_the_table_of_a_training_holds_loss_and_outputs() -> None:
    epoch, loss, *outputs = playground().table().rows[-1]
    assert epoch == "1000"
    assert float(loss) == pytest.approx(xor_history().losses[-1], abs=2e-4)
    assert [round(float(output)) for output in outputs] == [0, 1, 1, 0]


def test_long_trainings_stay_small() -> None:
    long = train_xor(XORNetwork(hidden_size=2), 10.0, 2500, range(0, 2501, 100))
    figure = XORPlayground(long)
    assert figure.data()["stride"] == 3
    assert len(unpack(figure.data()["losses"])) == 834
    assert [row[0] for row in figure.table().rows][-1] == "2500"
    assert len(figure.table().rows) <= 14


# -- elements, scripts and files


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


def test_hostile_tokens_are_escaped_in_as_little_room_as_can_be() -> None:
    hostile = ["</script>", "\"'&", "<img src=x onerror=alert(1)>", "]]>", "<!--"]
    figure = attention_explorer(hostile)
    element = element_of(figure)
    assert element["data"] == json.dumps(figure.data(), separators=(",", ":"))
    assert (
        r"""data='{"tokens":["&lt;/script&gt;","\"&#39;&amp;","""
        in figure._repr_html_()
    )
    assert [th.get_text() for th in element.select("thead th")][1:] == hostile
    assert element.find("img") is None


PARTS = {
    "xor-playground": ["base", "xor_math", "xor"],
    "attention-explorer": ["base", "matrix", "attention"],
    "head-explorer": ["base", "matrix", "heads"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_name_ends_with_the_hash_of_script_and_style(kind: str) -> None:
    folder = Path(nnbasics.explorers.__file__).parent / "static"
    scripts = [folder / f"{part}.js" for part in PARTS[kind]]
    styles = [folder / f"{part}.css" for part in PARTS[kind] if part != "xor_math"]
    text = "".join(
        "\n".join(path.read_text("utf-8") for path in paths)
        for paths in (scripts, styles)
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert element_name(kind) == f"nnbasics-{kind}-{digest[:8]}"


def test_the_script_is_in_the_html_unless_it_is_a_file() -> None:
    html = playground()._repr_html_()
    assert script("xor-playground") in html
    put_script_into_html(False)
    try:
        assert playground()._repr_html_() == html[: html.index("<script>")]
    finally:
        put_script_into_html(True)


@pytest.mark.parametrize("kind", KINDS)
def test_scripts_are_light_stand_inside_html_and_fetch_nothing(kind: str) -> None:
    code = script(kind)
    assert len(gzip.compress(code.encode())) <= 15_000
    assert "</script" not in code.lower()
    assert "<!--" not in code
    # the one address is the name of SVG, which nothing is fetched from
    assert set(re.findall(r"https?://[\w./]+", code)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(fetch|import|eval|innerHTML|Function)\b\s*\(", code)


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


def test_making_a_figure_draws_no_random_numbers() -> None:
    before = torch.get_rng_state()
    playground()._repr_html_()
    repr(playground())
    assert torch.get_rng_state().equal(before)


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


def test_zeros_given_steps_and_exact_numbers() -> None:
    assert unpack(pack_in_steps(torch.zeros(3), bytes_each=2)).tolist() == [0, 0, 0]
    shares = torch.tensor([0.0, 0.123, 1.0])
    packed = pack_in_steps(shares, bytes_each=1, step=0.01)
    assert_close(unpack(packed), torch.tensor([0.0, 0.12, 1.0]).double())
    exact = pack_exactly(shares)
    assert (exact["bytes"], exact["step"]) == (4, 0.0)
    assert unpack(exact).equal(shares)


# -- the folded layer


def test_the_folded_layer_is_the_model() -> None:
    model = copy.deepcopy(relation_model()[0]).double()
    weights, logits = run_folded(TOKENS, in_steps=False)
    expected_logits, expected_weights = model(as_sentence(TOKENS, 5))
    assert_close(weights, expected_weights[0], rtol=0, atol=1e-10)
    assert_close(logits, expected_logits[0], rtol=0, atol=1e-10)


def test_rounding_for_the_page_changes_next_to_nothing() -> None:
    generator = torch.Generator().manual_seed(5)
    for _ in range(20):
        numbers = torch.randint(len(VOCABULARY), (LONGEST,), generator=generator)
        words = [VOCABULARY[number] for number in numbers.tolist()]
        weights, logits = run_folded(words, in_steps=False)
        coarse_weights, coarse_logits = run_folded(words, in_steps=True)
        assert_close(coarse_weights, weights, rtol=0, atol=1e-5)
        shares, coarse_shares = logits.softmax(-1), coarse_logits.softmax(-1)
        assert_close(coarse_shares, shares, rtol=0, atol=1e-3)


def test_all_sets_of_heads() -> None:
    generator = torch.Generator().manual_seed(0)
    sentences = sample_sentences(30, generator)
    model = RelationModel(num_heads=2, generator=generator)
    every = ablation_of_all_sets(model, sentences)
    expected = ablation_matrix(model, sentences, [[], [0], [1], [0, 1]])
    assert every.equal(expected)
    large = RelationModel(9, d_model=63, generator=generator)
    with pytest.raises(ValueError, match="at most 8 heads, got 9"):
        ablation_of_all_sets(large, sentences)


# -- what is refused, before any HTML is made


def vectors(length: int = 2, size: int = 3) -> Tensor:
    return torch.ones(length, size)


def attention(**changes: Any) -> AttentionExplorer:
    given = dict.fromkeys(["query", "key", "value"], vectors())
    return AttentionExplorer(["a", "b"], **{**given, **changes})


def heads(weights: Tensor = ROWS, **options: Any) -> HeadExplorer:
    return HeadExplorer(["a", "b"], weights, **options)


def with_model(
    words: Sequence[str] = ("the", "cat"),
    questions: Sequence[str] = ("q",),
    **options: Any,
) -> HeadExplorer:
    generator = torch.Generator().manual_seed(0)
    model = RelationModel(2, 1, 8, generator=generator, **options)
    weights = torch.eye(len(words)).repeat(2, 1, 1)  # not the model's
    return HeadExplorer(words, weights, model=model, questions=questions)


def history(**changes: Any) -> XORPlayground:
    given = {"losses": [0.25], "snapshots": {0: START}, "learning_rate": 1.0}
    return XORPlayground(TrainingHistory(**{**given, **changes}))


REFUSED: dict[str, Callable[[], object]] = {
    "tokens must be from 1 to 64, got 0; choose a part of the sentence": (
        lambda: AttentionExplorer([], *[vectors(0)] * 3)
    ),
    "tokens must be from 1 to 64, got 65": (
        lambda: AttentionExplorer(["a"] * 65, *[vectors(65)] * 3)
    ),
    "tokens must be a sequence of strings, got the string 'ab'; write tokens.split()": (
        lambda: AttentionExplorer("ab", *[vectors()] * 3)
    ),
    "tokens must be strings, got 3": (
        lambda: AttentionExplorer(["a", 3], *[vectors()] * 3)  # type: ignore[list-item]
    ),
    "query must hold finite numbers, got nan at (0, 0)": (
        lambda: attention(query=vectors() * torch.nan)
    ),
    "query must have the shape (2, d_k), got (3, 3)": (
        lambda: attention(query=vectors(3))
    ),
    "query must have the shape (2, d_k), got (1, 2, 3)": (
        lambda: attention(query=vectors()[None])
    ),
    "key must have the shape (2, 3), got (2, 4)": lambda: attention(key=vectors(2, 4)),
    "value must have the shape (2, d_v), got (2, 0)": (
        lambda: attention(value=vectors(2, 0))
    ),
    (
        "the rows of weights must have the sum 1, got 0.9 in row (0, 0); weights taken "
        "after dropout, for example, do not have it"
    ): lambda: heads(ROWS * 0.9),
    "weights must hold numbers from 0 to 1, got -0.5 to 1.5": (
        lambda: heads(torch.tensor([[[1.5, -0.5], [0.5, 0.5]]]))
    ),
    "weights must have the shape (heads, 2, 2), got (1, 3, 3)": lambda: heads(THREE),
    "weights must be those of at most 16 heads, got 17": (
        lambda: heads(ROWS.repeat(17, 1, 1))
    ),
    "roles must be 1 names, one for each head, got ['who', 'whom']": (
        lambda: heads(roles=["who", "whom"])
    ),
    "roles must be 1 names, one for each head, got 'a'": lambda: heads(roles="a"),
    (
        "snapshots must be at most 12, got 13; choose moments at which the weights "
        "change"
    ): lambda: heads(snapshots=dict.fromkeys(map(str, range(13)), ROWS)),
    "snapshots['start'] must have the shape (1, 2, 2), got (2, 2, 2)": (
        lambda: heads(snapshots={"start": ROWS.repeat(2, 1, 1)})
    ),
    "snapshots['start'] must have the shape (heads, 2, 2), got (1, 3, 3)": (
        lambda: heads(snapshots={"start": THREE})
    ),
    "ablations must hold finite numbers, got nan at (0, 0)": (
        lambda: heads(questions=["q"], ablations=torch.full((2, 1), torch.nan))
    ),
    "ablations must have the shape (2, 1), got (3, 1)": (
        lambda: heads(questions=["q"], ablations=torch.ones(3, 1))
    ),
    "ablations must hold shares from 0 to 1, got 1 to 2": (
        lambda: heads(questions=["q"], ablations=torch.tensor([[1.0], [2.0]]))
    ),
    "ablations must hold shares from 0 to 1, got -1 to 1": (
        lambda: heads(questions=["q"], ablations=torch.tensor([[1.0], [-1.0]]))
    ),
    "questions must be 1 names, as many as the model answers, got []": (
        lambda: with_model(questions=[])
    ),
    "tokens must be at most 11 with a model, as in its training, got 12": (
        lambda: with_model(["the"] * 12)
    ),
    (
        "model must choose where it looks, got one with uniform=True; the figure "
        "computes weights from queries and keys"
    ): lambda: with_model(uniform=True),
    (
        "weights must be those that the model gives for the tokens; write "
        "model.attend(as_sentence(tokens, model.num_questions))[0]"
    ): lambda: with_model(),
    "history must have from 1 to 20000 losses, one for each epoch, got 0": (
        lambda: history(losses=[])
    ),
    "history.losses must hold finite numbers, got nan at (0,)": (
        lambda: history(losses=[float("nan")])
    ),
    "history must know its learning_rate, got None; train_xor notes it": (
        lambda: history(learning_rate=None)
    ),
    (
        "history must have kept the parameters of epoch 0 and of at most 100 epochs, "
        "got 0: []; call train_xor(..., snapshot_epochs=range(0, 1001, 50))"
    ): lambda: history(snapshots={}),
    "at most 100 epochs, got 101": (
        lambda: history(losses=[0.25] * 200, snapshots=dict.fromkeys(range(101), START))
    ),
    "the epochs of history.snapshots must be from 0 to 1, got 0 to 9": (
        lambda: history(snapshots=dict.fromkeys([0, 9], START))
    ),
    (
        "history.snapshots[0] must hold fc1.weight, fc1.bias, fc2.weight, fc2.bias; "
        "['fc1.weight', 'fc2.weight', 'fc2.bias'] missing"
    ): lambda: history(snapshots={0: {"fc1.bias": torch.ones(4)}}),
    "the network must have from 1 to 8 hidden units, got 9": (
        lambda: XORPlayground(train_xor(XORNetwork(hidden_size=9), 1.0, 1, [0]))
    ),
    "history.snapshots[0]['fc1.weight'] must have the shape (4, 2), got (4, 3)": (
        lambda: history(snapshots={0: {**START, "fc1.weight": torch.ones(4, 3)}})
    ),
    "history.snapshots[0]['fc2.bias'] must hold finite numbers, got inf": (
        lambda: history(snapshots={0: {**START, "fc2.bias": torch.ones(1) / 0}})
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_figures_refuse(message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        REFUSED[message]()


def test_figures_refuse_other_types() -> None:
    with pytest.raises(TypeError, match=r"an instance of RelationModel, got int$"):
        heads(model=3)
    message = "^history must be what train_xor returned, a TrainingHistory, got list$"
    with pytest.raises(TypeError, match=message):
        XORPlayground([0.5])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^query must be a torch.Tensor, got list"):
        attention(query=[[1.0], [2.0]])
