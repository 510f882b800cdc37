// A picture, its feature map and the pooled map: under the mouse, a finger or the arrow keys, any output shows the patch
// it came from and its arithmetic, without asking Python. All values are NumPy's, sent as `data` by pages/ui/patch.py;
// here they are looked up, multiplied and added.

const elements = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!elements.has(parentElement)) elements.set(parentElement, new Element(parentElement));
  elements.get(parentElement).update(data, (place) => setTriggerValue("chosen", place));
  return () => {
    elements.get(parentElement)?.root.remove();
    elements.delete(parentElement);
  };
}

class Element {
  constructor(parent) {
    this.root = make("div", "patch", parent);
    const row = make("div", "patch-pictures", this.root);
    this.input = new Picture(row, "input");
    this.map = new Picture(row, "map");
    this.pooled = new Picture(row, "pooled");
    this.cells = make("div", "patch-cells", this.root);
    this.sum = make("p", "patch-sum", this.root);
    this.sum.setAttribute("role", "status");
    this.listen(this.map);
    this.listen(this.pooled);
  }

  update(data, choose) {
    const { words, map, pooling } = data;
    Object.assign(this, { data, choose, chosen: data.chosen });
    this.map.values = map;
    this.pooled.values = pooling?.values;
    this.pooled.box.hidden = !pooling;
    this.root.style.setProperty("--patch-window", data.colours.window);
    this.root.style.setProperty("--patch-output", data.colours.output);
    this.input.paint(padded(data), words.input, (value) => (value === null ? [0, 0, 0, 0] : grey(value / 255)));
    this.map.paint(map, words.map, shades(map, data.colours));
    if (pooling) this.pooled.paint(pooling.values, words.pooled, shades(pooling.values, data.colours));
    // What the pointer is over stays so while Python answers, if it is still there.
    if (this.live && !within(this.live)) this.live = null;
    this.show();
  }

  listen(picture) {
    const { canvas } = picture;
    const go = (event) => {
      this.live = { picture, ...picture.place(event) };
      this.show();
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      go(event);
    });
    canvas.addEventListener("pointermove", go);
    canvas.addEventListener("pointerup", (event) => {
      go(event);
      this.choosePixel();
    });
    canvas.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.leave();
    });
    canvas.addEventListener("blur", () => this.leave());
    canvas.addEventListener("keydown", (event) => this.press(event, picture));
  }

  // Back to the chosen pixel.
  leave() {
    this.live = null;
    this.show();
  }

  press(event, picture) {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Enter" || event.key === " ") this.choosePixel();
    else if (event.key in steps) {
      const from = this.live?.picture === picture ? this.live : this.start(picture);
      const [down, right] = steps[event.key];
      const row = clamp(from.row + down, picture.values.length);
      const column = clamp(from.column + right, picture.values[0].length);
      this.live = { picture, row, column };
      this.show();
    } else return;
    event.preventDefault();
  }

  // Where the keyboard begins: the chosen pixel, or the first window that holds it.
  start(picture) {
    if (picture === this.map) return { picture, row: this.chosen[0], column: this.chosen[1] };
    const { stride, values } = this.data.pooling;
    const at = (place, count) => clamp(Math.floor(place / stride), count);
    return { picture, row: at(this.chosen[0], values.length), column: at(this.chosen[1], values[0].length) };
  }

  // A pixel of the map goes to Python. Of the pooled map, the value is chosen that its window is represented by.
  choosePixel() {
    if (!this.live) return;
    let { picture, row, column } = this.live;
    if (picture === this.pooled) [row, column] = strongest(this.map.values, this.poolWindow(row, column));
    this.chosen = [row, column];
    this.choose([row, column]);
  }

  convolutionWindow(row, column, rows = 1, columns = 1) {
    const { stride, kernel } = this.data;
    return [row * stride, column * stride, (rows - 1) * stride + kernel.length, (columns - 1) * stride + kernel.length];
  }

  poolWindow(row, column) {
    const { stride, size } = this.data.pooling;
    return [row * stride, column * stride, size, size];
  }

  show() {
    const { picture, row, column } = this.live ?? this.start(this.map);
    const pooling = picture === this.pooled;
    const window = pooling ? this.poolWindow(row, column) : [row, column, 1, 1];
    this.map.outline(window, "output");
    this.input.outline(this.convolutionWindow(...window), "window");
    this.pooled.outline(pooling ? [row, column, 1, 1] : null, "output");
    if (pooling) this.showPooling(row, column, window);
    else this.showSum(row, column);
  }

  showSum(row, column) {
    const { kernel, bias, colours, activation, words } = this.data;
    const [top, left, size] = this.convolutionWindow(row, column);
    const seen = this.input.values;
    const patch = kernel.map((weights, i) => weights.map((_, j) => seen[top + i][left + j] ?? 0));
    const products = kernel.map((weights, i) => weights.map((weight, j) => weight * patch[i][j]));
    const total = products.flat().reduce((sum, product) => sum + product, 0);
    this.layCells([
      [words.patch, patch, (value) => grey(value / 255), ""],
      [words.kernel, kernel, shades(kernel, colours, true), "×"],
      [words.products, products, shades(products, colours, true), "="],
    ]);
    const value = this.map.values[row][column];
    const z = `${number(total)} + ${bracket(bias)} = ${number(total + bias)}`;
    this.say(`row ${row}, column ${column}`, `Σ w·x + b = ${z}`, `${activation}(${number(total + bias)}) = `, value, size);
  }

  showPooling(row, column, [top, left, size]) {
    const { kind, values } = this.data.pooling;
    const window = this.map.values.slice(top, top + size).map((cells) => cells.slice(left, left + size));
    this.layCells([[this.data.words.window, window, shades(this.map.values, this.data.colours), ""]]);
    const all = window.flat();
    const total = all.reduce((sum, cell) => sum + (kind === "l2" ? cell * cell : cell), 0);
    const how = {
      max: `the largest of ${all.length} = `,
      average: `${number(total)} / ${all.length} = `,
      l2: `√(sum of squares ${number(total)}) = `,
    };
    this.say(`pooled row ${row}, column ${column}`, "", how[kind], values[row][column], size);
  }

  say(place, sum, last, value, size) {
    this.sum.replaceChildren();
    this.root.dataset.size = size;
    make("span", "patch-place", this.sum).textContent = place;
    if (sum) make("span", "patch-total", this.sum).textContent = sum;
    make("span", "patch-value", this.sum).append(last, Object.assign(document.createElement("b"), { textContent: number(value) }));
  }

  // Small pictures with their numbers: [title, values, colour of a value, sign before it]. Made anew only for others.
  layCells(grids) {
    const shape = grids.map(([title, values]) => [title, values.length]).join();
    if (shape !== this.laid) {
      this.laid = shape;
      this.cells.replaceChildren();
      this.grids = grids.map(([title, values, , sign]) => {
        if (sign) make("span", "patch-sign", this.cells).textContent = sign;
        const box = make("div", "patch-grid", this.cells);
        box.style.setProperty("--patch-side", values.length);
        make("div", "patch-title", box).textContent = title;
        const grid = make("div", "patch-numbers", box);
        grid.style.gridTemplateColumns = `repeat(${values.length}, minmax(0, 1fr))`;
        return values.flat().map(() => make("span", "", grid));
      });
    }
    grids.forEach(([, values, colour], which) => {
      values.flat().forEach((value, i) => {
        const [red, green, blue] = colour(value);
        const cell = this.grids[which][i];
        cell.textContent = short(value);
        cell.style.background = `rgb(${red},${green},${blue})`;
        cell.style.color = 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? "#000" : "#fff";
      });
    });
  }
}

