"""One build of the site for all tests of the product, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from site_build import ROOT, Build, copy_of_repository, run_sphinx
from site_server import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the whole site once, into a temporary folder.

    With several processes, the first one builds and the others wait for it. While you
    write a test, BUILT_SITE=docs/_build/html names a finished build to use instead.
    """
    if "BUILT_SITE" in os.environ:
        log = tmp_path_factory.mktemp("build") / "warnings.txt"
        log.write_text("", "utf-8")
        return Build(ROOT, Path(os.environ["BUILT_SITE"]).resolve(), log)
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    finished = Build(shared / "repository", shared / "site", shared / "warnings.txt")
    with FileLock(shared / "build.lock"):
        if not finished.log.exists():
            run = run_sphinx(copy_of_repository(finished.root), finished.site)
            assert run.returncode == 0, run.stdout + run.stderr
            finished.log.write_text(run.stdout + run.stderr, "utf-8")
    return finished


@pytest.fixture(scope="session")
def address(build: Build) -> Iterator[str]:
    """Serve the site on loopback; give its address."""
    with serve(build.site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium; skip if there is none, unless one is required."""
    found = [path for name in BROWSERS if (path := shutil.which(name))]
    if not found:
        message = f"no browser found ({', '.join(BROWSERS)}): browser tests skipped"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found[0], args=flags)
        yield chromium
        chromium.close()
