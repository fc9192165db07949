"""The links of a lesson: right where the repository is known, absent where not."""

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
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document
from site_build import ROOT, RUN, Build
from sphinx.addnodes import download_reference

import lesson_header
import notebooks

COMMIT = "0123abc"
FILES = ("ipynb", "py", "zip")


def known(clone: str, kind: str = "branch", name: str = "main") -> dict[str, str]:
    return {
        "READTHEDOCS_GIT_CLONE_URL": clone,
        "READTHEDOCS_GIT_COMMIT_HASH": COMMIT,
        "READTHEDOCS_GIT_IDENTIFIER": name,
        "READTHEDOCS_VERSION_TYPE": kind,
    }


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"READTHEDOCS_GIT_CLONE_URL": "https://github.com/one/two"},
        known("https://example.org/one/two.git"),
    ],
)
def test_there_is_no_address_where_something_is_not_known(
    environment: dict[str, str],
) -> None:
    assert lesson_header.binder_address("basics/attention", environment) == ""
    assert lesson_header.colab_address("basics/attention", environment) == ""


@pytest.mark.parametrize(
    ("clone", "kind", "name", "start"),
    [
        ("https://github.com/a/b.git", "branch", "x/#1", "github.com/a/b/edit/x/%231/"),
        ("https://github.com/a/b", "tag", "v1", "github.com/a/b/edit/main/"),
    ],
)
def test_a_lesson_is_edited_on_a_branch(
    clone: str, kind: str, name: str, start: str
) -> None:
    environment = known(clone, kind, name)
    address = lesson_header.edit_address("basics/attention", environment)
    assert address == f"https://{start}docs/tutorials/basics/attention.py"


REPORTED = ("basics/attention", "Attention", "0.2.0, 1 May 2026")


def test_the_form_for_mistakes_has_the_fields_that_are_filled_in() -> None:
    environment = known("https://github.com/one/two")
    address = urlsplit(lesson_header.report_address(*REPORTED, environment))
    assert (address.netloc, address.path) == ("github.com", "/one/two/issues/new")
    fields = parse_qs(address.query)
    (form,) = fields.pop("template")
    assert fields == {
        "page": ["Attention (basics/attention.html)"],
        "version": ["0.2.0, 1 May 2026"],
    }
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / form).read_text("utf-8")
    assert set(fields) <= {part["id"] for part in yaml.safe_load(text)["body"]}


@pytest.mark.parametrize(
    ("kind", "name"), [("branch", "main"), ("tag", "v0.1.0"), ("tag", "a/b")]
)
def test_colab_opens_the_notebook_of_the_branch_or_tag(kind: str, name: str) -> None:
    environment = known("git@github.com:one/two.git", kind, name)
    assert lesson_header.colab_address("basics/attention", environment) == (
        "https://colab.research.google.com/github/one/two/blob/"
        f"notebooks/{name}/basics/attention.ipynb"
    )


def test_the_row_has_all_links_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in known("https://github.com/one/two").items():
        monkeypatch.setenv(name, value)
    app: Any = SimpleNamespace(
        builder=SimpleNamespace(format="html"),
        config=SimpleNamespace(html_context={"edition": "0.2.0"}),
        env=SimpleNamespace(titles={"basics/attention": nodes.title("", "Attention")}),
    )
    document = new_document("attention")
    files = [download_reference(filename=f"0/attention.{x}") for x in FILES]
    document += nodes.section("", nodes.title("", "Attention"), *files)
    lesson_header.add_links(app, document, "basics/attention")
    items = document.next_node(nodes.bullet_list)
    links = [item.next_node(nodes.paragraph)[0] for item in items]
    row = {link.astext(): link.get("refuri", link.get("filename")) for link in links}
    texts = ["Notebook", "Script", "Zip", "Colab", "Binder", "Edit", "Report a mistake"]
    assert list(row) == texts
    assert row["Notebook"] == "0/attention.ipynb"
    assert urlsplit(row["Colab"]).netloc == "colab.research.google.com"
    assert row["Binder"] == (
        f"https://mybinder.org/v2/gh/one/two/{COMMIT}"
        "?urlpath=lab%2Ftree%2Fnotebooks%2Fbasics%2Fattention.ipynb"
    )
    assert {urlsplit(row[text]).netloc for text in texts[5:]} == {"github.com"}


@pytest.mark.parametrize("lesson", RUN)
def test_a_local_build_links_the_files_alone_under_the_title(
    build: Build, lesson: str
) -> None:
    text = (build.site / f"{lesson}.html").read_text("utf-8")
    page = BeautifulSoup(text, "html.parser")
    (row,) = page.select("h1 + .lesson-links")
    files = {link.get_text(): str(link["href"]) for link in row.select("a")}
    assert list(files) == ["Notebook", "Script", "Zip"]
    at_the_end = [link["href"] for link in page.select(".sphx-glr-footer a")]
    assert list(files.values()) == at_the_end
    assert "sphx-glr-download-link-note" not in text
    for other in ("mybinder.org", "colab.research", "/edit/", "/issues/new"):
        assert other not in text


# -- what the links open


def test_the_notebooks_that_binder_opens_are_made(tmp_path: Path) -> None:
    notebooks.write_notebooks(tmp_path / "notebooks")
    for lesson in RUN:
        address = lesson_header.binder_address(
            lesson, known("https://github.com/one/two")
        )
        (opened,) = parse_qs(urlsplit(address).query)["urlpath"]
        path = tmp_path / opened.removeprefix("lab/tree/")
        nbformat.validate(nbformat.read(path, as_version=4))


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
        done = push(repository, tmp_path / "written", name)
        assert done.stdout.startswith("The notebooks"), done.stderr
    again = push(repository, tmp_path / "written", "main")
    assert again.stdout == "The notebooks of main have not changed.\n"
    for name, content in [("main", "new"), ("v1", "tagged")]:
        environment = known("https://github.com/one/two", "tag", name)
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


def push(repository: Path, folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / ".github" / "push_notebooks.sh"
    return subprocess.run(
        [script, repository, folder, name], capture_output=True, text=True, check=False
    )


def test_the_workflow_publishes_where_the_links_lead() -> None:
    text = (ROOT / ".github" / "workflows" / "notebooks.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    # YAML reads the key "on" as true
    assert workflow[True]["push"] == {"branches": [lesson_header.MAIN], "tags": ["**"]}
    assert f"$GITHUB_REPOSITORY/{lesson_header.NOTEBOOKS}/$GITHUB_REF_NAME" in text
