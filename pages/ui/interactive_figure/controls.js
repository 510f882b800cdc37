// Controls that repaint their picture while they are dragged, from numbers that Python computed for every position of
// the control (element.py). The picture of a control is requested when the mouse, a finger or the keyboard comes to it;
// until then there may be a still one, named "", that shows all controls where they are. leaving.js and draw.js, which
// draws, stand in front of this.

const elements = new WeakMap();
const PAUSE = 400; // ms without a key after which a pressed arrow key counts as let go
const DWELL = 60; // ms on a control after which the pointer is not just crossing it
let clips = 0;

export default function ({ data, parentElement, setTriggerValue }) {
  if (!elements.has(parentElement)) elements.set(parentElement, new Element(parentElement));
  const element = elements.get(parentElement);
  element.update(data, setTriggerValue);
  return () => {
    element.remove();
    elements.delete(parentElement);
  };
}

class Element {
  constructor(parent) {
    this.root = make("div", "drag", parent);
    this.side = make("div", "drag-side", this.root);
    this.panels = make("div", "drag-panels", this.root);
    this.controls = new Map();
    this.changed = {}; // values that Python has not acknowledged yet
    this.sent = {}; // those of them that are on their way
    this.requested = new Map(); // control whose picture is on its way -> the message that requested it
    this.sequence = 0; // number of the last message
    arrived();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.panels);
  }

  remove() {
    this.observer.disconnect();
    clearTimeout(this.timer);
    clearInterval(this.player);
    cancelAnimationFrame(this.frame);
    this.root.remove();
  }

  update(bytes, send) {
    this.send = send;
    if (this.bytes && same(bytes, this.bytes)) return; // something else on the page has changed
    const { waiting } = this;
    this.stop();
    this.bytes = bytes;
    const [data, packed] = splitHeader(bytes.slice()); // a copy begins where numbers can be read in place
    this.data = data;
    this.pictures = decodePictures(data.pictures, packed);
    this.sequence = Math.max(this.sequence, data.acknowledged);
    this.panels.style.setProperty("--drag-columns", data.columns);
    const upToDate = data.acknowledged === this.sequence;
    if (upToDate) this.sent = {};
    if (upToDate && !this.held) this.changed = {};
    for (const [key, sequence] of this.requested) {
      if (this.pictures.has(key) || sequence <= data.acknowledged) this.requested.delete(key);
    }
    data.controls.forEach((given) => {
      if (!this.controls.has(given.key)) this.controls.set(given.key, new Control(this, given.key));
      const control = this.controls.get(given.key);
      control.set(given, given.key in this.changed ? this.changed[given.key] : given.value);
    });
    for (const [key, control] of this.controls) {
      if (data.controls.some((given) => given.key === key)) continue;
      control.box.remove();
      this.controls.delete(key);
    }
    if (!this.active || !this.controls.has(this.active.key)) this.active = this.controls.values().next().value;
    this.layOut();
    this.drawSoon();
    if (waiting && this.controls.get(waiting.key) === waiting) this.play(waiting);
    const under = [...this.controls.values()].find((control) => control.box.matches(":hover"));
    if (under && !this.held && !this.player) this.request(under);
  }

  // Make the boxes of readouts and panels, only if they are not the same as before.
  layOut() {
    const { panels, readouts } = this.pictures.values().next().value;
    const named = JSON.stringify([panels.map((panel) => panel.key), readouts.map((readout) => [readout.key, readout.label])]);
    if (named === this.named) return;
    this.named = named;
    this.shown?.remove();
    this.shown = make("div", "drag-readouts", this.side);
    this.readouts = readouts.map((readout) => {
      const box = make("span", `drag-readout st-key-${readout.key}`, this.shown);
      box.append(`${readout.label} `);
      const value = make("b", "", box);
      value.style.borderColor = readout.colour;
      return value;
    });
    this.panels.replaceChildren();
    this.plots = panels.map((panel) => {
      const box = make("div", `drag-panel st-key-${panel.key}${panel.tall ? " drag-tall" : ""}`, this.panels);
      return { heading: make("div", "drag-heading", box), plot: make("div", "drag-plot", box), clip: `drag-clip-${clips++}` };
    });
  }

  // Request the picture of a control, unless it is there or on its way.
  request(control) {
    if (this.pictures.has(control.key) || this.requested.has(control.key) || leaving()) return;
    const inHand = this.pictures.has(this.active.key) ? [this.active.key] : [];
    this.sendMessage([...inHand, control.key]);
  }

  moved(control, value) {
    this.stop();
    this.active = control;
    this.changed[control.key] = value;
    this.drawSoon();
  }

  drawSoon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  // A control was let go: send everything that changed since Python last answered.
  report() {
    clearTimeout(this.timer);
    this.held = false;
    if (JSON.stringify(this.changed) === JSON.stringify(this.sent)) return; // a key reports when it is pressed
    this.sent = { ...this.changed };
    this.sendMessage([this.active.key]);
  }

  // What element.py takes in `_on_change`.
  sendMessage(requested) {
    this.sequence += 1;
    for (const key of requested) this.requested.set(key, this.sequence);
    this.send("moved", { values: this.sent, requested, sequence: this.sequence });
  }

  reportSoon() {
    this.held = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), PAUSE);
  }

  // Run a control from its lowest position to the one where it is; Python is not told.
  play(control) {
    this.stop();
    if (!this.pictures.has(control.key)) {
      this.waiting = control; // it plays when the picture is there
      return this.request(control);
    }
    this.active = control;
    const last = control.nearest(control.value);
    const stride = Math.max(1, Math.ceil(last / 100));
    const pause = Math.min(150, Math.max(40, (5000 * stride) / Math.max(1, last)));
    control.playing = 0;
    control.show();
    this.player = setInterval(() => {
      control.playing += stride;
      if (control.playing >= last) this.stop();
      else control.show();
      this.draw();
    }, pause);
    this.draw();
  }

  stop() {
    clearInterval(this.player);
    this.player = this.waiting = undefined;
    for (const control of this.controls.values()) {
      if (control.playing === undefined) continue;
      control.playing = undefined;
      control.show();
    }
  }

  draw() {
    if (!this.active || !this.plots) return;
    const key = this.shows();
    if (key === undefined) return this.request(this.active); // what is there is left until it comes
    const picture = this.pictures.get(key);
    const { arrays } = picture;
    const position = this.controls.get(key)?.place ?? 0;
    const numbers = (packed) => {
      if (typeof packed === "number") return [packed];
      const all = arrays(packed.at);
      if ("times" in packed) {
        const times = arrays(packed.times)[position];
        return all.map((number) => number * times);
      }
      return packed.moves ? all.subarray(position * packed.size, (position + 1) * packed.size) : all;
    };
    const words = (text) => {
      if (Array.isArray(text)) return text[position];
      return typeof text === "string" ? text : text.template.replace("{}", general(numbers(text.number)[0], text.digits));
    };
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    picture.readouts.forEach((readout, i) => {
      this.readouts[i].textContent = words(readout.text);
    });
    picture.panels.forEach((panel, i) => drawPanel(this.plots[i], panel, { numbers, words, rem, arrays }));
  }

  // The name of a picture that shows all controls where they are: any will do while no control was moved.
  shows() {
    if (this.pictures.has(this.active.key)) return this.active.key;
    const known = [...this.controls.values()].every((control) => control.value === control.given.value);
    return known ? this.pictures.keys().next().value : undefined;
  }
}

