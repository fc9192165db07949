"""The lessons as plain scripts, run as a reader would run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from site_build import ROOT

SCRIPTS = sorted((ROOT / "docs" / "tutorials" / "basics").glob("*.py"))
CPU_SECONDS = 20


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_lessons_run_as_plain_scripts(script: Path, tmp_path: Path) -> None:
    output, errors = tmp_path / "output", tmp_path / "errors"
    with output.open("w") as out, errors.open("w") as err:
        process = subprocess.Popen(
            [sys.executable, str(script)],
            env={**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"},
            cwd=tmp_path,
            stdout=out,
            stderr=err,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, errors.read_text("utf-8")
    assert output.read_text("utf-8")
    assert usage.ru_utime + usage.ru_stime < CPU_SECONDS
