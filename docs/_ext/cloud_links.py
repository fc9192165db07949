"""Link each lesson to Binder and Colab, where the address of the repository is known.

Read the Docs tells it to the build. Binder makes the notebooks from the lessons
(.binder/postBuild). Colab opens notebooks that are files of a repository on GitHub:
.github/workflows/notebooks.yml puts them on a branch.
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
# The branch with the notebooks, and the branch from which they are made; the
# workflow names both, and makes those of each tag.
NOTEBOOKS, MAIN = "notebooks", "main"
LINK = (
    '<div class="sphx-glr-download docutils container"><p>'
    '<a class="reference external" href="{address}">Run on {service}: {name}</a></p>'
    "</div>"
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
    """Connect the handler."""
    app.connect("doctree-resolved", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
