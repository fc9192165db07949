"""Leave out of each page the style sheets and scripts that nothing on it uses.

Extensions add their files to every page. A file that is named here stays where its
mark is found in the page.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

CODE = '<div class="highlight'

MARKS = {
    "clipboard.min.js": CODE,
    "copybutton.css": CODE,
    "copybutton.js": CODE,
    "sg-tags.js": "sphx-glr-tag",
    "sg_gallery-binder.css": "binder-badge",
    "sg_gallery-dataframe.css": 'class="dataframe"',
    "sg_gallery-rendered-html.css": "rendered_html",
    "sg_gallery.css": "sphx-glr-",
}


def keep_what_is_used(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Filter the lists from which the theme's template makes its tags."""
    body = context.get("body", "")
    for files in ("css_files", "script_files"):
        context[files] = [
            file
            for file in context[files]
            if MARKS.get(PurePosixPath(file.filename or "").name, "") in body
        ]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler; the number puts it behind those that add files."""
    app.connect("html-page-context", keep_what_is_used, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
