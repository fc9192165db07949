"""Pages with interactive figures, opened in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from visits import Visit, meet_figures

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FIGURE = ".nnbasics-explorer"
# What brings each figure into another state: JavaScript about `figure`.
STATES = {
    "xor-playground": [
        "figure.pick([0.5, 0.5])",
        "figure.film.set(130), figure.go(130)",
        "figure.shadowRoot.querySelector('input[type=checkbox]').click()",
        "figure.parts.hidden.list.value = '8', figure.retrain()",
        "figure.setNumber(3)",
    ],
    "attention-explorer": [
        "figure.set({ mask: 'causal' })",
        "figure.set({ mask: 'own', view: 'from' })",
        "figure.press(0, 0, {}), figure.set({ several: true, mask: 'none' })",
        "figure.press(0, 0, {}), figure.press(1, 1, {})",
        "figure.letGo()",
    ],
    "head-explorer": [
        "figure.choose([1])",
        "figure.choose([]), figure.on.fill(false, 0, 3), figure.refresh()",
        "figure.toggleUntrained()",
        "figure.setWords([0, 7, 20])",
        "figure.pinned = 1, figure.refresh()",
    ],
    "rotation-explorer": [
        "figure.move(0, 63)",
        "figure.move(1, 0)",
        "figure.together.box.click(), figure.move(0, 12)",
        "figure.at = [0, 63], figure.refresh()",
    ],
    "fact-explorer": [
        "figure.toggle(6), figure.toggle(3)",
        "figure.choose(10)",
        "figure.set(figure.on.map(() => false))",
        "figure.lines[31].input.click()",
    ],
    "depth-explorer": [
        "figure.show(figure.runs.find(run => run.settings[2] === 16))",
        "figure.choose(1, 'residual'), figure.hold.box.click()",
        "figure.choose(0, figure.runs.find(run => run.settings[4]).settings[0])",
        "[3, 4].forEach(field => figure.choose(field, figure.offered[field].at(-1)))",
    ],
    "induction-explorer": [
        "figure.choose(9)",
        "figure.film.set(3), figure.moment = 3, figure.refresh()",
        "figure.toggle(0, 1), figure.toggle(1, 0)",
        "figure.input.value = 'abcdefghijklmnopqrstuvwx', figure.read()",
        "figure.cards[0][1].map.click(), figure.input.value = 'aab', figure.read()",
    ],
}


class Opened(Visit):
    """A page with a figure, and what happened while it was open."""

    def figure(self, expression: str, argument: Any = None, number: int = 0) -> Any:
        """Evaluate a JavaScript expression about ``figure`` and ``argument``."""
        return self.page.evaluate(
            f"([number, argument]) => {{ const figure = document.querySelectorAll("
            f"'{FIGURE}')[number]; return ({expression}); }}",
            [number, argument],
        )

    def close(self) -> None:
        """Close the page and all that belongs to it."""
        self.page.context.close()


def open_page(browser: Browser, url: str | Path, **options: Any) -> Opened:
    """Open a page and what is folded in it, and wait until its figure is drawn."""
    width = options.pop("width", 1280)
    drawn = options.pop("drawn", True)
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    opened = Opened(context.new_page())
    opened.page.goto(url.as_uri() if isinstance(url, Path) else url)
    opened.page.evaluate(
        "document.querySelectorAll('details.deeper').forEach(d => { d.open = true; })"
    )
    if drawn:
        meet_figures(opened.page)
    return opened
