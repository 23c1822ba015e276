// Marks the windows of homes on a picture: choose a home, draw its box. The fields of the
// form hold the boxes in hundredths; without this script they are filled in by hand.

const SVG = "http://www.w3.org/2000/svg";
const SIDES = ["x", "y", "width", "height"];
const LEAST = 1;
const STEP = 0.5;
const FIRST = 12;
// Shorter is a tap, in hundredths of the picture.
const DRAWN_FROM = 0.8;
const LETTERS_PX = 16;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const between = (least, value, most) => Math.min(most, Math.max(least, value));

/** Return a box inside the picture, in hundredths. */
function inside({ x, y, width, height }) {
  const across = between(LEAST, width, 100);
  const down = between(LEAST, height, 100);
  return { x: between(0, x, 100 - across), y: between(0, y, 100 - down), width: across, height: down };
}

/** One home: its fields, its choice, and its box on the picture. */
class Row {
  constructor(element, picture) {
    this.name = element.dataset.name ?? "";
    this.element = element;
    this.choice = element.querySelector("[data-choose]");
    this.fields = SIDES.map((side) => element.querySelector(`[data-side=${side}]`));
    this.picture = picture;
    this.drawn = null;
  }

  get box() {
    if (this.fields.some(({ value }) => value === "")) return null;
    const [x, y, width, height] = this.fields.map(({ value }) => Number(value));
    return { x, y, width, height };
  }

  set box(box) {
    this.fields.forEach((field, place) => {
      field.value = box === null ? "" : String(Number(box[SIDES[place]].toFixed(2)));
    });
    this.show();
  }

  show() {
    const { box } = this;
    if (box === null) {
      this.drawn?.remove();
      this.drawn = null;
      return;
    }
    this.drawn ??= this.make();
    this.drawn.classList.toggle("mark-chosen", this.choice.checked);
    const { width, height } = this.picture.viewBox.baseVal;
    const at = { x: (box.x / 100) * width, y: (box.y / 100) * height };
    for (const rect of this.drawn.querySelectorAll("rect")) {
      rect.setAttribute("x", at.x);
      rect.setAttribute("y", at.y);
      rect.setAttribute("width", (box.width / 100) * width);
      rect.setAttribute("height", (box.height / 100) * height);
    }
    const words = this.drawn.querySelector("text");
    const size = (LETTERS_PX * width) / this.picture.getBoundingClientRect().width;
    words.setAttribute("font-size", size);
    words.setAttribute("x", at.x);
    words.setAttribute("y", at.y - size * 0.4 > size ? at.y - size * 0.4 : at.y + (box.height / 100) * height + size * 1.1);
  }

  make() {
    const group = document.createElementNS(SVG, "g");
    group.setAttribute("class", "mark");
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", this.name);
    for (const name of ["mark-halo", "mark-line"]) {
      const rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("class", name);
      group.append(rect);
    }
    const words = document.createElementNS(SVG, "text");
    words.textContent = this.name;
    group.append(words);
    this.picture.append(group);
    return group;
  }
}

/** @param {HTMLElement} element */
function letMark(element) {
  const picture = element.querySelector("[data-picture]");
  for (const made of picture.querySelectorAll(".mark")) made.remove();
  const rows = [...element.querySelectorAll("[data-home]")].map((row) => new Row(row, picture));
  if (rows.length === 0) return;
  element.querySelector("[data-hint]").hidden = false;
  picture.classList.add("marking-open");
  const chosen = () => rows.find(({ choice }) => choice.checked) ?? rows[0];
  const showAll = () => rows.forEach((row) => row.show());

  const choose = (row) => {
    row.choice.checked = true;
    showAll();
  };

  for (const row of rows) {
    row.choice.hidden = false;
    row.choice.addEventListener("change", showAll);
    row.choice.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      // Enter must not send the form from here.
      event.preventDefault();
      row.box ??= { x: 50 - FIRST / 2, y: 50 - FIRST / 2, width: FIRST, height: FIRST };
      row.drawn.focus();
    });
    for (const field of row.fields) field.addEventListener("input", () => row.show());
    const away = document.createElement("button");
    away.type = "button";
    away.textContent = element.dataset.clear ?? "";
    away.setAttribute("aria-label", `${row.name}: ${away.textContent}`);
    away.addEventListener("click", () => (row.box = null));
    row.element.append(away);
  }

  picture.addEventListener("focusin", (event) => {
    const row = rows.find(({ drawn }) => drawn !== null && drawn === event.target);
    if (row) choose(row);
  });
  picture.addEventListener("keydown", (event) => {
    const row = rows.find(({ drawn }) => drawn !== null && drawn === event.target);
    if (!row) return;
    const move = MOVES[event.key];
    if (move) {
      const [across, down] = move.map((way) => way * STEP);
      const { x, y, width, height } = row.box;
      row.box = event.shiftKey
        ? inside({ x, y, width: Math.min(width + across, 100 - x), height: Math.min(height + down, 100 - y) })
        : inside({ x: x + across, y: y + down, width, height });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      row.box = null;
      row.choice.focus();
    } else return;
    event.preventDefault();
  });
  letDraw(picture, rows, chosen, choose);
  choose(rows.find(({ box }) => box === null) ?? rows[0]);
  addEventListener("resize", showAll);
}

/** Let a finger or a mouse draw the box of the chosen home, or move one. */
function letDraw(picture, rows, chosen, choose) {
  let held = null;
  const pointOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    return {
      x: between(0, ((clientX - left) / width) * 100, 100),
      y: between(0, ((clientY - top) / height) * 100, 100),
    };
  };
  picture.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    const group = event.target.closest(".mark");
    const on = rows.find(({ drawn }) => drawn !== null && drawn === group);
    if (on) choose(on);
    const row = on ?? chosen();
    held = { row, from: pointOf(event), before: row.box, isMove: on !== undefined };
    picture.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  picture.addEventListener("pointermove", (event) => {
    if (held === null) return;
    const to = pointOf(event);
    const { from, before } = held;
    const [across, down] = [to.x - from.x, to.y - from.y];
    if (Math.max(Math.abs(across), Math.abs(down)) < DRAWN_FROM) return;
    held.row.box = held.isMove
      ? inside({ ...before, x: before.x + across, y: before.y + down })
      : inside({ x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(across), height: Math.abs(down) });
  });
  const end = () => {
    if (held === null) return;
    const { row, before } = held;
    held = null;
    const next = before === null && row.box !== null ? rows.find(({ box }) => box === null) : undefined;
    if (next) choose(next);
  };
  picture.addEventListener("pointerup", end);
  picture.addEventListener("pointercancel", end);
}

for (const element of document.querySelectorAll("[data-marking]")) letMark(/** @type {HTMLElement} */ (element));
