"""Links to Binder: right where the repository is known, absent where it is not."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from docutils import nodes
from site_build import LESSONS, ROOT, Build

import cloud_links
import cloud_notebooks

COMMIT = "0123abc"


def known(clone: str) -> dict[str, str]:
    return {
        "READTHEDOCS_GIT_CLONE_URL": clone,
        "READTHEDOCS_GIT_COMMIT_HASH": COMMIT,
        "READTHEDOCS_GIT_IDENTIFIER": "main",
    }


@pytest.mark.parametrize(
    ("clone", "start"),
    [
        ("https://github.com/one/two.git", "gh/one/two"),
        ("https://github.com/one/two", "gh/one/two"),
        ("git@github.com:one/two.git", "gh/one/two"),
        ("https://gitlab.com/group/sub/two.git", "gl/group%2Fsub%2Ftwo"),
    ],
)
def test_the_address_names_repository_commit_and_notebook(
    clone: str, start: str
) -> None:
    address = cloud_links.binder_address("basics/attention", known(clone))
    assert address == (
        f"https://mybinder.org/v2/{start}/{COMMIT}"
        "?urlpath=lab%2Ftree%2Fnotebooks%2Fbasics%2Fattention.ipynb"
    )


def test_a_branch_stands_in_for_the_commit() -> None:
    environment = known("https://github.com/one/two")
    del environment["READTHEDOCS_GIT_COMMIT_HASH"]
    environment["READTHEDOCS_GIT_IDENTIFIER"] = "feature/x"
    address = cloud_links.binder_address("basics/attention", environment)
    assert address.startswith("https://mybinder.org/v2/gh/one/two/feature%2Fx?")


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"READTHEDOCS_GIT_CLONE_URL": "https://github.com/one/two"},
        known("https://example.org/one/two.git"),
        known(""),
    ],
)
def test_there_is_no_address_where_something_is_not_known(
    environment: dict[str, str],
) -> None:
    assert cloud_links.binder_address("basics/attention", environment) == ""


def footer() -> tuple[Any, nodes.container]:
    container = nodes.container(classes=["sphx-glr-footer"])
    document: Any = nodes.container("", container)
    return document, container


def test_the_link_stands_beside_the_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in known("https://github.com/one/two").items():
        monkeypatch.setenv(name, value)
    app: Any = SimpleNamespace(builder=SimpleNamespace(format="html"))
    document, container = footer()
    cloud_links.add_link(app, document, "basics/attention")
    assert 'href="https://mybinder.org/v2/gh/one/two/' in container.astext()
    assert "Run on Binder: attention.ipynb" in container.astext()


def test_no_page_of_a_local_build_names_binder(build: Build) -> None:
    for lesson in LESSONS:
        page = (build.site / "basics" / f"{lesson}.html").read_text("utf-8")
        assert "mybinder.org" not in page


def test_the_notebooks_that_binder_opens_are_made(tmp_path: Path) -> None:
    written = cloud_notebooks.write_notebooks(tmp_path / "notebooks")
    for lesson in LESSONS:
        address = cloud_links.binder_address(
            f"basics/{lesson}", known("https://github.com/one/two")
        )
        (opened,) = parse_qs(urlsplit(address).query)["urlpath"]
        path = tmp_path / opened.removeprefix("lab/tree/")
        assert path in written
        nbformat.validate(nbformat.read(path, as_version=4))


def test_binders_script_is_a_program_that_names_files_that_exist() -> None:
    script = ROOT / ".binder" / "postBuild"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
    text = script.read_text("utf-8")
    for name in ("docs/constraints.txt", "docs/_ext/cloud_notebooks.py"):
        assert name in text
        assert (ROOT / name).is_file()
