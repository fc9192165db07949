"""Finish what readers download, when the site is built.

Sphinx-Gallery has made a notebook, a script and a zip of each lesson. Here they get
what they need to run on any machine, in the place where the site has them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from catalogue import reading_order
from gallery_notebooks import lesson_blocks, lesson_notebook
from lesson_archives import readme, site_files, supplies, write_zip
from lesson_setup import add_to_notebook, add_to_script, title_of
from package_wheel import Package, build_package, publish, wheels_address

FOLDER = "downloads"


@dataclass(frozen=True)
class Lesson:
    """A lesson as it is downloaded."""

    name: str
    title: str
    notebook: bytes
    script: bytes

    @property
    def files(self) -> dict[str, bytes]:
        """The files, by name."""
        return {f"{self.name}.ipynb": self.notebook, f"{self.name}.py": self.script}


def finish_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Write the wheel, the lessons and the zips into the site."""
    if exception is not None or app.builder.format != "html":
        return
    package = build_package(Path(app.srcdir).parent)
    publish(package, Path(app.outdir), app.config.html_baseurl, app.config.project)
    for gallery in app.config.sphinx_gallery_conf["gallery_dirs"]:
        lessons = finished_lessons(app, gallery, package)
        for lesson in lessons:
            publish_lesson(app, gallery, lesson, package)
        publish_module(app, gallery, lessons, package)
    publish_site(app)


def finished_lessons(app: Sphinx, gallery: str, package: Package) -> list[Lesson]:
    """Return the lessons of a module, in reading order."""
    return [
        finished_lesson(app, script, package)
        for script in reading_order(Path(app.srcdir, gallery))
    ]


def finished_lesson(app: Sphinx, script: Path, package: Package) -> Lesson:
    """Return a lesson that finds or installs what it needs.

    The notebook is made anew: Sphinx-Gallery's is as old as the last run of the lesson,
    and may have another address of the site in its links.
    """
    source = script.read_text("utf-8")
    site = app.config.html_baseurl
    blocks = lesson_blocks(script)
    notebook = lesson_notebook(
        blocks, app.config.sphinx_gallery_conf, str(script.parent), site.rstrip("/")
    )
    wheels = wheels_address(site)
    notebook = add_to_notebook(notebook, package, wheels)
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    program = add_to_script(source, script.stem, package, wheels, app.config.project)
    return Lesson(script.stem, title_of(source), text.encode(), program.encode())


def publish_lesson(app: Sphinx, gallery: str, lesson: Lesson, package: Package) -> None:
    """Replace the notebook, the script and the zip that the page links."""
    files = {
        **lesson.files,
        **supplies(package),
        "README.txt": readme(
            package,
            title=f"{lesson.title}: a lesson of {app.config.project}.",
            notebook=f"{lesson.name}.ipynb",
            script=f"{lesson.name}.py",
            page=page_address(app, f"{gallery}/{lesson.name}.html"),
        ),
    }
    for name, content in lesson.files.items():
        published(app, gallery, name).write_bytes(content)
    write_zip(
        published(app, gallery, f"{lesson.name}.zip"),
        {f"{lesson.name}/{name}": content for name, content in files.items()},
    )


def publish_module(
    app: Sphinx, gallery: str, lessons: list[Lesson], package: Package
) -> None:
    """Write the zip of all lessons of a module."""
    files = {
        **supplies(package),
        "README.txt": readme(
            package,
            title=f"All lessons of {app.config.project}.",
            notebook="a notebook",
            script=f"{lessons[0].name}.py",
            page=page_address(app, f"{gallery}/index.html"),
        ),
    }
    for lesson in lessons:
        files |= lesson.files
    name = Path(gallery).name
    write_zip(
        Path(app.outdir, FOLDER, f"{name}.zip"),
        {f"{name}/{file}": content for file, content in files.items()},
    )


def publish_site(app: Sphinx) -> None:
    """Write the zip of the whole site, for reading it offline."""
    site, name = Path(app.outdir), slug(app.config.project)
    archive = site / FOLDER / f"{name}.zip"
    write_zip(archive, site_files(site, name, left_out=[archive]))


def page_address(app: Sphinx, page: str) -> str:
    """Return where a page is hosted, or nothing if that is not known."""
    site = app.config.html_baseurl.rstrip("/")
    return f"{site}/{page}" if site else ""


def published(app: Sphinx, gallery: str, name: str) -> Path:
    """Return where the site has a download."""
    _, place = app.env.dlfiles[Path(gallery, name)]
    return Path(app.outdir, "_downloads", place)


def slug(text: str) -> str:
    """Return a text as a part of the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler; the number puts it behind all that write into the site."""
    app.connect("build-finished", finish_downloads, priority=2000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
