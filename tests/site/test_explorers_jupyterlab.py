"""The interactive figures in a real JupyterLab, trusted and untrusted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import nbformat
import pytest
from explorer_pages import FIGURE, Opened
from nbformat.sign import NotebookNotary

from explorer_examples import EXAMPLES
from nnbasics.explorers._element import element_name

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Note = Callable[[str, str, str], None]
KINDS = list(EXAMPLES)


def notebook() -> nbformat.NotebookNode:
    """Return a notebook that shows each figure, as if it had just run."""
    cells = []
    for make in EXAMPLES.values():
        figure = make()
        output = nbformat.v4.new_output(
            "execute_result",
            {"text/html": figure._repr_html_(), "text/plain": repr(figure)},
            execution_count=1,
        )
        cells.append(nbformat.v4.new_code_cell("figure", outputs=[output]))
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells)
    # without a kernel's name, JupyterLab asks for one
    made.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    return made


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab in a folder with a trusted and an untrusted notebook."""
    folder = tmp_path_factory.mktemp("lab")
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    work = folder / "work"
    work.mkdir()
    for name in ("trusted", "untrusted"):
        nbformat.write(notebook(), work / f"{name}.ipynb")
    (folder / "data").mkdir()
    notary = NotebookNotary(data_dir=str(folder / "data"))
    notary.sign(nbformat.read(work / "trusted.ipynb", as_version=4))
    notary.store.close()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0"),
            *("--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--allow-root"),
            *("--ServerApp.password=", f"--ServerApp.root_dir={work}"),
            "--LabApp.news_url=None",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield _address(folder / "runtime", server)
    finally:
        server.terminate()
        try:
            server.communicate(timeout=30)
        except subprocess.TimeoutExpired:  # it waits for a busy kernel
            server.kill()
            server.communicate()


def _address(runtime: Path, server: subprocess.Popen[bytes]) -> str:
    """Wait until the server answers, and return its address."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, server.communicate()[1].decode()
        for told in runtime.glob("jpserver-*.json"):
            try:
                address: str = json.loads(told.read_text("utf-8"))["url"]
                with urlopen(f"{address}api", timeout=5):
                    return address
            except (OSError, ValueError):
                continue
        time.sleep(0.3)
    raise AssertionError("JupyterLab did not start within 90 seconds")


def open_notebook(browser: Browser, address: str, name: str) -> Opened:
    """Open a notebook, and wait for its outputs."""
    context = browser.new_context(viewport={"width": 1280, "height": 2400})
    opened = Opened(context.new_page())
    opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.goto(f"{address}lab/tree/{name}.ipynb?reset")
    opened.page.locator(".jp-OutputArea-output table").first.wait_for(
        state="attached", timeout=90_000
    )
    return opened


def test_a_trusted_notebook_shows_the_figures(
    browser: Browser, lab: str, measured: Note
) -> None:
    opened = open_notebook(browser, lab, "trusted")
    page = opened.page
    page.locator(f"{FIGURE} .says").first.wait_for(timeout=60_000)
    for kind in KINDS:
        figure = page.locator(element_name(kind))
        figure.scroll_into_view_if_needed()
        figure.locator(".says").wait_for()
        figure.locator("svg").first.wait_for()
    outside = [
        url
        for url in opened.requests
        if not url.startswith((lab, "data:", "blob:", "ws:"))
    ]
    assert outside == []
    # The arrow keys move the figure's selection, not that of the notebook's cells.
    cells = page.locator(".jp-Notebook .jp-Cell")
    attention = page.locator(f"{FIGURE}").nth(1)
    attention.scroll_into_view_if_needed()
    attention.locator("[role=gridcell]").first.click()
    selected = cells.evaluate_all(
        "all => all.findIndex(cell => cell.classList.contains('jp-mod-active'))"
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    place = attention.evaluate("figure => figure.matrix.place")
    assert place == [2, 0]
    page.keyboard.press("d")  # twice, this deletes a cell of the notebook
    page.keyboard.press("d")
    assert cells.count() == len(KINDS)
    assert selected == cells.evaluate_all(
        "all => all.findIndex(cell => cell.classList.contains('jp-mod-active'))"
    )
    assert opened.errors == []
    measured("JupyterLab, trusted: figures that answer", f"{len(KINDS)} of 3", "all")
    opened.close()


def test_an_untrusted_notebook_shows_readable_tables(
    browser: Browser, lab: str, measured: Note
) -> None:
    opened = open_notebook(browser, lab, "untrusted")
    page = opened.page
    captions = []
    for number in range(len(KINDS)):
        output = page.locator(".jp-OutputArea-output").nth(number)
        output.scroll_into_view_if_needed()
        table = output.locator("table")
        table.wait_for()
        captions.append(table.locator("caption").inner_text())
        assert not re.search(r"const |\bpacked\b", output.inner_text())
    assert captions == [make().table().caption for make in EXAMPLES.values()]
    assert page.locator(f"{FIGURE} .says").count() == 0
    measured("JupyterLab, untrusted: readable tables", f"{len(captions)} of 3", "all")
    opened.close()
