// The XOR playground: the network, the plane of its inputs, and its training.

// From 0, blue, to 1, red, as in the still figures of the plane.
const PLANE = [[49, 54, 149], [116, 173, 209], [255, 255, 191], [244, 109, 67], [165, 0, 38]];
const SHADES = range(65).map((level) => mix(PLANE, level / 64));
const shade = (share) => SHADES[Math.round(Math.min(Math.max(share, 0), 1) * 64)];

const CELLS = 32; // of the plane, along each side
const UNIT_CELLS = 10; // of the map of a hidden unit
const LOW = -0.15; // the plane shows a little more than the unit square
const SPAN = 1.3;
const RATES = [0.1, 0.5, 1, 2, 5, 10, 15, 20, 50, 100];

/** A grid of cells that are coloured by a function of two inputs. */
class Grid {
  constructor(cells, x, y, size) {
    this.cells = cells;
    const side = size / cells;
    this.boxes = range(cells * cells).map((index) => svg("rect", {
      x: x + (index % cells) * side, y: y + Math.floor(index / cells) * side,
      width: side + 0.5, height: side + 0.5, "shape-rendering": "crispEdges" }));
    this.node = svg("g", {}, ...this.boxes);
  }

  paint(share) {
    this.boxes.forEach((box, index) => {
      const x1 = LOW + (((index % this.cells) + 0.5) / this.cells) * SPAN;
      const x2 = LOW + (1 - (Math.floor(index / this.cells) + 0.5) / this.cells) * SPAN;
      box.setAttribute("fill", shade(share(x1, x2)));
    });
  }
}

/** The line where a function is one half, by marching over the squares of a grid. */
function boundary(share, toX, toY, steps = 40) {
  const at = (i) => LOW + (i / steps) * SPAN;
  const values = range(steps + 1).map((j) => range(steps + 1).map((i) => share(at(i), at(j)) - 0.5));
  const parts = [];
  for (let j = 0; j < steps; j++) {
    for (let i = 0; i < steps; i++) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const crossed = corners.flatMap(([a, b], side) => {
        const [c, d] = corners[(side + 1) % 4];
        const [from, to] = [values[b][a], values[d][c]];
        if (from < 0 === to < 0) return [];
        const part = from / (from - to);
        return [[at(a + (c - a) * part), at(b + (d - b) * part)]];
      });
      for (let k = 0; k + 1 < crossed.length; k += 2) {
        const [[x, y], [u, v]] = [crossed[k], crossed[k + 1]];
        parts.push(`M${toX(x).toFixed(1)} ${toY(y).toFixed(1)}L${toX(u).toFixed(1)} ${toY(v).toFixed(1)}`);
      }
    }
  }
  return parts.join("");
}

class XORPlayground extends Explorer {
  static train = train;
  static slopes = slopes;
  static forward = forward;

  build() {
    const { hidden, rate, epochs, snapshots } = this.data;
    const rows = rowsOf(unpack(snapshots.numbers), 4 * hidden + 1);
    const copies = rows.map((values, index) => ({ epoch: snapshots.epochs[index], values }));
    this.own = { hidden, values: rows[0] };
    this.real = { ...between(copies, hidden, rate, epochs), hidden, rate, activation: "sigmoid", real: true };
    // The curve shows the losses that were written down, not recomputed ones.
    this.real.curve = [...unpack(this.data.losses)].map((loss, i) => [i * this.data.stride, loss]);
    this.buildControls();
    this.buildStage();
    this.reset();
  }

  reset() {
    this.seed = 0;
    this.input = [0, 1];
    this.gradients = false;
    this.picked = 0;
    this.parts.gradients.box.checked = false;
    this.parts.rate.list.value = String(this.real.rate);
    this.parts.hidden.list.value = String(this.real.hidden);
    this.parts.activation.list.value = "sigmoid";
    this.parts.start.list.value = "0";
    this.show(this.real, 0);
  }

  // -- the parts

