// The explorer of induction: the trained model itself, which reads what the reader writes.

/** Each row of one table times a matrix whose rows are the outputs, as in torch's Linear. */
const project = (rows, matrix) => rows.map((row) => matrix.map((weights) => {
  let sum = 0;
  for (let c = 0; c < row.length; c++) sum += weights[c] * row[c];
  return sum;
}));

/** Turn each pair of neighbours of a head's numbers by the position (RoPE). */
function rotated(vector, position) {
  const turned = [...vector];
  for (let c = 0; c < vector.length; c += 2) {
    const angle = position * 10000 ** (-c / vector.length);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    turned[c] = vector[c] * cos - vector[c + 1] * sin;
    turned[c + 1] = vector[c] * sin + vector[c + 1] * cos;
  }
  return turned;
}

/** Attention weights of a layer, a causal map for each head. */
function mapsOf(layer, stream, heads) {
  const [queries, keys] = [layer.q, layer.k].map((matrix) => project(stream, matrix));
  const size = queries[0].length / heads;
  return range(heads).map((head) => {
    const part = (rows) => rows.map((row, place) => rotated(row.slice(head * size, (head + 1) * size), place));
    const [query, key] = [part(queries), part(keys)];
    return query.map((q, i) => softmax(key.map((k, j) =>
      (j > i ? -Infinity : q.reduce((sum, number, c) => sum + number * k[c], 0) / Math.sqrt(size)))));
  });
}

/** Run the model on tokens; heads that are off hand nothing over. */
function runModel(model, tokens, on) {
  let stream = tokens.map((token) => model.embedding[token]);
  const weights = model.layers.map((layer, number) => {
    const maps = mapsOf(layer, stream, on[number].length);
    const values = project(stream, layer.v);
    const size = values[0].length / maps.length;
    const mixed = stream.map((_, i) => values[0].map((_, c) => {
      const head = Math.floor(c / size);
      return on[number][head] ? values.reduce((sum, value, j) => sum + maps[head][i][j] * value[c], 0) : 0;
    }));
    const added = project(mixed, layer.out);
    stream = stream.map((row, i) => row.map((number, c) => number + added[i][c]));
    return maps;
  });
  return { weights, logits: project(stream, model.unembedding) };
}

/** Unpack the model that Python packed. */
function unpackModel(packed, letters, layers) {
  const embedding = unpack(packed["embedding.weight"]);
  const width = embedding.length / letters;
  const rows = (name) => rowsOf(unpack(packed[`${name}.weight`]), width).map((row) => [...row]);
  return {
    embedding: rows("embedding"), unembedding: rows("unembedding"),
    layers: range(layers).map((layer) => Object.fromEntries(["q", "k", "v", "out"].map((part) => [part, rows(`layers.${layer}.${part}_proj`)]))),
  };
}

/** The last place before `place` with the same token, or -1. */
const earlier = (tokens, place) => tokens.slice(0, place).lastIndexOf(tokens[place]);

const largestOf = (numbers) => numbers.indexOf(Math.max(...numbers));

const percent = (share) => `${Math.round(100 * share)} %`;

class InductionExplorer extends Explorer {
  static runModel = runModel;

  build() {
    const { moments, layers, heads, letters, model } = this.data;
    this.letters = [...letters];
    this.model = unpackModel(model, letters.length, layers);
    const length = this.data.tokens.length;
    this.moments = moments.map(({ step, share, weights }) => ({ step, share,
      weights: rowsOf(rowsOf(unpack(weights), length ** 2).map((flat) => rowsOf(flat, length)), heads) }));
    this.buildControls();
    this.count = html("p", { class: "count" });
    this.strip = html("div", { class: "strip", role: "radiogroup", "aria-label": "Position from which the model looks" });
    this.hint = html("p", { class: "hint strip-hint" });
    this.cards = range(layers).map((layer) => range(heads).map((head) => this.makeCard(layer, head)));
    this.best = html("table", { class: "best" });
    this.mapTitle = html("p", { class: "map-title" });
    this.matrix = new Matrix("Weights of the head that is shown: a row for each query, a column for each key", {
      point: (row) => { this.pointed = row; this.refresh(); },
      leave: () => { this.pointed = null; this.refresh(); },
      press: (row) => this.choose(row),
      let: () => { this.pointed = null; this.refresh(); },
    });
    this.stage.append(this.count, html("div", { class: "side-by-side" }, html("div", { class: "said" }, this.strip, this.hint), this.best),
      html("div", { class: "side-by-side" }, html("div", { class: "cards" }, ...this.cards.flat().map((card) => card.node)),
      html("div", { class: "map" }, this.mapTitle, html("div", { class: "scroll" }, this.matrix.drawing))));
    this.reset();
  }

