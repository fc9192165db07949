"""Fold the sections of a page that a reader can leave out.

The heading stays in its section, so that contents and links find it. All below it goes
into a `<details>` element: it needs no script, and the browser's search looks into it.
_static/folding.js opens it for links, and for paper.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from minutes import DEEPER, goes_deeper, in_words

BEGINNING = '<details class="deeper"><summary>Show this part, {time}</summary>'
END = "</details>"


class FoldWhatGoesDeeper(SphinxPostTransform):
    """Fold what is below the heading of each section that goes deeper."""

    default_priority = 800  # behind all that changes what is in the sections
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:  # noqa: ARG002 - Sphinx' interface
        """Change the page."""
        for section in self.document.findall(goes_deeper):
            html = BEGINNING.format(time=in_words(section["minutes"]))
            section.insert(1, nodes.raw("", html, format="html"))
            section += nodes.raw("", END, format="html")


def keep_addresses(app: Sphinx, doctree: nodes.document) -> None:
    """Let a section be found where it was before it was said to go deeper."""
    for section in doctree.findall(goes_deeper):
        address = nodes.make_id(section[0].astext().removeprefix(DEEPER))
        if address not in doctree.ids:
            section["ids"].append(address)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler, and add the transform."""
    app.connect("doctree-read", keep_addresses)
    app.add_post_transform(FoldWhatGoesDeeper)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
