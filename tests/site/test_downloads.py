"""What readers download: complete, clean, and running on a machine of their own."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from fresh_environment import (
    Environment,
    errors_of,
)
from site_build import LESSONS, ROOT, VERSION, Build

WHEEL = f"nnbasics-{VERSION}-py3-none-any.whl"


def unpack(archive: Path, target: Path) -> Path:
    """Unpack a zip with one folder in it, and return the folder."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(target)
    (folder,) = target.iterdir()
    return folder


def download(build: Build, name: str) -> Path:
    (path,) = (build.site / "_downloads").glob(f"*/{name}")
    return path


# -- what is in them


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_zip_of_a_lesson_has_all_it_needs(build: Build, lesson: str) -> None:
    with zipfile.ZipFile(download(build, f"{lesson}.zip")) as content:
        names = content.namelist()
        script = content.read(f"{lesson}/{lesson}.py").decode()
        notebook = content.read(f"{lesson}/{lesson}.ipynb")
        readme = content.read(f"{lesson}/README.txt").decode()
        wheel = content.read(f"{lesson}/{WHEEL}")
    files = ["README.txt", WHEEL, "requirements.txt", f"{lesson}.ipynb", f"{lesson}.py"]
    assert names == [f"{lesson}/{file}" for file in sorted(files)]
    assert script == download(build, f"{lesson}.py").read_text("utf-8")
    assert notebook == download(build, f"{lesson}.ipynb").read_bytes()
    assert wheel == (build.site / "wheels" / WHEEL).read_bytes()
    assert len(readme.splitlines()) == 5
    assert f"{lesson}.ipynb" in readme
    assert f"python {lesson}.py" in readme


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_lesson_in_a_script_is_that_of_the_repository(
    build: Build, lesson: str
) -> None:
    script = download(build, f"{lesson}.py").read_text("utf-8")
    source = build.root / "docs" / "tutorials" / "basics" / f"{lesson}.py"
    assert script.endswith("\n# %%\n" + source.read_text("utf-8"))
    assert script.startswith(f"# {source.read_text('utf-8').splitlines()[1]}: a lesson")


def test_requirements_are_the_ranges_of_the_project(build: Build) -> None:
    with zipfile.ZipFile(download(build, "attention.zip")) as content:
        text = content.read("attention/requirements.txt").decode()
    lines = [line for line in text.splitlines() if line and line[0] not in "#-"]
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert lines[0] == f"nnbasics=={VERSION}"
    assert len(lines) == 5
    for line in lines[1:]:
        assert f'"{line}"' in project


def test_the_zip_of_the_module_has_all_lessons(build: Build) -> None:
    with zipfile.ZipFile(build.site / "downloads" / "basics.zip") as content:
        names = set(content.namelist())
    files = {f"{lesson}.{suffix}" for lesson in LESSONS for suffix in ("py", "ipynb")}
    files |= {"README.txt", "requirements.txt", WHEEL}
    assert names == {f"basics/{file}" for file in files}


def test_the_page_of_the_wheel_names_its_hash(build: Build) -> None:
    page = (build.site / "wheels" / "index.html").read_text("utf-8")
    assert re.search(rf'href="{WHEEL}#sha256=[0-9a-f]{{64}}"', page)


# What raw reST, or a link that leads nowhere, would look like in a notebook.
RAW_REST = re.compile(
    r":[a-z]+:`|^\.\. |`_(\s|$)|^ +:[a-z-]+:( |$)|::$|\|[a-z]+\|_", re.M
)
RELATIVE_LINK = re.compile(r"\]\((?!https://)[^)]*\)")


