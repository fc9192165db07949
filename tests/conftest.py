"""Tables of what tests measured, printed at the end of the run."""

from __future__ import annotations

from typing import Any

import pytest

# A test adds a row with ``record_property(TABLE + title, {column: value, ...})``.
TABLE = "table: "


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the rows that passed tests recorded, a table for each title."""
    tables: dict[str, list[dict[str, object]]] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, row in report.user_properties:
            if name.startswith(TABLE):
                tables.setdefault(name.removeprefix(TABLE), []).append(row)
    for title, rows in tables.items():
        terminalreporter.section(title)
        terminalreporter.write_line(as_text(rows))


def as_text(rows: list[dict[str, object]]) -> str:
    """Write rows under the names of their columns."""
    lines = [list(rows[0]), *([str(cell) for cell in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


@pytest.fixture
def record_row(record_property: Any) -> Any:
    """Give a function that adds a row to a table: ``record_row(title, **columns)``."""

    def record(title: str, **columns: object) -> None:
        record_property(TABLE + title, columns)

    return record
