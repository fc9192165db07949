"""The figure of the front page: the training of the XOR network, moment by moment.

The lesson that trains the network leaves the moments under the name `front_page`, and
they are written beside its page. The front page shows the last one, as a still picture;
_static/front_figure.js makes it answer.
"""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import torch
from docutils import nodes
from jinja2 import Template
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from nnbasics import XORNetwork, xor_dataset
from nnbasics.plotting.style import DIVERGING

# The part of the plane that is shown, and into how many cells each side is cut.
LOW, HIGH, CELLS = -0.4, 1.4, 160
# Colours for the outputs from 0 to 1; the line of those that are one half is black.
SHADES = 48
TEMPLATE = Path(__file__).parents[1] / "_templates" / "front_figure.html"


def scraper(
    block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]
) -> str:
    """Write down what a lesson leaves for the front page; its own page shows nothing.

    These are the `epochs`, and of each its loss (`losses`) and the parameters of the
    network in one row (`numbers`).
    """
    left = block_vars["example_globals"].pop("front_page", None)
    if left is not None:
        text = json.dumps(left, separators=(",", ":"))
        file_of(Path(block_vars["target_file"])).write_text(text, "utf-8")
    return ""


def file_of(page: Path) -> Path:
    """Return where the moments of a lesson are."""
    return page.with_suffix(".front.json")


class FrontFigure(SphinxDirective):
    """``.. front-figure:: basics/xor_network`` with a sentence that explains it."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the figure."""
        path = file_of(Path(self.env.srcdir, self.arguments[0]))
        for file in (path, TEMPLATE):
            self.env.note_dependency(str(file))
        if not path.is_file():
            raise self.warning(f"the lesson left no {path.name}")
        moments = json.loads(path.read_text("utf-8"))
        html = figure(moments, " ".join(self.content))
        return [nodes.raw("", html, format="html")]


def figure(moments: dict[str, Any], caption: str) -> str:
    """Return the HTML of the figure, with the last moment as a still picture."""
    colours = mpl.colormaps[DIVERGING](np.linspace(0, 1, SHADES + 1), bytes=True)
    shades = [*colours[:, :3].tolist(), [0, 0, 0]]
    data = {**moments, "shades": shades, "plane": [LOW, HIGH]}
    network = network_of(moments["numbers"][-1])
    last = moments["epochs"][-1], moments["losses"][-1]
    template = Template(TEMPLATE.read_text("utf-8"), autoescape=True)
    html: str = template.render(
        **moments,
        caption=caption,
        cells=CELLS,
        low=LOW,
        high=HIGH,
        data=json.dumps(data, separators=(",", ":")),
        picture=picture(network, shades),
        sentence=sentence(network, *last),
    )
    return html


def network_of(numbers: list[float]) -> XORNetwork:
    """Return the network with these parameters."""
    network = XORNetwork()
    torch.nn.utils.vector_to_parameters(torch.tensor(numbers), network.parameters())
    return network.requires_grad_(False)


def picture(network: XORNetwork, shades: list[list[int]]) -> str:
    """Return the plane, coloured by the outputs, as the address of a picture."""
    side = LOW + (torch.arange(CELLS) + 0.5) * (HIGH - LOW) / CELLS
    second, first = torch.meshgrid(side.flip(0), side, indexing="ij")
    output = network(torch.stack([first, second], dim=2))[0].squeeze(2).numpy()
    cells = np.round(output * SHADES).astype(np.uint8)
    above = output > 0.5  # the line runs where a neighbour is on the other side
    cells[:, :-1][above[:, :-1] != above[:, 1:]] = SHADES + 1
    cells[:-1][above[:-1] != above[1:]] = SHADES + 1
    image = Image.fromarray(cells)
    image.putpalette([channel for shade in shades for channel in shade])
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def sentence(network: XORNetwork, epoch: int, loss: float) -> str:
    """Say what is shown, in the words of front_figure.js."""
    inputs, targets = xor_dataset()
    right = ((network(inputs)[0] > 0.5) == (targets == 1)).sum().item()
    return f"Epoch {epoch}: loss {loss:.3f}, {right} of 4 points right."


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive, and the files, which theme.py leaves to the front page."""
    app.add_directive("front-figure", FrontFigure)
    app.add_css_file("front_figure.css")
    app.add_js_file("front_figure.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
