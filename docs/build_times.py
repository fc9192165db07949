"""Time a build of the site against what it is made of, and print the ratios.

``make -C docs build-times`` runs it, in a copy of the repository. Let nothing else run
meanwhile.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What a build may take: this much more than the lessons as scripts and the site without
# them take one after the other, and this many seconds if nothing changed.
MOST_RATIO, MOST_SECONDS = 1.3, 5.0


def seconds(command: list[str], folder: Path) -> float:
    """Run a command to its end and return how long it took."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    start = time.perf_counter()
    subprocess.run(
        command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def sphinx(docs: Path, *options: str) -> float:
    """Build the site of a copy of the repository and return how long it took."""
    build = [sys.executable, "-m", "sphinx", "-q", "-b", "html", *options]
    return seconds([*build, "-d", "_build/doctrees", ".", "_build/html"], docs)


def forget_builds(docs: Path) -> None:
    """Remove what earlier builds made."""
    modules = [stamp.parent for stamp in docs.glob("*/fingerprint.sha256")]
    for made in (docs / "_build", docs / "api", *modules):
        shutil.rmtree(made, ignore_errors=True)


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "repository"
        ignore = shutil.ignore_patterns(".venv", ".git", "_build", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignore)
        docs = copy / "docs"
        scripts = 0.0
        for lesson in sorted(docs.glob("tutorials/*/*.py")):
            took = seconds([sys.executable, str(lesson)], Path(name))
            print(f"{lesson.name:28} {took:6.1f} s")
            scripts += took
        forget_builds(docs)
        without = sphinx(docs, "-D", "plot_gallery=0")
        forget_builds(docs)
        cold = sphinx(docs, "-W", "--keep-going", "-n")
        unchanged = sphinx(docs, "-W", "--keep-going", "-n")
    ratio = cold / (scripts + without)
    print(f"{'the site without lessons':28} {without:6.1f} s")
    print(f"{'the site, cold':28} {cold:6.1f} s")
    print(f"{'ratio to all of the above':28} {ratio:6.2f}   at most {MOST_RATIO}")
    print(f"{'the site, nothing changed':28} {unchanged:6.1f} s at most {MOST_SECONDS}")
    if ratio > MOST_RATIO or unchanged > MOST_SECONDS:
        raise SystemExit("The build takes longer than it may.")


if __name__ == "__main__":
    main()