class Control {
  constructor(element, key) {
    this.element = element;
    this.key = key;
    this.box = document.createElement("div");
    this.box.className = `drag-control st-key-${key}`;
    element.side.insertBefore(this.box, element.shown ?? null);
    this.label = make("label", "", make("div", "drag-name", this.box));
    this.range = make("input", "", this.box);
    this.typed = make("input", "", this.box);
    this.said = make("div", "drag-said", this.box);
    this.said.setAttribute("role", "status");
    this.range.id = this.label.htmlFor = `drag-${key}-${clips++}`;
    Object.assign(this.range, { type: "range", step: "any" });
    Object.assign(this.typed, { type: "number", step: "any" });
    this.listen();
  }

  listen() {
    const { element, range, typed } = this;
    for (const come of ["pointerenter", "focusin"]) {
      this.box.addEventListener(come, () => {
        this.dwelling = setTimeout(() => element.held || element.player || element.request(this), DWELL);
      });
    }
    this.box.addEventListener("pointerleave", () => clearTimeout(this.dwelling));
    range.addEventListener("pointerdown", () => {
      element.stop();
      element.request(this);
      element.held = true;
    });
    range.addEventListener("pointerup", () => setTimeout(() => element.report())); // also where nothing was moved
    range.addEventListener("input", () => {
      element.held = true; // where no pointer has said so, as with a screen reader
      this.move(this.positions[this.nearest(Number(range.value))]);
    });
    range.addEventListener("change", () => element.report());
    for (const input of [range, typed]) {
      input.addEventListener("keydown", (event) => this.press(event));
      input.addEventListener("keyup", (event) => {
        if (this.pressed === event.key) element.report();
        this.pressed = undefined;
      });
    }
    typed.addEventListener("input", () => {
      this.typing = true;
    });
    typed.addEventListener("change", () => this.type());
    typed.addEventListener("blur", () => {
      this.typing = false;
    });
  }

