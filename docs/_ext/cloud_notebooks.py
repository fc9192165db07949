"""Write the notebooks of all lessons into a folder, for Binder and Colab.

    python docs/_ext/cloud_notebooks.py notebooks [--address ADDRESS]

Binder does this when it prepares the repository (.binder/postBuild), where nnbasics is
installed. Colab has no nnbasics: with the address at which the folder will be found,
the wheel is written beside the notebooks, and their first cell installs it from there
(.github/workflows/notebooks.yml).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from downloads.archives import notebook_file
from downloads.wheel import build_package
from gallery_notebooks import lesson_blocks, lesson_notebook

ROOT = Path(__file__).parents[2]


def write_notebooks(folder: Path, address: str = "") -> list[Path]:
    """Convert each lesson; a module is a folder in `folder`.

    `address` is where the folder will be found, or empty if nnbasics is installed.
    """
    written = []
    source = ""
    if address:
        package = build_package(ROOT)
        package.write(folder)
        source = package.source(address)
    for script in sorted(ROOT.glob("docs/tutorials/*/*.py")):
        blocks = lesson_blocks(script)
        notebook = lesson_notebook(blocks, DEFAULT_GALLERY_CONF, str(script.parent))
        path = folder / script.parent.name / f"{script.stem}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook_file(notebook, source))
        written.append(path)
    return written


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", default="", help="where the folder will be found")
    options = parser.parse_args()
    write_notebooks(options.folder, options.address)
