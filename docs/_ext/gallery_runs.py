"""What happens around the run of a lesson: a clean start, a re-run, a clear failure."""

from __future__ import annotations

import ast
import hashlib
import re
import traceback
from pathlib import Path
from typing import Any

import torch
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

REFUSED = "sphinx.errors.ExtensionError: "
HEADING = re.compile(r"^# (?P<title>\S.*)\n# ([-=~^])\2{2,}$", re.MULTILINE)


def reset_torch(gallery_conf: dict[str, Any], fname: str) -> None:
    """Start every lesson from the same seed, whatever ran before it."""
    torch.manual_seed(0)
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)


def rerun_when_code_changed(app: Sphinx) -> None:
    """Run every lesson again if the package or the extensions changed.

    Sphinx-Gallery runs a lesson again when the lesson changed. The lessons also depend
    on the code that they import; forgetting the lessons' hashes makes it run them.
    """
    docs = Path(app.srcdir)
    stamp = Path(app.doctreedir) / "code.sha256"
    current = hash_of_code([docs.parent / "src", docs / "_ext"])
    if stamp.is_file() and stamp.read_text("utf-8") == current:
        return
    for gallery in app.config.sphinx_gallery_conf["gallery_dirs"]:
        for remembered in (docs / gallery).glob("*.md5"):
            remembered.unlink()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(current, "utf-8")


def hash_of_code(folders: list[Path]) -> str:
    """Return a hash of the names and the contents of all files below the folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".py", ".js", ".css"}:
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def name_the_failing_cells(app: Sphinx, exception: Exception | None) -> None:
    """Say in which lesson and in which cell the build failed."""
    failing = app.config.sphinx_gallery_conf.get("failing_examples", {})
    for lesson, report in sorted(failing.items()):
        logger.error(failure_message(Path(lesson), report))
        app.statuscode = 1
    # All is said: Sphinx-Gallery would say it again, as an error of its own.
    failing.clear()


def failure_message(lesson: Path, report: str) -> str:
    """Turn a traceback into a message that names the lesson, the cell and the line."""
    reason = report.strip().splitlines()[-1]
    if reason.startswith(REFUSED):
        return _refusal(lesson, reason.removeprefix(REFUSED))
    lines = re.findall(rf'File ".*{re.escape(lesson.name)}", line (\d+)', report)
    return f"{_place(lesson, int(lines[0]) if lines else 1)}: {reason}"


def _refusal(lesson: Path, reason: str) -> str:
    """Place what our extensions refuse: its traceback has no line of the lesson."""
    placed = re.match(rf"{re.escape(lesson.name)}, the cell at line (\d+): ", reason)
    if placed is None:
        return f"lesson {lesson.name}: {reason}"
    return f"{_place(lesson, int(placed[1]))}: {reason[placed.end() :]}"


def _place(lesson: Path, line: int) -> str:
    section = section_of(lesson.read_text("utf-8"), line)
    return f'lesson {lesson.name}, cell "{section}", line {line}'


def section_of(script: str, line: int) -> str:
    """Return the last heading of a lesson above a line."""
    above = "\n".join(script.splitlines()[:line])
    titles = [match["title"] for match in HEADING.finditer(above)]
    docstring = ast.get_docstring(ast.parse(script)) if _parses(script) else None
    title = (docstring or "the beginning").splitlines()[0]
    return titles[-1] if titles else title


def _parses(script: str) -> bool:
    try:
        ast.parse(script)
    except SyntaxError:
        logger.debug(traceback.format_exc())
        return False
    return True


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the handlers; the numbers put them before Sphinx-Gallery's own."""
    app.connect("builder-inited", rerun_when_code_changed, priority=1)
    app.connect("build-finished", name_the_failing_cells, priority=1)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
