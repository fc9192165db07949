"""The list of mutants that survive: each with a reason, none of code that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from report import KILLED, Change, function_of, print_survivors, read_listed

ROOT = Path(__file__).parents[2]


def test_each_listed_change_is_one_of_code_that_is_there() -> None:
    for change in read_listed():
        name = change.function.split(".")
        path = ROOT / "src" / "nnbasics" / name[0]
        for part in name[1:]:
            if path.is_dir():
                path = path / part
        source = " ".join(path.with_suffix(".py").read_text("utf-8").split())
        assert change.before in source, change
        assert change.before != change.after


def test_the_guide_explains_every_reason() -> None:
    guide = (ROOT / "docs" / "contributing.rst").read_text("utf-8")
    (section,) = re.findall(
        r"^Mutants that survive\n~+\n(.*?)^[A-Z].*\n--+$", guide, re.M | re.S
    )
    explained = set(re.findall(r"^``(\w+)``$", section, re.M))
    assert explained == set(read_listed().values())


def test_the_function_of_a_mutant() -> None:
    assert function_of("nnbasics.masks.x_causal_mask__mutmut_2") == "masks.causal_mask"
    name = "nnbasics.plotting.curves.x__ticks__mutmut_10"
    assert function_of(name) == "plotting.curves._ticks"
    name = "nnbasics.multihead.xǁMultiHeadAttentionǁ__init____mutmut_1"
    assert function_of(name) == "multihead.MultiHeadAttention.__init__"


def test_a_survivor_that_is_not_listed_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = Change("masks.causal_mask", "a", "b")
    new = Change("masks.causal_mask", "a", "c")
    assert print_survivors([known, new, known], {known: "order"}) == {new}
    output = capsys.readouterr().out
    assert "survived, order: 2\n" in output
    assert "survived, not listed: 1\n" in output
    assert output.endswith("\nmasks.causal_mask\n  - a\n  + c\n")
    assert "survived" not in KILLED
