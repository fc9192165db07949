// The explorer of facts: hidden units that can be switched off, and what is forgotten.

/** The dot products of each row of one table with each row of another. */
const products = (rows, others) => rows.map((row) => others.map((other) => row.reduce((sum, number, i) => sum + number * other[i], 0)));

/**
 * What the trained model comes to for these subjects: how strongly each unit fires for
 * each subject, what a unit adds to each logit, and the logits without any unit.
 */
function unpackMemory(model, units) {
  const width = unpack(model["feed_forward.linear2.bias"]).length;
  const rows = (name, length) => rowsOf(unpack(model[name]), length).map((row) => [...row]);
  const answers = rows("unembedding.weight", width);
  const bias = unpack(model["feed_forward.linear1.bias"]);
  const second = rows("feed_forward.linear2.weight", units);
  return {
    hidden: products(rows("embedding.weight", width), rows("feed_forward.linear1.weight", width))
      .map((sums) => sums.map((sum, unit) => Math.max(sum + bias[unit], 0))),
    effect: products(answers, range(units).map((unit) => second.map((row) => row[unit]))),
    bias: products(answers, rows("feed_forward.linear2.bias", width)).flat(),
  };
}

/** The logits of the answers for each subject, with some of the units on. */
function recall({ hidden, effect, bias }, on) {
  return hidden.map((activations) => effect.map((row, answer) =>
    row.reduce((logit, added, unit) => logit + (on[unit] ? activations[unit] * added : 0), bias[answer])));
}

/** The place of the largest number. */
const largestOf = (numbers) => numbers.indexOf(Math.max(...numbers));

const unitsInWords = (units) => `unit${units.length > 1 ? "s" : ""} ${units.join(", ")}`;

class FactExplorer extends Explorer {
  static recall = recall;

  build() {
    const { units, subjects, answers, right } = this.data;
    this.memory = unpackMemory(this.data.model, units);
    this.facts = subjects.map((subject, number) => `${subject} → ${answers[right[number]]}`);
    this.strongest = Math.max(...this.memory.hidden.flat()) || 1;
    this.count = html("p", { class: "count" });
    this.controls.append(this.count, button("All on", () => this.set(this.on.fill(true))));
    this.heading = html("p", { class: "map-title" });
    this.units = svg("svg", { role: "toolbar", "aria-label": "Hidden units", onkeydown: (event) => this.key(event) });
    this.place = 0;
    this.lines = this.facts.map((fact, number) => this.makeLine(fact, number));
    this.stage.append(html("div", { class: "side-by-side" },
      html("div", { class: "units" }, this.heading, this.units,
        html("p", { class: "hint" }, "Press a unit to switch it off or on. Its bar: how strongly it fires for the chosen fact. ◆ Without this unit, the chosen fact is lost."),
        this.best = html("table", { class: "best" })),
      html("div", { class: "facts", role: "radiogroup", "aria-label": "Facts" }, ...this.lines.map((line) => line.node))));
    this.reset();
  }

  makeLine(fact, number) {
    const input = html("input", { type: "radio", name: "fact", onchange: () => this.choose(number) });
    const mark = html("span", { class: "mark", "aria-hidden": "true" });
    return { input, mark, node: html("label", { class: "fact" }, input, mark, html("span", { class: "names", "aria-hidden": "true" }, fact)) };
  }

  reset() {
    this.on = range(this.data.units).map(() => true);
    this.chosen = 0;
    this.compute();
  }

  // -- what a reader does

  set(on) {
    this.on = on;
    this.compute();
    this.refresh();
  }

  toggle(unit) {
    this.place = unit;
    this.set(this.on.map((on, number) => (number === unit ? !on : on)));
  }

  choose(fact) {
    this.chosen = fact;
    this.refresh();
  }

