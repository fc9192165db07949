"""Link each lesson to Binder, where the address of the repository is known.

Read the Docs tells it to the build. Binder makes the notebooks from the lessons
(.binder/postBuild). Colab opens notebooks that are files of a repository; ours are not,
so that no link to it could work.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

# https://github.com/owner/name.git, or git@github.com:owner/name.git
REPOSITORY = re.compile(
    r"(?:https://|git@)(?P<host>github\.com|gitlab\.com)[/:](?P<name>.+?)(?:\.git)?/?$"
)
LINK = (
    '<div class="sphx-glr-download"><p>'
    '<a class="reference external" href="{address}">Run on Binder: {name}</a></p></div>'
)


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


def add_link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the link beside the downloads of a lesson."""
    address = binder_address(docname, os.environ)
    if not address or app.builder.format != "html":
        return
    name = f"{PurePosixPath(docname).name}.ipynb"
    html = LINK.format(address=escape(address), name=escape(name))
    for container in doctree.findall(nodes.container):
        if "sphx-glr-footer" in container["classes"]:
            container.insert(0, nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler."""
    app.connect("doctree-resolved", add_link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
