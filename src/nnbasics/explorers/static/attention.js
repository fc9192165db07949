// The explorer of scaled dot-product attention: each step for a chosen query.

/**
 * Compute attention step by step, as nnbasics.scaled_dot_product_attention does.
 *
 * `allowed(row, column)` says where a query may attend. Scores that may not be used
 * become minus infinity; a row of nothing else gets weights and output of 0.
 */
function attend(query, key, value, { scale = true, temperature = 1, allowed = () => true } = {}) {
  const divisor = (scale ? Math.sqrt(query[0].length) : 1) * temperature;
  const scores = query.map((q) => key.map((k) => q.reduce((sum, x, i) => sum + x * k[i], 0)));
  const scaled = scores.map((row) => row.map((score) => score / divisor));
  const masked = scaled.map((row, i) => row.map((score, j) => (allowed(i, j) ? score : -Infinity)));
  const weights = masked.map(softmax);
  const output = weights.map((row) => mixed(row, value));
  return { scores, scaled, masked, weights, output };
}

/** Mix the values in the shares of a row. */
const mixed = (row, value) =>
  range(value[0].length).map((i) => row.reduce((sum, weight, j) => sum + weight * value[j][i], 0));

const quoted = (token) => `“${token}”`;

class AttentionExplorer extends Explorer {
  static attend = attend;

  build() {
    const { tokens, d, dv } = this.data;
    this.tokens = tokens;
    this.query = rowsOf(unpack(this.data.query), d);
    this.key = rowsOf(unpack(this.data.key), d);
    this.value = rowsOf(unpack(this.data.value), dv);
    this.reset();
    this.buildControls();
    this.matrix = new Matrix("Attention weights: a row for each query, a column for each key", {
      point: (row, column) => this.point(row, column),
      leave: () => this.point(null, null),
      press: (row, column, event) => this.press(row, column, event),
      let: () => this.letGo(),
    });
    this.steps = html("div", { class: "steps", tabindex: 0, role: "group", "aria-label": "The steps" });
    this.stage.append(html("div", { class: "side-by-side" },
      html("div", { class: "scroll" }, this.matrix.drawing), this.steps));
  }

  buildControls() {
    const change = (name) => (value) => { this.set({ [name]: value }); };
    this.parts = {
      scale: checkbox(`divide by √${this.data.d}`, true, change("scale")),
      mask: choice("Mask", [["none", "none"], ["causal", "causal"], ["own", "my own: press a cell"]], "none", change("mask")),
      view: choice("Show", [["to", "whom a token attends to"], ["from", "who attends to a token"]], "to", change("view")),
      several: checkbox("several at once", false, change("several")),
      temperature: slider("Temperature", { min: 0.1, max: 4, step: 0.1, value: 1, show: (x) => fixed(x, 1) }, change("temperature")),
    };
    this.controls.append(...Object.values(this.parts).map((part) => part.node));
  }

  reset() {
    const last = this.data.start ?? this.tokens.length - 1;
    this.now = { scale: true, mask: "none", view: "to", several: false, temperature: 1 };
    this.own = this.tokens.map(() => this.tokens.map(() => true));
    this.chosen = new Set([last]);
    this.pointed = null;
    if (this.parts) {
      this.parts.scale.box.checked = true;
      this.parts.mask.list.value = "none";
      this.parts.view.list.value = "to";
      this.parts.several.box.checked = false;
      this.parts.temperature.set(1);
    }
    this.compute();
  }

  set(change) {
    Object.assign(this.now, change);
    this.compute();
    this.refresh();
  }

  allowed(row, column) {
    return { none: true, causal: column <= row, own: this.own[row][column] }[this.now.mask];
  }

  compute() {
    const allowed = (row, column) => this.allowed(row, column);
    this.result = attend(this.query, this.key, this.value, { ...this.now, allowed });
  }

  // -- pointing, pinning, letting go

  point(row, column) {
    this.pointed = row === null ? null : [row, column];
    this.refresh();
  }

  press(row, column, event) {
    if (this.now.mask === "own" && column !== null) {
      this.own[row][column] = !this.own[row][column];
      return this.set({});
    }
    const token = this.now.view === "to" || column === null ? row : column;
    const add = this.now.several || event.shiftKey || event.key === " ";
    if (!add) this.chosen = new Set([token]);
    else if (!this.chosen.delete(token)) this.chosen.add(token);
    this.refresh();
  }

  letGo() {
    this.chosen = new Set();
    this.pointed = null;
    this.refresh();
  }

  /** The tokens that are looked at: the pointed one, else the pinned ones. */
  get active() {
    if (this.pointed && !(this.now.several && this.chosen.size)) {
      return [this.now.view === "to" ? this.pointed[0] : this.pointed[1]];
    }
    return [...this.chosen].sort((a, b) => a - b);
  }

  // -- showing

  layout(width) {
    const wide = width > 660;
    this.matrix.layout(this.tokens, wide ? Math.min(width * 0.52, 420) : width);
  }

  draw() {
    if (!this.matrix.cells) return;
    const active = this.active;
    this.matrix.paint(this.result.weights, (row, column) => (this.allowed(row, column) ? "" : "blocked"));
    this.matrix.frame(...(this.now.view === "to" ? [active, []] : [[], active]));
    this.drawSteps(active);
  }

