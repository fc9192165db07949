"""What the package needs, what is pinned, what is vendored, and what is packed."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
import tarfile
import tomllib
from importlib.metadata import distribution, requires
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUN_TIME = {"torch", "numpy", "matplotlib", "seaborn"}

# constraints.txt is written on such a machine; others need a few packages more or less.
on_the_machine_of_the_pins = pytest.mark.skipif(
    sys.platform != "linux" or sys.version_info[:2] != (3, 11),
    reason="constraints.txt pins what Python 3.11 needs on Linux",
)


def run(*command: str | Path) -> str:
    """Run a tool of the environment; fail with what it says."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# -- run-time dependencies


def test_the_package_needs_four_others_and_no_more() -> None:
    names = {Requirement(line).name for line in PYPROJECT["project"]["dependencies"]}
    assert names == RUN_TIME
    installed = [Requirement(line) for line in requires("nnbasics") or []]
    assert {r.name for r in installed if "extra" not in str(r.marker)} == RUN_TIME


def test_the_package_imports_nothing_else() -> None:
    imported: dict[str, set[str]] = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: a relative import"
                names = [node.module or ""]
            for name in names:
                imported.setdefault(name.split(".")[0], set()).add(path.name)
    others = set(imported) - set(sys.stdlib_module_names) - {"nnbasics"}
    # cycler is matplotlib's own; Pygments is tried for, and done without.
    assert others - {"cycler", "pygments"} == RUN_TIME
    assert imported["pygments"] == {"source.py"}


# -- pins


def pins() -> dict[str, str]:
    """Return the pinned versions by their normalised names."""
    pinned: dict[str, str] = {}
    for line in (DOCS / "constraints.txt").read_text("utf-8").splitlines():
        match = re.fullmatch(r"(?P<name>[\w.-]+)==(?P<version>[\w.!]+)", line)
        assert match, f"not one exact version: {line!r}"
        pinned[canonicalize_name(match["name"])] = match["version"]
    return pinned


def installed_with_extras() -> dict[str, str]:
    """Follow the requirements of nnbasics[docs,test] through the environment."""
    to_follow = [Requirement("nnbasics[docs,test]")]
    found: dict[str, str] = {}
    followed: set[tuple[str, frozenset[str]]] = set()
    while to_follow:
        requirement = to_follow.pop()
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in followed:
            continue
        followed.add((name, frozenset(requirement.extras)))
        found[name] = distribution(name).version.split("+")[0]  # torch's "+cpu"
        for line in requires(name) or []:
            needed = Requirement(line)
            extras = requirement.extras or {""}
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in {*extras, ""}
            ):
                to_follow.append(needed)
    del found["nnbasics"]
    return found


@on_the_machine_of_the_pins
def test_everything_that_is_installed_is_pinned_at_its_version() -> None:
    needed = installed_with_extras()
    assert len(needed) > 100
    pinned = pins()
    # pip and setuptools come with the environment, and are nobody's pin
    missing = {n: v for n, v in needed.items() if pinned.get(n) != v}
    assert missing.keys() <= {"pip", "setuptools"}, missing


@on_the_machine_of_the_pins
def test_nothing_is_pinned_that_is_not_needed() -> None:
    assert pins().keys() - installed_with_extras().keys() == set()


def test_the_pins_fit_what_is_allowed() -> None:
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    allowed = [
        *project["dependencies"],
        *(r for extra in extras.values() for r in extra),
    ]
    pinned = pins()
    for requirement in map(Requirement, allowed):
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


# -- vendored files


def checksums() -> dict[str, str]:
    lines = (DOCS / "vendored.sha256").read_text("utf-8").splitlines()
    return {path: digest for digest, path in (line.split("  ") for line in lines)}


def vendored_files() -> list[Path]:
    folders = (DOCS / "_ext" / "vendor", DOCS / "_static" / "katex")
    return [p for folder in folders for p in folder.rglob("*") if p.is_file()]


def test_vendored_files_are_those_that_were_looked_at() -> None:
    recorded = checksums()
    found = {path.relative_to(DOCS).as_posix(): path for path in vendored_files()}
    assert found.keys() == recorded.keys()
    for name, path in found.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == recorded[name], name


def test_licences_stand_beside_vendored_files_and_on_a_page() -> None:
    page = (DOCS / "licences.rst").read_text("utf-8")
    for path in vendored_files():
        folder = path.parent
        licences = [p for p in folder.iterdir() if p.stem in {"LICENSE", "OFL"}]
        assert licences, f"no licence beside {path}"
        assert f"``{folder.relative_to(ROOT).as_posix()}/``" in page
    assert "SIL Open Font License" in page
    fonts = {
        p.stem.split("-")[0] for p in (DOCS / "_static/katex/fonts").glob("*.woff2")
    }
    ofl = (DOCS / "_static/katex/fonts/OFL.txt").read_text("utf-8")
    assert all(font in ofl for font in fonts)


# -- packages


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist and, from it, the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    run("build", "--no-isolation", "--outdir", folder)
    return folder


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_sdist_builds_the_same_wheel_as_the_clone(
    packed: Path, tmp_path: Path
) -> None:
    run("build", "--no-isolation", "--wheel", "--outdir", tmp_path)
    from_sdist, from_clone = only(packed, "*.whl"), only(tmp_path, "*.whl")
    assert from_sdist.name == from_clone.name
    assert contents(from_sdist) == contents(from_clone)


def test_the_wheel_holds_the_package_and_nothing_else(packed: Path) -> None:
    wheel = only(packed, "*.whl")
    version = PYPROJECT["project"]["version"]
    inside = {name for name in contents(wheel) if ".dist-info/" not in name}
    src = ROOT / "src"
    tracked = {
        path.relative_to(src).as_posix()
        for path in (src / "nnbasics").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == tracked
    assert "nnbasics/py.typed" in inside
    assert f"nnbasics-{version}.dist-info/licenses/LICENSE" in contents(wheel)
    run("check_wheel_contents", wheel)


def test_the_sdist_holds_what_is_needed_to_test_and_to_build(packed: Path) -> None:
    with tarfile.open(only(packed, "*.tar.gz")) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {
        "LICENSE",
        "README.md",
        "CITATION.cff",
        "pyproject.toml",
        "docs/Makefile",
        "docs/constraints.txt",
        "tests/test_attention.py",
    } <= names
    generated = (
        "docs/_build/",
        "docs/basics/",
        "docs/transformer/",
        "docs/api/",
        ".venv/",
    )
    assert not [name for name in names if name.startswith((*generated, ".venv/"))]


def test_an_index_would_show_the_description(packed: Path) -> None:
    said = run("twine", "check", "--strict", *sorted(packed.iterdir()))
    assert said.count("PASSED") == 2


@pytest.mark.parametrize(
    "name",
    [
        "sphinx_gallery.gen_gallery:DEFAULT_GALLERY_CONF",
        "sphinx_gallery.notebook:jupyter_notebook",
        "sphinx_gallery.py_source_parser:extract_file_config",
        "sphinx_gallery.py_source_parser:IGNORE_BLOCK_PATTERN",
        "sphinx_gallery.py_source_parser:remove_config_comments",
        "sphinx_gallery.py_source_parser:remove_ignore_blocks",
        "sphinx_gallery.py_source_parser:split_code_and_text_blocks",
    ],
)
def test_what_the_build_uses_and_nobody_promises_is_there(name: str) -> None:
    assert resolve_name(name) is not None
