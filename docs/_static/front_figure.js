// The figure of the front page: a network learns XOR, moment by moment.
//
// docs/_ext/front_figure.py put the last moment into the page, as a still picture. It stays
// until a reader asks for another moment; nothing plays by itself.

const figure = document.querySelector(".front-figure");
const { epochs, losses, numbers, shades, plane } = JSON.parse(figure.dataset.moments);
const last = epochs.length - 1;

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

// The parameters stand in the order of torch: the weights of the four hidden units, their
// biases, their weights to the output, and its bias.
function answer(row, x1, x2) {
  let sum = row[16];
  for (let unit = 0; unit < 4; unit++) {
    const z = row[2 * unit] * x1 + row[2 * unit + 1] * x2 + row[8 + unit];
    sum += row[12 + unit] * sigmoid(z);
  }
  return sigmoid(sum);
}

// Colour each cell by the answer in its middle; black, where a neighbour is on the other
// side of one half.
function paint(canvas, row) {
  const side = canvas.width;
  const [low, high] = plane;
  const at = (cell) => low + ((cell + 0.5) / side) * (high - low);
  const answers = [];
  for (let cell = 0; cell < side * side; cell++) {
    answers.push(answer(row, at(cell % side), at(side - 1 - Math.floor(cell / side))));
  }
  const picture = new ImageData(side, side);
  answers.forEach((share, cell) => {
    const right = cell % side < side - 1 ? answers[cell + 1] : share;
    const below = answers[cell + side] ?? share;
    const edge = [right, below].some((other) => other > 0.5 !== share > 0.5);
    const colour = shades.at(edge ? -1 : Math.round(share * (shades.length - 2)));
    picture.data.set([...colour, 255], 4 * cell);
  });
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

function start() {
  const [button, slider] = figure.querySelectorAll("button, input");
  const says = figure.querySelector(".front-says");
  const mark = figure.querySelector(".here");
  const picture = figure.querySelector("img");
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = picture.getAttribute("width"); // not that on the screen
  let timer = null;

  function show(moment) {
    const row = numbers[moment];
    paint(canvas, row);
    picture.replaceWith(canvas);
    mark.setAttribute("d", `M${epochs[moment]} ${losses[moment]}h0`);
    const right = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]].filter(
      ([x1, x2, target]) => answer(row, x1, x2) > 0.5 === (target === 1)
    ).length;
    slider.value = moment;
    slider.setAttribute("aria-valuetext", String(epochs[moment]));
    says.textContent = `Epoch ${epochs[moment]}: loss ${losses[moment].toFixed(3)}, ${right} of 4 points right.`;
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    button.textContent = "▶ Play";
    says.setAttribute("aria-live", "polite"); // a film would talk without end
  }

  // Those who asked for less motion get slow steps instead of a film.
  function play() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let moment = Number(slider.value) === last ? 0 : Number(slider.value);
    button.textContent = "❚❚ Pause";
    says.setAttribute("aria-live", "off");
    show(moment);
    timer = setInterval(() => {
      moment = Math.min(moment + (calm ? 7 : 1), last);
      if (moment === last) stop();
      show(moment);
    }, calm ? 1000 : 80);
  }

  button.addEventListener("click", () => (timer ? stop() : play()));
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  figure.classList.add("live");
}

requestAnimationFrame(() => setTimeout(start)); // once the first frame has been painted
