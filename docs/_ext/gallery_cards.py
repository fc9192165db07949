"""The lessons in reading order, and the cards of the front page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx_gallery.sorting import ExplicitOrder

# The lessons in reading order, and the minutes that each takes.
MINUTES = {"xor_network": 15, "attention": 20, "multi_head_attention": 25}
READING_ORDER = ExplicitOrder([f"{lesson}.py" for lesson in (*MINUTES, "solutions")])


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
        page = self.arguments[0]
        minutes = f"{MINUTES[Path(page).name]} minutes"
        card = nodes.container(classes=["lesson-card"])
        card += self._thumbnails(Path(page))
        title, _ = self.parse_inline(f":doc:`{self.options['title']} </{page}>`")
        card += nodes.paragraph("", "", *title, classes=["lesson-card-title"])
        card += nodes.paragraph("", minutes, classes=["lesson-card-minutes"])
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
    """Put the dark form of each figure that became a thumbnail beside it."""
    for gallery in app.config.sphinx_gallery_conf["gallery_dirs"]:
        images = Path(app.srcdir, gallery, "images")
        for thumb in images.glob("thumb/*_thumb.svg"):
            for figure in images.glob("*_[0-9][0-9][0-9].svg"):
                if figure.read_bytes() == thumb.read_bytes():
                    dark = figure.with_name(f"{figure.stem}_dark.svg").read_bytes()
                    target = thumb.with_name(f"{thumb.stem}_dark.svg")
                    # Sphinx reads pages again whose pictures were written again.
                    if not target.is_file() or target.read_bytes() != dark:
                        target.write_bytes(dark)


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
    return {"parallel_read_safe": True, "parallel_write_safe": True}
