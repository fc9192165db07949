"""The zip of the site, unpacked and read without a server."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from site_build import LESSONS, Build
from visits import visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_the_unpacked_site_works_from_files(
    build: Build, browser: Browser, tmp_path: Path
) -> None:
    name = "neural-networks-the-basics"
    with zipfile.ZipFile(build.site / "downloads" / f"{name}.zip") as archive:
        archive.extractall(tmp_path)
    site = tmp_path / name
    with visit(browser, (site / "index.html").as_uri()) as seen:
        page = seen.page
        for lesson in LESSONS:
            page.locator(f'.lesson-card a[href="{lesson}.html"]').click()
            page.locator("article h1").wait_for()
            links = page.locator("a.download")
            for link in range(links.count()):
                address = str(links.nth(link).evaluate("link => link.href"))
                assert Path(unquote(urlsplit(address).path)).is_file()
            page.go_back()
        page.locator('a[href="wheels/index.html"]').click()
        assert page.locator("h1").inner_text() == "Wheels of nnbasics"
    assert seen.errors == []  # a file that is not there is one
    assert {urlsplit(url).scheme for url in seen.requests} == {"file"}
