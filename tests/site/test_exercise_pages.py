"""The exercises on the built pages: open in the lessons, right in the answers."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from site_build import MODULES, Build

EXERCISES = {
    "basics/xor_network": ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6"),
    "basics/attention": ("2.1", "2.2", "2.3", "2.4", "2.5", "2.6"),
    "basics/multi_head_attention": ("3.1", "3.2", "3.3", "3.4", "3.5", "3.6"),
    "transformer/positions": ("4.1", "4.2", "4.3", "4.4", "4.5", "4.6"),
    "transformer/feed_forward": ("5.1", "5.2", "5.3", "5.4", "5.5", "5.6"),
    "transformer/block": ("6.1", "6.2", "6.3", "6.4", "6.5", "6.6"),
    "transformer/induction_heads": ("7.1", "7.2", "7.3", "7.4", "7.5", "7.6"),
}


def outputs_of(build: Build, lesson: str) -> str:
    """Return all that the cells of a page printed."""
    page = (build.site / f"{lesson}.html").read_text("utf-8")
    soup = BeautifulSoup(page, "html.parser")
    found = soup.select(".sphx-glr-script-out")
    return "\n".join(output.get_text() for output in found)


def statuses(outputs: str) -> dict[str, str]:
    pattern = r"Exercise (\d\.\d): (right|not yet|not\s+answered\s+yet)\."
    return {number: " ".join(s.split()) for number, s in re.findall(pattern, outputs)}


@pytest.mark.parametrize("lesson", EXERCISES)
def test_exercises_of_a_lesson_are_open(build: Build, lesson: str) -> None:
    page = (build.site / f"{lesson}.html").read_text("utf-8")
    asked = re.findall(r'<form class="exercise"[^>]* aria-label="Exercise (.+?)"', page)
    printed = statuses(outputs_of(build, lesson))
    assert sorted([*asked, *printed]) == list(EXERCISES[lesson])
    assert set(printed.values()) == {"not answered yet"}


@pytest.mark.parametrize("module", MODULES)
def test_every_exercise_has_a_right_answer(build: Build, module: str) -> None:
    lessons = [f"{module}/{name}" for name in MODULES[module]]
    numbers = [number for lesson in lessons for number in EXERCISES[lesson]]
    found = statuses(outputs_of(build, f"{module}/solutions"))
    assert found == dict.fromkeys(numbers, "right")


def test_answers_are_about_the_heads_of_the_lesson(build: Build) -> None:
    lesson, answers = (
        [
            line.rstrip()
            for line in outputs_of(build, page).splitlines()
            if re.match(r"head \d( +[a-z]+\d?){8} *$", line)
        ]
        for page in ("basics/multi_head_attention", "basics/solutions")
    )
    assert len(lesson) == 8
    assert lesson == answers
