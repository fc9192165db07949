"""What readers are told, held against stored texts: no word of it changes unnoticed.

After a change that you want, renew the texts, and look at the difference:

    RENEW_FEEDBACK=1 .venv/bin/pytest -n 0 tests/test_exercises*.py
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nnbasics.exercises import Feedback

__all__ = ["feedback_is_as_stored"]

STORED = Path(__file__).parent / "feedback"


@pytest.fixture
def feedback_is_as_stored(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Compare all feedback that a test brings about with what it brought about before.

    A test module names this fixture in ``pytestmark`` to have its tests compared.
    """
    given: list[Feedback] = []
    make = Feedback.__init__

    def make_and_record(self: Feedback, *values: Any) -> None:
        make(self, *values)
        given.append(self)

    monkeypatch.setattr(Feedback, "__init__", make_and_record)
    yield
    lines = "\n\n".join(str(feedback) for feedback in given).splitlines()
    path = STORED / f"{request.path.stem}.json"
    if "RENEW_FEEDBACK" in os.environ:
        renew(path, request.node.name, lines)
    stored = json.loads(path.read_text("utf-8"))
    assert lines == stored.get(request.node.name, [])


def renew(path: Path, name: str, lines: list[str]) -> None:
    """Store the lines of a test; none where it brings about no feedback."""
    path.parent.mkdir(exist_ok=True)
    stored = json.loads(path.read_text("utf-8")) if path.exists() else {}
    stored.pop(name, None)
    if lines:
        stored[name] = lines
    text = json.dumps(stored, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", "utf-8")
