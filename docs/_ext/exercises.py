"""Exercises that are answered on the page: a form in the place of a cell's output.

Sphinx-Gallery calls `scraper` after each cell: where a checker was called, it knows the
question. That says which fields the form has, and what _static/exercises.js judges an
answer by. What a reader solved is remembered by that script; here pages say of which
exercises they show it.
"""

from __future__ import annotations

import hashlib
import json
import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from nnbasics.exercises.questions import Question

logger = logging.getLogger(__name__)

# A cell that asks, and what it printed for an answer that is not there.
CALL = re.compile(r"^print\((check_\w+\(.*\))\)$", re.MULTILINE)
OPEN = re.compile(r"^Exercise (\S+): not answered yet\..*", re.MULTILINE | re.DOTALL)

# No script in a page, and right answers that nobody reads by accident: the question is
# an attribute, in which each sign is moved by 47 of the 94 places. That can still be
# compressed. A form of this method is sent nowhere, without scripts too.
MOVED = {sign: 33 + (sign + 14) % 94 for sign in range(33, 127)}
FORM = """
.. raw:: html

   <form class="exercise" method="dialog" aria-label="Exercise {exercise}"
   autocomplete="off" data-question="{question}">
   {fields}
   <button>Check</button> {solved}
   <p class="feedback" role="status" id="{feedback}"></p></form>
   <noscript><p>To answer here, allow this page its scripts. The answer is among the
   <a href="solutions.html">worked answers</a>.</p></noscript>

"""
FIELD = "<label>{label} {control}</label>"
INPUT = '<input spellcheck="false" {keys}aria-describedby="{feedback}">'
# The keys of a telephone have no minus: only for questions without negative numbers.
DECIMAL = 'inputmode="decimal" '
SELECT = (
    '<select aria-describedby="{feedback}"><option value="">…</option>{options}'
    "</select>"
)
# A question that only code answers leaves a comment: it is known, and has no form.
ANSWERED_WITH_CODE = "an exercise that is answered with code"
GROUP = "<fieldset><legend>{name}</legend>{fields}</fieldset>"
SOLVED = '<span class="solved" data-exercises="{exercises}"></span>'
SOLVES = re.compile(r'data-exercises="(\S+)"')  # in what `form` wrote, and nowhere else

CODE = '<details class="exercise-code"><summary>The code, for the notebook</summary>'
REMEMBERED = (
    '<p class="exercise-memory">What you have solved is remembered in this browser '
    'only. <button type="button">Forget my answers</button> '
    '<span role="status"></span></p>'
)


def scraper(
    block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]
) -> str:
    """Return the reST of a form where a cell asks, and has no answer yet."""
    call = CALL.search(block[1])
    if call is None:
        return ""
    feedback = eval(call[1], block_vars["example_globals"])  # the cell has just done it
    if feedback.question is None or feedback.status != "not answered yet":
        return ""
    if feedback.question.labels:
        return form(feedback.question)
    return f"\n.. {ANSWERED_WITH_CODE}\n\n"


def form(question: Question) -> str:
    """Return the reST of the form that asks a question."""
    data = json.dumps(question.data(), separators=(",", ":")).encode()
    name = f"{question.exercise}:{hashlib.sha256(data).hexdigest()[:8]}"
    feedback = f"feedback-{question.exercise.replace('.', '-')}"
    return FORM.format(
        exercise=question.exercise,
        question=escape(data.decode().translate(MOVED)),
        fields=fields(question, feedback),
        solved=SOLVED.format(exercises=name),
        feedback=feedback,
    )


def fields(question: Question, feedback: str) -> str:
    """Return the fields of a form, in groups where the question has some."""
    if question.choices:
        options = "".join(f"<option>{escape(c)}</option>" for c in question.choices)
        control = SELECT.format(options=options, feedback=feedback)
    else:
        keys = DECIMAL if len(question.labels) == 1 else ""
        control = INPUT.format(keys=keys, feedback=feedback)
    found = "".join(
        FIELD.format(label=escape(label), control=control) for label in question.labels
    )
    return "".join(
        GROUP.format(name=escape(group), fields=found) if group else found
        for group in question.groups
    )


def put_forms(app: Sphinx, doctree: nodes.document) -> None:
    """Put forms in the place of outputs, and fold the code; note the exercises."""
    names: list[str] = []
    for output in list(doctree.findall(nodes.literal_block)):
        found = OPEN.search(output.astext())
        if not found or "sphx-glr-script-out" not in output["classes"]:
            continue
        asked = output.parent[output.parent.index(output) - 1]
        if solves := SOLVES.findall(asked.astext()):
            fold(asked, output, "" if names else REMEMBERED)
            names += solves
        elif asked.astext() != ANSWERED_WITH_CODE:
            message = "%s: exercise %s has no question that a page could ask"
            logger.warning(message, app.env.docname, found[1], location=output)
    app.env.metadata[app.env.docname]["exercises"] = names


def fold(form: nodes.Node, output: nodes.literal_block, text: str) -> None:
    """Put a form, and a text, before its cell, and fold that from code to output.

    The output loses what the form takes the place of.
    """
    page = form.parent
    above = page.children[: page.index(form)]
    code = [node for node in above if isinstance(node, nodes.literal_block)][-1]
    page.remove(form)
    before = [form, *(_html(part) for part in (text, CODE) if part)]
    page[page.index(code) : page.index(code)] = before
    page.insert(page.index(output) + 1, _html("</details>"))
    rest = OPEN.sub("", output.astext())
    output.rawsource, output[:] = rest, [nodes.Text(rest)]
    if not rest:
        page.remove(output)


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def solved(env: BuildEnvironment, page: str) -> str:
    """Return the HTML in which a reader sees how many exercises of a lesson are solved.

    It counts those that are answered on the page.
    """
    names = env.metadata[page].get("exercises", [])
    return SOLVED.format(exercises=" ".join(names)) if names else ""


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Say how many exercises of a lesson are solved wherever a page asks for it."""
    for node in list(doctree.findall(nodes.inline)):
        if "exercises_of" in node:
            node.replace_self(_html(solved(app.env, node["exercises_of"])))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers."""
    app.connect("doctree-read", put_forms)
    app.connect("doctree-resolved", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
