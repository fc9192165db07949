"""Let a site look whole only if it is.

While a build runs, and after one that failed or was interrupted, the front page says
so. The true front page is put in its place when everything else is there.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError

from build_stops import stop_build

UNFINISHED = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>This site is not finished</title></head>
<body>
<h1>This site is not finished</h1>
<p>Its build is still running, or it failed. Run <code>make -C docs html</code>, and
read what it says.</p>
</body>
</html>
"""
MEGABYTE = 2**20


class SiteBuilder(StandaloneHTMLBuilder):
    """Sphinx's own builder, but that the front page waits beside its place."""

    def get_output_path(self, page_name: str, /) -> Path:
        """Return where a page is written to."""
        path = super().get_output_path(page_name)
        return waiting(path) if page_name == self.config.root_doc else path


def front_page(app: Sphinx) -> Path:
    """Return the place of the front page."""
    return Path(app.outdir, f"{app.config.root_doc}.html")


def waiting(page: Path) -> Path:
    """Return where the front page waits until the site is whole."""
    return page.with_name(f"{page.name}.waiting")


def begin(app: Sphinx) -> None:
    """Mark the site as unfinished, before anything else is written."""
    if app.builder.format != "html":
        return
    page = front_page(app)
    app.env.site_was_whole = is_whole(page)  # type: ignore[attr-defined]
    require_space(Path(app.outdir), app.config.site_megabytes)
    try:
        waiting(page).unlink(missing_ok=True)
        page.write_text(UNFINISHED, "utf-8")
    except OSError as error:
        stop_build(
            f"{error.strerror}: {error.filename}. The folder of the site must be one "
            "that you may write to: change its owner or its permissions, or name "
            "another folder."
        )


def is_whole(page: Path) -> bool:
    """Say whether the build before this one came to its end."""
    return page.is_file() and page.read_text("utf-8") != UNFINISHED


def require_space(folder: Path, megabytes: int) -> None:
    """Stop if a disk has less room than the site needs."""
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        stop_build(
            f"No space left on device: the site needs {megabytes} MB, and {folder} has "
            f"{free} MB left. Free some, or name a folder on another disk."
        )


def read_again(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> list[str]:
    """Read and write every page again after a build that was not finished.

    Sphinx would leave out the pages that it read then, and with them their warnings.
    """
    return [] if getattr(env, "site_was_whole", True) else sorted(env.found_docs)


def put_in_place(app: Sphinx, exception: Exception | None) -> None:
    """Put the front page in its place, where the handlers that follow look for it."""
    page = front_page(app)
    if exception is None and waiting(page).is_file():
        waiting(page).replace(page)


def take_back(app: Sphinx, exception: Exception | None) -> None:
    """Mark the site as unfinished again if anything went wrong."""
    if app.builder.format != "html":
        return
    page = front_page(app)
    has_warnings = app._fail_on_warnings and app._warncount
    if exception is not None or has_warnings or app.statuscode:
        waiting(page).unlink(missing_ok=True)
        if is_whole(page):
            # Away first: on a full disk there may be no room for another page.
            page.unlink()
            page.write_text(UNFINISHED, "utf-8")
    if isinstance(exception, SphinxError | OSError):
        stop_build(str(exception))


def setup(app: Sphinx) -> dict[str, Any]:
    """Put the builder in the place of Sphinx's own, and connect first and last."""
    app.add_builder(SiteBuilder, override=True)
    app.add_config_value("site_megabytes", 50, "", types=int)
    app.connect("builder-inited", begin, priority=0)
    app.connect("env-get-outdated", read_again)
    app.connect("build-finished", put_in_place, priority=0)
    app.connect("build-finished", take_back, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
