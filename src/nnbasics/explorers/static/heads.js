// The explorer of heads: all of them as small maps, the mean of the chosen ones as a
// large one, and the trained layer itself, which answers for any sentence.

/**
 * Run the trained layer on words (their numbers in the vocabulary).
 *
 * `model` holds a query, a key and a value for each word and a query and a key for each
 * position, all of them projected, and one matrix from the mixed values to the answers:
 * the output projection and the read-out, multiplied. Heads that are off hand nothing
 * over.
 */
function runLayer(model, words, on) {
  const { heads, size } = model;
  const width = heads * size;
  const queries = words.map((word, i) => range(width).map((c) => model.query[word][c] + model.queryAt[i][c]));
  const keys = words.map((word, i) => range(width).map((c) => model.key[word][c] + model.keyAt[i][c]));
  const weights = range(heads).map((head) => queries.map((query) => softmax(keys.map((key) => {
    let score = 0;
    for (let c = head * size; c < (head + 1) * size; c++) score += query[c] * key[c];
    return score / Math.sqrt(size);
  }))));
  const logits = words.map((_, i) => {
    const mixed = range(width).map((c) => {
      const head = Math.floor(c / size);
      if (!on[head]) return 0;
      return words.reduce((sum, word, j) => sum + weights[head][i][j] * model.value[word][c], 0);
    });
    return model.answer.map((row, place) => {
      let logit = model.answerBias[place];
      for (let c = 0; c < width; c++) logit += row[c] * mixed[c];
      return logit;
    });
  });
  return { weights, logits };
}

/** Unpack the layer that Python packed. */
function unpackModel(data) {
  const { heads, size, words, positions } = data;
  const width = heads * size;
  const rows = (name) => rowsOf(unpack(data[name]), width);
  const [query, key] = [rows("query"), rows("key")];
  return {
    heads, size, query: query.slice(0, words), queryAt: query.slice(words, words + positions),
    key: key.slice(0, words), keyAt: key.slice(words, words + positions),
    value: rows("value"), answer: rows("answer"), answerBias: unpack(data.answer_bias),
  };
}

class HeadExplorer extends Explorer {
  static runLayer = runLayer;
  static unpackModel = unpackModel;

  build() {
    const { heads, moments, model } = this.data;
    const square = this.data.tokens.length ** 2;
    const cut = (packed) => rowsOf(unpack(packed), square).map((flat) => rowsOf(flat, this.data.tokens.length));
    this.moments = [...moments.map(({ name, weights }) => ({ name, weights: cut(weights) })), { name: "trained" }];
    this.model = unpackModel(model);
    this.vocabulary = model.vocabulary.flatMap(([, words]) => words);
    this.start = this.data.tokens.map((token) => this.vocabulary.indexOf(token));
    this.ablations = rowsOf(unpack(this.data.ablations), this.data.questions.length);
    this.buildControls();
    this.cards = range(heads).map((head) => this.makeCard(head));
    this.matrix = new Matrix("Mean weights of the chosen heads: a row for each query, a column for each key", {
      point: (row) => { this.pointed = row; this.refresh(); },
      leave: () => { this.pointed = null; this.refresh(); },
      press: (row) => { this.pinned = row; this.refresh(); },
      let: () => { this.pinned = this.pointed = null; this.refresh(); },
    });
    this.mapTitle = html("p", { class: "map-title" });
    this.answers = html("div", { class: "answers" });
    this.accuracies = html("div", { class: "accuracies" });
    this.stage.append(
      html("div", { class: "cards" }, ...this.cards.map((card) => card.node)),
      html("div", { class: "side-by-side" },
        html("div", { class: "map" }, this.mapTitle, html("div", { class: "scroll" }, this.matrix.drawing)),
        html("div", { class: "steps" }, this.accuracies)),
      this.answers);
    this.reset();
  }

  buildControls() {
    const last = this.moments.length - 1;
    this.words = html("div", { class: "words", role: "group", "aria-label": "The sentence" });
    this.add = button("+ word", () => this.setWords([...this.now, this.now.at(-1)]), { "aria-label": "Add a word" });
    this.remove = button("− word", () => this.setWords(this.now.slice(0, -1)), { "aria-label": "Remove the last word" });
    this.controls.append(this.words);
    if (last) {
      this.film = player("Training", last + 1, (index) => this.moments[index].name, (index) => {
        this.moment = index;
        this.refresh();
      });
      this.controls.append(this.film.node);
    }
    this.controls.append(html("div", { class: "row" },
      button("Choose all heads", () => this.choose(range(this.data.heads))),
      button("Switch all heads on", () => { this.on.fill(true); this.refresh(); }),
      last ? this.compare = button("Untrained", () => this.toggleUntrained(), { "aria-pressed": "false" }) : ""));
  }

