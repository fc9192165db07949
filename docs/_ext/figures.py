"""Save the figures of a lesson, each in a light and a dark form, with its description.

Sphinx-Gallery calls `scraper` after each cell. A figure is drawn once, as SVG, which
is sharp on every screen; its dark form is the same text with each colour exchanged
for its counterpart. An animation becomes two videos. Nothing plays by itself: the
reader sees the last frame and starts the video.
"""

from __future__ import annotations

import html
import shutil
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.animation import Animation, FFMpegWriter
from matplotlib.artist import Artist
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from catalogue import PICTURES, copy_to_site
from nnbasics._figure_tables import Table, tables_of
from nnbasics.lesson.figure_files import animation_of
from nnbasics.plotting.style import DARK_COUNTERPARTS, PAPER
from previews import is_of_card, save_preview

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
FRAMES_PER_SECOND = 5
DPI = 140  # between sharp on every screen and small
# One thread, no date and no version: the same bytes from every build.
ENCODING = [
    *("-pix_fmt", "yuv420p", "-crf", "28", "-preset", "slow"),
    *("-movflags", "+faststart", "-threads", "1", "-map_metadata", "-1"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact"),
]

# A video's own poster would be fetched at once, and for both themes. A picture that
# lies under the video is fetched when it is about to be seen.
# Without any poster, a browser paints the video's box grey: this one is transparent.
NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
VIDEO = """
.. raw:: html

   <div class="video {theme}">
   <img src="{folder}/{poster}" alt="" loading="lazy" width="{width}" height="{height}">
   <div><video controls preload="none" width="{width}" height="{height}"
     poster="{nothing}" aria-label="{alt}" src="{folder}/{video}"
     data-seconds="{seconds}"></video></div>
   </div>
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
        lesson = Path(block_vars["src_file"])
        if is_of_card(light, lesson):
            card = light.with_name(f"sphx_glr_{lesson.stem}_card.png")
            save_preview(figure, card, PAPER)
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
    save_video(animation, light.with_suffix(".mp4"), PAPER)
    dark = save_in_both_themes(figure, light)
    recolour_artists(figure)
    save_video(animation, dark.with_suffix(".mp4"), DARK_COUNTERPARTS[PAPER])
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


def save_video(animation: Animation, path: Path, background: str) -> None:
    """Write an animation with the ffmpeg that pip brought.

    Its figure shows the last frame afterwards.
    """
    ffmpeg: Any = {"animation.ffmpeg_path": path_of_ffmpeg()}
    writer = FFMpegWriter(FRAMES_PER_SECOND, codec="libx264", extra_args=ENCODING)
    with mpl.rc_context(ffmpeg):
        animation.save(
            path, writer=writer, dpi=DPI, savefig_kwargs={"facecolor": background}
        )


def path_of_ffmpeg() -> str:
    """Return the path of the program that makes videos, or say that it is missing."""
    try:
        path: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError:
        path = ""
    if shutil.which(path) is None:
        raise ExtensionError(
            f"ffmpeg, which makes the videos, was not found (looked for {path!r}). The "
            "package imageio-ffmpeg brings it: install that again, or set "
            "IMAGEIO_FFMPEG_EXE to the path of yours, or unset it."
        )
    return path


def recolour_artists(figure: Figure) -> None:
    """Exchange the colours of what a figure is made of for those of the dark theme."""
    for artist in figure.findobj():
        for name in ("color", "facecolor", "edgecolor"):
            _recolour(artist, name)


def _recolour(artist: Artist, name: str) -> None:
    getter = getattr(artist, f"get_{name}", None)
    setter = getattr(artist, f"set_{name}", None)
    if getter is None or setter is None:
        return
    try:
        colour = to_hex(getter(), keep_alpha=False)
    except (TypeError, ValueError):  # several colours: a colormap's, or none
        return
    if colour in DARK_COUNTERPARTS:
        setter(DARK_COUNTERPARTS[colour])


def video_rst(video: Path, theme: str, alt: str, size: tuple[int, int]) -> str:
    """Return the reST that shows a video, its last frame as its poster."""
    _, seconds = imageio_ffmpeg.count_frames_and_secs(video)
    return VIDEO.format(
        theme=theme,
        nothing=NOTHING,
        width=size[0],
        height=size[1],
        alt=html.escape(alt),
        folder=f"../{PICTURES}/{video.parent.parent.name}",
        poster=video.with_suffix(".svg").name,
        video=video.name,
        seconds=seconds,
    )


def copy_videos(app: Sphinx, exception: Exception | None) -> None:
    """Put the videos and their posters beside the site's pictures."""
    copy_to_site(app, exception, "*.mp4", ".mp4", ".svg")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the handler."""
    app.connect("build-finished", copy_videos)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
