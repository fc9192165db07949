"""What all explorers share: their HTML element, their table, and files of their own."""

from __future__ import annotations

import hashlib
import html
import json
from abc import ABC, abstractmethod
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

from nnbasics._figure_tables import Table

__all__ = ["Explorer", "element_name", "put_script_into_html", "script"]

# Jupyter may isolate every output, so each carries its script. The site serves the
# script as a file and turns this off.
_script_in_html = True

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font-family: system-ui, sans-serif; margin: 1rem auto; max-width: 60rem;
  padding: 0 1rem; }}
h1 {{ font-size: 1.25rem; }}
</style>
</head>
<body>
<main>
<h1>Neural Networks: The Basics</h1>
{body}
</main>
</body>
</html>
"""


class Explorer(ABC):
    """An interactive figure: an element in a page or a notebook, a table elsewhere."""

    #: The name of the kind, in its element and in its files.
    kind: ClassVar[str]

    @abstractmethod
    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""

    @abstractmethod
    def table(self) -> Table:
        """Return the numbers for where the script does not run."""

    def __repr__(self) -> str:
        """Return the table, and where to find more."""
        hint = 'interactive in a notebook; write .save("x.html") elsewhere'
        return f"{self.table().as_text()}\n[{TITLES[self.kind]}: {hint}]"

    def _repr_html_(self) -> str:
        inlined = f"<script>{script(self.kind)}</script>" if _script_in_html else ""
        return self._element() + inlined

    def save(self, path: str | Path) -> None:
        """Write a web page with this figure; it needs nothing else, and no network.

        Parameters
        ----------
        path : str or Path
            Where to write it, such as ``"explorer.html"``. A file that is there is
            replaced.
        """
        body = f"{self._element()}<script>{script(self.kind)}</script>"
        page = _PAGE.format(title=TITLES[self.kind], body=body)
        Path(path).write_text(page, "utf-8")

    def _element(self) -> str:
        name = element_name(self.kind)
        data = json.dumps(self.data(), separators=(",", ":"))
        # Double quotes stay as they are: the attribute stands in single ones.
        data = html.escape(data, quote=False).replace("'", "&#39;")
        return (
            f"<{name} class=\"nnbasics-explorer\" data='{data}'>"
            f"{self.table().as_html()}</{name}>"
        )


# The files of each kind, besides those of the frame; and its title.
_PARTS = {
    "xor-playground": ("xor_math", "xor"),
    "attention-explorer": ("matrix", "attention"),
    "head-explorer": ("matrix", "heads"),
    "rotation-explorer": ("rotation",),
    "fact-explorer": ("facts",),
    "depth-explorer": ("depth",),
    "induction-explorer": ("matrix", "induction"),
}
TITLES = {
    "xor-playground": "XOR playground",
    "attention-explorer": "Attention explorer",
    "head-explorer": "Head explorer",
    "rotation-explorer": "Rotation explorer",
    "fact-explorer": "Fact explorer",
    "depth-explorer": "Depth explorer",
    "induction-explorer": "Induction explorer",
}


@cache
def script(kind: str) -> str:
    """Return the script of a kind of explorer, which defines its element."""
    name = element_name(kind)
    constants = {"ELEMENT": name, "STYLE": _source(kind, "css"), "TITLE": TITLES[kind]}
    lines = [f"const {key} = {json.dumps(text)};" for key, text in constants.items()]
    # An element cannot be defined twice, and a notebook may hold this script often.
    define = "if (!customElements.get(ELEMENT)) customElements.define(ELEMENT, Kind);"
    parts = ["(() => {", '"use strict";', *lines, _source(kind, "js"), define, "})();"]
    return "\n".join(parts) + "\n"


def element_name(kind: str) -> str:
    """Return the name of the element of a kind.

    It ends with a hash of the script: the elements of two versions of this package can
    then stand in one page.
    """
    sources = _source(kind, "js") + _source(kind, "css")
    digest = hashlib.sha256(sources.encode()).hexdigest()[:8]
    return f"nnbasics-{kind}-{digest}"


def put_script_into_html(inside: bool) -> None:
    """Say whether the HTML of an explorer carries its script; it does at first."""
    global _script_in_html
    _script_in_html = inside


@cache
def _source(kind: str, suffix: str) -> str:
    folder = files("nnbasics.explorers").joinpath("static")
    names = [f"{part}.{suffix}" for part in ("base", *_PARTS[kind])]
    found = [folder / name for name in names if (folder / name).is_file()]
    return "\n".join(path.read_text("utf-8") for path in found)
