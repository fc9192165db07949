"""What runs a lesson: source on the page, text in a terminal, figures as files."""

from nnbasics.lesson.source import SourceCode, show_source
from nnbasics.lesson.terminal import run_in_terminal, run_lesson

__all__ = ["SourceCode", "run_in_terminal", "run_lesson", "show_source"]
