"""The built site: its pages, figures, downloads and links."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from fontTools.ttLib import TTFont
from site_build import LESSONS, MODULES, ROOT, RUN, Build

import nnbasics
from nnbasics import exercises, experiments, explorers, plotting
from nnbasics import lesson as running

HEADINGS = "h1, h2, h3, h4, h5, h6"
SCRIPTS = ROOT / "docs" / "tutorials"


@cache
def parse(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


@cache
def ids_of(page: Path) -> set[str]:
    return {attribute(tag, "id") for tag in parse(page).select("[id]")}


def attribute(tag: Tag, name: str) -> str:
    value = tag.get(name, "")
    assert isinstance(value, str)
    return value


def test_every_page_of_the_sources_is_built(build: Build) -> None:
    for source_file in (ROOT / "docs").glob("*.rst"):
        assert (build.site / f"{source_file.stem}.html").is_file()
    scripts = SCRIPTS.glob("*/*.py")
    assert {f"{path.parent.name}/{path.stem}" for path in scripts} == set(RUN)


def test_pages_have_a_language_and_a_title_of_their_own(build: Build) -> None:
    titles = []
    for path in build.pages:
        page = parse(path)
        assert page.html is not None
        assert page.html.get("lang") == "en"
        assert not page.html.get("class")  # the theme's mark: see whole.html
        assert all(tag.has_attr("defer") for tag in page.select("script[src]"))
        assert page.title is not None
        titles.append(page.title.get_text())
    assert len(set(titles)) == len(titles)


def test_headings_nest(build: Build) -> None:
    for path in build.pages:
        headings = parse(path).select("article, main")[0].select(HEADINGS)
        levels = [int(heading.name[1]) for heading in headings]
        assert levels[:1] == [1], path
        for above, level in itertools.pairwise(levels):
            assert 1 < level <= above + 1, path


def figures(page: BeautifulSoup) -> Iterator[tuple[Tag, Tag]]:
    light = page.select("article img.only-light")
    dark = page.select("article img.only-dark")
    return zip(light, dark, strict=True)


@pytest.mark.parametrize("lesson", RUN)
def test_each_figure_has_both_themes_a_size_and_a_description(
    build: Build, lesson: str
) -> None:
    page = build.site / f"{lesson}.html"
    folder = page.parent
    pairs = list(figures(parse(page)))
    assert pairs
    for light, dark in pairs:
        alt = attribute(light, "alt")
        assert alt == attribute(dark, "alt")
        assert len(alt) >= 40
        assert ".svg" not in alt
        assert re.search(r"[.?]$", alt), alt
        assert len(re.findall(r"[.?](?= |$)", alt)) >= 2, alt
        for image in (light, dark):
            assert image.get("width"), image
            assert image.get("height"), image
            assert image.get("loading") == "lazy"
        pictures = [
            (folder / attribute(image, "src")).read_text("utf-8")
            for image in (light, dark)
        ]
        assert pictures[0] != pictures[1]
        assert "<svg" in pictures[0]


def test_the_video_is_small_and_described_and_waits_to_be_started(build: Build) -> None:
    folder = build.site / "basics"
    page = parse(folder / "xor_network.html")
    assert page.select("div.video.only-light video")
    assert page.select("div.video.only-dark video")
    for video in page.select("article video"):
        picture = video.find_previous("img")
        assert isinstance(picture, Tag)
        assert picture.get("loading") == "lazy"
        assert (folder / attribute(picture, "src")).is_file()
        assert len(attribute(video, "aria-label")) >= 40
        assert video.has_attr("controls")
        assert not video.has_attr("autoplay")
        assert video.get("preload") == "none"
        size = (folder / attribute(video, "src")).stat().st_size
        assert 1000 < size < 100_000


def test_cards_of_the_front_page_lead_to_the_lessons(build: Build) -> None:
    page = parse(build.site / "index.html")
    cards = page.select(".lesson-card")
    links = [card.select_one(".lesson-card-title a") for card in cards]
    assert [attribute(link, "href") for link in links if link] == [
        f"{lesson}.html" for lesson in LESSONS
    ]
    for card in cards:
        for image in card.select("img"):
            assert (build.site / attribute(image, "src")).is_file()
        assert {"only-light"} in [set(i.get("class") or []) for i in card.select("img")]


def minutes_in(page: BeautifulSoup) -> tuple[int, int]:
    """Return the minutes that a lesson says: of its main line, and of its depth."""
    line = r"Time: (\d+) minutes, and (\d+) more with all that goes deeper; exercises"
    main, depth = re.findall(line, page.get_text())[0]
    return int(main), int(depth)


def test_all_pages_and_downloads_say_the_same_minutes(build: Build) -> None:
    front = parse(build.site / "index.html")
    cards = iter(front.select(".lesson-card-minutes"))
    total = dict.fromkeys(MODULES, 0)
    for lesson in LESSONS:
        module, _, name = lesson.partition("/")
        number = MODULES[module].index(name)
        page = parse(build.site / f"{lesson}.html")
        main, depth = minutes_in(page)
        total[module] += main
        said = f"{main} minutes"
        in_module = parse(build.site / module / "index.html")
        for card in (next(cards), in_module.select(".lesson-card-minutes")[number]):
            assert card.get_text() == said
        progress = page.select(".lesson-progress li span:not(.solved)")
        assert progress[number].get_text() == f"{main} min"
        line = (
            f"**Time**: {said}, and {depth} more with all that goes deeper; exercises"
        )
        for suffix in ("py", "ipynb"):
            download = build.download(f"{lesson}.{suffix}").read_text("utf-8")
            assert download.count(line) == download.count("Time**") == 1
    words = front.get_text().replace("\n", " ")
    assert (
        "Time: {basics} minutes for module 1 and {transformer} minutes for".format(
            **total
        )
        in words
    )
    assert next(cards, None) is None
    for module in MODULES:
        solutions = parse(build.site / module / "solutions.html")
        assert "Time:" not in solutions.get_text()


@pytest.mark.parametrize(
    ("lesson", "most"), [*zip(LESSONS, (22, 24, 26, 25, 25, 25, 25), strict=True)]
)
def test_the_main_line_is_short_and_the_depth_is_less(
    build: Build, lesson: str, most: int
) -> None:
    main, depth = minutes_in(parse(build.site / f"{lesson}.html"))
    assert main <= most
    assert 0 < depth <= 0.6 * main


def test_nothing_is_fetched_from_another_host(build: Build) -> None:
    for path in build.pages:
        page = parse(path)
        for tag in page.select("script, img, source, video, iframe, link"):
            if tag.name == "link" and tag.get("rel") == ["canonical"]:
                continue
            for name in ("src", "href", "srcset", "poster"):
                address = attribute(tag, name)
                assert not urlsplit(address).netloc, (path, address)
    for sheet in build.site.rglob("*.css"):
        text = sheet.read_text("utf-8")
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", text), sheet


def test_mathematics_is_rendered(build: Build) -> None:
    page = parse(build.site / "basics" / "attention.html")
    assert len(page.select("article .katex")) > 5
    assert page.select("article .katex math")
    for lesson in RUN:
        page = parse(build.site / f"{lesson}.html")
        for tag in page.select("article p, article li"):
            visible = [t for t in tag.find_all(string=True) if not _in_mathml(t.parent)]
            assert not re.search(r"\\\(|\\\[|\\frac|\\sqrt|\$\$", "".join(visible))


def test_fonts_of_formulas_have_what_is_shown_and_little_else(build: Build) -> None:
    paths = [*(build.site / "_static" / "katex" / "fonts").glob("*.woff2")]
    fonts = [TTFont(path) for path in paths]
    known = {chr(code) for font in fonts for code in font.getBestCmap()}
    pages = (parse(page) for page in build.site.rglob("*.html"))
    shown = "".join(e.get_text() for page in pages for e in page.select(".katex-html"))
    assert set(shown) - known == {"\u200b"}  # KaTeX's space without a width
    assert max(path.stat().st_size for path in paths) < 14_600  # ten packets
    # the licence keeps KaTeX's own name for fonts as they were
    assert all("KaTeX" not in str(record) for f in fonts for record in f["name"].names)


def test_numbers_of_figures_are_those_of_the_pages(build: Build) -> None:
    pages = "".join(page.read_text("utf-8") for page in build.pages)
    written = [path.name for path in (build.site / "_static" / "numbers").iterdir()]
    assert set(written) == set(re.findall(r'data-numbers="(.*?)"', pages)) != set()


def _in_mathml(tag: Tag | None) -> bool:
    return tag is not None and tag.find_parent("math") is not None


def test_links_within_the_site_lead_somewhere(build: Build) -> None:
    for path in build.pages:
        for link in parse(path).select("a[href]"):
            parts = urlsplit(attribute(link, "href"))
            if parts.scheme or parts.netloc:
                continue
            # 404.html, which is shown at any address, counts from the site's top
            start = build.site if parts.path.startswith("/") else path.parent
            target = (start / unquote(parts.path).lstrip("/")).resolve()
            target = path if not parts.path else target
            assert target.is_file(), (path.name, parts.path)
            if parts.fragment and target.suffix == ".html" and parts.fragment != "":
                assert unquote(parts.fragment) in ids_of(target), (path, link["href"])


def test_addresses_that_people_have_linked_are_there(build: Build) -> None:
    promised = Path(__file__).with_name("addresses.txt").read_text("utf-8").split()
    lost = []
    for address in promised:
        page, _, heading = address.partition("#")
        path = build.site / page
        if not path.is_file() or heading not in {"", *ids_of(path)}:
            lost.append(address)
    assert len(promised) > 100
    assert lost == []


def test_code_in_lessons_links_to_the_references(build: Build) -> None:
    page = parse(build.site / "basics" / "attention.html")
    targets = [attribute(a, "href") for a in page.select("div.highlight a[href]")]
    assert any("api/nnbasics.scaled_dot_product_attention" in t for t in targets)
    assert any(t.startswith("https://docs.pytorch.org/docs/stable/") for t in targets)


PUBLIC = [
    f"{package.__name__}.{name}"
    for package in (nnbasics, experiments, plotting, explorers, exercises, running)
    for name in package.__all__
]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_object_has_a_page(build: Build, name: str) -> None:
    page = parse(build.site / "api" / f"{name}.html")
    assert page.find(id=name) is not None


def test_api_pages_link_back_to_the_lessons(build: Build) -> None:
    page = parse(build.site / "api" / "nnbasics.scaled_dot_product_attention.html")
    links = [attribute(a, "href") for a in page.select("article a[href]")]
    assert any(link.startswith("../basics/attention.html") for link in links)


def test_words_of_code_without_a_box_lose_no_colour(build: Build) -> None:
    page = (build.site / "basics" / "attention.html").read_text("utf-8")
    assert not re.search(r'<span class="[npw]">', page)
    style = (build.site / "_static" / "pygments.css").read_text("utf-8")
    rule = re.compile(
        r"^(.*)\.highlight (?:\.(\w+) )?{.*?[; ]color: (#\w+)", re.MULTILINE
    )
    colours = {(theme, word): colour for theme, word, colour in rule.findall(style)}
    for theme in {theme for theme, _ in colours}:
        for word in "npw":
            assert colours[theme, word] == colours[theme, ""], (theme, word)


def test_glossary_terms_are_linked_from_each_lesson(build: Build) -> None:
    for lesson in LESSONS:
        page = parse(build.site / f"{lesson}.html")
        links = page.select('article a[href^="../glossary.html#term-"]')
        assert len(links) >= 8, lesson
