"""The code that installs what a lesson needs, and the wheel that it installs."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from site_build import copy_of_repository
from sphinx.errors import ExtensionError

import lesson_setup_code as code
from lesson_archives import write_zip
from package_wheel import Package, build_package

NEEDED = {"Python": "3.11", "nnbasics": "0.1.0", "torch": "2.13", "numpy": "2.0"}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the versions that the code finds; a test can change them."""
    versions = {"Python": "3.12.1", "nnbasics": "0.1.0"}
    versions |= {"torch": "2.13.0+cpu", "numpy": "2.0.0"}
    monkeypatch.setattr(code, "NEEDED", NEEDED)
    monkeypatch.setattr(code, "found", lambda package: versions.get(package, ""))
    return versions


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, installed: dict[str, str]) -> list[list[str]]:
    """Return the calls of pip, which installs what it is asked for."""
    calls: list[list[str]] = []

    def install(*arguments: str) -> None:
        calls.append(list(arguments))
        for argument in arguments:
            name = Path(argument).name.split("-")[0].split(">=")[0]
            if name in NEEDED:
                installed[name] = NEEDED[name]

    monkeypatch.setattr(code, "pip_install", install)
    return calls


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the wheel in it."""
    monkeypatch.setattr(code, "SHA256", hashlib.sha256(b"wheel").hexdigest())
    (tmp_path / code.WHEEL).write_bytes(b"wheel")
    return tmp_path


def test_nothing_is_installed_where_nothing_is_missing(
    folder: Path, pip: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    code.set_up(folder)
    assert pip == []
    assert capsys.readouterr().out == "nnbasics 0.1.0 is ready.\n"


def test_only_what_is_missing_is_asked_of_the_index(
    folder: Path,
    pip: list[list[str]],
    installed: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "nnbasics", raising=False)
    del installed["nnbasics"], installed["numpy"]
    code.set_up(folder)
    wheel = str(folder / code.WHEEL)
    assert pip == [["--no-index", "--no-deps", wheel], ["numpy>=2.0"]]


def test_an_old_package_of_ours_is_named_and_replaced(
    folder: Path,
    pip: list[list[str]],
    installed: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "nnbasics", raising=False)
    installed["nnbasics"] = "0.0.9"
    code.set_up(folder)
    assert len(pip) == 1
    assert capsys.readouterr().out == (
        "nnbasics 0.0.9 is too old: this lesson needs nnbasics 0.1.0 or newer. "
        "Installing it ...\nnnbasics 0.1.0 is ready.\n"
    )


def test_a_package_in_use_asks_for_a_restart(
    folder: Path,
    pip: list[list[str]],
    installed: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "nnbasics", ModuleType("nnbasics"))
    installed["nnbasics"] = "0.0.9"
    with pytest.raises(code.SetupError, match="restart Python, and run again"):
        code.set_up(folder)
    assert len(pip) == 1


@pytest.mark.parametrize(
    ("package", "version"),
    [("torch", "2.9.1+cu126"), ("numpy", "1.26.4"), ("Python", "3.10.14")],
)
def test_other_old_packages_are_named_and_left_alone(
    folder: Path,
    pip: list[list[str]],
    installed: dict[str, str],
    package: str,
    version: str,
) -> None:
    installed[package] = version
    with pytest.raises(code.SetupError) as error:
        code.set_up(folder)
    assert str(error.value).startswith(
        f"{package} {version} is too old: this lesson needs {package} "
        f"{NEEDED[package]} or newer."
    )
    assert pip == []


@pytest.mark.parametrize("version", ["2.13.0", "2.13.1", "2.14.0rc1", "3.0"])
def test_newer_versions_are_welcome(installed: dict[str, str], version: str) -> None:
    installed["torch"] = version
    assert code.problem_with("torch") == ""


def test_a_script_names_everything_that_is_wrong(installed: dict[str, str]) -> None:
    code.require_all("lesson.py")
    installed.update(nnbasics="", numpy="1.26.4")
    with pytest.raises(code.SetupError) as error:
        code.require_all("lesson.py")
    lines = str(error.value).splitlines()
    assert lines[0].startswith("nnbasics is missing")
    assert lines[1].startswith("numpy 1.26.4 is too old")
    assert lines[-1].endswith("lesson.py --install")


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        ("WARNING: x\nERROR: one\nERROR: two\nnote", "ERROR: two"),
        ("No module named pip\n", "No module named pip"),
        ("", "?"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "the file is truncated or "),
    ],
)
def test_what_pip_says_becomes_a_sentence(
    monkeypatch: pytest.MonkeyPatch, stderr: str, reason: str
) -> None:
    failed = SimpleNamespace(returncode=1, stderr=stderr)
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: failed)
    with pytest.raises(code.SetupError) as error:
        code.pip_install("numpy>=2.0")
    assert str(error.value).startswith(f"pip could not install numpy>=2.0: {reason}")


def test_the_real_versions_are_found() -> None:
    assert code.found("numpy")
    assert code.found("Python").startswith("3.")
    assert code.found("no-such-package-anywhere") == ""


# -- the wheel


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_repository(tmp_path_factory.mktemp("wheel") / "repository")


def test_the_wheel_has_the_package_and_no_traces_of_work(
    repository: Path, tmp_path: Path
) -> None:
    clean = build_package(repository)
    shutil.copytree(repository, tmp_path / "dirty")
    cache = tmp_path / "dirty" / "src" / "nnbasics" / "__pycache__"
    cache.mkdir()
    (cache / "xor.cpython-311.pyc").write_bytes(b"compiled")
    dirty = build_package(tmp_path / "dirty")
    assert dirty.content == clean.content
    (tmp_path / clean.wheel).write_bytes(clean.content)
    with zipfile.ZipFile(tmp_path / clean.wheel) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("nnbasics/")}
    source = repository / "src"
    assert packed == {
        path.relative_to(source).as_posix()
        for path in (source / "nnbasics").rglob("*")
        if path.is_file()
    }


def test_only_lower_bounds_are_understood() -> None:
    package = Package("x", "1.0", "x.whl", b"", ["numpy>=2.0", "torch<3"], ">=3.11")
    with pytest.raises(ExtensionError, match="torch<3 must be a lower bound such as"):
        package.oldest()


def test_the_date_in_zips_can_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_zip(tmp_path / "a.zip", {"b.txt": b"b", "a.txt": b"a"})
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a.txt", "b.txt"]
    assert entries[0].date_time == (2023, 11, 14, 22, 13, 20)
