"""A site of one lesson and two pages, built in seconds with the extensions of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from site_build import ROOT

CONF = f"""\
import sys
import time
from pathlib import Path
sys.path.insert(0, {str(ROOT / "docs" / "_ext")!r})
project = "tiny"
extensions = [
    "sphinx_gallery.gen_gallery",
    "catalogue",
    "figures",
    "maths",
    "running",
]
exclude_patterns = ["tutorials", "basics/*.py"]
suppress_warnings = ["config.cache"]
html_copy_source = False
sphinx_gallery_conf = {{
    "examples_dirs": ["tutorials/basics"],
    "gallery_dirs": ["basics"],
    "filename_pattern": ".py",
    "parallel": 2,
    "image_scrapers": ("figures.scraper",),
    "reset_modules": ("matplotlib", "running.start_lesson"),
    "write_computation_times": False,
    "min_reported_time": 10**9,
    "download_all_examples": False,
    "show_signature": False,
}}


def wait_on_the_second_page(app, pagename, *others):
    pause = Path(app.srcdir, "pause")
    if pagename == "second" and pause.exists():
        pause.write_text("reached")
        time.sleep(600)


def setup(app):
    app.connect("html-page-context", wait_on_the_second_page)
"""

LESSON = '''\
"""
A lesson
========

Text.
"""

# %%
# A figure
# --------

from nnbasics.plotting import plot_curves

plot_curves({"loss": [2.0, 1.0]}, xlabel="x", ylabel="y").set_label("It falls.")
'''

PAGES = {
    "index": "Tiny\n====\n\n.. toctree::\n\n   basics/index\n   first\n   second\n",
    "first": "First\n=====\n\nSee :doc:`second`.\n",
    "second": "Second\n======\n\nSee :doc:`first`.\n",
}


class TinySite:
    """The sources of a tiny site, and the folder that it is built into."""

    def __init__(self, root: Path) -> None:
        self.docs = root / "docs"
        self.site = root / "site"
        self.lesson = self.docs / "tutorials" / "basics" / "lesson.py"
        self.lesson.parent.mkdir(parents=True)
        (root / "src").mkdir()
        (self.docs / "conf.py").write_text(CONF, "utf-8")
        (self.lesson.parent / "GALLERY_HEADER.rst").write_text("Lessons\n=======\n")
        self.lesson.write_text(LESSON, "utf-8")
        for name, text in PAGES.items():
            (self.docs / f"{name}.rst").write_text(text, "utf-8")
        (self.docs / "constraints.txt").touch()
        self.stamp = root / ".installed"
        self.stamp.touch()  # the environment is that of the tests: nothing to install

    def command(self, target: str = "html") -> list[str]:
        """Return the command of docs/Makefile that builds it."""
        folders = {
            "DOCS": self.docs,
            "SITE": self.site,
            "DOCTREES": self.docs.parent / "doctrees",
            "VENV": Path(sys.prefix),
            "STAMP": self.stamp,
        }
        settings = [f"{name}={folder}" for name, folder in folders.items()]
        return ["make", "-s", "-f", str(ROOT / "docs" / "Makefile"), target, *settings]

    def build(
        self, target: str = "html", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Build it."""
        return subprocess.run(
            self.command(target),
            env={**self.environment(), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @staticmethod
    def environment() -> dict[str, str]:
        """Return the environment that docs/Makefile sets."""
        settings = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg", "NO_COLOR": "1"}
        return {**os.environ, **settings}

    def contents(self) -> dict[str, bytes]:
        """Return what was built, without Sphinx's own memory of it."""
        files = {
            path.relative_to(self.site).as_posix(): path
            for path in sorted(self.site.rglob("*"))
            if path.is_file()
        }
        return {name: _bytes_of(path) for name, path in files.items()}


def _bytes_of(path: Path) -> bytes:
    """Return what a file says, without the times and the order of what is in it."""
    if path.suffix == ".zip":
        with ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    if path.name == "searchindex.js":
        text = path.read_text("utf-8").removeprefix("Search.setIndex(").rstrip(")")
        return json.dumps(_without_empty(json.loads(text)), sort_keys=True).encode()
    return path.read_bytes()


def _without_empty(index: dict[str, Any]) -> dict[str, Any]:
    """Leave out words that an index remembers from a page that lost them."""
    terms = {"terms", "titleterms"}
    return {
        key: {word: pages for word, pages in value.items() if pages != []}
        if key in terms
        else value
        for key, value in index.items()
    }
