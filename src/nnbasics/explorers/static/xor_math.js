// The XOR network and its training, with plain arrays.
//
// The parameters stand in one array, in the order of torch's state_dict: the weights of
// the hidden layer (two for each unit), its biases, the weights of the output, its bias.

const POINTS = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]; // two inputs, target

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

// Each activation with its slope, written in terms of what came out.
const ACTIVATIONS = {
  sigmoid: { of: sigmoid, slope: (a) => a * (1 - a) },
  tanh: { of: Math.tanh, slope: (a) => 1 - a * a },
  relu: { of: (z) => Math.max(z, 0), slope: (a) => (a > 0 ? 1 : 0) },
};

/** Compute what flows through the network for one input. */
function forward(numbers, hidden, activation, x1, x2) {
  const { of } = ACTIVATIONS[activation];
  const sums = [];
  const activations = [];
  let sum = numbers[4 * hidden];
  for (let unit = 0; unit < hidden; unit++) {
    const z = numbers[2 * unit] * x1 + numbers[2 * unit + 1] * x2 + numbers[2 * hidden + unit];
    sums.push(z);
    activations.push(of(z));
    sum += numbers[3 * hidden + unit] * activations[unit];
  }
  return { sums, activations, sum, output: sigmoid(sum) };
}

/** The mean squared error over the four points, and its gradient. */
function slopes(numbers, hidden, activation) {
  const { slope } = ACTIVATIONS[activation];
  const gradient = new Float64Array(numbers.length);
  let loss = 0;
  for (const [x1, x2, target] of POINTS) {
    const { activations, output } = forward(numbers, hidden, activation, x1, x2);
    loss += (output - target) ** 2 / 4;
    const atSum = (2 * (output - target) / 4) * output * (1 - output);
    gradient[4 * hidden] += atSum;
    for (let unit = 0; unit < hidden; unit++) {
      gradient[3 * hidden + unit] += atSum * activations[unit];
      const atUnit = atSum * numbers[3 * hidden + unit] * slope(activations[unit]);
      gradient[2 * unit] += atUnit * x1;
      gradient[2 * unit + 1] += atUnit * x2;
      gradient[2 * hidden + unit] += atUnit;
    }
  }
  return { loss, gradient };
}

/** Train by gradient descent; return the parameters and the loss before each step. */
function train(start, hidden, activation, rate, epochs) {
  const numbers = [Float64Array.from(start)];
  const losses = [];
  for (let epoch = 0; epoch <= epochs; epoch++) {
    const { loss, gradient } = slopes(numbers[epoch], hidden, activation);
    losses.push(loss);
    if (epoch < epochs) numbers.push(numbers[epoch].map((number, i) => number - rate * gradient[i]));
  }
  return { numbers, losses };
}

/** Fill in the epochs between the copies that were kept during a real training. */
function between(copies, hidden, rate, epochs) {
  const numbers = [];
  copies.forEach(({ epoch, values }, index) => {
    const until = index + 1 < copies.length ? copies[index + 1].epoch : epochs + 1;
    numbers.push(...train(values, hidden, "sigmoid", rate, until - epoch - 1).numbers);
  });
  return { numbers, losses: numbers.map((values) => slopes(values, hidden, "sigmoid").loss) };
}

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The start for a number of hidden units.
 *
 * Units that the page's own start has keep their numbers; further ones are drawn as
 * PyTorch draws them. A seed other than 0 draws all of them.
 */
function startFor(hidden, own, seed) {
  const random = dice(seed * 1000 + hidden);
  const draw = (bound) => (2 * random() - 1) * bound;
  const had = seed ? 0 : own.hidden;
  const pick = (place, unit, bound) => (unit < had ? own.values[place(own.hidden)] : draw(bound));
  const units = range(hidden);
  return Float64Array.from([
    ...units.flatMap((unit) => [0, 1].map((side) => pick(() => 2 * unit + side, unit, Math.SQRT1_2))),
    ...units.map((unit) => pick((h) => 2 * h + unit, unit, Math.SQRT1_2)),
    ...units.map((unit) => pick((h) => 3 * h + unit, unit, hidden ** -0.5)),
    pick((h) => 4 * h, 0, hidden ** -0.5),
  ]);
}
