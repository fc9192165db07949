"""Turn the reST of a lesson into Markdown that Jupyter shows as it was meant.

    python docs/_ext/notebooks.py FOLDER [--address ADDRESS]

writes the notebooks of all lessons. Binder does this when it prepares the repository
(.binder/postBuild), where nnbasics is installed. Colab has no nnbasics: with the
address at which the folder will be found, the wheel is written beside the notebooks,
and their first cell installs it from there (.github/workflows/notebooks.yml).

Sphinx-Gallery converts headings, mathematics, links, images and code blocks. Roles,
notes and tables are converted here first; what is left over afterwards is refused,
so that nobody opens a notebook that shows raw markup. JupyterLab folds what stands in
the cells below a heading, up to a cell that begins with the next: so each heading
begins a cell, and one of a section that goes deeper is alone in its own.
"""

from __future__ import annotations

import argparse
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF
from sphinx_gallery.notebook import jupyter_notebook
from sphinx_gallery.py_source_parser import (
    remove_config_comments,
    remove_ignore_blocks,
    split_code_and_text_blocks,
)

from downloads.archives import notebook_file
from downloads.wheel import build_package
from minutes import DEEPER, with_time

ROOT = Path(__file__).parents[2]
TORCH_DOCS = "https://docs.pytorch.org/docs/stable/generated/"

ROLE = re.compile(r":(?:py:)?(?P<role>[a-z]+):`(?P<text>[^`]+)`")
TITLE_AND_TARGET = re.compile(r"(?P<title>.+?)\s*<(?P<target>[^>]+)>$", re.DOTALL)
NOTE = re.compile(
    r"^\.\. (?P<kind>note|warning|tip|seealso)::(?P<body>.*(?:\n+^   .+)*)", re.M
)
TABLE = re.compile(r"^\.\. list-table::(?P<body>.*(?:\n+^   .+)*)", re.M)
LEFT_OVER = re.compile(
    r"^\.\. .*|:[a-z:]+:`.*|^\s+:[a-z-]+:.*|`_(?!\w).*|\[\w+\]_(?!\w)|::$", re.M
)
HEADING = re.compile(r"^(?P<title>\S.*)\n([-=~^])\2{2,}(?:\n|\Z)", re.M)
FENCED_CODE = re.compile(r"^```.*?^```$", re.M | re.S)

NOTES = {"note": "Note", "warning": "Warning", "tip": "Tip", "seealso": "See also"}
CODE_ROLES = {"func", "class", "meth", "mod", "attr", "data"}


def lesson_notebook(
    script_blocks: list[Any],
    gallery_conf: dict[str, Any],
    target_dir: str,
    site: str = "",
) -> dict[str, Any]:
    """Make the notebook of a lesson, with Sphinx-Gallery's function.

    `site` is the address of the hosted pages, or empty if it is not known.
    """
    title = script_blocks[0][1].strip().splitlines()[0]
    blocks = [
        block if block[0] == "code" else (block[0], prepare(block[1], site), block[2])
        for block in script_blocks
    ]
    notebook: dict[str, Any] = jupyter_notebook(blocks, gallery_conf, target_dir)
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"cell-{number:03}"
        cell["metadata"] = {}
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            refuse_left_over_markup(text, title)
            if text.lstrip("# ").startswith(DEEPER):
                cell["metadata"] = {"jp-MarkdownHeadingCollapsed": True}
    notebook["nbformat_minor"] = 5
    # Sphinx-Gallery names the version of Python here that made the notebook.
    notebook["metadata"]["language_info"] = {"name": "python"}
    return notebook


def lesson_blocks(script: Path, time: str = "") -> list[Any]:
    """Return the text and the code of a lesson, without what only its build needs.

    `time` says how long it takes, or is empty if that is not known.
    """
    _, blocks = split_code_and_text_blocks(str(script))
    cleaned = [
        (kind, remove_config_comments(remove_ignore_blocks(content)), line)
        for kind, content, line in blocks
    ]
    return [
        (kind, part, line)
        for kind, content, line in cleaned
        for part in (
            [content] if kind == "code" else parts_of(with_time(content, time))
        )
        if part.strip()
    ]


