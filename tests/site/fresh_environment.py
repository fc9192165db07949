"""A virtual environment that has never seen the repository, as a reader has one."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from site_build import ROOT

# Run by the reader's Python: what nbclient finds there, and nothing of ours.
RUN_NOTEBOOK = """\
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
client = nbclient.NotebookClient(notebook, timeout=240, allow_errors=True)
client.execute()
nbformat.write(notebook, sys.argv[1])
"""

# From the repository, or for tests only: a reader has none of them.
NOT_A_READERS = re.compile(r"^(PYTHON.*|MPL.*|PYTEST.*|COV.*|JUPYTER.*|VIRTUAL_ENV)$")


@dataclass(frozen=True)
class Environment:
    """The folder of an environment, with pip's log beside it."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def run(
        self, *arguments: str | Path, folder: Path, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run this environment's Python in a folder."""
        environment = {
            k: v for k, v in os.environ.items() if not NOT_A_READERS.match(k)
        }
        environment |= {"OMP_NUM_THREADS": "1", "PIP_LOG": str(self.log), **variables}
        return subprocess.run(
            [self.python, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def pip(self, *arguments: str) -> str:
        """Run pip."""
        run = self.run("-m", "pip", *arguments, folder=self.folder)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def run_notebook(self, path: Path) -> dict[str, Any]:
        """Execute a notebook in its folder, and return it with its outputs."""
        run = self.run("-c", RUN_NOTEBOOK, path, folder=path.parent)
        assert run.returncode == 0, run.stderr
        executed: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return executed

    def forget_nnbasics(self) -> None:
        """Take the package away, and pip's log of what came before."""
        self.pip("uninstall", "--yes", "nnbasics")
        self.log.unlink()

    def asked_for(self) -> list[str]:
        """Return the names that pip has looked up on an index, from its log."""
        text = self.log.read_text("utf-8")
        return re.findall(r"location\(s\) to search for versions of (\S+):", text)


def make_environment(folder: Path, *packages: str) -> Environment:
    """Make an environment with the packages named."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    environment = Environment(folder)
    if packages:
        environment.pip("install", "--quiet", "--no-compile", *packages)
    return environment


def unpack(archive: Path, target: Path) -> Path:
    """Unpack a zip with one folder in it, and return the folder."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(target)
    (folder,) = target.iterdir()
    return folder


def command_in(text: str) -> list[str]:
    """Return the arguments of the one call of pip that a text names."""
    (command,) = re.findall(r"^[# ]*python (-m pip install .*)", text, re.MULTILINE)
    return shlex.split(command)


def requirements() -> list[Requirement]:
    """Return what the package needs, as pyproject.toml has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def oldest_versions() -> list[str]:
    """Return the oldest versions that pyproject.toml allows, but for torch's.

    Python 3.13 is newer than these, and has no wheels of them: there, pip chooses.
    """
    others = [required for required in requirements() if required.name != "torch"]
    if sys.version_info >= (3, 13):
        return [required.name for required in others]
    return [str(required).replace(">=", "==") for required in others]


def errors_of(notebook: dict[str, Any]) -> list[str]:
    """Return what an executed notebook shows of its errors."""
    return [
        "\n".join(output["traceback"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]


def printed_by(notebook: dict[str, Any]) -> str:
    """Return what the cells of an executed notebook print, but those that install."""
    return "".join(
        "".join(output["text"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream" and "%pip" not in "".join(cell["source"])
    )


def pictures_of(notebook: dict[str, Any]) -> int:
    """Return how many pictures an executed notebook shows."""
    return sum(
        "image/png" in output.get("data", {})
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    )
