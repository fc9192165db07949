"""Source code as lessons show it: without docstrings, and highlighted.

What is shown here is written here, since the tests of mutants rewrite the package.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

import pytest

import nnbasics
from nnbasics.lesson import SourceCode, show_source


def halve(x: int) -> float:
    """Divide by two.

    A docstring of several lines, and one that is indented:

        x / 2
    """
    return x / 2  # a comment


def repeat() -> int:
    """Say it."""
    x = """Say it."""
    return len(x)


class Pair:
    """Two numbers.

    A docstring of several lines.
    """

    def __init__(self, first: int) -> None:
        self.first = first

    def twice(self) -> int:
        """Return the double.

        This docstring is indented, and Python from 3.13 on moves it to the margin.
        """

        def double(x: int) -> int:
            """Add a number to itself."""
            return x + x

        return double(self.first)


HALVE = """\
def halve(x: int) -> float:
    return x / 2  # a comment"""

TWICE = """\
def twice(self) -> int:
    def double(x: int) -> int:
        return x + x

    return double(self.first)"""

PAIR = f"""\
class Pair:
    def __init__(self, first: int) -> None:
        self.first = first

{textwrap.indent(TWICE, "    ")}"""

REPEAT = '''\
def repeat() -> int:
    x = """Say it."""
    return len(x)'''


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([halve], HALVE),
        ([repeat], REPEAT),
        ([Pair], PAIR),
        ([Pair.twice], TWICE),
        ([Pair, halve], f"{PAIR}\n\n{HALVE}"),
    ],
)
def test_docstrings_and_nothing_else_is_left_out(
    objects: list[Any], expected: str
) -> None:
    assert repr(show_source(*objects)) == expected


@pytest.mark.parametrize("name", nnbasics.__all__)
def test_what_is_shown_of_the_package_is_its_code(name: str) -> None:
    thing = getattr(nnbasics, name)
    written = ast.parse(inspect.getsource(thing))
    for part in ast.walk(written):
        if isinstance(part, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(part):
            del part.body[0]
    assert ast.dump(ast.parse(str(show_source(thing)))) == ast.dump(written)


def test_code_in_colour_is_one_labelled_block() -> None:
    markup = SourceCode("x = 1")._repr_html_()
    assert markup.startswith("<style>\n")
    assert markup.endswith(
        '</style>\n<div class="highlight nnbasics-source">'
        '<pre tabindex="0" role="group" aria-label="Source code">'
        '<span class="n">x</span> <span class="o">=</span> '
        '<span class="mi">1</span>\n</pre></div>'
    )
