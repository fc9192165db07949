"""What the interactive figures of the built site cost a page, as ratios.

``make -C docs benchmark`` runs it. A step of a figure is compared with a million sines
in the same page, and the first paint of a lesson with that of the lesson without its
figures. The two alternate, so that whatever else the machine does slows both, and the
ratio is that of their medians.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
# What changes the figure of a lesson, with the number n of the step.
STEPS = {
    "basics/xor_network": "figure.go(n * 9)",
    "basics/attention": "figure.point(n % figure.tokens.length, 0)",
    "basics/multi_head_attention": "figure.pointed = n % 8, figure.refresh()",
    "transformer/positions": "figure.move(0, n)",
    "transformer/feed_forward": "figure.toggle(n % 16)",
    "transformer/block": "figure.show(figure.runs[n % figure.runs.length])",
    "transformer/induction_heads": "figure.toggle(n % 2, 0)",
}
MOST = {"a step, of a million sines": 1.0, "first paint, of that without": 1.25}
TIMES = """(() => {
  const figure = [...document.querySelectorAll(".nnbasics-explorer")].at(-1);
  const sines = () => {
    let sum = 0;
    for (let i = 0; i < 1e6; i++) sum += Math.sin(i);
    figure.dataset.sum = sum;
  };
  const time = run => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  return Array.from({ length: 61 }, (_, n) => [time(() => { STEP; }), time(sines)]);
})()"""


def step_ratio(browser: Browser, lesson: Path, step: str) -> float:
    """Return the time of a step, as a part of that of a million sines."""
    page = browser.new_page()
    page.goto(lesson.as_uri())
    # A figure begins when it is near; it may be folded away, far below.
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; })"
    )
    figure = page.locator(".nnbasics-explorer").last
    figure.scroll_into_view_if_needed()
    figure.locator("svg[width]").first.wait_for()
    times = page.evaluate(TIMES.replace("STEP", step))
    step, sines = map(statistics.median, zip(*times, strict=True))
    return float(step / sines)


def paint_ratio(browser: Browser, lesson: Path) -> float:
    """Return the time to the first paint, as a part of that without the figures."""
    whole = lesson.read_text("utf-8")
    without = re.sub(r"<(nnbasics-[\w-]+) .*?</\1>", "", whole, flags=re.DOTALL)
    assert len(without) < len(whole)
    paint(browser, lesson, whole)  # the first of all warms the browser up
    texts = (whole, without)
    both = [[paint(browser, lesson, html) for html in texts] for _ in range(20)]
    ours, theirs = map(statistics.median, zip(*both, strict=True))
    return float(ours / theirs)


def paint(browser: Browser, lesson: Path, html: str) -> float:
    """Return when a browser that opens a lesson, with this text, first paints."""
    page = browser.new_page()
    page.route(
        lesson.as_uri(),
        lambda route: route.fulfill(body=html, content_type="text/html"),
    )
    page.goto(lesson.as_uri())
    entry = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    time: float = page.wait_for_function(entry).json_value()
    page.close()
    return time


def main() -> int:
    """Print the ratios of each lesson; return 1 if one is above its limit."""
    slow = 0
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        flags = ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        for name, step in STEPS.items():
            lesson = SITE / f"{name}.html"
            ratios = step_ratio(browser, lesson, step), paint_ratio(browser, lesson)
            for ratio, (what, most) in zip(ratios, MOST.items(), strict=True):
                print(f"{name:27} {what:28} {ratio:.2f} (at most {most})", flush=True)
                slow += ratio > most
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
