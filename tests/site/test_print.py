"""A lesson on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import pytest
from visits import LESSONS, one_is_quick, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

A4_IN_POINTS = (595, 842)


@pytest.mark.parametrize("name", one_is_quick(LESSONS))
def test_a_lesson_prints_cleanly(browser: Browser, address: str, name: str) -> None:
    with visit(browser, address + name, "dark") as seen:
        seen.page.evaluate(
            "document.querySelectorAll('img').forEach(i => (i.loading = 'eager'))"
        )
        seen.page.wait_for_load_state("networkidle")
        printed = pypdfium2.PdfDocument(seen.page.pdf(format="A4"))
    assert 8 <= len(printed) <= 40
    text = "\n".join(page.get_textpage().get_text_range() for page in printed)
    for wanted in ("What to take away", "Exercises", "import torch"):
        assert wanted in text
    for unwanted in (
        "On this page",
        "Search",
        "The numbers in this",
        "Show this part",
        "Skip to content",
        "The code, for the notebook",
        "Forget my answers",
        "Seeds that solve XOR, of 100",
    ):
        assert unwanted not in text
    first = printed[0]
    assert first.get_size() == pytest.approx(A4_IN_POINTS, abs=2)
    # black on white, whatever the theme of the screen
    corner = first.render().to_pil().convert("RGB").getpixel((20, 20))
    assert corner == (255, 255, 255)
