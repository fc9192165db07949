"""Serve the scripts of the interactive figures as files, to the pages that have one.

In a notebook an interactive figure carries its script. On the site that would be a
script inside the page, which a strict content security policy forbids, and which no
browser could keep for the next page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from nnbasics.explorers._element import (
    TITLES,
    element_name,
    put_script_into_html,
    script,
)

FOLDER = "explorers"


def write_scripts(app: Sphinx) -> None:
    """Write a file for each kind of figure, and keep the scripts out of the HTML."""
    put_script_into_html(False)
    if app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for kind in TITLES:
        (folder / f"{kind}.js").write_text(script(kind), "utf-8")


def load_scripts(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Load on each page the scripts of the figures that it has."""
    for kind in TITLES:
        if f"<{element_name(kind)}" in context.get("body", ""):
            app.add_js_file(f"{FOLDER}/{kind}.js", defer="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers; the first has to come before the lessons run."""
    app.connect("builder-inited", write_scripts, priority=1)
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
