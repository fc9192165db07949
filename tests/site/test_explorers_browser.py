"""The interactive figures in a real browser: what a reader sees, hears and does."""

from __future__ import annotations

import statistics
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from explorer_pages import FIGURE, Opened, open_page

from explorer_examples import EXAMPLES, attention_explorer
from nnbasics.explorers import HeadExplorer
from nnbasics.explorers._element import element_name, script

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

Note = Callable[[str, str, str], None]
KINDS = sorted(EXAMPLES)
FORMS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390), ("light", 320)]
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
def show(browser: Browser, folder: Path) -> Iterator[Callable[..., Opened]]:
    """Open the page of a kind, and close it after the test."""
    pages: list[Opened] = []

    def opener(kind: str, **options: object) -> Opened:
        pages.append(open_page(browser, folder / f"{kind}.html", **options))
        return pages[-1]

    yield opener
    for page in pages:
        page.close()


# What brings each figure into another state: JavaScript about `figure`.
STATES = {
    "xor-playground": [
        "figure.pick([0.5, 0.5])",
        "figure.film.set(130), figure.go(130)",
        "figure.shadowRoot.querySelector('input[type=checkbox]').click()",
        "figure.parts.hidden.list.value = '8', figure.retrain()",
        "figure.setNumber(3)",
        "figure.details.open = true",
    ],
    "attention-explorer": [
        "figure.set({ mask: 'causal' })",
        "figure.set({ mask: 'own', view: 'from' })",
        "figure.press(0, 0, {}), figure.set({ several: true, mask: 'none' })",
        "figure.press(0, 0, {}), figure.press(1, 1, {})",
        "figure.letGo()",
        "figure.details.open = true",
    ],
    "head-explorer": [
        "figure.choose([1])",
        "figure.choose([]), figure.on.fill(false, 0, 3), figure.refresh()",
        "figure.toggleUntrained()",
        "figure.setWords([0, 7, 20])",
        "figure.pinned = 1, figure.refresh()",
        "figure.details.open = true",
    ],
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_is_sound_in_all_forms(
    show: Callable[..., Opened], kind: str, measured: Note
) -> None:
    violations = 0
    for theme, width in FORMS:
        page = show(kind, color_scheme=theme, width=width)
        for state in ["0", *STATES[kind]]:
            page.figure(f"void ({state})")
            form = f"{theme}, {width} px, {state}"
            inner = page.page.evaluate("document.documentElement.scrollWidth")
            assert inner <= width, form
            if width != 320:
                results = Axe().run(page.page)
                violations += results.violations_count
                broken = [found["id"] for found in results.response["violations"]]
                assert broken == [], form
        assert page.errors == []
        assert len(page.requests) == 1
        assert page.requests[0].startswith("file:")
    measured(f"{kind}: axe, all states, light and dark", str(violations), "0")
    measured(f"{kind}: outside requests, console errors (file://)", "0", "0")


@pytest.mark.parametrize("kind", KINDS)
def test_targets_are_large_enough_for_a_finger(
    show: Callable[..., Opened], kind: str
) -> None:
    page = show(kind, width=390)
    small = page.figure(
        "[...figure.shadowRoot.querySelectorAll('button, select, input, summary, "
        "label.check, .cell')].map(node => [node.outerHTML.slice(0, 60), "
        "node.getBoundingClientRect(), node.closest('label')]).filter(([, box, label]) "
        "=> { const hit = label ? label.getBoundingClientRect() : box; "
        "return hit.width < 24 || hit.height < 24; }).map(([text]) => text)"
    )
    assert small == []


@pytest.mark.parametrize("kind", KINDS)
def test_all_controls_have_names(show: Callable[..., Opened], kind: str) -> None:
    page = show(kind)
    unnamed = page.figure(
        "[...figure.shadowRoot.querySelectorAll('button, select, input')].filter(node "
        "=> !(node.getAttribute('aria-label') || node.closest('button')?.textContent "
        ".trim() || node.closest('label')?.textContent.trim())).map(n => n.outerHTML)"
    )
    assert unnamed == []


# -- pointing and keys


def test_arrow_keys_enter_and_escape(show: Callable[..., Opened]) -> None:
    page = show("attention-explorer")
    heard = "document.addEventListener('keydown', e => { document.heard = e.key; })"
    page.page.evaluate(heard)
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


def test_one_tab_leads_into_the_map_and_one_out(show: Callable[..., Opened]) -> None:
    page = show("attention-explorer")
    places = page.figure(
        "[...figure.shadowRoot.querySelectorAll('[role=gridcell]')]"
        ".filter(cell => cell.getAttribute('tabindex') === '0').length"
    )
    assert places == 1


def test_pointing_says_the_numbers_of_the_pair(show: Callable[..., Opened]) -> None:
    page = show("attention-explorer")
    page.page.locator("[role=gridcell]").nth(8).hover()  # the second row, third cell
    weight = page.figure("figure.result.weights[1][2]")
    said = page.page.locator(".says").inner_text()
    assert said.startswith(f"“cat” gives {weight:.2f} of its attention to “sat”")


def test_masks_reversed_view_and_sums(show: Callable[..., Opened]) -> None:
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


def test_the_input_follows_pointer_sliders_and_keys(
    show: Callable[..., Opened],
) -> None:
    page = show("xor-playground")
    box = page.page.locator(".plane").bounding_box()
    assert box is not None
    page.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.figure("figure.input") == [0.5, 0.5]
    page.page.locator(".plane").focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Shift+ArrowDown")
    assert page.figure("figure.input") == [0.55, 0.25]
    page.page.get_by_role("slider", name="input 1").fill("0.2")
    assert page.figure("figure.input") == [0.2, 0.25]
    page.page.get_by_role("button", name="Input (1, 0)").click()
    assert "For the input (1.00, 0.00)" in page.page.locator(".says").inner_text()


def test_weights_can_be_edited_and_the_run_resumed(
    show: Callable[..., Opened],
) -> None:
    page = show("xor-playground")
    page.page.get_by_label("Edit", exact=True).select_option("2")
    page.page.get_by_label("New value").fill("2.5")
    page.page.get_by_label("New value").press("Enter")
    assert page.figure("figure.now[2]") == 2.5
    assert "Edited by hand" in page.page.locator(".says").inner_text()
    page.page.get_by_role("button", name="Train on from here").click()
    assert page.figure("figure.run.numbers[0][2]") == 2.5
    page.page.get_by_role("button", name="Reset").click()
    assert page.figure("figure.epoch") == 0
    assert page.figure("figure.run.real") is True


def test_gradients_stand_on_the_edges(show: Callable[..., Opened]) -> None:
    page = show("xor-playground")
    page.page.get_by_label("show gradients").check()
    texts = page.page.locator(".weight").all_text_contents()
    slopes = page.figure("figure.edges.map(e => figure.slope.gradient[e.place])")
    shown = [float(text.replace("−", "-")) for text in texts]
    assert shown == pytest.approx(slopes, abs=6e-5)


def test_heads_are_chosen_switched_off_and_asked(show: Callable[..., Opened]) -> None:
    page = show("head-explorer")
    page.page.get_by_role("button", name="Show head 3 alone").click()
    weights = page.figure("figure.weights[3]")
    assert page.figure("figure.mean") == weights
    page.page.get_by_role("button", name="Choose all heads").click()
    who = [
        head
        for head, role in enumerate(page.figure("figure.data.roles"))
        if role == "who"
    ]
    for head in who:
        page.page.get_by_label(f"Head {head} on").uncheck()
    assert "worse at who" in page.page.locator(".says").inner_text()
    accuracy = page.figure("[...figure.accuracy()]")
    assert accuracy[0] < 0.7 < 0.9 < min(accuracy[1:])


def test_the_sentence_can_be_edited(show: Callable[..., Opened]) -> None:
    page = show("head-explorer")
    page.page.get_by_label("Word 2").select_option(label="cat")
    page.page.get_by_label("Word 5").select_option(label="dog")
    state = page.figure("JSON.parse(figure.toJSONText())")
    assert state["tokens"][1] == "cat"
    assert [answer["word"] for answer in state["answers"][5]][:2] == ["cat", "dog"]
    assert page.page.get_by_role("button", name="Untrained").is_disabled()
    page.page.get_by_role("button", name="Add a word").click()
    assert page.page.locator(".words select").count() == 9
    page.page.get_by_role("button", name="Reset").click()
    assert page.page.locator(".words select").count() == 8
    page.page.get_by_role("button", name="Untrained").click()
    assert page.figure("Math.max(...figure.mean.flat())") < 0.25


# -- nothing moves or talks unasked


@pytest.mark.parametrize("kind", ["xor-playground", "head-explorer"])
def test_films_wait_play_silently_and_stop(
    show: Callable[..., Opened], kind: str
) -> None:
    page = show(kind)
    page.page.get_by_role("button", name="Reset").click()
    before = page.figure("figure.toJSONText()")
    page.page.wait_for_timeout(300)
    assert page.figure("figure.toJSONText()") == before
    says = page.page.locator(".says")
    assert says.get_attribute("aria-live") == "polite"
    page.page.get_by_role("button", name="Play").click()
    page.page.wait_for_function(
        f"document.querySelector('{FIGURE}').says.getAttribute('aria-live') === 'off'"
    )
    page.page.get_by_role("button", name="Pause").click()
    assert says.get_attribute("aria-live") == "polite"


def test_less_motion_means_few_slow_steps(show: Callable[..., Opened]) -> None:
    page = show("xor-playground", reduced_motion="reduce")
    page.page.get_by_role("button", name="Play").click()
    page.page.wait_for_timeout(400)
    assert page.figure("figure.epoch") == 0
    page.page.wait_for_function(f"document.querySelector('{FIGURE}').epoch > 0")
    assert page.figure("figure.epoch") == 100


# -- copies, tables, themes


@pytest.mark.parametrize("kind", KINDS)
def test_copies_hold_the_numbers(show: Callable[..., Opened], kind: str) -> None:
    page = show(kind)
    drawing = ET.fromstring(page.figure("figure.toSVG()"))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [
        "".join(node.itertext()) for node in drawing.iter() if node.tag[-4:] == "text"
    ]
    assert len([text for text in texts if text.strip()]) > 5
    written = [node for node in drawing.iter() if node.tag[-4:] == "text"]
    assert all(node.get("fill") and node.get("font-size") for node in written)
    fills = {node.get("fill") for node in drawing.iter()}
    assert len(fills) > 5
    assert not any("var(" in (fill or "") for fill in fills)
    page.figure("void (figure.details.open = true)")
    page.page.locator("details.numbers table tbody tr").first.wait_for()
    rows = page.figure(
        "[...figure.numbers.rows].map(row => [...row.cells].map(c => c.textContent))"
    )
    assert [
        line.split("\t") for line in page.figure("figure.toTSV()").split("\n")
    ] == rows
    with page.page.expect_download() as saved:
        page.page.get_by_role("button", name="Save as JSON").click()
    assert saved.value.suggested_filename.endswith(".json")


def test_numbers_reach_the_clipboard(browser: Browser, folder: Path) -> None:
    page = open_page(
        browser,
        folder / "attention-explorer.html",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page.page.get_by_role("button", name="Copy the numbers").click()
    page.page.get_by_role("button", name="Copied").wait_for()
    text = page.page.evaluate("navigator.clipboard.readText()")
    assert text == page.figure("figure.toTSV()")
    page.close()


def test_a_switch_of_the_theme_is_followed(show: Callable[..., Opened]) -> None:
    page = show("xor-playground", color_scheme="light")
    line = "getComputedStyle(figure.shadowRoot.querySelector('.edge.plus')).stroke"
    assert page.figure(line) == "rgb(0, 114, 178)"
    page.page.emulate_media(color_scheme="dark")
    page.page.wait_for_function(
        f"document.querySelector('{FIGURE}').panel.dataset.tone === 'dark'"
    )
    assert page.figure(line) == "rgb(86, 180, 233)"
    page.page.evaluate(
        "document.body.style.setProperty('--color-background-primary', '#fffffe')"
    )
    page.page.wait_for_function(
        f"document.querySelector('{FIGURE}').panel.dataset.tone === 'light'"
    )


# -- what can go wrong


def test_hostile_tokens_are_shown_as_text(
    browser: Browser, tmp_path: Path, measured: Note
) -> None:
    length = len(HOSTILE)
    weights = torch.full((2, length, length), 1 / length)
    figures = [attention_explorer(HOSTILE), HeadExplorer(HOSTILE, weights, HOSTILE[:2])]
    for number, figure in enumerate(figures):
        figure.save(tmp_path / f"{number}.html")
        for width in (1280, 320):
            page = open_page(browser, tmp_path / f"{number}.html", width=width)
            page.figure("void (figure.details.open = true)")
            page.page.wait_for_timeout(100)
            heads = page.figure(
                "[...figure.numbers.querySelectorAll('thead th')]"
                ".map(head => head.textContent)"
            )
            assert heads[1 : length + 1] == [f"to {token}" for token in HOSTILE]
            assert page.page.title() == figure.title
            assert (
                page.figure("figure.shadowRoot.querySelector('img, script, b')") is None
            )
            assert page.page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.errors == []
            page.close()
    measured("hostile tokens shown as text", f"{length} of {length}", "all")


def test_two_figures_of_a_kind_are_independent(
    browser: Browser, tmp_path: Path, measured: Note
) -> None:
    for kind, make in EXAMPLES.items():
        figure = make()
        body = "<!doctype html><title>two</title>" + figure._repr_html_() * 2
        (tmp_path / "two.html").write_text(body, "utf-8")
        page = open_page(browser, tmp_path / "two.html")
        page.page.wait_for_function(
            f"[...document.querySelectorAll('{FIGURE}')].every(f => f.panel)"
        )
        before = page.figure("figure.toJSONText()", number=1)
        for state in STATES[kind]:
            page.figure(f"void ({state})", number=0)
        assert page.figure("figure.toJSONText()", number=0) != before
        assert page.figure("figure.toJSONText()", number=1) == before
        results = Axe().run(page.page, FIGURE)
        assert [found["id"] for found in results.response["violations"]] == []
        assert page.errors == []
        page.close()
    measured("two figures of a kind: independent", "3 of 3", "all")


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_script_there_is_a_table(
    browser: Browser, folder: Path, kind: str
) -> None:
    page = open_page(
        browser, folder / f"{kind}.html", java_script_enabled=False, drawn=False
    )
    assert page.page.locator(f"{FIGURE} table caption").is_visible()
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_while_drawing_leaves_the_table(
    browser: Browser, tmp_path: Path, kind: str, measured: Note
) -> None:
    name = element_name(kind)
    (tmp_path / "broken.html").write_text(
        f'<!doctype html><{name} class="nnbasics-explorer" data=\'{{"tokens":3}}\'>'
        f"<table><caption>the table</caption></table></{name}>"
        f"<script>{script(kind)}</script>",
        "utf-8",
    )
    page = open_page(browser, tmp_path / "broken.html", drawn=False)
    page.page.wait_for_function(
        f"document.querySelector('{FIGURE}').shadowRoot?.querySelector('slot')"
    )
    assert page.page.locator("caption").is_visible()
    assert len(page.errors) == 1  # a reader of the console learns why
    page.close()
    measured(f"{kind}: table without script and after an error", "readable", "readable")


@pytest.mark.parametrize("kind", KINDS)
def test_a_strict_content_security_policy_is_no_hindrance(
    browser: Browser, kind: str
) -> None:
    html = EXAMPLES[kind]()._element()
    policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"

    def serve(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(body=script(kind), content_type="text/javascript")
        else:
            route.fulfill(
                body=f'<!doctype html>{html}<script defer src="x.js"></script>',
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": policy},
            )

    context = browser.new_context()
    page = Opened(context.new_page())
    page.page.on("console", lambda message: page.errors.append(message.text))
    page.page.route("**/*", serve)
    page.page.goto("http://site.test/page.html")
    page.page.locator(f"{FIGURE} .says").wait_for()
    for state in STATES[kind]:
        page.figure(f"void ({state})")
    assert [text for text in page.errors if "favicon" not in text] == []
    page.close()


# -- speed

STEPS = {
    "xor-playground": "figure.go(n * 9)",
    "attention-explorer": "figure.point(n % 6, (n * 5) % 6)",
    "head-explorer": "figure.pointed = n % 8, figure.refresh()",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_takes_less_than_a_frame(
    show: Callable[..., Opened], kind: str, measured: Note
) -> None:
    page = show(kind)
    times = page.figure(
        "Array.from({ length: 60 }, (_, n) => { const start = performance.now(); "
        f"{STEPS[kind]}; return performance.now() - start; }})"
    )
    median = statistics.median(times)
    measured(f"{kind}: script time of one step, median", f"{median:.1f} ms", "≤ 16 ms")
    assert median <= 16
