// Decode and draw the pictures that nncore/figures/interactive/scene.py describes and encode.py beside it encodes.
// Panels become SVG, heat maps a canvas. Nothing is computed here but pixels.

// Map from the key of a control to its picture; `arrays` of each picture reads its numbers.
function decodePictures(lengths, packed) {
  let from = 0;
  return new Map(Object.entries(lengths).map(([key, size]) => {
    const [{ arrays: places, ...picture }, numbers] = splitHeader(packed.subarray(from, (from += size)));
    const arrays = (number, Type = Float32Array) => {
      const [offset, length] = places[number];
      return new Type(numbers.buffer, numbers.byteOffset + offset, length / Type.BYTES_PER_ELEMENT);
    };
    return [key, { ...picture, arrays }];
  }));
}

// The JSON header, whose length the first four bytes give (`with_header` in encode.py), and the bytes after it.
function splitHeader(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  return [JSON.parse(text), bytes.subarray(4 + length)];
}

function drawPanel({ heading, plot, clip }, panel, at) {
  heading.textContent = at.words(panel.heading);
  const width = plot.clientWidth;
  if (!width) return;
  const { rem } = at;
  let reach = [panel.x.low, panel.x.high, panel.y.low, panel.y.high].map((packed) => at.numbers(packed)[0]);
  const box = plotArea(panel, width, rem, reach);
  if (panel.equal) reach = widen(reach, box);
  const [x0, x1, y0, y1] = reach;
  const { height } = panel;
  const yTicks = panel.bare ? [] : ticks(y0, y1, height / (3 * rem));
  const xTicks = panel.bare ? [] : ticks(x0, x1, (box.right - box.left) / (3.4 * rem));
  const sx = (x) => box.left + ((x - x0) / (x1 - x0)) * (box.right - box.left);
  const sy = (y) => box.bottom - ((y - y0) / (y1 - y0)) * (box.bottom - box.top);
  const drawing = { ...at, sx, sy, box, thick: Math.max(1, rem / 16) };
  const svg = [];
  if (!panel.bare) svg.push(axes(panel, box, xTicks.map((t) => [sx(t.value), t.text]), yTicks.map((t) => [sy(t.value), t.text]), rem));
  svg.push(`<clipPath id="${clip}"><rect x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}"/></clipPath>`);
  const parts = panel.parts.filter((part) => part.kind !== "HeatMap");
  svg.push(panel.bare ? "<g>" : `<g clip-path="url(#${clip})">`, ...parts.filter((p) => p.kind !== "Label").map((p) => DRAW[p.kind](p, drawing)), "</g>");
  svg.push(...parts.filter((p) => p.kind === "Label").map((p) => DRAW.Label(p, drawing)));
  if (panel.bar) svg.push(bar(panel.bar, drawing, clip));
  const alt = escape(at.words(panel.alt));
  const map = panel.parts.find((part) => part.kind === "HeatMap");
  let canvas = plot.querySelector("canvas");
  if (!canvas) {
    canvas = make("canvas", "", plot);
    plot.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  }
  const picture = plot.querySelector("svg");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", alt);
  picture.setAttribute("height", height);
  picture.innerHTML = svg.join("");
  canvas.hidden = !map;
  if (map) paint(canvas, map, drawing);
}

// The rectangle inside the axes: what numbers and titles leave of the panel.
function plotArea(panel, width, rem, reach) {
  if (panel.bare) return { left: 0, top: 0, right: width, bottom: panel.height };
  const longest = Math.max(0, ...ticks(reach[2], reach[3], panel.height / (3 * rem)).map((tick) => tick.text.length));
  return {
    left: longest * 0.5 * rem + (panel.y.title ? 1.9 : 0.6) * rem,
    top: 0.6 * rem,
    right: width - (panel.bar ? 4.2 : 0.8) * rem,
    bottom: panel.height - (panel.x.title ? 2.7 : 1.5) * rem,
  };
}

function axes(panel, box, xTicks, yTicks, rem) {
  const out = [];
  for (const [x, text] of xTicks) {
    out.push(`<path class="drag-grid" d="M${x} ${box.top}V${box.bottom}"/>`);
    out.push(`<text class="drag-tick" x="${x}" y="${box.bottom + 1.05 * rem}" text-anchor="middle">${text}</text>`);
  }
  for (const [y, text] of yTicks) {
    out.push(`<path class="drag-grid" d="M${box.left} ${y}H${box.right}"/>`);
    out.push(`<text class="drag-tick" x="${box.left - 0.3 * rem}" y="${y + 0.3 * rem}" text-anchor="end">${text}</text>`);
  }
  out.push(`<path class="drag-frame" d="M${box.left} ${box.top}V${box.bottom}H${box.right}"/>`);
  const [middle, centre] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  out.push(`<text x="${middle}" y="${box.bottom + 2.3 * rem}" text-anchor="middle">${escape(panel.x.title)}</text>`);
  const turned = `transform="translate(${0.9 * rem} ${centre}) rotate(-90)" text-anchor="middle"`;
  return out.concat(`<text ${turned}>${escape(panel.y.title)}</text>`).join("");
}

