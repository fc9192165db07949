"""Figures as files, where there is no display: a backend of matplotlib.

Its ``plt.show()`` saves the open figures and prints what they show.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from matplotlib import pyplot as plt
from matplotlib._pylab_helpers import Gcf
from matplotlib.animation import Animation, PillowWriter
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nnbasics.plotting.style import PAPER

__all__ = ["FigureCanvas", "FigureManager", "animation_of", "figures_shown_or_saved"]

DOTS_PER_INCH = 150
FRAMES_PER_SECOND = 5


class FigureManager(FigureManagerBase):
    """What matplotlib asks of a backend: here, to show is to save."""

    folder: ClassVar[Path] = Path()
    names: ClassVar[Mapping[str, object]] = {}
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
        cls.folder.mkdir(exist_ok=True)
        path = cls.folder / f"figure_{len(cls.saved) + 1:02}.png"
        # Opaque: what shows a picture may put a transparent one on any colour.
        if animation := animation_of(figure, cls.names):
            path = path.with_suffix(".gif")
            writer = PillowWriter(fps=FRAMES_PER_SECOND)
            animation.save(path, writer, savefig_kwargs={"facecolor": PAPER})
        else:
            figure.savefig(path, dpi=DOTS_PER_INCH, facecolor=PAPER)
        cls.saved.append(path)
        description = textwrap.fill(str(figure.get_label()), 76)
        print(f"[{path}]\n{textwrap.indent(description, '    ')}")


class FigureCanvas(FigureCanvasAgg):
    """A canvas of pixels."""

    manager_class: Any = FigureManager


def animation_of(figure: Figure, names: Mapping[str, object]) -> Animation | None:
    """Return the animation among a lesson's variables that draws into a figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    names : mapping of str to object
        The variables.

    Returns
    -------
    matplotlib.animation.Animation or None

    Examples
    --------
    >>> animation_of(Figure(), {"x": 1}) is None
    True
    """
    for value in names.values():
        if isinstance(value, Animation) and getattr(value, "_fig", None) is figure:
            return value
    return None


@contextmanager
def figures_shown_or_saved(
    folder: Path, names: Mapping[str, object]
) -> Iterator[list[Path]]:
    """Let ``plt.show()`` save figures where it cannot show them in a window.

    A figure is saved as a PNG, one that an animation draws into as an animated GIF.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are saved. It is made when the first one is.
    names : mapping of str to object
        The variables of the lesson, in which its animations are looked for.

    Yields
    ------
    list of pathlib.Path
        The files, which grows with each figure that is saved.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> plt.close("all")
    >>> with TemporaryDirectory() as name:
    ...     with figures_shown_or_saved(Path(name), {}) as files:
    ...         figure = plt.figure(label="An empty figure.")
    ...         plt.show()  # doctest: +ELLIPSIS
    [...figure_01.png]
        An empty figure.
    >>> [file.name for file in files]
    ['figure_01.png']
    """
    backend = plt.get_backend()
    FigureManager.folder = folder
    FigureManager.names = names
    FigureManager.saved.clear()
    if backend.lower() == "agg":  # what matplotlib chooses without a display
        plt.switch_backend(f"module://{__name__}")
    try:
        yield FigureManager.saved
    finally:
        plt.switch_backend(backend)