  buildControls() {
    const { epochs, rate } = this.data;
    this.film = player("Epoch", epochs + 1, (x) => String(x), (epoch) => this.go(epoch));
    const rates = [...new Set([...RATES, rate])].sort((a, b) => a - b);
    const nothing = () => {};
    this.parts = {
      rate: choice("Learning rate", rates.map((x) => [String(x), String(x)]), String(rate), nothing),
      hidden: choice("Hidden units", range(8).map((n) => [String(n + 1), String(n + 1)]), String(this.data.hidden), nothing),
      activation: choice("Activation", ["sigmoid", "tanh", "relu"].map((x) => [x, x === "relu" ? "ReLU" : x]), "sigmoid", nothing),
      start: choice("Start", [["0", "as on this page"], ...range(9).map((n) => [String(n + 1), `random ${n + 1}`])], "0", nothing),
      gradients: checkbox("show gradients", false, (on) => { this.gradients = on; this.refresh(); }),
    };
    const settings = ["rate", "hidden", "activation", "start"].map((name) => this.parts[name].node);
    this.controls.append(this.film.node);
    this.settings = html("div", { class: "row settings" }, ...settings,
      button(`Retrain, ${epochs} epochs`, () => this.retrain(), { class: "train" }));
  }

  buildStage() {
    this.network = svg("svg", { role: "img", "aria-label": "The network with its weights and what flows through it" });
    this.plane = svg("svg", { class: "plane", role: "application", tabindex: 0,
      "aria-label": "Input plane. The arrow keys move the input.",
      onkeydown: (event) => this.nudge(event),
      onpointerdown: (event) => { this.plane.setPointerCapture(event.pointerId); this.pointAt(event); },
      onpointermove: (event) => { if (event.buttons) this.pointAt(event); } });
    this.curve = svg("svg", { role: "img", "aria-label": "The loss over the epochs, with a mark at this epoch" });
    const side = { min: 0, max: 1, step: 0.01, value: 0 };
    this.sliders = [0, 1].map((axis) => slider(`input ${axis + 1}`, side, (value) => {
      this.input[axis] = value;
      this.refresh();
    }));
    this.corners = POINTS.map(([x1, x2]) => button("", () => this.pick([x1, x2]), { class: "corner" }));
    this.weight = choice("Edit", [], "", (place) => { this.picked = Number(place); this.refresh(); });
    this.edit = html("input", { type: "number", step: 0.1, "aria-label": "New value of the number to edit",
      onchange: () => this.setNumber(this.edit.valueAsNumber) });
    this.stage.append(
      html("div", { class: "parts" },
        html("div", { class: "network" }, html("div", { class: "scroll" }, this.network),
          html("div", { class: "row" }, this.parts.gradients.node, this.weight.node, this.edit,
            button("Train on from here", () => this.trainOn(), { class: "on" }))),
        this.side = html("div", { class: "input" }, this.plane, ...this.sliders.map((part) => part.node),
          html("div", { class: "corners" }, ...this.corners))),
      html("div", { class: "curve" }, this.curve), this.settings);
  }

  // -- what a reader does

  pick(input) {
    this.input = input;
    this.refresh();
  }

  nudge(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const size = event.shiftKey ? 0.25 : 0.05;
    this.pick(this.input.map((x, i) => Math.min(Math.max(Math.round((x + step[i] * size) * 100) / 100, 0), 1)));
  }

  pointAt(event) {
    const box = this.plane.getBoundingClientRect();
    const clamp = (x) => Math.round(Math.min(Math.max(x, 0), 1) * 100) / 100;
    this.pick([
      clamp(LOW + ((event.clientX - box.left) / box.width) * SPAN),
      clamp(LOW + (1 - (event.clientY - box.top) / box.height) * SPAN),
    ]);
  }

  go(epoch) {
    this.epoch = epoch;
    this.now = this.run.numbers[epoch];
    this.edited = false;
    this.refresh();
  }

  show(run, epoch) {
    const other = run.hidden !== this.run?.hidden;
    this.run = run;
    this.film.stop();
    this.film.set(epoch);
    if (other) {
      this.picked = 0;
      this.weight.list.replaceChildren(...this.names().map((name, place) => html("option", { value: place }, name)));
      if (this.width) this.layout(this.width);
    }
    this.drawCurve();
    this.go(epoch);
  }

  retrain() {
    const hidden = Number(this.parts.hidden.list.value);
    this.trainFrom(startFor(hidden, this.own, Number(this.parts.start.list.value)), hidden, this.parts.activation.list.value);
  }

  trainOn() {
    this.trainFrom(this.now, this.run.hidden, this.run.activation);
  }

  trainFrom(start, hidden, activation) {
    const rate = Number(this.parts.rate.list.value);
    const run = train(start, hidden, activation, rate, this.data.epochs);
    this.show({ ...run, hidden, rate, activation, curve: run.losses.map((loss, i) => [i, loss]) }, this.data.epochs);
  }

  setNumber(value) {
    if (!Number.isFinite(value)) return;
    this.film.stop();
    this.now = Float64Array.from(this.now);
    this.now[this.picked] = value;
    this.edited = true;
    this.refresh();
  }

