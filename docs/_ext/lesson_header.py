"""What stands around a lesson: where it is in its module, and where it can be run.

Binder and Colab are linked where the address of the repository is known: Read the Docs
tells it to the build. Binder makes the notebooks from the lessons (.binder/postBuild).
Colab opens notebooks that are files of a repository on GitHub:
.github/workflows/notebooks.yml puts them on a branch.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import quote

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
# https://github.com/owner/name.git, or git@github.com:owner/name.git
REPOSITORY = re.compile(
    r"(?:https://|git@)(?P<host>github\.com|gitlab\.com)[/:](?P<name>.+?)(?:\.git)?/?$"
)
# The branch with the notebooks, and the branch from which they are made; the
# workflow names both, and makes those of each tag.
NOTEBOOKS, MAIN = "notebooks", "main"
LINK = (
    '<div class="sphx-glr-download docutils container"><p>'
    '<a class="reference external" href="{address}">Run on {service}: {name}</a></p>'
    "</div>"
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


def binder_address(page: str, environment: Mapping[str, str]) -> str:
    """Return where Binder opens the notebook of a page; empty if it is not known."""
    clone = REPOSITORY.match(environment.get("READTHEDOCS_GIT_CLONE_URL", ""))
    commit = environment.get("READTHEDOCS_GIT_COMMIT_HASH") or environment.get(
        "READTHEDOCS_GIT_IDENTIFIER"
    )
    if not clone or not commit:
        return ""
    if clone["host"] == "github.com":
        provider = f"gh/{clone['name']}"
    else:
        provider = f"gl/{quote(clone['name'], safe='')}"
    notebook = quote(f"lab/tree/notebooks/{page}.ipynb", safe="")
    reference = quote(commit, safe="")
    return f"https://mybinder.org/v2/{provider}/{reference}?urlpath={notebook}"


def colab_address(page: str, environment: Mapping[str, str]) -> str:
    """Return where Colab opens the notebook of a page; empty if there is none."""
    clone = REPOSITORY.match(environment.get("READTHEDOCS_GIT_CLONE_URL", ""))
    name = environment.get("READTHEDOCS_GIT_IDENTIFIER", "")
    published = name == MAIN or environment.get("READTHEDOCS_VERSION_TYPE") == "tag"
    if not clone or clone["host"] != "github.com" or not name or not published:
        return ""
    notebook = quote(f"{NOTEBOOKS}/{name}/{page}.ipynb")
    return f"https://colab.research.google.com/github/{clone['name']}/blob/{notebook}"


def add_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links beside the downloads of a lesson."""
    addresses = {
        "Binder": binder_address(docname, os.environ),
        "Colab": colab_address(docname, os.environ),
    }
    name = f"{PurePosixPath(docname).name}.ipynb"
    links = [
        LINK.format(address=escape(address), service=service, name=escape(name))
        for service, address in addresses.items()
        if address
    ]
    if not links or app.builder.format != "html":
        return
    for container in doctree.findall(nodes.container):
        if "sphx-glr-footer" in container["classes"]:
            container.insert(0, nodes.raw("", "".join(links), format="html"))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers."""
    app.connect("doctree-resolved", add_progress)
    app.connect("doctree-resolved", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
