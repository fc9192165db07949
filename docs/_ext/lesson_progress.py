"""Show at the head of a lesson where it stands among the lessons of its module."""

from __future__ import annotations

from html import escape
from pathlib import PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from gallery_cards import MINUTES

NAVIGATION = (
    '<nav class="lesson-progress" aria-label="Lessons of this module">'
    "<p>Lesson {number} of {count}</p><ol>{items}</ol></nav>"
)


def add_progress(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of the lessons under the title of each lesson."""
    page = PurePosixPath(docname)
    title = doctree.next_node(nodes.title)
    if page.name not in MINUTES or title is None or app.builder.format != "html":
        return
    html = navigation(
        page.name,
        {
            lesson: (
                app.env.titles[str(page.with_name(lesson))].astext(),
                app.builder.get_relative_uri(docname, str(page.with_name(lesson))),
            )
            for lesson in MINUTES
        },
    )
    section = title.parent
    section.insert(section.index(title) + 1, nodes.raw("", html, format="html"))


def navigation(current: str, lessons: dict[str, tuple[str, str]]) -> str:
    """Return the list; `lessons` holds the title and the address of each."""
    names = list(lessons)
    items = []
    for name, (title, address) in lessons.items():
        here = ' aria-current="page"' if name == current else ""
        items.append(
            f'<li><a href="{escape(address)}"{here}>{escape(title)} '
            f"<span>{MINUTES[name]} min</span></a></li>"
        )
    return NAVIGATION.format(
        number=names.index(current) + 1, count=len(names), items="".join(items)
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler."""
    app.connect("doctree-resolved", add_progress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
