"""The habits of the repository: its files for GitHub, its citation, its rules."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from repo_review.processor import process

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXCEPTIONS: dict[str, str] = PYPROJECT["tool"]["repo-review"]["ignore"]


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def test_the_rules_of_scientific_python_hold() -> None:
    _, results = process(ROOT)
    assert len(results) > 50
    failed = [f"{r.name}: {r.description}" for r in results if r.result is False]
    assert failed == []


def test_each_exception_has_a_reason_and_is_needed() -> None:
    assert all(len(reason.split()) >= 2 for reason in EXCEPTIONS.values())
    # Without the exceptions, exactly these rules are broken.
    _, results = process(ROOT, ignore={"NONE"})
    assert {r.name for r in results if r.result is False} == set(EXCEPTIONS)


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("citation-file-format", ["CITATION.cff"]),
        ("dependabot", [".github/dependabot.yml"]),
        (
            "github-workflows",
            [
                f".github/workflows/{name}.yml"
                for name in ("notebooks", "pages", "tests")
            ],
        ),
        (
            "github-issue-forms",
            [".github/ISSUE_TEMPLATE/bug.yml", ".github/ISSUE_TEMPLATE/lesson.yml"],
        ),
        ("github-issue-config", [".github/ISSUE_TEMPLATE/config.yml"]),
        ("readthedocs", [".readthedocs.yaml"]),
    ],
)
def test_a_file_follows_its_schema(schema: str, paths: list[str]) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    find_no_fault(*check, f"vendor.{schema}", *(ROOT / path for path in paths))


def find_no_fault(*command: str | Path) -> None:
    """Run a tool; fail with what it says."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_citation_names_this_project_in_this_version() -> None:
    citation, project = load("CITATION.cff"), PYPROJECT["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    conf = (ROOT / "docs" / "conf.py").read_text("utf-8")
    assert f'project = "{citation["title"]}"' in conf
    readme = " ".join((ROOT / "README.md").read_text("utf-8").replace(">", "").split())
    author = citation["authors"][0]["name"]
    assert (
        f"{author} (2026). *{citation['title']}*, version {project['version']}"
        in readme
    )


# A command that answers what the Makefile asks of it, and makes no environment.
FAKE_PYTHON = """\
#!/bin/sh
test "$1" = -c && exec "{real}" -c '
import sys
sys.version_info = ({version})
sys.modules["{lacks}"] = None
exec(sys.argv[1])' "$2"
"""


def fake_python(version: str, lacks: str = "nothing") -> str:
    parts = version.replace(".", ", ")
    return FAKE_PYTHON.format(real=sys.executable, version=parts, lacks=lacks)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other programs")
@pytest.mark.parametrize(
    ("commands", "says"),
    [
        ({"python": fake_python("3.13.5")}, "Making .venv with Python 3.13.5 ..."),
        *(
            (
                {
                    "python3": fake_python("3.11.2"),
                    f"python3.{minor - 1}": fake_python(f"3.{minor - 1}.2"),
                    f"python3.{minor}": fake_python(f"3.{minor}.1"),
                },
                f"Making .venv with Python 3.{minor}.1 ...",
            )
            for minor in (11, 12, 13, 14)
        ),
        (
            {
                "python3.13": "#!/bin/sh\nexit 127\n",
                "python3.12": fake_python("3.12.3", "ensurepip"),
                "python3": fake_python("3.11.2"),
            },
            "Making .venv with Python 3.11.2 ...",
        ),
        (
            {"python3": fake_python("3.13.5", "venv")},
            (
                "python3 (3.13.5) lacks the module venv: install it (Debian and "
                "Ubuntu: apt install python3-venv), then try again."
            ),
        ),
        (
            {"python3": fake_python("3.10.13")},
            (
                "Python 3.11 or newer was not found (python3 is 3.10.13): install it, "
                "or name yours: make -C docs html PYTHON=/path/to/python3"
            ),
        ),
        (
            {},
            (
                "Python 3.11 or newer was not found: install it, or name yours: "
                "make -C docs html PYTHON=/path/to/python3"
            ),
        ),
    ],
)
def test_make_finds_a_python_or_says_so_in_a_sentence(
    tmp_path: Path, commands: dict[str, str], says: str
) -> None:
    (tmp_path / "docs").mkdir()
    for file in ("docs/Makefile", "docs/constraints.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / file, tmp_path / file)
    (tmp_path / "bin").mkdir()
    for name, text in commands.items():
        path = tmp_path / "bin" / name
        path.write_text(text, "utf-8")
        path.chmod(0o755)
    make = shutil.which("make")
    assert make is not None
    done = subprocess.run(
        [make, "-C", tmp_path / "docs", "html"],
        env={"PATH": str(tmp_path / "bin"), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if says in line]
    assert said == [says]


def test_github_runs_the_two_commands_everywhere() -> None:
    (job,) = load(".github/workflows/tests.yml")["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands == [
        "make -C docs html PYTHON=python",
        "make -C docs test PYTHON=python",
    ]
    matrix = job["strategy"]["matrix"]
    assert [name.split("-")[0] for name in matrix["os"]] == [
        "ubuntu",
        "macos",
        "windows",
    ]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert PYPROJECT["project"]["requires-python"] == f">={matrix['python'][0]}"


def test_the_workflows_are_safe() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    find_no_fault(zizmor, "--offline", ROOT / ".github")


def test_the_contributing_guide_lists_every_command() -> None:
    makefile = (ROOT / "docs" / "Makefile").read_text("utf-8")
    phony = " ".join(re.findall(r"^\.PHONY: (.+)$", makefile, re.M))
    guide = (ROOT / "docs" / "contributing.rst").read_text("utf-8")
    assert len(phony.split()) > 10
    for target in phony.split():
        if target != "help":
            assert f"make -C docs {target}``" in guide, target
            assert f"make -C docs {target} " in makefile, f"help does not list {target}"
