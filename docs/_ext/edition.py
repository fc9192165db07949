"""Which edition of the site this is: a version, and a day where one is known."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.i18n import format_date
from sphinx.util.typing import ExtensionMetadata


def edition(version: str, root: Path) -> str:
    """Return the version, with the day of ``SOURCE_DATE_EPOCH``, else of the commit."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or commit_time(root)
    if not seconds:
        return version
    day = datetime.fromtimestamp(int(seconds), tz=UTC)
    return f"{version}, {format_date('%-d %B %Y', date=day, language='en')}"


def commit_time(root: Path) -> str:
    """Return when the commit of a checkout was made; empty if it is none.

    Without a look for its own ``.git``, an unpacked archive in somebody's repository
    would get the time of a commit of that one.
    """
    if not (root / ".git").exists():
        return ""
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):  # no git, or no commit yet
        return ""
    return done.stdout.strip()


def forget_other_edition(app: Sphinx) -> None:
    """Have the pages of the package's source written anew for another edition.

    Sphinx writes them when a source has changed; their list, each time and last.
    """
    pages = Path(app.outdir, "_modules")
    listed = pages / "index.html"
    current = app.config.html_context["edition"]
    if not listed.is_file() or current not in listed.read_text("utf-8"):
        shutil.rmtree(pages, ignore_errors=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler."""
    app.connect("builder-inited", forget_other_edition)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
