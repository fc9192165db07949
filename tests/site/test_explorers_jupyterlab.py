"""The interactive figures in a real JupyterLab, trusted and untrusted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from explorer_pages import FIGURE, Opened
from test_jupyterlab import MINUTE, jupyterlab

from explorer_examples import EXAMPLES
from nnbasics.explorers._element import element_name

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["jupyterlab"]  # which starts JupyterLab in the folder below
pytestmark = pytest.mark.slow

# What "Trust notebook" asks of the server.
TRUST = """async path => {
    const token = document.cookie.match(/_xsrf=([^;]*)/)[1];
    const options = { method: "POST", headers: { "X-XSRFToken": token } };
    return (await fetch(`/api/contents/${path}/trust`, options)).status;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write notebooks that show each figure, as if they had just run."""
    cells = []
    for make in EXAMPLES.values():
        figure = make()
        shown = {"text/html": figure._repr_html_(), "text/plain": repr(figure)}
        output = nbformat.v4.new_output("execute_result", shown, execution_count=1)
        cells.append(nbformat.v4.new_code_cell("figure", outputs=[output]))
    # without a kernel's name, JupyterLab asks for one
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    target = tmp_path_factory.mktemp("notebooks")
    for name in ("trusted", "untrusted"):
        # trust belongs to what is in a notebook, so the two must differ
        about = {"kernelspec": kernel, "title": name}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=about)
        nbformat.write(notebook, target / f"{name}.ipynb")
    return target


def open_notebook(browser: Browser, address: str, name: str) -> Opened:
    """Open a notebook in a workspace of its own, and wait for its outputs."""
    opened = Opened(browser.new_page(viewport={"width": 1280, "height": 2400}))
    opened.page.goto(f"{address}lab/workspaces/{name}")
    if name == "trusted":
        assert opened.page.evaluate(TRUST, f"{name}.ipynb") == 201
    opened.page.goto(f"{address}lab/workspaces/{name}/tree/{name}.ipynb")
    opened.page.locator(".jp-OutputArea-output table").first.wait_for(
        state="attached", timeout=2 * MINUTE
    )
    return opened


def test_a_trusted_notebook_shows_the_figures(
    browser: Browser, jupyterlab: str
) -> None:
    opened = open_notebook(browser, jupyterlab, "trusted")
    page = opened.page
    page.locator(f"{FIGURE} .says").first.wait_for(timeout=MINUTE)
    for kind in EXAMPLES:
        figure = page.locator(element_name(kind))
        figure.scroll_into_view_if_needed()
        figure.locator(".says").wait_for()
        figure.locator("svg").first.wait_for()
    inside = (jupyterlab, "data:", "blob:", "ws:")
    assert [url for url in opened.requests if not url.startswith(inside)] == []
    # The arrow keys move the figure's selection, not that of the notebook's cells.
    cells = page.locator(".jp-Notebook .jp-Cell")
    active = "all => all.findIndex(cell => cell.classList.contains('jp-mod-active'))"
    attention = page.locator(FIGURE).nth(1)
    attention.scroll_into_view_if_needed()
    attention.locator("[role=gridcell]").first.click()
    selected = cells.evaluate_all(active)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert attention.evaluate("figure => figure.matrix.place") == [2, 0]
    page.keyboard.press("d")  # twice, this deletes a cell of the notebook
    page.keyboard.press("d")
    assert cells.count() == len(EXAMPLES)
    assert cells.evaluate_all(active) == selected
    assert opened.errors == []
    opened.close()


def test_an_untrusted_notebook_shows_readable_tables(
    browser: Browser, jupyterlab: str
) -> None:
    opened = open_notebook(browser, jupyterlab, "untrusted")
    outputs = opened.page.locator(".jp-OutputArea-output")
    for number, make in enumerate(EXAMPLES.values()):
        output = outputs.nth(number)
        output.scroll_into_view_if_needed()
        output.locator("table").wait_for()
        assert output.locator("caption").inner_text() == make().table().caption
        assert not re.search(r"const |\bpacked\b", output.inner_text())
    assert opened.page.locator(f"{FIGURE} .says").count() == 0
    opened.close()
