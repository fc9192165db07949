"""What a build does when something goes wrong: it fails, says why, hides nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
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


def test_a_build_without_a_fault_is_whole(tiny: TinySite) -> None:
    run = tiny.build()
    assert run.returncode == 0, run.stderr
    assert tiny.looks_whole()
    assert "First" in tiny.front_page
    assert not list(tiny.site.glob("*.waiting"))


def test_a_site_that_was_whole_is_marked_when_its_next_build_fails(
    tiny: TinySite,
) -> None:
    assert tiny.build().returncode == 0
    tiny.lesson.write_text(f"{LESSON}{SECOND_CELL}1 / 0\n", "utf-8")
    assert tiny.build().returncode != 0
    assert not tiny.looks_whole()
    tiny.lesson.write_text(LESSON, "utf-8")
    assert tiny.build().returncode == 0
    assert tiny.looks_whole()


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
    assert not tiny.looks_whole()


def test_a_figure_without_a_description(tiny: TinySite) -> None:
    cell = "from matplotlib import pyplot as plt\n\nplt.plot([1, 2])\n"
    tiny.lesson.write_text(f"{LESSON}{SECOND_CELL}{cell}", "utf-8")
    refused(
        tiny.build(),
        'ERROR: lesson lesson.py, cell "The second cell", line 19: a figure has no '
        "alternative text.",
    )
    assert not tiny.looks_whole()


def test_markup_that_no_notebook_shows(tiny: TinySite) -> None:
    lesson = LESSON.replace("Text.\n", "Text.\n\n.. figure:: picture.png\n")
    tiny.lesson.write_text(lesson, "utf-8")
    refused(
        tiny.build(),
        "ERROR: lesson 'A lesson': the notebook cannot show '.. figure:: picture.png'",
    )
    assert not tiny.looks_whole()


def test_a_missing_image(tiny: TinySite) -> None:
    page = tiny.docs / "first.rst"
    page.write_text(f"{PAGES['first']}\n.. image:: gone.png\n   :alt: Gone.\n", "utf-8")
    refused(tiny.build(), "first.rst:6: WARNING: image file not readable: gone.png")
    assert not tiny.looks_whole()


def test_a_warning_is_not_forgotten_by_the_next_build(tiny: TinySite) -> None:
    page = tiny.docs / "first.rst"
    page.write_text("First\n=====\n\n- a list\nwith an end\n", "utf-8")
    message = "first.rst:5: WARNING: Bullet list ends without a blank line"
    refused(tiny.build(), message)
    # Sphinx has read the page now, and by itself would not read it again.
    refused(tiny.build(), message)
    assert not tiny.looks_whole()


def test_a_page_in_no_list_of_contents(tiny: TinySite) -> None:
    (tiny.docs / "lost.rst").write_text("Lost\n====\n", "utf-8")
    refused(tiny.build(), "lost.rst: WARNING: document isn't included in any toctree")
    assert not tiny.looks_whole()


def test_no_ffmpeg(tiny: TinySite) -> None:
    tiny.lesson.write_text(f"{LESSON}{SECOND_CELL}{ANIMATION}", "utf-8")
    run = tiny.build(IMAGEIO_FFMPEG_EXE="/no/such/ffmpeg")
    refused(
        run,
        "ERROR: lesson lesson.py: ffmpeg, which makes the videos, was not found "
        "(looked for '/no/such/ffmpeg').",
    )
    assert not tiny.looks_whole()


# -- the disk


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_folder_that_may_not_be_written_to(tiny: TinySite) -> None:
    # Root may write everywhere, until it gives this right up.
    give_up = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root cannot give up its rights here: there is no setpriv")
    (tiny.site / ".doctrees").mkdir(parents=True)
    tiny.site.chmod(0o555)
    run = subprocess.run(
        [*(give_up if os.geteuid() == 0 else []), *tiny.command()],
        env=tiny.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    refused(run, f"ERROR: Permission denied: {tiny.site}/index.html. The folder of")
    assert not (tiny.site / "index.html").exists()


@pytest.fixture
def small_disk(tiny: TinySite) -> Iterator[Path]:
    """Mount a disk of 2 MB where the site goes."""
    tiny.site.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tiny.site)]
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield tiny.site
    subprocess.run(["umount", str(tiny.site)], check=True)


def test_a_disk_without_room_for_the_site(tiny: TinySite, small_disk: Path) -> None:
    refused(
        tiny.build("-D", "site_megabytes=50"),
        "ERROR: No space left on device: the site needs 50 MB",
    )
    assert [path.name for path in small_disk.iterdir()] == [".doctrees"]


def test_a_disk_that_fills_up_on_the_way(tiny: TinySite, small_disk: Path) -> None:
    assert tiny.build("-D", "site_megabytes=0").returncode == 0
    assert tiny.looks_whole()
    room = shutil.disk_usage(small_disk).free
    (small_disk / "other").write_bytes(b"x" * (room - 64 * 1024))
    with (tiny.docs / "second.rst").open("a") as page:
        page.write("word " * 60_000)
    run = tiny.build("-D", "site_megabytes=0")
    assert run.returncode != 0
    assert "No space left on device" in run.stderr
    assert not tiny.looks_whole()


# -- interruptions


def interrupt_on_the_second_page(tiny: TinySite) -> None:
    """Kill a build that has written the first page and not yet the second."""
    pause = tiny.docs / "pause"
    pause.write_text("here")
    with subprocess.Popen(
        tiny.command(), env=tiny.environment(), stderr=subprocess.DEVNULL
    ) as build:
        deadline = time.monotonic() + 100
        while pause.read_text() != "reached":
            assert build.poll() is None, "the build ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        build.send_signal(signal.SIGKILL)
    pause.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_build_that_was_interrupted_and_started_again(
    tiny: TinySite, tmp_path: Path
) -> None:
    interrupt_on_the_second_page(tiny)
    assert (tiny.site / "first.html").is_file()
    assert not (tiny.site / "second.html").exists()
    assert not tiny.looks_whole()
    assert tiny.build().returncode == 0
    assert tiny.looks_whole()
    assert_like_a_fresh_build(tiny, tmp_path / "fresh")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_second_build_that_was_interrupted_and_started_again(
    tiny: TinySite, tmp_path: Path
) -> None:
    """The page that the interrupted build did not reach has an old version."""
    assert tiny.build().returncode == 0
    first = tiny.docs / "first.rst"
    first.write_text(PAGES["first"].replace("First\n=====", "Other\n====="), "utf-8")
    os.utime(tiny.docs / "second.rst")
    interrupt_on_the_second_page(tiny)
    assert not tiny.looks_whole()
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
