"""Exercises that are answered on the page: the checkers' verdict, and what is kept."""

from __future__ import annotations

import gzip
import json
import math
import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from docutils.core import publish_doctree
from site_build import ROOT, Build
from visits import LESSONS, visit

import exercise_answers_xor as xor
import exercises
from exercise_answers import RIGHT, WRONG
from nnbasics.exercises.multi_head_attention import RolesQuestion
from nnbasics.exercises.questions import NotYetError, numbers_from

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

XOR, ATTENTION, MULTIHEAD, POSITIONS, FEED_FORWARD, BLOCK, COPYING = LESSONS
# For each exercise its page, a wrong answer and a right one, as a reader types them.
TYPED = {
    "1.1": (XOR, "10,25", "40 / 5"),
    "1.2": (XOR, "100", "0"),
    "1.3": (XOR, "3e-1", "0,075"),
    "1.4": (XOR, "20|20|-10", "20|20|−30"),
    "1.5": (XOR, "20|20|-10|" * 2 + "9|9|-5", "20|20|-10|-20|-20|30|20|20|-30"),
    "2.1": (ATTENTION, "1", ".88"),
    "2.2": (ATTENTION, "grows|stays", "grows|shrinks"),
    "3.1": (MULTIHEAD, "100", " 800 "),
    "3.2": (MULTIHEAD, "48", "12"),
    "3.5": (MULTIHEAD, "stay", "change"),
    "4.1": (POSITIONS, "0,28", "1.16"),
    "4.2": (POSITIONS, "yes|yes|no", "yes|no|yes"),
    "4.3": (POSITIONS, "100", "628"),
    "4.4": (POSITIONS, "stays|stays|stays", "stays|changes|changes"),
    "4.5": (POSITIONS, "1.5", "4,48"),
    "5.1": (FEED_FORWARD, "1", "6"),
    "5.2": (FEED_FORWARD, "4", "3"),
    "5.3": (FEED_FORWARD, "one|all|one", "one|all|all"),
    "5.4": (FEED_FORWARD, "192", "48"),
    "5.5": (FEED_FORWARD, "at most 7", "fewer, 7 or more"),
    "6.1": (BLOCK, "3280", "2224"),
    "6.2": (BLOCK, "holds|leaks|holds|holds", "holds|leaks|holds|leaks"),
    "6.3": (BLOCK, "1,16", "1.34"),
    "6.4": (BLOCK, "x/2 + f(x)", "x + f(norm(x))"),
    "6.5": (BLOCK, "1e-10", "0.236"),
    "7.1": (COPYING, "x", "y"),
    "7.2": (
        COPYING,
        "copies|copies|does not copy",
        "does not copy|copies|does not copy",
    ),
    "7.3": (COPYING, "c", "d"),
    "7.4": (COPYING, "5.5", "3,81"),
    "7.5": (COPYING, "query", "key"),
    "3.6": (MULTIHEAD, "none|" * 7 + "none", ""),  # the right one is that of the build
}
# The quick tests take one of each kind: a number, a unit, a network, and so on.
QUICK = {"1.1", "1.4", "1.5", "2.2", "3.5", "3.6"}
EACH = [
    name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
    for name in TYPED
]
CHECKS = {check(right[0]).exercise: check for check, right in RIGHT.items()}
# What an answer is in Python that stands in the fields of a form.
READ: dict[str, Callable[[list[str]], Any]] = {
    "number": lambda texts: float(texts[0]),
    "unit": lambda texts: [float(text) for text in texts],
    "network": lambda t: {i: [float(x) for x in t[i : i + 3]] for i in (0, 3, 6)},
    "choice": lambda words: words[0] or None,
    "parts": lambda words: [word or None for word in words],
    "roles": lambda roles: dict(enumerate(roles)),
}

# Gives each answer, and returns what the page says.
ASK = """(form, answers) => {
  const fields = [...form.querySelectorAll("input, select")];
  return answers.map(answer => {
    fields.forEach((field, i) => (field.value = answer[i]));
    form.requestSubmit();
    return form.querySelector(".feedback").textContent;
  });
}"""


def form_of(page: Page, exercise: str) -> Locator:
    return page.locator(f"form.exercise[aria-label='Exercise {exercise}']")


def question_of(build: Build, exercise: str) -> Any:
    """Return the question in Python; that about heads is the one of this build."""
    if exercise != "3.6":
        check = CHECKS[exercise]
        return check(RIGHT[check][0]).question
    page = (build.site / MULTIHEAD).read_text("utf-8")
    form = BeautifulSoup(page, "html.parser").select("[aria-label='Exercise 3.6']")[0]
    data = json.loads(str(form["data-question"]).translate(exercises.MOVED))
    assert data.pop("kind") == "roles"
    return RolesQuestion(**data)


# -- both checkers say the same


def stored(question: Any) -> Iterator[list[str]]:
    """Return numbers that are known to be right or wrong, as they stand in fields."""
    check = CHECKS[question.exercise]
    wrong = [answer for answer, _ in WRONG.get(check, [])]
    for answer in [*RIGHT[check], *wrong, *chain(*question.mistakes.values())]:
        with suppress(NotYetError):
            yield list(map(repr, numbers_from(answer)))


