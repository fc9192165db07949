"""The wheel of the package, and where pip finds it: beside a lesson, or on the site.

The wheel is the same, byte for byte, from every build of the same commit: hatchling
sorts what it packs and gives everything one date.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder
from sphinx.application import Sphinx

FOLDER = "wheels"


@dataclass(frozen=True)
class Package:
    """A package, built.

    Attributes
    ----------
    name : str
    python : str
        The versions of Python that it runs on, such as ">=3.11".
    wheel : str
        The name of the file.
    content : bytes
        What is in it.
    """

    name: str
    python: str
    wheel: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the wheel."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def place(self) -> str:
        """Where a site has the wheel: one with other content goes beside it."""
        return f"{FOLDER}/{self.sha256[:12]}/{self.wheel}"

    def source(self, site: str = "") -> str:
        """Return what pip installs: the file on a site, or the one in this folder.

        Never the name alone: pip would look for it on an index, where anyone may
        register it.
        """
        if not site:
            return f"./{self.wheel}"
        address = f"{site.rstrip('/')}/{self.place}"
        return f'"{self.name} @ {address}#sha256={self.sha256}"'

    def write(self, site: Path) -> None:
        """Put the wheel in its place; those of other builds stay."""
        path = site / self.place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)


def build_package(root: Path) -> Package:
    """Build the wheel of the project in a folder."""
    builder = WheelBuilder(str(root))
    with tempfile.TemporaryDirectory() as folder:
        (built,) = builder.build(directory=folder, versions=["standard"])
        wheel = Path(built)
        return Package(
            name=builder.metadata.core.raw_name,
            python=builder.metadata.core.requires_python,
            wheel=wheel.name,
            content=wheel.read_bytes(),
        )


def publish(package: Package, app: Sphinx) -> None:
    """Write the wheel and its page into a site, and the wheels of releases."""
    site, released = Path(app.outdir), Path(app.srcdir, FOLDER)
    package.write(site)
    if released.is_dir():
        shutil.copytree(released, site / FOLDER, dirs_exist_ok=True)
    names = {"package": package, "config": app.config}
    page = app.builder.templates.render("wheels.html", names)
    (site / FOLDER / "index.html").write_text(page, "utf-8")
