"""Figures as files, where there is no display: ``plt.show()`` saves them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from matplotlib import pyplot as plt
from matplotlib.animation import Animation, PillowWriter
from matplotlib.figure import Figure

from nnbasics.plotting.style import PAPER

__all__ = ["animation_of", "figures_shown_or_saved"]

DOTS_PER_INCH = 150
FRAMES_PER_SECOND = 5


def animation_of(figure: Figure, names: Mapping[str, object]) -> Animation | None:
    """Return the animation among a lesson's variables that draws into a figure.

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

    A figure is saved as a PNG, one that an animation draws into as an animated GIF. The
    list of their files grows with each of them.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are saved; it is made with the first of them.
    names : mapping of str to object
        The variables of the lesson, in which its animations are looked for.

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
    files: list[Path] = []
    show = plt.show
    if plt.get_backend().lower() == "agg":  # what matplotlib chooses without a display
        plt.show = partial(_save_all, folder, names, files)
    try:
        yield files
    finally:
        plt.show = show


def _save_all(folder: Path, names: Mapping[str, object], files: list[Path]) -> None:
    """Save the open figures, and close them."""
    folder.mkdir(exist_ok=True)
    for number in plt.get_fignums():
        stem = folder / f"figure_{len(files) + 1:02}"
        files.append(_save(plt.figure(number), stem, names))
    plt.close("all")


def _save(figure: Figure, stem: Path, names: Mapping[str, object]) -> Path:
    """Save a figure, and print its file and its alternative text."""
    # Opaque: what shows a picture may put a transparent one on any colour.
    if animation := animation_of(figure, names):
        path = stem.with_suffix(".gif")
        writer = PillowWriter(FRAMES_PER_SECOND)
        animation.save(path, writer, savefig_kwargs={"facecolor": PAPER})
    else:
        path = stem.with_suffix(".png")
        figure.savefig(path, dpi=DOTS_PER_INCH, facecolor=PAPER)
    description = textwrap.fill(str(figure.get_label()), 76)
    lines = [f"[{path}]", textwrap.indent(description, "    ")]
    print("\n".join(filter(None, lines)))  # a figure may have no description
    return path