  names() {
    const units = range(this.run.hidden);
    return [
      ...units.flatMap((unit) => [1, 2].map((side) => `input ${side} → hidden ${unit + 1}`)),
      ...units.map((unit) => `bias of hidden ${unit + 1}`),
      ...units.map((unit) => `hidden ${unit + 1} → output`),
      "bias of the output",
    ];
  }

  // -- drawing

  layout(width) {
    this.width = width;
    const wide = width > 600;
    this.plot = Math.min(wide ? 250 : 300, width);
    this.side.style.flexBasis = `${this.plot}px`;
    this.layoutNetwork(wide ? width - this.plot - 24 : width);
    this.layoutPlane(this.plot);
    this.drawn = null;
    this.drawCurve();
  }

  layoutNetwork(space) {
    const { hidden } = this.run;
    const width = Math.max(space, 250); // in less, its numbers would meet
    const row = hidden > 5 ? 58 : 74;
    const size = hidden > 5 ? 30 : 40;
    const height = Math.max(hidden * row, 210) + 12;
    const middle = height / 2;
    const y = (unit) => middle + (unit - (hidden - 1) / 2) * row;
    const [left, centre, right] = [34, width * 0.5, width - 38];
    furnish(this.network, { width, height, viewBox: `0 0 ${width} ${height}` }, []);
    const inputs = [0, 1].map((side) => ({ x: left, y: middle + (side ? 62 : -62) }));
    this.edges = [];
    const edge = (place, from, to, at) => this.edges.push(this.makeEdge(place, from, to, this.freePlace(from, to, at)));
    range(hidden).forEach((unit) => inputs.forEach((from, side) =>
      edge(2 * unit + side, { x: from.x + 18, y: from.y }, { x: centre - size / 2, y: y(unit) }, width > 420 ? 0.7 : 0.56)));
    range(hidden).forEach((unit) =>
      edge(3 * hidden + unit, { x: centre + size / 2, y: y(unit) }, { x: right - 24, y: middle }, 0.36));
    const label = (x, at, text, quiet = true) => svg("text", { x, y: at, "text-anchor": "middle", class: quiet ? "quiet halo" : "halo" }, text);
    this.inputTexts = inputs.map((from) => svg("text", { x: from.x, y: from.y, "text-anchor": "middle", "dominant-baseline": "central" }));
    this.units = range(hidden).map((unit) => ({
      grid: new Grid(UNIT_CELLS, centre - size / 2, y(unit) - size / 2, size),
      flow: label(centre, y(unit) + size / 2 + 12, "", false),
      bias: label(centre, y(unit) - size / 2 - 4, ""),
    }));
    this.outputText = svg("text", { x: right, y: middle, "text-anchor": "middle", "dominant-baseline": "central", class: "big" });
    this.outputSum = label(right, middle + 38, "");
    this.outputBias = label(right, middle - 30, "");
    this.network.replaceChildren(
      ...this.edges.map((part) => part.line),
      ...inputs.map((from, side) => svg("g", {}, svg("circle", { cx: from.x, cy: from.y, r: 18, class: "node" }),
        this.inputTexts[side], label(from.x, from.y - 24, `input ${side + 1}`))),
      ...range(hidden).map((unit) => svg("g", {}, this.units[unit].grid.node,
        svg("rect", { x: centre - size / 2, y: y(unit) - size / 2, width: size, height: size, class: "frame" }))),
      svg("circle", { cx: right, cy: middle, r: 24, class: "node" }),
      ...this.edges.map((part) => part.text),
      ...this.units.flatMap((unit) => [unit.flow, unit.bias]),
      this.outputText, this.outputSum, this.outputBias, ...this.edges.map((part) => part.hit));
  }

  /** Where along a line its number meets no other number; `at` is tried first. */
  freePlace(from, to, at) {
    const point = (t) => ({ x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t });
    const far = (t) => Math.min(...this.edges.map(({ text }) => {
      const apart = { x: Math.abs(text.getAttribute("x") - point(t).x), y: Math.abs(text.getAttribute("y") - point(t).y) };
      return Math.max(apart.x / 36, apart.y / 14);
    }), Infinity);
    const tries = [0, -0.1, 0.1, -0.2, -0.3, -0.4, 0.18].map((move) => at + move);
    return tries.find((t) => far(t) >= 1) ?? tries.sort((a, b) => far(b) - far(a))[0];
  }

