"""The modules of lessons, read from the lessons' own headers, and their cards.

A module is a folder of docs/tutorials. Comments in a lesson say what it is:
``# sphinx_gallery_order`` is its place in the module,
``# sphinx_gallery_thumbnail_number`` the figure of its card, and
``# sphinx_gallery_lesson = False`` says that a page, such as that of the solutions, is
no lesson.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx_gallery.py_source_parser import extract_file_config

PICTURES = "_images"  # where Sphinx puts those of the site


def modules(docs: Path) -> list[str]:
    """Return the names of the modules: folders with a heading for their page."""
    headings = docs.glob("tutorials/*/GALLERY_HEADER.rst")
    return sorted(heading.parent.name for heading in headings)


def header(script: Path) -> dict[str, Any]:
    """Return what the comments of a lesson say, by the names behind sphinx_gallery_."""
    config: dict[str, Any] = extract_file_config(script.read_text("utf-8"))
    return config


def card_number(script: Path) -> int:
    """Return the number of the figure that a lesson chose for its card, from 1."""
    number: int = header(script).get("thumbnail_number", 1)
    if number < 1:
        raise ExtensionError(
            f"{script.name}: sphinx_gallery_thumbnail_number must be 1 or more, the "
            f"number of a figure of the page, got {number}"
        )
    return number


def reading_order(folder: Path) -> list[Path]:
    """Return the scripts of a module, in the order of their pages."""
    return sorted(folder.glob("*.py"), key=lambda script: ReadingOrder()(script))


class ReadingOrder:
    """What Sphinx-Gallery sorts the scripts of a folder by."""

    def __init__(self, folder: str | Path = "") -> None:
        self.folder = Path(folder)

    def __call__(self, name: str | Path) -> tuple[int, str]:
        """Return the place of a script; the name decides where none is given."""
        script = self.folder / name
        place = header(script).get("order", 1000) if script.is_file() else 1000
        return place, script.name


def lessons(folder: Path) -> list[str]:
    """Return the names of the lessons of a module, in reading order."""
    scripts = reading_order(folder)
    return [script.stem for script in scripts if header(script).get("lesson", True)]


class LessonCard(SphinxDirective):
    """``.. lesson-card:: basics/attention`` with a title and a sentence.

    The picture is the lesson's thumbnail, in the form for each theme. It has no
    alternative text, since the title beside it says where the link leads.
    """

    required_arguments = 1
    has_content = True
    option_spec = {"title": str}  # noqa: RUF012 - docutils' interface

    def run(self) -> list[nodes.Node]:
        """Return the card."""
        page = Path(self.arguments[0])
        card = nodes.container(classes=["lesson-card"])
        card += self._thumbnails(page)
        title, _ = self.parse_inline(f":doc:`{self.options['title']} </{page}>`")
        card += nodes.paragraph("", "", *title, classes=["lesson-card-title"])
        minutes, _ = self.parse_inline(f":minutes:`{page}`")
        minutes.append(nodes.inline(exercises_of=str(page)))  # exercises.py fills it
        card += nodes.paragraph("", "", *minutes, classes=["lesson-card-minutes"])
        card += self.parse_content_to_nodes()
        return [card]

    def _thumbnails(self, page: Path) -> list[nodes.Node]:
        folder = f"/{page.parent.as_posix()}/images/thumb"
        return [
            nodes.image(
                uri=f"{folder}/sphx_glr_{page.name}_{form}.svg", alt="", classes=[theme]
            )
            for form, theme in (("thumb", "only-light"), ("thumb_dark", "only-dark"))
        ]


def save_dark_thumbnails(app: Sphinx) -> None:
    """Put the dark form of the figure that became a lesson's thumbnail beside it."""
    docs = Path(app.srcdir)
    for module in modules(docs):
        images = docs / module / "images"
        for script in reading_order(docs / "tutorials" / module):
            name = f"sphx_glr_{script.stem}"
            figure = images / f"{name}_{card_number(script):03}_dark.svg"
            target = images / "thumb" / f"{name}_thumb_dark.svg"
            # Sphinx reads pages again whose pictures were written again.
            if figure.is_file() and not (
                target.is_file() and target.read_bytes() == figure.read_bytes()
            ):
                shutil.copyfile(figure, target)


def depend_on_headers(app: Sphinx, docname: str, source: list[str]) -> None:
    """Read a page of a module again when the header of any of its lessons changed."""
    for script in reading_order(Path(app.srcdir, "tutorials", docname).parent):
        app.env.note_dependency(str(script))


def copy_to_site(
    app: Sphinx, exception: Exception | None, pattern: str, *endings: str
) -> None:
    """Copy what lessons made, and Sphinx does not know, beside the site's pictures.

    Of each file that fits the pattern those with the given endings are copied.
    """
    if exception is not None or app.builder.format != "html":
        return
    for module in modules(Path(app.srcdir)):
        target = Path(app.outdir, PICTURES, module)
        for file in Path(app.srcdir, module, "images").glob(pattern):
            target.mkdir(parents=True, exist_ok=True)
            for ending in endings:
                made = file.with_suffix(ending)
                shutil.copyfile(made, target / made.name)


class ThumbnailsInBothThemes(SphinxTransform):
    """Put the dark form of each thumbnail in Sphinx-Gallery's lists beside it."""

    default_priority = 100

    def apply(self, **kwargs: Any) -> None:  # noqa: ARG002 - docutils' interface
        """Change the page."""
        for image in list(self.document.findall(nodes.image)):
            if image["uri"].endswith("_thumb.svg") and not image["classes"]:
                dark = image.copy()
                dark["uri"] = image["uri"].replace("_thumb.svg", "_thumb_dark.svg")
                image["classes"], dark["classes"] = ["only-light"], ["only-dark"]
                image.parent.insert(image.parent.index(image) + 1, dark)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the parts; the number puts the handler behind Sphinx-Gallery's own."""
    app.add_transform(ThumbnailsInBothThemes)
    app.add_directive("lesson-card", LessonCard)
    app.connect("builder-inited", save_dark_thumbnails, priority=900)
    app.connect("source-read", depend_on_headers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
