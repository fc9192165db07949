"""The numbers behind a figure, as tables for those who cannot read the picture.

A table is kept beside its figure, not drawn. The site shows it under the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from matplotlib.figure import Figure

__all__ = ["DataTable", "attach_table", "tables_of"]


@dataclass(frozen=True)
class DataTable:
    """A table of text.

    Attributes
    ----------
    caption : str
        What the table holds.
    corner : str
        What the labels of the rows are: the head of their column.
    columns : sequence of str
        The heads of the other columns.
    rows : sequence of (str, sequence of str)
        The label and the cells of each row.
    """

    caption: str
    corner: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


_TABLES: WeakKeyDictionary[Figure, list[DataTable]] = WeakKeyDictionary()


def attach_table(
    figure: Figure,
    *,
    caption: str,
    corner: str,
    columns: Sequence[str],
    rows: Iterable[tuple[str, Sequence[float]]],
    number_format: str = ".2f",
) -> None:
    """Keep numbers as a table of a figure; it can have several.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure that shows the numbers.
    caption, corner : str
        What the table holds, and what its rows are.
    columns : sequence of str
        The heads of the columns.
    rows : iterable of (str, sequence of float)
        The label and the numbers of each row.
    number_format : str
        How the numbers are written.

    Examples
    --------
    >>> figure = Figure()
    >>> attach_table(
    ...     figure,
    ...     caption="attention weight",
    ...     corner="query",
    ...     columns=["the", "cat"],
    ...     rows=[("the", [1.0, 0.0]), ("cat", [0.25, 0.75])],
    ... )
    >>> tables_of(figure)[0].rows
    [('the', ['1.00', '0.00']), ('cat', ['0.25', '0.75'])]
    """
    written = [
        (label, [format(number, number_format) for number in numbers])
        for label, numbers in rows
    ]
    table = DataTable(caption, corner, list(columns), written)
    _TABLES.setdefault(figure, []).append(table)


def tables_of(figure: Figure) -> list[DataTable]:
    """Return the tables of a figure, in the order in which they were attached.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any figure.

    Returns
    -------
    list of DataTable
        Empty if the figure has none.

    Examples
    --------
    >>> tables_of(Figure())
    []
    """
    return list(_TABLES.get(figure, []))