  /** A line that carries a weight; `at` is where along it the number stands. */
  makeEdge(place, from, to, at) {
    const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
    const pickIt = () => { this.picked = place; this.refresh(); };
    return {
      place,
      line: svg("line", ends),
      hit: svg("line", { ...ends, class: "hit", onclick: pickIt }),
      text: svg("text", { x: from.x + (to.x - from.x) * at, y: from.y + (to.y - from.y) * at,
        "text-anchor": "middle", "dominant-baseline": "central", class: "halo weight", onclick: pickIt }),
    };
  }

  layoutPlane(size) {
    furnish(this.plane, { width: size, height: size, viewBox: `0 0 ${size} ${size}` }, []);
    this.toX = (x) => ((x - LOW) / SPAN) * size;
    this.toY = (y) => (1 - (y - LOW) / SPAN) * size;
    this.planeGrid = new Grid(CELLS, 0, 0, size);
    this.line = svg("path", { class: "boundary" });
    this.mark = svg("g", { class: "mark" }, svg("circle", { r: 8, class: "outer" }), svg("circle", { r: 8, class: "inner" }));
    const corners = POINTS.map(([x1, x2, target]) => {
      const [x, y] = [this.toX(x1), this.toY(x2)];
      return target
        ? svg("rect", { x: x - 5, y: y - 5, width: 10, height: 10, class: "one" })
        : svg("circle", { cx: x, cy: y, r: 5.5, class: "zero" });
    });
    this.plane.replaceChildren(this.planeGrid.node, this.line, ...corners, this.mark);
  }

