"""What happens around the run of a lesson: a clean start, a re-run, a clear failure."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

import torch
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util import logging

from catalogue import modules, reading_order
from nnbasics.explorers._element import put_script_into_html

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
# The modules of this folder that decide what a run of a lesson leaves behind.
AFFECT_A_RUN = (
    *("catalogue.py", "exercises.py", "figures.py", "front_figure.py"),
    *("previews.py", "running.py"),
)
PACKAGES = (
    *("torch", "numpy", "matplotlib", "seaborn"),
    *("sphinx-gallery", "imageio-ffmpeg", "pillow"),
)
# In the folder that is made of a module: the fingerprint of its last run.
STAMP = "fingerprint.sha256"
# What a build makes in the site of lessons, and of the package.
MADE_IN_SITE = ("_downloads", "_images", "_modules", "api", "downloads")

REFUSED = "sphinx.errors.ExtensionError: "
# In a comment, or in the introduction.
HEADING = re.compile(r"^(# )?(?P<title>\S.*)\n(# )?([-=~^])\4{2,}$", re.MULTILINE)


def start_lesson(gallery_conf: dict[str, Any], fname: str) -> None:
    """Start every lesson from the same seed, whatever ran before it."""
    torch.manual_seed(0)
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    # The site serves the scripts of interactive figures as files (theme.py).
    put_script_into_html(False)


def forget_what_changed(app: Sphinx) -> None:
    """Have lessons run again if what they depend on changed; remove lost lessons.

    Sphinx-Gallery runs a lesson again when the lesson changed. It also depends on the
    code that it imports; forgetting its hash makes Sphinx-Gallery run it.
    """
    if app.builder.format != "html":
        return
    docs, current = Path(app.srcdir), fingerprint(app)
    lost = [stamp.parent for stamp in docs.glob(f"*/{STAMP}") if is_lost(stamp.parent)]
    for folder in lost:
        shutil.rmtree(folder)
    stamps = [docs / module / STAMP for module in modules(docs)]
    changed = [s for s in stamps if not s.is_file() or s.read_text("utf-8") != current]
    for stamp in changed:
        for remembered in stamp.parent.glob("*.md5"):
            remembered.unlink()
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(current, "utf-8")
    if lost or changed:
        forget_pages(docs, Path(app.outdir), [folder.name for folder in lost])


def is_lost(made: Path) -> bool:
    """Say whether a lesson, or the module, of which something was made is gone."""
    lessons = reading_order(made.parent / "tutorials" / made.name)
    return not {s.name for s in made.glob("*.py")} <= {s.name for s in lessons}


def forget_pages(docs: Path, site: Path, lost: list[str]) -> None:
    """Remove what was made of lessons and of src/; wheels and what is not ours stay."""
    shutil.rmtree(docs / "api", ignore_errors=True)
    for name in (*lost, *MADE_IN_SITE):
        shutil.rmtree(site / name, ignore_errors=True)
    for page in site.rglob("*.html"):
        os.utime(page, (0, 0))  # older than its source: it is written anew


def fingerprint(app: Sphinx) -> str:
    """Return a hash of all that decides what a lesson's run leaves, but the lesson."""
    root = Path(app.srcdir).parent
    files = [p for p in root.glob("src/**/*") if p.suffix in {".py", ".js", ".css"}]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    for name in AFFECT_A_RUN:
        digest.update((HERE / name).read_bytes())
    folders = {"examples_dirs", "gallery_dirs"}  # another module changes no lesson
    conf = app.config.sphinx_gallery_conf
    kept = {name: value for name, value in conf.items() if name not in folders}
    settings = json.dumps(kept, sort_keys=True, default=str)
    versions = [platform.python_version(), *map(version, PACKAGES)]
    ffmpeg = os.environ.get("IMAGEIO_FFMPEG_EXE", "")  # else that of imageio-ffmpeg
    digest.update(f"{settings}{versions}{ffmpeg}".encode())
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
    return titles[-1] if titles else "the beginning"


def stop_build(message: str) -> NoReturn:
    """End a build with one message for whoever runs it.

    Sphinx answers an exception with a report for its own developers, in which the
    message drowns.
    """
    logger.error(message)
    raise SystemExit(2)


def stop_with_one_message(app: Sphinx, exception: Exception | None) -> None:
    """Say what a builder or a handler refused, without a report."""
    if isinstance(exception, SphinxError | OSError):
        stop_build(str(exception))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the handlers; the numbers put them before all others, and behind."""
    app.connect("builder-inited", forget_what_changed, priority=0)
    app.connect("build-finished", name_the_failing_cells, priority=1)
    app.connect("build-finished", stop_with_one_message, priority=3000)
    # Sphinx reads all pages again where a directive or a transform may be another.
    files = [path for path in HERE.rglob("*") if path.suffix in {".py", ".js"}]
    ours = b"".join(path.read_bytes() for path in sorted(files))
    env_version = int(hashlib.sha256(ours).hexdigest()[:8], 16)
    return {
        "env_version": env_version,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
