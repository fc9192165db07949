"""What a run of the tests measured, and why it skipped some, printed at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

MEASURED = "measured"


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str, str, str], None]:
    """Note what was measured, what was found, and what it must reach."""

    def note(what: str, found: str, limit: str) -> None:
        request.node.user_properties.append((MEASURED, (what, found, limit)))

    return note


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print a line for each reason to skip, and all notes as a table."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in skipped
    )
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} tests skipped: {reason}")
    rows = sorted(
        {
            tuple(value)
            for reports in terminalreporter.stats.values()
            for report in reports
            for name, value in getattr(report, "user_properties", [])
            if name == MEASURED
        }
    )
    if not rows:
        return
    width = max(len(what) for what, _, _ in rows)
    terminalreporter.section("measured")
    for what, found, limit in rows:
        terminalreporter.write_line(f"{what:{width}}  {found:>12}  (must be {limit})")
