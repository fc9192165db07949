// The explorer of rotary positions: pairs of numbers as hands that turn.

/** The angle, in radians, by which a step turns each of so many pairs. */
const anglesOfAStep = (pairs, base) => range(pairs).map((pair) => base ** (-pair / pairs));

/** Turn each pair of neighbours by its angle at a position. */
function turn(vector, position, base) {
  return anglesOfAStep(vector.length / 2, base).map((angle, pair) => {
    const [x, y] = [vector[2 * pair], vector[2 * pair + 1]];
    const [cos, sin] = [Math.cos(position * angle), Math.sin(position * angle)];
    return [x * cos - y * sin, x * sin + y * cos];
  });
}

/** The score of a query and a key at their positions, and each pair's part of it. */
function scoreAt(query, key, [queryAt, keyAt], base) {
  const hands = { query: turn(query, queryAt, base), key: turn(key, keyAt, base) };
  const parts = hands.query.map(([x, y], pair) =>
    (x * hands.key[pair][0] + y * hands.key[pair][1]) / Math.sqrt(query.length));
  return { ...hands, parts, score: parts.reduce((sum, part) => sum + part, 0) };
}

const places = (count) => (count === 1 ? "1 place" : `${count} places`);

class RotationExplorer extends Explorer {
  static scoreAt = scoreAt;

  build() {
    this.query = [...unpack(this.data.query)];
    this.key = [...unpack(this.data.key)];
    this.steps = anglesOfAStep(this.query.length / 2, this.data.base);
    const lengths = (vector) => turn(vector, 0, 1).map(([x, y]) => Math.hypot(x, y));
    const [query, key] = [lengths(this.query), lengths(this.key)];
    this.longest = Math.max(...query, ...key) || 1;
    this.largest = Math.max(...query.map((length, pair) => length * key[pair])) / Math.sqrt(this.query.length) || 1;
    this.buildControls();
    this.dials = svg("svg", { class: "dials", role: "img" });
    this.sum = html("p", { class: "sum" });
    this.curve = svg("svg", { role: "img" });
    this.stage.append(this.dials, this.sum, this.curve);
    this.reset();
  }

  buildControls() {
    const positions = { min: 0, max: this.data.last, step: 1, value: 0, show: String };
    this.sliders = ["Query’s position", "Key’s position"].map((name, which) =>
      slider(name, positions, (position) => this.move(which, position)));
    this.together = checkbox("move together", false, () => this.refresh());
    const sample = (name, tip) => html("span", { class: "legend" }, svg("svg", { width: 34, height: 12, "aria-hidden": "true" },
      svg("path", { class: `hand ${name}`, d: "M0 6H26" }), tip(28, 6, name)), `${name}’s pair`);
    this.controls.append(...this.sliders.map((part) => part.node),
      html("div", { class: "row together" }, this.together.node, html("div", { class: "row hint" },
        sample("query", round), sample("key", square), html("span", {}, "shaded: the angle between them"))));
  }

  reset() {
    this.at = this.data.start;
    this.together.box.checked = false;
  }

  /** Move one of the two; the other one too, by as much, if they move together. */
  move(which, position) {
    const { last } = this.data;
    const step = position - this.at[which];
    const held = Math.min(Math.max(step, -Math.min(...this.at)), last - Math.max(...this.at));
    this.at = this.together.box.checked
      ? this.at.map((before) => before + held)
      : this.at.map((before, index) => (index === which ? position : before));
    this.refresh();
  }

  get distance() {
    return this.at[0] - this.at[1];
  }

  /** The score at a distance, wherever the two are. */
  scoreOver(distance) {
    return scoreAt(this.query, this.key, [distance, 0], this.data.base).score;
  }

  // -- drawing

  layout(width) {
    this.layoutDials(width);
    this.layoutCurve(width);
  }

