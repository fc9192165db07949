"""What a reader sees of a lesson runs by itself, and prints what the page prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from site_build import LESSONS, ROOT, Build

from notebooks import lesson_blocks

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_visible_code_prints_what_the_page_prints(
    build: Build, lesson: str, tmp_path: Path
) -> None:
    blocks = lesson_blocks(ROOT / "docs" / "tutorials" / "basics" / f"{lesson}.py")
    code = "\n".join(content for kind, content, _ in blocks if kind == "code")
    script = tmp_path / "visible.py"
    # As every lesson in the build begins.
    script.write_text(f"import torch\n\ntorch.manual_seed(0)\n{code}\n", "utf-8")
    run = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    text = (build.site / "basics" / f"{lesson}.html").read_text("utf-8")
    outputs = BeautifulSoup(text, "html.parser").select(".sphx-glr-script-out pre")
    printed = "\n".join(output.get_text() for output in outputs)
    assert lines_of(run.stdout) == lines_of(printed)


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]
