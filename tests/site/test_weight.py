"""What a first visit to a page costs: bytes, requests, time, shifts of the layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from visits import LESSONS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Note = Callable[[str, str, str], None]

# The slow phone of Lighthouse, as the browser's own throttling can act it out: a link
# of 1.6 Mbit/s with a round trip of 150 ms, and a processor at a quarter of its speed.
SLOW_LINK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
OBSERVE = """
  window.measured = {paint: 0, shift: 0};
  new PerformanceObserver(list => list.getEntries().forEach(
    entry => (measured.paint = entry.startTime)
  )).observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver(list => list.getEntries().forEach(
    entry => (measured.shift += entry.value)
  )).observe({type: "layout-shift", buffered: true});
"""


def first_visit(browser: Browser, url: str, *, slow: bool) -> dict[str, float]:
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
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW_LINK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url, wait_until="networkidle")
    measured: dict[str, float] = page.evaluate("measured")
    result = {**measured, "bytes": sum(received), "requests": len(received)}
    if not slow:
        result["shift"] = shift_while_scrolling(page)
    context.close()
    return result


def shift_while_scrolling(page: Page) -> float:
    """Return how much the layout moved by itself from the top to the bottom."""
    page.evaluate(
        """async () => {
          for (let y = 0; y < document.body.scrollHeight; y += 600) {
            scrollTo(0, y);
            await new Promise(done => setTimeout(done, 20));
          }
        }"""
    )
    page.wait_for_load_state("networkidle")
    shift: float = page.evaluate("measured.shift")
    return shift


@pytest.mark.parametrize("name", [*LESSONS, "index.html", "basics/solutions.html"])
def test_a_first_visit_is_light_and_quick(
    browser: Browser, address: str, name: str, measured: Note
) -> None:
    visit = first_visit(browser, address + name, slow=False)
    # the quickest of three: other tests run at the same time
    paints = [
        first_visit(browser, address + name, slow=True)["paint"] for _ in range(3)
    ]
    found = f"{visit['requests']} requests, {visit['bytes'] / 1000:.0f} kB, "
    found += f"{min(paints) / 1000:.2f} s, shift {visit['shift']:.3f}"
    measured(f"first visit, {name}", found, "<= 20, 300 kB, 1.8 s, 0.01")
    assert visit["bytes"] <= 300_000
    assert visit["requests"] <= 20
    assert min(paints) < 1800
    assert visit["shift"] < 0.01
