"""Figures as files, where there is no display: a backend of matplotlib.

Its ``plt.show()`` saves the open figures and prints what they show.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from matplotlib import pyplot as plt
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nnbasics.plotting.style import PAPER

__all__ = ["FigureCanvas", "FigureManager", "figures_shown_or_saved"]

DOTS_PER_INCH = 150


class FigureManager(FigureManagerBase):
    """What matplotlib asks of a backend: here, to show is to save."""

    folder: ClassVar[Path] = Path()
    saved: ClassVar[list[Path]] = []

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:  # noqa: ARG003
        """Save all open figures, and close them."""
        for manager in Gcf.get_all_fig_managers():
            cls.save(manager.canvas.figure)
        plt.close("all")

    @classmethod
    def save(cls, figure: Figure) -> None:
        """Save a figure, and print its file and its alternative text."""
        cls.folder.mkdir(parents=True, exist_ok=True)
        path = cls.folder / f"figure_{len(cls.saved) + 1:02}.png"
        # Opaque: what shows a picture may put a transparent one on any colour.
        figure.savefig(path, dpi=DOTS_PER_INCH, facecolor=PAPER)
        cls.saved.append(path)
        description = textwrap.fill(str(figure.get_label()), 76)
        print(f"[{path}]\n{textwrap.indent(description, '    ')}")


class FigureCanvas(FigureCanvasAgg):
    """A canvas of pixels."""

    manager_class: Any = FigureManager


@contextmanager
def figures_shown_or_saved(folder: Path) -> Iterator[list[Path]]:
    """Let ``plt.show()`` save figures where it cannot show them in a window.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are saved. It is made when the first one is.

    Yields
    ------
    list of pathlib.Path
        The files, which grows with each figure that is saved.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> plt.close("all")
    >>> with TemporaryDirectory() as name, figures_shown_or_saved(Path(name)) as files:
    ...     figure = plt.figure(label="An empty figure.")
    ...     plt.show()  # doctest: +ELLIPSIS
    [...figure_01.png]
        An empty figure.
    >>> [file.name for file in files]
    ['figure_01.png']
    """
    backend = plt.get_backend()
    FigureManager.folder = folder
    FigureManager.saved.clear()
    if backend.lower() == "agg":  # what matplotlib chooses without a display
        plt.switch_backend(f"module://{__name__}")
    try:
        yield FigureManager.saved
    finally:
        plt.switch_backend(backend)
