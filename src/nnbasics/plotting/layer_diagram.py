"""The diagram of a multi-head attention layer: what flows where, in which shape."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nnbasics._checks import require_divisor, require_positive_int
from nnbasics.plotting._head_panels import HEAD_COLOURS, require_colours
from nnbasics.plotting.style import INK, MUTED, figure_style, new_figure

__all__ = ["plot_layer"]

_HEIGHT = 0.62  # of a box, where the distance between two rows of boxes is 1.4
_ROWS = {"input": 0.0, "projected": 1.4, "heads": 2.8, "joined": 4.2, "output": 5.6}


def plot_layer(length: int, d_model: int, num_heads: int, *, alt: str) -> Figure:
    """Draw the five steps of multi-head attention with the shape of each result.

    What belongs to one head has one colour, from the projections to the concatenation.

    Parameters
    ----------
    length : int
        The number of tokens.
    d_model : int
        The size of a token's vector.
    num_heads : int
        The number of heads, at most 4; it must divide `d_model`.
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        The diagram, to be read from top to bottom.

    Raises
    ------
    TypeError
        If a number is not an int.
    ValueError
        If a number is less than 1, or `num_heads` is more than 4 or does not divide
        `d_model`.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> figure = plot_layer(3, 4, 2, alt="Two heads between two projections.")
    >>> figure.axes[0].texts[0].get_text()
    'input, 3 × 4'
    >>> plt.close(figure)
    """
    require_positive_int("length", length)
    require_positive_int("d_model", d_model)
    require_divisor("num_heads", num_heads, "d_model", d_model)
    require_colours(num_heads)
    whole, part = f"{length} × {d_model}", f"{length} × {d_model // num_heads}"
    with figure_style():
        figure, axes = new_figure(alt, height=5.6)
        _box(axes, "input", 5.0, 3.0, f"input, {whole}", 0)
        for place, name in zip(
            (1.7, 5.0, 8.3), ("queries", "keys", "values"), strict=True
        ):
            _arrow(axes, (5.0, "input"), (place, "projected"), MUTED)
            _box(axes, "projected", place, 3.0, f"{name}, {whole}", num_heads)
        _draw_heads(axes, num_heads, part)
        _box(axes, "joined", 5.0, 4.0, f"side by side, {whole}", num_heads)
        _arrow(axes, (5.0, "joined"), (5.0, "output"), MUTED)
        _box(axes, "output", 5.0, 3.0, f"output, {whole}", 0)
        _name_the_steps(axes)
        axes.set(xlim=(-0.1, 10.1), ylim=(_ROWS["output"] + 0.4, -0.4))
        axes.set_axis_off()
    return figure


def _draw_heads(axes: Axes, num_heads: int, shape: str) -> None:
    """Draw each head, what it takes of the projections, and what it hands on."""
    width = 9.4 / num_heads - 0.4
    for head, colour in zip(range(num_heads), HEAD_COLOURS, strict=False):
        centre = 0.3 + 9.4 * (head + 0.5) / num_heads
        share = (head + 0.5) / num_heads - 0.5
        for place in (1.7, 5.0, 8.3):
            _arrow(axes, (place + 3.0 * share, "projected"), (centre, "heads"), colour)
        _arrow(axes, (centre, "heads"), (5.0 + 4.0 * share, "joined"), colour)
        _box(axes, "heads", centre, width, f"3 attend\nhead {head}, {shape}", 1, colour)


def _box(
    axes: Axes,
    row: str,
    centre: float,
    width: float,
    text: str,
    stripes: int,
    colour: str | None = None,
) -> None:
    """Draw a box with one coloured stripe for each head (none: the box is empty)."""
    left, top = centre - width / 2, _ROWS[row] - _HEIGHT / 2
    for stripe in range(stripes):
        fill = colour or HEAD_COLOURS[stripe]
        corner = (left + width * stripe / stripes, top)
        axes.add_patch(
            Rectangle(corner, width / stripes, _HEIGHT, color=fill, alpha=0.3, lw=0)
        )
    outline = Rectangle((left, top), width, _HEIGHT, fill=False, ec=INK, lw=1.2)
    axes.add_patch(outline)
    axes.text(centre, _ROWS[row], text, ha="center", va="center")


def _arrow(
    axes: Axes, start: tuple[float, str], end: tuple[float, str], colour: str
) -> None:
    axes.annotate(
        "",
        xy=(end[0], _ROWS[end[1]] - _HEIGHT / 2),
        xytext=(start[0], _ROWS[start[1]] + _HEIGHT / 2),
        arrowprops={
            "arrowstyle": "-|>",
            "color": colour,
            "lw": 1.5,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )


def _name_the_steps(axes: Axes) -> None:
    steps = {
        "1 project": 0.7,
        "2 split": 2.1,
        "4 concatenate": 3.5,
        "5 project once more": 4.9,
    }  # step 3 stands in the boxes of the heads
    for name, height in steps.items():
        axes.text(0, height, name, weight="bold", va="center")
