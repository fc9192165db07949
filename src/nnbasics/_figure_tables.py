"""Numbers as a table: as text, as HTML, and beside the figure that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:  # an interactive figure has a table and needs no matplotlib
    from matplotlib.figure import Figure

__all__ = ["Table", "attach_table", "tables_of"]


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes
    ----------
    caption : str
        What the table holds; it may be empty.
    head : sequence of str
        The heads of the columns; the first says what the rows are.
    rows : sequence of sequence of str
        The label and the cells of each row.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def as_text(self) -> str:
        """Return the table in aligned columns."""
        columns = zip(self.head, *self.rows, strict=True)
        widths = [max(map(len, column)) for column in columns]
        lines = [self.caption]
        for row in (self.head, *self.rows):
            cells = [cell.ljust(size) for cell, size in zip(row, widths, strict=True)]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)

    def as_html(self) -> str:
        """Return the table with heads for its rows and columns, on one line."""
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        head = "".join(f'<th scope="col">{escape(text)}</th>' for text in self.head)
        body = "".join(
            f'<tr><th scope="row">{escape(label)}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for label, *cells in self.rows
        )
        return (
            f'<div class="table-wrapper container"><table class="docutils">{caption}'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


# The site shows the tables of a figure under its picture.
_TABLES: WeakKeyDictionary[Figure, list[Table]] = WeakKeyDictionary()


def attach_table(
    figure: Figure,
    caption: str,
    head: Sequence[str],
    rows: Iterable[tuple[str, Sequence[float]]],
    number_format: str = ".2f",
) -> None:
    """Keep the numbers of a figure as a table, for those who cannot read the picture.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure that shows the numbers; it can have several tables.
    caption : str
        What the table holds.
    head : sequence of str
        The heads of the columns; the first says what the rows are.
    rows : iterable of (str, sequence of float)
        The label and the numbers of each row.
    number_format : str
        How the numbers are written.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> rows = [("the", [1.0, 0.0]), ("cat", [0.25, 0.75])]
    >>> attach_table(figure, "attention weight", ["query", "the", "cat"], rows)
    >>> print(tables_of(figure)[0].as_text())
    attention weight
    query  the   cat
    the    1.00  0.00
    cat    0.25  0.75
    """
    written = [
        [label, *(format(number, number_format) for number in numbers)]
        for label, numbers in rows
    ]
    _TABLES.setdefault(figure, []).append(Table(caption, list(head), written))


def tables_of(figure: Figure) -> list[Table]:
    """Return the tables of a figure, in the order in which they were attached."""
    return list(_TABLES.get(figure, []))
