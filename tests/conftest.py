"""How a run is shared out, what it prints at its end, and what closes figures."""

from drawn import readable_figures
from measurements import measured, pytest_terminal_summary
from sharing import pytest_xdist_make_scheduler

__all__ = [
    "measured",
    "pytest_terminal_summary",
    "pytest_xdist_make_scheduler",
    "readable_figures",
]
