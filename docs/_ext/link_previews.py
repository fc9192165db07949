"""Give each page a picture for the previews that other sites make of links to it.

Such previews take no SVG. The scraper saves the figure of a lesson's card once more,
as a PNG of the size that they ask for; pages without figures use that of a lesson.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from matplotlib.figure import Figure
from PIL import Image
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx_gallery.py_source_parser import extract_file_config

from gallery_videos import copy_beside_pictures

SIZE = (1200, 630)
MARGIN = 30
# The lesson whose picture stands for pages that have none.
DEFAULT_PAGE = "basics/attention"
# Pages to which Sphinx gives no title.
UNTITLED = {"genindex": "Index", "search": "Search"}
# What a description may be long; sites that show it cut it near there.
LONGEST_DESCRIPTION = 300
# Previews need complete addresses; where the site will stand is not always known.
PREVIEW_TAGS = re.compile(r'<meta (property="og:|name="twitter:)[^>]*>\s*')
# What a page's own ".. meta::" became.
WRITTEN_DESCRIPTION = re.compile(r'<meta content="([^"]*)" name="description"')


def is_of_card(figure: Path, lesson: Path) -> bool:
    """Say whether a figure is the one that a lesson chose for its card."""
    config = extract_file_config(lesson.read_text("utf-8"))
    number = config.get("thumbnail_number", 1)
    return figure.stem.endswith(f"_{number:03}")


def save_preview(figure: Figure, picture: Path, background: str) -> None:
    """Save a figure as large as it fits into the size of a preview."""
    for old in picture.parent.glob(re.sub(r"_\d+$", "_*", picture.stem) + "_card.png"):
        old.unlink()
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
    card.quantize(128, dither=Image.Dither.NONE).save(
        picture.with_name(f"{picture.stem}_card.png"), optimize=True
    )


def name_preview(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell sphinxext.opengraph which picture and which words to use."""
    written = WRITTEN_DESCRIPTION.search(context.get("metatags", ""))
    if written:
        description = unescape(written[1])
    else:
        title = context.get("title") or UNTITLED.get(pagename, pagename)
        description = describe(title, doctree)
    if description and not written:
        tag = f'<meta name="description" content="{escape(description)}" />\n'
        context["metatags"] = context.get("metatags", "") + tag
    if doctree is None:
        return
    meta = context["meta"] = dict(context.get("meta") or {})
    if description:
        meta["og:description"] = escape(description)
    picture = picture_of(app, pagename) or picture_of(app, DEFAULT_PAGE)
    if picture is None:  # the lessons were not run
        return
    meta["og:image"] = f"_images/{picture.name}"
    meta["og:image:width"], meta["og:image:height"] = map(str, SIZE)
    meta["og:image:alt"] = description_of(app, picture)


def describe(title: str, doctree: nodes.document | None) -> str:
    """Return whole sentences from the first paragraph, or say what the page is."""
    paragraph = next(_paragraphs(doctree), None) if doctree else None
    if paragraph is None:
        return f"{_without_tags(title)}, a page of Neural Networks: The Basics."
    return first_sentences(" ".join(paragraph.astext().split()))


def _paragraphs(doctree: nodes.document) -> Iterator[nodes.paragraph]:
    """Give the paragraphs that say what a page is about; notes and cards do not."""
    text = doctree.next_node(addnodes.desc_content) or doctree
    for paragraph in text.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section | addnodes.desc_content):
            yield paragraph


def first_sentences(text: str) -> str:
    """Return as many whole sentences as a description may be long, at least one."""
    sentences = re.split(r"(?<=[.?:]) ", text)
    taken = sentences[0]
    for sentence in sentences[1:]:
        if len(taken) + len(sentence) >= LONGEST_DESCRIPTION:
            break
        taken += f" {sentence}"
    return taken


def _without_tags(title: str) -> str:
    return re.sub(r"<[^>]+>", "", title)


def picture_of(app: Sphinx, page: str) -> Path | None:
    """Return the preview of a lesson, or None if the page has none."""
    folder = Path(app.srcdir, page).parent / "images"
    return next(folder.glob(f"sphx_glr_{Path(page).name}_[0-9]*_card.png"), None)


def description_of(app: Sphinx, picture: Path) -> str:
    """Return the alternative text of the figure that a preview shows."""
    svg = picture.name.replace("_card.png", ".svg")
    lesson = re.sub(r"^sphx_glr_|_\d+_card\.png$", "", picture.name)
    page = picture.parent.parent.relative_to(app.srcdir) / lesson
    for image in app.env.get_doctree(page.as_posix()).findall(nodes.image):
        if image["uri"].endswith(svg):
            return str(image["alt"])
    return str(app.env.titles[page.as_posix()].astext())


def copy_previews(app: Sphinx, exception: Exception | None) -> None:
    """Put the previews beside the site's pictures."""
    if exception is None:
        copy_beside_pictures(app, "*_card.png")


def leave_out_previews(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Take the tags of previews out where the site's address is not known."""
    if not app.config.html_baseurl:
        context["metatags"] = PREVIEW_TAGS.sub("", context.get("metatags", ""))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers before and behind that of sphinxext.opengraph."""
    app.connect("html-page-context", name_preview, priority=400)
    app.connect("html-page-context", leave_out_previews, priority=900)
    app.connect("build-finished", copy_previews)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
