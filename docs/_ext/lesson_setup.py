"""What the downloads begin with: the code that finds or installs nnbasics.

The code is that of `lesson_setup_code`, with what the build knows filled in. A notebook
runs it in its first cell; a script checks, and installs when it is asked to.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from package_wheel import Package

CODE = Path(__file__).with_name("lesson_setup_code.py")

NOTEBOOK_END = "\n\nset_up(Path())\n"

SCRIPT_HEAD = """\
# {title}: a lesson of {project}.
#
# It needs Python {python} or newer and nnbasics, the package of these lessons. Install
# that once, from the file beside this one if it is there, else from the lessons' site:
#
#     python {script} --install
#
# or with pip:
#
#     python -m pip install {sources} {name}=={version}
#
# Then run it:
#
#     python {script}

# %%
"""

SCRIPT_END = """

try:
    if "--install" in sys.argv:
        set_up(Path(__file__).parent)
    require_all(Path(__file__).name)
except SetupError as error:
    sys.exit(str(error))

# %%
"""


def setup_code(package: Package, wheels: str) -> str:
    """Return the code with the values of this build in its constants.

    `wheels` is the address of the wheel or of a page that links it, or empty.
    """
    code = CODE.read_text("utf-8").rstrip()
    for name, value in {
        "WHEEL": package.wheel,
        "SHA256": package.sha256,
        "WHEELS": wheels,
        "NEEDED": package.oldest(),
    }.items():
        # strings and dicts of strings look the same in JSON and in Python
        line = f"{name} = {json.dumps(value, indent=4)}"
        code = re.sub(rf"^{name} = .*", line, code, flags=re.M)
    return code


def add_to_notebook(
    notebook: dict[str, Any], package: Package, wheels: str
) -> dict[str, Any]:
    """Return a notebook whose first cell, folded up in JupyterLab, is the code."""
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "setup",
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": (setup_code(package, wheels) + NOTEBOOK_END).splitlines(
            keepends=True
        ),
    }
    return notebook | {"cells": [cell, *notebook["cells"]]}


def add_to_script(
    lesson: str, name: str, package: Package, wheels: str, project: str
) -> str:
    """Return a lesson with the code before it; the lesson itself is unchanged."""
    folders = [".", wheels] if wheels else ["."]
    head = SCRIPT_HEAD.format(
        title=title_of(lesson),
        project=project,
        python=package.oldest()["Python"],
        script=f"{name}.py",
        sources=" ".join(f"--find-links {folder}" for folder in folders),
        name=package.name,
        version=package.version,
    )
    return head + setup_code(package, wheels) + SCRIPT_END + lesson


def title_of(lesson: str) -> str:
    """Return the title of a lesson: the first line of its docstring."""
    return lesson.lstrip('"\n').splitlines()[0]
