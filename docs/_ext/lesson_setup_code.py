# Install nnbasics, the package of these lessons, unless it is there already.
# It comes from the file beside this one or, if there is none, from the lessons' site.
# What you have stays as it is; a package that is too old is named.
import hashlib
import importlib
import platform
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

WHEEL = "nnbasics-0-py3-none-any.whl"
SHA256 = ""
WHEELS = ""  # the address of the wheel, or of its page, if it is known
NEEDED = {"Python": "3.11", "nnbasics": "0"}


class SetupError(Exception):
    """A message for the reader, which Jupyter shows without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def found(package: str) -> str:
    """Return the version that is installed, or nothing."""
    if package == "Python":
        return platform.python_version()
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def problem_with(package: str) -> str:
    """Say what is wrong with a package, if it is missing or too old."""
    version, needed = found(package), NEEDED[package]
    numbers = [[int(n) for n in re.findall(r"\d+", v)] for v in (version, needed)]
    if not version:
        return f"{package} is missing: this lesson needs {package} {needed} or newer."
    if numbers[0] < numbers[1]:
        return (
            f"{package} {version} is too old: this lesson needs {package} {needed} or "
            "newer."
        )
    return ""


def refuse_old_packages() -> None:
    """Name what is too old; upgrading it is for the reader to decide."""
    for package in NEEDED:
        if package != "nnbasics" and found(package) and problem_with(package):
            raise SetupError(
                f"{problem_with(package)} Upgrade it, or use a new virtual environment."
            )


def where_from(folder: Path) -> list[str]:
    """Return what pip is to install: the file beside this one, or that of the site."""
    wheel = folder / WHEEL
    if wheel.is_file():
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != SHA256:
            raise SetupError(
                f"{WHEEL} is not the file that came with this lesson: it is truncated "
                "or was altered. Download the zip of the lesson again."
            )
        return [str(wheel)]
    if WHEELS:
        return ["--find-links", WHEELS, f"nnbasics>={NEEDED['nnbasics']}"]
    raise SetupError(
        f"nnbasics {NEEDED['nnbasics']}, the package of these lessons, is not "
        f"installed, and {WHEEL} is not beside this file. Download the zip of the "
        "lesson, which has it, and unpack it here."
    )


def pip_install(*arguments: str) -> None:
    """Run pip; if it fails, tell why in a sentence."""
    options = ["--quiet", "--no-color", "--retries", "1", "--disable-pip-version-check"]
    run = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        errors = [line for line in run.stderr.splitlines() if line.strip()] or ["?"]
        reason = [line for line in errors if line.startswith("ERROR")] or errors
        if "DO NOT MATCH THE HASHES" in run.stderr:
            reason = ["the file is truncated or was altered; try again later"]
        elif WHEELS in arguments:
            advice = "Download the zip of the lesson, which has it, and unpack it here."
            reason = [f"{WHEELS} cannot be reached, or has no such file. {advice}"]
        raise SetupError(f"pip could not install {arguments[-1]}: {reason[-1]}")
    importlib.invalidate_caches()


def set_up(folder: Path) -> None:
    """Install what is missing, and nothing if nothing is."""
    refuse_old_packages()
    if problem_with("nnbasics"):
        print(problem_with("nnbasics"), "Installing it ...")
        pip_install("--no-index", "--no-deps", *where_from(folder))
        if "nnbasics" in sys.modules:
            raise SetupError("nnbasics was replaced: restart Python, and run again.")
    missing = [f"{name}>={least}" for name, least in NEEDED.items() if not found(name)]
    if missing:
        print(f"Installing {', '.join(missing)} ...")
        pip_install(*missing)
    print(f"nnbasics {found('nnbasics')} is ready.")


def require_all(script: str) -> None:
    """Name everything that a script misses, and how to install it."""
    problems = [problem for name in NEEDED if (problem := problem_with(name))]
    if problems:
        raise SetupError(
            "\n".join(problems)
            + "\nInstall what is missing, from the file beside this "
            f"one or from the lessons' site:\n    {sys.executable} {script} --install"
        )
