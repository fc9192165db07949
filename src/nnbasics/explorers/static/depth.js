// The explorer of trainings: each choice is among what was run; two runs on one scale.

const FIELDS = ["Task", "Order", "Layers", "Learning rate", "Warm-up"];
const named = (text) => shorten(text, 24);
const IN_WORDS = [named, named, (depth) => `${depth} layers`, (rate) => `rate ${rate}`, (steps) => (steps ? `warm-up ${steps}` : "no warm-up")];
const ON_BUTTONS = [String, String, String, String, (steps) => (steps ? `${steps} steps` : "none")];

const distinct = (values) => [...new Set(values)];

/** A small number as Python writes it: 0.02, 3e-22. */
const small = (number) => (number === 0 ? "0" : number < 0.001 ? number.toExponential(0) : String(Number(number.toPrecision(2))));

/** A loss, without digits that nobody needs. */
const short = (number) => fixed(number, number < 100 ? 2 : 0);

const highest = (run) => Math.max(...run.points.map(([, loss]) => loss));

class DepthExplorer extends Explorer {
  build() {
    this.runs = this.data.runs.map((run) => {
      const losses = [...unpack(run.losses)];
      const each = Math.ceil(run.steps / losses.length);
      // A mean of some steps is drawn in their middle.
      const points = losses.map((loss, part) => [(part * each + Math.min((part + 1) * each, run.steps) - 1) / 2, loss]);
      return { ...run, points };
    });
    this.fields = FIELDS.map((name, field) => html("div", { class: "field", role: "radiogroup", "aria-label": name }));
    this.common = html("p", { class: "hint" });
    this.hold = checkbox("keep the pale run while choosing others", false, () => this.refresh());
    this.controls.append(...this.fields, this.common);
    this.legend = svg("svg", { role: "img" });
    this.curves = svg("svg", { role: "img" });
    this.layers = svg("svg", { role: "img" });
    this.stage.append(this.legend, html("div", { class: "charts" }, this.curves, this.layers),
      this.hold.node);
    this.reset();
  }

  reset() {
    this.before = null;
    this.hold.box.checked = false;
    this.run = this.runs[0];
    this.offered = null;
    this.offer();
  }

  // -- what a reader does

  /** Choose a value of one field; fields above stay, fields below as far as it was run. */
  choose(field, value) {
    const wanted = this.run.settings.map((now, index) => (index === field ? value : now));
    let left = this.runs;
    wanted.forEach((setting, index) => {
      const same = left.filter((run) => run.settings[index] === setting);
      if (same.length) left = same;
    });
    this.show(left[0]);
  }

  show(run) {
    if (run === this.run) return;
    const elsewhere = run.settings[0] !== this.run.settings[0];
    if (elsewhere) this.before = null;
    else if (!this.hold.box.checked || !this.before) this.before = this.run;
    this.run = run;
    this.offer();
    if (elsewhere && this.width) this.layout(this.width);
    this.refresh();
  }

  /** For each field the values of the runs that are alike in the fields above it. */
  offer() {
    let left = this.runs;
    const offered = this.run.settings.map((setting, field) => {
      const values = distinct(left.map((run) => run.settings[field]));
      left = left.filter((run) => run.settings[field] === setting);
      return field && !this.differ(field) ? [] : values;
    });
    offered.forEach((values, field) => {
      // A field that stays as it is keeps its focus.
      if (this.offered?.[field].join() !== values.join()) this.fillField(field, values);
      for (const input of this.fields[field].querySelectorAll("input")) input.checked = input.value === String(this.run.settings[field]);
    });
    this.offered = offered;
    this.fields.forEach((node, field) => { node.hidden = !offered[field].length; });
    this.common.textContent = this.shared ? `The same in all: ${this.shared}.` : "";
    this.common.hidden = !this.shared;
  }

  fillField(field, values) {
    this.fields[field].replaceChildren(html("span", { "aria-hidden": "true" }, FIELDS[field]), ...values.map((value) =>
      html("label", { class: "option" }, html("input", { type: "radio", name: FIELDS[field], value, onchange: () => this.choose(field, value) }), ON_BUTTONS[field](value))));
  }

  // -- names

  get ofTask() {
    return this.runs.filter((run) => run.settings[0] === this.run.settings[0]);
  }

  /** Whether the runs of the task differ in a field. */
  differ(field) {
    return distinct(this.ofTask.map((run) => run.settings[field])).length > 1;
  }

  /** Some settings of a run in words. */
  tell(run, which) {
    return run.settings.map((setting, field) => (field && which(field) ? IN_WORDS[field](setting) : "")).filter(Boolean);
  }

  /** The settings in which the runs of the task differ. */
  toldOf(run) {
    return this.tell(run, (field) => this.differ(field));
  }