class Picture {
  constructor(row, name) {
    this.box = make("figure", `patch-picture patch-${name}`, row);
    this.title = make("figcaption", "", this.box);
    this.frame = make("div", "patch-frame", this.box);
    this.canvas = make("canvas", "", this.frame);
    this.mark = make("i", "", this.frame);
    if (name !== "input") this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", name === "input" ? "img" : "application");
  }

  paint(values, words, colour) {
    this.values = values;
    this.title.textContent = words.title;
    this.canvas.setAttribute("aria-label", words.alt);
    Object.assign(this.canvas, { width: values[0].length, height: values.length });
    const image = this.canvas.getContext("2d").createImageData(values[0].length, values.length);
    values.flat().forEach((value, i) => {
      const [red, green, blue, alpha] = colour(value);
      image.data.set([red, green, blue, alpha ?? 255], 4 * i);
    });
    this.canvas.getContext("2d").putImageData(image, 0, 0);
  }

  place(event) {
    const area = this.canvas.getBoundingClientRect();
    const row = clamp(Math.floor(((event.clientY - area.top) / area.height) * this.values.length), this.values.length);
    const columns = this.values[0].length;
    return { row, column: clamp(Math.floor(((event.clientX - area.left) / area.width) * columns), columns) };
  }

  outline(window, kind) {
    this.mark.hidden = !window;
    this.mark.className = `patch-mark patch-mark-${kind}`;
    if (!window) return;
    const [row, column, rows, columns] = window;
    const [down, across] = [100 / this.values.length, 100 / this.values[0].length];
    const place = { top: row * down, left: column * across, height: rows * down, width: columns * across };
    for (const [side, share] of Object.entries(place)) this.mark.style[side] = `${share}%`;
  }
}

// The picture with the border of zeros that padding puts around it, as null.
function padded({ input, border }) {
  const [[top, bottom], [left, right]] = border;
  const width = input[0].length + left + right;
  const empty = (rows) => Array.from({ length: rows }, () => Array(width).fill(null));
  const rows = input.map((row) => [...Array(left).fill(null), ...row, ...Array(right).fill(null)]);
  return [...empty(top), ...rows, ...empty(bottom)];
}

// Grey from 0 to the largest where nothing is negative, else from one colour through white to the other.
function shades(values, { negative, zero, positive }, always = false) {
  const all = values.flat();
  const largest = Math.max(...all.map(Math.abs)) || 1;
  if (!always && all.every((value) => value >= 0)) return (value) => grey(value / largest);
  const [low, middle, high] = [negative, zero, positive].map(channels);
  return (value) => {
    const share = Math.min(1, Math.abs(value) / largest);
    return middle.map((channel, i) => Math.round(channel + share * ((value < 0 ? low : high)[i] - channel)));
  };
}

const grey = (share) => Array(3).fill(Math.round(255 * Math.max(0, Math.min(1, share))));
const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const clamp = (place, count) => Math.max(0, Math.min(count - 1, place));
const within = ({ picture, row, column }) => picture.values?.[row]?.[column] !== undefined;

function strongest(values, [top, left, rows, columns]) {
  let best = [top, left];
  for (let row = top; row < top + rows; row++) {
    for (let column = left; column < left + columns; column++) if (values[row][column] > values[best[0]][best[1]]) best = [row, column];
  }
  return best;
}

// Five significant digits and a true minus sign.
const number = (value) => String(Number(value.toPrecision(5))).replace("-", "−");
const bracket = (value) => (value < 0 ? `(${number(value)})` : number(value));

// About five characters for a cell.
function short(value) {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return (Number(value.toFixed(digits)) + 0).toFixed(digits).replace("-", "−");
}

function make(tag, name, parent) {
  const made = document.createElement(tag);
  made.className = name;
  parent.appendChild(made);
  return made;
}
