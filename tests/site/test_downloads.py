"""What readers download: complete, clean, and running on a machine of their own."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from docutils import nodes
from fresh_environment import Environment, command_in, requirements, unpack
from site_build import MODULES, ROOT, RUN, WHEEL, Build, copy_of_repository
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from downloads.archives import write_zip
from downloads.finish import finish_downloads
from downloads.wheel import build_package

SUFFIXES = {"ipynb", "py", "zip"}
NAMES = [*MODULES["basics"], "solutions"]
# What pip would look for on an index.
BY_NAME = re.compile(r"""pip install .*[ '"]nnbasics(?! @)|nnbasics *[=<>~!]=""")


# -- what is in them


@pytest.mark.parametrize("lesson", RUN)
def test_the_zip_of_a_lesson_has_all_it_needs(
    build: Build, lesson: str, tmp_path: Path
) -> None:
    folder = unpack(build.download(f"{lesson}.zip"), tmp_path)
    name = Path(lesson).name
    files = {"README.txt", WHEEL, f"{name}.ipynb", f"{name}.py"}
    assert {path.name for path in folder.iterdir()} == files
    for suffix in ("ipynb", "py"):
        alone = build.download(f"{lesson}.{suffix}")
        assert (folder / alone.name).read_bytes() == alone.read_bytes()
    readme = (folder / "README.txt").read_text("utf-8")
    assert len(readme.splitlines()) == 5
    assert "You need Python 3.11 or newer." in readme
    assert f"open {name}.ipynb in Jupyter, or type: python {name}.py\n" in readme
    assert command_in(readme) == ["-m", "pip", "install", f"./{WHEEL}"]


@pytest.mark.parametrize("lesson", RUN)
def test_a_lesson_begins_with_the_line_of_pip(build: Build, lesson: str) -> None:
    notebook = nbformat.read(build.download(f"{lesson}.ipynb"), as_version=4)
    assert notebook.cells[0].source == f"%pip install --quiet ./{WHEEL}"
    assert notebook.cells[0].metadata == {"jupyter": {"source_hidden": True}}
    script = build.download(f"{lesson}.py").read_text("utf-8")
    head = script.partition('"""')[0]
    assert all(line.startswith("#") for line in head.strip().splitlines())
    assert command_in(head) == ["-m", "pip", "install", f"./{WHEEL}"]


@pytest.mark.parametrize("lesson", RUN)
def test_no_download_shows_what_only_the_build_needs(build: Build, lesson: str) -> None:
    notebook = nbformat.read(build.download(f"{lesson}.ipynb"), as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    script = build.download(f"{lesson}.py").read_text("utf-8")
    assert script.count("run_in_terminal()") == 1
    for text in ["\n".join(cells), script]:
        assert "sphinx_gallery" not in text
        assert "set_label(" not in text
        assert re.search(r"^ *assert ", text, re.M) is None


@pytest.mark.parametrize("module", MODULES)
def test_the_zip_of_a_module_has_all_its_lessons(
    build: Build, module: str, tmp_path: Path
) -> None:
    folder = unpack(build.site / "downloads" / f"{module}.zip", tmp_path)
    names = [*MODULES[module], "solutions"]
    files = {f"{name}.{suffix}" for name in names for suffix in ("py", "ipynb")}
    assert {path.name for path in folder.iterdir()} == files | {"README.txt", WHEEL}
    assert folder.name == module
    readme = (folder / "README.txt").read_text("utf-8")
    assert f"type: python {names[0]}.py\n" in readme


def test_the_page_of_the_wheel_links_it_with_its_hash(build: Build) -> None:
    page = (build.site / "wheels" / "index.html").read_text("utf-8")
    ((link, sha256),) = re.findall(r'href="(.*\.whl)#sha256=(\w+)"', page)
    content = (build.site / "wheels" / link).read_bytes()
    assert hashlib.sha256(content).hexdigest() == sha256
    assert f"python -m pip install ./{WHEEL}" in page


def test_nothing_asks_an_index_for_the_package(build: Build, tmp_path: Path) -> None:
    folder = unpack(build.site / "downloads" / "basics.zip", tmp_path)
    texts = [path for path in folder.iterdir() if path.suffix != ".whl"]
    texts += [ROOT / "README.md", ROOT / ".binder" / "postBuild", *build.pages]
    texts += (ROOT / ".github").rglob("*.yml")
    named = [path for path in texts if BY_NAME.search(path.read_text("utf-8"))]
    assert named == []


@pytest.mark.parametrize("page", ["README.md", "docs/index.rst"])
def test_the_front_pages_name_the_wheel_of_this_version(page: str) -> None:
    command = command_in((ROOT / page).read_text("utf-8"))
    assert command == ["-m", "pip", "install", f"./{WHEEL}"]


# What raw reST, or a link that leads nowhere, would look like in a notebook.
RAW_REST = re.compile(
    r":[a-z]+:`|^\.\. |`_(\s|$)|^ +:[a-z-]+:( |$)|::$|\|[a-z]+\|_", re.M
)
RELATIVE_LINK = re.compile(r"\]\((?!https://)[^)]*\)")


@pytest.mark.parametrize("lesson", RUN)
def test_notebooks_are_valid_clean_and_in_markdown(build: Build, lesson: str) -> None:
    notebook = nbformat.read(build.download(f"{lesson}.ipynb"), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.keys() == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    headings = []
    for cell in notebook.cells:
        assert cell.id
        assert "sphinx_gallery" not in cell.source
        assert cell.source.strip()
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            continue
        prose = re.sub(r"^```.*?^```$", "", cell.source, flags=re.M | re.S)
        assert not RAW_REST.search(prose), cell.source
        assert not RELATIVE_LINK.search(prose), cell.source
        headings += re.findall(r"^# ", prose, re.M)
        assert not re.search(r"\n#+ ", prose)  # JupyterLab folds from cell to cell
        deeper = re.match("#+ Going deeper: ", prose)
        assert cell.metadata == (
            {"jp-MarkdownHeadingCollapsed": True} if deeper else {}
        )
        assert not deeper or "\n" not in prose.strip()
    assert len(headings) == 1


# -- how they are made


def test_the_wheel_has_the_package_and_no_traces_of_work(tmp_path: Path) -> None:
    root = copy_of_repository(tmp_path / "repository")
    source = root / "src"
    files = {path.relative_to(source).as_posix() for path in source.rglob("*.*")}
    clean = build_package(root)
    cache = source / "nnbasics" / "__pycache__"
    cache.mkdir()
    (cache / "xor.cpython-311.pyc").write_bytes(b"compiled")
    assert build_package(root).content == clean.content
    clean.write(tmp_path)
    with zipfile.ZipFile(tmp_path / clean.place) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("nnbasics/")}
    assert packed == files


def test_the_date_in_zips_can_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_zip(tmp_path / "a.zip", {"b.txt": b"b", "a.txt": b"a"})
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a/a.txt", "a/b.txt"]
    assert entries[0].date_time == (2023, 11, 14, 22, 13, 20)


@pytest.fixture
def app(tmp_path: Path) -> Any:
    """Return what a build of two modules has made before it finishes the downloads."""
    docs = copy_of_repository(tmp_path / "repository") / "docs"
    shutil.rmtree(docs / "tutorials" / "transformer")
    site = tmp_path / "site"
    shutil.copytree(docs / "tutorials" / "basics", docs / "tutorials" / "second")
    for module in ("basics", "second"):
        (site / module).mkdir(parents=True)
        for lesson in NAMES:
            folder = site / "_downloads" / f"{module}-{lesson}"
            folder.mkdir(parents=True)
            files = [f"../_downloads/{folder.name}/{lesson}.{s}" for s in SUFFIXES]
            links = [f"https://colab.org/{lesson}.ipynb", *files]
            text = "".join(f'<a href="{link}">' for link in links)
            (site / module / f"{lesson}.html").write_text(text, "utf-8")
    (site / "index.html").touch()
    render = SimpleNamespace(render=lambda *_: "")
    gallery = {
        "examples_dirs": ["tutorials/basics", "tutorials/second"],
        "gallery_dirs": ["basics", "second"],
    }
    return SimpleNamespace(
        srcdir=docs,
        outdir=site,
        builder=SimpleNamespace(format="html", templates=render),
        config=SimpleNamespace(
            sphinx_gallery_conf=DEFAULT_GALLERY_CONF | gallery,
            html_baseurl="https://a.org/b/",
            project="Two",
        ),
        env=SimpleNamespace(
            titles=defaultdict(nodes.title), metadata=defaultdict(dict)
        ),
    )


def test_wheels_of_yesterday_and_of_releases_stay(app: Any) -> None:
    yesterday = build_package(app.srcdir.parent)
    finish_downloads(app, None)
    release = app.srcdir / "wheels" / "0123" / "nnbasics-0.1.0-py3-none-any.whl"
    release.parent.mkdir(parents=True)
    release.write_bytes(b"a wheel")
    (app.srcdir.parent / "src" / "nnbasics" / "new.py").touch()
    today = build_package(app.srcdir.parent)
    finish_downloads(app, None)
    wheels = {path.read_bytes() for path in app.outdir.glob("wheels/*/*.whl")}
    assert wheels >= {yesterday.content, today.content, b"a wheel"}
    assert (app.outdir / yesterday.place).read_bytes() == yesterday.content
    with zipfile.ZipFile(app.outdir / "downloads" / "two.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".whl")]
    assert names == [f"two/{today.place}"]


def test_a_page_without_a_link_ends_the_build_and_is_named(
    app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (app.outdir / "basics" / "attention.html").write_text("", "utf-8")
    with pytest.raises(SystemExit):
        finish_downloads(app, None)
    assert "attention.html: expected a link to" in caplog.text


# -- what pip makes of them, on machines of several kinds


@pytest.fixture
def folder(build: Build, tmp_path: Path) -> Path:
    """Return a lesson, unpacked."""
    return unpack(build.download("basics/attention.zip"), tmp_path / "unpacked")


@pytest.mark.slow
@pytest.mark.parametrize("present", [False, True])
def test_pip_installs_what_is_missing_and_leaves_the_rest_alone(
    bare: Environment, folder: Path, tmp_path: Path, present: bool
) -> None:
    for needed in requirements() if present else []:
        (specifier,) = needed.specifier
        version = specifier.version  # the oldest that is good enough
        metadata = tmp_path / f"{needed.name}-{version}.dist-info" / "METADATA"
        metadata.parent.mkdir()
        metadata.write_text(
            f"Metadata-Version: 2.1\nName: {needed.name}\nVersion: {version}\n"
        )
    bare.log.unlink(missing_ok=True)
    command = command_in((folder / "README.txt").read_text("utf-8"))
    run = bare.run(*command, "--dry-run", folder=folder, PYTHONPATH=str(tmp_path))
    assert run.returncode == 0, run.stderr
    (listed,) = re.findall("^Would install (.*)", run.stdout, re.MULTILINE)
    installed = {name.rsplit("-", 1)[0] for name in listed.split()}
    if present:
        assert installed == {"nnbasics"}
        assert bare.asked_for() == []
    else:
        assert installed > {"nnbasics", *(needed.name for needed in requirements())}
        assert "torch" in bare.asked_for()
        assert "nnbasics" not in bare.asked_for()


@pytest.mark.slow
def test_pip_says_what_is_wrong_with_the_wheel(bare: Environment, folder: Path) -> None:
    command = command_in((folder / "attention.py").read_text("utf-8"))
    wheel = folder / WHEEL
    wheel.write_bytes(wheel.read_bytes()[:40_000])
    run = bare.run(*command, folder=folder)
    assert run.returncode == 1
    assert f"Wheel 'nnbasics' located at {wheel} is invalid." in run.stderr
    wheel.unlink()
    run = bare.run(*command, folder=folder)
    assert run.returncode == 1
    assert f"No such file or directory: '{wheel}'" in run.stderr


@pytest.mark.slow
def test_a_script_without_the_package_names_it(bare: Environment, folder: Path) -> None:
    run = bare.run("attention.py", folder=folder)
    assert run.returncode == 1
    assert run.stderr.endswith("ModuleNotFoundError: No module named 'nnbasics'\n")


@pytest.mark.slow
# one of each module: all notebooks are run, and "make machines" runs all scripts
@pytest.mark.parametrize(
    "lesson", [f"{module}/{names[0]}" for module, names in MODULES.items()]
)
def test_scripts_run_in_a_new_environment(
    build: Build, reader: Environment, lesson: str, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    folder = unpack(build.download(f"{lesson}.zip"), tmp_path)
    versions = reader.pip("freeze", "--exclude", "nnbasics")
    command = command_in((folder / "README.txt").read_text("utf-8"))
    install = reader.run(*command, folder=folder)
    assert install.returncode == 0, install.stderr
    assert reader.asked_for() == []
    assert reader.pip("freeze", "--exclude", "nnbasics") == versions
    name = Path(lesson).name
    run = reader.run(f"{name}.py", folder=folder)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    figures = sorted((folder / f"{name}_figures").iterdir())
    assert re.findall(r"^\[(\w+_figures/.*)\]$", run.stdout, re.M) == [
        str(figure.relative_to(folder)) for figure in figures
    ]
    source = (ROOT / "docs" / "tutorials" / f"{lesson}.py").read_text("utf-8")
    titles = re.findall(r"^# (.+)\n# [-~]{3,}$", source, re.M)
    assert titles
    for title in titles:
        assert f"\n{title}\n" in run.stdout
    # the story, not only its headings: the first words of a paragraph of each cell
    openings = re.findall(r"^# %%\n# ([A-Z][a-z ]{15,}[a-z]) ", source, re.M)
    assert openings
    for words in openings:
        assert f"\n{words}" in run.stdout
    # what the comment at the top says is for the reader of the file
    assert "install it first" not in run.stdout
