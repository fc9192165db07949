"""Render mathematics while the site is built, so that pages need no script for it.

KaTeX, in `vendor/`, writes HTML for the eye and MathML for screen readers.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import dukpy
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

KATEX = Path(__file__).parent / "vendor" / "katex" / "katex.min.js"


@functools.cache
def _interpreter() -> Any:
    interpreter = dukpy.JSInterpreter()
    interpreter.evaljs(KATEX.read_text("utf-8") + "; var katex = this.katex; null")
    return interpreter


@functools.cache
def render(formula: str, display: bool) -> str:
    """Return the HTML of a formula."""
    options = json.dumps(
        {"displayMode": display, "throwOnError": True, "strict": "error"}
    )
    html: str = _interpreter().evaljs(
        f"katex.renderToString(dukpy['formula'], {options})", formula=formula
    )
    return html


def _render_node(translator: HTML5Translator, node: nodes.Node, display: bool) -> str:
    formula = node.astext()
    try:
        return render(formula, display)
    except dukpy.JSRuntimeError as error:
        page = translator.builder.current_docname
        reason = str(error).strip().splitlines()[0]
        raise ExtensionError(
            f"{page}: KaTeX cannot render the formula {formula!r}: {reason}"
        ) from None


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula that stands in a line of text."""
    translator.body.append(_render_node(translator, node, display=False))
    raise nodes.SkipNode


def visit_display(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands by itself, in a box that scrolls if it must."""
    html = _render_node(translator, node, display=True)
    translator.body.append(
        f'<div class="math" tabindex="0" role="group" aria-label="Formula">{html}</div>'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Make this the renderer of mathematics in HTML."""
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
