"""The build's own extensions, one by one, and the build of a tiny gallery."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from sphinx.errors import ExtensionError

import figures
import notebooks
import running
from nnbasics import XORNetwork
from nnbasics.plotting import animate_decision_boundary, plot_curves
from nnbasics.plotting.style import BLUE, DARK_COUNTERPARTS, INK


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


# -- figures


def draw(alt: str = "A line that falls from 3 to 1.") -> Figure:
    figure = plot_curves({"loss": [3.0, 1.0]}, xlabel="x", ylabel="y")
    figure.set_label(alt)
    return figure


def scrape(folder: Path, variables: dict[str, Any] | None = None) -> str:
    paths = iter(str(folder / "images" / f"lesson_{n:03}.png") for n in (1, 2, 3))
    (folder / "images").mkdir(exist_ok=True)
    lesson = folder / "lesson.py"
    lesson.write_text("# sphinx_gallery_thumbnail_number = 2\n", "utf-8")
    return figures.scraper(
        ("code", "", 42),
        {
            "image_path_iterator": paths,
            "src_file": str(lesson),
            "example_globals": variables or {},
        },
        {"src_dir": str(folder)},
    )


def test_a_figure_is_saved_in_light_and_in_dark(tmp_path: Path) -> None:
    draw()
    rst = scrape(tmp_path)
    light = (tmp_path / "images" / "lesson_001.svg").read_text("utf-8")
    dark = (tmp_path / "images" / "lesson_001_dark.svg").read_text("utf-8")
    assert BLUE in light
    assert INK in light
    for colour, counterpart in DARK_COUNTERPARTS.items():
        assert colour not in dark
        assert (colour in light) == (counterpart in dark)
    assert rst.count(":alt: A line that falls from 3 to 1.") == 2
    assert ".. image:: /images/lesson_001.svg" in rst
    assert ":class: only-light" in rst
    assert ":class: only-dark" in rst
    assert rst.count(":width: 540\n   :height: 340") == 2
    assert plt.get_fignums() == []


def test_two_figures_of_a_cell_come_in_their_order(tmp_path: Path) -> None:
    draw("The first of two figures.")
    draw("The second of two figures.")
    rst = scrape(tmp_path)
    assert rst.index("The first of two") < rst.index("The second of two")
    assert (tmp_path / "images" / "lesson_002_dark.svg").is_file()


def test_markup_in_a_description_is_shown_as_text(tmp_path: Path) -> None:
    draw("The product *x* is |x|.")
    assert r":alt: The product \*x\* is \|x\|." in scrape(tmp_path)


# -- videos


def test_an_animation_becomes_a_video_for_each_theme(tmp_path: Path) -> None:
    moments = {"start": XORNetwork(), "end": XORNetwork()}
    animation = animate_decision_boundary(moments)
    plt.gcf().set_label('It says "hello".')
    (tmp_path / "images").mkdir()
    rst = scrape(tmp_path, {"animation": animation})
    light = (tmp_path / "images" / "lesson_001.mp4").read_bytes()
    dark = (tmp_path / "images" / "lesson_001_dark.mp4").read_bytes()
    assert light[4:8] == dark[4:8] == b"ftyp"
    assert light != dark
    assert (tmp_path / "images" / "lesson_001_dark.svg").is_file()
    assert rst.count('aria-label="It says &quot;hello&quot;."') == 2
    assert '<div class="video only-dark">' in rst
    poster = f"../_images/{tmp_path.name}/lesson_001_dark.svg"
    assert f'<img src="{poster}" alt="" loading="lazy"' in rst


def test_an_animation_of_another_figure_changes_nothing(tmp_path: Path) -> None:
    animation = animate_decision_boundary({"one": XORNetwork()})
    plt.close("all")
    draw()
    assert ".. image::" in scrape(tmp_path, {"animation": animation})


def test_the_parts_of_a_figure_take_the_colours_of_the_dark_theme() -> None:
    figure = draw()
    figures.recolour_artists(figure)
    (axes,) = figure.axes
    assert axes.lines[0].get_color() == DARK_COUNTERPARTS[BLUE]
    assert axes.xaxis.label.get_color() == DARK_COUNTERPARTS[INK]


# -- notebooks


@pytest.mark.parametrize(
    ("rst", "markdown"),
    [
        (":term:`softmax`", "softmax"),
        (":term:`weights <weight>`", "weights"),
        (":func:`nnbasics.merge_heads`", "`nnbasics.merge_heads`"),
        (":func:`~nnbasics.merge_heads`", "`merge_heads`"),
        (
            ":class:`nn.Linear <torch.nn.Linear>`",
            f"[`nn.Linear`]({notebooks.TORCH_DOCS}torch.nn.Linear.html)",
        ),
        (":doc:`attention </basics/attention>`", "attention"),
        (":ref:`Vaswani et al. (2017) <vaswani2017>`", "Vaswani et al. (2017)"),
        (":math:`x^2`", ":math:`x^2`"),
    ],
)
def test_roles_become_markdown(rst: str, markdown: str) -> None:
    assert notebooks.prepare(rst).strip() == markdown


@pytest.mark.parametrize(
    ("rst", "markdown"),
    [
        (
            ":doc:`attention </basics/attention>`",
            "[attention](https://x.org/basics/attention.html)",
        ),
        (
            ":ref:`Vaswani <vaswani2017>`",
            "[Vaswani](https://x.org/references.html#vaswani2017)",
        ),
        (
            ":func:`nnbasics.merge_heads`",
            "[`nnbasics.merge_heads`](https://x.org/api/nnbasics.merge_heads.html)",
        ),
    ],
)
def test_links_lead_to_the_hosted_pages_where_they_are_known(
    rst: str, markdown: str
) -> None:
    assert notebooks.prepare(rst, "https://x.org").strip() == markdown


def test_a_note_becomes_a_quotation() -> None:
    rst = "Before.\n\n.. note::\n   Two lines\n   of :term:`text`.\n\nAfter.\n"
    expected = "Before.\n\n> **Note.** Two lines\n> of text.\n\nAfter."
    assert notebooks.prepare(rst).strip() == expected


def test_a_table_becomes_a_table() -> None:
    rst = (
        ".. list-table::\n   :header-rows: 1\n\n   * - a\n     - b\n"
        "   * - :func:`F.f\n       <x.f>`\n     - 2\n\nAfter.\n"
    )
    expected = "| a | b |\n| --- | --- |\n| `F.f` | 2 |\n\nAfter."
    assert notebooks.prepare(rst).strip() == expected


@pytest.mark.parametrize(
    "markup",
    [
        ".. figure:: x.png",
        ":unknown:`role`",
        "A footnote [1]_.",
        "A `name`_ of a link.",
        "Code follows::",
        "   :label: equation",
    ],
)
def test_what_is_left_over_is_refused(markup: str) -> None:
    with pytest.raises(ExtensionError, match="lesson 'Attention': the notebook cannot"):
        notebooks.refuse_left_over_markup(f"Text.\n\n{markup}\n", "Attention")


def test_code_and_plain_text_are_not_refused() -> None:
    text = "A colon: here, and 3 :: 4.\n\n```python\nx = y[::2]\n.. no\n```\n"
    notebooks.refuse_left_over_markup(text, "Attention")


# -- runs

LESSON = '''\
"""
A title
=======

