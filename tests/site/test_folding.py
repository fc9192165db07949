"""Sections that go deeper are folded, open when they are wanted, and are counted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from docutils.core import publish_doctree
from site_build import ROOT
from site_server import serve
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF
from test_content_policy import stated_policy
from tiny_site import PAGES, TinySite
from visits import visit

import notebooks
from minutes import seconds, whole, with_time
from nnbasics import merge_heads
from nnbasics.lesson import show_source

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The extensions and files of the real site that have to do with folding.
CONF = f"""
extensions += ["folding", "lesson_header", "minutes", "theme"]
html_theme = "furo"
html_static_path = [{str(ROOT / "docs" / "_static")!r}]
html_favicon = "{ROOT / "docs" / "_static" / "logo.svg"}"
html_context = {{"edition": "1"}}
html_css_files = ["lessons.css"]
html_js_files = ["folding.js", "keyboard.js"]
html_theme_options = {{"top_of_page_buttons": []}}
templates_path = [{str(ROOT / "docs" / "_templates")!r}]
"""

WORDS = "word " * 190
LESSON = '''\
"""
A lesson
========

The first paragraph
has two lines.

The second.
"""

# %%
# Main line
# ---------
#
# Four words and :math:`x`.

print("seen")  # a comment

# %%
# Going deeper: the curve
# -----------------------
#
# Xylophone words stand here. {words}
#
# Inside
# ~~~~~~
#
# This has an address of its own.

from nnbasics.plotting import plot_curves

# A comment is no code.
x = [
{lines}
]
figure = plot_curves({{"loss": [2.0, 1.0]}}, xlabel="x", ylabel="y")
# sphinx_gallery_start_ignore
figure.set_label("It falls.")
# sphinx_gallery_end_ignore

# %%
# The main line again
# -------------------
#
# Last words.

# %%
# Exercises
# ---------
#
# {words}
'''.format(words=WORDS, lines="\n".join("    1.0," for _ in range(36)))

# What directives of Sphinx-Gallery and of our scraper look like.
RAW = ".. raw:: html\n\n   {}\n\n"
IMAGE = ".. image:: x.svg\n   :class: {}\n   :alt: Some words.\n\n"
VIDEO = RAW.format(
    '<div class="video {}"><img alt=""><video data-seconds="6.0"></video></div>'
)

FOLD = "details.deeper"
OPEN = f"{FOLD}[open]"
SUMMARY = f"{FOLD} > summary"
WIDE = 1400  # where the contents of the page stand beside it
SECTION = "going-deeper-the-curve"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Build a site with such a section, in the theme and with the script of ours."""
    site = TinySite(tmp_path_factory.mktemp("folding"))
    site.lesson.write_text(LESSON, "utf-8")
    with (site.docs / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(CONF)
    first = f"{PAGES['first']}\nAll in :minutes:`basics`.\n"
    (site.docs / "first.rst").write_text(first, "utf-8")
    shutil.copy(ROOT / "docs" / "docutils.conf", site.docs)
    run = site.build()
    assert (run.returncode, run.stderr) == (0, "")
    return site


@pytest.fixture(scope="module")
def address(tiny: TinySite) -> Iterator[str]:
    """Serve it under the policy of the real site; give the address of its lesson."""
    policy = {"Content-Security-Policy": stated_policy()}
    with serve(tiny.site, policy) as address:
        yield f"{address}basics/lesson.html"


def is_open(page: Page) -> bool:
    return page.locator(OPEN).count() == 1


# -- on the page


def test_all_below_the_heading_is_folded(browser: Browser, address: str) -> None:
    with visit(browser, address, width=WIDE) as seen:
        section = seen.page.locator(f"section#{SECTION}")
        assert section.locator("> h2").is_visible()
        summary = section.locator(f"> {FOLD} > summary")
        assert summary.inner_text() == "Show this part, 3 minutes"
        inside = section.locator("h3, p, img.only-light, div.highlight")
        assert inside.count() == 5
        assert not any(part.is_visible() for part in inside.all())
        assert seen.page.locator("#the-main-line-again p").is_visible()
        contents = seen.page.locator(".toc-tree a")
        assert "Going deeper: the curve" in contents.all_inner_texts()
        summary.press("Enter")
        assert all(part.is_visible() for part in inside.all())


@pytest.mark.parametrize("target", [SECTION, "the-curve", "inside"])
def test_a_link_from_elsewhere_opens_it(
    browser: Browser, address: str, tiny: TinySite, target: str
) -> None:
    """The second address is that of the section before it was said to go deeper."""
    file = (tiny.site / "basics" / "lesson.html").as_uri()
    for start in (address, file):
        with visit(browser, f"{start}#{target}") as seen:
            seen.page.locator(OPEN).wait_for()
            assert seen.errors == []


@pytest.mark.parametrize("target", [SECTION, "inside"])
def test_a_link_in_the_contents_opens_it_each_time(
    browser: Browser, address: str, target: str
) -> None:
    with visit(browser, address, width=WIDE, reduced_motion="reduce") as seen:
        heading = seen.page.locator(f"section#{target} > :is(h2, h3)")
        for _ in range(2):
            assert not is_open(seen.page)
            seen.page.locator(f".toc-tree a[href='#{target}']").click()
            seen.page.locator(OPEN).wait_for()
            box = heading.bounding_box()
            assert box is not None
            assert 0 <= box["y"] <= 900
            seen.page.locator(SUMMARY).click()
        assert seen.errors == []


@pytest.mark.parametrize("words", ["curve", "xylophone"])
def test_a_result_of_the_search_opens_it(
    browser: Browser, address: str, words: str
) -> None:
    """The one is a word of the heading, the other one of the text."""
    search = address.replace("basics/lesson", "search")
    with visit(browser, f"{search}?q={words}") as seen:
        seen.page.locator("#search-results ul.search li a").first.click()
        seen.page.locator(OPEN).wait_for()
        assert seen.errors == []


def test_it_needs_no_script(browser: Browser, address: str) -> None:
    with visit(browser, address, java_script_enabled=False) as seen:
        figure = seen.page.locator(f"{FOLD} img.only-light")
        assert not figure.is_visible()
        seen.page.locator(SUMMARY).click()
        assert figure.is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_paper_has_no_folds(browser: Browser, address: str, scripts: bool) -> None:
    with visit(browser, address, "dark", java_script_enabled=scripts) as seen:
        printed = pypdfium2.PdfDocument(seen.page.pdf(format="A4"))
        assert not is_open(seen.page)  # afterwards
    text = "\n".join(page.get_textpage().get_text_range() for page in printed)
    assert "Xylophone words" in text
    assert "Show this part" not in text
    # each mark of the figure is a path, and there are few others
    paths = [sum(part.type == 2 for part in page.get_objects()) for page in printed]
    assert max(paths) > 50


def test_all_is_open_while_a_page_is_printed(browser: Browser, address: str) -> None:
    """Chromium needs only the style sheet for it; others need to be told."""
    with visit(browser, address) as seen:
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert is_open(seen.page)
        seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not is_open(seen.page)


# -- in the notebook


def test_each_heading_begins_a_cell_and_a_folded_one_is_alone(tmp_path: Path) -> None:
    script = tmp_path / "lesson.py"
    more = "# Last words.\n#\n# More\n# ~~~~\n#\n# Text."
    script.write_text(LESSON.replace("# Last words.", more), "utf-8")
    blocks = notebooks.lesson_blocks(script)
    notebook = notebooks.lesson_notebook(blocks, DEFAULT_GALLERY_CONF, "")
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    texts = ["".join(cell["source"]).strip() for cell in cells]
    assert [text.splitlines()[0][:28] for text in texts] == [
        *("# A lesson", "## Main line", "## Going deeper: the curve"),
        *("Xylophone words stand here. ", "### Inside"),
        *("## The main line again", "### More", "## Exercises"),
    ]
    assert texts[2] == "## Going deeper: the curve"
    folded = [cell for cell in cells if cell["metadata"]]
    assert folded == [cells[2]]
    assert folded[0]["metadata"] == {"jp-MarkdownHeadingCollapsed": True}


# -- minutes


@pytest.mark.parametrize(
    ("rst", "expected"),
    [
        ("Four *words*, and :math:`x^2`: *more*.", 5 * 0.3),
        ("- one\n- two\n\n.. note::\n   Three.\n\n.. math:: x + y", 3 * 0.3),
        (".. code:: python\n\n   x = 1  # one\n\n   # two\n   y = 2", 2 * 3),
        (".. class:: sphx-glr-script-out\n\n .. code::\n\n  # 1\n\n  2", 2 * 1),
        (f"{IMAGE.format('only-light')}{IMAGE.format('only-dark')}", 20),
        (VIDEO.format("only-light") + VIDEO.format("only-dark"), 6),
        (RAW.format(show_source(merge_heads)._repr_html_().replace("\n", "\n   ")), 9),
        (RAW.format('<details class="figure-numbers"><p>Two words</p></details>'), 0),
        (RAW.format('<nnbasics-x class="nnbasics-explorer"><p>A</p></nnbasics-x>'), 60),
        ("🎯 EXERCISE: find it\n---------------\n\nSome words.", 0),
        (".. note::\n   :class: sphx-glr-download-link-note\n\n   Some words.", 0),
    ],
)
def test_what_a_page_is_made_of_takes_its_time(rst: str, expected: float) -> None:
    heading = "A title\n=======\n\n"  # two words
    settings = {"doctitle_xform": False}
    page = publish_doctree(f"{heading}{rst}\n", settings_overrides=settings)
    assert seconds(page) == pytest.approx(2 * 0.3 + expected)


@pytest.mark.parametrize(("time", "minutes"), [(1, 1), (89, 1), (91, 2), (20 * 60, 20)])
def test_minutes_are_whole(time: float, minutes: int) -> None:
    assert whole(time) == minutes


def said_in(text: str) -> str:
    """Return what a text says about the time, without markup."""
    return str(re.findall(r"Time(?:\*\*|</strong>)?: (.*?)(?:<|\n|$)", text)[0])


def test_all_say_the_same_minutes(tiny: TinySite) -> None:
    time = "1 minute, and 3 more with all that goes deeper; exercises not counted."
    page = (tiny.site / "basics" / "lesson.html").read_text("utf-8")
    assert said_in(page) == time
    assert page.index("has two lines.") < page.index(time) < page.index("The second.")
    assert "<span>1 min</span>" in page
    other = (tiny.site / "first.html").read_text("utf-8")
    assert 'All in <span class="minutes">1 minute</span>.' in other
    text = with_time(LESSON, time)
    assert f"has two lines.\n\n**Time**: {time}\n\nThe second." in text
    assert with_time(LESSON, "") == LESSON


@pytest.mark.slow
def test_a_lesson_that_changed_changes_the_pages_that_say_its_minutes(
    tiny: TinySite,
) -> None:
    longer = LESSON.replace("# Last words.", f"# {'word ' * 400}")
    tiny.lesson.write_text(longer, "utf-8")
    assert tiny.build().returncode == 0
    other = (tiny.site / "first.html").read_text("utf-8")
    assert 'All in <span class="minutes">2 minutes</span>.' in other