  layoutDials(width) {
    const columns = Math.min(width > 520 ? 4 : 2, this.steps.length);
    const cell = width / columns;
    const radius = Math.min(cell / 2 - 12, 70);
    const tall = 2 * radius + 92;
    const [full, height] = [columns * cell, Math.ceil(this.steps.length / columns) * tall];
    furnish(this.dials, { width: full, height, viewBox: `0 0 ${full} ${height}` }, []);
    this.faces = this.steps.map((angle, pair) =>
      this.makeDial(pair, (pair % columns + 0.5) * cell, Math.floor(pair / columns) * tall, radius));
    this.dials.replaceChildren(...this.faces.map((face) => face.node));
  }

  makeDial(pair, x, top, radius) {
    const y = top + 44 + radius;
    const below = y + radius + 16;
    const text = (at, words, name) => svg("text", { x, y: at, "text-anchor": "middle", class: name }, words);
    const line = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2, class: "rule" });
    const face = { x, y, radius, below, moving: svg("g"), bar: svg("rect", { y: below - 5, height: 10, rx: 2 }), part: text(below + 20, "", "") };
    face.node = svg("g", {}, text(top + 14, `pair ${pair}`, "name"),
      text(top + 30, `${Number(this.steps[pair].toPrecision(2))} rad a step`, "quiet"),
      svg("circle", { cx: x, cy: y, r: radius, class: "face" }), line(x - radius, y, x + radius, y), line(x, y - radius, x, y + radius),
      face.moving, line(x - radius, below, x + radius, below), face.bar, line(x, below - 8, x, below + 8), face.part);
    return face;
  }

  layoutCurve(width) {
    const { last } = this.data;
    const [height, left, right, top, bottom] = [180, 34, 10, 28, 40];
    const points = range(8 * last + 1).map((index) => index / 4 - last).map((distance) => [distance, this.scoreOver(distance)]);
    const all = points.map(([, score]) => score);
    const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
    const span = high - low || 1;
    const x = (distance) => left + ((distance + last) / (2 * last)) * (width - left - right);
    const y = (score) => top + ((high - score) / span) * (height - top - bottom);
    const unit = 10 ** Math.floor(Math.log10(span));
    const step = [0.2, 0.5, 1, 2, 5].map((part) => part * unit).find((size) => span / size <= 4);
    const marks = range(Math.floor(high / step) - Math.ceil(low / step) + 1).map((index) => (Math.ceil(low / step) + index) * step);
    const far = width > 480 ? [-60, -40, -20, 0, 20, 40, 60] : [-60, -30, 0, 30, 60];
    const text = (at, words, anchor, height, name = "quiet") => svg("text", { x: at, y: height, "text-anchor": anchor, class: name }, words);
    furnish(this.curve, { width, height, viewBox: `0 0 ${width} ${height}` }, []);
    this.mark = svg("g");
    this.place = { x, y, ground: height - bottom, wide: width, top: top - 6 };
    this.curve.replaceChildren(
      ...marks.flatMap((score) => [svg("line", { x1: left, x2: width - right, y1: y(score), y2: y(score), class: "rule" }),
        text(left - 6, fixed(score, step < 0.1 ? 2 : step < 1 ? 1 : 0), "end", y(score) + 4)]),
      ...far.filter((distance) => Math.abs(distance) <= last).map((distance) => text(x(distance), fixed(distance, 0), "middle", height - bottom + 16)),
      text(left, "score over the distance, query − key", "start", height - 6),
      svg("polyline", { class: "scores", points: points.map(([distance, score]) => `${x(distance).toFixed(1)},${y(score).toFixed(1)}`).join(" ") }),
      this.mark);
  }

  draw() {
    this.result = scoreAt(this.query, this.key, this.at, this.data.base);
    this.sliders.forEach((part, which) => part.set(this.at[which]));
    if (!this.faces) return;
    const { parts, score } = this.result;
    this.faces.forEach((face, pair) => this.drawDial(face, pair));
    const list = parts.map((part, pair) => `pair ${pair} ${fixed(part)}`).join(", ");
    this.dials.setAttribute("aria-label", `A dial for each pair. Their parts of the score: ${list}`);
    const terms = parts.map((part, pair) => (pair ? (fixed(part)[0] === "−" ? " − " : " + ") + fixed(Math.abs(part)) : fixed(part)));
    this.sum.replaceChildren("score = ", ...terms, " = ", html("strong", {}, fixed(score)));
    this.drawMark(score);
  }

  drawDial({ x, y, radius, moving, bar, part }, pair) {
    const at = ([right, up]) => [x + (right / this.longest) * (radius - 6), y - (up / this.longest) * (radius - 6)];
    const [query, key] = [this.result.query[pair], this.result.key[pair]];
    const share = this.result.parts[pair];
    const sign = share < 0 ? "minus" : "plus";
    const hand = (vector, name, tip) => {
      const [tx, ty] = at(vector);
      return [svg("path", { class: `hand ${name}`, d: `M${x} ${y}L${tx} ${ty}` }), tip(tx, ty, name)];
    };
    moving.replaceChildren(sector(x, y, radius * 0.36, key, query, `between ${sign}`),
      ...hand(key, "key", square), ...hand(query, "query", round));
    const long = (Math.abs(share) / this.largest) * radius;
    furnish(bar, { x: share < 0 ? x - long : x, width: long, class: sign }, []);
    part.textContent = fixed(share);
  }

  drawMark(score) {
    const { x, y, ground, wide, top } = this.place;
    const [at, level] = [x(this.distance), y(score)];
    const words = `distance ${fixed(this.distance, 0)}: ${fixed(score)}`;
    const half = 3.75 * words.length;
    this.mark.replaceChildren(svg("line", { x1: at, x2: at, y1: top, y2: ground, class: "here" }),
      svg("circle", { cx: at, cy: level, r: 5, class: "dot" }),
      svg("text", { x: Math.min(Math.max(at, half), wide - half), y: 16, "text-anchor": "middle", class: "name" }, words));
    this.curve.setAttribute("aria-label", `The score over the distance; at the distance ${fixed(this.distance, 0)} it is ${fixed(score)}`);
  }

  // -- in words and numbers

  sentence() {
    const { distance } = this;
    const far = places(Math.abs(distance));
    const where = distance ? `${far} ${distance > 0 ? "after" : "before"} its key` : "at the place of its key";
    return `The query stands at position ${this.at[0]}, the key at position ${this.at[1]}. ` +
      `Their score is ${fixed(this.result.score)}, as it is wherever this query stands ${where}.`;
  }

  table() {
    const angles = (position) => this.steps.map((angle) => plain(position * angle, 3));
    const [query, key] = this.at.map(angles);
    return {
      caption: `Query at position ${this.at[0]}, key at position ${this.at[1]}: angles in radians`,
      head: ["pair", "query’s angle", "key’s angle", "part of the score"],
      rows: [...this.result.parts.map((part, pair) => [`pair ${pair}`, query[pair], key[pair], plain(part)]),
        ["score", "", "", plain(this.result.score)]],
    };
  }

  state() {
    const { last } = this.data;
    const distances = range(2 * last + 1).map((index) => index - last);
    return { query_position: this.at[0], key_position: this.at[1], base: this.data.base, ...this.result,
      scores: distances.map((distance) => ({ distance, score: this.scoreOver(distance) })) };
  }

  drawings() {
    return [this.dials, this.curve];
  }
}

const round = (x, y, name) => svg("circle", { cx: x, cy: y, r: 4.5, class: `tip ${name}` });

const square = (x, y, name) => svg("rect", { x: x - 4, y: y - 4, width: 8, height: 8, class: `tip ${name}` });

/** The part of a disc between two hands, the short way round. */
function sector(x, y, radius, from, to, name) {
  const [start, end] = [from, to].map(([right, up]) => Math.atan2(up, right));
  const turned = Math.atan2(Math.sin(end - start), Math.cos(end - start));
  const at = (angle) => `${x + radius * Math.cos(angle)} ${y - radius * Math.sin(angle)}`;
  return svg("path", { class: name, d: `M${x} ${y}L${at(start)}A${radius} ${radius} 0 0 ${turned > 0 ? 0 : 1} ${at(end)}Z` });
}

const Kind = RotationExplorer;
