"""Figures of results: each function takes data and returns a figure, and shows nothing."""

from nnbasics.plotting.style import figure_style, new_figure

__all__ = ["figure_style", "new_figure"]
