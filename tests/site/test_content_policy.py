"""The site under the content security policy that the contributing guide states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from site_build import ROOT, Build
from site_server import serve
from visits import LESSONS, PAGES, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def stated_policy() -> str:
    guide = (ROOT / "docs" / "contributing.rst").read_text("utf-8")
    (policy,) = re.findall(r"^   (default-src .*(?:\n    .*)*)", guide, re.MULTILINE)
    return " ".join(str(policy).split())


@pytest.fixture(scope="module")
def guarded(build: Build) -> Iterator[str]:
    """Serve the site under the policy; give its address."""
    with serve(build.site, {"Content-Security-Policy": stated_policy()}) as address:
        yield address


def test_the_policy_is_strict() -> None:
    policy = dict(
        part.strip().split(" ", maxsplit=1) for part in stated_policy().split(";")
    )
    assert policy["default-src"] == "'none'"
    assert not re.search(r"unsafe|\*|https?:|data:", policy["script-src"])
    assert "unsafe" not in policy["style-src"]
    for sources in policy.values():
        assert not re.search(r"https?:|\*", sources)


@pytest.mark.parametrize("name", PAGES)
def test_pages_pass_the_policy(browser: Browser, guarded: str, name: str) -> None:
    with visit(browser, guarded + name) as seen:
        for image in seen.page.locator("article img:visible").all()[:3]:
            image.scroll_into_view_if_needed()
        assert seen.errors == []  # the browser writes what it blocks to the console


def test_what_moves_works_under_the_policy(browser: Browser, guarded: str) -> None:
    with visit(browser, guarded + LESSONS[0]) as seen:
        video = seen.page.locator("div.video.only-light video").first
        video.evaluate("video => video.play()")
        seen.page.wait_for_function(
            "document.querySelector('div.video.only-light video').currentTime > 0"
        )
        seen.page.locator(".theme-toggle-content .theme-toggle").click()
        assert seen.errors == []
    with visit(browser, guarded + "search.html?q=plateau") as seen:
        seen.page.locator("#search-results ul.search li").first.wait_for()
        assert seen.errors == []


def test_the_policy_is_what_the_browser_enforces(
    browser: Browser, build: Build
) -> None:
    without_script = re.sub(r"script-src [^;]*", "script-src 'none'", stated_policy())
    with (
        serve(build.site, {"Content-Security-Policy": without_script}) as address,
        visit(browser, address + "index.html") as seen,
    ):
        assert any("Content Security Policy" in error for error in seen.errors)
