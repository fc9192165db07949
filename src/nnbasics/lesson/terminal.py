"""Lessons as programs: what ``python xor_network.py`` prints, and where figures go."""

from __future__ import annotations

import ast
import io
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

__all__ = ["run_in_terminal", "run_lesson"]

# A cell begins with its text: comments without an empty line or code between them.
CELL = re.compile(r"^# %%.*\n(?P<text>(?:#.*\n)*)", re.MULTILINE)
COMMENT = re.compile(r"^# ?", re.MULTILINE)

# What reads differently without a page: directives, the cells of tables, roles.
MARKUP: list[tuple[str, Any]] = [
    (r"^\.\. (?:math|list-table)::\n(?: +:.*\n)*\n", ""),
    (r"^\.\. ([a-z]+)::", lambda name: f"{name[1].capitalize()}:"),
    (r"^   \* - ", "   * "),
    (r"\n     - ", " | "),
    (r":math:`([^`]+)`", r"\1"),
    (r":[a-z]+:`[~!]?([^`<]+?)(?:\s*<[^`>]*>)?`", r"\1"),  # :term:`weights <weight>`
    (r"``", "`"),
]
# Lines that are filled together: a paragraph or an item of a list, not a formula.
LINES = re.compile(
    r"^(?! .*\\)(?P<start> *(?:(?:[*-]|#\.|\d+\.) )?)"
    r"(?P<text>.+(?:\n(?! *(?:[*-]|#\.|\d+\.) |[-=~]{3,}$).+)*)",
    re.MULTILINE,
)


def run_in_terminal() -> None:
    """Run a lesson as a program, and end it; called by the lesson in its first cell.

    Jupyter and Sphinx-Gallery show text, results and figures of a lesson by themselves,
    and a debugger wants its lines: there, this function does nothing.

    Examples
    --------
    >>> run_in_terminal()  # not called by a program: nothing happens
    """
    caller = sys._getframe(1)
    if caller.f_back is not None:  # something runs it that is not ``python file.py``
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that has no √ shows a question mark.
        sys.stdout.reconfigure(errors="replace")
    run_lesson(Path(caller.f_globals["__file__"]), caller.f_globals)
    raise SystemExit


def run_lesson(path: Path, names: dict[str, Any]) -> None:
    r"""Run the cells of a lesson in turn, each after its text.

    Where there is no display, :func:`matplotlib.pyplot.show` saves the figures in the
    folder ``<lesson>_figures``, and prints their names and alternative texts.

    Parameters
    ----------
    path : pathlib.Path
        The lesson: a Python file whose cells begin with ``# %%``.
    names : dict of str to object
        The names that the lesson's code finds, and to which it adds its own.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     lesson = Path(folder, "lesson.py")
    ...     _ = lesson.write_text("# %%\n# A sum:\n\nprint(1 + 1)\n")
    ...     run_lesson(lesson, {})
    <BLANKLINE>
    A sum:
    <BLANKLINE>
    2
    """
    from nnbasics.lesson.figure_files import figures_shown_or_saved

    text = path.read_text("utf-8")
    introduction, position = _introduction(text)
    if introduction:
        print(plain_text(introduction))
    with figures_shown_or_saved(Path(f"{path.stem}_figures"), names) as files:
        cells = list(CELL.finditer(text, position))
        starts = [*(cell.start() for cell in cells), len(text)]
        for cell, end in zip(cells, starts[1:], strict=True):
            if cell["text"]:
                print(f"\n{plain_text(COMMENT.sub('', cell['text']))}\n")
            # Empty lines before it, so that a traceback names the lines of the file.
            lines_above = "\n" * text.count("\n", 0, cell.end())
            _run(lines_above + text[cell.end() : end], str(path), names)
    if files:
        print(f"\nThe figures ({len(files)}) are in {files[0].parent.absolute()}")


def plain_text(text: str) -> str:
    r"""Return the text of a lesson without its markup; formulas stay in TeX.

    Examples
    --------
    >>> print(plain_text("The :term:`weights <weight>`, and :math:`\\sqrt{d_k}`."))
    The weights, and \sqrt{d_k}.
    """
    for pattern, replacement in MARKUP:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return LINES.sub(_filled, text.strip("\n"))


def _filled(lines: re.Match[str]) -> str:
    return textwrap.fill(
        " ".join(lines["text"].split()),
        79,
        initial_indent=lines["start"],
        subsequent_indent=" " * len(lines["start"]),
    )


def _introduction(text: str) -> tuple[str, int]:
    """Return the first string that stands by itself, and where its line ends."""
    for statement in ast.parse(text).body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str(introduction)), end_lineno=last):
                return introduction, len("\n".join(text.split("\n")[:last]))
    return "", 0


def _run(code: str, path: str, names: dict[str, Any]) -> None:
    """Run a cell, and print its last expression as the lesson's page shows it."""
    body = ast.parse(code, path).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), path, "exec"), names)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), path, "eval"), names)
        if hasattr(value, "_repr_html_"):
            print(value)
