"""What pages load, and mends of the theme's pages that need more than a style sheet.

In a notebook an interactive figure carries its script. On the site that would be a
script inside the page, which a strict content security policy forbids, and which no
browser could keep for the next page: here it is a file.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from nnbasics.explorers._element import TITLES, script

# Extensions add their files to every page. One that is named here stays where its mark
# is found in the page.
CODE, FRONT_FIGURE = '<div class="highlight', '<figure class="front-figure"'
MARKS = {
    "clipboard.min.js": CODE,
    "copybutton.css": CODE,
    "copybutton.js": CODE,
    "exercises.js": "data-exercises",
    "figures.js": 'class="nnbasics-explorer"',
    "folding.js": '<details class="deeper"',
    "front_figure.css": FRONT_FIGURE,
    "front_figure.js": FRONT_FIGURE,
    "sg-tags.js": "sphx-glr-tag",
    "sg_gallery-binder.css": "binder-badge",
    "sg_gallery-dataframe.css": 'class="dataframe"',
    "sg_gallery-rendered-html.css": "rendered_html",
    "sg_gallery.css": "sphx-glr-",
    "katex.min.css": 'class="katex',
}

# The first line of a bundle names what is in it, so that it can be made again.
FIRST_LINE = re.compile(r"/\* (?P<files>.+) \*/\n")
SOURCE_MAP = re.compile(r"^(/\*|//)# sourceMappingURL=.*$", re.MULTILINE)
RELATIVE_ADDRESS = re.compile(r"""url\((?P<quote>["']?)(?![a-z]+:|[/#"'])""")

# Sphinx writes this once more; the theme's own stands first.
SECOND_VIEWPORT = re.compile(r'<meta name="viewport" [^>]*>\s*')
# What `show_source` sends along for Jupyter; here the page's style sheet does it.
STYLE_IN_PAGE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
# Names, punctuation and white space in code have the colour of the text around them: a
# browser has fewer boxes to lay out without.
PLAIN_WORD = re.compile(r'<span class="[npw]">([^<]*)</span>')
# The numbers of an interactive figure; few stay in the page.
NUMBERS = re.compile(r"(<nnbasics-[^<>]* )data='([^']{4000,})'")


def mend_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> str:
    """Leave out files that a page does not use, and what stands in it twice.

    Pages that use the same files share a bundle. Returns the name of the template.
    """
    body = context.get("body", "")
    for files, ending in (("css_files", "css"), ("script_files", "js")):
        used = [file for file in context[files] if is_used(file, body)]
        context[files] = bundled(Path(app.outdir), used, ending)
    context["metatags"] = SECOND_VIEWPORT.sub("", context.get("metatags", ""))
    body = PLAIN_WORD.sub(r"\1", STYLE_IN_PAGE.sub("", body))
    context["body"] = NUMBERS.sub(partial(in_a_file, Path(app.outdir)), body)
    # The captions of the site's contents are headings without a level.
    context["furo_navigation_tree"] = context.get("furo_navigation_tree", "").replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    context["page_template"] = templatename
    return "whole.html"


def in_a_file(site: Path, figure: re.Match[str]) -> str:
    """Write a figure's numbers into a script, which figures.js fetches with its own."""
    numbers = json.dumps(html.unescape(figure[2]))
    name = f"{hashlib.sha256(numbers.encode()).hexdigest()[:8]}.js"
    folder = site / "_static" / "numbers"
    folder.mkdir(exist_ok=True)
    give = f"figure => figure.setAttribute('data', {numbers})"
    script = (
        f"document.querySelectorAll('[data-numbers=\"{name}\"]').forEach({give});\n"
    )
    (folder / name).write_text(script, "utf-8")
    return f'{figure[1]}data-numbers="{name}"'


def is_used(file: Any, body: str) -> bool:
    """Say whether a page with this body needs a file."""
    return MARKS.get(PurePosixPath(file.filename or "").name, "") in body


def bundled(site: Path, files: list[Any], ending: str) -> list[Any]:
    """Put files together, so that a browser fetches one file instead of ten."""
    parts = [file for file in files if can_be_bundled(file)]
    if not parts:
        return files
    names = [PurePosixPath(file.filename).as_posix() for file in parts]
    # No script of the site is needed before the page stands.
    how = {"defer": "defer"} if ending == "js" else parts[0].attributes
    bundle = type(parts[0])(write_bundle(site, names, ending), **how)
    return [bundle, *(file for file in files if file not in parts)]


def can_be_bundled(file: Any) -> bool:
    """Say whether a file is the site's own and is loaded like most others."""
    usual = {"rel": "stylesheet", "type": "text/css"}
    own = PurePosixPath(file.filename or "").parts[:1] == ("_static",)
    return own and file.attributes in ({}, usual)


def write_bundle(site: Path, names: list[str], ending: str) -> str:
    """Put files together; return the name of the bundle, which its files decide."""
    listed = " ".join(names)
    digest = hashlib.sha256(listed.encode()).hexdigest()[:8]
    bundle = f"_static/bundle-{digest}.{ending}"
    parts = [f"/* {listed} */", *(read_part(site, name) for name in names)]
    (site / bundle).write_text("\n".join(parts) + "\n", "utf-8")
    return bundle


def read_part(site: Path, name: str) -> str:
    """Read a file; make the addresses in it relative to the folder of the bundles."""
    text = SOURCE_MAP.sub("", (site / name).read_text("utf-8")).strip()
    folder = PurePosixPath(name).parent.relative_to("_static").as_posix()
    if name.endswith(".css") and folder != ".":
        text = RELATIVE_ADDRESS.sub(rf"url(\g<quote>{folder}/", text)
    return text


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the scripts of interactive figures; make all bundles again, at the end.

    The theme writes the dark colours of code into a file as its last step, and a page
    that was not written anew may use a file that changed.
    """
    if exception is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    explorers = site / "_static" / "explorers"
    explorers.mkdir(exist_ok=True)
    for kind in TITLES:
        (explorers / f"{kind}.js").write_text(script(kind), "utf-8")
    pages = "".join(page.read_text("utf-8") for page in site.rglob("*.html"))
    for path in (site / "_static" / "numbers").glob("*"):
        if path.name not in pages:  # those of a page as it was
            path.unlink()
    for path in (site / "_static").glob("bundle-*"):
        if first := FIRST_LINE.match(path.read_text("utf-8")):
            write_bundle(site, first["files"].split(" "), path.suffix[1:])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers; the number puts one behind the theme's own."""
    app.add_css_file("katex/katex.min.css")
    app.connect("html-page-context", mend_page, priority=900)
    app.connect("build-finished", write_files, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
