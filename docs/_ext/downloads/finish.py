"""Finish what readers download, when the site is built.

Sphinx-Gallery has made a notebook, a script and a zip of each lesson. Here they get
what they need to run on any machine, in the place where the site has them.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils.nodes import make_id
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

from catalogue import modules, reading_order
from downloads.archives import (
    notebook_file,
    script_file,
    site_files,
    supplies,
    write_zip,
)
from downloads.wheel import FOLDER, Package, build_package, publish
from minutes import said
from notebooks import lesson_blocks, lesson_notebook
from running import stop_build


def finish_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Write the wheel, the lessons and the zips into the site."""
    if exception is not None or app.builder.format != "html":
        return
    package = build_package(Path(app.srcdir).parent)
    publish(package, app)
    try:
        for module in modules(Path(app.srcdir)):
            publish_module(app, module, package)
    except ExtensionError as error:
        stop_build(str(error))
    publish_site(app, package)


def publish_module(app: Sphinx, module: str, package: Package) -> None:
    """Write the lessons of a module, each alone and in a zip, and the zip of all."""
    scripts = reading_order(Path(app.srcdir, "tutorials", module))
    together: dict[str, bytes] = {}
    for script in scripts:
        name, page = script.stem, f"{module}/{script.stem}"
        alone = lesson_files(app, script, package, app.config.html_baseurl)
        for file, content in alone.items():
            linked(app, page, file).write_bytes(content)
        in_zip = lesson_files(app, script, package)
        others = supplies(package, start=name, about=about(app, page))
        write_zip(linked(app, page, f"{name}.zip"), in_zip | others)
        together |= in_zip
    others = supplies(
        package, start=scripts[0].stem, about=about(app, f"{module}/index")
    )
    path = Path(app.outdir, "downloads", f"{module}.zip")
    write_zip(path, together | others)


def about(app: Sphinx, page: str) -> str:
    """Say what a page is, and where, if that is known."""
    title = f"{app.env.titles[page].astext()}, from {app.config.project}."
    site = app.config.html_baseurl
    return f"{title}\n{site}{page}.html" if site else title


def lesson_files(
    app: Sphinx, script: Path, package: Package, site: str = ""
) -> dict[str, bytes]:
    """Return a lesson as a notebook and as a script, which name where pip looks.

    The notebook is made anew: Sphinx-Gallery's is as old as the last run of the lesson,
    and may have another address of the site in its links.
    """
    source = package.source(site)
    time = said(app.env, f"{script.parent.name}/{script.stem}")
    notebook = lesson_notebook(
        lesson_blocks(script, time),
        app.config.sphinx_gallery_conf,
        str(script.parent),
        app.config.html_baseurl.rstrip("/"),
    )
    text = script.read_text("utf-8")
    return {
        f"{script.stem}.ipynb": notebook_file(notebook, source),
        script.name: script_file(text, package, source, app.config.project, time),
    }


def linked(app: Sphinx, page: str, name: str) -> Path:
    """Return the file that a page of the site offers under a name."""
    path = Path(app.outdir, f"{page}.html")
    link = re.search(
        rf'href="([^":]*_downloads/[^"]*/{re.escape(name)})"', path.read_text("utf-8")
    )
    if link is None:
        raise ExtensionError(
            f"{path}: expected a link to _downloads/.../{name}, found none. "
            "Sphinx-Gallery writes it: teach docs/_ext/downloads/finish.py its form."
        )
    return path.parent / link[1]


def publish_site(app: Sphinx, package: Package) -> None:
    """Write the zip of the whole site, for reading it offline."""
    site = Path(app.outdir)
    archive = site / "downloads" / f"{make_id(app.config.project)}.zip"
    old = set((site / FOLDER).rglob("*.whl")) - {site / package.place}
    write_zip(archive, site_files(site, left_out={archive, *old}))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler; the number puts it behind all that write into the site."""
    app.connect("build-finished", finish_downloads, priority=2000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