def parts_of(rst: str) -> list[str]:
    """Cut a text before each heading, and behind one of a section that goes deeper."""
    cuts = [0, len(rst)]
    for heading in HEADING.finditer(rst):
        cuts.append(heading.start())
        if heading["title"].startswith(DEEPER):
            cuts.append(heading.end())
    return [rst[start:end] for start, end in itertools.pairwise(sorted(cuts))]


def prepare(rst: str, site: str = "") -> str:
    """Convert what Sphinx-Gallery's own conversion would leave as it is.

    `site` is the address of the hosted pages, or empty if it is not known.
    """
    rst = NOTE.sub(_note, rst + "\n")
    rst = TABLE.sub(_table, rst)
    return ROLE.sub(lambda match: _role(match, site), rst)


def _note(match: re.Match[str]) -> str:
    name = NOTES[match["kind"]]
    lines = [line.strip() for line in match["body"].strip().splitlines()]
    return f"> **{name}.** " + "\n> ".join(lines).replace("\n> \n", "\n>\n")


def _table(match: re.Match[str]) -> str:
    rows = _rows(match["body"])
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *body])


def _rows(body: str) -> list[list[str]]:
    """Return the cells of a list-table as they were written, row by row."""
    rows: list[list[str]] = []
    for line in body.splitlines():
        text = line.strip()
        if text.startswith("* - "):
            rows.append([text[4:]])
        elif text.startswith("- "):
            rows[-1].append(text[2:])
        elif rows:
            rows[-1][-1] += f" {text}".rstrip()
    return rows


def _role(match: re.Match[str], site: str) -> str:
    explicit = TITLE_AND_TARGET.match(match["text"])
    title = explicit["title"] if explicit else match["text"]
    target = explicit["target"] if explicit else match["text"]
    if match["role"] in CODE_ROLES:
        return _code_link(title, target.lstrip("~!"), site)
    links: dict[str, Callable[[], str]] = {
        "term": lambda: title,
        "doc": lambda: _page_link(title, f"{target.lstrip('/')}.html", site),
        "ref": lambda: _page_link(title, f"references.html#{target}", site),
    }
    return links.get(match["role"], lambda: match[0])()


def _code_link(title: str, target: str, site: str) -> str:
    name = target.rsplit(".", 1)[-1] if title.startswith("~") else title.lstrip("!")
    if target.startswith("torch."):
        return f"[`{name}`]({TORCH_DOCS}{target}.html)"
    if target.startswith("nnbasics.") and site:
        return f"[`{name}`]({site}/api/{target}.html)"
    return f"`{name}`"


def _page_link(title: str, page: str, site: str) -> str:
    return f"[{title}]({site}/{page})" if site else title


def refuse_left_over_markup(markdown: str, lesson: str) -> None:
    """Raise if Markdown still has reST in it that a reader would see as it stands."""
    left_over = LEFT_OVER.search(FENCED_CODE.sub("", markdown))
    if left_over:
        raise ExtensionError(
            f"lesson {lesson!r}: the notebook cannot show {left_over[0]!r}. Write it "
            "with what the conversion knows (docs/contributing.rst lists it), or teach "
            "docs/_ext/notebooks.py."
        )


def write_notebooks(folder: Path, address: str = "") -> None:
    """Convert each lesson; a module is a folder in `folder`.

    `address` is where the folder will be found, or empty if nnbasics is installed.
    """
    source = ""
    if address:
        package = build_package(ROOT)
        package.write(folder)
        source = package.source(address)
    for script in sorted(ROOT.glob("docs/tutorials/*/*.py")):
        blocks = lesson_blocks(script)
        notebook = lesson_notebook(blocks, DEFAULT_GALLERY_CONF, str(script.parent))
        path = folder / script.parent.name / f"{script.stem}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook_file(notebook, source))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", default="", help="where the folder will be found")
    options = parser.parse_args()
    write_notebooks(options.folder, options.address)
