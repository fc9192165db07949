r"""The text of a lesson, for a terminal.

Lessons are written in reStructuredText, with formulas in TeX. A terminal shows neither.
"""

from __future__ import annotations

import re
import textwrap

__all__ = ["plain_text"]

# A directive with all its indented lines, or lines up to the next empty one.
BLOCK = re.compile(r"^\.\. .*(?:\n+[ ]+\S.*)*|^.*\S.*(?:\n.*\S.*)*", re.MULTILINE)
DIRECTIVE = re.compile(r"\.\. (?P<name>[a-z-]+)::(?P<body>.*)", re.DOTALL)
HEADING = re.compile(r"(?P<title>\S.*)\n([-=~^])\2{2,}")
ITEM = re.compile(r"^(?:- |#\. |\d+\. )", re.MULTILINE)
NOTES = {"note": "Note", "warning": "Warning", "tip": "Tip", "seealso": "See also"}

MATH = re.compile(r":math:`([^`]+)`")
# :term:`weights <weight>` is read as: weights
ROLE = re.compile(r":[a-z]+:`[~!]?(?P<text>[^`<]+?)(\s*<[^`>]*>)?`")

SYMBOLS = {
    r"\sigma": "σ",
    r"\infty": "∞",
    r"\approx": "≈",
    r"\cdot": "·",
    r"\times": "×",
    r"\ldots": "…",
    r"\ln": "ln",
    r"\le": "≤",
    r"\left": "",
    r"\right": "",
    r"\qquad": "   ",
    r"\,": " ",
    r"^\top": "ᵀ",
    r"\top": "ᵀ",
    "^2": "²",
}
# What stands in one pair of braces, with none inside.
GROUP = r"\{([^{}]*)\}"


def plain_text(rest: str, width: int = 79) -> str:
    r"""Return reStructuredText as a person would type it.

    It knows what a lesson may hold: headings, paragraphs, lists, notes, tables, roles
    and formulas.

    Parameters
    ----------
    rest : str
        Text of a lesson, without comment signs.
    width : int, optional
        Where lines are broken, in characters. Headings and tables stay as they are.

    Returns
    -------
    str
        Blocks with an empty line between them.

    Examples
    --------
    >>> print(plain_text("The :term:`weights <weight>`, and :math:`\\sqrt{d_k}`."))
    The weights, and √d_k.
    >>> print(plain_text(".. math::\n\n   \\sigma(z) = \\frac{1}{1 + e^{-z}}"))
        σ(z) = 1 / (1 + e^(-z))
    """
    blocks = (match[0] for match in BLOCK.finditer(rest))
    return "\n\n".join(_block(block, width) for block in blocks)


def _block(text: str, width: int) -> str:
    if directive := DIRECTIVE.fullmatch(text):
        return _directive(directive["name"], textwrap.dedent(directive["body"]), width)
    if heading := HEADING.fullmatch(text):
        title = _inline(heading["title"])
        return f"{title}\n{heading[2] * len(title)}"
    if ITEM.match(text):
        starts = [match.start() for match in ITEM.finditer(text)]
        items = zip(starts, [*starts[1:], None], strict=True)
        return "\n".join(_filled(text[a:b], width, hanging=2) for a, b in items)
    return _filled(text, width)


def _directive(name: str, body: str, width: int) -> str:
    if name == "math":
        return textwrap.indent(formula(body), "    ")
    if name == "list-table":
        return _table(body)
    indented = textwrap.indent(plain_text(body.strip(), width - 4), "    ")
    return f"{NOTES.get(name, name)}:\n\n{indented}"


def _filled(text: str, width: int, hanging: int = 0) -> str:
    return textwrap.fill(
        " ".join(_inline(text).split()),
        width,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _inline(text: str) -> str:
    text = MATH.sub(lambda match: formula(match[1]), text)
    return ROLE.sub(r"\g<text>", text).replace("``", "`")


def table_rows(body: str) -> list[list[str]]:
    r"""Return the cells of a list-table, row by row.

    Parameters
    ----------
    body : str
        What stands below ``.. list-table::``, its options included.

    Returns
    -------
    list of list of str
        The cells as they were written.

    Examples
    --------
    >>> table_rows(":header-rows: 1\n\n* - word\n  - role\n* - cat\n  - who")
    [['word', 'role'], ['cat', 'who']]
    """
    rows: list[list[str]] = []
    for line in body.splitlines():
        text = line.strip()
        if text.startswith("* - "):
            rows.append([text[4:]])
        elif text.startswith("- "):
            rows[-1].append(text[2:])
        elif rows:
            rows[-1][-1] += f" {text}".rstrip()
    return rows


def _table(body: str) -> str:
    """Return a list-table in columns as wide as their widest cell."""
    cells = [[_inline(cell) for cell in row] for row in table_rows(body)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = (
        "   ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True))
        for row in cells
    )
    return "\n".join(f"    {line}".rstrip() for line in lines)


def formula(tex: str) -> str:
    r"""Return a formula on one line.

    Parameters
    ----------
    tex : str
        The formula in TeX, of the commands that the lessons use.

    Returns
    -------
    str
        The formula in Unicode.

    Examples
    --------
    >>> formula(r"\frac{Q K^\top}{\sqrt{d_k}}")
    '(Q Kᵀ) / √d_k'
    """
    text = " ".join(tex.split())
    for name, symbol in SYMBOLS.items():
        text = re.sub(rf"{re.escape(name)}(?![a-zA-Z])", symbol, text)
    before = ""
    while text != before:  # from the inside to the outside
        before = text
        text = re.sub(rf"\\(?:text|operatorname){GROUP}", r"\1", text)
        text = re.sub(rf"([_^]){GROUP}", lambda m: m[1] + _grouped(m[2]), text)
        text = re.sub(rf"\\sqrt{GROUP}", lambda m: "√" + _grouped(m[1]), text)
        text = re.sub(rf"\\tfrac{GROUP}{GROUP}", r"\1/\2", text)
        text = re.sub(
            rf"\\frac{GROUP}{GROUP}",
            lambda m: f"{_grouped(m[1])} / {_grouped(m[2])}",
            text,
        )
    return text.strip()


def _grouped(text: str) -> str:
    """Put text into brackets, unless it is one name or one number."""
    return text if re.fullmatch(r"√?\w+", text) else f"({text})"