// Give both axes as many pixels per unit: the one with space to spare shows more on either side.
function widen([x0, x1, y0, y1], box) {
  const [across, up] = [(x1 - x0) / (box.right - box.left), (y1 - y0) / (box.bottom - box.top)];
  const dx = ((Math.max(across, up) / across - 1) * (x1 - x0)) / 2;
  const dy = ((Math.max(across, up) / up - 1) * (y1 - y0)) / 2;
  return [x0 - dx, x1 + dx, y0 - dy, y1 + dy];
}

const DASH = { solid: "none", dash: "9 6", dot: "2 5" };
const stroke = (part, at) => {
  const width = typeof part.width === "number" ? part.width : at.numbers(part.width)[0];
  return `stroke="${part.colour}" stroke-width="${width * at.thick}" stroke-dasharray="${DASH[at.words(part.dash)]}" fill="none"`;
};

const DRAW = {
  Line(part, at) {
    const [xs, ys] = [at.numbers(part.x), at.numbers(part.y)];
    let path = "";
    let heads = "";
    let before;
    for (let i = 0; i < xs.length; i++) {
      const point = [pixel(at.sx(xs[i])), pixel(at.sy(ys[i]))];
      if (!point.every(Number.isFinite)) {
        before = undefined;
        continue;
      }
      path += `${before ? "L" : "M"}${point}`;
      if (before && part.arrows) heads += head(before, point, part, at);
      before = point;
    }
    return `<path d="${path}" ${stroke(part, at)} stroke-linejoin="round"/>${heads}`;
  },
  Points(part, at) {
    const [xs, ys] = [at.numbers(part.x), at.numbers(part.y)];
    const size = part.size * at.thick;
    let out = "";
    for (let i = 0; i < xs.length; i++) {
      const [x, y] = [pixel(at.sx(xs[i])), pixel(at.sy(ys[i]))];
      if (Number.isFinite(x) && Number.isFinite(y)) out += point(part, x, y, size, at.thick);
    }
    return out;
  },
  Bars(part, at) {
    const [xs, ys] = [at.numbers(part.x), at.numbers(part.y)];
    let out = "";
    for (let i = 0; i < xs.length; i++) {
      const [left, right] = [at.sx(xs[i] - part.width / 2), at.sx(xs[i] + part.width / 2)];
      const [foot, top] = [at.sy(0), pixel(at.sy(ys[i]))];
      if (!Number.isFinite(top)) continue;
      out += `<rect x="${left}" y="${Math.min(foot, top)}" width="${right - left}" height="${Math.abs(foot - top)}" fill="${part.colour}"/>`;
    }
    return out;
  },
  Area(part, at) {
    const [xs, ys] = [at.numbers(part.x), at.numbers(part.y)];
    let path = "";
    let open = false;
    for (let i = 0; i < xs.length; i++) {
      const [x, y] = [pixel(at.sx(xs[i])), pixel(at.sy(ys[i]))];
      const inside = Number.isFinite(x) && Number.isFinite(y);
      if (inside) path += `${open ? "L" : "M"}${x},${y}`;
      else if (open) path += "Z";
      open = inside;
    }
    const look = `fill="${part.colour}" fill-opacity="${part.alpha}" stroke="${part.colour}" stroke-width="${2 * at.thick}"`;
    return `<path d="${path}${open ? "Z" : ""}" ${look}/>`;
  },
  Rule(part, at) {
    const place = at.numbers(part.at)[0];
    const { left, right, top, bottom } = at.box;
    const path = part.axis === "x" ? `M${pixel(at.sx(place))} ${top}V${bottom}` : `M${left} ${pixel(at.sy(place))}H${right}`;
    return `<path d="${path}" ${stroke(part, at)}/>`;
  },
  Label(part, at) {
    const [x, y] = [at.sx(at.numbers(part.x)[0]) + part.dx * at.thick, at.sy(at.numbers(part.y)[0]) + part.dy * at.thick];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return "";
    const bold = part.bold ? ' font-weight="bold"' : "";
    return `<text x="${x}" y="${y}" dy="0.35em" text-anchor="${part.anchor}"${bold}>${escape(at.words(part.text))}</text>`;
  },
};

function point({ shape, colour }, x, y, size, thick) {
  const solid = `fill="${colour}" stroke="var(--st-background-color)" stroke-width="${2 * thick}"`;
  const round = (look) => `<circle cx="${x}" cy="${y}" r="${size / 2}" ${look}/>`;
  const half = size / 2;
  switch (shape) {
    case "square":
      return `<rect x="${x - half}" y="${y - half}" width="${size}" height="${size}" ${solid}/>`;
    case "cross":
      return `<path d="M${x - half} ${y}H${x + half}M${x} ${y - half}V${y + half}" stroke="${colour}" stroke-width="${3 * thick}"/>`;
    case "ring":
      return round(`fill="none" stroke="${colour}" stroke-width="${3 * thick}"`);
    case "disc":
      return round(`fill="${colour}" fill-opacity="0.18" stroke="${colour}" stroke-width="${3 * thick}"`);
    default:
      return round(solid);
  }
}