  makeCard(head) {
    const name = `head ${head}`;
    const drawing = svg("svg", { class: "mini", viewBox: "0 0 1 1", "aria-hidden": "true" });
    const map = button("", () => this.toggle(head), { class: "mini-button" });
    map.append(drawing, html("span", {}, name));
    const alone = button("alone", () => this.choose([head]), { "aria-label": `Show head ${head} alone` });
    const on = checkbox("on", true, (checked) => { this.on[head] = checked; this.refresh(); });
    on.box.setAttribute("aria-label", `Head ${head} on`);
    return { name, drawing, map, box: on.box, node: html("div", { class: "card" }, map, html("div", { class: "row" }, alone, on.node)) };
  }

  reset() {
    this.on = range(this.data.heads).map(() => true);
    this.chosen = new Set(range(this.data.heads));
    this.pointed = null;
    this.pinned = null;
    this.moment = this.moments.length - 1;
    this.film?.set(this.moment);
    this.setWords(this.start);
  }

  // -- what a reader does

  toggle(head) {
    if (!this.chosen.delete(head)) this.chosen.add(head);
    this.refresh();
  }

  choose(heads) {
    this.chosen = new Set(heads);
    this.refresh();
  }

  toggleUntrained() {
    const untrained = this.moment === 0;
    this.moment = untrained ? this.moments.length - 1 : 0;
    this.film.stop();
    this.film.set(this.moment);
    this.refresh();
  }

  setWords(words) {
    this.now = words;
    const edited = words.join() !== this.start.join();
    // The moments of the training were kept for the first sentence only.
    if (this.film) {
      this.film.stop();
      if (edited) this.film.set((this.moment = this.moments.length - 1));
      for (const part of [this.film.input, this.film.toggle, this.compare]) part.disabled = edited;
    }
    this.edited = edited;
    this.fillWords();
    this.setTokens(words.map((word) => this.vocabulary[word]));
  }

  fillWords() {
    if (this.lists?.length !== this.now.length) {
      this.lists = this.now.map((_, place) => this.wordList(place));
      this.words.replaceChildren(...this.lists, this.remove, this.add);
    }
    this.lists.forEach((list, place) => { list.value = String(this.now[place]); });
    this.add.disabled = this.now.length >= this.data.model.longest;
    this.remove.disabled = this.now.length <= 1;
  }

  wordList(place) {
    const list = html("select", { "aria-label": `Word ${place + 1}`, onchange: () => {
      this.setWords(this.now.map((word, at) => (at === place ? Number(list.value) : word)));
    } });
    let number = 0;
    for (const [kind, words] of this.data.model.vocabulary) {
      list.append(html("optgroup", { label: kind }, ...words.map((word) => html("option", { value: number++ }, word))));
    }
    return list;
  }

  setTokens(tokens) {
    const same = this.tokens?.join("\n") === tokens.join("\n");
    this.tokens = tokens;
    if (this.pinned >= tokens.length) this.pinned = null;
    if (!same && this.width) this.layout(this.width);
    if (!same && this.panel.dataset.tone) this.refresh();
  }

  // -- the weights that are shown

  compute() {
    const trained = this.moment === this.moments.length - 1;
    const run = runLayer(this.model, this.now, this.on);
    this.weights = trained ? run.weights : this.moments[this.moment].weights;
    this.logits = trained ? run.logits : null;
    const chosen = [...this.chosen];
    this.mean = this.tokens.map((_, i) => this.tokens.map((_, j) =>
      chosen.reduce((sum, head) => sum + this.weights[head][i][j] / chosen.length, 0)));
  }

  /** The most probable word for each question, for the word at a place. */
  answersAt(place) {
    const count = this.vocabulary.length;
    return this.data.questions.map((_, question) => {
      const shares = softmax([...this.logits[place].slice(question * count, (question + 1) * count)]);
      const best = shares.indexOf(Math.max(...shares));
      return { word: this.vocabulary[best], share: shares[best] };
    });
  }

  // -- drawing

  layout(width) {
    this.width = width;
    this.matrix.layout(this.tokens, width > 660 ? Math.min(width * 0.55, 440) : width);
    const count = this.tokens.length;
    for (const card of this.cards) {
      card.boxes = range(count * count).map((index) => svg("rect", { width: 1.02, height: 1.02,
        x: index % count, y: Math.floor(index / count), "shape-rendering": "crispEdges" }));
      furnish(card.drawing, { viewBox: `0 0 ${count} ${count}` }, []);
      card.drawing.replaceChildren(...card.boxes);
    }
  }

  draw() {
    this.compute();
    if (!this.matrix.cells) return;
    this.compare && press(this.compare, this.moment === 0);
    this.cards.forEach((card, head) => this.drawCard(card, head));
    const row = this.pointed ?? this.pinned;
    this.matrix.paint(this.mean, () => "");
    this.matrix.frame(row === null ? [] : [row], []);
    this.mapTitle.textContent = this.chosenInWords();
    this.drawAccuracies();
    this.drawAnswers(row);
  }

