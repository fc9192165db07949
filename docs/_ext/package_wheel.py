"""Build the wheel of nnbasics, and the page from which pip installs it.

The wheel is the same, byte for byte, from every build of the same commit: hatchling
sorts what it packs and gives everything one date.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from sphinx.errors import ExtensionError

FOLDER = "wheels"

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="../_static/plain.css">
<meta name="description" content="The package of the lessons, for pip.">
<title>Wheels of {name}</title>
</head>
<body>
<main>
<h1>Wheels of {name}</h1>
<p>The package of the lessons of <a href="../index.html">{project}</a>. Install it
with</p>
<pre tabindex="0">python -m pip install --find-links {address} {name}=={version}</pre>
<ul>
<li><a href="{wheel}#sha256={sha256}">{wheel}</a></li>
</ul>
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Package:
    """A built package, and what it needs.

    Attributes
    ----------
    name, version : str
    wheel : str
        The name of the file.
    content : bytes
        What is in it.
    requirements : list of str
        Its dependencies, as pyproject.toml has them.
    python : str
        The versions of Python that it runs on, such as ">=3.11".
    """

    name: str
    version: str
    wheel: str
    content: bytes
    requirements: list[str]
    python: str

    @property
    def sha256(self) -> str:
        """The hash of the wheel."""
        return hashlib.sha256(self.content).hexdigest()

    def oldest(self) -> dict[str, str]:
        """Return the oldest version allowed of Python, of the package, of the rest."""
        allowed = {"Python": SpecifierSet(self.python)} | {
            requirement.name: requirement.specifier
            for requirement in map(Requirement, self.requirements)
        }
        versions = {name: _lower_bound(name, spec) for name, spec in allowed.items()}
        return {"Python": versions.pop("Python"), self.name: self.version} | versions


def _lower_bound(name: str, specifiers: SpecifierSet) -> str:
    bounds = list(specifiers)
    if [bound.operator for bound in bounds] != [">="]:
        raise ExtensionError(
            f"pyproject.toml: {name}{specifiers} must be a lower bound such as "
            f"{name}>=1.0: the lessons' downloads tell readers who have an older "
            "version what they need, and can read nothing else."
        )
    return bounds[0].version


def build_package(root: Path) -> Package:
    """Build the wheel of the project in a folder."""
    project: dict[str, Any] = tomllib.loads(
        (root / "pyproject.toml").read_text("utf-8")
    )["project"]
    with tempfile.TemporaryDirectory() as folder:
        builder = WheelBuilder(str(root))
        (built,) = builder.build(directory=folder, versions=["standard"])
        wheel = Path(built)
        return Package(
            name=project["name"],
            version=project["version"],
            wheel=wheel.name,
            content=wheel.read_bytes(),
            requirements=project["dependencies"],
            python=project["requires-python"],
        )


def publish(package: Package, site: Path, address: str, project: str) -> None:
    """Write the wheel and its page into a site.

    `address` is that of the hosted pages, or empty if it is not known.
    """
    folder = site / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / package.wheel).write_bytes(package.content)
    page = PAGE.format(
        name=escape(package.name),
        project=escape(project),
        version=escape(package.version),
        address=escape(wheels_address(address) or "path/to/this/folder"),
        wheel=escape(package.wheel),
        sha256=package.sha256,
    )
    (folder / "index.html").write_text(page, "utf-8")


def wheels_address(site: str) -> str:
    """Return the address of the page, or nothing if that of the site is not known."""
    return f"{site.rstrip('/')}/{FOLDER}/" if site else ""