// The head of an arrow, left out where the stretch is too short to have a direction for the eye.
function head([x0, y0], [x1, y1], part, at) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const size = 11 * at.thick;
  if (length < size) return `<circle cx="${x1}" cy="${y1}" r="${4 * at.thick}" fill="${part.colour}"/>`;
  const turn = (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
  const shape = `M0 0L${-size} ${size / 2}L${-size} ${-size / 2}Z`;
  return `<path d="${shape}" transform="translate(${x1} ${y1}) rotate(${turn})" fill="${part.colour}"/>`;
}

// Far outside is far enough: a browser refuses coordinates of 1e30.
const pixel = (value) => (Number.isFinite(value) ? Math.max(-1e5, Math.min(1e5, Math.round(value * 100) / 100)) : NaN);

function paint(canvas, map, at) {
  const times = at.numbers(map.times)[0];
  const moved = (still, by) => (by ? at.numbers(still).map((value, i) => value + times * at.numbers(by)[i]) : at.numbers(still));
  const [rows, columns] = [moved(map.rows, map.times_rows), moved(map.columns, map.times_columns)];
  const values = map.values ? at.numbers(map.values) : null;
  const colours = at.arrays(map.colours, Uint8Array);
  const last = colours.length / 3 - 1;
  const [n, m] = [columns.length, rows.length];
  if (canvas.width !== n || canvas.height !== m) Object.assign(canvas, { width: n, height: m });
  const context = canvas.getContext("2d");
  const image = context.createImageData(n, m);
  const scale = last / (map.high - map.low);
  for (let i = 0; i < m; i++) {
    let pixel = (m - 1 - i) * n * 4;
    for (let j = 0; j < n; j++, pixel += 4) {
      const value = rows[i] + columns[j] + (values ? values[i * n + j] : 0);
      const colour = 3 * Math.max(0, Math.min(last, Math.round((value - map.low) * scale)));
      image.data[pixel] = colours[colour];
      image.data[pixel + 1] = colours[colour + 1];
      image.data[pixel + 2] = colours[colour + 2];
      image.data[pixel + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  const { left, right, top, bottom } = at.box;
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
}

function bar(given, at, name) {
  const colours = at.arrays(given.colours, Uint8Array);
  const count = colours.length / 3;
  const { right, top, bottom } = at.box;
  const stops = [];
  for (let i = 0; i <= 20; i++) {
    const k = 3 * Math.round((i * (count - 1)) / 20);
    stops.push(`<stop offset="${i / 20}" stop-color="rgb(${colours[k]},${colours[k + 1]},${colours[k + 2]})"/>`);
  }
  const x = right + 0.7 * at.rem;
  const out = [`<linearGradient id="${name}-bar" x1="0" y1="1" x2="0" y2="0">${stops.join("")}</linearGradient>`];
  out.push(`<rect x="${x}" y="${top}" width="${0.8 * at.rem}" height="${bottom - top}" fill="url(#${name}-bar)" class="drag-frame" style="fill:url(#${name}-bar)"/>`);
  for (const tick of ticks(given.low, given.high, 3)) {
    const y = bottom - ((tick.value - given.low) / (given.high - given.low)) * (bottom - top);
    out.push(`<text class="drag-tick" x="${x + 1.1 * at.rem}" y="${y}" dy="0.35em">${tick.text}</text>`);
  }
  out.push(`<text x="${x + 0.4 * at.rem}" y="${bottom + 1.3 * at.rem}" text-anchor="middle">${escape(given.title)}</text>`);
  return out.join("");
}

// About `count` ticks at round numbers from low to high.
function ticks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  if (!(raw > 0) || !Number.isFinite(raw)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= raw * 0.8);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-6); k * step <= high + step * 1e-6; k++) found.push({ value: k * step, text: written(k * step) });
  return found;
}

function written(value) {
  const number = Number(value.toPrecision(10));
  const size = Math.abs(number);
  if (number === 0) return "0";
  if (size < 1e5 && size >= 1e-3) return String(number).replace("-", "−");
  const [mantissa, exponent] = number.toExponential(1).split("e");
  const raised = String(Number(exponent)).replace(/[-\d]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
  return `${Number(mantissa)}·10${raised}`.replace("-", "−");
}

// As Python writes a number in the format ".4g", with a true minus sign.
function general(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "∞" : "−∞";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  let text = String(Number(value.toPrecision(digits)));
  if (power < -4 || power >= digits) {
    text = `${Number(mantissa)}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  return text.replace(/-/g, "−");
}

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
