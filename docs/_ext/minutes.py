"""How long a page takes to read, counted on the page itself, and where that is said.

The time of a lesson is that of its main line, and beside it that of the sections that
go deeper, which can be left out. Exercises are not counted. No number stands in the
sources: page, cards, notebook and script all take theirs from here.
"""

from __future__ import annotations

import html
import re
from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from catalogue import lessons

logger = logging.getLogger(__name__)

# What the heading of a section begins with that can be left out.
DEEPER = "Going deeper: "
EXERCISES = re.compile(r"\W*exercises?\b", re.IGNORECASE)

# Seconds; a video takes as long as it is.
WORD = 60 / 200
CODE_LINE, OUTPUT_LINE = 3, 1
FIGURE, INTERACTIVE_FIGURE = 20, 60

# Sphinx-Gallery's own notes and links.
NOT_READ = {"sphx-glr-download-link-note", "sphx-glr-footer"}
NO_WORDS = (nodes.math, nodes.math_block, nodes.comment, nodes.substitution_definition)
VIDEO = re.compile(r'<div class="video only-light">.*data-seconds="([\d.]+)"', re.S)
SOURCE = re.compile(r'"[^"]*\bnnbasics-source".*?<pre[^>]*>(.*)</pre>', re.S)
TAG = re.compile(r"<[^>]*>")

# A picture of a card, in its light form.
CARD = re.compile(r"/sphx_glr_(.+)_thumb\.svg$")

# The underlined title of a lesson, and its first paragraph.
INTRODUCTION = re.compile(r'^=+\n\n(?:(?!""").+(?:\n|\Z))+', re.MULTILINE)


def goes_deeper(node: nodes.Node) -> bool:
    """Say whether a node is a section that can be left out."""
    return isinstance(node, nodes.section) and _heading(node).startswith(DEEPER)


def _heading(section: nodes.section) -> str:
    title: str = section.next_node(nodes.title).astext()
    return title


def seconds(node: nodes.Node, *, depth: bool = True) -> float:
    """Return how long a part of a page takes; if not `depth`, its main line alone."""
    match node:
        case nodes.section() if EXERCISES.match(_heading(node)):
            return 0
        case nodes.section() if not depth and goes_deeper(node):
            return 0
        case nodes.literal_block() if "sphx-glr-script-out" in node["classes"]:
            return OUTPUT_LINE * len(_lines(node.astext()))
        case nodes.literal_block():
            return CODE_LINE * _lines_of_code(node.astext())
        case nodes.image():
            return 0 if "only-dark" in node["classes"] else FIGURE
        case nodes.raw():
            return _seconds_of_html(node.astext())
        case nodes.TextElement():
            return WORD * len(_words(node).split())
        case nodes.Element() if not NOT_READ & {*node["classes"]}:
            return sum(seconds(child, depth=depth) for child in node.children)
    return 0


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _lines_of_code(text: str) -> int:
    return sum(not line.startswith("#") for line in _lines(text))


def _words(node: nodes.TextElement) -> str:
    if isinstance(node, NO_WORDS):
        return ""
    return "".join(
        child.astext() if isinstance(child, nodes.Text) else _words(child)
        for child in node.children
    )


def _seconds_of_html(text: str) -> float:
    """Return how long it takes to look at what the scraper or a cell's result wrote."""
    if video := VIDEO.search(text):
        return float(video[1])
    if source := SOURCE.search(text):
        return CODE_LINE * _lines_of_code(html.unescape(TAG.sub("", source[1])))
    return INTERACTIVE_FIGURE * text.count('class="nnbasics-explorer"')


def whole(time: float) -> int:
    """Return seconds as minutes, at least one."""
    return max(1, round(time / 60))


def in_words(minutes: int) -> str:
    """Return a number of minutes with its unit."""
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def time_of(env: BuildEnvironment, page: str) -> tuple[int, int]:
    """Return the minutes of a page, of its main line and of its depth."""
    time: tuple[int, int] = env.metadata[page].get("minutes", (0, 0))
    return time


def said(env: BuildEnvironment, page: str) -> str:
    """Say how long a page takes; nothing if it is not counted."""
    main, depth = time_of(env, page)
    more = f", and {depth} more with all that goes deeper" if depth else ""
    return f"{in_words(main)}{more}; exercises not counted." if main else ""


def with_time(text: str, time: str) -> str:
    """Put the time into a lesson's script, or into its first text, where pages say it.

    It stands under the first paragraph.
    """
    if not time:
        return text
    return INTRODUCTION.sub(rf"\g<0>\n**Time**: {time}\n", text, count=1)


def count(app: Sphinx, doctree: nodes.document) -> None:
    """Count the minutes of a page when it is read; a lesson says them.

    Later, when links are put into code, its lines cannot be counted any more.
    """
    deeper = [*doctree.findall(goes_deeper)]
    for section in deeper:
        section["minutes"] = whole(seconds(section))
    page = app.env.docname
    if not is_lesson(app.env, page):
        return
    main = whole(seconds(doctree, depth=False))
    depth = sum(section["minutes"] for section in deeper)
    app.env.metadata[page]["minutes"] = main, depth
    introduction = doctree.next_node(nodes.title).parent.next_node(nodes.paragraph)
    line = nodes.paragraph("", "", nodes.strong("", "Time"))
    line += nodes.Text(f": {said(app.env, page)}")
    introduction.parent.insert(introduction.parent.index(introduction) + 1, line)


def is_lesson(env: BuildEnvironment, page: str) -> bool:
    """Say whether a page is a lesson of a module."""
    folder = Path(env.srcdir, "tutorials", page).parent
    return PurePosixPath(page).name in lessons(folder)


class MinutesRole(SphinxRole):
    """``:minutes:`basics/attention``` says how long the main line of a lesson takes.

    With the name of a module, it says how long those of all its lessons take.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return what is filled when all pages have been read."""
        folder = Path(self.env.srcdir, "tutorials")
        found = lessons(folder / self.text)
        pages = [f"{self.text}/{name}" for name in found] or [self.text]
        for page in pages:
            self.env.note_dependency(str(folder / f"{page}.py"))
        return [minutes_of(pages)], []


def minutes_of(pages: list[str]) -> nodes.inline:
    """Return what is filled with the minutes of lessons."""
    return nodes.inline("", "", classes=["minutes"], pages=pages)


def put_on_cards(app: Sphinx, doctree: nodes.document) -> None:
    """Put the minutes on the cards that Sphinx-Gallery makes for a module's page."""
    module, _, page = app.env.docname.rpartition("/")
    if page != "index":
        return
    for image in doctree.findall(nodes.image):
        card = CARD.search(image["uri"])
        if card and is_lesson(app.env, lesson := f"{module}/{card[1]}"):
            solved = nodes.inline(exercises_of=lesson)  # exercises.py fills it
            image.parent += nodes.paragraph(
                "", "", minutes_of([lesson]), solved, classes=["lesson-card-minutes"]
            )


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Say the minutes wherever a page asks for them."""
    for node in doctree.findall(nodes.inline):
        if "pages" in node:
            times = [time_of(app.env, page)[0] for page in node["pages"]]
            if not all(times):
                logger.warning("no lesson %s", node["pages"], location=docname)
            node += nodes.Text(in_words(sum(times)))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the role, and connect the handlers."""
    app.add_role("minutes", MinutesRole())
    app.connect("doctree-read", count)
    app.connect("doctree-read", put_on_cards)
    app.connect("doctree-resolved", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
