"""The foot of each page: the version, and the day where one is known."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from site_build import ROOT, VERSION, Build

from edition import edition

NOON = "1714564800 +0000"  # 1 May 2024, 12:00


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [n for n in os.environ if n.startswith(("GIT_", "SOURCE_DATE"))]:
        monkeypatch.delenv(name)  # another repository that a hook names
    author = ("-c", "user.name=a", "-c", "user.email=a@b.org", "-c", "commit.gpgsign=0")
    commit = (*author, "commit", "--quiet", "--allow-empty", "-m", "first")
    for command in (("init", "--quiet"), commit):
        subprocess.run(
            ["git", "-C", str(tmp_path), *command],
            env={**os.environ, "GIT_COMMITTER_DATE": NOON},
            check=True,
        )
    return tmp_path


def test_the_day_is_that_of_source_date_epoch_or_of_the_commit(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert edition("1.2", checkout) == "1.2, 1 May 2024"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert edition("1.2", checkout) == "1.2, 14 November 2023"


def test_without_both_the_version_stands_alone(checkout: Path) -> None:
    inside = checkout / "unpacked"
    inside.mkdir()
    assert edition("1.2", inside) == "1.2"
    subprocess.run(["git", "init", "--quiet", str(inside)], check=True)  # no commit
    assert edition("1.2", inside) == "1.2"


def test_the_foot_of_each_page_says_it(build: Build) -> None:
    for path in build.pages:
        foot = path.read_text("utf-8").rpartition("<footer>")[2]
        assert re.findall(r"Version ([^<]+)</p>", foot) == [edition(VERSION, ROOT)], (
            path
        )