Text.
"""

# %%
# First part
# ----------

x = 1

# %%
# Second part
# ~~~~~~~~~~~
#
# Text.

assert x == 2
'''


def test_the_cell_of_a_line_is_named_by_its_heading() -> None:
    assert running.section_of(LESSON, 12) == "First part"
    assert running.section_of(LESSON, 20) == "Second part"
    assert running.section_of(LESSON, 3) == "A title"


def test_a_lesson_that_does_not_parse_is_named_too(tmp_path: Path) -> None:
    lesson = tmp_path / "lesson.py"
    lesson.write_text("x = (\n", "utf-8")
    message = running.failure_message(lesson, "SyntaxError: '(' was never closed")
    assert message == (
        'lesson lesson.py, cell "the beginning", line 1: '
        "SyntaxError: '(' was never closed"
    )


def test_lessons_run_again_when_code_changed_and_only_then(tmp_path: Path) -> None:
    docs, source = tmp_path / "docs", tmp_path / "src"
    for folder in (docs / "basics", docs / "tutorials" / "basics", source):
        folder.mkdir(parents=True)
    (docs / "tutorials" / "basics" / "GALLERY_HEADER.rst").touch()
    code, remembered = source / "code.py", docs / "basics" / "lesson.py.md5"
    settings = {"gallery_dirs": ["basics"]}
    app: Any = SimpleNamespace(
        builder=SimpleNamespace(format="html"),
        srcdir=str(docs),
        outdir=str(docs / "_build"),
        config=SimpleNamespace(sphinx_gallery_conf=settings),
    )

    def is_forgotten() -> bool:
        remembered.touch()
        running.forget_what_changed(app)
        return not remembered.exists()

    code.write_text("x = 1\n", "utf-8")
    assert is_forgotten()
    assert not is_forgotten()
    code.write_text("x = 2\n", "utf-8")
    assert is_forgotten()
    settings["image_scrapers"] = ["other"]
    assert is_forgotten()
    assert not is_forgotten()


@pytest.mark.parametrize(
    "package", ["torch", "numpy", "matplotlib", "seaborn", "imageio-ffmpeg"]
)
def test_versions_are_a_part_of_what_makes_lessons_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    app: Any = SimpleNamespace(
        srcdir=str(tmp_path), config=SimpleNamespace(sphinx_gallery_conf={})
    )
    before = running.fingerprint(app)
    monkeypatch.setattr(
        running, "version", lambda name: "99" if name == package else version(name)
    )
    assert running.fingerprint(app) != before


def test_pages_are_read_again_when_a_directive_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "HERE", tmp_path)
    app: Any = SimpleNamespace(connect=lambda *_, **__: None)
    before = running.setup(app)["env_version"]
    assert running.setup(app)["env_version"] == before
    (tmp_path / "directive.py").write_text("x = 1\n", "utf-8")
    assert running.setup(app)["env_version"] != before
