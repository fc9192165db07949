"""Where a lesson is in its module."""

from __future__ import annotations

from html import escape
from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from catalogue import lessons
from exercises import solved
from minutes import time_of

NAVIGATION = (
    '<nav class="lesson-progress" aria-label="Lessons of this module">'
    "<p>Lesson {number} of {count}</p><ol>{items}</ol></nav>"
)


def add_progress(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of the lessons of its module under the title of each lesson."""
    page = PurePosixPath(docname)
    names = lessons(Path(app.srcdir, "tutorials", docname).parent)
    title = doctree.next_node(nodes.title)
    if page.name not in names or title is None or app.builder.format != "html":
        return
    items = []
    for name in names:
        other = str(page.with_name(name))
        address = escape(app.builder.get_relative_uri(docname, other))
        here = ' aria-current="page"' if name == page.name else ""
        minutes, _ = time_of(app.env, other)
        text = f"{escape(app.env.titles[other].astext())} <span>{minutes} min</span>"
        text += solved(app.env, other)
        items.append(f'<li><a href="{address}"{here}>{text}</a></li>')
    number = names.index(page.name) + 1
    html = NAVIGATION.format(number=number, count=len(names), items="".join(items))
    section = title.parent
    section.insert(section.index(title) + 1, nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler."""
    app.connect("doctree-resolved", add_progress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