  drawSteps(active) {
    if (!active.length) {
      return this.steps.replaceChildren(html("p", { class: "hint" },
        "Point at a cell, or step to one with Tab and the arrow keys. Enter pins it, Escape lets go."));
    }
    const lists = this.now.view === "from" ? this.attended(active)
      : active.length > 1 ? this.summed(active) : this.stepByStep(active[0]);
    this.steps.replaceChildren(...lists);
  }

  /** The rows of one query: from the score to the weight, then the output. */
  stepByStep(query) {
    const { scores, scaled, masked, weights, output } = this.result;
    const divisor = this.now.scale ? `÷ √${this.data.d}` : "as it is";
    const heat = this.now.temperature === 1 ? "" : ` ÷ ${fixed(this.now.temperature, 1)}`;
    const rows = this.tokens.map((token, j) => [token, fixed(scores[query][j]), fixed(scaled[query][j]),
      ...(this.now.mask === "none" ? [] : [fixed(masked[query][j])]), weights[query][j]]);
    const head = ["key", "q · k", divisor + heat, ...(this.now.mask === "none" ? [] : ["mask"]), "softmax"];
    return [
      this.list(`query: ${shorten(this.tokens[query], 24)}`, head, rows),
      this.outputLine("output = the values, mixed in these shares", output[query]),
    ];
  }

  /** Who attends to the chosen tokens. */
  attended(active) {
    const rows = this.tokens.map((token, row) =>
      [token, active.reduce((sum, column) => sum + this.result.weights[row][column], 0)]);
    const names = active.map((token) => shorten(this.tokens[token], 16)).join(" + ");
    return [this.list(`attention that arrives at: ${names}`, ["query", "weight"], rows, active.length)];
  }

  /** The rows of several queries, added up. */
  summed(active) {
    const { weights, output } = this.result;
    const sum = (column) => active.reduce((total, row) => total + weights[row][column], 0);
    const rows = this.tokens.map((token, j) => [token, sum(j)]);
    const names = active.map((token) => shorten(this.tokens[token], 16)).join(" + ");
    const outputs = range(this.data.dv).map((i) => active.reduce((total, row) => total + output[row][i], 0));
    return [
      this.list(`sum of the queries: ${names}`, ["key", "sum of weights"], rows, active.length),
      this.outputLine("sum of the outputs", outputs),
    ];
  }

  /** A table whose last column is a share, shown as a bar too. */
  list(title, head, rows, whole = 1) {
    return html("table", {}, html("caption", {}, title),
      html("thead", {}, html("tr", {}, ...head.map((text) => html("th", { scope: "col" }, text)))),
      html("tbody", {}, ...rows.map((row) => {
        const share = row.at(-1);
        const bar = html("span", { class: "bar", "aria-hidden": "true" });
        bar.style.width = `${(60 * share) / whole}px`;
        return html("tr", {}, html("th", { scope: "row", title: row[0] }, shorten(row[0], 16)),
          ...row.slice(1, -1).map((text) => html("td", {}, text)),
          html("td", { class: "share" }, bar, fixed(share)));
      })));
  }

  outputLine(text, vector) {
    const shown = vector.slice(0, 8).map((number) => fixed(number)).join(", ");
    const rest = vector.length > 8 ? `, …), ${vector.length} numbers` : ")";
    return html("p", { class: "output" }, html("span", { class: "hint" }, text), html("br"), `(${shown}${rest}`);
  }

  sentence() {
    const { weights, scores } = this.result;
    const active = this.active;
    if (!active.length) return "No token is selected.";
    if (this.pointed && active.length === 1) {
      const [row, column] = this.pointed;
      return `${quoted(this.tokens[row])} gives ${fixed(weights[row][column])} of its attention to ` +
        `${quoted(this.tokens[column])}; their score is ${fixed(scores[row][column])}.` +
        (this.allowed(row, column) ? "" : " The mask forbids this pair.");
    }
    const names = active.map((token) => quoted(this.tokens[token])).join(" and ");
    const shares = this.tokens.map((_, j) => active.reduce(
      (sum, i) => sum + (this.now.view === "to" ? weights[i][j] : weights[j][i]), 0));
    const best = shares.indexOf(Math.max(...shares));
    if (!(shares[best] > 0)) return `${names}: the mask leaves no attention.`;
    if (this.now.view === "from") {
      return `${names}: the most attention comes from ${quoted(this.tokens[best])}, ${fixed(shares[best])}; in all ${fixed(shares.reduce((a, b) => a + b))}.`;
    }
    return active.length > 1
      ? `Together, ${names} attend most to ${quoted(this.tokens[best])}: ${fixed(shares[best])} of ${active.length}.`
      : `${names} attends most to ${quoted(this.tokens[best])}, with the weight ${fixed(shares[best])}.`;
  }

  table() {
    const { weights, output } = this.result;
    return {
      caption: "Attention weights from each query (row) to each key, and the outputs",
      head: ["query", ...this.tokens.map((token) => `to ${token}`), ...range(this.data.dv).map((i) => `output ${i + 1}`)],
      rows: this.tokens.map((token, row) => [token, ...weights[row].map((x) => plain(x)), ...output[row].map((x) => plain(x))]),
    };
  }

  state() {
    return { tokens: this.tokens, settings: this.now, mask: this.tokens.map((_, i) => this.tokens.map((_, j) => this.allowed(i, j))),
      selected: this.active.map((token) => this.tokens[token]), scores: this.result.scores, weights: this.result.weights, output: this.result.output };
  }

  drawings() {
    return [this.matrix.drawing];
  }
}

const Kind = AttentionExplorer;
