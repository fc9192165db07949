"""Lessons as programs: what ``python xor_network.py`` prints, and where figures go."""

from __future__ import annotations

import ast
import io
import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from nnbasics.lesson.plain_text import plain_text

__all__ = ["run_in_terminal", "run_lesson"]

# A cell begins with its text: comments without an empty line or code between them.
CELL = re.compile(r"^# %%.*\n(?P<text>(?:#.*\n)*)", re.MULTILINE)
COMMENT = re.compile(r"^# ?", re.MULTILINE)


def run_in_terminal() -> None:
    """Run a lesson as a program, and end it; called by the lesson in its first cell.

    Jupyter and Sphinx-Gallery show text, results and figures of a lesson by themselves,
    and a debugger wants its lines: there, this function does nothing.

    Raises
    ------
    SystemExit
        When the lesson has run.

    Examples
    --------
    >>> run_in_terminal()  # not called by a program: nothing happens
    """
    caller = sys._getframe(1)
    if _is_program(caller):
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal that has no √ shows a question mark.
            sys.stdout.reconfigure(errors="replace")
        run_lesson(Path(caller.f_globals["__file__"]), caller.f_globals)
        raise SystemExit


def _is_program(frame: FrameType) -> bool:
    """Say whether code is that of ``python file.py``, which nothing else has called."""
    return frame.f_back is None


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


def _introduction(text: str) -> tuple[str, int]:
    """Return the first string that stands by itself, and where its line ends."""
    for statement in ast.parse(text).body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str(introduction)), end_lineno=last):
                return introduction, len("\n".join(text.split("\n")[:last]))
    return "", 0


def _run(code: str, path: str, names: dict[str, Any]) -> None:
    """Run a cell, and print its last expression as the lesson's page shows it."""
    statements = ast.parse(code, path)
    last = statements.body[-1] if statements.body else None
    if isinstance(last, ast.Expr):
        statements.body.pop()
        exec(compile(statements, path, "exec"), names)
        value = eval(compile(ast.Expression(last.value), path, "eval"), names)
        if hasattr(value, "_repr_html_"):
            print(value)
    else:
        exec(compile(statements, path, "exec"), names)
