"""Give each page a picture for the previews that other sites make of links to it.

Such previews take no SVG. The scraper saves the figure of a lesson's card once more,
as a PNG of the size that they ask for; pages without figures use that of a lesson.
The words come from sphinxext.opengraph, which is loaded where the site's address is
known: previews need complete addresses.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docutils import nodes
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from catalogue import PICTURES, card_number, copy_to_site, modules, reading_order

SIZE = (1200, 630)
MARGIN = 30


def is_of_card(figure: Path, lesson: Path) -> bool:
    """Say whether a figure is the one that a lesson chose for its card."""
    return figure.stem.endswith(f"_{card_number(lesson):03}")


def save_preview(figure: Figure, path: Path, background: str) -> None:
    """Save a figure as large as it fits into the size of a preview."""
    width, height = figure.get_size_inches()
    room = (SIZE[0] - 2 * MARGIN, SIZE[1] - 2 * MARGIN)
    drawn = io.BytesIO()
    figure.savefig(
        drawn,
        format="png",
        dpi=min(room[0] / width, room[1] / height),
        facecolor=background,
        metadata={"Software": None},
    )
    card = Image.new("RGB", SIZE, background)
    with Image.open(drawn) as image:
        card.paste(image, ((SIZE[0] - image.width) // 2, (SIZE[1] - image.height) // 2))
    description = PngInfo()
    description.add_itxt("Description", str(figure.get_label()))
    reduced = card.quantize(128, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True, pnginfo=description)


def name_preview(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell sphinxext.opengraph which picture to use."""
    docs = Path(app.srcdir)
    lessons = [
        docs / module / script.stem
        for module in modules(docs)
        for script in reading_order(docs / "tutorials" / module)
    ]
    pictures = [
        lesson.parent / "images" / f"sphx_glr_{lesson.name}_card.png"
        for lesson in [docs / pagename, *lessons]
    ]
    picture = next((path for path in pictures if path.is_file()), None)
    if doctree is None or picture is None:  # no text, or the lessons were not run
        return
    with Image.open(picture) as image:
        description = image.info["Description"]
    context["meta"] = {
        **(context.get("meta") or {}),
        "og:image": f"{PICTURES}/{picture.parent.parent.name}/{picture.name}",
        "og:image:width": str(SIZE[0]),
        "og:image:height": str(SIZE[1]),
        "og:image:alt": str(description),
    }


def copy_previews(app: Sphinx, exception: Exception | None) -> None:
    """Put the previews beside the site's pictures."""
    copy_to_site(app, exception, "*_card.png", ".png")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers, one before that of sphinxext.opengraph."""
    app.connect("html-page-context", name_preview, priority=400)
    app.connect("build-finished", copy_previews)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
