"""What the interactive figures refuse, and what they write."""

from __future__ import annotations

import copy
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from bs4 import BeautifulSoup, Tag
from torch import Tensor
from torch.testing import assert_close

import nnbasics.explorers
from explorer_examples import (
    EXAMPLES,
    TOKENS,
    attention_explorer,
    depth_explorer,
    depth_run,
    fact_explorer,
    head_explorer,
    induction_explorer,
    playground,
    relation_model,
    rotation_explorer,
    run_folded,
    run_packed,
    unpack,
)
from nnbasics import TrainingHistory, XORNetwork, train_xor, xor_network_from_seed
from nnbasics._figure_tables import Table
from nnbasics.experiments import (
    CAPITALS,
    QUESTIONS,
    VOCABULARY,
    FactModel,
    InductionModel,
    RelationModel,
    ablation_matrix,
    ablation_of_all_sets,
    as_sentence,
    sample_questions,
    sample_sentences,
)
from nnbasics.explorers import (
    AttentionExplorer,
    DepthExplorer,
    FactExplorer,
    HeadExplorer,
    InductionExplorer,
    RotationExplorer,
    XORPlayground,
)
from nnbasics.explorers._element import (
    TITLES,
    Explorer,
    element_name,
    put_script_into_html,
    script,
)
from nnbasics.explorers._packing import (
    LONGEST,
    fold,
    pack_exactly,
    pack_in_steps,
)

KINDS = sorted(EXAMPLES)


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
    model, kept, test = relation_model()
    data = head_explorer().data()
    ablations = ablation_of_all_sets(model, test)
    for shares in (data["ablations"], *(m["weights"] for m in data["moments"])):
        assert (shares["bytes"], shares["step"]) == (1, 0.01)
    moments, packed_model = data.pop("moments"), data.pop("model")
    found = unpack(data.pop("ablations"))
    assert_close(found, ablations.flatten().double(), rtol=0, atol=0.0051)
    assert data == {"tokens": TOKENS, "heads": 8, "questions": QUESTIONS}
    assert [moment["name"] for moment in moments] == [*kept]
    for moment, weights in zip(moments, kept.values(), strict=True):
        found = unpack(moment["weights"])
        assert_close(found, weights.flatten().double(), rtol=0, atol=0.0051)
    for name, table in fold(model).items():
        packed = packed_model.pop(name)
        close = packed["step"] / 2 + 1e-12
        assert_close(unpack(packed), table.flatten(), rtol=0, atol=close)
    kinds, words = zip(*packed_model.pop("vocabulary"), strict=True)
    assert kinds[-1] == "preposition"
    assert [word for group in words for word in group] == list(VOCABULARY)
    sizes = {"heads": 8, "size": 8, "words": 28, "positions": 11, "longest": 11}
    assert packed_model == sizes


def test_what_the_script_of_the_rotations_gets() -> None:
    figure = rotation_explorer(size=6, base=500.0)
    data = figure.data()
    for name in ("query", "key"):
        assert unpack(data.pop(name)).equal(getattr(figure, name))
    assert data == {"base": 500.0, "start": (10, 6), "last": 63}
    assert RotationExplorer(figure.query, figure.key).data()["base"] == 10_000


def test_what_the_script_of_the_facts_gets() -> None:
    figure = fact_explorer()
    data = figure.data()
    packed = data.pop("model")
    assert list(packed) == list(figure.model.state_dict())
    for name, numbers in figure.model.state_dict().items():
        close = packed[name]["step"] / 2 + 1e-12
        found = unpack(packed[name])
        assert_close(found, numbers.flatten().double(), rtol=0, atol=close)
    names = {"subjects": list(CAPITALS), "answers": list(CAPITALS.values())}
    assert data == {**names, "right": list(range(32)), "units": 16}
    assert memory_by_hand().data()["right"] == [0, 1, 1]


def test_what_the_script_of_trainings_gets() -> None:
    first, second, *_, last = depth_explorer().data()["runs"]
    assert last["settings"] == ("reverse", "norm after", 4, 0.01, 60)
    assert (second["accuracy"], second["gradients"][0]) == (0.5, 1e-22)
    packed, losses = first["losses"], torch.tensor(depth_run().losses)
    # 43 means of three steps, and the step that is left
    means = torch.stack([part.mean() for part in losses.split(3)]).double()
    assert len(means) == 44
    close = packed["step"] / 2 + 1e-7
    assert_close(unpack(packed), means, rtol=0, atol=close)
    assert first["steps"] == 130


