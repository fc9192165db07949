"""Mends of the theme's pages that need more than a style sheet."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

# Sphinx writes this once more; the theme's own stands first.
SECOND_VIEWPORT = re.compile(r'<meta name="viewport" [^>]*>\s*')
# What `show_source` sends along for Jupyter; here the page's style sheet does it.
STYLE_IN_PAGE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)


def level_captions(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Give the captions of the site's contents, which are headings, their level."""
    if "furo_navigation_tree" in context:
        context["furo_navigation_tree"] = context["furo_navigation_tree"].replace(
            'role="heading"', 'role="heading" aria-level="2"'
        )


def tidy_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Take out what stands in a page twice, and styles that stand in its text."""
    context["metatags"] = SECOND_VIEWPORT.sub("", context.get("metatags", ""))
    if "body" in context:
        context["body"] = STYLE_IN_PAGE.sub("", context["body"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the handler; the number puts it behind the theme's own."""
    app.connect("html-page-context", level_captions, priority=900)
    app.connect("html-page-context", tidy_page, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