  drawCard(card, head) {
    const count = this.tokens.length;
    card.boxes.forEach((box, index) =>
      box.setAttribute("fill", mix(VIRIDIS, this.weights[head][Math.floor(index / count)][index % count])));
    const chosen = this.chosen.has(head);
    press(card.map, chosen);
    card.box.checked = this.on[head];
    card.node.classList.toggle("off", !this.on[head]);
  }

  chosenInWords() {
    const heads = [...this.chosen].sort((a, b) => a - b);
    if (heads.length === 0) return "No head is chosen";
    if (heads.length === 1) return this.cards[heads[0]].name;
    return heads.length === this.data.heads ? `Mean of all ${heads.length} heads` : `Mean of heads ${heads.join(", ")}`;
  }

  get off() {
    return range(this.data.heads).filter((head) => !this.on[head]);
  }

  accuracy() {
    return this.ablations[this.off.reduce((sum, head) => sum + 2 ** head, 0)];
  }

  drawAccuracies() {
    const now = this.accuracy();
    const head = ["question", "all heads", this.off.length ? `without ${this.off.join(", ")}` : "now"];
    this.accuracies.replaceChildren(html("table", {},
      html("caption", {}, "Right answers on test sentences"),
      html("thead", {}, html("tr", {}, ...head.map((text) => html("th", { scope: "col" }, text)))),
      html("tbody", {}, ...this.data.questions.map((question, i) => {
        const bar = html("span", { class: "bar", "aria-hidden": "true" });
        bar.style.width = `${60 * now[i]}px`;
        return html("tr", {}, html("th", { scope: "row" }, question),
          html("td", {}, `${Math.round(this.ablations[0][i] * 100)} %`),
          html("td", { class: "share" }, bar, `${Math.round(now[i] * 100)} %`));
      }))));
  }

  drawAnswers(row) {
    if (!this.logits) {
      return this.answers.replaceChildren(html("p", { class: "hint" }, "The answers are those of the trained layer: move the slider to its end."));
    }
    const places = range(this.tokens.length);
    this.answers.replaceChildren(html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table of answers" }, html("table", {},
      html("caption", {}, "What the layer answers at each word"),
      html("thead", {}, html("tr", {}, ...["word", ...this.data.questions].map((text) => html("th", { scope: "col" }, text)))),
      html("tbody", {}, ...places.map((place) => html("tr", { class: place === row ? "on" : "" },
        html("th", { scope: "row" }, this.tokens[place]),
        ...this.answersAt(place).map(({ word, share }) =>
          html("td", { class: share < 0.5 ? "unsure" : "", title: `probability ${fixed(share)}` }, word))))))));
  }

  // -- in words and numbers

  sentence() {
    const parts = [];
    const row = this.pointed ?? this.pinned;
    if (row !== null && this.chosen.size) {
      const best = this.mean[row].indexOf(Math.max(...this.mean[row]));
      parts.push(`${this.chosenInWords()}: “${this.tokens[row]}” attends most to “${this.tokens[best]}”, with ${fixed(this.mean[row][best])}.`);
    } else {
      parts.push(`${this.chosenInWords()}.`);
    }
    if (this.moments.length > 1) parts.push(`Training: ${this.moments[this.moment].name}.`);
    const accuracy = this.accuracy();
    if (this.off.length) {
      const list = `Off: head${this.off.length > 1 ? "s" : ""} ${this.off.join(", ")}`;
      const lost = this.data.questions.filter((_, i) => this.ablations[0][i] - accuracy[i] > 0.1);
      parts.push(`${list}; ${lost.length ? `worse at ${lost.join(", ")}` : "no question gets much worse"}.`);
    }
    return parts.join(" ");
  }

  table() {
    const heads = [...this.chosen].sort((a, b) => a - b);
    return {
      caption: "Attention weights of the chosen heads",
      head: ["head and query", ...this.tokens.map((token) => `to ${token}`)],
      rows: heads.flatMap((head) => this.tokens.map((token, i) =>
        [`${this.cards[head].name}: ${token}`, ...this.weights[head][i].map((x) => plain(x, 3))])),
    };
  }

  state() {
    return { tokens: this.tokens, moment: this.moments[this.moment].name, chosen: [...this.chosen],
      off: this.off, weights: this.weights.map((head) => head.map((row) => [...row])),
      answers: this.logits ? this.tokens.map((_, place) => this.answersAt(place)) : null, accuracy: [...this.accuracy()] };
  }

  drawings() {
    return [this.matrix.drawing];
  }
}

const Kind = HeadExplorer;