def test_what_the_script_of_induction_gets() -> None:
    figure = induction_explorer()
    data = figure.data()
    moments, packed = data.pop("moments"), data.pop("model")
    for (step, share, maps), moment in zip(figure.moments, moments, strict=True):
        weights = moment.pop("weights")
        assert moment == {"step": step, "share": round(share, 3)}
        assert (weights["bytes"], weights["step"]) == (1, 0.01)
        assert_close(unpack(weights), maps.flatten().double(), rtol=0, atol=0.0051)
    assert packed.keys() == figure.model.state_dict().keys()
    sizes = {"longest": 24, "layers": 2, "heads": 2}
    letters = "abcdefghijklmnopqrstuvwx"
    assert data == {"tokens": figure.tokens, "letters": letters, **sizes}


# -- what a terminal shows

HINT = 'interactive in a notebook; write .save("x.html") elsewhere]'


def test_a_terminal_shows_where_heads_look() -> None:
    caption, head, *rows, hint = repr(head_explorer()).splitlines()
    assert caption == "Where each head looks most, for each query"
    assert head.split() == ["head", *TOKENS]
    weights = relation_model()[0].attend(as_sentence(TOKENS, 5))[0]
    best, places = weights[7].max(dim=-1)
    cells = [f"{TOKENS[p]} {w:.2f}" for p, w in zip(places, best, strict=True)]
    assert re.split("  +", rows[7]) == ["head 7", *cells]
    assert hint == f"[Head explorer: {HINT}"


def test_a_terminal_shows_attention() -> None:
    eye = 3 * torch.eye(2)
    assert repr(AttentionExplorer(["the", "cat"], eye, eye, eye)) == (
        "Attention weights from each query (row) to each key (column)\n"
        "query  the   cat\n"
        "the    1.00  0.00\n"
        "cat    0.00  1.00\n"
        f"[Attention explorer: {HINT}"
    )


def test_the_table_of_rotations_tells_what_changes_a_score() -> None:
    query, key = torch.tensor([[2.0, 0.0, 0.0, 3.0], [1.0, 0.0, 0.0, -1.0]])
    table = RotationExplorer(query, key, 100.0).table()
    assert table.caption.startswith("Query at 10, key at 6: angles in radians, parts")
    assert table.head[:4] == ["pair", "query's angle", "key's angle", "part"]
    assert table.rows == [
        # cos 4 and cos 24; -3/2 cos 0.4 and -3/2 cos 2.4: neighbours are a pair
        ["pair 0", "10.000", "6.000", "-0.65", "-0.65", "0.42"],
        ["pair 1", "1.000", "0.600", "-1.38", "-1.38", "1.11"],
        ["score", "", "", "-2.04", "-2.04", "1.53"],
    ]


def memory_by_hand(units: int = 2, **changes: Any) -> FactExplorer:
    """Return an explorer of a memory in which a unit stands for a subject."""
    generator = torch.Generator().manual_seed(0)
    model = FactModel(3, 2, d_model=2, d_hidden=units, generator=generator)
    first, second = model.feed_forward.linear1, model.feed_forward.linear2
    for layer in (model.embedding, first, second, model.unembedding):
        torch.nn.init.eye_(layer.weight)
    with torch.no_grad():
        first.bias.zero_()
        second.bias.copy_(torch.tensor([0.5, 0.0]))  # what no unit knows is an x
    given = {"model": model, "subjects": ["a", "b", "c"], "answers": ["x", "y", "y"]}
    return FactExplorer(**{**given, **changes})


