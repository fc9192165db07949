"""Lessons as programs."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib import pyplot as plt
from PIL import Image

from nnbasics.lesson import terminal
from nnbasics.plotting.style import PAPER

LESSONS = sorted(Path(__file__).parents[1].glob("docs/tutorials/*/*.py"))
ON_PAPER = (*bytes.fromhex(PAPER.removeprefix("#")), 255)

LESSON = '''\
# %%
# A comment may come first, and code that has been run.
import sys

"""
A lesson
========

About :term:`weights <weight>` and :doc:`attention`.
"""

unread = "this stands in no cell"

# %%
# First part
# ----------
#
# Text, with :math:`x^2`.

# Not text: a comment in the code.
x = 40
print("x is", x)

# %%
# Second part
# ~~~~~~~~~~~

from nnbasics.lesson import source

source.SourceCode("y = x + 2")

# %%
# A last expression that the page does not show, and then a cell with text alone.

x

# %%

print("A cell without text.")

# %%
# The end.
'''


TABLE = """\
.. list-table::
   :header-rows: 1

   * - short
     - b
   * - longer
       than it
     - :math:`c^2`

After.
"""


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("\n\nTwo\nlines.\n\nAnd more.\n", "Two lines.\n\nAnd more."),
        (
            "``weight`` it\n-------------\n\nText.",
            "`weight` it\n-------------\n\nText.",
        ),
        ("*loud* :term:`words <word>`, :class:`!C`", "*loud* words, C"),
        ("About :doc:`the XOR\nnetwork </basics/xor>`.", "About the XOR network."),
        (":func:`~nnbasics.f`, :math:`a < b`", "nnbasics.f, a < b"),
        ("- one\n- two\n  lines\n", "- one\n- two lines"),
        ("9. nine\n10. ten\n#. x", "9. nine\n10. ten\n#. x"),
        ("One - two", "One - two"),
        ("- " + "a " * 50, "- " + "a " * 38 + "a\n  " + "a " * 10 + "a"),
        (".. note::\n   Mind\n   this.\n\nText.", "Note: Mind this.\n\nText."),
        (".. tip::\n\n   - One.\n   - Two.", "Tip:\n\n   - One.\n   - Two."),
        ("So\n\n.. math::\n\n   a \\cdot\n   b\n\nis", "So\n\n   a \\cdot\n   b\n\nis"),
        (TABLE, "   * short | b\n   * longer than it | c^2\n\nAfter."),
    ],
)
def test_what_a_lesson_may_hold_reads_like_typed_text(rest: str, expected: str) -> None:
    assert terminal.plain_text(rest) == expected


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_no_markup_is_left_over_in_a_lesson(lesson: Path) -> None:
    source = lesson.read_text("utf-8")
    introduction, position = terminal._introduction(source)
    cells = terminal.CELL.finditer(source, position)
    texts = [terminal.COMMENT.sub("", cell["text"]) for cell in cells]
    assert len(texts) > 5
    for text in map(terminal.plain_text, [introduction, *texts]):
        without_code = re.sub(r"`[^`]*`", "", text)
        assert not re.search(r":[a-z]+:|^ *\.\. |`|^ +:", without_code, re.M), text


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lesson.py"


def run(lesson: Path, text: str) -> dict[str, Any]:
    """Run a lesson of a text, and return its variables."""
    lesson.write_text(text, "utf-8")
    names: dict[str, Any] = {}
    terminal.run_lesson(lesson, names)
    return names


def test_a_lesson_prints_its_text_and_what_its_page_shows(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = run(lesson, LESSON)
    assert capsys.readouterr().out == (
        "A lesson\n========\n\nAbout weights and attention.\n"
        "\nFirst part\n----------\n\nText, with x^2.\n\nx is 40\n"
        "\nSecond part\n~~~~~~~~~~~\n\ny = x + 2\n"
        "\nA last expression that the page does not show, and then a cell with text "
        "alone.\n\n"
        "A cell without text.\n"
        "\nThe end.\n\n"
    )
    assert "unread" not in names
    assert names["x"] == 40
    assert not (lesson.parent / "lesson_figures").exists()


def test_figures_are_saved_named_and_described(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = (
        "# %%\nfrom matplotlib import pyplot as plt\n"
        "plt.figure(label='A line.' + ' w' * 60)\n"
        "plt.figure(label='Another.')\nplt.show()\n"
    )
    show = plt.show
    run(lesson, cell + cell)
    files = sorted((lesson.parent / "lesson_figures").iterdir())
    assert [file.name for file in files] == [f"figure_0{n}.png" for n in (1, 2, 3, 4)]
    output = capsys.readouterr().out
    first = f"[lesson_figures/figure_01.png]\n    A line.{' w' * 34}\n    w"
    assert output.startswith(first)
    assert "[lesson_figures/figure_04.png]\n    Another.\n" in output
    assert output.endswith(f"\nThe figures (4) are in {files[0].parent}\n")
    assert plt.get_fignums() == []
    assert plt.show is show


def test_an_animation_is_saved_as_one(lesson: Path) -> None:
    run(
        lesson,
        "# %%\nfrom matplotlib import pyplot as plt\n"
        "from matplotlib.animation import FuncAnimation\n"
        "other = FuncAnimation(plt.figure(), lambda frame: [], frames=2)\n"
        "plt.gcf().canvas.draw()\nplt.close()\n"
        "figure, axes = plt.subplots(label='It grows.', facecolor='none')\n"
        "def draw(frame):\n    return axes.plot([0, frame])\n"
        "moving = FuncAnimation(figure, draw, frames=3, interval=50)\n"
        "plt.show()\nplt.plot([1, 2])\nplt.show()\n",
    )
    first, second = sorted((lesson.parent / "lesson_figures").iterdir())
    assert (first.name, second.name) == ("figure_01.gif", "figure_02.png")
    with Image.open(first) as picture:
        assert getattr(picture, "n_frames", 1) == 3
        assert picture.info["duration"] == 200  # milliseconds
        # a GIF has 256 colours, and matplotlib chooses them
        assert ground_of(picture) == pytest.approx(ON_PAPER, abs=2)
    with Image.open(second) as picture:
        assert ground_of(picture) == ON_PAPER
        assert picture.width == 960  # 6.4 inches, with 150 dots each


def ground_of(picture: Image.Image) -> object:
    """Return the colour of the upper left corner, with its opacity."""
    return picture.convert("RGBA").getpixel((0, 0))


def test_where_there_is_a_display_figures_are_shown(
    lesson: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []
    monkeypatch.setattr(plt, "get_backend", lambda: "QtAgg")
    monkeypatch.setattr(plt, "switch_backend", lambda backend: None)
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.get_fignums()))
    run(
        lesson,
        "# %%\nfrom matplotlib import pyplot as plt\nplt.figure(7)\nplt.show()\n",
    )
    plt.close("all")
    assert shown == [[7]]
    assert not (lesson.parent / "lesson_figures").exists()


def test_an_error_names_the_line_of_the_file(lesson: Path) -> None:
    with pytest.raises(ZeroDivisionError) as error:
        run(lesson, LESSON.replace("x = 40", "x = 40 / 0"))
    last = error.traceback[-1]
    assert Path(str(last.path)) == lesson
    assert last.lineno + 1 == LESSON.splitlines().index("x = 40") + 1


def test_a_program_runs_once_and_prints_what_its_terminal_can(
    lesson: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson.write_text('"""About √d_k."""\n', "utf-8")
    # A program is what nothing has called.
    frame = SimpleNamespace(f_back=None, f_globals={"__file__": str(lesson)})
    outputs = [io.TextIOWrapper(io.BytesIO(), "ascii"), io.StringIO()]
    for output, sign in zip(outputs, "?√", strict=True):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", output)
            patch.setattr(sys, "_getframe", {1: frame}.__getitem__)
            with pytest.raises(SystemExit) as end:
                terminal.run_in_terminal()
        assert end.value.code is None
        output.seek(0)
        assert output.read() == f"About {sign}d_k.\n"