  nameOf(run) {
    return this.toldOf(run).join(", ") || named(run.settings[1]);
  }

  get shared() {
    return this.tell(this.run, (field) => !this.differ(field)).join(", ");
  }

  // -- drawing

  layout(width) {
    this.width = width;
    const half = width > 560;
    this.layoutCurves(half ? Math.round(width * 0.54) : width);
    this.layoutLayers(half ? width - Math.round(width * 0.54) - 24 : width);
  }

  /** The frame of a chart, and where a number stands in it. */
  chart(drawing, width, [low, high], [bottom, top], ticks, marks, name, below) {
    const [height, left, right, over, under] = [this.width > 560 ? 210 : 172, 44, 12, 28, 38];
    const x = (at) => left + ((at - low) / (high - low || 1)) * (width - left - right);
    const y = (at) => over + ((top - at) / (top - bottom || 1)) * (height - over - under);
    const text = (x, y, words, anchor, name = "") => svg("text", { x, y, "text-anchor": anchor, class: name }, words);
    const moving = svg("g");
    furnish(drawing, { width, height, viewBox: `0 0 ${width} ${height}` }, []);
    drawing.replaceChildren(text(0, 14, name, "start", "name"),
      ...ticks.flatMap(([at, words]) => [svg("line", { x1: left, x2: width - right, y1: y(at), y2: y(at), class: "rule" }), text(left - 6, y(at) + 4, words, "end")]),
      ...marks.map((at) => text(x(at), height - under + 17, String(at), "middle")),
      text((left + width - right) / 2, height - 4, below, "middle"), moving);
    return { x, y, moving };
  }

  layoutCurves(width) {
    const steps = Math.max(...this.ofTask.map((run) => run.steps));
    // One training that explodes must not flatten all others: what is beyond, is told.
    const first = this.ofTask.map((run) => run.points[0][1]).sort((a, b) => a - b);
    const most = Math.min(Math.max(...this.ofTask.map(highest)), 3 * first[Math.floor(first.length / 2)]) || 1;
    this.most = most;
    const unit = 10 ** Math.floor(Math.log10(most));
    const tick = [0.1, 0.2, 0.5, 1, 2, 5].map((part) => part * unit).find((size) => most / size <= 5);
    const ticks = range(Math.floor(most / tick) + 1).map((index) => [index * tick, fixed(index * tick, tick < 0.1 ? 2 : tick < 1 ? 1 : 0)]);
    this.curvePlace = this.chart(this.curves, width, [0, steps], [0, most * 1.03], ticks, evenly(steps, 0), "loss", "step");
  }

  layoutLayers(width) {
    const sizes = this.ofTask.flatMap((run) => run.gradients).filter(Boolean);
    const high = Math.max(0, Math.ceil(Math.log10(Math.max(...sizes, 1e-40))));
    const low = Math.max(Math.min(high - 1, Math.floor(Math.log10(Math.min(...sizes, 1)))), -40);
    const every = [1, 2, 5, 10].find((size) => (high - low) / size <= 5);
    const powers = range(high - low + 1).map((index) => high - index).filter((power) => power % every === 0);
    const ticks = powers.map((power) => [power, power ? `1e${power}` : "1"]);
    const most = Math.max(...this.ofTask.map((run) => run.gradients.length));
    this.lowest = low;
    this.layerPlace = this.chart(this.layers, width, [0.5, most + 0.5], [low - 0.03 * (high - low), high], ticks, evenly(most, 1), "gradient at the start", "layer, from input to output");
  }

  draw() {
    if (!this.curvePlace) return;
    const shown = [...(this.before ? [[this.before, "pale "]] : []), [this.run, ""]];
    this.drawLegend(shown);
    const at = ([step, loss]) => [this.curvePlace.x(step), this.curvePlace.y(Math.min(loss, this.most))].map((place) => place.toFixed(1)).join();
    this.curvePlace.moving.replaceChildren(...shown.map(([run, pale]) => svg("polyline", { class: `${pale}line`, points: run.points.map(at).join(" ") })),
      ...this.beyond());
    this.layerPlace.moving.replaceChildren(...shown.flatMap(([run, pale]) => run.gradients.map((size, layer) =>
      mark(this.layerPlace.x(layer + 1), this.layerPlace.y(Math.max(Math.log10(size), this.lowest)), pale))));
    const names = shown.map(([run]) => this.nameOf(run)).reverse().join("; pale: ");
    this.curves.setAttribute("aria-label", `The loss over the steps: ${names}`);
    this.layers.setAttribute("aria-label", `The gradient of each layer at the start, on a logarithmic scale: ${names}`);
  }

