"""The first screen of the site: what it shows, and its figure that answers."""

from __future__ import annotations

import gzip
import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import torch
from site_build import ROOT, Build
from visits import FORMS, Theme, visit

import front_figure
from nnbasics import train_xor, xor_dataset, xor_network_from_seed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STATIC = ROOT / "docs" / "_static"
SCREENS = {1280: 800, 390: 844}
STARTED = ".front-figure.live"
INSIDE = """element => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.top >= 0 && box.left >= 0
    && box.bottom <= innerHeight && box.right <= innerWidth;
}"""


@pytest.fixture(scope="module")
def figure(build: Build) -> str:
    page = (build.site / "index.html").read_text("utf-8")
    (found,) = re.findall(r'<figure class="front-figure".*?</figure>', page, re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def moments(figure: str) -> dict[str, Any]:
    (data,) = re.findall(r'data-moments="(.*?)"', figure)
    found: dict[str, Any] = json.loads(html.unescape(data))
    return found


def said(page: Page) -> str:
    return page.locator(".front-says").inner_text()


@pytest.mark.parametrize(("theme", "width"), FORMS)
def test_the_first_screen_holds_what_a_visitor_looks_for(
    browser: Browser, address: str, theme: Theme, width: int
) -> None:
    with visit(browser, address + "index.html", theme, width) as seen:
        seen.page.set_viewport_size({"width": width, "height": SCREENS[width]})
        seen.page.locator(STARTED).wait_for()
        parts = ["article h1", "article h1 + p", ".front-figure"]
        if width == 1280:
            parts += [".lesson-card-title", ".lesson-card-minutes"]
        for part in parts:
            found = seen.page.locator(part).all()[:3]  # the cards of module 1
            assert len(found) == (3 if "card" in part else 1)
            assert all(element.evaluate(INSIDE) for element in found), part


def test_the_numbers_are_those_of_the_training(moments: dict[str, Any]) -> None:
    epochs = moments["epochs"]
    assert 40 <= len(epochs) <= 80
    network = xor_network_from_seed(42)
    history = train_xor(network, 10.0, epochs[-1] + 1, snapshot_epochs=epochs)
    inputs, targets = xor_dataset()
    rows = zip(epochs, moments["losses"], moments["numbers"], strict=True)
    for epoch, loss, numbers in rows:
        kept = torch.cat([part.flatten() for part in history.snapshots[epoch].values()])
        assert (kept - torch.tensor(numbers)).abs().max() < 1e-4
        assert abs(loss - history.losses[epoch]) < 1e-4
        output = front_figure.network_of(numbers)(inputs)[0]
        assert abs((output - targets).square().mean().item() - loss) < 1e-4


def test_the_page_computes_what_torch_does(
    browser: Browser, address: str, figure: str, moments: dict[str, Any]
) -> None:
    with visit(browser, address + "index.html") as seen:
        seen.page.locator(STARTED).wait_for()
        differ = """async (canvas, address) => {
          const still = new Image();
          still.src = address;
          await still.decode();
          const copy = new OffscreenCanvas(still.width, still.height).getContext("2d");
          copy.drawImage(still, 0, 0);
          const [one, other] = [copy, canvas.getContext("2d")].map(
            brush => brush.getImageData(0, 0, still.width, still.height).data);
          return one.filter((value, index) => value !== other[index]).length;
        }"""
        (picture,) = re.findall(r'src="(data:[^"]*)"', figure)
        slider = seen.page.get_by_role("slider", name="Epoch")
        slider.press("Home")  # the still picture gives way to what the page paints
        slider.press("End")
        values = seen.page.locator(".front-plane canvas").evaluate(differ, picture)
        assert values <= 40  # ten cells, rounded otherwise; the line has hundreds
        for moment in (0, 25, 31, len(moments["epochs"]) - 1):
            slider.fill(str(moment))
            network = front_figure.network_of(moments["numbers"][moment])
            now = moments["epochs"][moment], moments["losses"][moment]
            assert said(seen.page) == front_figure.sentence(network, *now)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_figure_is_played_and_scrubbed_by_keyboard(
    browser: Browser, address: str, motion: Any
) -> None:
    with visit(browser, address + "index.html", reduced_motion=motion) as seen:
        page = seen.page
        page.locator(STARTED).wait_for()
        slider = page.get_by_role("slider", name="Epoch")
        slider.press("Home")
        assert said(page).startswith("Epoch 0: ")
        slider.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") == "4"
        page.get_by_role("button", name="Play").press("Enter")
        page.get_by_text("Epoch 4: ").wait_for(state="detached")
        page.get_by_role("button", name="Pause").press("Space")
        paused = said(page)
        step = {"no-preference": 4, "reduce": 28}[motion]
        assert (int(paused.split()[1].strip(":")) - 4) % step == 0
        page.wait_for_timeout(1200)
        assert said(page) == paused
        slider.press("End")
        slider.press("ArrowLeft")
        page.get_by_role("button", name="Play").press("Enter")
        page.get_by_text("Epoch 300: ").wait_for()
        page.get_by_role("button", name="Play").wait_for()
        assert seen.errors == []


def test_without_scripts_there_is_a_still_picture(
    browser: Browser, address: str
) -> None:
    url = address + "index.html"
    with visit(browser, url, java_script_enabled=False) as seen:
        assert seen.page.locator(".front-plane img").is_visible()
        assert said(seen.page).startswith("Epoch 300: ")
        assert not seen.page.locator(".front-controls").is_visible()


def test_it_starts_when_the_text_has_been_painted(
    browser: Browser, address: str
) -> None:
    with visit(browser, address) as seen:
        seen.page.add_init_script(
            "window.frames_asked = []; window.requestAnimationFrame = "
            "callback => frames_asked.push(callback);"
        )
        seen.page.goto(address + "index.html")
        assert seen.page.locator(".front-plane img").is_visible()
        assert not seen.page.locator(STARTED).is_visible()
        seen.page.evaluate("frames_asked.forEach(callback => callback())")
        seen.page.locator(STARTED).wait_for()


def test_it_weighs_little(figure: str, measured: Any) -> None:
    files = [STATIC / f"front_figure.{kind}" for kind in ("js", "css")]
    parts = [figure.encode(), *(file.read_bytes() for file in files)]
    weight = sum(len(gzip.compress(part, mtime=0)) for part in parts)
    measured("figure of the front page", f"{weight / 1000:.1f} kB", "<= 15 kB, gzipped")
    assert weight <= 15_000
