"""The interactive figures in the built site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from explorer_pages import FIGURE, STATES, open_page
from site_build import Build
from test_content_policy import guarded
from visits import meet_figures, one_is_quick, unfold, visit

from nnbasics.explorers._element import element_name, script

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["guarded"]  # the site, served under its content security policy

# The kind of a lesson's figures, their number, and how many bytes one may take.
FIGURES = {
    "basics/xor_network.html": ("xor-playground", 1, 25_000),
    "basics/attention.html": ("attention-explorer", 2, 25_000),
    "basics/multi_head_attention.html": ("head-explorer", 1, 60_000),
    "transformer/positions.html": ("rotation-explorer", 1, 5_000),
    "transformer/feed_forward.html": ("fact-explorer", 1, 10_000),
    "transformer/block.html": ("depth-explorer", 1, 20_000),
    "transformer/induction_heads.html": ("induction-explorer", 1, 45_000),
}


@pytest.mark.parametrize("name", one_is_quick(FIGURES))
def test_lessons_hold_their_figures_and_fetch_one_script_near_them(
    browser: Browser, address: str, build: Build, name: str
) -> None:
    kind, count, most = FIGURES[name]
    element = element_name(kind)
    html = (build.site / name).read_text("utf-8")
    written = re.findall(f"<{element} .*?</{element}>", html, re.DOTALL)
    assert len(written) == count
    assert max(len(figure.encode()) for figure in written) <= most
    page = BeautifulSoup(html, "html.parser")
    for figure in page.find_all(element):
        assert figure.select("table caption")[0].get_text()
    with visit(browser, address + name) as seen:
        own = f"{address}_static/explorers/{kind}.js"
        assert [url for url in seen.requests if "explorers/" in url] == []
        unfold(seen.page)
        meet_figures(seen.page)
        (fetched,) = [url for url in seen.requests if "explorers/" in url]
        assert fetched == f"{own}?v={element.rpartition('-')[2]}"
    served = build.site / "_static" / "explorers" / f"{kind}.js"
    assert served.read_text("utf-8") == script(kind)
    assert script(kind)[:60] not in html


@pytest.mark.parametrize("name", one_is_quick(FIGURES))
def test_figures_work_in_both_themes_and_on_paper(
    browser: Browser, address: str, name: str
) -> None:
    for theme, width in (("light", 1280), ("dark", 390)):
        page = open_page(browser, address + name, color_scheme=theme, width=width)
        assert page.figure("figure.panel.dataset.tone") == theme
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        assert [url for url in page.requests if not url.startswith(address)] == []
        page.page.emulate_media(media="print")
        assert page.figure("getComputedStyle(figure.controls).display") == "none"
        assert page.page.locator(f"{FIGURE} .tools").first.is_hidden()
        assert page.page.locator(f"{FIGURE} .says").first.is_visible()
        assert page.errors == []
        page.close()


@pytest.mark.parametrize("name", one_is_quick(FIGURES))
def test_every_state_passes_the_content_policy(
    browser: Browser, guarded: str, name: str
) -> None:
    page = open_page(browser, guarded + name)
    for state in STATES[FIGURES[name][0]]:
        page.figure(f"void ({state})")
    assert page.errors == []
    page.close()


def test_arrow_keys_do_not_leave_the_page(browser: Browser, address: str) -> None:
    page = open_page(browser, address + "basics/attention.html")
    page.figure("figure.matrix.cells[0][0].group.focus()")
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "/", "s"):
        page.page.keyboard.press(key)
    assert page.page.url == address + "basics/attention.html"
    assert page.figure("document.activeElement === figure")
    page.close()


@pytest.mark.parametrize(("width", "top"), [(1280, 40), (390, 88)])
def test_a_link_leads_to_a_heading_though_the_figure_above_it_grows(
    browser: Browser, address: str, width: int, top: int
) -> None:
    with visit(browser, f"{address}transformer/block.html", width=width) as seen:
        link = "article a[href='#going-deeper-what-models-changed-since']"
        seen.page.locator(link).first.evaluate("link => link.click()")
        seen.page.locator(f"{FIGURE} svg[width]").first.wait_for()
        place = seen.page.locator(":target").bounding_box()
        assert place is not None
        assert round(place["y"]) == top
