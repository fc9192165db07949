"""One build of the site for all tests of the product, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from site_build import Build, copy_of_repository, run_sphinx

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests that need the built site in one process, which builds it once."""
    for item in items:
        if "build" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("site"))


BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the whole site once, into a temporary folder."""
    root = copy_of_repository(tmp_path_factory.mktemp("repository"))
    site = tmp_path_factory.mktemp("site")
    run = run_sphinx(root, site)
    assert run.returncode == 0, run.stdout + run.stderr
    return Build(root, site, run.stdout + run.stderr)


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