@pytest.mark.parametrize("lesson", LESSONS)
def test_notebooks_are_valid_clean_and_in_markdown(build: Build, lesson: str) -> None:
    notebook = nbformat.read(download(build, f"{lesson}.ipynb"), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata == {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
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
    assert len(headings) == 1


# -- how they run, from the unpacked zip


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS)
def test_scripts_run_in_a_new_environment(
    build: Build, reader: Environment, lesson: str, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    folder = unpack(download(build, f"{lesson}.zip"), tmp_path)
    versions = reader.pip("freeze", "--exclude", "nnbasics")
    install = reader.run(
        "-m", "pip", "install", "-r", "requirements.txt", folder=folder
    )
    assert install.returncode == 0, install.stderr
    assert reader.pip("freeze", "--exclude", "nnbasics") == versions
    run = reader.run(f"{lesson}.py", folder=folder)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    figures = sorted((folder / f"{lesson}_figures").iterdir())
    assert re.findall(r"^\[(.*)\]\n    \S", run.stdout, re.M) == [
        str(figure.relative_to(folder)) for figure in figures
    ]
    source = (ROOT / "docs/tutorials/basics" / f"{lesson}.py").read_text("utf-8")
    titles = re.findall(r"^# (.+)\n# [-~]{3,}$", source, re.M)
    assert titles
    for title in titles:
        assert f"\n{title}\n" in run.stdout
    # the story, not only its headings: the first words of a paragraph of each cell
    openings = re.findall(r"^# %%\n# ([A-Z][a-z ]{15,}[a-z]) ", source, re.M)
    assert openings
    for words in openings:
        assert f"\n{words}" in run.stdout
    # what the code of the first cell says is for the reader of the file
    assert "stays as it is; a package" not in run.stdout


@pytest.mark.slow
def test_a_script_installs_what_is_missing_when_asked(
    build: Build, reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    folder = unpack(download(build, "solutions.zip"), tmp_path)
    script = folder / "solutions.py"
    _, set_up, _ = script.read_text("utf-8").split("\n# %%\n", 2)
    script.write_text(set_up, "utf-8")
    before = reader.run("solutions.py", folder=folder)
    assert before.returncode == 1
    assert before.stderr == (
        f"nnbasics is missing: this lesson needs nnbasics {VERSION} or newer.\n"
        "Install what is missing, from the file beside this one or from the "
        f"lessons' site:\n    {reader.python} solutions.py --install\n"
    )
    for _ in range(2):
        after = reader.run("solutions.py", "--install", folder=folder)
        assert after.returncode == 0, after.stderr
        assert after.stdout.endswith(f"nnbasics {VERSION} is ready.\n")
    assert reader.hosts() == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        lambda wheel: wheel[: len(wheel) // 2],
        lambda wheel: wheel.replace(b"nnbasics", b"nnbasicz", 1),
    ],
    ids=["truncated", "altered"],
)
def test_a_damaged_wheel_is_refused_in_a_sentence(
    build: Build, reader: Environment, tmp_path: Path, damage: object
) -> None:
    reader.forget_nnbasics()
    folder = unpack(download(build, "xor_network.zip"), tmp_path)
    wheel = folder / WHEEL
    assert callable(damage)
    wheel.write_bytes(damage(wheel.read_bytes()))
    message = (
        f"{WHEEL} is not the file that came with this lesson: it is truncated or was "
        "altered. Download the zip of the lesson again."
    )
    script = reader.run("xor_network.py", "--install", folder=folder)
    assert script.returncode == 1
    assert script.stderr == message + "\n"
    notebook = reader.run_notebook(only_first_cell(folder / "xor_network.ipynb"))
    assert errors_of(notebook) == [message]


def only_first_cell(path: Path) -> Path:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = notebook.cells[:1]
    nbformat.write(notebook, path)
    return path


@pytest.mark.slow
def test_a_lesson_by_itself_says_what_to_do(
    build: Build, reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    path = tmp_path / "attention.ipynb"
    path.write_bytes(download(build, "attention.ipynb").read_bytes())
    notebook = reader.run_notebook(only_first_cell(path))
    (message,) = errors_of(notebook)
    assert message == (
        f"nnbasics {VERSION}, the package of these lessons, is not installed, and "
        f"{WHEEL} is not beside this file. Download the zip of the lesson, which has "
        "it, and unpack it here."
    )


@pytest.mark.slow
def test_an_old_package_is_named_and_left_alone(
    build: Build, reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    folder = unpack(download(build, "attention.zip"), tmp_path / "lesson")
    metadata = tmp_path / "old" / "seaborn-0.12.0.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: seaborn\nVersion: 0.12.0\n")
    notebook = reader.run_notebook(
        only_first_cell(folder / "attention.ipynb"), PYTHONPATH=str(tmp_path / "old")
    )
    (message,) = errors_of(notebook)
    assert message == (
        "seaborn 0.12.0 is too old: this lesson needs seaborn 0.13 or newer. "
        "Upgrade it, or use a new virtual environment."
    )
    assert "nnbasics" not in reader.pip("list")
