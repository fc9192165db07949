"""Two builds of the same commit: the same bytes, and no trace of the machine."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from site_build import MODULES, ROOT, RUN, Build, copy_of_repository, run_sphinx

pytestmark = pytest.mark.slow

FROM_SCRATCH = "is the site built from scratch? make -C docs clean, then html"
SITE_ZIP = "downloads/neural-networks-the-basics.zip"


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the site again, in a folder with another name, at another time of day."""
    folder = tmp_path_factory.mktemp("another-place") / "deeper"
    root, site = copy_of_repository(folder / "checkout"), folder / "public"
    if (ROOT / ".git").exists():  # then the copy is of the same commit
        command = ["git", "-C", str(ROOT), "rev-parse", "--absolute-git-dir"]
        there = subprocess.run(command, capture_output=True, text=True, check=True)
        (root / ".git").write_text(f"gitdir: {there.stdout}", "utf-8")
    run = run_sphinx(root, site, TZ="Pacific/Auckland")
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout + run.stderr == ""
    return Build(root, site)


def contents(site: Path) -> dict[str, bytes]:
    """Return the files of a site, without the wheels of builds before."""
    page = (site / "wheels" / "index.html").read_text("utf-8")
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and (path.suffix != ".whl" or path.parent.name in page)
    }


def test_two_builds_in_two_folders_are_the_same(build: Build, second: Build) -> None:
    one, two = contents(build.site), contents(second.site)
    assert sorted(one) == sorted(two), FROM_SCRATCH
    for files in (one, two):
        del files[SITE_ZIP]  # which holds the same files: see below
        # Sphinx forgets the entries of pages that it does not write again: after a
        # second "make html", in which nothing changed, there are none.
        index = files["searchindex.js"]
        files["searchindex.js"] = re.sub(rb'"indexentries":\{.*?\},', b"", index)
    assert [name for name in one if one[name] != two[name]] == [], FROM_SCRATCH
    kinds = {Path(name).suffix for name in one}
    assert {".html", ".svg", ".mp4", ".ipynb", ".py", ".zip", ".whl"} <= kinds
    assert "searchindex.js" in one


def unpacked(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """Return a file, and the files inside if it is a zip, however deep."""
    files = [(name, content)]
    if Path(name).suffix in {".zip", ".whl"}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inside in archive.namelist():
                files += unpacked(f"{name}/{inside}", archive.read(inside))
    return files


def test_no_file_names_the_folder_of_its_build(build: Build, second: Build) -> None:
    for made in (build, second):
        places = [str(place).encode() for place in (made.root, made.site.parent)]
        named = [
            name
            for file, content in contents(made.site).items()
            for name, text in unpacked(file, content)
            if any(place in text for place in places)
        ]
        assert named == []


def test_zips_have_one_date_and_are_sorted(build: Build) -> None:
    zips, wheels = [*build.site.rglob("*.zip")], [*build.site.rglob("*.whl")]
    archives = zips + wheels
    assert len(zips) == len(RUN) + len(MODULES) + 1  # and that of the site
    assert wheels
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        assert {entry.date_time for entry in entries} == {(2020, 2, 2, 0, 0, 0)}
        if path.suffix == ".zip":
            names = [entry.filename for entry in entries]
            assert names == sorted(names)


def test_the_zip_of_the_site_has_all_of_it_but_itself(build: Build) -> None:
    name = "neural-networks-the-basics"
    with zipfile.ZipFile(build.site / "downloads" / f"{name}.zip") as archive:
        inside = {file: archive.read(file) for file in archive.namelist()}
    expected = contents(build.site)
    del expected[f"downloads/{name}.zip"]
    hidden = {file for file in expected if file.startswith(".")}
    assert set(inside) == {f"{name}/{file}" for file in set(expected) - hidden}
    front = inside.pop(f"{name}/index.html").decode()
    for file, content in inside.items():
        assert content == expected[file.removeprefix(f"{name}/")], file
    assert f"downloads/{name}.zip" in (build.site / "index.html").read_text("utf-8")
    assert f"downloads/{name}.zip" not in front
    assert "downloads/basics.zip" in front
