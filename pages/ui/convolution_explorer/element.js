// An image, a feature map and perhaps a pooled map: under the mouse, a finger or the arrow keys, every output shows its
// receptive field and its arithmetic, without asking Python. element.py sends all values as `data`; here they are looked
// up, multiplied and added.

const elements = new WeakMap();
const NUMBERED_SIDE = 7; // cells of larger patches are too small for their numbers

export default function ({ data, parentElement, setTriggerValue }) {
  if (!elements.has(parentElement)) elements.set(parentElement, new Element(parentElement));
  elements.get(parentElement).update(unpacked(data), setTriggerValue);
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
    this.channels = new Channels(this.root, (channel) => this.peekAt(channel), (channel) => this.send("channel", channel));
    this.sum = make("p", "patch-sum", this.root);
    this.sum.setAttribute("role", "status");
    this.listen(this.map);
    this.listen(this.pooled);
  }

  update(data, send) {
    const { words, map, pooling, colours } = data;
    Object.assign(this, { data, send, chosen: data.chosen, peek: null });
    this.map.values = map;
    this.pooled.values = pooling?.values;
    this.pooled.box.hidden = !pooling;
    this.root.classList.toggle("patch-jumpy", Boolean(pooling));
    this.root.style.setProperty("--patch-window", colours.window);
    this.root.style.setProperty("--patch-output", colours.output);
    this.around = margins(data);
    const picture = padded(data.input, this.around);
    this.input.paint(picture, words.input, (value) => (value === null ? [0, 0, 0, 0] : grey(value / 255)));
    this.ofMap = shades(map, colours);
    this.ofSeen = shades(data.seen.flat(), colours, { largest: data.white });
    this.map.paint(map, words.map, this.ofMap);
    if (pooling) this.pooled.paint(pooling.values, words.pooled, shades(pooling.values, colours));
    // The pixel under the pointer stays while Python answers, if it still exists.
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

  // Show the chosen pixel again.
  leave() {
    this.live = null;
    this.show();
  }

  peekAt(channel) {
    this.peek = channel;
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

  // The pixel where the keyboard begins: the chosen one, or the first window that holds it.
  start(picture) {
    if (picture === this.map) return { picture, row: this.chosen[0], column: this.chosen[1] };
    const { stride, values } = this.data.pooling;
    const at = (place, count) => clamp(Math.floor(place / stride), count);
    return { picture, row: at(this.chosen[0], values.length), column: at(this.chosen[1], values[0].length) };
  }

  // Send a pixel of the map to Python; for a pooled pixel, that of its window which represents it.
  choosePixel() {
    if (!this.live) return;
    let { picture, row, column } = this.live;
    if (picture === this.pooled) [row, column] = strongest(this.map.values, this.poolWindow(row, column));
    this.chosen = [row, column];
    this.send("chosen", [row, column]);
  }

  // The receptive field of a part of the map, in the image with its border.
  field(row, column, rows = 1, columns = 1) {
    const { field, jump } = this.data;
    const first = [field[0] + row * jump[0] + this.around[0][0], field[1] + column * jump[1] + this.around[1][0]];
    return [...first, (rows - 1) * jump[0] + field[2], (columns - 1) * jump[1] + field[3]];
  }

  // The patch of the layer's input that a pixel of the map sees.
  window(row, column) {
    const { strides, size } = this.data;
    return [row * strides[0], column * strides[1], ...size];
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
    this.input.outline(this.field(...window), "window");
    this.pooled.outline(pooling ? [row, column, 1, 1] : null, "output");
    const { kind, values } = this.data.pooling ?? {};
    if (pooling) this.showPooling(`pooled row ${row}, column ${column}`, cut(this.map.values, window), kind, values[row][column]);
    else if (this.data.kernel) this.showSum(row, column);
    else {
      const seen = cut(this.data.seen[0], this.window(row, column));
      this.showPooling(`row ${row}, column ${column}`, seen, this.data.kind, this.map.values[row][column]);
    }
  }

  showSum(row, column) {
    const { bias, colours, activation, words, seen } = this.data;
    const sums = this.data.sums[row][column];
    const channel = this.peek ?? this.data.channel ?? largest(sums);
    const several = sums.length > 1 ? `, map ${channel}` : "";
    const [kernel, patch] = [this.data.kernel[channel], cut(seen[channel], this.window(row, column))];
    const products = kernel.map((weights, i) => weights.map((weight, j) => weight * patch[i][j]));
    const total = sums.reduce((sum, part) => sum + part, 0);
    this.layCells([
      [words.patch + several, patch, this.ofSeen, ""],
      [words.kernel + several, kernel, shades(kernel, colours, { signed: true }), "×"],
      [words.products, products, shades(products, colours, { signed: true }), "="],
    ]);
    this.channels.show(sums, channel, words.sums, shades([sums], colours, { signed: true }));
    const z = `${number(total)} + ${bracket(bias)} = ${number(total + bias)}`;
    const value = this.map.values[row][column];
    this.say(`row ${row}, column ${column}`, `${words.total} = ${z}`, `${activation}(${number(total + bias)}) = `, value);
  }

  showPooling(place, window, kind, value) {
    this.layCells([[this.data.words.window, window, this.data.kernel ? this.ofMap : this.ofSeen, ""]]);
    this.channels.hide();
    const all = window.flat().filter((cell) => !Number.isNaN(cell)); // a pool sees nothing of a border
    const total = all.reduce((sum, cell) => sum + (kind === "l2" ? cell * cell : cell), 0);
    const how = {
      max: `the largest of ${all.length} = `,
      average: `${number(total)} / ${all.length} = `,
      l2: `√(sum of squares ${number(total)}) = `,
    };
    this.say(place, "", how[kind], value);
  }

  say(place, sum, last, value) {
    this.sum.replaceChildren();
    make("span", "patch-place", this.sum).textContent = place;
    if (sum) make("span", "patch-total", this.sum).textContent = sum;
    make("span", "patch-value", this.sum).append(last, Object.assign(document.createElement("b"), { textContent: number(value) }));
  }

  // Small pictures with numbers: [title, values, colour of a value, sign before it]. Made anew only for another size.
  layCells(grids) {
    const shape = grids.map(([, values]) => `${values.length}x${values[0].length}`).join();
    if (shape !== this.laid) {
      this.laid = shape;
      this.cells.replaceChildren();
      this.grids = grids.map(([, values, , sign]) => {
        if (sign) make("span", "patch-sign", this.cells).textContent = sign;
        const box = make("div", values.length > NUMBERED_SIDE ? "patch-grid patch-fine" : "patch-grid", this.cells);
        box.style.setProperty("--patch-side", values[0].length);
        const title = make("div", "patch-title", box);
        const grid = make("div", "patch-numbers", box);
        grid.style.gridTemplateColumns = `repeat(${values[0].length}, minmax(0, 1fr))`;
        return { title, cells: values.flat().map(() => make("span", "", grid)) };
      });
    }
    grids.forEach(([words, values, colour], which) => {
      this.grids[which].title.textContent = words;
      values.flat().forEach((value, i) => paintCell(this.grids[which].cells[i], value, colour, values.length <= NUMBERED_SIDE));
    });
  }
}

// The sum of products of each input map: if there are several, the mouse chooses the one whose patch is shown.
class Channels {
  constructor(parent, peek, choose) {
    this.box = make("div", "patch-channels", parent);
    this.title = make("div", "patch-title", this.box);
    this.row = make("div", "patch-channel-row", this.box);
    this.row.addEventListener("pointerleave", () => peek(null));
    Object.assign(this, { cells: [], peek, choose });
  }

  hide() {
    this.box.hidden = true;
  }

  show(sums, shown, words, colour) {
    this.box.hidden = sums.length < 2;
    this.title.textContent = words;
    if (this.cells.length !== sums.length) this.layOut(sums.length);
    this.cells.forEach(({ cell, value }, channel) => {
      cell.classList.toggle("patch-shown", channel === shown);
      cell.setAttribute("aria-label", `map ${channel}: ${number(sums[channel])}`);
      paintCell(value, sums[channel], colour, true);
    });
  }

  layOut(count) {
    this.row.replaceChildren();
    this.cells = Array.from({ length: count }, (_, channel) => {
      const cell = make("div", "patch-channel", this.row);
      cell.setAttribute("role", "img");
      make("small", "", cell).textContent = channel;
      cell.addEventListener("pointerenter", () => this.peek(channel));
      cell.addEventListener("click", () => this.choose(channel));
      return { cell, value: make("span", "", cell) };
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

// How far the map's pixels see beyond the image: [[above, below], [left, right]].
function margins({ input, map, field, jump }) {
  return [
    [input.length, map.length],
    [input[0].length, map[0].length],
  ].map(([side, count], axis) => [
    Math.max(0, -field[axis]),
    Math.max(0, field[axis] + (count - 1) * jump[axis] + field[axis + 2] - side),
  ]);
}

// The image with the border of the padding, whose pixels are null.
function padded(input, [[top, bottom], [left, right]]) {
  const width = input[0].length + left + right;
  const empty = (rows) => Array.from({ length: rows }, () => Array(width).fill(null));
  const rows = input.map((row) => [...Array(left).fill(null), ...row, ...Array(right).fill(null)]);
  return [...empty(top), ...rows, ...empty(bottom)];
}

// The colour of a value: grey up to the largest if none is negative, else from one colour through white to the other.
function shades(values, { negative, zero, positive }, { signed = false, largest: top } = {}) {
  const all = values.flat().filter((value) => !Number.isNaN(value));
  const most = top ?? (all.reduce((found, value) => Math.max(found, Math.abs(value)), 0) || 1);
  if (!signed && all.every((value) => value >= 0)) return (value) => grey(value / most);
  const [low, middle, high] = [negative, zero, positive].map(channels);
  return (value) => {
    const share = Math.min(1, Math.abs(value) / most);
    return middle.map((channel, i) => Math.round(channel + share * ((value < 0 ? low : high)[i] - channel)));
  };
}

function paintCell(cell, value, colour, numbered) {
  const [red, green, blue] = Number.isNaN(value) ? [128, 128, 128] : colour(value);
  cell.textContent = numbered && !Number.isNaN(value) ? short(value) : "";
  cell.style.background = `rgb(${red},${green},${blue})`;
  cell.style.color = 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? "#000" : "#fff";
}

const grey = (share) => Array(3).fill(Math.round(255 * Math.max(0, Math.min(1, share))));
const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const clamp = (place, count) => Math.max(0, Math.min(count - 1, place));
const cut = (values, [top, left, rows, columns]) => values.slice(top, top + rows).map((row) => row.slice(left, left + columns));
const largest = (sums) => sums.reduce((found, sum, i) => (Math.abs(sum) > Math.abs(sums[found]) ? i : found), 0);
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

// A number in about five characters, for a cell.
function short(value) {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return (Number(value.toFixed(digits)) + 0).toFixed(digits).replace("-", "−");
}

// Decode arrays: each comes as its shape and its numbers, float32 in base64.
function unpacked(data) {
  const open = (value) => (value?.shape ? nested(value.shape, numbers(value.values)) : value);
  const all = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, open(value)]));
  return { ...all, pooling: data.pooling && { ...data.pooling, values: open(data.pooling.values) } };
}

function numbers(text) {
  const letters = atob(text);
  return new Float32Array(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)).buffer);
}

function nested([count, ...rest], flat) {
  if (!rest.length) return Array.from(flat);
  const size = flat.length / count;
  return Array.from({ length: count }, (_, i) => nested(rest, flat.subarray(i * size, (i + 1) * size)));
}

function make(tag, name, parent) {
  const made = document.createElement(tag);
  made.className = name;
  parent.appendChild(made);
  return made;
}
