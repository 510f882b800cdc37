// The layers of a network below one another, each as one image of all its maps or units; a click on one sends its number to Python.
// All values arrive from element.py as levels of a colour scale; this file only paints them.

const elements = new WeakMap();
const LARGEST_PIXEL = 9; // the largest side of a map's pixel, in CSS pixels

export default function ({ data, parentElement, setTriggerValue }) {
  if (!elements.has(parentElement)) elements.set(parentElement, new Sheets(parentElement));
  elements.get(parentElement).update(data, (layerAndNumber) => setTriggerValue("chosen", layerAndNumber));
  return () => {
    elements.get(parentElement)?.root.remove();
    elements.delete(parentElement);
  };
}

class Sheets {
  constructor(parent) {
    this.root = make("div", "sheets", parent);
    this.sheets = [];
  }

  update({ sheets, chosen, colours, clickable }, choose) {
    this.root.classList.toggle("sheets-click", clickable);
    this.root.style.setProperty("--sheets-mark", colours.mark);
    while (this.sheets.length > sheets.length) this.sheets.pop().box.remove();
    while (this.sheets.length < sheets.length) this.sheets.push(new Sheet(this.root));
    sheets.forEach((data, layer) => {
      const sheet = this.sheets[layer];
      sheet.paint(data, data.signed ? signed(colours) : grey);
      sheet.outline(chosen && chosen[0] === layer ? chosen[1] : null);
      sheet.choose = clickable ? (number) => choose([layer, number]) : null;
    });
  }
}

class Sheet {
  constructor(parent) {
    this.box = make("div", "", parent);
    this.title = make("div", "sheets-title", this.box);
    this.name = make("b", "", this.title);
    this.under = make("span", "", this.title);
    this.frame = make("div", "sheets-frame", this.box);
    this.canvas = make("canvas", "", this.frame);
    this.canvas.setAttribute("role", "img");
    this.mark = make("i", "sheets-mark", this.frame);
    this.labels = make("div", "sheets-labels", this.frame);
    this.canvas.addEventListener("pointermove", (event) => this.point(this.at(event)));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("click", (event) => {
      const number = this.at(event);
      if (number !== null) this.choose?.(number);
    });
  }

  paint(data, colour) {
    const [rows, columns] = data.shape;
    const levels = bytes(data.levels);
    this.data = { ...data, values: data.units && new Float32Array(bytes(data.units).buffer) };
    this.name.textContent = data.title;
    this.canvas.setAttribute("aria-label", data.title);
    this.frame.className = `sheets-frame${data.units ? " sheets-strip" : ""}${data.units && rows > 1 ? " sheets-rows" : ""}`;
    this.frame.style.maxWidth = data.units ? "" : `${LARGEST_PIXEL * columns}px`; // or a single map would fill the page
    if (this.canvas.width !== columns || this.canvas.height !== rows) Object.assign(this.canvas, { width: columns, height: rows });
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    levels.forEach((level, i) => level && image.data.set([...colour(level), 255], 4 * i));
    context.putImageData(image, 0, 0);
    this.label(data.labels, levels, colour);
  }

  // Write labels on the units of a strip, in black or white, whichever is easier to read on the unit's colour.
  label(words, levels, colour) {
    this.labels.replaceChildren();
    words.forEach((word, i) => {
      const [red, green, blue] = colour(levels[i]);
      const label = make("span", "", this.labels);
      label.textContent = word;
      label.style.color = 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? "#000" : "#fff";
    });
  }

  outline(number) {
    this.mark.hidden = number === null;
    if (number === null) return;
    const [rows, columns] = this.data.shape;
    const [row, column] = this.data.corners[number];
    const [height, width] = this.data.size;
    const shares = { top: row / rows, left: column / columns, height: height / rows, width: width / columns };
    for (const [side, share] of Object.entries(shares)) this.mark.style[side] = `${100 * share}%`;
  }

  // Return the number of the map or unit under the pointer, in a gap that of the one before it; null beyond the last.
  at(event) {
    const area = this.canvas.getBoundingClientRect();
    const [rows, columns] = this.data.shape;
    const { corners, size, gap } = this.data;
    const row = Math.floor((((event.clientY - area.top) / area.height) * rows) / (size[0] + gap));
    const column = Math.floor((((event.clientX - area.left) / area.width) * columns) / (size[1] + gap));
    const across = Math.floor((columns + gap) / (size[1] + gap));
    const number = row * across + Math.min(column, across - 1);
    return number >= 0 && number < corners.length ? number : null;
  }

  point(number) {
    const { values } = this.data;
    const unit = values && number !== null ? `unit ${number}: ${Number(values[number].toPrecision(4))}`.replace("-", "−") : "";
    this.under.textContent = number === null ? "" : values ? unit : `map ${number}`;
  }
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const grey = (level) => Array(3).fill(level - 1 + (level > 128 ? 1 : 0));

function signed({ negative, zero, positive }) {
  const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const [low, middle, high] = [negative, zero, positive].map(channels);
  const shades = Array.from({ length: 256 }, (_, level) => {
    const share = Math.abs(level - 128) / 127;
    return middle.map((channel, i) => Math.round(channel + share * ((level < 128 ? low : high)[i] - channel)));
  });
  return (level) => shades[level];
}

function make(tag, name, parent) {
  const made = document.createElement(tag);
  made.className = name;
  parent.appendChild(made);
  return made;
}
