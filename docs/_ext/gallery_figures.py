"""Save the figures of a lesson, each in a light and a dark form, with its description.

Sphinx-Gallery calls `scraper` after each cell. A figure is drawn once, as SVG, which
is sharp on every screen; its dark form is the same text with each colour exchanged
for its counterpart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.animation import Animation
from matplotlib.figure import Figure
from sphinx.errors import ExtensionError

import gallery_videos
from gallery_videos import video_rst
from link_previews import is_of_card, save_preview
from nnbasics._table import Table, tables_of
from nnbasics.lesson.figure_files import animation_of
from nnbasics.plotting.style import DARK_COUNTERPARTS, PAPER

PIXELS_PER_INCH = 100

# No date, and ids that do not change from build to build.
SVG_METADATA = {"Date": None, "Creator": None}
# Any: matplotlib types its settings by their names, which a dict cannot express.
SVG_SETTINGS: Any = {"svg.hashsalt": "nnbasics", "svg.fonttype": "path"}

IMAGE = """
.. image:: /{path}
   :alt: {alt}
   :class: {theme}
   :width: {width}
   :height: {height}
"""


TABLES = """
.. raw:: html

   <details class="figure-numbers"><summary>The numbers in this figure</summary>
   {tables}
   </details>

"""


def scraper(
    block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]
) -> str:
    """Save the open figures and return the reST that shows them."""
    rst = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        light = Path(next(block_vars["image_path_iterator"])).with_suffix(".svg")
        alt = _alternative_text(figure, block_vars["src_file"], block[2])
        size = _size_in_pixels(figure)
        animation = animation_of(figure, block_vars.get("example_globals", {}))
        if animation is None:
            dark = save_in_both_themes(figure, light)
        else:
            dark = _save_animation(animation, figure, light)
        if is_of_card(light, Path(block_vars["src_file"])):
            save_preview(figure, light, PAPER)
        for path, theme in ((light, "only-light"), (dark, "only-dark")):
            if animation is None:
                rst.append(_image(path, theme, alt, size, gallery_conf["src_dir"]))
            else:
                rst.append(video_rst(path.with_suffix(".mp4"), theme, alt, size))
        rst.append(tables_rst(tables_of(figure)))
    plt.close("all")
    return "".join(rst)


def tables_rst(tables: list[Table]) -> str:
    """Return the reST that shows tables folded up, or nothing if there are none."""
    if not tables:
        return ""
    return TABLES.format(tables="\n   ".join(table.as_html() for table in tables))


def _alternative_text(figure: Figure, src_file: str, line: int) -> str:
    alt = " ".join(str(figure.get_label()).split())
    if not alt:
        raise ExtensionError(
            f"{Path(src_file).name}, the cell at line {line}: a figure has no "
            "alternative text. Say what it shows, in two sentences or more, before "
            "plt.show(): figure.set_label('...'), or plt.gcf().set_label('...') for "
            "an animation, between the lines '# sphinx_gallery_start_ignore' and "
            "'# sphinx_gallery_end_ignore'."
        )
    return alt


def _save_animation(animation: Animation, figure: Figure, light: Path) -> Path:
    """Save the videos, and the last frame in both themes as their posters."""
    gallery_videos.save_video(animation, light.with_suffix(".mp4"), PAPER)
    dark = save_in_both_themes(figure, light)
    gallery_videos.recolour_artists(figure)
    gallery_videos.save_video(
        animation, dark.with_suffix(".mp4"), DARK_COUNTERPARTS[PAPER]
    )
    return dark


def _size_in_pixels(figure: Figure) -> tuple[int, int]:
    width, height = figure.get_size_inches() * PIXELS_PER_INCH
    return round(width), round(height)


def save_in_both_themes(figure: Figure, light: Path) -> Path:
    """Save a figure as SVG, and beside it its dark form; return the latter's path."""
    with mpl.rc_context(SVG_SETTINGS):
        figure.savefig(light, format="svg", transparent=True, metadata=SVG_METADATA)
    dark = light.with_name(f"{light.stem}_dark.svg")
    dark.write_text(recolour(light.read_text("utf-8")), "utf-8")
    return dark


def recolour(svg: str) -> str:
    """Exchange each colour of the light theme for that of the dark theme."""
    for light, dark in DARK_COUNTERPARTS.items():
        svg = svg.replace(light, dark)
    return svg


def _image(
    path: Path, theme: str, alt: str, size: tuple[int, int], src_dir: str
) -> str:
    return IMAGE.format(
        path=path.relative_to(src_dir).as_posix(),
        alt=alt.replace("\\", "\\\\").replace("*", r"\*").replace("|", r"\|"),
        theme=theme,
        width=size[0],
        height=size[1],
    )
