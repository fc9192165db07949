"""What stands under the title of a lesson: a row of links, and where it is.

The files of a lesson are always there. The other links need the address of the
repository on GitHub, which Read the Docs tells to the build. The remote of a clone is
not asked, since two builds of a commit are the same, wherever it was cloned from.

Binder makes the notebooks from the lessons (.binder/postBuild). Colab opens notebooks
that are files of a repository on GitHub: .github/workflows/notebooks.yml puts them on a
branch.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx.addnodes import download_reference
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from catalogue import lessons
from exercises import solved
from minutes import time_of

# https://github.com/owner/name.git, or git@github.com:owner/name.git
REPOSITORY = re.compile(r"(?:https://|git@)github\.com[/:](?P<name>.+?)(?:\.git)?/?$")
# The branch with the notebooks, and the branch from which they are made; the
# workflow names both, and makes those of each tag.
NOTEBOOKS, MAIN = "notebooks", "main"
# The form for mistakes, in .github/ISSUE_TEMPLATE.
FORM = "lesson.yml"

FILES = {".ipynb": "Notebook", ".py": "Script", ".zip": "Zip"}
ROW = ('<nav class="lesson-links" aria-label="Take, run or correct it">', "</nav>")
NAVIGATION = (
    '<nav class="lesson-progress" aria-label="Lessons of this module">'
    "<p>Lesson {number} of {count}</p><ol>{items}</ol></nav>"
)


def repository(environment: Mapping[str, str]) -> str:
    """Return owner and name of the repository; empty if they are not known."""
    known = REPOSITORY.match(environment.get("READTHEDOCS_GIT_CLONE_URL", ""))
    return known["name"] if known else ""


def reference_of(environment: Mapping[str, str]) -> str:
    """Return the branch or the tag that is built; empty if it is not known."""
    return environment.get("READTHEDOCS_GIT_IDENTIFIER", "")


def binder_address(page: str, environment: Mapping[str, str]) -> str:
    """Return where Binder opens the notebook of a page; empty if it is not known."""
    name = repository(environment)
    commit = environment.get("READTHEDOCS_GIT_COMMIT_HASH")
    notebook = quote(f"lab/tree/notebooks/{page}.ipynb", safe="")
    address = f"https://mybinder.org/v2/gh/{name}/{commit}?urlpath={notebook}"
    return address if name and commit else ""


def colab_address(page: str, environment: Mapping[str, str]) -> str:
    """Return where Colab opens the notebook of a page; empty if there is none."""
    name, built = repository(environment), reference_of(environment)
    published = built == MAIN or environment.get("READTHEDOCS_VERSION_TYPE") == "tag"
    if not name or not built or not published:
        return ""
    notebook = quote(f"{NOTEBOOKS}/{built}/{page}.ipynb")
    return f"https://colab.research.google.com/github/{name}/blob/{notebook}"


def edit_address(page: str, environment: Mapping[str, str]) -> str:
    """Return where the source of a lesson can be edited; empty if it is not known.

    That is possible on a branch alone: tags and pull requests lead to the main one.
    """
    name = repository(environment)
    is_branch = environment.get("READTHEDOCS_VERSION_TYPE") == "branch"
    branch = reference_of(environment) if is_branch else MAIN
    path = quote(f"edit/{branch}/docs/tutorials/{page}.py")
    return f"https://github.com/{name}/{path}" if name else ""


def report_address(
    page: str, title: str, edition: str, environment: Mapping[str, str]
) -> str:
    """Return where a mistake can be reported; empty if it is not known."""
    name = repository(environment)
    place = f"{title} ({page}.html)"
    fields = {"template": FORM, "page": place, "version": edition}
    query = urlencode(fields, quote_via=quote)
    return f"https://github.com/{name}/issues/new?{query}" if name else ""


def add_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links under the title of a lesson."""
    files = [*doctree.findall(download_reference)]
    if not files or app.builder.format != "html":
        return
    title = app.env.titles[docname].astext()
    edition = app.config.html_context["edition"]
    others = {
        "Colab": colab_address(docname, os.environ),
        "Binder": binder_address(docname, os.environ),
        "Edit": edit_address(docname, os.environ),
        "Report a mistake": report_address(docname, title, edition, os.environ),
    }
    row = nodes.bullet_list()
    for link in [*map(named_by_kind, files), *links_to(others)]:
        row += nodes.list_item("", nodes.paragraph("", "", link))
    first, last = (nodes.raw("", html, format="html") for html in ROW)
    doctree.next_node(nodes.section).insert(1, [first, row, last])
    # Sphinx-Gallery's note above the title sends readers to the end of the page.
    for note in [*doctree.findall(nodes.note)]:
        if "sphx-glr-download-link-note" in note["classes"]:
            note.parent.remove(note)


def named_by_kind(download: nodes.Element) -> nodes.Element:
    """Return another link to a file, with a short text."""
    link: nodes.Element = download.copy()
    link += nodes.Text(FILES[PurePosixPath(link["filename"]).suffix])
    return link


def links_to(addresses: Mapping[str, str]) -> list[nodes.reference]:
    """Return links to the addresses that are known, by their texts."""
    return [
        nodes.reference("", text, refuri=address)
        for text, address in addresses.items()
        if address
    ]


def add_progress(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of the lessons of its module under the title of each lesson."""
    page = PurePosixPath(docname)
    names = lessons(Path(app.srcdir, "tutorials", docname).parent)
    if page.name not in names or app.builder.format != "html":
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
    doctree.next_node(nodes.section).insert(1, nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers."""
    app.connect("doctree-resolved", add_progress)
    app.connect("doctree-resolved", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
