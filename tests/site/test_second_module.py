"""A second module of lessons: a folder, headers and an entry in the contents."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from site_build import MODULES, Build, copy_of_repository, run_sphinx

pytestmark = pytest.mark.slow

ADDRESS = "https://lessons.example"

HEADER = "Second module\n=============\n\nTwo pages.\n"
LESSON = '''\
"""
Steps of {number}
==========

One figure.
"""

# sphinx_gallery_order = {number}
# sphinx_gallery_lesson = {is_lesson}

from matplotlib import pyplot as plt

figure, axes = plt.subplots()
axes.plot([0, {number}], color="#0072b2")  # the blue of the figures
# sphinx_gallery_start_ignore
figure.set_label("A line that rises to {number}.")
# sphinx_gallery_end_ignore
plt.show()
'''
ENTRY = """
.. lesson-card:: second/zebra
   :title: The second module

   A sentence.

.. toctree::
   :hidden:

   second/index
"""


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the site with another module; the lessons of the first have been run."""
    root = copy_of_repository(tmp_path_factory.mktemp("two") / "modules", built=True)
    folder = root / "docs" / "tutorials" / "second"
    folder.mkdir()
    (folder / "GALLERY_HEADER.rst").write_text(HEADER, "utf-8")
    for number, name in enumerate(("zebra", "ant", "solutions"), 1):
        text = LESSON.format(number=number, is_lesson=name != "solutions")
        (folder / f"{name}.py").write_text(text, "utf-8")
    with (root / "docs" / "index.rst").open("a", encoding="utf-8") as front_page:
        front_page.write(ENTRY)
    run = run_sphinx(root, root / "site", SITE_URL=ADDRESS)
    assert (run.returncode, run.stdout + run.stderr) == (0, "")
    return Build(root, root / "site")


def parse(build: Build, page: str) -> BeautifulSoup:
    return BeautifulSoup((build.site / page).read_text("utf-8"), "html.parser")


def file_of(build: Build, page: str, tag: Tag, attribute: str) -> Path:
    return (build.site / page).parent / str(tag[attribute])


def test_lessons_say_where_they_are_in_their_module(second: Build) -> None:
    page = parse(second, "second/ant.html")
    progress = page.select_one(".lesson-progress")
    assert progress is not None
    assert "Lesson 2 of 2" in progress.get_text()
    items = [item.get_text() for item in progress.select("li")]
    assert items == ["Steps of 1 1 min", "Steps of 2 1 min"]
    first = parse(second, "basics/attention.html").select_one(".lesson-progress")
    assert first is not None
    assert "of 3" in first.get_text()
    assert parse(second, "second/solutions.html").select(".lesson-progress") == []


def test_the_card_has_the_minutes_and_a_picture_in_both_themes(second: Build) -> None:
    card = parse(second, "index.html").select(".lesson-card")[-1]
    assert "1 minute" in card.get_text()
    pictures = [file_of(second, "index.html", tag, "src") for tag in card.select("img")]
    light, dark = (picture.read_bytes() for picture in pictures)
    assert light != dark


def test_each_module_has_solutions_of_its_own(second: Build) -> None:
    pages = [f"{module}/solutions.html" for module in ("basics", "second")]
    pictures = [
        [file_of(second, page, tag, "src") for tag in parse(second, page).select("img")]
        for page in pages
    ]
    assert pictures[0]
    assert pictures[1]
    assert not {*pictures[0]} & {*pictures[1]}
    scripts = [
        file_of(second, page, link, "href").read_text("utf-8")
        for page in pages
        for link in parse(second, page).select('a[href$="solutions.py"]')[:1]
    ]
    assert ["Steps of 3" in script for script in scripts] == [False, True]


def test_a_module_has_a_zip_of_its_lessons(second: Build) -> None:
    for module, names in (("basics", MODULES["basics"]), ("second", ("zebra", "ant"))):
        with zipfile.ZipFile(second.site / "downloads" / f"{module}.zip") as content:
            inside = set(content.namelist())
        assert {f"{module}/{name}.ipynb" for name in names} <= inside


def test_previews_show_a_figure_of_the_lesson(second: Build) -> None:
    for page, words in (
        ("second/zebra.html", "A line that rises to 1."),
        ("second/ant.html", "A line that rises to 2."),
    ):
        tags = {tag.get("property"): tag for tag in parse(second, page).select("meta")}
        assert tags["og:image:alt"]["content"] == words
        picture = str(tags["og:image"]["content"]).removeprefix(f"{ADDRESS}/")
        assert (second.site / picture).is_file()
