"""Turn the animation of a lesson into videos, one for each theme.

Nothing plays by itself: the reader sees the last frame and starts the video.
"""

from __future__ import annotations

import html
import shutil
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import matplotlib as mpl
from matplotlib.animation import Animation, FFMpegWriter
from matplotlib.artist import Artist
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from nnbasics.plotting.style import DARK_COUNTERPARTS

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
   <video controls preload="none" width="{width}" height="{height}"
     poster="{nothing}" aria-label="{alt}" src="{folder}/{video}"></video>
   </div>
"""


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
    return VIDEO.format(
        theme=theme,
        nothing=NOTHING,
        width=size[0],
        height=size[1],
        alt=html.escape(alt),
        folder="../_images",
        poster=video.with_suffix(".svg").name,
        video=video.name,
    )


def copy_videos(app: Sphinx, exception: Exception | None) -> None:
    """Put the videos and their posters beside the site's pictures."""
    if exception is None:
        for video in copy_beside_pictures(app, "*.mp4"):
            copy_beside_pictures(app, f"{video.stem}.svg")


def copy_beside_pictures(app: Sphinx, pattern: str) -> list[Path]:
    """Copy files that Sphinx does not know to the site's pictures; return them."""
    if app.builder.format != "html":
        return []
    target = Path(app.outdir) / "_images"
    target.mkdir(exist_ok=True)
    galleries = app.config.sphinx_gallery_conf["gallery_dirs"]
    files = [
        file
        for gallery in galleries
        for file in sorted(Path(app.srcdir, gallery, "images").glob(pattern))
    ]
    for file in files:
        shutil.copyfile(file, target / file.name)
    return files


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the handler."""
    app.connect("build-finished", copy_videos)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
