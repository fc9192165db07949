"""Write the notebooks of all lessons into a folder, for a machine that has nnbasics.

    python docs/_ext/cloud_notebooks.py notebooks

Binder does this when it prepares the repository (.binder/postBuild).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from gallery_notebooks import lesson_blocks, lesson_notebook

TUTORIALS = Path(__file__).parents[1] / "tutorials"


def write_notebooks(folder: Path) -> list[Path]:
    """Convert each lesson; a module is a folder in `folder`."""
    written = []
    for script in sorted(TUTORIALS.glob("*/*.py")):
        blocks = lesson_blocks(script)
        notebook = lesson_notebook(blocks, DEFAULT_GALLERY_CONF, str(script.parent))
        path = folder / script.parent.name / f"{script.stem}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), "utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    write_notebooks(Path(sys.argv[1]))
