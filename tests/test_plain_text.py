"""The text of the lessons, for a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nnbasics.lesson import terminal
from nnbasics.lesson.plain_text import formula, plain_text

LESSONS = sorted(Path(__file__).parents[1].glob("docs/tutorials/*/*.py"))

TABLE = """\
.. list-table::
   :header-rows: 1

   * - short
     - b
   * - longer
       than it
     - :math:`c^2`
   * - last
       of
       all
     - d
"""


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", ""),
        ("\n\nTwo\nlines.\n\n\n\nAnd more.\n", "Two lines.\n\nAnd more."),
        ("A title\n-------\n\nText.", "A title\n-------\n\nText."),
        ("``weight`` it\n=============", "`weight` it\n==========="),
        ("A :term:`word`, *loud*, **louder**.", "A word, *loud*, **louder**."),
        ("About :term:`the weights <weight>`.", "About the weights."),
        ("About :doc:`the XOR\nnetwork </basics/xor>`.", "About the XOR network."),
        (":func:`~nnbasics.f` and :class:`!C`", "nnbasics.f and C"),
        ("``x[0]`` and ``y``", "`x[0]` and `y`"),
        ("- one\n- two\n  lines\n", "- one\n- two lines"),
        ("#. one\n#. two", "#. one\n#. two"),
        ("9. nine\n10. ten", "9. nine\n10. ten"),
        ("One - two", "One - two"),
        (".. note::\n   Mind\n   this.\n\nText.", "Note:\n\n    Mind this.\n\nText."),
        (".. warning::\n\n   Mind.", "Warning:\n\n    Mind."),
        (".. tip::\n\n   Try.", "Tip:\n\n    Try."),
        (".. hint::\n\n   Look.", "hint:\n\n    Look."),
        (".. seealso::\n\n   That.", "See also:\n\n    That."),
        (
            ".. note::\n   One.\n\n   - Two.\n   - Three.\n",
            "Note:\n\n    One.\n\n    - Two.\n    - Three.",
        ),
        (".. math::\n\n   a \\cdot\n   b\n\nText.", "    a · b\n\nText."),
        (
            TABLE,
            "    short            b\n    longer than it   c²\n    last of all      d",
        ),
    ],
)
def test_what_a_lesson_may_hold_reads_like_typed_text(rest: str, expected: str) -> None:
    assert plain_text(rest) == expected


def test_lines_are_broken_between_words() -> None:
    text = "word " * 30 + "x" * 90 + " up-to-date"
    lines = plain_text(text, width=20).splitlines()
    assert lines[0] == "word word word word"
    assert "x" * 90 in lines
    assert lines[-1] == "up-to-date"
    assert plain_text("word word up-to-date", width=15) == "word word\nup-to-date"
    assert plain_text("ab " * 27).splitlines() == ["ab " * 25 + "ab", "ab"]
    assert plain_text("ab " * 26 + "c") == "ab " * 26 + "c"


def test_items_and_notes_are_indented_and_no_wider() -> None:
    assert plain_text("- " + "ab " * 6, width=12) == "- ab ab ab\n  ab ab ab"
    note = plain_text(".. note::\n   " + "ab " * 6, width=12)
    assert note == "Note:\n\n    ab ab ab\n    ab ab ab"


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\sqrt{d_k}", "√d_k"),
        (r"\sqrt{d_{head}}", "√d_head"),
        (r"\sqrt{a + b}", "√(a + b)"),
        (r"e^{-\infty} = 0", "e^(-∞) = 0"),
        (r"e^{s_1} / e^{10}", "e^s_1 / e^10"),
        (r"\sigma(z)\,(1 - \sigma(z))", "σ(z) (1 - σ(z))"),
        (r"b = -\tfrac{3}{2} w", "b = -3/2 w"),
        (r"\frac{1}{1 + e^{-z}}", "1 / (1 + e^(-z))"),
        (r"Q K^\top", "Q Kᵀ"),
        (r"A \top", "A ᵀ"),
        (r"4 \times 2 \approx 8 \le 9", "4 × 2 ≈ 8 ≤ 9"),
        (r"2.718\ldots", "2.718…"),
        (r"(\text{number} - \text{mean})^2", "(number - mean)²"),
        (
            r"\operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V",
            "softmax((Q Kᵀ) / √d_k) V",
        ),
        (r"b \le 0, \qquad c > 0", "b ≤ 0,     c > 0"),
        (r"\left( \leftarrow", r"( \leftarrow"),
    ],
)
def test_formulas_stand_on_one_line(tex: str, expected: str) -> None:
    assert formula(tex) == expected


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_no_markup_is_left_over_in_a_lesson(lesson: Path) -> None:
    source = lesson.read_text("utf-8")
    introduction, position = terminal._introduction(source)
    texts = [
        introduction,
        *(
            terminal.COMMENT.sub("", cell["text"])
            for cell in terminal.CELL.finditer(source, position)
        ),
    ]
    assert len(texts) > 5
    for text in map(plain_text, texts):
        without_code = re.sub(r"`[^`]*`", "", text)
        assert not re.search(r"\\|:[a-z]+:|^ *\.\. |`|^ +:", without_code, re.M), text