  drawCurve() {
    if (!this.width) return;
    const [width, height, left, bottom] = [this.width, 92, 34, 18];
    furnish(this.curve, { width, height, viewBox: `0 0 ${width} ${height}` }, []);
    const { epochs } = this.data;
    const top = Math.max(0.3, ...this.run.curve.map(([, loss]) => loss));
    const x = (epoch) => left + (epoch / epochs) * (width - left - 8);
    const y = (loss) => 8 + (1 - loss / top) * (height - bottom - 8);
    const rule = (loss) => [
      svg("line", { x1: left, x2: width - 8, y1: y(loss), y2: y(loss), class: "rule" }),
      svg("text", { x: left - 5, y: y(loss), "text-anchor": "end", "dominant-baseline": "central", class: "quiet" }, loss ? String(loss) : "0")];
    this.curveMark = svg("g", {}, svg("line", { y1: 8, y2: height - bottom, class: "here" }), svg("circle", { r: 4.5, class: "dot" }));
    this.place = (epoch, loss) => {
      this.curveMark.firstChild.setAttribute("x1", x(epoch));
      this.curveMark.firstChild.setAttribute("x2", x(epoch));
      furnish(this.curveMark.lastChild, { cx: x(epoch), cy: y(Math.min(loss, top)) }, []);
    };
    const points = this.run.curve.map(([epoch, loss]) => `${x(epoch).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
    this.curve.replaceChildren(...rule(0), ...rule(0.25), svg("polyline", { points, class: "loss" }),
      svg("text", { x: left, y: height - 4, class: "quiet" }, "loss over the epochs"),
      svg("text", { x: width - 8, y: height - 4, "text-anchor": "end", class: "quiet" }, String(epochs)), this.curveMark);
  }

  draw() {
    if (!this.units) return;
    const { hidden, activation } = this.run;
    this.flow = forward(this.now, hidden, activation, ...this.input);
    this.slope = slopes(this.now, hidden, activation);
    this.drawEdges();
    this.drawNumbers();
    if (this.drawn !== this.now) this.drawMaps();
    this.mark.setAttribute("transform", `translate(${this.toX(this.input[0])} ${this.toY(this.input[1])})`);
    this.place(this.epoch, this.slope.loss);
    this.sliders.forEach((part, axis) => part.set(this.input[axis]));
    this.weight.list.value = String(this.picked);
    // What is being typed stays as it is.
    if (this.shadowRoot.activeElement !== this.edit) this.edit.value = Number(this.now[this.picked].toFixed(4));
  }

  drawEdges() {
    const shown = this.gradients ? this.slope.gradient : this.now;
    const largest = Math.max(...this.edges.map(({ place }) => Math.abs(shown[place]))) || 1;
    for (const { place, line, text } of this.edges) {
      const number = shown[place];
      const picked = place === this.picked ? " picked" : "";
      line.setAttribute("class", (number < 0 ? "edge minus" : "edge plus") + picked);
      line.setAttribute("stroke-width", (0.75 + (4.5 * Math.abs(number)) / largest).toFixed(2));
      text.setAttribute("class", (number < 0 ? "halo weight minus" : "halo weight plus") + picked);
      text.textContent = fixed(number, this.gradients ? 4 : Math.abs(number) >= 10 ? 1 : 2);
    }
  }

  drawNumbers() {
    const { hidden } = this.run;
    const shown = this.gradients ? this.slope.gradient : this.now;
    const digits = this.gradients ? 4 : 2;
    this.inputTexts.forEach((text, side) => { text.textContent = fixed(this.input[side]); });
    this.units.forEach(({ flow, bias }, unit) => {
      flow.textContent = `${fixed(this.flow.sums[unit])} → ${fixed(this.flow.activations[unit])}`;
      bias.textContent = `bias ${fixed(shown[2 * hidden + unit], digits)}`;
    });
    this.outputText.textContent = fixed(this.flow.output);
    this.outputSum.textContent = `sum ${fixed(this.flow.sum)}`;
    this.outputBias.textContent = `bias ${fixed(shown[4 * hidden], digits)}`;
    this.corners.forEach((corner, index) => {
      const [x1, x2, target] = POINTS[index];
      const { output } = forward(this.now, hidden, this.run.activation, x1, x2);
      corner.textContent = `(${x1}, ${x2}) → ${fixed(output)}`;
      corner.setAttribute("aria-label", `Input (${x1}, ${x2}): output ${fixed(output)}, target ${target}`);
      press(corner, this.input[0] === x1 && this.input[1] === x2);
      corner.classList.toggle("right", Math.abs(output - target) < 0.1);
    });
  }

  drawMaps() {
    this.drawn = this.now;
    const { hidden, activation } = this.run;
    const output = (x1, x2) => forward(this.now, hidden, activation, x1, x2).output;
    this.planeGrid.paint(output);
    this.line.setAttribute("d", boundary(output, this.toX, this.toY));
    const toShare = { sigmoid: (a) => a, tanh: (a) => (a + 1) / 2, relu: (a) => a / (1 + a) }[activation];
    const { of } = ACTIVATIONS[activation];
    this.units.forEach(({ grid }, unit) => grid.paint((x1, x2) => toShare(
      of(this.now[2 * unit] * x1 + this.now[2 * unit + 1] * x2 + this.now[2 * hidden + unit]))));
  }

  // -- in words and numbers

  sentence() {
    const { hidden, activation } = this.run;
    const { loss } = slopes(this.now, hidden, activation);
    const { output } = forward(this.now, hidden, activation, ...this.input);
    const point = POINTS.find(([x1, x2]) => x1 === this.input[0] && x2 === this.input[1]);
    const right = POINTS.filter(([x1, x2, target]) =>
      Math.abs(forward(this.now, hidden, activation, x1, x2).output - target) < 0.1).length;
    return `${this.edited ? "Edited by hand" : `Epoch ${this.epoch}`}, learning rate ${this.run.rate}: the loss is ${fixed(loss, 4)}, ` +
      `${right} of 4 points are right to within 0.1. For the input (${this.input.map((x) => fixed(x)).join(", ")}) ` +
      `the output is ${fixed(output)}${point ? `, the target ${point[2]}` : ""}.`;
  }

  table() {
    const { hidden, activation } = this.run;
    const { loss, gradient } = slopes(this.now, hidden, activation);
    const { sums, activations, sum, output } = forward(this.now, hidden, activation, ...this.input);
    return {
      caption: `The numbers at epoch ${this.epoch}${this.edited ? ", edited" : ""}`,
      head: ["number", "value", "slope of the loss"],
      rows: [
        ...this.names().map((name, i) => [name, plain(this.now[i], 5), plain(gradient[i], 6)]),
        ...sums.map((z, unit) => [`sum of hidden ${unit + 1}`, plain(z), ""]),
        ...activations.map((a, unit) => [`activation of hidden ${unit + 1}`, plain(a), ""]),
        ["sum of the output", plain(sum), ""], ["output", plain(output), ""], ["loss", plain(loss, 6), ""],
      ],
    };
  }

  state() {
    const { hidden, activation, rate, losses } = this.run;
    return { epoch: this.epoch, edited: this.edited, hidden, activation, learning_rate: rate, input: this.input,
      parameters: Object.fromEntries(this.names().map((name, i) => [name, this.now[i]])), losses };
  }

  drawings() {
    return [this.network, this.plane, this.curve];
  }
}

const Kind = XORPlayground;