  buildControls() {
    const { longest } = this.data;
    this.input = html("input", { type: "text", maxlength: longest, autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      oninput: () => this.read(), onchange: () => { this.input.value = this.written; } });
    this.period = choice("repeat after", range(longest / 2 - 1).map((index) => [index + 2, String(index + 2)]), "", (period) => this.repeat(Number(period)));
    this.controls.append(html("label", { class: "tokens" }, "Tokens, a to x", this.input),
      html("div", { class: "row" }, this.period.node, button("New tokens", () => this.repeat(this.periodNow ?? 12))));
    if (this.moments.length > 1) {
      this.film = player("Training", this.moments.length, (index) => (index < this.moments.length - 1 ? `step ${this.moments[index].step}` : "trained"), (index) => {
        this.moment = index;
        this.refresh();
      });
      this.controls.append(this.film.node);
    }
  }

  makeCard(layer, head) {
    const name = `layer ${layer}, head ${head}`;
    const drawing = svg("svg", { class: "mini", "aria-hidden": "true" });
    const map = button("", () => { this.shown = [layer, head]; this.refresh(); }, { class: "mini-button", "aria-label": `Show ${name}` });
    map.append(drawing, html("span", {}, name));
    const toggle = button("on", () => this.toggle(layer, head), { class: "switch", "aria-label": `${name} on` });
    return { layer, head, name, drawing, map, toggle, node: html("div", { class: "card" }, map, toggle) };
  }

  reset() {
    this.on = this.cards.map((cards) => cards.map(() => true));
    this.pointed = null;
    this.setTokens(this.data.tokens);
    this.place = Math.floor(0.75 * this.now.length);
    // At first the head that looks most at what came after earlier copies.
    const last = this.cards.length - 1;
    this.compute();
    this.shown = [last, largestOf(this.weights[last].map((map) => this.knowable.reduce((sum, place) => sum + map[place][earlier(this.now, place) + 1], 0)))];
  }

  // -- what a reader does

  choose(place) {
    this.place = place;
    this.refresh();
  }

  toggle(layer, head) {
    this.on[layer][head] = !this.on[layer][head];
    this.settle();
    this.refresh();
  }

  /** Read the letters that were written; others are left out. */
  read() {
    const found = [...this.input.value.toLowerCase()].map((letter) => this.letters.indexOf(letter)).filter((token) => token >= 0);
    if (!found.length) return;
    this.setTokens(found, true);
    this.refresh();
  }

  /** Different tokens at random, written twice. */
  repeat(period) {
    const order = this.letters.map((_, token) => [Math.random(), token]).sort(([a], [b]) => a - b).map(([, token]) => token).slice(0, period);
    this.setTokens([...order, ...order]);
    this.refresh();
  }

  setTokens(tokens, typing = false) {
    const longer = tokens.length !== this.now?.length;
    this.now = tokens;
    this.knowable = range(tokens.length).filter((place) => earlier(tokens, place) >= 0);
    this.place = Math.min(this.place ?? 0, tokens.length - 1);
    if (!typing) this.input.value = this.written;
    this.period.list.value = String(this.periodNow ?? "");
    if (longer) this.fillStrip();
    this.settle();
    if (this.width) this.layout(this.width);
  }

  /** The moments of the training were kept for the first tokens, with all heads on. */
  settle() {
    this.edited = this.now.join() !== this.data.tokens.join() || this.off.length > 0;
    this.moment = this.moments.length - 1;
    if (!this.film) return;
    this.film.stop();
    this.film.set(this.moment);
    this.film.input.disabled = this.film.toggle.disabled = this.edited;
  }

  get written() {
    return this.now.map((token) => this.letters[token]).join("");
  }

