"""Source code as lessons show it, of what is written in this file.

The tests of mutants run these: the package's own source is another one there.
"""

from __future__ import annotations

from nnbasics.source import SourceCode, show_source


def halve(x: int) -> float:
    """Divide by two.

    A docstring of several lines.
    """
    return x / 2  # a comment


class Pair:
    """Two numbers."""

    def __init__(self, first: int) -> None:
        self.first = first

    def twice(self) -> int:
        """Return the double."""
        return 2 * self.first


def repeat() -> int:
    """Say it."""
    X = len("""Say it.""")
    return X * X


REPEAT = """\
def repeat() -> int:
    X = len(\"\"\"Say it.\"\"\")
    return X * X"""

HALVE = """\
def halve(x: int) -> float:
    return x / 2  # a comment"""

PAIR = """\
class Pair:
    def __init__(self, first: int) -> None:
        self.first = first

    def twice(self) -> int:
        return 2 * self.first"""


def test_a_function_and_a_class_without_their_docstrings() -> None:
    assert str(show_source(halve)) == HALVE
    assert str(show_source(Pair)) == PAIR
    assert str(show_source(repeat)) == REPEAT
    assert str(show_source(Pair, halve)) == f"{PAIR}\n\n{HALVE}"


def test_an_indented_function_moves_to_the_margin() -> None:
    def inner() -> int:
        """Return one."""
        return 1

    assert str(show_source(inner)) == "def inner() -> int:\n    return 1"


def test_code_in_colour_is_one_labelled_block() -> None:
    markup = SourceCode("x = 1")._repr_html_()
    assert markup.startswith("<style>\n")
    assert markup.endswith(
        '</style>\n<div class="highlight nnbasics-source">'
        '<pre tabindex="0" role="group" aria-label="Source code">'
        '<span class="n">x</span> <span class="o">=</span> '
        '<span class="mi">1</span>\n</pre></div>'
    )
