"""Source code as lessons show it: without docstrings, and highlighted."""

from __future__ import annotations

import ast
import builtins
import html
import re
from typing import Any

import pytest

from nnbasics import MultiHeadAttention, merge_heads, split_heads
from nnbasics.source import show_source

SPLIT = """\
def split_heads(x: Tensor, num_heads: int) -> Tensor:
    check.require_tensor("x", x)
    check.require_rank("x", x, 2, "(..., length, d_model)")
    check.require_divisor("num_heads", num_heads, "d_model", x.size(-1))
    x = x.unflatten(-1, (num_heads, -1))  # (..., length, num_heads, d_head)
    return x.transpose(-3, -2)  # (..., num_heads, length, d_head)"""


def without_docstring(x: int) -> int:
    return x + 1


def test_a_function_without_its_docstring() -> None:
    assert repr(show_source(split_heads)) == SPLIT


def test_a_function_that_has_no_docstring() -> None:
    shown = str(show_source(without_docstring))
    assert shown == "def without_docstring(x: int) -> int:\n    return x + 1"


def test_a_class_without_any_docstring_is_still_python() -> None:
    shown = str(show_source(MultiHeadAttention))
    tree = ast.parse(shown)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            assert ast.get_docstring(node) is None
    assert "def forward(" in shown
    assert "return self.out_proj(merge_heads(heads)), weights" in shown


def test_a_method_alone_without_its_docstring_of_several_paragraphs() -> None:
    shown = str(show_source(MultiHeadAttention.forward))
    assert ast.get_docstring(ast.parse(shown).body[0]) is None  # type: ignore[arg-type]
    assert shown.startswith("def forward(")
    assert "\n    return self.out_proj(merge_heads(heads)), weights" in shown


def test_several_objects_in_their_order() -> None:
    shown = str(show_source(merge_heads, split_heads))
    assert shown.endswith("\n\n" + SPLIT)
    assert shown.startswith("def merge_heads")


def test_highlighted_html_holds_the_same_text() -> None:
    markup = show_source(split_heads)._repr_html_()
    code = markup.split("<pre", 1)[1].split(">", 1)[1].split("</pre>")[0]
    assert html.unescape(re.sub("<[^>]+>", "", code)).strip() == SPLIT
    assert '<span class="k">return</span>' in code
    assert 'tabindex="0"' in markup


def test_without_pygments_the_text_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def no_pygments(name: str, *args: Any, **options: Any) -> Any:
        if name.startswith("pygments"):
            raise ImportError(name)
        return real_import(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", no_pygments)
    markup = show_source(split_heads)._repr_html_()
    assert "-&gt; Tensor" in markup
    assert "<span" not in markup


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one function or class, got none"):
        show_source()
    with pytest.raises(TypeError):
        show_source(3)  # type: ignore[arg-type]
