"""The pages for those who use a screen reader, a keyboard or a large finger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from site_build import Build
from visits import FORMS, LESSONS, PAGES, Theme, meet_figures, unfold, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = Axe()
OPTIONS = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
        "best-practice",
    ],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],  # no report of each element that passes
}
# Most of a lesson's elements are the coloured words of its code, each of which axe
# measures. One of each colour in each kind of box tells the same.
KEEP_ONE_WORD_OF_EACH_COLOUR = """() => {
  const seen = new Set();
  for (const word of document.querySelectorAll("div.highlight pre span[class]")) {
    const box = word.closest("div.highlight").parentElement;
    const colour = [word, word.parentElement, box].map(e => e.className).join("|");
    if (seen.has(colour) && !word.closest("a")) word.replaceWith(...word.childNodes);
    seen.add(colour);
  }
}"""


def violations(page: Page, part: str = "html") -> list[str]:
    """Return what axe finds in a part of a page, with the first place of each."""
    meet_figures(page)
    page.evaluate(KEEP_ONE_WORD_OF_EACH_COLOUR)
    report = AXE.run(page, context=part, options=OPTIONS).response
    found: list[dict[str, Any]] = report["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]


def test_axe_finds_nothing_in_a_lesson(browser: Browser, address: str) -> None:
    # so wide that the contents of the page stand beside it
    with visit(browser, address + LESSONS[1], width=1350) as seen:
        assert violations(seen.page) == []
        unfold(seen.page)
        assert violations(seen.page, "details") == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, address: str, name: str) -> None:
    # The long pages are looked at in each theme and in each width. What differs in the
    # other two forms stands around the text, and is the same on all pages.
    forms = [FORMS[0], FORMS[-1]] if name in LESSONS else FORMS
    for theme, width in forms:
        with visit(browser, address + name, theme, width) as seen:
            assert violations(seen.page) == [], (theme, width)


@pytest.mark.slow
def test_axe_finds_a_pale_word_in_code(browser: Browser, address: str) -> None:
    with visit(browser, address + LESSONS[1]) as seen:
        seen.page.add_style_tag(content=".highlight .k { color: #bbb !important }")
        (found,) = violations(seen.page)
        assert found.startswith('color-contrast: <span class="k">')


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "first"), [("light", 0), ("dark", 1)])
def test_axe_finds_nothing_on_the_other_pages(
    browser: Browser, address: str, build: Build, theme: Theme, first: int
) -> None:
    """Look at what stands in them; what is around it is the same on all pages.

    They come from the same templates: a quarter in light, and another in dark.
    """
    names = [path.relative_to(build.site).as_posix() for path in build.pages]
    others = [name for name in names if name not in PAGES]
    assert len(others) > 50
    found = {}
    with visit(browser, address, theme, 390) as seen:
        for name in others[first::4]:
            seen.page.goto(address + name)
            found[name] = violations(seen.page, "article, main")
    assert {name: rules for name, rules in found.items() if rules} == {}


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", LESSONS)
def test_axe_finds_nothing_in_what_can_be_opened(
    browser: Browser, address: str, name: str, theme: Theme
) -> None:
    with visit(browser, address + name, theme, 390) as seen:
        unfold(seen.page)
        assert violations(seen.page, "details") == []
        seen.page.locator(".nav-overlay-icon .icon").press("Enter")
        seen.page.locator(".sidebar-drawer a").last.wait_for()
        assert violations(seen.page, ".sidebar-drawer") == []


# -- keyboard


def test_the_font_of_a_formula_may_come_late(browser: Browser, address: str) -> None:
    with visit(browser, address + LESSONS[1]) as seen:
        formula = seen.page.locator("div.math").first
        formula.evaluate("box => { box.firstChild.style.width = '200vw'; }")
        seen.page.evaluate("document.fonts.dispatchEvent(new Event('loadingdone'))")
        seen.page.locator("div.math[tabindex='0']").first.wait_for(timeout=5000)


FOCUSED = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    html: element.outerHTML.slice(0, 120),
    isPage: element === document.body,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
    inside: box.right > 0 && box.left < innerWidth
      && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["index.html", LESSONS[1]])
def test_every_stop_of_the_tab_key_can_be_seen(
    browser: Browser, address: str, name: str, width: int
) -> None:
    with visit(browser, address + name, width=width, reduced_motion="reduce") as seen:
        stops = 0
        for _ in range(60):
            seen.page.keyboard.press("Tab")
            focused = seen.page.evaluate(FOCUSED)
            if focused["isPage"]:  # once round
                break
            assert focused["ring"], focused
            assert focused["inside"], focused
            stops += 1
        assert stops > 12


@pytest.mark.parametrize(
    ("button", "drawer"),
    [(".nav-overlay-icon", "sidebar"), (".toc-header-icon", "toc")],
)
def test_drawers_open_and_close_by_keyboard(
    browser: Browser, address: str, button: str, drawer: str
) -> None:
    with visit(browser, address + LESSONS[1], width=390) as seen:
        icon = seen.page.locator(f"{button} .icon")
        link = seen.page.locator(f".{drawer}-drawer a").last
        assert not link.is_visible()
        icon.focus()
        seen.page.keyboard.press("Enter")
        link.wait_for(state="visible")
        assert icon.get_attribute("aria-expanded") == "true"
        seen.page.keyboard.press("Escape")
        link.wait_for(state="hidden")
        assert icon.get_attribute("aria-expanded") == "false"
        assert icon.evaluate("icon => icon === document.activeElement")


def test_the_first_stop_leads_past_the_navigation(
    browser: Browser, address: str
) -> None:
    with visit(browser, address + LESSONS[1]) as seen:
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        assert seen.page.url.endswith("#furo-main-content")


# -- motion and size


def test_nothing_moves_for_those_who_asked_for_less_motion(
    browser: Browser, address: str
) -> None:
    with visit(browser, address + LESSONS[0], reduced_motion="reduce") as seen:
        moving = seen.page.evaluate(
            """[...document.querySelectorAll("*")].filter(element => {
              const style = getComputedStyle(element);
              return parseFloat(style.transitionDuration) > 0
                || parseFloat(style.animationDuration) > 0
                || style.scrollBehavior === "smooth";
            }).length"""
        )
        assert moving == 0


@pytest.mark.parametrize("name", ["index.html", LESSONS[0], "glossary.html"])
def test_tap_targets_are_large_enough(
    browser: Browser, address: str, name: str
) -> None:
    with visit(browser, address + name, width=360) as seen:
        small = seen.page.evaluate(
            """[...document.querySelectorAll(
              "button, summary, [role=button], nav a, form.exercise :is(input, select)"
            )]
            .filter(element => element.checkVisibility({visibilityProperty: true}))
            .map(element => [element.outerHTML.slice(0, 90),
                             element.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24)"""
        )
        assert small == []
