"""What readers download: a lesson with the line that installs its package, and zips.

Names are sorted and dates fixed, so that the same content gives the same bytes.
"""

from __future__ import annotations

import json
import os
import re
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sphinx_gallery.py_source_parser import (
    IGNORE_BLOCK_PATTERN,
    remove_config_comments,
)

from downloads.wheel import Package
from minutes import with_time

# As hatchling's wheels: the date in SOURCE_DATE_EPOCH, or 2 February 2020.
DEFAULT_DATE = 1580601600
# Said on the front page; in the zip of the site it would lead nowhere.
ONLINE_ONLY = re.compile(r'<p class="online-only">.*?</p>\n?', re.DOTALL)

# The only line of those which a page leaves out that a script keeps.
PROGRAM = "run_in_terminal()"

SCRIPT = """\
# A lesson of {project}. It needs {package.name}; install it first:
#
#     python -m pip install {source}

{lesson}"""

README = """\
{about}
You need Python {python} or newer. Open a terminal in this folder, and type:
    python -m pip install {source}
Then open {start}.ipynb in Jupyter, or type: python {start}.py
{package.wheel} is {package.name}, the package that the lessons explain.
"""


def notebook_file(notebook: dict[str, Any], source: str = "") -> bytes:
    """Return a notebook whose first cell, folded up in JupyterLab, installs `source`.

    Where there is nothing to install, it has no such cell.
    """
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "setup",
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": [f"%pip install --quiet {source}"],
    }
    cells = [cell, *notebook["cells"]] if source else notebook["cells"]
    text = json.dumps(notebook | {"cells": cells}, indent=1, ensure_ascii=False)
    return f"{text}\n".encode()


def script_file(
    lesson: str, package: Package, source: str, project: str, time: str
) -> bytes:
    """Return a lesson below a comment that says how to install what it needs.

    It has what the page has, how long it takes, and the call that makes it a program.
    """
    visible = IGNORE_BLOCK_PATTERN.sub(
        lambda block: block[0] * (PROGRAM in block[0]), lesson
    )
    text = SCRIPT.format(
        lesson=with_time(remove_config_comments(visible), time),
        package=package,
        source=source,
        project=project,
    )
    return text.encode()


def supplies(package: Package, *, start: str, about: str) -> dict[str, bytes]:
    """Return what lessons need besides themselves: the package, and what to do.

    `start` is the name of the lesson to start with; `about` says what they are.
    """
    readme = README.format(
        about=about,
        python=package.python.removeprefix(">="),
        source=package.source(),
        start=start,
        package=package,
    )
    return {package.wheel: package.content, "README.txt": readme.encode()}


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by name, into a folder of the zip that is called as the zip."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", DEFAULT_DATE))
    date = time.gmtime(seconds)[:6]
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{path.stem}/{name}", date_time=date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever this machine is
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])


def site_files(site: Path, left_out: Iterable[Path]) -> dict[str, bytes]:
    """Return all files of a site, without what only works online."""
    files = {}
    for path in set(site.rglob("*")) - set(left_out):
        name = path.relative_to(site).as_posix()
        if path.is_file() and not name.startswith("."):
            files[name] = path.read_bytes()
    front = files["index.html"].decode("utf-8")
    return files | {"index.html": ONLINE_ONLY.sub("", front).encode("utf-8")}
