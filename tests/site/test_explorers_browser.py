"""The interactive figures in a real browser: what a reader sees, hears and does."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from explorer_pages import FIGURE, STATES, Opened, open_page

from explorer_examples import (
    EXAMPLES,
    attention_explorer,
    fact_explorer,
    head_explorer,
    induction_explorer,
)
from nnbasics.experiments import QUESTIONS, FactModel
from nnbasics.explorers import FactExplorer
from nnbasics.explorers._element import TITLES, Explorer, element_name, script

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Show = Callable[..., Opened]
KINDS = sorted(EXAMPLES)
VIOLATIONS = {"resultTypes": ["violations"]}  # no report of what passes
FORMS = [("light", 1280), ("dark", 390), ("light", 320)]
HOSTILE = [
    "</script><script>document.title = 'hit'</script>",
    "\"'><b>",
    "<img src=x onerror=\"document.title = 'hit'\">",
    "שלום",
    "👩‍👩‍👧",
    "x" * 200,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a page with each kind of figure."""
    pages = tmp_path_factory.mktemp("explorers")
    for kind, make in EXAMPLES.items():
        make().save(pages / f"{kind}.html")
    return pages


@pytest.fixture
def show(browser: Browser, folder: Path) -> Iterator[Show]:
    """Open the page of a kind, or any other, and close it after the test."""
    pages: list[Opened] = []

    def opener(page: str | Path, **options: object) -> Opened:
        path = page if isinstance(page, Path) else folder / f"{page}.html"
        pages.append(open_page(browser, path, **options))
        return pages[-1]

    yield opener
    for page in pages:
        page.close()


def check_every_state(page: Opened, kind: str) -> None:
    for state in ["0", *STATES[kind], "figure.details.open = true"]:
        page.figure(f"void ({state})")
        assert page.page.evaluate("document.body.scrollWidth <= innerWidth"), state
        broken = Axe().run(page.page, options=VIOLATIONS).response["violations"]
        assert [rule["id"] for rule in broken] == [], state
    assert page.errors == []
    assert len(page.requests) == 1  # the file itself


