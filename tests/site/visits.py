"""Opening pages of the site in a browser, and noting what happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pytest
import site_build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Theme = Literal["light", "dark"]

LESSONS = [f"{lesson}.html" for lesson in site_build.LESSONS]
SOLUTIONS = [f"{module}/solutions.html" for module in site_build.MODULES]
# One page of each kind; the others are made by the same templates.
PAGES = (
    "index.html",
    "basics/index.html",
    *LESSONS,
    *SOLUTIONS,
    "glossary.html",
    "api.html",
    "api/nnbasics.scaled_dot_product_attention.html",
    "api/nnbasics.MultiHeadAttention.html",
    "references.html",
    "contributing.html",
    "changelog.html",
    "search.html",
    "404.html",
)
FORMS: list[tuple[Theme, int]] = [
    ("light", 1280),
    ("dark", 1280),
    ("light", 390),
    ("dark", 390),
]


def one_is_quick(names: Iterable[str]) -> list[Any]:
    """Return pages to try something on, of which the quick tests take the first."""
    first, *others = names
    return [first, *(pytest.param(name, marks=pytest.mark.slow) for name in others)]


@dataclass
class Visit:
    """A page that was opened, and what happened meanwhile."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on(
            "console",
            lambda message: (
                self.errors.append(message.text) if message.type == "error" else None
            ),
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def width(self) -> int:
        """How wide the page is, including what does not fit the window.

        On small screens the theme lets the box around the text scroll, not the page.
        The figures that answer follow the window's size in the next frame.
        """
        width: int = self.page.evaluate(
            """async () => {
              for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
              return innerWidth + Math.max(...[
                document.documentElement, ...document.querySelectorAll(".content"),
              ].map(box => box.scrollWidth - box.clientWidth));
            }"""
        )
        return width


def unfold(page: Page) -> None:
    """Open all that is folded: sections that go deeper, and the numbers of figures."""
    page.evaluate(
        "document.querySelectorAll('details').forEach(part => (part.open = true))"
    )


def meet_figures(page: Page) -> None:
    """Go to each interactive figure that is not folded: it begins when it is near."""
    for figure in page.locator(".nnbasics-explorer:visible").all():
        figure.scroll_into_view_if_needed()
        figure.locator("svg[width]").first.wait_for()
    page.evaluate("scrollTo(0, 0)")  # elsewhere a button of the theme lies on the page


@contextmanager
def visit(
    browser: Browser,
    url: str,
    theme: Theme = "light",
    width: int = 1280,
    **options: Any,
) -> Iterator[Visit]:
    """Open a page in a window of its own, without anything cached."""
    context = browser.new_context(
        color_scheme=theme, viewport={"width": width, "height": 900}, **options
    )
    seen = Visit(context.new_page())
    seen.page.goto(url)
    seen.page.wait_for_load_state("load")
    try:
        yield seen
    finally:
        context.close()
