"""The source of packaged code, shown in a lesson."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable

from nnbasics import _checks as check

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
        # Whatever shows HTML brings Pygments; a terminal needs none.
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer

        marked_up = highlight(self.text, PythonLexer(), HtmlFormatter(nowrap=True))
        return (
            f"{_JUPYTER_STYLE}"
            '<div class="highlight nnbasics-source">'
            '<pre tabindex="0" role="group" aria-label="Source code">'
            f"{marked_up}</pre></div>"
        )


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

    Examples
    --------
    >>> from nnbasics import merge_heads
    >>> print(show_source(merge_heads))
    def merge_heads(x: Tensor) -> Tensor:
        check.require_heads_to_merge(x)
        return x.transpose(-3, -2).flatten(-2)  # (..., length, num_heads * d_head)
    """
    check.require_some("objects", objects, "function or class")
    return SourceCode("\n\n".join(_without_docstrings(thing) for thing in objects))


def _without_docstrings(thing: type | Callable[..., object]) -> str:
    try:
        source = textwrap.dedent(inspect.getsource(thing))
    except (TypeError, OSError):
        raise TypeError(
            f"objects must be functions or classes with Python source, got {thing!r}"
        ) from None
    code = source
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(part):
            docstring = ast.get_source_segment(source, part.body[0]) or ""
            # The empty line goes with it that sets the code apart from it.
            lines = rf"^ *{re.escape(docstring)}\n\n?"
            code = re.sub(lines, "", code, flags=re.MULTILINE)
    return code.rstrip("\n")
