"""What is measured in a run is printed at its end; mypy reads the module itself."""

from measurements import measured, pytest_terminal_summary

__all__ = ["measured", "pytest_terminal_summary"]
