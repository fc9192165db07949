"""The site at an address of its own: its links, and lessons that install from it.

The notebooks run from this address; the scripts in test_downloads.py, from their zips.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from fresh_environment import (
    Environment,
    command_in,
    errors_of,
    pictures_of,
    printed_by,
    unpack,
)
from site_build import (
    LESSONS,
    MODULES,
    RUN,
    WHEEL,
    Build,
    copy_of_repository,
    run_sphinx,
)
from site_server import serve
from visits import visit

import notebooks

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Build, str]]:
    """Build the site again for the address at which it is served on loopback.

    It lies below a path, as on Read the Docs and on GitHub Pages. The address is given
    without a final slash. The lessons have been run: only the pages are made anew.
    """
    folder = tmp_path_factory.mktemp("hosted")
    root, host = folder / "repository", folder / "host"
    copy_of_repository(root, built=True)
    with serve(host) as address:
        below = f"{address}en/latest"
        site = host / "en" / "latest"
        run = run_sphinx(root, site, SITE_URL=below)
        assert run.returncode == 0, run.stdout + run.stderr
        yield Build(root, site), f"{below}/"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("", "Neural Networks: The Basics"),
        ("basics", "The lessons"),
        ("basics/", "The lessons"),
        ("basics/attention.html", "Attention"),
        ("404", "Page not found"),
        ("basics/lost/", "Page not found"),
        ("lost/in/the/woods.html", "Page not found"),
    ],
)
def test_below_a_path_pages_find_their_files_and_the_way_home(
    hosted: tuple[Build, str], browser: Browser, path: str, title: str
) -> None:
    address = hosted[1].rstrip("/") if not path else hosted[1] + path
    with visit(browser, address) as seen:
        assert seen.page.locator("h1").inner_text().startswith(title)
        # That of a page that is not there tells of itself.
        assert len(seen.errors) == (title == "Page not found")
        seen.page.locator(".sidebar-brand").click()
        seen.page.locator(".front-figure.live").wait_for()
        assert len(seen.errors) == (title == "Page not found")


@pytest.mark.parametrize("lesson", RUN)
def test_notebooks_run_from_the_address_of_the_site(
    hosted: tuple[Build, str], reader: Environment, lesson: str, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    path = Path(shutil.copy(hosted[0].download(f"{lesson}.ipynb"), tmp_path))
    notebook = reader.run_notebook(path)
    assert errors_of(notebook) == []
    assert pictures_of(notebook) >= 1
    assert reader.asked_for() == []
    # Its code is the visible code alone: it prints what the page prints. A form takes
    # the place of what is printed for an answer that is not there.
    text = (hosted[0].site / f"{lesson}.html").read_text("utf-8")
    outputs = BeautifulSoup(text, "html.parser").select(".sphx-glr-script-out pre")
    printed = "\n".join(output.get_text() for output in outputs)
    said = printed_by(notebook)
    for exercise in re.findall(r'aria-label="Exercise (.+?)"', text):
        said = re.sub(rf"Exercise {exercise}: not answered yet\.[^.]*\.\n", "", said)
    assert said.split() == printed.split()


@pytest.mark.parametrize("lesson", RUN)
def test_a_lesson_alone_and_in_the_zip_differ_in_the_line_of_pip(
    hosted: tuple[Build, str], lesson: str, tmp_path: Path
) -> None:
    folder = unpack(hosted[0].download(f"{lesson}.zip"), tmp_path)
    for suffix in ("ipynb", "py"):
        path = hosted[0].download(f"{lesson}.{suffix}")
        alone = path.read_text("utf-8").splitlines()
        in_zip = (folder / path.name).read_text("utf-8").splitlines()
        pairs = zip(alone, in_zip, strict=True)
        ((one, other),) = [(a, b) for a, b in pairs if a != b]
        assert f" @ {hosted[1]}wheels/" in one
        assert f"./{WHEEL}" in other
    readme = (folder / "README.txt").read_text("utf-8")
    assert f"\n{hosted[1]}{lesson}.html\n" in readme


def test_the_page_of_the_wheel_and_the_script_name_a_command_that_installs(
    hosted: tuple[Build, str], reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    command = command_in(hosted[0].download("basics/attention.py").read_text("utf-8"))
    page = (hosted[0].site / "wheels" / "index.html").read_text("utf-8")
    assert f'<pre tabindex="0">python -m pip install &#34;{command[-1]}&#34;' in page
    for _ in range(2):  # the second time it is there
        run = reader.run(*command, folder=tmp_path)
        assert run.returncode == 0, run.stderr
    assert reader.asked_for() == []


def test_pip_says_what_is_wrong_with_a_site(
    hosted: tuple[Build, str], bare: Environment, tmp_path: Path
) -> None:
    command = command_in(hosted[0].download("basics/attention.py").read_text("utf-8"))
    *options, source = command
    wheel = hosted[0].site / source.partition(hosted[1])[2].partition("#")[0]
    content = wheel.read_bytes()
    try:
        wheel.write_bytes(content[: len(content) // 2])
        damaged = bare.run(*command, folder=tmp_path)
    finally:
        wheel.write_bytes(content)
    assert damaged.returncode == 1
    assert "DO NOT MATCH THE HASHES" in damaged.stderr
    assert "someone may have tampered with them" in damaged.stderr
    gone = source.replace("/wheels/", "/wheels/gone/")
    missing = bare.run(*options, gone, folder=tmp_path)
    assert missing.returncode == 1
    assert f"HTTP error 404 while getting {hosted[1]}wheels/gone/" in missing.stderr
    away = source.replace(hosted[1], "http://127.0.0.1:9/")
    offline = bare.run(*options, away, "--retries", "0", folder=tmp_path)
    assert offline.returncode == 1
    assert "host='127.0.0.1', port=9" in offline.stderr
    assert "Connection refused" in offline.stderr


def test_a_notebook_for_colab_installs_the_wheel_from_its_address(
    reader: Environment, tmp_path: Path
) -> None:
    reader.forget_nnbasics()
    branch = tmp_path / "branch"
    with serve(branch) as address:
        notebooks.write_notebooks(branch, address.rstrip("/"))
        notebook = json.loads((branch / "basics/attention.ipynb").read_text("utf-8"))
        notebook["cells"] = notebook["cells"][:1]
        path = tmp_path / "first_cell.ipynb"
        path.write_text(json.dumps(notebook), "utf-8")
        reader.run_notebook(path)
    assert reader.pip("list", "--format=freeze").count("nnbasics==") == 1
    assert reader.asked_for() == []


@pytest.mark.parametrize("lesson", RUN)
def test_links_in_notebooks_lead_to_pages_of_the_site(
    hosted: tuple[Build, str], lesson: str
) -> None:
    build, address = hosted
    text = build.download(f"{lesson}.ipynb").read_text("utf-8")
    links = re.findall(rf"\]\({re.escape(address)}([^)#]*)(?:#[^)]*)?\)", text)
    assert links
    for link in links:
        assert (build.site / link).is_file()


def test_pages_that_are_shared_have_descriptions_of_their_own(
    hosted: tuple[Build, str],
) -> None:
    site = hosted[0].site
    found: dict[Path, str] = {}
    pages = [path for module in MODULES for path in (site / module).glob("*.html")]
    for path in [*pages, site / "index.html"]:
        page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        (tag,) = page.select('meta[name="description"]')
        found[path] = str(tag["content"])
        assert 20 <= len(found[path]) <= 400
    assert len({*found.values()}) == len(found) >= 9


@pytest.mark.parametrize("lesson", LESSONS)
def test_previews_show_a_figure_of_the_lesson(
    hosted: tuple[Build, str], lesson: str
) -> None:
    path = hosted[0].site / f"{lesson}.html"
    page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    tags = {tag.get("property"): str(tag.get("content")) for tag in page.select("meta")}
    shown = page.select("img, video")
    assert tags["og:image:alt"] in {x.get("alt") or x.get("aria-label") for x in shown}
    assert (hosted[0].site / tags["og:image"].removeprefix(hosted[1])).is_file()