  set(given, value) {
    Object.assign(this, { given, positions: given.positions });
    this.label.textContent = given.label;
    for (const input of [this.range, this.typed]) Object.assign(input, { min: given.low, max: given.high });
    this.typed.setAttribute("aria-label", `${given.label}, exactly`);
    this.offer(this.element.data.play);
    this.put(value);
  }

  // The button that plays, on the one control that has it.
  offer(played) {
    if ((played === this.key) === Boolean(this.button)) return;
    if (this.button) {
      this.button.remove();
      this.button = undefined;
      return;
    }
    this.button = make("button", `drag-play st-key-${this.key}_play`, this.label.parentElement);
    this.button.type = "button";
    this.button.addEventListener("click", () => {
      if (this.playing === undefined) return this.element.play(this);
      this.element.stop();
      return this.element.draw();
    });
    this.show();
  }

  // What the control itself shows: its value, or where it is in being played.
  show() {
    this.range.value = this.playing === undefined ? this.value : this.positions[this.playing];
    if (!this.button) return;
    const word = this.playing === undefined ? "Play" : "Stop";
    this.button.textContent = `${word === "Play" ? "▶" : "■"} ${word}`;
    this.button.setAttribute("aria-label", `${word} ${this.given.label}`);
  }

  put(value) {
    this.value = value;
    this.show();
    if (this.typing) return; // the answer to something else has come in between
    if (Number(this.typed.value) !== value || this.typed.value === "") this.typed.value = value;
  }

  move(value) {
    this.said.textContent = "";
    this.typing = false;
    this.put(value);
    this.element.moved(this, value);
  }

  // The number of the position that is shown, from 0.
  get place() {
    return this.playing ?? this.nearest(this.value);
  }

  nearest(value) {
    let best = 0;
    this.positions.forEach((position, i) => {
      if (Math.abs(position - value) < Math.abs(this.positions[best] - value)) best = i;
    });
    return best;
  }

  press(event) {
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
    if (event.currentTarget === this.typed) for (const key of ["ArrowLeft", "ArrowRight"]) delete steps[key];
    const last = this.positions.length - 1;
    const ends = event.currentTarget === this.range ? { Home: 0, End: last } : {};
    if (!(event.key in steps) && !(event.key in ends)) return;
    event.preventDefault();
    const to = ends[event.key] ?? Math.min(last, Math.max(0, this.nearest(this.value) + steps[event.key]));
    this.pressed = event.key;
    this.move(this.positions[to]);
    // A press reports at once; a key that is held down reports where it ends.
    if (event.repeat) this.element.reportSoon();
    else this.element.report();
  }

  type() {
    this.typing = false;
    const { low, high } = this.given;
    const value = Number(this.typed.value);
    const fits = value >= low && value <= high && (Number.isInteger(value) || !this.given.whole);
    if (this.typed.value === "" || !fits) {
      this.said.textContent = `Expected a ${this.given.whole ? "whole " : ""}number from ${low} to ${high}, received ${this.typed.value || "none"}.`;
      this.typed.value = this.value;
      return;
    }
    this.move(value);
    this.element.report();
  }
}

// Whether two messages are equal: then nothing is drawn anew.
function same(bytes, before) {
  return bytes.length === before.length && bytes.every((byte, i) => byte === before[i]);
}

function make(tag, name, parent) {
  const made = document.createElement(tag);
  made.className = name;
  parent.appendChild(made);
  return made;
}
