"""How a run is shared out, and what it prints at its end; mypy reads the modules."""

from measurements import measured, pytest_terminal_summary
from sharing import pytest_xdist_make_scheduler

__all__ = [
    "measured",
    "pytest_terminal_summary",
    "pytest_xdist_make_scheduler",
]