def test_every_state_is_sound(show: Show) -> None:
    check_every_state(show("attention-explorer"), "attention-explorer")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_state_of_every_figure_is_sound_in_all_forms(
    show: Show, kind: str
) -> None:
    for theme, width in FORMS:
        check_every_state(show(kind, color_scheme=theme, width=width), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_targets_are_large_enough_for_a_finger(show: Show, kind: str) -> None:
    page = show(kind, width=390)
    small = page.figure(
        "[...figure.shadowRoot.querySelectorAll('button, select, input, summary, "
        "label.check, .cell')].filter(node => { "
        "const box = (node.closest('label') ?? node).getBoundingClientRect(); "
        "return box.width < 24 || box.height < 24; }).map(node => node.outerHTML)"
    )
    assert small == []


# -- pointing and keys


def test_arrow_keys_enter_and_escape(show: Show) -> None:
    page = show("attention-explorer")
    heard = "document.addEventListener('keydown', e => { document.heard = e.key; })"
    page.page.evaluate(heard)
    # one press of Tab leads into the map, and one out of it
    assert page.page.locator("[role=gridcell][tabindex='0']").count() == 1
    page.figure("figure.letGo()")
    page.figure("figure.matrix.cells[0][0].group.focus()")
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("ArrowRight")
    assert page.figure("figure.matrix.place") == [1, 1]
    assert page.figure("figure.active") == [1]
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("/")
    page.figure("figure.shadowRoot.activeElement.blur()")
    assert page.figure("figure.active") == [1]  # pinned
    page.figure("figure.matrix.cells[1][1].group.focus()")
    page.page.keyboard.press("Escape")
    assert page.figure("figure.active") == []
    assert page.page.evaluate("document.heard") is None


def test_pointing_says_the_numbers_of_the_pair(show: Show) -> None:
    page = show("attention-explorer")
    page.page.locator("[role=gridcell]").nth(8).hover()  # the second row, third cell
    weight = page.figure("figure.result.weights[1][2]")
    said = page.page.locator(".says").inner_text()
    assert said.startswith(f"“cat” gives {weight:.2f} of its attention to “sat”")


def test_masks_reversed_view_and_sums(show: Show) -> None:
    page = show("attention-explorer")
    page.page.get_by_label("Mask").select_option("causal")
    weights = torch.tensor(page.figure("figure.result.weights"))
    assert (weights.triu(1) == 0).all()
    assert page.page.locator(".cell.blocked").count() == 15
    page.page.get_by_label("Mask").select_option("own")
    page.page.locator("[role=gridcell]").nth(0).click()
    assert page.figure("figure.result.weights[0][0]") == 0
    page.page.get_by_label("Mask").select_option("none")
    page.page.get_by_label("several at once").check()
    page.figure("figure.letGo()")
    for row in (0, 2):
        page.page.locator("[role=rowheader]").nth(row).click()
    page.page.mouse.move(1, 1)
    sums = page.figure(
        "[...figure.steps.querySelectorAll('tbody td.share')].map(c => c.textContent)"
    )
    weights = torch.tensor(page.figure("figure.result.weights"))
    expected = weights[0] + weights[2]
    assert [float(text) for text in sums] == pytest.approx(expected.tolist(), abs=0.006)
    page.page.get_by_label("Show").select_option("from")
    assert "comes from" in page.page.locator(".says").inner_text()


def test_the_input_follows_pointer_sliders_and_keys(show: Show) -> None:
    page = show("xor-playground")
    page.page.locator(".plane").click()  # in its middle
    assert page.figure("figure.input") == [0.5, 0.5]
    page.page.locator(".plane").press("ArrowRight")
    page.page.locator(".plane").press("Shift+ArrowDown")
    assert page.figure("figure.input") == [0.55, 0.25]
    page.page.get_by_role("slider", name="input 1").fill("0.2")
    assert page.figure("figure.input") == [0.2, 0.25]
    page.page.get_by_role("button", name="Input (1, 0)").click()
    assert "For the input (1.00, 0.00)" in page.page.locator(".says").inner_text()


def test_slopes_are_shown_weights_edited_and_the_run_resumed(show: Show) -> None:
    page = show("xor-playground")
    page.page.get_by_label("show gradients").check()
    texts = page.page.locator(".weight").all_text_contents()
    slopes = page.figure("figure.edges.map(e => figure.slope.gradient[e.place])")
    shown = [float(text.replace("−", "-")) for text in texts]
    assert shown == pytest.approx(slopes, abs=6e-5)
    page.page.get_by_label("Edit", exact=True).select_option("2")
    page.page.get_by_label("New value").fill("2.5")
    page.page.get_by_label("New value").press("Enter")
    assert page.figure("figure.now[2]") == 2.5
    assert "Edited by hand" in page.page.locator(".says").inner_text()
    page.page.get_by_role("button", name="Train on from here").click()
    assert page.figure("figure.run.numbers[0][2]") == 2.5
    page.page.get_by_role("button", name="Reset").click()
    assert page.figure("[figure.epoch, figure.run.real]") == [0, True]


def test_heads_are_chosen_switched_off_and_asked(show: Show) -> None:
    page = show("head-explorer")
    page.page.get_by_role("button", name="Show head 3 alone").click()
    assert page.figure("figure.mean") == page.figure("figure.weights[3]")
    page.page.get_by_role("button", name="Choose all heads").click()
    for head in range(7):
        page.page.get_by_label(f"Head {head} on").uncheck()
    ablations = head_explorer().ablations
    left = ablations[2**7 - 1]
    assert page.figure("[...figure.accuracy()]") == pytest.approx(
        left.tolist(), abs=0.0051
    )
    lost = [
        q
        for q, share in zip(QUESTIONS, ablations[0] - left, strict=True)
        if share > 0.1
    ]
    assert f"worse at {', '.join(lost)}." in page.page.locator(".says").inner_text()


def test_the_sentence_can_be_edited(show: Show) -> None:
    page = show("head-explorer")
    page.page.get_by_label("Word 2").select_option(label="cat")
    assert page.figure("figure.tokens[1]") == "cat"
    # the moments of the training were kept for the first sentence only
    assert page.page.get_by_role("button", name="Untrained").is_disabled()
    page.page.get_by_role("button", name="Add a word").click()
    assert page.page.locator(".words select").count() == 9
    page.page.get_by_role("button", name="Reset").click()
    assert page.page.locator(".words select").count() == 8
    page.page.get_by_role("button", name="Untrained").click()
    assert page.figure("Math.max(...figure.mean.flat())") < 0.25


def test_the_score_holds_when_query_and_key_move_together(show: Show) -> None:
    page = show("rotation-explorer")
    query = page.page.get_by_role("slider", name="Query’s position")
    key = page.page.get_by_role("slider", name="Key’s position")
    score = page.figure("figure.result.score")
    together = page.page.get_by_label("move together")
    together.check()
    # at both ends neither leaves the range, so their distance is kept
    moves = {"ArrowRight": [11, 7], "End": [63, 59], "Home": [4, 0]}
    for press, places in moves.items():
        for slider in (query, key) if press == "End" else (query,):
            slider.press(press)
            assert page.figure("figure.at") == places
            assert [query.input_value(), key.input_value()] == [*map(str, places)]
        assert page.figure("figure.result.score") == pytest.approx(score, abs=1e-10)
    said = page.page.locator(".says").inner_text()
    assert said.endswith("as it is wherever this query stands 4 places after its key.")
    together.uncheck()
    query.press("Home")
    assert page.figure("figure.at") == [0, 0]
    assert "stands at the place of its key." in page.page.locator(".says").inner_text()


def test_units_are_switched_off_by_keys_and_facts_are_lost(show: Show) -> None:
    page = show("fact-explorer")
    page.page.get_by_role("button", name="Unit 0:").focus()
    # below the second row there is none
    for way in ("Down", "Right", "Right", "Left", "Down"):
        page.page.keyboard.press(f"Arrow{way}")
    for key in (" ", "Home", "Enter"):
        page.page.keyboard.press(key)
    assert page.figure("figure.off") == [0, 9]
    assert page.page.locator(".unit[aria-pressed=false]").count() == 2
    assert page.page.locator(".unit[tabindex='0']").count() == 1  # one press of Tab
    holds = page.figure("figure.holds")
    assert 0 < sum(holds) < 32
    count = page.page.locator(".count")
    assert count.inner_text() == f"{sum(holds)} of 32 facts hold"
    assert page.page.locator(".fact.lost").count() == 32 - sum(holds)
    lost = page.page.get_by_role("radio").nth(holds.index(False))
    assert "does not hold, the answer is" in (lost.get_attribute("aria-label") or "")
    page.page.get_by_role("button", name="All on").click()
    assert count.inner_text() == "32 of 32 facts hold"


def test_a_chosen_fact_shows_the_units_that_it_needs(show: Show) -> None:
    page = show("fact-explorer")
    page.page.get_by_role("radio", name="Denmark → Copenhagen").check()
    page.page.keyboard.press("ArrowDown")
    (row,) = [r for r in fact_explorer().table().rows if r[0] == "Egypt → Cairo"]
    says = page.page.locator(".says")
    assert f"For Egypt {row[2]} of 16 units fire" in says.inner_text()
    assert says.inner_text().endswith("the answer is Cairo, which is right.")
    needed = page.figure("JSON.parse(figure.toJSONText()).needs")
    assert ", ".join(map(str, needed)) == row[3] != ""
    marked = page.page.get_by_role("button", name="which needs it")
    assert marked.count() == len(needed)
    marked.first.click()
    answer = page.page.locator(".best th").first.inner_text()
    assert says.inner_text().endswith(f"the answer is {answer}, not Cairo.")
    # however far behind it is, the right answer is shown
    assert page.figure(
        "(figure.set(figure.on.map(() => false)), figure.facts.every((_, number) => "
        "(figure.choose(number), figure.best.textContent.includes('(right)'))))"
    )


def test_only_trainings_that_were_made_can_be_chosen(show: Show) -> None:
    page = show("depth-explorer")
    radio, settings = page.page.get_by_role, "figure.run.settings"
    radio("radio", name="plain").focus()
    page.page.keyboard.press("ArrowRight")  # to one trained with 16 layers only
    assert page.figure(settings) == ["parity", "residual", 16, 0.003, 0]
    page.page.keyboard.press("ArrowLeft")  # the focus is where it was
    assert page.figure(settings) == ["parity", "plain", 16, 0.003, 0]
    assert page.figure("figure.offered") == [
        *(["parity", "reverse"], ["plain", "residual"], [4, 16], [], []),
    ]
    for name in ("reverse", "0.01", "60 steps"):
        radio("radio", name=name).check()
    assert page.figure(settings) == ["reverse", "norm after", 4, 0.01, 60]


def test_a_training_stays_as_a_pale_line_until_it_is_another_task(show: Show) -> None:
    page = show("depth-explorer")
    lines = page.page.locator("polyline.line")
    for name, count in (("4", 1), ("16", 2), ("4", 2), ("reverse", 1), ("parity", 1)):
        page.page.get_by_role("radio", name=name).check()
        assert lines.count() == count
    page.page.get_by_role("radio", name="16").check()
    assert page.page.locator(".beyond").text_content() == "▲ up to 200"
    page.page.get_by_role("radio", name="residual").check()
    assert page.page.locator(".beyond").count() == 0
    page.page.get_by_label("keep the pale run").check()
    page.page.get_by_role("radio", name="plain").check()
    run, before = page.figure("Object.values(figure.state())")
    assert (run["order"], before["order"], before["depth"]) == ("plain", "plain", 16)
    # a mean of three steps stands in their middle
    assert [point["step"] for point in run["losses"]] == [*range(1, 130, 3), 129]
    said = page.page.locator(".says").inner_text()
    assert said.endswith("Pale: plain, 16 layers, accuracy 0.50.")


def test_tokens_are_written_and_answers_marked(show: Show) -> None:
    page = show("induction-explorer")
    page.page.get_by_label("Tokens, a to x").fill("ab, Cz ada")  # others are left out
    places = page.page.get_by_role("radio")
    named = page.figure("figure.state().next.map(strongest => strongest[0].letter)")
    after_the_copy_before = {3: "b", 5: "d"}
    for place, (token, letter) in enumerate(zip("abcada", named, strict=True)):
        right = letter == after_the_copy_before.get(place)
        known = ("" if right else ", not right") + ", right" * right
        assert places.nth(place).get_attribute("aria-label") == (
            f"Position {place}, {token}: next {letter}"
            + known * (place in after_the_copy_before)
        )
    places.nth(4).check()
    page.page.keyboard.press("ArrowRight")
    said = page.page.locator(".says").inner_text()
    assert f"After “a” at position 5 the model names “{named[5]}” next, with " in said
    assert "; after the earlier copy, at position 3, came “d”." in said
    page.page.get_by_label("repeat after").select_option("10")
    tokens = page.figure("figure.written")
    assert (tokens[:10], len(set(tokens))) == (tokens[10:], 10)


def test_what_a_reader_changes_ends_the_training(show: Show) -> None:
    page = show("induction-explorer")
    slider = page.page.get_by_role("slider", name="Training")
    slider.fill("0")
    assert "Step 0 of the training: " in page.page.locator(".count").inner_text()
    shown = torch.tensor(page.figure("JSON.parse(figure.toJSONText()).weights"))
    assert (shown - induction_explorer().moments[0][2]).abs().max() < 0.0051
    page.page.get_by_role("button", name="layer 0, head 1 on").click()
    assert page.page.locator(".switch[aria-pressed=false]").count() == 1
    assert page.figure("figure.logits !== null")
    assert slider.is_disabled()
    page.page.get_by_role("button", name="Reset").click()
    assert slider.is_enabled()
    page.page.get_by_role("button", name="New tokens").click()
    assert slider.is_disabled()


# -- nothing moves or talks unasked


@pytest.mark.parametrize(
    "kind", ["xor-playground", "head-explorer", "induction-explorer"]
)
def test_films_wait_play_silently_and_stop(show: Show, kind: str) -> None:
    page = show(kind)
    page.page.get_by_role("button", name="Reset").click()
    before = page.figure("figure.toJSONText()")
    page.page.wait_for_timeout(300)
    assert page.figure("figure.toJSONText()") == before
    says = page.page.locator(".says")
    assert says.get_attribute("aria-live") == "polite"
    page.page.get_by_role("button", name="Play").click()
    page.page.locator(".says[aria-live=off]").wait_for()
    page.page.get_by_role("button", name="Pause").click()
    assert says.get_attribute("aria-live") == "polite"


def test_less_motion_means_few_slow_steps(show: Show) -> None:
    page = show("xor-playground", reduced_motion="reduce")
    # the test is the clock: on a busy machine no step comes too early or too late
    page.page.evaluate(
        "setInterval = (step, pause) => { Object.assign(window, { step, pause }); "
        "return 1; }"
    )
    page.page.get_by_role("button", name="Play").click()
    assert page.page.evaluate("pause") >= 1000
    epochs = page.figure("Array.from({ length: 10 }, () => (step(), figure.epoch))")
    assert epochs == list(range(100, 1001, 100))


# -- copies, tables, themes


@pytest.mark.parametrize("kind", KINDS)
def test_copies_hold_the_numbers(show: Show, kind: str) -> None:
    page = show(kind)
    page.figure(f"void ({STATES[kind][0]})")
    drawing = ET.fromstring(page.figure("figure.toSVG()"))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    written = [node for node in drawing.iter() if node.tag.endswith("}text")]
    assert len([node for node in written if "".join(node.itertext()).strip()]) > 5
    assert all(node.get("fill") and node.get("font-size") for node in written)
    fills = {node.get("fill") for node in drawing.iter()}
    assert len(fills) > 5
    assert not any("var(" in (fill or "") for fill in fills)
    page.figure("void (figure.details.open = true)")
    page.page.locator("details.numbers table tbody tr").first.wait_for()
    rows = page.figure(
        "[...figure.numbers.rows].map(row => [...row.cells].map(c => c.textContent))"
    )
    assert page.figure("figure.toTSV()") == "\n".join("\t".join(row) for row in rows)
    with page.page.expect_download() as saved:
        page.page.get_by_role("button", name="Save as JSON").click()
    assert saved.value.suggested_filename.endswith(".json")


def test_numbers_reach_the_clipboard(show: Show) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    page = show("attention-explorer", permissions=allowed)
    page.page.get_by_role("button", name="Copy the numbers").click()
    page.page.get_by_role("button", name="Copied").wait_for()
    text = page.page.evaluate("navigator.clipboard.readText()")
    assert text == page.figure("figure.toTSV()")


def test_a_switch_of_the_theme_is_followed(show: Show) -> None:
    page = show("xor-playground", color_scheme="light")
    line = "getComputedStyle(figure.shadowRoot.querySelector('.edge.plus')).stroke"
    assert page.figure(line) == "rgb(0, 114, 178)"
    page.page.emulate_media(color_scheme="dark")
    page.page.locator(".explorer[data-tone=dark]").wait_for()
    assert page.figure(line) == "rgb(86, 180, 233)"
    page.page.evaluate(
        "document.body.style.setProperty('--color-background-primary', '#fffffe')"
    )
    page.page.locator(".explorer[data-tone=light]").wait_for()


# -- what can go wrong


def facts_about(subjects: list[str]) -> FactExplorer:
    """Return an explorer of an untrained memory, whose answers are the subjects."""
    generator, count = torch.Generator().manual_seed(0), len(subjects)
    model = FactModel(count, count, 4, 4, generator=generator)
    return FactExplorer(model, subjects, subjects)


@pytest.mark.parametrize("make", [attention_explorer, facts_about])
def test_hostile_texts_are_shown_as_text(
    show: Show, tmp_path: Path, make: Callable[[list[str]], Explorer]
) -> None:
    make(HOSTILE).save(tmp_path / "hostile.html")
    page = show(tmp_path / "hostile.html", width=320)
    page.figure("void (figure.details.open = true)")
    page.page.locator("details.numbers table tbody tr").first.wait_for()
    shown = page.figure("figure.numbers.textContent")
    assert [text for text in HOSTILE if text not in shown] == []
    assert page.page.title() == TITLES[make(HOSTILE).kind]
    assert page.figure("figure.shadowRoot.querySelector('img, script, b')") is None
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.errors == []


@pytest.mark.parametrize("kind", KINDS)
def test_two_figures_of_a_kind_are_independent(
    show: Show, tmp_path: Path, kind: str
) -> None:
    body = "<!doctype html><title>two</title>" + EXAMPLES[kind]()._repr_html_() * 2
    (tmp_path / "two.html").write_text(body, "utf-8")
    page = show(tmp_path / "two.html")
    before = page.figure("figure.toJSONText()", number=1)
    for state in STATES[kind]:
        page.figure(f"void ({state})", number=0)
    assert page.figure("figure.toJSONText()", number=0) != before
    assert page.figure("figure.toJSONText()", number=1) == before
    assert page.errors == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_while_drawing_leaves_the_table(
    show: Show, tmp_path: Path, kind: str
) -> None:
    name = element_name(kind)
    (tmp_path / "broken.html").write_text(
        f'<!doctype html><{name} class="nnbasics-explorer" data=\'{{"tokens":3}}\'>'
        f"<table><caption>the table</caption></table></{name}>"
        f"<script>{script(kind)}</script>",
        "utf-8",
    )
    page = show(tmp_path / "broken.html", drawn=False)
    page.page.locator(f"{FIGURE} slot").wait_for(state="attached")
    assert page.page.locator("caption").is_visible()
    assert len(page.errors) == 1  # a reader of the console learns why
