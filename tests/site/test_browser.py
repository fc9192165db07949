"""The pages in a real browser: what loads, what fits, what can be reached and seen."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from site_build import Build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

PAGES = (
    "index.html",
    "basics/index.html",
    "basics/xor_network.html",
    "basics/attention.html",
    "basics/multi_head_attention.html",
    "basics/solutions.html",
    "glossary.html",
    "api.html",
    "api/nnbasics.scaled_dot_product_attention.html",
    "api/nnbasics.MultiHeadAttention.html",
    "references.html",
    "contributing.html",
    "changelog.html",
    "search.html",
)
Theme = Literal["light", "dark"]
FORMS: list[tuple[Theme, int]] = [
    ("light", 1280),
    ("dark", 1280),
    ("light", 390),
    ("dark", 390),
]


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the output of the tests free of requests."""


@pytest.fixture(scope="module")
def address(build: Build) -> Iterator[str]:
    """Serve the site on loopback."""
    handler = functools.partial(QuietHandler, directory=str(build.site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@dataclass
class Visit:
    """A page that was opened, and what happened meanwhile."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def visit(browser: Browser, url: str, theme: Theme, width: int) -> Visit:
    context = browser.new_context(
        color_scheme=theme, viewport={"width": width, "height": 900}
    )
    seen = Visit(context.new_page())

    def note(request: Request) -> None:
        seen.requests.append(request.url)

    seen.page.on("request", note)
    seen.page.on(
        "console",
        lambda message: (
            seen.errors.append(message.text) if message.type == "error" else None
        ),
    )
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    seen.page.goto(url)
    seen.page.wait_for_load_state("load")
    return seen


@pytest.mark.parametrize("name", PAGES)
def test_pages_in_all_forms(browser: Browser, address: str, name: str) -> None:
    for theme, width in FORMS:
        seen = visit(browser, address + name, theme, width)
        form = f"{name}, {theme}, {width} px"
        outside = [url for url in seen.requests if not url.startswith(address)]
        assert outside == [], form
        assert seen.errors == [], form
        inner = seen.page.evaluate("document.documentElement.scrollWidth")
        assert inner <= width, form
        results = Axe().run(seen.page)
        assert results.violations_count == 0, form + "\n" + results.generate_report()
        seen.page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_screen_of_320_pixels(
    browser: Browser, address: str, name: str
) -> None:
    seen = visit(browser, address + name, "light", 320)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
    seen.page.context.close()


def test_the_switch_of_the_theme_exchanges_the_figures(
    browser: Browser, address: str
) -> None:
    seen = visit(browser, address + "basics/attention.html", "light", 1280)
    light = seen.page.locator("article img.only-light").first
    dark = seen.page.locator("article img.only-dark").first
    assert light.is_visible()
    assert not dark.is_visible()
    # the theme's switch goes from automatic to light or dark, and round
    for _ in range(3):
        if dark.is_visible():
            break
        seen.page.locator(".theme-toggle-header, .theme-toggle").last.click()
    assert dark.is_visible()
    assert not light.is_visible()
    seen.page.context.close()


def test_figures_that_are_not_shown_are_not_fetched(
    browser: Browser, address: str
) -> None:
    seen = visit(browser, address + "basics/attention.html", "light", 1280)
    pictures = [url for url in seen.requests if "/_images/" in url]
    assert not [url for url in pictures if url.endswith("_dark.svg")]
    shown = seen.page.locator("article img.only-light").count()
    assert len(pictures) < shown
    seen.page.context.close()


def test_pages_work_without_a_server(browser: Browser, build: Build) -> None:
    for name in ("index.html", "basics/xor_network.html"):
        seen = visit(browser, (build.site / name).as_uri(), "light", 1280)
        assert seen.errors == []
        assert all(url.startswith(("file:", "data:")) for url in seen.requests)
        image = seen.page.locator("article img.only-light").first
        image.scroll_into_view_if_needed()
        assert image.evaluate("i => i.decode().then(() => i.naturalWidth)") > 0
        seen.page.context.close()


@pytest.mark.parametrize(
    ("term", "expected"),
    [("plateau", "The XOR network"), ("padding_mask", "padding_mask")],
)
@pytest.mark.parametrize("served", [True, False], ids=["served", "from a file"])
def test_search_finds_lessons_and_the_reference(
    browser: Browser, address: str, build: Build, term: str, expected: str, served: bool
) -> None:
    start = address if served else build.site.as_uri() + "/"
    seen = visit(browser, f"{start}search.html?q={term}", "light", 1280)
    results = seen.page.locator("#search-results ul.search li")
    results.first.wait_for()
    seen.page.wait_for_function("!document.querySelector('#search-progress .dots')")
    assert any(expected in text for text in results.all_inner_texts())
    seen.page.context.close()


def test_copy_buttons_stand_on_code_and_not_on_output(
    browser: Browser, address: str
) -> None:
    seen = visit(browser, address + "basics/xor_network.html", "light", 1280)
    inputs = seen.page.locator("article .highlight-Python, article .highlight-python")
    assert inputs.first.locator("button.copybtn").count() == 1
    assert seen.page.locator(".sphx-glr-script-out button.copybtn").count() == 0
    seen.page.context.close()