def test_a_terminal_shows_what_facts_need() -> None:
    assert repr(memory_by_hand()) == (
        "2 of 3 facts hold; how many units fire for each, and which ones it needs\n"
        "fact   holds  units that fire  lost without\n"
        "a → x  yes    1\n"
        "b → y  yes    1                1\n"
        "c → y  no     0\n"
        f"[Fact explorer: {HINT}"
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


def test_a_terminal_shows_trainings() -> None:
    runs = [depth_run(), depth_run(rate=0.01, warm_up=60, losses=[0.0] * 130)]
    caption, *lines, hint = repr(DepthExplorer(runs)).splitlines()
    assert caption == (
        "Trainings: the last loss, the accuracy, and the gradients at the start"
    )
    assert [" ".join(line.split()) for line in lines] == [
        "task order layers rate warm-up loss accuracy first layer last layer",
        "parity plain 4 0.003 none 0.0040 1.00 1.0e-03 5.0e-01",
        "parity plain 4 0.01 60 steps 0.0000 1.00 1.0e-03 5.0e-01",
    ]
    assert hint == f"[Depth explorer: {HINT}"


def test_the_table_of_induction_tells_what_comes_next_and_where_heads_look() -> None:
    figure = induction_explorer()
    what = "What comes next after each token, and where each head looks most"
    assert figure.table().caption == what
    assert figure.table().head[:4] == ["position", "token", "next", "layer 0, head 0"]
    letters, tokens = figure.data()["letters"], figure.tokens
    logits, weights = figure.model(torch.tensor([tokens]))
    share, best = logits[0, 8].softmax(dim=-1).max(dim=-1)
    most, at = weights[1][0, 0, 8].max(dim=-1)  # the first head of the second layer
    row = ["8", letters[tokens[8]], f"{letters[best]} {share:.2f}"]
    table = figure.table()
    assert [*table.rows[8][:3], table.head[5]] == [*row, "layer 1, head 0"]
    assert table.rows[8][5] == f"{at} ({letters[tokens[at]]}) {most:.2f}"


# -- elements, scripts and files


def test_a_table_is_written_as_it_is_read() -> None:
    table = Table("A & B", ["word", "x", "y"], [["<a>", "1", "3"], ["b", "2", "4"]])
    assert table.as_html() == (
        '<div class="table-wrapper container"><table class="docutils">'
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
    "rotation-explorer": ["base", "rotation"],
    "fact-explorer": ["base", "facts"],
    "depth-explorer": ["base", "depth"],
    "induction-explorer": ["base", "matrix", "induction"],
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
    assert page.title.get_text() == TITLES[kind]
    assert page.find(element_name(kind)) is not None
    assert len(page.find_all("script")) == 1
    assert not page.select("[src], link")


LIGHT = ["rotation-explorer", "fact-explorer", "depth-explorer"]


@pytest.mark.parametrize("kind", LIGHT)
def test_these_are_light_with_all_that_they_hold(kind: str) -> None:
    assert len(gzip.compress(EXAMPLES[kind]()._repr_html_().encode())) <= 15_000


# -- numbers that are packed


@pytest.mark.parametrize("bytes_each", [1, 1.5, 2])
def test_packed_steps_are_near_the_numbers(bytes_each: float) -> None:
    numbers = torch.tensor([-3.0, 0.0, 1e-3, -0.7, 2.5, 3.0], dtype=torch.float64)
    packed = pack_in_steps(numbers, bytes_each=bytes_each)
    assert_close(unpack(packed), numbers, rtol=0, atol=packed["step"] / 2 + 1e-12)
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
        assert_close(coarse_weights, weights, rtol=0, atol=2e-4)  # three digits show
        shares, coarse_shares = logits.softmax(-1), coarse_logits.softmax(-1)
        assert_close(coarse_shares, shares, rtol=0, atol=5e-3)  # two digits show


def test_rounding_the_model_for_the_page_changes_next_to_nothing() -> None:
    model = copy.deepcopy(induction_explorer().model).double()
    generator = torch.Generator().manual_seed(5)
    for off in ((), [(0, 0)], [(0, 1), (1, 0)]):
        tokens = torch.randint(24, (24,), generator=generator)
        logits, weights = model(tokens[None], off)
        coarse_weights, coarse_logits = run_packed(tokens.tolist(), off)
        assert_close(coarse_weights, torch.cat(weights), rtol=0, atol=2e-3)
        shares, coarse_shares = logits[0].softmax(-1), coarse_logits.softmax(-1)
        assert_close(coarse_shares, shares, rtol=0, atol=1e-2)


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
    return torch.arange(1.0 * length * size).view(length, size)


def attention(query: Any = None, **changes: Any) -> AttentionExplorer:
    given = dict.fromkeys(
        ["query", "key", "value"], vectors() if query is None else query
    )
    return AttentionExplorer(**{"tokens": ["a", "b"], **given, **changes})


def heads(uniform: bool = False, **changes: Any) -> HeadExplorer:
    generator = torch.Generator().manual_seed(0)
    model = RelationModel(2, 1, 8, generator=generator, uniform=uniform)
    sentences = sample_sentences(9, generator)
    given = {"tokens": ["cat"], "model": model, "sentences": sentences, "snapshots": {}}
    return HeadExplorer(**{**given, **changes})


def rotation(query: Any = None, **changes: Any) -> RotationExplorer:
    given = torch.ones(8) if query is None else query
    return RotationExplorer(**{"query": given, "key": given, **changes})


def induction(*tokens: int, **changes: Any) -> InductionExplorer:
    model = InductionModel(1, generator=torch.Generator().manual_seed(0))
    given = {"model": model, "tokens": torch.tensor(tokens), "moments": ()}
    return InductionExplorer(**{**given, **changes})


def playground_of(hidden: int = 2, kept: Sequence[int] = (0,)) -> XORPlayground:
    return XORPlayground(train_xor(XORNetwork(2, hidden), 1.0, 1, kept))


REFUSED: dict[str, Callable[[], object]] = {
    "tokens must be from 1 to 64, got 0; choose a part of the sentence": (
        lambda: attention(tokens=[])
    ),
    "tokens must be from 1 to 64, got 65; choose a part of the sentence": (
        lambda: attention(tokens=["a"] * 65)
    ),
    "query must have the shape (2, 3), which is (length, d_k), got (3, 3)": (
        lambda: attention(vectors(3))
    ),
    "query must have the shape (2, 3), which is (length, d_k), got (1, 2, 3)": (
        lambda: attention(vectors()[None])
    ),
    "key must have the shape (2, 3), which is (length, d_k), got (2, 4)": (
        lambda: attention(key=vectors(2, 4))
    ),
    "value must have the shape (2, 5), which is (length, d_v), got (3, 5)": (
        lambda: attention(value=vectors(3, 5))
    ),
    "tokens must be at most 11, as in the training of the model, got 12": (
        lambda: heads(tokens=["the"] * 12)
    ),
    (
        "model must choose where it looks, got one with uniform=True; the figure "
        "computes weights from queries and keys"
    ): lambda: heads(uniform=True),
    (
        "snapshots['start'] must have the shape (2, 1, 1), which is (heads, length, "
        "length), got (1, 1, 1)"
    ): lambda: heads(snapshots={"start": torch.ones(1, 1, 1)}),
    (
        "sentences must ask each question of at least one word, got none for one of "
        "them; take more sentences"
    ): lambda: heads(sentences=as_sentence(["cat"])),
    (
        "history must have kept the parameters of epoch 0, got those of [1]; call "
        "train_xor(..., snapshot_epochs=range(0, 1001, 50))"
    ): lambda: playground_of(kept=[1]),
    "query must hold finite numbers, got NaN or infinity": (
        lambda: attention(query=vectors() / 0)
    ),
    "value must hold finite numbers, got NaN or infinity": (
        lambda: attention(value=vectors() / 0)
    ),
    "key must hold finite numbers, got NaN or infinity": (
        lambda: rotation(key=torch.ones(8) / 0)
    ),
    "query must have the shape (8,), which is (d,), got (1, 8)": (
        lambda: rotation(torch.ones(1, 8))
    ),
    "key must have the shape (8,), which is (d,), got (6,)": (
        lambda: rotation(key=torch.ones(6))
    ),
    "query must hold from 2 to 32 numbers, in pairs, got 7": (
        lambda: rotation(torch.ones(7))
    ),
    "query must hold from 2 to 32 numbers, in pairs, got 34": (
        lambda: rotation(torch.ones(34))
    ),
    "base must be more than 0 and finite, got 0": lambda: rotation(base=0),
    "subjects must hold a name for each of the model's 3 subjects, got 2": (
        lambda: memory_by_hand(subjects=["a", "b"])
    ),
    "answers must hold a name for each of the model's 3 subjects, got 4": (
        lambda: memory_by_hand(answers=["x", "y", "y", "x"])
    ),
    (
        "answers must hold 2 different names, as many as the model has answers, got 3"
    ): lambda: memory_by_hand(answers=["x", "y", "z"]),
    "model must have at most 64 hidden units, got 65": lambda: memory_by_hand(65),
    (
        "runs must differ in task, order, depth, rate or warm_up, got two with the same"
    ): lambda: DepthExplorer([depth_run(), depth_run(accuracy=0.5)]),
    "losses must hold finite numbers from 0, got those of 'plain' with 4 layers": (
        lambda: DepthExplorer([depth_run(losses=[0.7, float("nan")])])
    ),
    "gradients must hold finite numbers from 0, got those of 'plain' with 4 layers": (
        lambda: DepthExplorer([depth_run(gradients=[0.5, -1.0])])
    ),
    "runs must hold at least one run, got none": lambda: DepthExplorer([]),
    "gradients must hold at least one number, got none": (
        lambda: DepthExplorer([depth_run(gradients=[])])
    ),
    "key must have the shape (length, size), got (3,), which has 1 dimension(s)": (
        lambda: attention(key=torch.ones(3))
    ),
    "query must have the shape (d,), got (), which has 0 dimension(s)": (
        lambda: rotation(torch.tensor(1.0))
    ),
    "tokens must have the shape (length,), got (), which has 0 dimension(s)": (
        lambda: induction(tokens=torch.tensor(3))
    ),
    "a share in moments must be a share from 0 to 1, got 1.5": (
        lambda: induction(3, moments=[(0, 1.5, torch.zeros(1, 2, 1, 1))])
    ),
    (
        "the weights in moments must have the shape (1, 2, 1, 1), which is (layers, "
        "heads, length, length), got (1, 1, 1)"
    ): lambda: induction(3, moments=[(0, 0.5, torch.zeros(1, 1, 1))]),
    (
        "the weights in moments must hold numbers from 0 to 1, got 1.28 to 1.28; take "
        "them after the softmax"
    ): lambda: induction(3, moments=[(0, 0.5, torch.full((1, 2, 1, 1), 1.28))]),
    "tokens must be one sequence of 1 to 24, got (25,)": (
        lambda: induction(*range(25))
    ),
    "tokens must be numbers from 0 to 23, got [24]": lambda: induction(24),
    "moments must end with the model as it is, got other attention weights": (
        lambda: induction(3, moments=[(0, 0.5, torch.zeros(1, 2, 1, 1))])
    ),
    (
        "snapshots['start'] must hold numbers from 0 to 1, got 1.28 to 1.28; take them "
        "after the softmax"
    ): lambda: heads(snapshots={"start": torch.full((2, 1, 1), 1.28)}),
    "sentences must ask 1 question(s), as many as the model answers, got 5": (
        lambda: heads(sentences=sample_questions(9, torch.Generator().manual_seed(0)))
    ),
    "history must have at most 20000 epochs, which a page can train again, got 20001": (
        lambda: XORPlayground(TrainingHistory(1.0, [0.0] * 20_001, [], {0: {}}))
    ),
    "history must be that of a network with at most 8 hidden units, got 9": (
        lambda: playground_of(9)
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_figures_refuse(message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        REFUSED[message]()


def test_the_shortest_and_the_longest_sentences_are_shown() -> None:
    for length in (1, 64):
        shown = attention(vectors(length), tokens=["a"] * length)
        assert len(shown.table().rows) == length
    assert len(heads(tokens=["the"] * 11).table().head) == 12
    assert len(memory_by_hand(64).table().rows) == 3
    assert len(rotation(torch.ones(32)).table().rows) == 17
    assert len(induction(0, *range(1, 24)).table().rows) == 24


WRONG_TYPES: dict[str, Callable[[], object]] = {
    "tokens must be a list or another sequence of str, got str": (
        lambda: attention(tokens="ab")
    ),
    "a token must be an instance of str, got int": lambda: attention(tokens=["a", 3]),
    "key must hold floating-point numbers": lambda: attention(key=vectors().int()),
    "model must be an instance of RelationModel, got int": lambda: heads(model=3),
    "history must be an instance of TrainingHistory, got int": (
        lambda: XORPlayground(3)  # type: ignore[arg-type]
    ),
    "query must be a torch.Tensor, got list": lambda: attention([[1.0], [2.0]]),
    "key must have the dtype of query, torch.float32, got torch.float64": (
        lambda: rotation(key=torch.ones(8).double())
    ),
    "base must be a number, got 'e'": lambda: rotation(base="e"),
    "model must be an instance of FactModel, got str": (
        lambda: memory_by_hand(model="a")
    ),
    "answers must be a list or another sequence of str, got int": (
        lambda: memory_by_hand(answers=3)
    ),
    "tokens must be a list or another sequence of str, got int": (
        lambda: heads(tokens=3)
    ),
    "key must be a torch.Tensor, got list": lambda: rotation(key=[1.0]),
    "model must be an instance of InductionModel, got int": lambda: induction(model=3),
    "tokens must be a torch.Tensor, got list": lambda: induction(tokens=[3]),
    "moments must be a list or another sequence of (step, share, maps), got int": (
        lambda: induction(3, moments=3)
    ),
    "runs must be a list or another sequence of DepthRun, got DepthRun": (
        lambda: DepthExplorer(depth_run())  # type: ignore[arg-type]
    ),
    "each of runs must be an instance of DepthRun, got int": (
        lambda: DepthExplorer([3])  # type: ignore[list-item]
    ),
    "accuracy must be a number, got 'all'": (
        lambda: DepthExplorer([depth_run(accuracy="all")])
    ),
    "each of answers must be an instance of str, got int": (
        lambda: memory_by_hand(answers=[0, 1, 1])
    ),
}


@pytest.mark.parametrize("message", WRONG_TYPES)
def test_figures_refuse_other_types(message: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(message)}"):
        WRONG_TYPES[message]()
