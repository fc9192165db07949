"""What a run of the tests measured, printed at its end."""

from __future__ import annotations

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
    """Print all notes as a table; they come from all processes of the run."""
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
