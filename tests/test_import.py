"""What ``import nnbasics`` brings, and what it leaves out."""

from __future__ import annotations

import subprocess
import sys

import nnbasics


def test_importing_the_package_imports_no_plotting_library() -> None:
    code = (
        "import sys, nnbasics;"
        "print([m for m in ('matplotlib', 'seaborn', 'pygments') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_every_public_name_exists_and_has_a_docstring() -> None:
    for name in nnbasics.__all__:
        assert (getattr(nnbasics, name).__doc__ or "").strip(), name