  key(event) {
    const last = this.data.units - 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns, Home: -last, End: last }[event.key];
    if (step) {
      const next = this.place + step;
      // A row up or down is there or not; to the first and the last there is always a way.
      if (event.key.startsWith("Arrow") && (next < 0 || next > last)) return event.preventDefault();
      this.place = Math.min(Math.max(next, 0), last);
      this.drawUnits();
      this.cells[this.place].node.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      this.toggle(this.place);
    } else return;
    event.preventDefault();
  }

  // -- what holds

  compute() {
    this.logits = recall(this.memory, this.on);
    this.answers = this.logits.map(largestOf);
    this.holds = this.answers.map((answer, number) => answer === this.data.right[number]);
  }

  /** Whether the chosen fact, which holds, is lost without one more unit. */
  needs(unit) {
    if (!this.holds[this.chosen] || !this.on[unit]) return false;
    const activation = this.memory.hidden[this.chosen][unit];
    const without = this.logits[this.chosen].map((logit, answer) => logit - activation * this.memory.effect[answer][unit]);
    return largestOf(without) !== this.data.right[this.chosen];
  }

  /** What the units give for a subject. */
  firing(subject) {
    return this.memory.hidden[subject].map((activation, unit) => (this.on[unit] ? activation : 0));
  }

  get off() {
    return range(this.data.units).filter((unit) => !this.on[unit]);
  }

  // -- drawing

  layout(width) {
    const { units } = this.data;
    const space = Math.min(width > 560 ? width * 0.45 : width, 400);
    this.columns = Math.min(units, [8, 6, 4].find((count) => space / count >= 38) ?? 2);
    const cell = space / this.columns;
    const tall = 48;
    const height = Math.ceil(units / this.columns) * tall;
    furnish(this.units, { width: space, height, viewBox: `0 0 ${space} ${height}` }, []);
    this.cells = range(units).map((unit) =>
      this.makeCell(unit, (unit % this.columns) * cell + 2, Math.floor(unit / this.columns) * tall + 2, cell - 4, tall - 4));
    this.units.replaceChildren(...this.cells.map((part) => part.node));
  }

  makeCell(unit, x, y, width, height) {
    const bar = svg("rect", { x: x + 4, width: width - 8, class: "fires" });
    const needed = svg("text", { x: x + width - 4, y: y + 13, "text-anchor": "end", class: "needed" });
    const node = svg("g", { role: "button", class: "cell unit", onclick: () => this.toggle(unit), onfocus: () => { this.place = unit; } },
      svg("rect", { x, y, width, height, rx: 4, class: "box" }), bar,
      svg("line", { x1: x + 4, y1: y + height - 4, x2: x + width - 4, y2: y + 4, class: "slash" }),
      svg("text", { x: x + 4, y: y + 13, "aria-hidden": "true" }, String(unit)), needed);
    return { node, bar, needed, ground: y + height - 3, space: height - 20 };
  }

  draw() {
    const { subjects } = this.data;
    const alive = this.holds.filter(Boolean).length;
    this.count.textContent = `${alive} of ${subjects.length} facts hold`;
    this.heading.replaceChildren("Units that fire for ", html("strong", {}, shorten(subjects[this.chosen], 24)));
    this.lines.forEach(({ input, mark, node }, number) => {
      const holds = this.holds[number];
      input.checked = number === this.chosen;
      const says = this.data.answers[this.answers[number]];
      input.setAttribute("aria-label", `${this.facts[number]}: ${holds ? "holds" : `does not hold, the answer is ${says}`}`);
      node.title = holds ? "" : `answers ${says}`;
      mark.textContent = holds ? "✓" : "✗";
      node.classList.toggle("lost", !holds);
    });
    this.drawBest();
    if (this.cells) this.drawUnits();
  }

  /** The answers that the chosen subject gets, the strongest first. */
  drawBest() {
    const { subjects, answers, right } = this.data;
    const shares = softmax(this.logits[this.chosen]);
    const order = range(answers.length).sort((a, b) => shares[b] - shares[a]);
    const place = order.indexOf(right[this.chosen]);
    const shown = order.slice(0, 4);
    if (place > 3) shown[3] = right[this.chosen];
    this.best.replaceChildren(html("caption", {}, `The strongest answers for ${shorten(subjects[this.chosen], 24)}, after a softmax`),
      html("tbody", {}, ...shown.map((answer) => {
        const bar = html("span", { class: "bar", "aria-hidden": "true" });
        bar.style.width = `${80 * shares[answer]}px`;
        return html("tr", {}, html("th", { scope: "row" }, shorten(answers[answer], 24) + (answer === right[this.chosen] ? " (right)" : "")),
          html("td", { class: "share" }, bar, fixed(shares[answer])));
      })));
  }

  drawUnits() {
    const activations = this.memory.hidden[this.chosen];
    this.cells.forEach(({ node, bar, needed, ground, space }, unit) => {
      const height = (activations[unit] / this.strongest) * space;
      furnish(bar, { y: ground - height, height }, []);
      press(node, this.on[unit]);
      node.setAttribute("tabindex", unit === this.place ? 0 : -1);
      const needs = this.needs(unit);
      needed.textContent = needs ? "◆" : "";
      node.setAttribute("aria-label", `Unit ${unit}: ${fixed(activations[unit])} for ${this.data.subjects[this.chosen]}${needs ? ", which needs it" : ""}`);
    });
  }

  // -- in words and numbers

  sentence() {
    const { subjects, answers, right, units } = this.data;
    const { chosen, off } = this;
    const lost = this.facts.filter((_, number) => !this.holds[number]);
    const firing = this.firing(chosen);
    const count = firing.filter((activation) => activation > 0).length;
    const rightly = answers[right[chosen]];
    const parts = [off.length ? `Off: ${unitsInWords(off)}.` : "All units are on."];
    parts.push(`${subjects.length - lost.length} of ${subjects.length} facts hold${lost.length && lost.length <= 4 ? `, but not ${lost.join(", ")}` : ""}.`);
    parts.push(`For ${subjects[chosen]} ${count} of ${units} units fire${count ? `, unit ${largestOf(firing)} most` : ""}; the answer is ` +
      (this.holds[chosen] ? `${rightly}, which is right.` : `${answers[this.answers[chosen]]}, not ${rightly}.`));
    return parts.join(" ");
  }

  /** How far the logit of the right answer is ahead of the best other one. */
  lead(number) {
    const right = this.data.right[number];
    return this.logits[number][right] - Math.max(...this.logits[number].filter((_, answer) => answer !== right));
  }

  table() {
    return {
      caption: "The answers, the lead of the right one over the best other, and what each unit gives",
      head: ["fact", "answer", "holds", "lead", ...range(this.data.units).map((unit) => `unit ${unit}`)],
      rows: this.facts.map((fact, number) => [fact, this.data.answers[this.answers[number]], this.holds[number] ? "yes" : "no",
        plain(this.lead(number)), ...this.firing(number).map((activation) => plain(activation))]),
    };
  }

  state() {
    return { off: this.off, chosen: this.facts[this.chosen], holds: this.holds, logits: this.logits,
      answers: this.answers.map((answer) => this.data.answers[answer]), needs: range(this.data.units).filter((unit) => this.needs(unit)) };
  }

  drawings() {
    return [this.units, this.printed()];
  }

  /** The facts as a drawing: they are a list in the page, and a file holds drawings. */
  printed() {
    const width = this.stage.clientWidth;
    const columns = Math.max(1, Math.floor(width / 190));
    const lines = this.facts.map((fact, number) => svg("text", { class: this.holds[number] ? "" : "lost",
      x: (number % columns) * (width / columns), y: 52 + 22 * Math.floor(number / columns) }, `${this.holds[number] ? "✓" : "✗"} ${shorten(fact, 26)}`));
    const height = 60 + 22 * Math.floor((lines.length - 1) / columns);
    const list = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` },
      svg("text", { y: 22 }, `How strongly units fire for ${shorten(this.data.subjects[this.chosen], 24)}; ${this.count.textContent}`), ...lines);
    // Colours are read off what is in the page; it is gone before it is painted.
    this.stage.append(list);
    queueMicrotask(() => list.remove());
    return list;
  }
}

const Kind = FactExplorer;
