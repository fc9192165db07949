"""The pages in a real browser: what loads, what fits, what can be found and copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from site_build import MODULES, Build
from visits import LESSONS, PAGES, Theme, unfold, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.mark.parametrize("name", PAGES)
def test_pages_load_without_errors_and_ask_no_other_host(
    browser: Browser, address: str, name: str
) -> None:
    forms: list[tuple[Theme, int]] = [("light", 1280), ("dark", 390)]
    for theme, width in forms:
        with visit(browser, address + name, theme, width) as seen:
            outside = [url for url in seen.requests if not url.startswith(address)]
            assert [url for url in outside if not url.startswith("data:")] == []
            assert seen.errors == [], (theme, width)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_window(
    browser: Browser, address: str, name: str
) -> None:
    with visit(browser, address + name) as seen:
        unfold(seen.page)
        # 640 is what a zoom of 200 per cent leaves of 1280
        for width in (1280, 640, 390, 360, 320):
            seen.page.set_viewport_size({"width": width, "height": 900})
            assert seen.width <= width


def test_code_scrolls_in_its_own_box(browser: Browser, address: str) -> None:
    with visit(browser, address + LESSONS[0], width=360) as seen:
        wide = seen.page.evaluate(
            """[...document.querySelectorAll("article div.highlight pre")]
            .filter(box => box.scrollWidth > box.clientWidth)
            .map(box => getComputedStyle(box).overflowX)"""
        )
        assert len(wide) > 10
        assert set(wide) <= {"auto", "scroll"}


# -- themes


def background(page: Page) -> str:
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


def test_the_switch_of_the_theme_exchanges_all_that_has_two_forms(
    browser: Browser, address: str
) -> None:
    with visit(browser, address + LESSONS[0]) as seen:
        page = seen.page
        before = background(page)
        light, dark = (
            page.locator(f"article .only-{theme}:not(details.deeper *)")
            for theme in ("light", "dark")
        )
        assert light.count() == dark.count() > 8
        assert all(form.is_visible() for form in light.all())
        assert not any(form.is_visible() for form in dark.all())
        # the theme's switch goes from automatic to light or dark, and round
        for _ in range(3):
            if background(page) != before:
                break
            page.locator(".theme-toggle-content .theme-toggle").click()
        assert background(page) != before
        assert all(form.is_visible() for form in dark.all())
        assert not any(form.is_visible() for form in light.all())


@pytest.mark.parametrize(("theme", "bright"), [("light", True), ("dark", False)])
def test_code_has_the_colours_of_the_theme(
    browser: Browser, address: str, theme: Theme, bright: bool
) -> None:
    with visit(browser, address + LESSONS[1], theme) as seen:
        colours = seen.page.evaluate(
            """[...document.querySelectorAll("article div.highlight")]
            .map(box => getComputedStyle(box).backgroundColor)
            .filter(colour => colour != "rgba(0, 0, 0, 0)")"""
        )
        assert len(colours) > 10
        for colour in colours:
            red = int(colour.removeprefix("rgb(").split(",")[0])
            assert (red > 128) == bright


# -- pictures


def test_figures_that_are_not_shown_are_not_fetched(
    browser: Browser, address: str
) -> None:
    with visit(browser, address + LESSONS[1]) as seen:
        pictures = [url for url in seen.requests if "/_images/" in url]
        assert not [url for url in pictures if url.endswith("_dark.svg")]
        assert len(pictures) < seen.page.locator("article img.only-light").count()


def test_the_video_plays_when_it_is_started_and_not_before(
    browser: Browser, address: str
) -> None:
    with visit(browser, address + LESSONS[0]) as seen:
        video = seen.page.locator("div.video.only-light video").first
        video.scroll_into_view_if_needed()
        assert video.evaluate("video => video.paused && video.currentTime === 0")
        # the picture under it shows: the video covers it exactly, and is not painted
        picture = seen.page.locator("div.video.only-light img").first
        assert video.bounding_box() == picture.bounding_box()
        assert str(video.get_attribute("poster")).startswith("data:")
        assert not [url for url in seen.requests if url.endswith(".mp4")]
        video.evaluate("video => video.play()")
        seen.page.wait_for_function(
            "document.querySelector('div.video.only-light video').currentTime > 0.2"
        )


# -- finding one's way


@pytest.mark.parametrize(
    ("term", "expected"),
    [("plateau", "The XOR network"), ("padding_mask", "padding_mask")],
)
@pytest.mark.parametrize("served", [True, False], ids=["served", "from a file"])
def test_search_finds_lessons_and_the_reference(
    browser: Browser, address: str, build: Build, term: str, expected: str, served: bool
) -> None:
    start = address if served else build.site.as_uri() + "/"
    with visit(browser, f"{start}search.html?q={term}") as seen:
        results = seen.page.locator("#search-results ul.search li")
        results.first.wait_for()
        seen.page.wait_for_function("!document.querySelector('#search-progress .dots')")
        assert any(expected in text for text in results.all_inner_texts())


@pytest.mark.parametrize("module", MODULES)
def test_the_lessons_are_a_path_that_can_be_walked(
    browser: Browser, address: str, module: str
) -> None:
    names = MODULES[module]
    with visit(browser, address + "index.html") as seen:
        page = seen.page
        page.locator(f".lesson-card-title a[href^='{module}/']").first.click()
        for number, name in enumerate(names, 1):
            assert page.url == f"{address}{module}/{name}.html"
            progress = page.locator(".lesson-progress")
            assert f"Lesson {number} of {len(names)}" in progress.inner_text()
            assert progress.locator("[aria-current=page]").count() == 1
            page.locator("a.next-page").click()
        assert page.url == f"{address}{module}/solutions.html"
        page.locator("a.prev-page").click()
        assert page.url == f"{address}{module}/{names[-1]}.html"


def copied(page: Page, box: str) -> str:
    page.locator(box).first.hover()
    page.locator(f"{box} button.copybtn").first.click()
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text.replace("\r\n", "\n")


def test_copy_buttons_copy_what_a_reader_would_type(
    browser: Browser, address: str
) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with visit(browser, address + LESSONS[0], permissions=allowed) as seen:
        assert seen.page.locator(".sphx-glr-script-out button.copybtn").count() == 0
        code = copied(seen.page, "article div.highlight")
        assert code.startswith("import torch\n")
        assert "\n    print(f" in code
    name = "api/nnbasics.MultiHeadAttention.html"
    with visit(browser, address + name, permissions=allowed) as seen:
        code = copied(seen.page, "article div.highlight")
        assert "attention = MultiHeadAttention(" in code
        assert ">>>" not in code
        assert "torch.Size" not in code