  /** How high the loss of the run is, if it leaves the chart. */
  beyond() {
    const top = highest(this.run);
    if (top <= this.most) return [];
    const x = this.curvePlace.x(this.run.points.find(([, loss]) => loss === top)[0]);
    const left = x < this.curvePlace.x(this.run.steps / 2);
    return [svg("text", { class: "beyond", x: x + (left ? -5 : 5), y: 24, "text-anchor": left ? "start" : "end" }, left ? `▲ up to ${short(top)}` : `up to ${short(top)} ▲`)];
  }

  /** What the two lines are, with the accuracy each reached: the run of now on top. */
  drawLegend(shown) {
    const { width } = this;
    const wide = width > 470;
    const tall = wide ? 22 : 38;
    // Room for two, so that nothing jumps when the second one comes.
    const height = 2 * tall + 6;
    furnish(this.legend, { width, height, viewBox: `0 0 ${width} ${height}` }, []);
    this.legend.setAttribute("aria-label", shown.map(([run]) => `${this.nameOf(run)}: accuracy ${fixed(run.accuracy)}`).reverse().join("; pale: "));
    const rows = [...shown].reverse().flatMap(([run, pale], row) => {
      const y = row * tall + 14;
      const told = this.toldOf(run);
      const reached = `accuracy ${fixed(run.accuracy)}`;
      return [svg("path", { class: `${pale}line`, d: `M0 ${y - 4}H30` }), mark(15, y - 4, pale),
        svg("text", { x: 38, y, class: pale ? "" : "name" }, wide ? `${this.nameOf(run)}: ${reached}` : told.slice(0, 2).join(", ") || named(run.settings[1])),
        ...(wide ? [] : [svg("text", { x: 38, y: y + 16, class: pale ? "" : "name" }, [...told.slice(2), reached].join(": "))])];
    });
    if (!this.before) rows.push(svg("text", { y: tall + 14, class: "quiet" }, "Choose another run: this one stays as a pale line."));
    this.legend.replaceChildren(...rows);
  }

  // -- in words and numbers

  sentence() {
    const { run, before } = this;
    const top = highest(run) > this.most ? `, after up to ${short(highest(run))} on the way` : "";
    const parts = [`${this.nameOf(run)}: the loss goes from ${short(run.points[0][1])} to ${short(run.points.at(-1)[1])}${top}, and the accuracy is ${fixed(run.accuracy)}.`];
    parts[0] = parts[0][0].toUpperCase() + parts[0].slice(1);
    parts.push(`At the start, the gradient is ${small(run.gradients[0])} in the first layer and ${small(run.gradients.at(-1))} in the last.`);
    if (before) parts.push(`Pale: ${this.nameOf(before)}, accuracy ${fixed(before.accuracy)}.`);
    return parts.join(" ");
  }

  table() {
    const shown = [this.run, ...(this.before ? [this.before] : [])];
    const size = (number) => (number === undefined ? "" : number.toExponential(2));
    const names = shown.map((run) => this.nameOf(run));
    const longest = (what) => range(Math.max(...shown.map((run) => run[what].length)));
    const cell = (numbers, write) => (numbers === undefined ? "" : write(numbers));
    return {
      caption: `${this.run.settings[0]}${this.shared ? ` (${this.shared})` : ""}: accuracy, gradient of each layer at the start, loss (mean of some steps)`,
      head: ["what", ...names],
      rows: [["accuracy", ...shown.map((run) => plain(run.accuracy))],
        ...longest("gradients").map((layer) => [`gradient, layer ${layer + 1}`, ...shown.map((run) => size(run.gradients[layer]))]),
        ...longest("points").map((part) => [`loss, step ${Math.round(shown.find((run) => run.points[part]).points[part][0])}`,
          ...shown.map((run) => cell(run.points[part], ([, loss]) => plain(loss)))])],
    };
  }

  state() {
    const told = ({ settings, points, accuracy, gradients }) => ({ task: settings[0], order: settings[1], depth: settings[2],
      rate: settings[3], warm_up: settings[4], accuracy, gradients, losses: points.map(([step, loss]) => ({ step, loss })) });
    return { run: told(this.run), before: this.before && told(this.before) };
  }

  drawings() {
    return [this.legend, this.curves, this.layers];
  }
}

/** A dot for now, a hollow square for before. */
const mark = (x, y, pale) => (pale ? svg("rect", { class: `${pale}dot`, x: x - 3.5, y: y - 3.5, width: 7, height: 7 }) : svg("circle", { class: "dot", cx: x, cy: y, r: 4 }));

/** Up to five round numbers to write below an axis, from the first on. */
function evenly(last, first) {
  const step = [1, 2, 4, 5, 8, 10, 20, 25, 50, 100, 200, 250, 500, 1000].find((size) => last / size <= 5) ?? Math.ceil(last / 5);
  const marks = range(Math.floor(last / step) + 1).map((index) => index * step);
  return first ? [first, ...marks.filter((at) => at > first)] : marks;
}

const Kind = DepthExplorer;