def a_number(draw: random.Random, question: Any) -> float:
    """Return a number near the right one or a mistake, a tie of {:g}, or any."""
    known = draw.choice([question.right, *chain(*question.mistakes.values())])
    near: float = known + draw.choice([-2, -1, -0.5, 0.5, 1]) * question.tolerance
    tie = (draw.randrange(10**5, 10**6) + 0.5) * draw.choice([-1, 1, 10, 0.125])
    far = draw.uniform(-1, 1) * 10 ** draw.uniform(-9, 19)
    return draw.choice([near, tie, far, draw.randrange(-99, 9999)])


def units(draw: random.Random, fields: int) -> list[float]:
    """Return units, most of which have a job: steep ones, flat ones, the bias first.

    The last two have the outputs 0.5 and 0.625, which are rounded to even digits.
    """
    jobs = [xor.OR, xor.AND, xor.NAND, xor.FIRST_ONLY, xor.SECOND_ONLY, (-30, 20, 20)]
    jobs += [(0, 0, 0), (0, 0, math.log(5 / 3))]
    scale, noise = draw.choice([1, 0.1, draw.uniform(-2, 2)]), draw.choice([0, 3, 30])
    numbers = [number for _ in range(fields // 3) for number in draw.choice(jobs)]
    return [number * scale + draw.uniform(-noise, noise) for number in numbers]


def generated(question: Any, fields: int) -> Iterator[list[str]]:
    draw = random.Random(question.exercise)
    for _ in range(200):
        if question.choices:
            yield [draw.choice(["", *question.choices]) for _ in range(fields)]
        else:
            some = [a_number(draw, question)] if fields == 1 else units(draw, fields)
            yield list(map(repr, some))


@pytest.mark.parametrize("exercise", EACH)
def test_both_checkers_say_the_same(
    browser: Browser, address: str, build: Build, exercise: str
) -> None:
    question = question_of(build, exercise)
    fields = len(question.labels) * len(question.groups)
    # the keys of a telephone have no minus where there is one field
    assert question.choices or fields > 1 or question.right >= 0
    answers = list(generated(question, fields))
    if exercise == "3.6":
        answers += [question.measured, ["none", *question.measured[1:]], ["none"] * 8]
    elif not question.choices:
        answers += [answer for answer in stored(question) if len(answer) == fields]
    with visit(browser, address + TYPED[exercise][0]) as seen:
        said = form_of(seen.page, exercise).evaluate(ASK, answers)
    read = READ[question.data()["kind"]]
    verdicts = [question.judge(read(answer)) for answer in answers]
    assert said == [f"Exercise {v.exercise}: {v.status}. {v.message}" for v in verdicts]
    assert {"right", "not yet"} <= {verdict.status for verdict in verdicts}


def test_numbers_are_read_as_readers_write_them(browser: Browser, address: str) -> None:
    numbers = [
        ("0.25", ["1/4", "0,25", ".25", " 1 / 4 ", "2,5e-1", "+0.25"]),
        ("-2", ["-2", "−2", "- 2", "–2", "4/-2"]),
        *(("9407", ["9 407", "9407."]), ("1.05062e+06", ["1 050 624"]), ("0", ["-0"])),
    ]
    refused = ["abc", "1/2/3", "1/0", "0/0", "1e999", "1,2,3", "2 3", "1-2", "0x10"]
    refused += ["½", "Infinity", "NaN", "5%", "<b id=b>1</b>", "/", "-", ".", "e5"]
    end = "is not a number. Write one such as 3, -0.5, 1/4 or 1e-3."
    comma = "“9,408” can be two numbers. Leave the comma out, or write a point."
    with visit(browser, address + MULTIHEAD) as seen:
        form = form_of(seen.page, "3.2")
        for number, texts in numbers:
            for told in form.evaluate(ASK, [[text] for text in texts]):
                assert told.startswith(f"Exercise 3.2: not yet. {number} is too ")
        told = form.evaluate(ASK, [[text] for text in [*refused, "9,408", " "]])
        assert seen.page.locator("#b").count() == 0  # what was typed is text
    assert told[-1] == "Exercise 3.2: not answered yet. Still empty: d_head."
    sentences = [*(f"“{text}” {end}" for text in refused), comma]
    assert told[:-1] == [f"Exercise 3.2: not yet. d_head: {s}" for s in sentences]


# -- keyboard, screen reader, finger


@pytest.mark.parametrize("exercise", EACH)
def test_an_exercise_is_solved_by_keyboard_on_a_phone(
    browser: Browser, address: str, build: Build, exercise: str
) -> None:
    name, wrong, right = TYPED[exercise]
    right = right or "|".join(question_of(build, exercise).measured)
    with visit(browser, address + name, width=390) as seen:
        form, keys = form_of(seen.page, exercise), seen.page.keyboard
        for answer, verdict in ((wrong, "not yet"), (right, "right")):
            form.locator("input, select").first.focus()
            for entry in answer.split("|"):
                keys.press("Control+a")
                keys.type(entry)
                keys.press("Tab")
            keys.press("Enter")
            assert form.locator("button").evaluate("b => b === document.activeElement")
            told = form.get_by_role("status").inner_text()
            assert told.startswith(f"Exercise {exercise}: {verdict}. ")


def test_a_field_that_cannot_be_read_is_marked(browser: Browser, address: str) -> None:
    with visit(browser, address + XOR) as seen:
        form = form_of(seen.page, "1.5")
        bias = form.get_by_role("group", name="Output unit").get_by_label("b")
        bias.fill("x")
        bias.press("Enter")
        assert bias.evaluate("field => field === document.activeElement")
        assert form.locator("[aria-invalid=true]").count() == 9
        told = form.locator(f"#{bias.get_attribute('aria-describedby')}").inner_text()
    assert "not answered yet. b of the output unit: “x” is not a number." in told
    assert "Still empty: w1 of the first hidden unit, w2 of the first" in told


# -- what is remembered


def test_what_is_solved_is_remembered_and_forgotten(
    browser: Browser, address: str
) -> None:
    with visit(browser, address + XOR) as seen:
        page = seen.page
        for exercise in ("1.2", "1.3"):
            form_of(page, exercise).evaluate(ASK, [[TYPED[exercise][2]]])
        keys = " ".join(sorted(page.evaluate("Object.keys(localStorage)")))
        key = r"nnbasics:/:1\.{}:[0-9a-f]{{8}}"
        assert re.fullmatch(f"{key.format(2)} {key.format(3)}", keys)
        page.evaluate("localStorage.setItem('nnbasics:/other/:1.1:0', '')")
        for name in ("basics/index.html", "index.html", XOR):
            page.goto(address + name)
            shown = page.locator("article .solved").all_inner_texts()
            assert shown[:3] == ["2 of 5 solved", "0 of 2 solved", "0 of 4 solved"]
        assert shown[3:] == ["", "✓ solved", "✓ solved", "", ""]
        page.get_by_role("button", name="Forget my answers").click()
        assert page.evaluate("Object.keys(localStorage)") == ["nnbasics:/other/:1.1:0"]
        assert page.locator("nav .solved").first.inner_text() == "0 of 5 solved"
        assert page.get_by_text("Forgotten.").get_attribute("role") == "status"
        assert {url.split("/")[2] for url in seen.requests} == {address.split("/")[2]}


def test_all_else_works_without_storage(browser: Browser, build: Build) -> None:
    refuse = "Object.defineProperty(window, 'localStorage', {get() {throw Error();}})"
    with visit(browser, (build.site / ATTENTION).as_uri()) as seen:  # from a file, too
        seen.page.evaluate(refuse)
        (told,) = form_of(seen.page, "2.1").evaluate(ASK, [["0.88"]])
        assert told.startswith("Exercise 2.1: right. ")
        seen.page.get_by_role("button", name="Forget my answers").click()
        assert seen.errors == []


# -- without scripts, and in the source


def test_without_scripts_the_page_says_where_the_answers_are(
    browser: Browser, address: str
) -> None:
    with visit(browser, address + ATTENTION, java_script_enabled=False) as seen:
        for part in ("form.exercise", ".exercise-memory", ".theme-toggle-container"):
            assert seen.page.locator(part).first.is_hidden()
        assert seen.page.locator("noscript a[href='solutions.html']").count() == 2
        assert seen.page.get_by_text("What share of the attention").is_visible()


def test_no_form_is_shown_without_its_script(browser: Browser, address: str) -> None:
    with visit(browser, "about:blank") as seen:
        seen.page.route("**/*.js*", lambda route: route.abort())
        seen.page.goto(address + ATTENTION)
        asks = seen.page.locator("form.exercise, .exercise-memory")
        assert (asks.count(), asks.locator("visible=true").count()) == (3, 0)


@pytest.mark.parametrize("name", LESSONS)
def test_an_answer_is_not_read_by_accident(build: Build, name: str) -> None:
    page = (build.site / name).read_text("utf-8")
    asked = [question_of(build, e) for e in TYPED if TYPED[e][0] == name]
    assert [hint for q in asked for hint in q.mistakes if hint in page] == []


def test_script_and_style_are_small() -> None:
    static = ROOT / "docs" / "_static"
    styles = (static / "lessons.css").read_text("utf-8").split("/* -- ")
    (style,) = [part for part in styles if part.startswith("exercises that")]
    script = (static / "exercises.js").read_text("utf-8")
    assert len(gzip.compress(f"{script}{style}".encode())) <= 5000


# -- what the build makes of a cell


def test_a_cell_without_a_question_is_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    printed = "Exercise 9.9: not answered yet. Put a number in the place of None."
    cell = f"Code.\n\n.. class:: sphx-glr-script-out\n\n .. code::\n\n  {printed}"
    env = SimpleNamespace(docname="basics/lesson", metadata={"basics/lesson": {}})
    app: Any = SimpleNamespace(env=env)
    exercises.put_forms(app, publish_doctree(cell))
    assert "basics/lesson: exercise 9.9 has no question" in caplog.text
