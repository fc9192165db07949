"""The built site for all tests of the product, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fresh_environment import Environment, make_environment, oldest_versions
from site_build import ROOT, Build
from site_server import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def build() -> Build:
    """Return the site that ``make -C docs html`` has built, or brought up to date."""
    site = ROOT / "docs" / "_build" / "html"
    assert (site / "index.html").is_file(), "there is no site: make -C docs html"
    return Build(ROOT, site)


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Make an environment with the oldest versions allowed, but for torch."""
    folder = tmp_path_factory.mktemp("reader") / "environment"
    pins = (ROOT / "docs" / "constraints.txt").read_text("utf-8").splitlines()
    (torch,) = [pin for pin in pins if pin.startswith("torch==")]
    packages = (torch, "ipykernel", "nbclient", *oldest_versions())
    return make_environment(folder, *packages)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Make an environment with nothing but pip."""
    return make_environment(tmp_path_factory.mktemp("bare") / "environment")


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
        message = f"no browser found ({', '.join(BROWSERS)})"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found[0], args=flags)
        yield chromium
        chromium.close()
