"""Firefox and WebKitGTK, as Debian has them: each page, figure and kind of answer.

``make -C docs browsers`` runs this. Playwright drives only its own builds of the two.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
import websocket
from explorer_pages import STATES
from selenium import webdriver
from site_build import Build
from site_server import serve
from test_answers_on_pages import ASK, QUICK, TYPED
from visits import PAGES

# selenium warns of what it does itself
pytestmark = [pytest.mark.browsers, pytest.mark.filterwarnings("ignore:setting remote")]

# Before all other scripts of a page: it notes what goes wrong, and what is not found.
NOTE_ERRORS = b"""<head><script>
  var errors = [];
  const note = event => errors.push(event.message || event.target.outerHTML);
  addEventListener("error", note, true);
  addEventListener("unhandledrejection", event => errors.push(String(event.reason)));
</script>"""
# Unfolds all that is folded, meets each figure that answers, and brings it into its
# states. `done` gets what was found.
LOOK = """
const [states, done] = arguments;
const soon = check => new Promise((resolve, reject) => {
  const start = Date.now();
  const look = () => check() ? resolve()
    : Date.now() - start > 20000 ? reject(`never: ${check}`) : setTimeout(look, 50);
  look();
});
const look = async () => {
  document.querySelectorAll("details").forEach(part => (part.open = true));
  for (const figure of document.querySelectorAll(".nnbasics-explorer")) {
    figure.scrollIntoView();
    await soon(() => figure.shadowRoot?.querySelector("svg[width]"));
    const looks = new Set([figure.shadowRoot.innerHTML]);
    for (const state of states[figure.localName.match(/^nnbasics-(.+)-.+$/)[1]]) {
      new Function("figure", state)(figure);
      await new Promise(requestAnimationFrame);
      looks.add(figure.shadowRoot.innerHTML);
    }
    if (looks.size < 4) errors.push(`${figure.localName} does not answer`);
  }
  const images = [...document.images];
  images.forEach(image => (image.loading = "eager"));
  await soon(() => images.every(image => image.complete));
  const boxes = [document.documentElement, ...document.querySelectorAll(".content")];
  return {
    wrong: errors,
    broken: images.filter(image => !image.naturalWidth).map(image => image.src),
    wider: Math.max(...boxes.map(box => box.scrollWidth - box.clientWidth)),
  };
};
look().then(done, reason => done(String(reason)));
"""
ANSWER = f"""
const [label, answers, done] = arguments;
done(({ASK})(document.querySelector(`form[aria-label="${{label}}"]`), answers));
"""


def lacks(message: str) -> NoReturn:
    """Skip what is not possible on this machine, unless it is required."""
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(message)
    pytest.skip(message)


def needed(program: str) -> str:
    """Return the path of a program."""
    return shutil.which(program) or lacks(f"{program} is not installed")


class Firefox:
    """Firefox, driven by the protocol that it speaks itself, WebDriver BiDi."""

    def __init__(self) -> None:
        command = [needed("firefox-esr"), "--headless", "--remote-debugging-port=0"]
        self.profile = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [*command, "--profile", self.profile.name],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        addresses = (re.search(r"ws://\S+", line) for line in self.process.stderr)
        address = next(found[0] for found in addresses if found)
        self.socket = websocket.create_connection(
            f"{address}/session", timeout=60, suppress_origin=True
        )
        self.ask("session.new", capabilities={})
        (tab,) = self.ask("browsingContext.getTree")["contexts"]
        self.tab = tab["context"]

    def ask(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its answer."""
        self.socket.send(json.dumps({"id": 1, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != 1:
            pass  # events
        assert answer["type"] == "success", answer
        return answer["result"]

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self.ask("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def run(self, script: str, *given: Any) -> Any:
        """Run the body of a function, whose last argument takes what is returned."""
        inside = f"(function () {{ {script} }})(...{json.dumps(given)}, done)"
        answer = self.ask(
            "script.evaluate",
            expression=f"new Promise(done => {inside}).then(JSON.stringify)",
            target={"context": self.tab},
            awaitPromise=True,
        )
        return json.loads(answer["result"]["value"])

    def close(self) -> None:
        """Close the browser."""
        self.ask("browser.close")
        self.socket.close()
        self.process.communicate()
        self.profile.cleanup()


class WebKit:
    """WebKitGTK's own small browser, the nearest to Safari that Debian has."""

    def __init__(self) -> None:
        if "DISPLAY" not in os.environ:
            lacks("WebKitGTK has no display: xvfb-run makes one")
        options = webdriver.WebKitGTKOptions()
        options.add_argument("--automation")
        service = webdriver.WebKitGTKService(executable_path=needed("WebKitWebDriver"))
        self.driver = webdriver.WebKitGTK(options=options, service=service)
        self.open, self.close = self.driver.get, self.driver.quit
        self.run = self.driver.execute_async_script


@pytest.fixture(scope="module", params=[Firefox, WebKit])
def window(request: pytest.FixtureRequest) -> Iterator[Firefox | WebKit]:
    window = request.param()
    yield window
    window.close()


@pytest.fixture(scope="module")
def noted(build: Build) -> Iterator[str]:
    """Serve the site, with what notes errors in each page; give its address."""
    with serve(build.site, head=NOTE_ERRORS) as address:
        yield address


@pytest.mark.parametrize("page", PAGES)
def test_pages_and_their_figures_work(
    window: Firefox | WebKit, noted: str, page: str
) -> None:
    window.open(noted + page)
    assert window.run(LOOK, STATES) == {"wrong": [], "broken": [], "wider": 0}


@pytest.mark.parametrize("exercise", sorted(QUICK - {"3.6"}))
def test_exercises_are_answered(
    window: Firefox | WebKit, noted: str, exercise: str
) -> None:
    page, *answers = TYPED[exercise]
    window.open(noted + page)
    given = [answer.split("|") for answer in answers]
    verdicts = window.run(ANSWER, f"Exercise {exercise}", given)
    expected = [f"Exercise {exercise}: {verdict}." for verdict in ("not yet", "right")]
    assert all(map(str.startswith, verdicts, expected)), verdicts
