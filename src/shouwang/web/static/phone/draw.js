// The building as one sees it from downstairs, with the windows of this stop in it.

const SVG = "http://www.w3.org/2000/svg";
const CELL = { width: 56, height: 46 };
const EDGE = 16;
const GROUND = 34;

/** Make a part of a drawing. */
export function shape(tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text) made.textContent = text;
  return made;
}

function places(building) {
  const first = new Map();
  let columns = 0;
  for (const unit of building.units) {
    first.set(unit.label, columns);
    columns += unit.columns;
  }
  return { first, columns: Math.max(columns, 1) };
}

/** Return where a window is, or nothing where its address does not tell. */
function placeOf(window, first) {
  if (!first.has(window.unit) || window.floor === null || window.column === null) return null;
  return first.get(window.unit) + window.column - 1;
}

/**
 * Return the drawing of a building with those windows of the stop that are in it.
 * `marks` tells for each window of the stop `"todo"`, `"done"` or `"away"`; `current` is
 * the one to look at now.
 */
export function facade(building, stop, marks, current) {
  const { first, columns } = places(building);
  const floors = building.floors;
  const width = 2 * EDGE + columns * CELL.width;
  const height = EDGE + floors * CELL.height + GROUND;
  const drawing = shape("svg", {
    class: "facade",
    viewBox: `0 0 ${width} ${height}`,
    "aria-hidden": "true",
  });
  drawing.append(
    shape("rect", { class: "facade-wall", x: EDGE, y: EDGE, width: width - 2 * EDGE, height: height - EDGE - 4 }),
  );
  const corner = (floor, column) => ({
    x: EDGE + column * CELL.width + 8,
    y: EDGE + (floors - floor) * CELL.height + 8,
  });
  for (let floor = 1; floor <= floors; floor += 1)
    for (let column = 0; column < columns; column += 1)
      drawing.append(shape("rect", { class: "window-plain", ...corner(floor, column), width: 40, height: 32, rx: 2 }));
  stop.windows.forEach((window, place) => {
    if (window.building !== building.label) return;
    const column = placeOf(window, first);
    if (column === null || window.floor < 1 || window.floor > floors || column >= columns) return;
    drawing.append(...paneOf(corner(window.floor, column), marks[place], place === current, place));
  });
  drawing.append(
    shape("path", { class: "facade-ground", d: `M0 ${height - 3}H${width}` }),
    shape("text", { class: "facade-number", x: width / 2, y: height - 9, "text-anchor": "middle" }, building.label),
  );
  return drawing;
}

function paneOf({ x, y }, mark, isCurrent, place) {
  const pane = shape("rect", { class: `pane pane-${mark}`, x, y, width: 40, height: 32, rx: 2, "data-place": place });
  const drawn = [pane];
  if (mark === "done") drawn.push(shape("path", { class: "pane-tick", d: `M${x + 12} ${y + 16}l6 7 11-14` }));
  if (mark === "away") drawn.push(shape("path", { class: "pane-away", d: `M${x + 8} ${y + 16}h24` }));
  if (isCurrent)
    drawn.push(
      shape("rect", { class: "pane-here", x: x - 6, y: y - 6, width: 52, height: 44, rx: 6 }),
      shape("path", { class: "pane-arrow", d: `M${x + 20} ${y + 40}l-9 12h18z` }),
    );
  return drawn;
}