  /** After how many different tokens all of them come again, if they do. */
  get periodNow() {
    const half = this.now.length / 2;
    return half % 1 === 0 && this.now.every((token, place) => (place < half ? earlier(this.now, place) < 0 : earlier(this.now, place) === place - half)) ? half : null;
  }

  get off() {
    return this.on.flatMap((heads, layer) => heads.flatMap((on, head) => (on ? [] : [[layer, head]])));
  }

  // -- what comes out

  compute() {
    const live = this.moment >= this.moments.length - 1;
    const run = live ? runModel(this.model, this.now, this.on) : null;
    this.weights = live ? run.weights : this.moments[this.moment].weights;
    this.logits = run?.logits ?? null;
    this.named = this.logits?.map(largestOf);
  }

  /** What induction says: the token that came after the last earlier copy, or undefined. */
  expected(place) {
    return this.knowable.includes(place) ? this.now[earlier(this.now, place) + 1] : undefined;
  }

  isRight(place) {
    return this.named[place] === this.expected(place);
  }

  // -- drawing

  fillStrip() {
    this.places = this.now.map((_, place) => {
      const input = html("input", { type: "radio", name: "place", onchange: () => this.choose(place) });
      const [looks, letter, next] = ["looks", "letter", "next"].map((name) => html("span", { class: name, "aria-hidden": "true" }));
      return { input, looks, letter, next, node: html("label", { class: "place" }, looks, letter, next, input) };
    });
    this.strip.replaceChildren(...this.places.map((part) => part.node));
  }

  layout(width) {
    this.width = width;
    const wide = width > 560;
    const half = this.periodNow;
    const space = wide ? width - 216 : width;
    const columns = half && space / half >= 26 ? half : Math.min(space / 12 >= 26 ? 12 : 8, this.now.length);
    this.strip.style.setProperty("--columns", columns);
    const count = this.now.length;
    this.matrix.layout(this.now.map((token) => this.letters[token]), wide ? Math.min(width - 204, 480) : width, wide ? 14 : 26);
    for (const card of this.cards.flat()) {
      furnish(card.drawing, { viewBox: `0 0 ${count} ${count}` }, []);
      card.boxes = range(count).map((row) => range(row + 1).map((column) => svg("rect", { x: column, y: row, width: 1.02, height: 1.02, "shape-rendering": "crispEdges" })));
      card.row = svg("rect", { class: "row-of-place", height: 1 });
      card.drawing.replaceChildren(...card.boxes.flat(), card.row);
    }
  }

  draw() {
    this.compute();
    if (!this.width) return;
    const place = this.pointed ?? this.place;
    this.drawStrip(place);
    this.drawBest(place);
    for (const card of this.cards.flat()) this.drawCard(card, place);
    this.matrix.paint(this.shownMap, (row, column) => (column > row ? "future" : ""));
    this.matrix.frame([place], []);
    this.mapTitle.replaceChildren("Weights of ", html("strong", {}, this.shownName), ": rows look at columns");
    const right = this.knowable.filter((at) => this.named && this.isRight(at)).length;
    this.count.textContent = this.named ? `Next token right at ${right} of ${this.knowable.length} positions with an earlier copy` :
      `Step ${this.moments[this.moment].step} of the training: ${percent(this.moments[this.moment].share)} right on second halves`;
    this.hint.textContent = `Choose a position. Filled: where ${this.shownName} looks from it. ` +
      (this.named ? "Below: the token named next, ✓ the one after the earlier copy, ✗ another one." : "Which tokens are named next is shown for the trained model.") +
      (this.film && this.edited ? " The training is kept for the first tokens with all heads on: Reset brings them back." : "");
  }

  get shownMap() {
    return this.weights[this.shown[0]][this.shown[1]];
  }

  get shownName() {
    return this.cards[this.shown[0]][this.shown[1]].name;
  }

