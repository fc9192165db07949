"""Lessons as programs: what ``python xor_network.py`` prints, and where figures go."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

__all__ = ["run_in_terminal", "run_lesson"]

CELL = re.compile(r"^# %%.*\n", re.MULTILINE)
HEADING = re.compile(r"^# (?P<title>\S.*)\n# (?P<line>([-=~^])\3{2,})$", re.MULTILINE)
# :term:`weights <weight>` is read as: weights
ROLE = re.compile(r":[a-z]+:`(?P<text>[^`<]+?)(\s*<[^`>]*>)?`")


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
        run_lesson(Path(caller.f_globals["__file__"]), caller.f_globals)
        raise SystemExit


def _is_program(frame: FrameType) -> bool:
    """Say whether code is that of ``python file.py``, which nothing else has called."""
    return frame.f_back is None


def run_lesson(path: Path, names: dict[str, Any]) -> None:
    r"""Run the cells of a lesson in turn, under the titles of its sections.

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
    ...     _ = lesson.write_text("# %%\n# A section\n# ---------\nprint(1 + 1)\n")
    ...     run_lesson(lesson, {})
    <BLANKLINE>
    A section
    ---------
    <BLANKLINE>
    2
    """
    from nnbasics.plotting.figure_files import figures_shown_or_saved

    text = path.read_text("utf-8")
    _print_introduction(text)
    with figures_shown_or_saved(Path(f"{path.stem}_figures")) as files:
        starts = [match.end() for match in CELL.finditer(text)]
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            for heading in HEADING.finditer(text, start, end):
                print(f"\n{heading['title']}\n{heading['line']}\n")
            # Empty lines before it, so that a traceback names the lines of the file.
            lines_above = "\n" * text.count("\n", 0, start)
            _run(lines_above + text[start:end], str(path), names)
    if files:
        print(f"\nThe figures ({len(files)}) are in {files[0].parent.absolute()}")


def _print_introduction(text: str) -> None:
    for statement in ast.parse(text).body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str(introduction))):
                print(ROLE.sub(r"\g<text>", introduction).strip())
                return


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
