// What all explorers share: building elements, controls, the frame around a figure,
// and what the frame offers (a sentence, a table, copies). It is put in front of the
// script of each kind; ELEMENT, STYLE and TITLE are defined above it.

// -- elements and numbers

/** Set attributes and listeners (names that begin with "on"), and add children. */
function furnish(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  // Strings become text nodes: whatever a token holds, it is never read as HTML.
  node.append(...children);
  return node;
}

const html = (name, properties = {}, ...children) =>
  furnish(document.createElement(name), properties, children);

const svg = (name, properties = {}, ...children) =>
  furnish(document.createElementNS("http://www.w3.org/2000/svg", name), properties, children);

/** Write a number with a fixed number of digits, never as -0.00. */
function fixed(number, digits = 2) {
  if (!Number.isFinite(number)) return number < 0 ? "−∞" : "∞";
  const text = number.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** The form for tables and copies: a plain hyphen, so that other programs can read it. */
const plain = (number, digits = 4) => fixed(number, digits).replace("−", "-").replace("∞", "inf");

const range = (count) => Array.from({ length: count }, (_, index) => index);

/** Cut a long token; by code points, so that no emoji is cut in two. */
function shorten(text, length) {
  const points = [...text];
  return points.length > length ? points.slice(0, length - 1).join("") + "…" : text;
}

/** Turn packed numbers (see _packing.py) into an array: integers times a step. */
function unpack({ packed, bytes, step }) {
  const raw = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  if (!step) return Float64Array.from(new Float32Array(raw.buffer));
  const numbers = new Float64Array(raw.length / bytes);
  for (let index = 0; index < numbers.length; index++) {
    const at = Math.floor(index * bytes);
    let integer = raw[at];
    if (bytes === 2) integer += raw[at + 1] * 256;
    if (bytes === 1.5) integer = index % 2 ? (raw[at] % 16) * 256 + raw[at + 1] : raw[at] * 16 + (raw[at + 1] >> 4);
    if (integer >= 2 ** (8 * bytes - 1)) integer -= 2 ** (8 * bytes);
    numbers[index] = integer * step;
  }
  return numbers;
}

/** Cut a flat array into rows of a length. */
const rowsOf = (flat, length) =>
  range(flat.length / length).map((row) => flat.slice(row * length, (row + 1) * length));

/** A colour between stops, for a share from 0 to 1. */
function mix(stops, share) {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const part = place - low;
  const channels = stops[low].map((from, i) => Math.round(from + (stops[low + 1][i] - from) * part));
  return `rgb(${channels.join(",")})`;
}

/** A softmax; a row of nothing but minus infinity gives zeros, not NaN. */
function softmax(scores) {
  const largest = Math.max(...scores);
  if (largest === -Infinity) return scores.map(() => 0);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

// -- controls

const button = (text, onclick, properties = {}) =>
  html("button", { type: "button", onclick, ...properties }, text);

function press(node, pressed) {
  node.setAttribute("aria-pressed", String(pressed));
}

function checkbox(text, checked, onchange) {
  const box = html("input", { type: "checkbox", onchange: () => onchange(box.checked) });
  box.checked = checked;
  return { node: html("label", { class: "check" }, box, text), box };
}

/** A list to choose from; options are [value, text]. */
function choice(text, options, value, onchange) {
  const list = html("select", { "aria-label": text, onchange: () => onchange(list.value) });
  for (const [key, name] of options) list.append(html("option", { value: key }, name));
  list.value = value;
  return { node: html("label", { class: "choice" }, text, list), list };
}

/** A slider with its name and its value; `show` says how the value is written. */
function slider(text, { min, max, step, value, show = (x) => fixed(x) }, oninput) {
  const shown = html("output", {}, show(value));
  const input = html("input", { type: "range", min, max, step, oninput: () => {
    set(Number(input.value));
    oninput(Number(input.value));
  } });
  function set(next) {
    input.value = next;
    shown.textContent = show(next);
    input.setAttribute("aria-valuetext", show(next));
  }
  set(value);
  return { node: html("label", { class: "slider" }, html("span", {}, text), input, shown), input, set };
}

/**
 * A slider through `count` moments with a button that plays them.
 *
 * Nothing starts by itself. Readers who asked for less motion get ten slow steps
 * instead of a film.
 */
function player(text, count, show, go) {
  let timer = null;
  let at = 0;
  const scrub = slider(text, { min: 0, max: count - 1, step: 1, value: 0, show }, (next) => {
    stop();
    go((at = next));
  });
  const toggle = button("▶ Play", () => (timer ? stop() : start()), { class: "play" });

  function start() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const stride = Math.max(1, Math.round((count - 1) / (calm ? 10 : 120)));
    const pause = calm ? 1000 : Math.max(40, 4000 / count);
    if (at >= count - 1) at = -stride;
    toggle.textContent = "❚❚ Pause";
    timer = setInterval(() => {
      set(Math.min(at + stride, count - 1));
      go(at);
      if (at >= count - 1) stop();
    }, pause);
  }

  function stop() {
    if (!timer) return;
    clearInterval(timer);
    timer = null;
    toggle.textContent = "▶ Play";
    go(at);
  }

  function set(next) {
    scrub.set((at = next));
  }

  return {
    node: html("div", { class: "player" }, toggle, scrub.node),
    set, stop, input: scrub.input, toggle,
    get playing() { return timer !== null; },
  };
}

// -- copies

/** Hand a text to the reader as a file. */
function saveAs(name, type, text) {
  const link = html("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const INKED = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity",
  "opacity", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline",
  "paint-order", "display", "visibility",
];

/** Copy a drawing with its colours written out, since a file has no style sheet. */
function inked(drawing) {
  const copy = drawing.cloneNode(true);
  const from = [drawing, ...drawing.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((node, index) => {
    const style = getComputedStyle(node);
    for (const name of INKED) to[index].setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "tabindex", "role"]) to[index].removeAttribute(name);
  });
  return copy;
}

/** One SVG file of several drawings, one below the other. */
function svgFile(drawings, title, paper) {
  const sizes = drawings.map((drawing) => drawing.getBoundingClientRect());
  const width = Math.ceil(Math.max(...sizes.map((size) => size.width)));
  const height = Math.ceil(sizes.reduce((sum, size) => sum + size.height, 0));
  const file = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` },
    svg("title", {}, title), svg("rect", { width, height, fill: paper }));
  let y = 0;
  drawings.forEach((drawing, index) => {
    const copy = inked(drawing);
    furnish(copy, { y, width: sizes[index].width, height: sizes[index].height }, []);
    file.append(copy);
    y += sizes[index].height;
  });
  return new XMLSerializer().serializeToString(file);
}

// -- the frame

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);

/**
 * The frame of a figure. A kind of figure defines
 *
 * - build(): make its parts, put them into this.controls and this.stage;
 * - draw(): show the current state;
 * - layout(width): optional, make the drawings anew for a width in pixels;
 * - sentence(): say in words what is selected;
 * - table(): return {caption, head, rows} with the numbers behind the figure;
 * - state(): return what the JSON file holds;
 * - drawings(): return the SVG elements of the SVG file;
 * - reset(): go back to how it began.
 */
class Explorer extends HTMLElement {
  connectedCallback() {
    // JupyterLab keeps its one-letter commands away from what carries this.
    this.setAttribute("data-lm-suppress-shortcuts", "true");
    if (this.shadowRoot) return this.watch();
    // The page is painted first; until then, the table inside the element is shown.
    requestAnimationFrame(() => setTimeout(() => this.shadowRoot || this.begin()));
  }

  disconnectedCallback() {
    this.film?.stop();
    this.watching?.forEach((stop) => stop());
  }

  begin() {
    const root = this.attachShadow({ mode: "open" });
    try {
      this.data = JSON.parse(this.getAttribute("data"));
      root.adoptedStyleSheets = [SHEET];
      // Arrow keys and one-letter commands of the page must not see what is typed here.
      root.addEventListener("keydown", (event) => event.stopPropagation());
      this.frame(root);
      this.build();
      this.watch();
      this.refresh();
    } catch (error) {
      // The table inside the element is what is left, and it can be read.
      root.replaceChildren(html("slot"));
      console.error(error);
    }
  }

  frame(root) {
    this.controls = html("div", { class: "controls" });
    this.stage = html("div", { class: "stage" });
    this.says = html("p", { class: "says", role: "status" });
    this.numbers = html("table");
    this.details = html("details", { class: "numbers", ontoggle: () => this.fillTable() },
      html("summary", {}, "The numbers behind this figure"),
      html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table of numbers" }, this.numbers));
    const tools = html("div", { class: "tools" },
      button("Copy the numbers", (event) => this.copy(event.currentTarget)),
      button("Save as SVG", () => saveAs(`${TITLE}.svg`, "image/svg+xml", this.toSVG())),
      button("Save as JSON", () => saveAs(`${TITLE}.json`, "application/json", this.toJSONText())),
      button("Reset", () => { this.film?.stop(); this.reset(); this.refresh(); }, { class: "reset" }));
    // Not a section: a page with two figures would have two landmarks of one name.
    this.panel = html("div", { class: "explorer", role: "group", "aria-label": TITLE },
      html("p", { class: "title" }, html("strong", {}, TITLE)),
      this.controls, this.stage, this.says, this.details, tools);
    root.append(this.panel);
  }

  /** Follow the theme and the width of the page while the figure is part of it. */
  watch() {
    const tone = () => {
      // The panel's own colour scheme follows from this; the element has none.
      const channels = getComputedStyle(this).backgroundColor.match(/[\d.]+/g).map(Number);
      this.panel.dataset.tone = channels[0] + channels[1] + channels[2] < 384 ? "dark" : "light";
    };
    tone();
    const themes = new MutationObserver(tone);
    for (const node of [document.documentElement, document.body]) themes.observe(node, { attributes: true });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", tone);
    let known = 0;
    const sizes = new ResizeObserver(() => {
      const width = this.stage.clientWidth;
      if (!this.layout || width === known || !width) return;
      known = width;
      this.layout(width);
      this.refresh();
    });
    sizes.observe(this.stage);
    this.watching = [
      () => themes.disconnect(), () => sizes.disconnect(),
      () => system.removeEventListener("change", tone),
    ];
  }

  /** Show the current state everywhere. */
  refresh() {
    this.draw();
    // A film would talk without end: the sentence is spoken when it stops.
    this.says.setAttribute("aria-live", this.film?.playing ? "off" : "polite");
    const sentence = this.sentence();
    if (this.says.textContent !== sentence) this.says.textContent = sentence;
    this.fillTable();
  }

  fillTable() {
    if (!this.details.open) return;
    const { caption, head, rows } = this.table();
    this.numbers.replaceChildren(
      html("caption", {}, caption),
      html("thead", {}, html("tr", {}, ...head.map((text) => html("th", { scope: "col" }, text)))),
      html("tbody", {}, ...rows.map(([label, ...cells]) => html("tr", {},
        html("th", { scope: "row" }, label), ...cells.map((text) => html("td", {}, text))))));
  }

  toTSV() {
    const { head, rows } = this.table();
    const clean = (text) => String(text).replace(/[\t\n\r]/g, " ");
    return [head, ...rows].map((row) => row.map(clean).join("\t")).join("\n");
  }

  toSVG() {
    return svgFile(this.drawings(), TITLE, getComputedStyle(this.panel).backgroundColor);
  }

  toJSONText() {
    return JSON.stringify(this.state(), null, 1);
  }

  async copy(pressed) {
    try {
      await navigator.clipboard.writeText(this.toTSV());
      pressed.textContent = "Copied";
    } catch {
      // No clipboard here: open the table and select it, Ctrl+C does the rest.
      this.details.open = true;
      this.fillTable();
      getSelection().selectAllChildren(this.numbers);
      pressed.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => { pressed.textContent = "Copy the numbers"; }, 3000);
  }
}
