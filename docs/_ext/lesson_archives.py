"""The zips: a lesson with all it needs, all lessons, and the site for reading offline.

Names are sorted and dates fixed, so that the same content gives the same bytes.
"""

from __future__ import annotations

import os
import re
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from package_wheel import Package

# As hatchling's wheels: the date in SOURCE_DATE_EPOCH, or 2 February 2020.
DEFAULT_DATE = 1580601600
# Said on the front page; in the zip of the site it would lead nowhere.
ONLINE_ONLY = re.compile(r'<p class="online-only">.*?</p>\n?', re.DOTALL)

README = """\
{title}
You need Python {python} or newer. Open a terminal in this folder, and type:
    python -m pip install -r requirements.txt
Then open {notebook} in Jupyter, or type: python {script}
{note}
"""


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their names in the zip."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", DEFAULT_DATE))
    date = time.gmtime(seconds)[:6]
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever this machine is
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])


def requirements_txt(package: Package) -> bytes:
    """Return what pip installs from: the wheel in the folder, and ranges."""
    lines = [
        f"# {package.name} is the file in this folder; the rest comes from pip's index",
        "--find-links .",
        f"{package.name}=={package.version}",
        *package.requirements,
    ]
    return ("\n".join(lines) + "\n").encode()


def supplies(package: Package) -> dict[str, bytes]:
    """Return what a lesson needs besides itself."""
    return {
        package.wheel: package.content,
        "requirements.txt": requirements_txt(package),
    }


def readme(
    package: Package, *, title: str, notebook: str, script: str, page: str
) -> bytes:
    """Return the five lines that say what a folder is and how to use it.

    `page` is the address of its page, or empty if it is not known.
    """
    note = f"{package.wheel} is {package.name}, the package that the lessons explain."
    return README.format(
        title=title,
        python=package.oldest()["Python"],
        notebook=notebook,
        script=script,
        note=f"As a page, with its figures: {page}" if page else note,
    ).encode()


def site_files(site: Path, folder: str, left_out: Iterable[Path]) -> dict[str, bytes]:
    """Return all files of a site, under a folder, without what only works online."""
    files = {}
    for path in set(site.rglob("*")) - set(left_out):
        relative = path.relative_to(site)
        if path.is_file() and not relative.parts[0].startswith("."):
            content = path.read_bytes()
            if relative.as_posix() == "index.html":
                content = ONLINE_ONLY.sub("", content.decode("utf-8")).encode("utf-8")
            files[f"{folder}/{relative.as_posix()}"] = content
    return files
