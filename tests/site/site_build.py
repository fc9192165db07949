"""Building the site of a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from catalogue import lessons, modules

ROOT = Path(__file__).parents[2]
VERSION = version("nnbasics")
WHEEL = f"nnbasics-{VERSION}-py3-none-any.whl"
MODULES = {
    module: lessons(ROOT / "docs" / "tutorials" / module)
    for module in modules(ROOT / "docs")
}
LESSONS = [f"{module}/{name}" for module, names in MODULES.items() for name in names]
# All that is made by running a script.
RUN = [*LESSONS, *(f"{module}/solutions" for module in MODULES)]


@dataclass(frozen=True)
class Build:
    """A finished build: where it was made, and where its pages are."""

    root: Path
    site: Path

    @property
    def pages(self) -> list[Path]:
        """All HTML pages."""
        return sorted(self.site.rglob("*.html"))

    @property
    def notebooks(self) -> list[Path]:
        """The notebooks offered for download."""
        return sorted((self.site / "_downloads").rglob("*.ipynb"))

    def download(self, name: str) -> Path:
        """Return a file that a page offers, by the name of its source."""
        page = self.site / Path(name).with_suffix(".html")
        link = rf'href="(\.\./_downloads/\w+/{re.escape(Path(name).name)})"'
        found = re.search(link, page.read_text("utf-8"))
        assert found, f"{page.name} has no link to {name}"
        return page.parent / found[1]


def run_sphinx(
    root: Path, site: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Build the site of a copy of the repository, as docs/Makefile does."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    environment |= variables
    options = ["-b", "html", "-W", "--keep-going", "-n", "-q"]
    options += ["-d", str(root / "docs" / "_build" / "doctrees")]
    return subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(root / "docs"), str(site)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_repository(target: Path, *, built: bool = False) -> Path:
    """Copy what a build needs; if `built`, with the lessons that have been run."""
    ignore = shutil.ignore_patterns("html", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", target / "src", ignore=ignore)
    shutil.copytree(ROOT / "docs", target / "docs", ignore=ignore)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / file, target / file)
    if not built:
        docs = target / "docs"
        modules = [stamp.parent for stamp in docs.glob("*/fingerprint.sha256")]
        for generated in (docs / "_build", docs / "api", *modules):
            shutil.rmtree(generated, ignore_errors=True)
    return target
