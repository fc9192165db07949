"""The source of packaged code, shown in a lesson."""

from __future__ import annotations

import ast
import html
import inspect
import textwrap
from collections.abc import Callable

__all__ = ["SourceCode", "show_source"]

# In Jupyter the page's own highlighting is missing: the editor's colours stand in.
_JUPYTER_STYLE = """\
<style>
.jp-OutputArea .nnbasics-source pre
{ font-family: var(--jp-code-font-family, monospace); }
.jp-OutputArea .nnbasics-source .k, .jp-OutputArea .nnbasics-source .kn,
.jp-OutputArea .nnbasics-source .kc, .jp-OutputArea .nnbasics-source .ow
{ color: var(--jp-mirror-editor-keyword-color); font-weight: bold; }
.jp-OutputArea .nnbasics-source .s2, .jp-OutputArea .nnbasics-source .sd
{ color: var(--jp-mirror-editor-string-color); }
.jp-OutputArea .nnbasics-source .c1
{ color: var(--jp-mirror-editor-comment-color); font-style: italic; }
.jp-OutputArea .nnbasics-source .mi, .jp-OutputArea .nnbasics-source .mf
{ color: var(--jp-mirror-editor-number-color); }
</style>
"""


class SourceCode:
    """Source code that notebooks and the site show in colour, and terminals as text.

    Parameters
    ----------
    text : str
        Python code.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        """Return the code itself."""
        return self.text

    def _repr_html_(self) -> str:
        return (
            f"{_JUPYTER_STYLE}"
            '<div class="highlight nnbasics-source">'
            '<pre tabindex="0" role="group" aria-label="Source code">'
            f"{_highlight(self.text)}</pre></div>"
        )


def _highlight(text: str) -> str:
    """Mark up Python code with Pygments, which Jupyter and Sphinx bring."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer
    except ImportError:
        return html.escape(text)
    marked_up: str = highlight(text, PythonLexer(), HtmlFormatter(nowrap=True))
    return marked_up


def show_source(*objects: type | Callable[..., object]) -> SourceCode:
    """Show the source of functions or classes, without their docstrings.

    What a lesson shows this way is the code that runs: it cannot drift from it.

    Parameters
    ----------
    *objects : function or class
        What to show, in this order.

    Returns
    -------
    SourceCode
        Text that is highlighted where it can be.

    Raises
    ------
    ValueError
        If no object is given.
    TypeError
        If an object has no Python source.

    Examples
    --------
    >>> from nnbasics import merge_heads
    >>> print(show_source(merge_heads))
    def merge_heads(x: Tensor) -> Tensor:
        check.require_rank("x", x, 3, "(..., num_heads, length, d_head)")
        return x.transpose(-3, -2).flatten(-2)  # (..., length, num_heads * d_head)
    """
    if not objects:
        raise ValueError("objects must name at least one function or class, got none")
    return SourceCode("\n\n".join(_without_docstrings(thing) for thing in objects))


def _without_docstrings(thing: type | Callable[..., object]) -> str:
    try:
        source = textwrap.dedent(inspect.getsource(thing))
    except (TypeError, OSError):
        raise TypeError(
            f"objects must be functions or classes with Python source, got {thing!r}"
        ) from None
    lines = source.splitlines()
    left_out: set[int] = set()
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(part):
            first, last = part.body[0].lineno, part.body[0].end_lineno or 0
            left_out.update(range(first, last + 1))
            if lines[last : last + 1] == [""]:  # what sets the code apart from it
                left_out.add(last + 1)
    return "\n".join(
        line for number, line in enumerate(lines, 1) if number not in left_out
    )
