// Exercises that are answered on the page. The question, with its right answer and its
// hints, comes from the build (docs/_ext/exercises.py); what is said is what the checkers
// of nnbasics.exercises say, to the character. Nothing is sent anywhere.
(() => {
  "use strict";
  const OPEN = "not answered yet";
  const RIGHT = "right";
  const NOT_YET = "not yet";

  // -- numbers: as readers write them, and as Python does

  const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  const THOUSANDS = /^[-+]?[1-9]\d{0,2}(,\d{3})+$/;

  // Return the number that a text says, or a sentence that says why it says none.
  function numberFrom(text) {
    if (!text.trim()) return "";
    const parts = text
      .trim()
      .replace(/[−–]/g, "-")
      .replace(/\s*([-+/])\s*/g, "$1")
      .replace(/(\d)\s(?=\d{3}(?!\d))/g, "$1")
      .split("/");
    if (parts.some((part) => THOUSANDS.test(part))) {
      return `“${text}” can be two numbers. Leave the comma out, or write a point.`;
    }
    const [top, bottom] = [...parts, "1"].map((part) => part.replace(",", "."));
    const number = Number(top) / Number(bottom);
    const isOne = parts.length < 3 && NUMBER.test(top) && NUMBER.test(bottom);
    if (isOne && Number.isFinite(number)) return number;
    return `“${text}” is not a number. Write one such as 3, -0.5, 1/4 or 1e-3.`;
  }

  // As {:g}: six digits, no zeros at the end, and a tie goes to the even digit.
  function general(number) {
    const exact = number.toExponential(60);
    const [even] = exact.match(/^-?\d\.\d{4}[02468](?=50*e)/) ?? [];
    const rounded = even ? even + exact.slice(exact.indexOf("e")) : number.toExponential(5);
    const [digits, exponent] = rounded.split("e");
    if (exponent > -5 && exponent < 6) return String(Number(rounded));
    return `${digits.replace(/\.?0+$/, "")}e${exponent.replace(/\d+/, (e) => e.padStart(2, "0"))}`;
  }

  // As {:.2f}, for numbers from 0 to 1: 0.125 and 0.625 go to the even digit.
  const twoDecimals = (x) => ((x * 8) % 4 === 1 ? x - 0.001 : x).toFixed(2);

  // -- units: inputs are the points, a pair of numbers each

  const POINTS = [[0, 0], [0, 1], [1, 0], [1, 1]];
  const step = (x) => (x > 0.5 ? 1 : 0);
  const outputs = (inputs, [w1, w2, b]) =>
    inputs.map(([x1, x2]) => 1 / (1 + Math.exp(-(x1 * w1 + x2 * w2 + b))));
  const nameOf = ({ names }, output) => names[output.map(step).join("")];
  const computes = (question, name, output) =>
    nameOf(question, output) === name && output.every((x) => Math.abs(x - step(x)) < 0.1);
  function atPoints(output) {
    const [a, b, c, d] = output.map(twoDecimals);
    return `${a} for (0, 0), ${b} for (0, 1), ${c} for (1, 0) and ${d} for (1, 1)`;
  }
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function aLineCanSeparate(hidden) {
    const [a, b, c, d] = hidden.map((pair) => pair.map(step));
    const alike = [a, d].some((zero) => [b, c].some((one) => `${zero}` === `${one}`));
    const crossed = [0, 1].every((i) => a[i] + d[i] === 1 && b[i] + c[i] === 1);
    return !alike && !crossed;
  }

  // -- judging: each kind of question takes its data and what its fields hold

  const JUDGES = {
    number(question, [number]) {
      const isNear = (other) => Math.abs(number - other) <= question.tolerance;
      if (isNear(question.right)) return [RIGHT, question.why];
      for (const [hint, mistakes] of Object.entries(question.mistakes)) {
        if (mistakes.some(isNear)) return [NOT_YET, hint];
      }
      const size = number > question.right ? "large" : "small";
      return [NOT_YET, `${general(number)} is too ${size}. ${question.look}`];
    },

    choice(question, [word]) {
      if (word === question.right) return [RIGHT, question.why];
      for (const [hint, mistakes] of Object.entries(question.mistakes)) {
        if (mistakes.includes(word)) return [NOT_YET, hint];
      }
      return [OPEN, `Choose one of ${question.choices.map((c) => `"${c}"`).join(", ")}.`];
    },

    parts(question, words) {
      const judged = question.parts.map((part, i) => JUDGES.choice(part, [words[i]]));
      if (judged.every(([status]) => status === OPEN)) return judged[0];
      const message = question.labels.map((name, i) => `${name}: ${judged[i].join(". ")}`).join(" ");
      return [judged.every(([status]) => status === RIGHT) ? RIGHT : NOT_YET, message];
    },

    unit(question, [w1, w2, b]) {
      const output = outputs(POINTS, [w1, w2, b]);
      const said = { points: atPoints(output), name: nameOf(question, output) };
      if (computes(question, "AND", output)) return [RIGHT, fill(question.why, said)];
      if (said.name === "AND") return [NOT_YET, fill(question.flat, said)];
      if (computes(question, "AND", outputs(POINTS, [w2, b, w1]))) {
        return [NOT_YET, question.order];
      }
      return [NOT_YET, fill(question.look, said)];
    },

    network(question, numbers) {
      const [first, second, unit] = [0, 3, 6].map((i) => numbers.slice(i, i + 3));
      const jobs = [first, second].map((hidden) => outputs(POINTS, hidden));
      const hidden = POINTS.map((_, i) => [jobs[0][i], jobs[1][i]]);
      const output = outputs(hidden, unit);
      const said = { points: atPoints(output) };
      if (computes(question, "XOR", output)) return [RIGHT, fill(question.why, said)];
      const rounded = outputs(hidden.map((pair) => pair.map(step)), unit);
      if (nameOf(question, rounded) === "XOR") return [NOT_YET, fill(question.flat, said)];
      [said.first, said.second] = jobs.map((job) => nameOf(question, job));
      const advice = aLineCanSeparate(hidden) ? question.look : question.alike;
      return [NOT_YET, fill(`${question.jobs} ${advice}`, said)];
    },

    roles(question, roles) {
      if (!roles.some(Boolean)) return [OPEN, "Give each head's number a role."];
      const groups = { Right: [], "Not right": [], "No answer yet": [] };
      roles.forEach((role, head) => {
        const isRight = role === question.measured[head];
        groups[isRight ? "Right" : role ? "Not right" : "No answer yet"].push(head);
      });
      if (groups.Right.length === roles.length) return [RIGHT, question.why];
      const report = Object.entries(groups)
        .filter(([, heads]) => heads.length)
        .map(([name, heads]) => `${name}: head${heads[1] ? "s" : ""} ${heads.join(", ")}.`);
      return [NOT_YET, `${report.join(" ")} ${question.look}`];
    },
  };

  // -- what is solved: remembered in this browser alone, if it allows that

  const site = new URL(document.documentElement.dataset.content_root, location.href);
  const key = (exercise) => `nnbasics:${site.pathname}:${exercise}`;

  // Do something with the storage; where there is none, nothing.
  function withStorage(action) {
    try {
      return action(localStorage);
    } catch {
      return undefined;
    }
  }

  // In a form stands whether it is solved, elsewhere how many exercises of a lesson are.
  function showSolved() {
    for (const mark of document.querySelectorAll("[data-exercises]")) {
      const exercises = mark.dataset.exercises.split(" ");
      const isSolved = (exercise) => withStorage((storage) => storage.getItem(key(exercise)));
      const solved = exercises.filter(isSolved).length;
      const count = `${solved} of ${exercises.length} solved`;
      mark.textContent = !mark.closest("form") ? count : solved ? "✓ solved" : "";
    }
  }

  // -- forms

  const needsNumber = (field) => field.matches("input");

  function labelOf(field) {
    const label = field.labels[0].firstChild.data.trim();
    const group = field.closest("fieldset")?.querySelector("legend").textContent;
    return group ? `${label} of the ${group.toLowerCase()}` : label;
  }

  // Mark fields that hold no number, and return a verdict if there are any.
  function unread(fields, answer) {
    const empty = [];
    const sentences = [];
    fields.forEach((field, i) => {
      const isUnread = needsNumber(field) && typeof answer[i] === "string";
      field.setAttribute("aria-invalid", isUnread);
      if (isUnread && answer[i]) sentences.push(`${labelOf(field)}: ${answer[i]}`);
      if (isUnread && !answer[i]) empty.push(labelOf(field));
    });
    if (!empty.length) return sentences.length ? [NOT_YET, sentences.join(" ")] : null;
    const all = empty.length > 1 && empty.length === fields.length;
    sentences.push(`Still empty: ${all ? "all fields" : empty.join(", ")}.`);
    return [OPEN, sentences.join(" ")];
  }

  // As docs/_ext/exercises.py moved the signs of the question, so they move back.
  const moved = (text) =>
    text.replace(/[!-~]/g, (sign) => String.fromCharCode(33 + ((sign.charCodeAt(0) + 14) % 94)));

  function check(form) {
    const question = JSON.parse(moved(form.dataset.question));
    const fields = [...form.querySelectorAll("input, select")];
    const answer = fields.map((f) => (needsNumber(f) ? numberFrom(f.value) : f.value));
    const [status, message] = unread(fields, answer) ?? JUDGES[question.kind](question, answer);
    const verdict = document.createElement("strong");
    verdict.textContent = `Exercise ${question.exercise}: ${status}.`;
    const feedback = form.querySelector(".feedback");
    feedback.dataset.status = status;
    feedback.replaceChildren(verdict, ` ${message}`);
    if (status === RIGHT) {
      const exercise = form.querySelector(".solved").dataset.exercises;
      withStorage((storage) => storage.setItem(key(exercise), RIGHT));
      showSolved();
    }
  }

  const forms = document.querySelectorAll("form.exercise");
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      check(form);
    });
    form.classList.add("live");
  }

  function forget(button) {
    withStorage((storage) => {
      const keys = Object.keys(storage).filter((name) => name.startsWith(key("")));
      keys.forEach((name) => storage.removeItem(name));
    });
    for (const form of forms) {
      form.reset();
      form.querySelector(".feedback").replaceChildren();
      form.querySelectorAll("[aria-invalid]").forEach((f) => f.removeAttribute("aria-invalid"));
    }
    showSolved();
    button.nextElementSibling.textContent = "Forgotten.";
  }

  const memory = document.querySelector(".exercise-memory button");
  memory?.addEventListener("click", () => forget(memory));
  memory?.parentElement.classList.add("live");

  showSolved();
  addEventListener("pageshow", showSolved); // a page that a browser kept is shown again
})();
