"""Give each page one style sheet and one script, with what the page uses and no more.

Extensions add their files to every page. A file that is named in `MARKS` stays where
its mark is found in the page. The files that stay are put together into a bundle, so
that a browser fetches one file instead of ten. Pages that use the same files share a
bundle.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

CODE = '<div class="highlight'

MARKS = {
    "clipboard.min.js": CODE,
    "copybutton.css": CODE,
    "copybutton.js": CODE,
    "sg-tags.js": "sphx-glr-tag",
    "sg_gallery-binder.css": "binder-badge",
    "sg_gallery-dataframe.css": 'class="dataframe"',
    "sg_gallery-rendered-html.css": "rendered_html",
    "sg_gallery.css": "sphx-glr-",
}

# The first line of a bundle names what is in it, so that it can be made again.
FIRST_LINE = re.compile(r"/\* (?P<files>.+) \*/\n")
SOURCE_MAP = re.compile(r"^(/\*|//)# sourceMappingURL=.*$", re.MULTILINE)
RELATIVE_ADDRESS = re.compile(r"""url\((?P<quote>["']?)(?![a-z]+:|[/#"'])""")


def use_bundles(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Exchange the lists from which the theme's template makes its tags."""
    body = context.get("body", "")
    for files, ending in (("css_files", "css"), ("script_files", "js")):
        used = [file for file in context[files] if is_used(file, body)]
        bundled = [file for file in used if can_be_bundled(file)]
        if bundled:
            names = [PurePosixPath(file.filename).as_posix() for file in bundled]
            bundle = write_bundle(Path(app.outdir), names, ending)
            first = bundled[0]
            others = [file for file in used if file not in bundled]
            used = [type(first)(bundle, **first.attributes), *others]
        context[files] = used


def is_used(file: Any, body: str) -> bool:
    """Say whether a page with this body needs a file."""
    return MARKS.get(PurePosixPath(file.filename or "").name, "") in body


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


def refresh_bundles(app: Sphinx, exception: Exception | None) -> None:
    """Make all bundles again, with what the files hold at the end of the build.

    The theme writes the dark colours of code into a file as its last step, and a page
    that was not written anew may use a file that changed.
    """
    if exception is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for path in (site / "_static").glob("bundle-*"):
        first = FIRST_LINE.match(path.read_text("utf-8"))
        if first:
            write_bundle(site, first["files"].split(" "), path.suffix[1:])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers behind those that add files, and that rewrite them."""
    app.connect("html-page-context", use_bundles, priority=900)
    app.connect("build-finished", refresh_bundles, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
