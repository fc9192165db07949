"""What a build does when something goes wrong: it fails, says why, hides nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_site import LESSON, PAGES, TinySite

pytestmark = pytest.mark.slow

# A lesson whose first cell is right and whose second is given.
SECOND_CELL = "\n# %%\n# The second cell\n# ---------------\n\n"

ANIMATION = """
from matplotlib import pyplot as plt
from nnbasics import XORNetwork
from nnbasics.plotting import animate_decision_boundary

animation = animate_decision_boundary({"start": XORNetwork()})
plt.gcf().set_label("One moment.")
"""


@pytest.fixture
def tiny(tmp_path: Path) -> TinySite:
    return TinySite(tmp_path)


def refused(run: subprocess.CompletedProcess[str], message: str) -> None:
    """Hold that a build failed, and said this once and nothing else as loudly."""
    assert run.returncode != 0
    said = run.stdout + run.stderr
    assert said.count(message) == 1, said
    # Sphinx-Gallery's warning with the traceback goes on in the next line.
    assert len(re.findall(r"(?:ERROR|WARNING): \S", said)) == 1, said
    assert said.count("Traceback") <= 1, said
    assert "open an issue" not in said


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("assert 1 == 2, 'one is not two'", "AssertionError: one is not two"),
    ],
    ids=["raises", "assertion"],
)
def test_a_lesson_that_fails(tiny: TinySite, cell: str, error: str) -> None:
    tiny.lesson.write_text(f"{LESSON}{SECOND_CELL}{cell}\n", "utf-8")
    refused(
        tiny.build(),
        f'ERROR: lesson lesson.py, cell "The second cell", line 20: {error}',
    )


def test_a_figure_without_a_description(tiny: TinySite) -> None:
    cell = "from matplotlib import pyplot as plt\n\nplt.plot([1, 2])\n"
    tiny.lesson.write_text(f"{LESSON}{SECOND_CELL}{cell}", "utf-8")
    refused(
        tiny.build(),
        'ERROR: lesson lesson.py, cell "The second cell", line 19: a figure has no '
        "alternative text. Say what it shows, in two sentences or more, before "
        "plt.show(): figure.set_label('...')",
    )


def test_a_warning_is_not_forgotten_by_the_next_build(tiny: TinySite) -> None:
    page = tiny.docs / "first.rst"
    page.write_text("First\n=====\n\n- a list\nwith an end\n", "utf-8")
    message = "first.rst:5: WARNING: Bullet list ends without a blank line"
    refused(tiny.build(), message)
    # Sphinx has read the page now, and by itself would not read it again.
    refused(tiny.build(), message)


def test_no_ffmpeg(tiny: TinySite) -> None:
    tiny.lesson.write_text(f"{LESSON}{SECOND_CELL}{ANIMATION}", "utf-8")
    run = tiny.build(IMAGEIO_FFMPEG_EXE="/no/such/ffmpeg")
    refused(
        run,
        "ERROR: lesson lesson.py: ffmpeg, which makes the videos, was not found "
        "(looked for '/no/such/ffmpeg').",
    )


# -- interruptions


def interrupt_on_the_second_page(tiny: TinySite) -> None:
    """Kill a build that has written the first page and not yet the second."""
    pause = tiny.docs / "pause"
    pause.write_text("here")
    with subprocess.Popen(
        tiny.command(),
        env=tiny.environment(),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as build:
        deadline = time.monotonic() + 100
        while pause.read_text() != "reached":
            assert build.poll() is None, "the build ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(build.pid, signal.SIGKILL)
    pause.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_build_that_was_interrupted_and_started_again(
    tiny: TinySite, tmp_path: Path
) -> None:
    """The page that the interrupted build did not reach has an old version."""
    assert tiny.build().returncode == 0
    first = tiny.docs / "first.rst"
    first.write_text(PAGES["first"].replace("First\n=====", "Other\n====="), "utf-8")
    os.utime(tiny.docs / "second.rst")
    interrupt_on_the_second_page(tiny)
    assert ">First<" in (tiny.site / "second.html").read_text("utf-8")
    assert tiny.build().returncode == 0
    assert ">Other<" in (tiny.site / "second.html").read_text("utf-8")
    assert_like_a_fresh_build(tiny, tmp_path / "fresh")


def assert_like_a_fresh_build(tiny: TinySite, folder: Path) -> None:
    fresh = TinySite(folder)
    for page in tiny.docs.glob("*.rst"):
        shutil.copyfile(page, fresh.docs / page.name)
    assert fresh.build().returncode == 0
    ours, theirs = tiny.contents(), fresh.contents()
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


# -- what runs again


def test_links_can_be_tried_without_a_run_of_the_lessons(tiny: TinySite) -> None:
    assert tiny.build().returncode == 0
    made = tiny.docs / "basics" / "lesson.rst"
    first = made.stat().st_mtime_ns
    assert tiny.build("linkcheck").returncode == 0
    assert tiny.build().returncode == 0
    assert made.stat().st_mtime_ns == first


def test_a_renamed_lesson_leaves_nothing_behind(tiny: TinySite) -> None:
    assert tiny.build().returncode == 0
    assert (tiny.site / "basics" / "lesson.html").is_file()
    wheel = tiny.site / "wheels" / "old.whl"
    wheel.parent.mkdir()
    wheel.touch()
    tiny.lesson = tiny.lesson.rename(tiny.lesson.with_name("renamed.py"))
    assert tiny.build("linkcheck").returncode == 0
    assert tiny.build().returncode == 0
    made = [*(tiny.docs / "basics").rglob("*"), *tiny.site.rglob("*")]
    assert [path for path in made if re.search(r"(^|_)lesson[._]", path.name)] == []
    assert (tiny.site / "basics" / "renamed.html").is_file()
    assert (tiny.site / "second.html").is_file()
    assert wheel.is_file()


def test_a_broken_formula(tiny: TinySite) -> None:
    page = tiny.docs / "first.rst"
    page.write_text(f"{PAGES['first']}\n:math:`\\frac{{1}}`\n", "utf-8")
    refused(tiny.build(), r"ERROR: first: KaTeX cannot render the formula '\\frac{1}'")
