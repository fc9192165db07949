"""Write the notebooks of all lessons into a folder, for Binder and Colab.

    python docs/_ext/cloud_notebooks.py notebooks [--address ADDRESS]

Binder does this when it prepares the repository (.binder/postBuild), where nnbasics is
installed. Colab has no nnbasics: with the address at which the folder will be found,
the wheel is written beside the notebooks, and their first cell installs it from there
(.github/workflows/notebooks.yml).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from gallery_notebooks import lesson_blocks, lesson_notebook
from lesson_setup import add_to_notebook
from package_wheel import FOLDER, build_package

ROOT = Path(__file__).parents[2]
TUTORIALS = ROOT / "docs" / "tutorials"


def write_notebooks(folder: Path, address: str = "") -> list[Path]:
    """Convert each lesson; a module is a folder in `folder`.

    `address` is where the folder will be found, or empty if nnbasics is installed.
    """
    written = []
    package = build_package(ROOT) if address else None
    if package:
        wheel = folder / FOLDER / package.wheel
        wheel.parent.mkdir(parents=True, exist_ok=True)
        wheel.write_bytes(package.content)
    for script in sorted(TUTORIALS.glob("*/*.py")):
        blocks = lesson_blocks(script)
        notebook = lesson_notebook(blocks, DEFAULT_GALLERY_CONF, str(script.parent))
        if package:
            # The file and not a page that links it: pip reads no page of GitHub's.
            source = f"{address.rstrip('/')}/{FOLDER}/{package.wheel}"
            notebook = add_to_notebook(
                notebook, package, f"{source}#sha256={package.sha256}"
            )
        path = folder / script.parent.name / f"{script.stem}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), "utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", default="", help="where the folder will be found")
    options = parser.parse_args()
    write_notebooks(options.folder, options.address)
