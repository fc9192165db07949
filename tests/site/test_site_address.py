"""The site at an address of its own: its links, and lessons that install from it.

The notebooks run from this address; the scripts in test_downloads.py, from their zips.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fresh_environment import (
    Environment,
    errors_of,
    oldest_versions,
    pictures_of,
    printed_by,
)
from site_build import LESSONS, VERSION, copy_of_repository, run_sphinx
from site_server import serve

import cloud_notebooks

pytestmark = pytest.mark.slow

WHEEL = f"nnbasics-{VERSION}-py3-none-any.whl"


@dataclass(frozen=True)
class Hosted:
    """A site that is served on loopback, and knows its address."""

    site: Path
    address: str

    def download(self, name: str) -> Path:
        (path,) = (self.site / "_downloads").glob(f"*/{name}")
        return path

    def copy(self, name: str, folder: Path) -> Path:
        """Put a download into a folder, with nothing beside it."""
        return Path(shutil.copy(self.download(name), folder))


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """Build the site again for the address at which it is served.

    The lessons have been run: only the pages are made anew.
    """
    folder = tmp_path_factory.mktemp("hosted")
    root, site = folder / "repository", folder / "site"
    copy_of_repository(root, built=True)
    with serve(site) as address:
        run = run_sphinx(root, site, SITE_URL=address)
        assert run.returncode == 0, run.stdout + run.stderr
        yield Hosted(site, address)


def test_the_environment_has_the_oldest_versions(reader: Environment) -> None:
    versions = reader.pip("list")
    for requirement in oldest_versions():
        name, _, version = requirement.partition("==")
        assert re.search(rf"^{name} +{version}(\.0)*$", versions, re.M)


@pytest.mark.parametrize("lesson", LESSONS)
def test_notebooks_run_from_the_address_of_the_site(
    hosted: Hosted, reader: Environment, lesson: str, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    path = hosted.copy(f"{lesson}.ipynb", tmp_path)
    notebook = reader.run_notebook(path)
    assert errors_of(notebook) == []
    assert printed_by(notebook["cells"][0]).endswith(f"nnbasics {VERSION} is ready.\n")
    assert pictures_of(notebook) >= 1
    assert reader.hosts() == {"127.0.0.1"}


def test_the_command_in_the_script_installs_from_the_site(
    hosted: Hosted, reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    text = hosted.download("attention.py").read_text("utf-8")
    (command,) = re.findall(r"^#     python (-m pip install .*)", text, re.M)
    assert f"--find-links {hosted.address}wheels/ nnbasics=={VERSION}" in command
    for _ in range(2):
        run = reader.run(*command.split(), "--no-index", folder=tmp_path)
        assert run.returncode == 0, run.stderr
    assert f"Requirement already satisfied: nnbasics=={VERSION}" in run.stdout
    assert reader.hosts() == {"127.0.0.1"}


def test_the_command_on_the_page_of_the_wheel_has_the_address(hosted: Hosted) -> None:
    page = (hosted.site / "wheels" / "index.html").read_text("utf-8")
    command = f"pip install --find-links {hosted.address}wheels/ nnbasics=={VERSION}"
    assert command in page


def first_cell_fails(environment: Environment, path: Path) -> str:
    """Run the first cell of a notebook, and return the message of its error."""
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"] = notebook["cells"][:1]
    path.write_text(json.dumps(notebook), "utf-8")
    (message,) = errors_of(environment.run_notebook(path))
    return message


def test_a_wheel_that_arrives_damaged_is_refused_in_a_sentence(
    hosted: Hosted, reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    wheel = hosted.site / "wheels" / WHEEL
    content = wheel.read_bytes()
    path = hosted.copy("attention.ipynb", tmp_path)
    try:
        wheel.write_bytes(content[: len(content) // 2])
        message = first_cell_fails(reader, path)
    finally:
        wheel.write_bytes(content)
    assert message == (
        f"pip could not install nnbasics>={VERSION}: the file is truncated or was "
        "altered; try again later"
    )


def test_a_notebook_for_colab_installs_the_wheel_from_its_address(
    reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    branch, folder = tmp_path / "branch", tmp_path / "folder"
    folder.mkdir()
    with serve(branch) as address:
        cloud_notebooks.write_notebooks(branch, address.rstrip("/"))
        path = Path(shutil.copy(branch / "basics" / "attention.ipynb", folder))
        notebook = json.loads(path.read_text("utf-8"))
        notebook["cells"] = notebook["cells"][:1]
        path.write_text(json.dumps(notebook), "utf-8")
        executed = reader.run_notebook(path)
    assert errors_of(executed) == []
    assert printed_by(executed["cells"][0]).endswith(f"nnbasics {VERSION} is ready.\n")
    assert reader.hosts() == {"127.0.0.1"}


def test_a_site_that_is_gone_is_named(
    hosted: Hosted, reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    path = hosted.copy("attention.ipynb", tmp_path)
    gone = path.read_text("utf-8").replace(hosted.address, "http://127.0.0.1:9/")
    path.write_text(gone, "utf-8")
    message = first_cell_fails(reader, path)
    assert message == (
        f"pip could not install nnbasics>={VERSION}: http://127.0.0.1:9/wheels/ cannot "
        "be reached, or has no such file. Download the zip of the lesson, which has "
        "it, and unpack it here."
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_links_in_notebooks_lead_to_pages_of_the_site(
    hosted: Hosted, lesson: str
) -> None:
    text = hosted.download(f"{lesson}.ipynb").read_text("utf-8")
    links = re.findall(rf"\]\({re.escape(hosted.address)}([^)#]*)(?:#[^)]*)?\)", text)
    assert links
    for link in links:
        assert (hosted.site / link).is_file()


def test_the_readme_names_the_page(hosted: Hosted) -> None:
    with zipfile.ZipFile(hosted.download("attention.zip")) as content:
        readme = content.read("attention/README.txt").decode()
    assert readme.splitlines()[-1].endswith(f"{hosted.address}basics/attention.html")
