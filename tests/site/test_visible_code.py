"""The main line of a lesson holds without the rest, and what is shown keeps to rules.

That what readers see holds without the proof is seen in test_site_address.py, where the
notebooks run.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from site_build import LESSONS, ROOT, RUN
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from minutes import DEEPER
from notebooks import HEADING, lesson_blocks

SCRIPTS = {page: ROOT / "docs" / "tutorials" / f"{page}.py" for page in RUN}
END = "This is the end."
GUESS = "**Guess.** "


def code_of(blocks: list[Any]) -> str:
    return "\n".join(content for kind, content, _ in blocks if kind == "code")


def run(code: str, folder: Path) -> None:
    """Run code in a process of its own, to its end; it begins as in the build.

    It is run as a module is: `run_in_terminal` would take over a program.
    """
    script = folder / "lesson.py"
    beginning = "import torch\n\ntorch.manual_seed(0)\n"
    script.write_text(f"{beginning}{code}\nprint({END!r})\n", "utf-8")
    command = [sys.executable, "-c", "import lesson"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"{END}\n")


def main_line(script: Path) -> list[Any]:
    """Return the blocks of a lesson, proof included, without what goes deeper."""
    kept, levels, deeper = [], "=-~^", 0
    for block in split_code_and_text_blocks(str(script))[1]:
        headings = HEADING.finditer(block[1]) if block[0] == "text" else []
        for heading in headings:
            level = 1 + levels.index(heading[2])
            if not deeper or level <= deeper:
                deeper = level if heading["title"].startswith(DEEPER) else 0
        if not deeper:
            kept.append(block)
    return kept


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_main_line_holds_without_the_depth(lesson: str, tmp_path: Path) -> None:
    run(code_of(main_line(SCRIPTS[lesson])), tmp_path)


def test_the_main_line_resumes_at_the_next_heading_of_its_level(tmp_path: Path) -> None:
    script = tmp_path / "lesson.py"
    parts = [("One", "-"), (f"{DEEPER}two", "~"), ("Three", "^"), ("Four", "~")]
    parts += [(f"{DEEPER}five", "~"), (f"{DEEPER}six", "-"), ("Seven", "~")]
    parts += [("Eight", "-")]
    cells = [f"# %%\n# {name}\n# {line * 20}\n\n{name!r}\n" for name, line in parts]
    script.write_text('"""\nTitle\n=====\n"""\n' + "\n".join(cells), "utf-8")
    code = code_of(main_line(script))
    assert re.findall(r"'(\w+)'", code) == ["One", "Four", "Eight"]


@pytest.mark.parametrize("lesson", RUN)
def test_a_page_shows_few_checks_and_they_are_assert_close(lesson: str) -> None:
    tree = ast.parse(code_of(lesson_blocks(SCRIPTS[lesson])))
    nodes = list(ast.walk(tree))
    assert not [ast.unparse(n) for n in nodes if isinstance(n, ast.Assert)]
    calls = [ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call)]
    assert sum(call.split(".")[-1] == "assert_close" for call in calls) <= 12


def guesses_not_alone(script: Path) -> list[str]:
    """Return the guesses that do not have a cell of their own, without code below."""
    blocks = lesson_blocks(script)
    following = [*(kind for kind, _, _ in blocks[1:]), "text"]
    return [
        text.strip()
        for (_, text, _), below in zip(blocks, following, strict=True)
        if "**Guess" in text
        and not (text.strip().startswith(GUESS) and below == "text")
    ]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_guess_has_a_cell_of_its_own(lesson: str) -> None:
    text = SCRIPTS[lesson].read_text("utf-8")
    assert guesses_not_alone(SCRIPTS[lesson]) == []
    assert re.search(rf"^# {re.escape(GUESS)}", text, re.M)


def test_a_guess_beside_code_or_in_other_text_is_found(tmp_path: Path) -> None:
    script = tmp_path / "lesson.py"
    parts = ["# **Guess.** One.", "# **Guess.** Two.\n\nx = 1"]
    parts += ["# Text.\n#\n# **Guess.** Three.", "# Text.\n\nx = 2"]
    cells = [f"# %%\n{part}\n" for part in parts]
    script.write_text('"""\nTitle\n=====\n"""\n\n' + "\n".join(cells), "utf-8")
    assert guesses_not_alone(script) == [
        "**Guess.** Two.",
        "Text.\n\n**Guess.** Three.",
    ]
