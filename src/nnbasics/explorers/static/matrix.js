// A map of attention weights: a row for each query, a column for each key.

// viridis, as in the still figures: from 0, dark, to 1, bright.
const VIRIDIS = [
  [68, 1, 84], [71, 45, 123], [59, 82, 139], [44, 114, 142], [33, 145, 140],
  [40, 174, 128], [94, 201, 98], [173, 220, 48], [253, 231, 37],
];

/** About how wide a text is, in pixels; it decides whether a name fits. */
const widthOf = (text) =>
  [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2000 ? 14 : 7.2), 0);

/**
 * A map that can be pointed at and walked through with the arrow keys.
 *
 * `on` holds point(row, column), leave(), press(row, column, event) and let(). The
 * map has one place in the tab order; the arrow keys lead from cell to cell.
 */
class Matrix {
  constructor(label, on) {
    this.on = on;
    this.drawing = svg("svg", { role: "grid", "aria-label": label });
    this.place = [0, 0];
    this.drawing.addEventListener("keydown", (event) => this.key(event));
    this.drawing.addEventListener("pointerleave", () => on.leave());
  }

  /** Draw the cells anew, for tokens and for a width in pixels; a finger needs at least 24 a cell. */
  layout(tokens, width, least = 24) {
    const names = tokens.map((token) => shorten(token, 12));
    const longest = Math.max(...names.map(widthOf));
    const left = Math.min(Math.max(longest, 40), 110) + 10;
    const cell = Math.max(least, Math.min(48, Math.floor((width - left - 26) / tokens.length)));
    const slanted = longest > cell - 4;
    const top = slanted ? Math.min(longest * 0.72, 80) + 16 : 22;
    Object.assign(this, { cell, left, top, tokens });
    const size = tokens.length * cell;
    // A slanted last name leans out to the right.
    const full = left + size + (slanted ? Math.min(longest * 0.72, 80) : 4);
    const fits = Math.max(left + size + 4, Math.min(full, width));
    furnish(this.drawing, { width: fits, height: top + size + 4, viewBox: `0 0 ${fits} ${top + size + 4}` }, []);
    const heads = tokens.map((token, column) => {
      const x = left + (column + 0.5) * cell;
      const turn = slanted ? `rotate(-45 ${x} ${top - 8})` : null;
      return svg("text", { x, y: top - 8, role: "columnheader", transform: turn,
        "text-anchor": slanted ? "start" : "middle", "aria-label": token }, names[column]);
    });
    this.cells = tokens.map((_, row) => tokens.map((_, column) => this.makeCell(row, column)));
    this.heads = heads;
    this.labels = tokens.map((token, row) => svg("text", { x: left - 8, role: "rowheader",
      y: top + (row + 0.5) * cell, "text-anchor": "end", "dominant-baseline": "central",
      "aria-label": token, onclick: (event) => this.on.press(row, null, event) }, names[row]));
    const rows = this.cells.map((cells, row) => svg("g", { role: "row" }, this.labels[row], ...cells.map((c) => c.group)));
    this.frames = svg("g", { "aria-hidden": "true" });
    this.drawing.replaceChildren(svg("g", { role: "row" }, ...heads), ...rows, this.frames);
    this.place = this.place.map((at) => Math.min(at, tokens.length - 1));
  }

  makeCell(row, column) {
    const { left, top, cell } = this;
    const x = left + column * cell;
    const y = top + row * cell;
    const box = svg("rect", { x: x + 1, y: y + 1, width: cell - 2, height: cell - 2, rx: 3 });
    const text = svg("text", { x: x + cell / 2, y: y + cell / 2, "text-anchor": "middle",
      "dominant-baseline": "central", "aria-hidden": "true" });
    const group = svg("g", { role: "gridcell", tabindex: -1, class: "cell",
      onpointerenter: () => this.on.point(row, column),
      onclick: (event) => { this.place = [row, column]; this.on.press(row, column, event); },
      onfocus: () => { this.place = [row, column]; this.on.point(row, column); },
      onblur: () => this.on.leave() }, box, text);
    return { group, box, text };
  }

  /** Colour the cells; `look(row, column)` returns extra classes, or an empty text. */
  paint(weights, look) {
    this.cells.forEach((cells, row) => cells.forEach(({ group, box, text }, column) => {
      const weight = weights[row][column];
      const classes = look(row, column);
      group.setAttribute("class", `cell ${classes}`);
      group.setAttribute("aria-label", `${this.tokens[row]} to ${this.tokens[column]}: ${fixed(weight)}`);
      group.setAttribute("tabindex", row === this.place[0] && column === this.place[1] ? 0 : -1);
      box.setAttribute("fill", mix(VIRIDIS, weight));
      const shown = classes.includes("blocked") ? "×" : weight < 0.005 ? "" : fixed(weight);
      text.textContent = this.cell >= 32 || shown === "×" ? shown : "";
      text.setAttribute("class", weight > 0.5 ? "on-bright" : "on-deep");
    }));
  }

  /** Put a frame around whole rows and whole columns, and stress their names. */
  frame(rows, columns) {
    const { left, top, cell } = this;
    const all = this.tokens.length * cell;
    const box = (x, y, width, height) => svg("rect", { x, y, width, height, rx: 5, class: "around" });
    this.frames.replaceChildren(
      ...rows.map((row) => box(left - 1, top + row * cell - 1, all + 2, cell + 2)),
      ...columns.map((column) => box(left + column * cell - 1, top - 1, cell + 2, all + 2)));
    this.labels.forEach((label, row) => label.setAttribute("class", rows.includes(row) ? "on" : ""));
    this.heads.forEach((head, column) => head.setAttribute("class", columns.includes(column) ? "on" : ""));
  }

  key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const last = this.tokens.length - 1;
    if (step) {
      const [row, column] = this.place.map((at, i) => Math.min(Math.max(at + step[i], 0), last));
      this.cells[row][column].group.focus();
    } else if (event.key === "Home" || event.key === "End") {
      this.cells[this.place[0]][event.key === "Home" ? 0 : last].group.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      this.on.press(...this.place, event);
    } else if (event.key === "Escape") {
      this.on.let();
    } else return;
    event.preventDefault();
  }
}