  drawStrip(place) {
    this.places.forEach(({ input, looks, letter, next, node }, at) => {
      const name = this.letters[this.now[at]];
      const known = this.named && this.expected(at) !== undefined;
      const mark = known ? (this.isRight(at) ? "✓" : "✗") : "";
      const named = this.named ? this.letters[this.named[at]] : "";
      input.checked = at === place;
      input.setAttribute("aria-label", `Position ${at}, ${name}${named && `: next ${named}`}${known ? (mark === "✓" ? ", right" : ", not right") : ""}`);
      letter.textContent = name;
      next.textContent = named + mark;
      looks.style.height = percent(this.shownMap[place][at]).replace(" ", "");
      node.classList.toggle("right", mark === "✓");
      node.classList.toggle("wrong", mark === "✗");
    });
  }

  drawCard({ layer, head, boxes, row, map, toggle, node }, place) {
    boxes.forEach((cells, i) => cells.forEach((box, j) => box.setAttribute("fill", mix(VIRIDIS, this.weights[layer][head][i][j]))));
    furnish(row, { y: place, width: place + 1 }, []);
    press(map, layer === this.shown[0] && head === this.shown[1]);
    press(toggle, this.on[layer][head]);
    node.classList.toggle("off", !this.on[layer][head]);
  }

  /** The tokens that are named next, with their shares: the three strongest. */
  strongest(place) {
    const shares = softmax(this.logits[place]);
    return range(shares.length).sort((a, b) => shares[b] - shares[a]).slice(0, 3).map((token) => ({ token, letter: this.letters[token], share: shares[token] }));
  }

  drawBest(place) {
    // It keeps its room, so that the maps stay where they are while the training is scrubbed.
    this.best.style.visibility = this.logits ? "visible" : "hidden";
    if (!this.logits) return;
    this.best.replaceChildren(html("caption", {}, `Next after position ${place}, ${this.letters[this.now[place]]}`),
      html("tbody", {}, ...this.strongest(place).map(({ token, letter, share }) => {
        const bar = html("span", { class: "bar", "aria-hidden": "true" });
        bar.style.width = `${64 * share}px`;
        return html("tr", {}, html("th", { scope: "row" }, letter + (token === this.expected(place) ? " ✓" : "")), html("td", { class: "share" }, bar, fixed(share)));
      })));
  }

  // -- in words and numbers

  sentence() {
    const place = this.pointed ?? this.place;
    const name = (at) => `“${this.letters[this.now[at]]}” at position ${at}`;
    const parts = [];
    if (this.logits) {
      const [{ letter, share }] = this.strongest(place);
      const copy = earlier(this.now, place);
      const about = copy < 0 ? "; it has not read this token before" : `; after the earlier copy, at position ${copy}, came “${this.letters[this.now[copy + 1]]}”`;
      parts.push(`After ${name(place)} the model names “${letter}” next, with ${fixed(share)}${about}.`);
    } else parts.push(`Training: step ${this.moments[this.moment].step}.`);
    const row = this.shownMap[place];
    const best = largestOf(row);
    parts.push(`From position ${place}, ${this.shownName} looks most at ${name(best)}, with ${fixed(row[best])}.`);
    if (this.off.length) parts.push(`Off: ${this.off.map(([layer, head]) => this.cards[layer][head].name).join("; ")}.`);
    return parts.join(" ");
  }

  table() {
    return {
      caption: `The token named next at each position, and the weights of ${this.shownName}`,
      head: ["position", "token", "next", "share", "right", ...this.now.map((token, at) => `to ${at} ${this.letters[token]}`)],
      rows: this.now.map((token, at) => {
        const best = this.logits && this.strongest(at)[0];
        return [String(at), this.letters[token], best?.letter ?? "", best ? plain(best.share) : "",
          best && this.expected(at) !== undefined ? (this.isRight(at) ? "yes" : "no") : "", ...this.shownMap[at].map((weight) => plain(weight, 3))];
      }),
    };
  }

  state() {
    return { tokens: this.written, moment: this.moments[this.moment]?.step ?? null, off: this.off, place: this.place, shown: this.shown,
      weights: this.weights.map((maps) => maps.map((map) => map.map((row) => [...row]))), logits: this.logits,
      next: this.logits && this.now.map((_, at) => this.strongest(at)),
      right: this.named && this.now.map((_, at) => (this.expected(at) === undefined ? null : this.isRight(at))) };
  }

  drawings() {
    return [this.matrix.drawing];
  }
}

const Kind = InductionExplorer;
