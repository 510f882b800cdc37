// Rooms of a lesson that are out of date are drawn anew: at once where they are in view, else when the hand has rested.
// Each stands for itself in the page with an empty element (pages/ui/lazy_sections/sections.py) whose data say its number, when it was
// drawn, and when what it leads to last changed. They ask one after the other: of two that ask in the same moment,
// Streamlit runs one. They ask no more once another page is on its way (leaving.js).

const rooms = new Map();
const SLIVER = 60; // px of a room at the window's lower edge that nobody reads
const SOON = 100; // ms in which a room may still come by itself, since the whole page was run
const REST = 1500; // ms
const PATIENCE = 10_000; // ms until a room that has not come is asked for again
let asked, timer;

export default function ({ data, parentElement, setTriggerValue }) {
  if (!rooms.has(parentElement)) {
    rooms.set(parentElement, new Room(parentElement));
    arrived();
  }
  const room = rooms.get(parentElement);
  room.data = data;
  room.ask = () => setTriggerValue("wanted", true);
  if (room !== asked) asked = null;
  look();
  return () => {
    room.observer.disconnect();
    rooms.delete(parentElement);
    look();
  };
}

class Room {
  constructor(parent) {
    this.observer = new IntersectionObserver((entries) => this.show(entries.at(-1).isIntersecting), {
      rootMargin: `0px 0px -${SLIVER}px 0px`,
    });
    this.observer.observe(parent.closest('[data-testid="stVerticalBlock"]'));
  }

  show(seen) {
    this.seen = seen;
    look();
  }

  // Whether something above it has changed since it was drawn.
  get outdated() {
    const above = [...rooms.values()].filter((room) => room.data.number < this.data.number);
    return above.some((room) => room.data.changed > this.data.drawn);
  }
}

function look() {
  const outdated = [...rooms.values()].filter((room) => room.outdated);
  const next = outdated.find((room) => room.seen) ?? outdated[0];
  clearTimeout(timer);
  if (next) timer = setTimeout(ask, next.seen || asked ? SOON : REST, next);
}

function ask(room) {
  timer = setTimeout(look, PATIENCE);
  if (leaving()) return;
  asked = room;
  room.ask();
}
