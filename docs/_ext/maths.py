"""Render mathematics while the site is built, so that pages need no script for it.

KaTeX, in `vendor/`, writes HTML for the eye and MathML for screen readers. Of its fonts
the site has the signs that formulas show, so that each comes in one round trip.
"""

from __future__ import annotations

import functools
import html
import json
import re
from pathlib import Path
from typing import Any

import dukpy
from docutils import nodes
from fontTools import subset
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

# What a formula shows, as MathML has it.
SIGNS = re.compile(r"<m(?:i|n|o|text)\b[^>]*>([^<]*)<")
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


def cut_fonts(app: Sphinx, exception: Exception | None) -> None:
    """Replace the fonts by what formulas show of them.

    Their licence asks that a changed font has another name.
    """
    site = Path(app.outdir)
    style = site / "_static" / "katex" / "katex.min.css"
    if not style.is_file():  # not HTML, or a build that failed
        return
    pages = (page.read_text("utf-8") for page in site.rglob("*.html"))
    text = html.unescape("".join(c for page in pages for c in SIGNS.findall(page)))
    subset.log.setLevel("WARNING")  # it tells each table that it cuts
    options = subset.Options(flavor="woff2")
    for path in (site / "_static" / "katex" / "fonts").glob("KaTeX_*.woff2"):
        font = subset.load_font(path, options)
        cutter = subset.Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(font)
        for record in font["name"].names:
            record.string = record.toUnicode().replace("KaTeX", "Formula")
        subset.save_font(
            font, path.with_name(path.name.replace("KaTeX", "Formula")), options
        )
        path.unlink()
    style.write_text(style.read_text("utf-8").replace("KaTeX_", "Formula_"), "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Make this the renderer of mathematics in HTML."""
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_display, None))
    app.connect("build-finished", cut_fonts)  # before the theme bundles the style
    return {"parallel_read_safe": True, "parallel_write_safe": True}
