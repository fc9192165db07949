"""Which edition of the site this is: a version, and a day where one is known."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from sphinx.util.i18n import format_date


def edition(version: str, root: Path) -> str:
    """Return the version, with the day of ``SOURCE_DATE_EPOCH``, else of the commit."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or commit_time(root)
    if not seconds:
        return version
    day = datetime.fromtimestamp(int(seconds), tz=UTC)
    return f"{version}, {format_date('%-d %B %Y', date=day, language='en')}"


def commit_time(root: Path) -> str:
    """Return when the commit of a checkout was made; empty if it is none.

    Git is told which ``.git`` it is. Otherwise an unpacked archive in somebody's
    repository would get the time of a commit of that one.
    """
    command = ["git", f"--git-dir={root / '.git'}", "log", "-1", "--format=%ct"]
    try:  # where there is no commit, git says nothing
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:  # no git
        return ""
    return done.stdout.strip()
