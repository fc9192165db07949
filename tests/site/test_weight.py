"""What a first visit to a page costs: bytes, requests, shifts of the layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from visits import LESSONS, SOLUTIONS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Note = Callable[[str, str, str], None]

OBSERVE = """
  window.measured = {shift: 0};
  new PerformanceObserver(list => list.getEntries().forEach(
    entry => (measured.shift += entry.value)
  )).observe({type: "layout-shift", buffered: true});
"""


def first_visit(browser: Browser, url: str) -> dict[str, float]:
    """Open a page with nothing cached; return what it took until it was at rest."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on(
        "Network.loadingFinished",
        lambda event: received.append(event["encodedDataLength"]),
    )
    page.goto(url, wait_until="networkidle")
    result: dict[str, float] = {"bytes": sum(received), "requests": len(received)}
    result["shift"] = shift_while_scrolling(page)
    context.close()
    return result


def shift_while_scrolling(page: Page) -> float:
    """Return how much the layout moved by itself from the top to the bottom.

    As by a wheel: a figure begins when it is near, not after a jump over it.
    """
    page.evaluate(
        """async () => {
          for (let y = 0; y < document.body.scrollHeight; y += 600) {
            scrollTo({ top: y, behavior: 'smooth' });
            await new Promise(done => setTimeout(done, 20));
          }
        }"""
    )
    page.wait_for_load_state("networkidle")
    shift: float = page.evaluate("measured.shift")
    return shift


@pytest.mark.parametrize("name", [*LESSONS, "index.html", *SOLUTIONS])
def test_a_first_visit_is_light_and_at_rest(
    browser: Browser, address: str, name: str, measured: Note
) -> None:
    visit = first_visit(browser, address + name)
    found = f"{visit['requests']} requests, {visit['bytes'] / 1000:.0f} kB, "
    found += f"shift {visit['shift']:.3f}"
    measured(f"first visit, {name}", found, "<= 20, 300 kB, 0.01")
    assert visit["bytes"] <= 300_000
    assert visit["requests"] <= 20
    assert visit["shift"] < 0.01
