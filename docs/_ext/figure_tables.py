"""Put the numbers behind a figure under it, folded up, as tables."""

from __future__ import annotations

from html import escape

from nnbasics._table import DataTable

FOLDED = """
.. raw:: html

   <details class="figure-numbers"><summary>The numbers in this figure</summary>
   {tables}
   </details>

"""


def tables_rst(tables: list[DataTable]) -> str:
    """Return the reST that shows tables, or nothing if there are none."""
    if not tables:
        return ""
    return FOLDED.format(tables="\n   ".join(table_html(table) for table in tables))


def table_html(table: DataTable) -> str:
    """Return a table with heads for its rows and columns, on one line."""
    heads = [table.corner, *table.columns]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for label, cells in table.rows
    )
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return (
        '<div class="table-wrapper"><table class="docutils">'
        f"{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
