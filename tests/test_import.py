"""What ``import nnbasics`` brings, and what it leaves out."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_package_imports_no_plotting_library() -> None:
    code = (
        "import sys, nnbasics;"
        "print([m for m in ('matplotlib', 'seaborn', 'pygments') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"
