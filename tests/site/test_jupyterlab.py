"""The notebooks as readers see them: in JupyterLab, and as nbconvert's HTML."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import nbformat
import pytest
from bs4 import BeautifulSoup
from fresh_environment import errors_of, pictures_of
from nbconvert import HTMLExporter
from site_build import RUN, Build
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from downloads.archives import notebook_file
from notebooks import lesson_blocks, lesson_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A section that goes deeper, whose heading and whose end stand in the middle of texts.
DEEPER_LESSON = '''\
"""
A lesson
========
"""

# %%
# Above.
#
# Going deeper: inside
# --------------------
#
# Deep words.

1 + 1

# %%
# More deep words.
#
# The main line again
# -------------------
#
# Last words.
'''

MINUTE = 60_000  # milliseconds

# The notebook is open and its kernel waits: before that, "Run all" runs nothing.
IS_READY = """lesson => {
    const panel = window.jupyterapp.shell.currentWidget;
    return panel?.context?.path === `${lesson}.ipynb`
        && panel.sessionContext.session?.kernel?.status === 'idle';
}"""

# "Run all" has ended: every cell has run, or one has failed, which stops the rest.
HAS_RUN = """() => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets
        .filter(cell => cell.model.type === 'code').map(cell => cell.model);
    return cells.length > 1 && (
        cells.every(cell => cell.executionCount)
        || cells.some(cell => cell.outputs.toJSON().some(
            output => output.output_type === 'error')));
}"""


@pytest.fixture(scope="module")
def folder(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the notebooks in it."""
    target = tmp_path_factory.mktemp("notebooks")
    for notebook in build.notebooks:
        shutil.copy(notebook, target)
    script = target / "deeper.py"
    script.write_text(DEEPER_LESSON, "utf-8")
    deeper = lesson_notebook(lesson_blocks(script), DEFAULT_GALLERY_CONF, "")
    (target / "deeper.ipynb").write_bytes(notebook_file(deeper))
    return target


@pytest.fixture(scope="module")
def jupyterlab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab on loopback, with no settings but its own."""
    home = tmp_path_factory.mktemp("jupyter")
    log = home / "log"
    settings = {f"JUPYTER_{name}_DIR": str(home) for name in ("CONFIG", "DATA")}
    settings |= {"JUPYTER_RUNTIME_DIR": str(home), "OMP_NUM_THREADS": "1"}
    settings |= {"IPYTHONDIR": str(home), "JUPYTERLAB_SETTINGS_DIR": str(home)}
    environment = {k: v for k, v in os.environ.items() if k != "MPLBACKEND"} | settings
    options = [
        *("--no-browser", "--allow-root", "--expose-app-in-browser"),
        *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
        *("--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"),
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output
        )
    try:
        yield address_of(home, server, log)
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:  # it waits for a busy kernel
            server.kill()
            server.wait()


def address_of(home: Path, server: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until JupyterLab answers, and return its address."""
    for _ in range(300):
        assert server.poll() is None, log.read_text("utf-8")
        for started in home.glob("jpserver-*.json"):
            try:
                url: str = json.loads(started.read_text("utf-8"))["url"]
                urlopen(f"{url}api").close()
            except (ValueError, OSError):
                continue
            return url
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.slow
def test_run_all_ends_without_an_error(
    jupyterlab: str, folder: Path, page: Page
) -> None:
    lesson = "attention"  # the others differ in what they compute: test_site_address.py
    page.goto(f"{jupyterlab}lab/tree/{lesson}.ipynb")
    page.locator(".jp-Notebook h1").first.wait_for(timeout=2 * MINUTE)
    page.wait_for_function(IS_READY, arg=lesson, timeout=2 * MINUTE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(HAS_RUN, timeout=5 * MINUTE)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    notebook = json.loads((folder / f"{lesson}.ipynb").read_text("utf-8"))
    assert errors_of(notebook) == []
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    assert pictures_of(notebook) >= 1
    assert page.locator(".jp-Notebook .jp-RenderedMarkdown").count() > 3


@pytest.mark.slow
def test_what_goes_deeper_is_folded(jupyterlab: str, page: Page) -> None:
    page.goto(f"{jupyterlab}lab/workspaces/deeper/tree/deeper.ipynb")
    texts = page.locator(".jp-Notebook .jp-RenderedMarkdown")
    for words in ("Above.", "Going deeper: inside", "Last words."):
        texts.filter(has_text=words).wait_for(timeout=2 * MINUTE)
    code = page.locator(".jp-Notebook .jp-CodeCell")
    folded = [*texts.filter(has_text="eep words.").all(), *code.all()]
    assert not any(cell.is_visible() for cell in folded)
    page.get_by_role("button", name="3 cells hidden").click()
    for words in ("Deep words.", "More deep words."):
        texts.filter(has_text=re.compile(f"^{words}")).wait_for()
    code.wait_for()


@pytest.mark.parametrize("lesson", RUN)
def test_nbconvert_shows_prose_tables_links_and_mathematics(
    build: Build, lesson: str
) -> None:
    path = build.download(f"{lesson}.ipynb")
    html, _ = HTMLExporter().from_filename(str(path))
    page = BeautifulSoup(html, "html.parser")
    notebook = nbformat.read(path, as_version=4)
    texts = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    assert len(page.find_all("h1")) == 1
    assert len(page.select(".jp-RenderedMarkdown table")) == sum(
        len(re.findall(r"^\| ---", text, re.M)) for text in texts
    )
    assert len(page.select(".jp-RenderedMarkdown blockquote")) == sum(
        len(re.findall(r"^> \*\*", text, re.M)) for text in texts
    )
    visible = " ".join(t.get_text() for t in page.select(".jp-RenderedMarkdown"))
    assert not re.search(r"\*\*|:[a-z]+:`|\]\(http|^\| ", visible, re.M)
