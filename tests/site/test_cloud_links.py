"""Links to Binder and Colab: right where they are known, absent where not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
import yaml
from docutils import nodes
from site_build import LESSONS, ROOT, Build

import lesson_header
import notebooks

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
    address = lesson_header.binder_address("basics/attention", known(clone))
    assert address == (
        f"https://mybinder.org/v2/{start}/{COMMIT}"
        "?urlpath=lab%2Ftree%2Fnotebooks%2Fbasics%2Fattention.ipynb"
    )


def test_a_branch_stands_in_for_the_commit() -> None:
    environment = known("https://github.com/one/two")
    del environment["READTHEDOCS_GIT_COMMIT_HASH"]
    environment["READTHEDOCS_GIT_IDENTIFIER"] = "feature/x"
    address = lesson_header.binder_address("basics/attention", environment)
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
    assert lesson_header.binder_address("basics/attention", environment) == ""
    assert lesson_header.colab_address("basics/attention", environment) == ""


@pytest.mark.parametrize(
    ("kind", "name"), [("branch", "main"), ("tag", "v0.1.0"), ("tag", "a/b")]
)
def test_colab_opens_the_notebook_of_the_branch_or_tag(kind: str, name: str) -> None:
    environment = known("git@github.com:one/two.git")
    environment |= {
        "READTHEDOCS_GIT_IDENTIFIER": name,
        "READTHEDOCS_VERSION_TYPE": kind,
    }
    assert lesson_header.colab_address("basics/attention", environment) == (
        "https://colab.research.google.com/github/one/two/blob/"
        f"notebooks/{name}/basics/attention.ipynb"
    )


@pytest.mark.parametrize(
    ("clone", "kind", "name"),
    [
        ("https://github.com/one/two", "branch", "feature"),
        ("https://github.com/one/two", "external", "12"),
        ("https://gitlab.com/one/two", "branch", "main"),
    ],
)
def test_no_link_leads_where_no_notebooks_are_published(
    clone: str, kind: str, name: str
) -> None:
    environment = known(clone)
    environment |= {
        "READTHEDOCS_GIT_IDENTIFIER": name,
        "READTHEDOCS_VERSION_TYPE": kind,
    }
    assert lesson_header.colab_address("basics/attention", environment) == ""


def footer() -> tuple[Any, nodes.container]:
    container = nodes.container(classes=["sphx-glr-footer"])
    document: Any = nodes.container("", container)
    return document, container


def test_the_links_stand_beside_the_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in known("https://github.com/one/two").items():
        monkeypatch.setenv(name, value)
    app: Any = SimpleNamespace(builder=SimpleNamespace(format="html"))
    document, container = footer()
    lesson_header.add_links(app, document, "basics/attention")
    html = container.astext()
    assert 'href="https://mybinder.org/v2/gh/one/two/' in html
    assert "Run on Binder: attention.ipynb" in html
    assert 'href="https://colab.research.google.com/github/one/two/blob/' in html
    assert "Run on Colab: attention.ipynb" in html


def test_only_the_links_that_are_known_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in known("https://gitlab.com/one/two").items():
        monkeypatch.setenv(name, value)
    app: Any = SimpleNamespace(builder=SimpleNamespace(format="html"))
    document, container = footer()
    lesson_header.add_links(app, document, "basics/attention")
    assert container.astext().count("<a ") == 1


def test_no_page_of_a_local_build_names_them(build: Build) -> None:
    for lesson in LESSONS:
        page = (build.site / "basics" / f"{lesson}.html").read_text("utf-8")
        assert "mybinder.org" not in page
        assert "colab.research" not in page


# -- what the links open


def test_the_notebooks_that_binder_opens_are_made(tmp_path: Path) -> None:
    written = notebooks.write_notebooks(tmp_path / "notebooks")
    for lesson in LESSONS:
        address = lesson_header.binder_address(
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
    for name in ("docs/constraints.txt", "docs/_ext/notebooks.py"):
        assert name in text
        assert (ROOT / name).is_file()


def test_the_notebooks_that_colab_opens_are_pushed(tmp_path: Path) -> None:
    repository = tmp_path / "two.git"
    git("init", "--quiet", "--bare", str(repository))
    for name, content in [("main", "old"), ("v1", "tagged"), ("main", "new")]:
        shutil.rmtree(tmp_path / "written", ignore_errors=True)
        written = tmp_path / "written" / "basics" / "attention.ipynb"
        wheel = tmp_path / "written" / "wheels" / content / "a.whl"
        for file in (written, written.with_name(f"{content}.ipynb"), wheel):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, "utf-8")
        assert push(repository, tmp_path / "written", name).startswith("The notebooks")
    again = push(repository, tmp_path / "written", "main")
    assert again == "The notebooks of main have not changed.\n"
    environment = known("https://github.com/one/two")
    for name, content in [("main", "new"), ("v1", "tagged")]:
        environment["READTHEDOCS_GIT_IDENTIFIER"] = name
        environment["READTHEDOCS_VERSION_TYPE"] = "tag"
        address = lesson_header.colab_address("basics/attention", environment)
        branch, _, path = address.partition("/blob/")[2].partition("/")
        assert git("-C", str(repository), "show", f"{branch}:{path}") == content
    files = git("-C", str(repository), "ls-tree", "-r", "--name-only", "notebooks")
    assert files.split() == [
        "main/basics/attention.ipynb",
        "main/basics/new.ipynb",
        "main/wheels/new/a.whl",
        "main/wheels/old/a.whl",  # which notebooks of before install
        "v1/basics/attention.ipynb",
        "v1/basics/tagged.ipynb",
        "v1/wheels/tagged/a.whl",
    ]


def git(*arguments: str) -> str:
    run = subprocess.run(
        ["git", *arguments], capture_output=True, text=True, check=True
    )
    return run.stdout


def push(repository: Path, folder: Path, name: str) -> str:
    script = ROOT / ".github" / "push_notebooks.sh"
    run = subprocess.run(
        [script, repository, folder, name], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_a_repository_that_is_not_there_stops_the_push(tmp_path: Path) -> None:
    script = ROOT / ".github" / "push_notebooks.sh"
    run = subprocess.run(
        [script, tmp_path / "none.git", tmp_path, "main"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode not in (0, 2)
    assert "none.git" in run.stderr


def test_the_workflow_publishes_where_the_links_lead() -> None:
    text = (ROOT / ".github" / "workflows" / "notebooks.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    # YAML reads the key "on" as true
    assert workflow[True]["push"] == {"branches": [lesson_header.MAIN], "tags": ["**"]}
    assert f"$GITHUB_REPOSITORY/{lesson_header.NOTEBOOKS}/$GITHUB_REF_NAME" in text
