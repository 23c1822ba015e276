// What one sees from a standpoint: the picture kept on this phone, with the window to look
// at marked on it. A picture that is not here is never waited for: the drawing stands in.

import { shape } from "./draw.js";

const WITHIN_MS = 120000;
// How much of the picture's sides stands around the window when one looks closer.
const NEAR_TIMES = 5;
const NEAR_LEAST = 0.22;

/** Return the pictures that a day names, each once. */
export function picturesOf(day) {
  const all = day.rounds.flatMap(({ stops }) => stops.map(({ picture }) => picture).filter(Boolean));
  return [...new Map(all.map((picture) => [picture.id, picture])).values()];
}

/** Return the mark of a window on the picture of its stop, or nothing. */
export function markOf(stop, window) {
  return stop.picture?.marks.find(({ home }) => home === window.home);
}

/**
 * Return the one that fetches pictures. It begins only when nothing is being sent, takes
 * one at a time, and says nothing when it fails: it is tried again after the next sending.
 */
export function makeFetching({ store, isSending, hasRoom, got }) {
  let isRunning = false;

  async function one(picture) {
    const stop = new AbortController();
    const end = setTimeout(() => stop.abort(), WITHIN_MS);
    try {
      const answer = await fetch(picture.url, { credentials: "same-origin", signal: stop.signal });
      // Whoever is logged out is led to a page, which is no picture.
      if (!answer.ok || answer.headers.get("Content-Type") !== "image/jpeg") return;
      await store.put("pictures", [{ id: picture.id, blob: await answer.blob() }]);
      got(picture.id);
    } finally {
      clearTimeout(end);
    }
  }

  async function run() {
    const day = await store.meta("day");
    if (!day) return;
    const named = picturesOf(day);
    const had = await store.keys("pictures");
    const over = had.filter((id) => !named.some((picture) => picture.id === id));
    if (over.length) await store.remove("pictures", over);
    for (const picture of named.filter(({ id }) => !had.includes(id))) {
      if (isSending() || !(await hasRoom())) return;
      await one(picture);
    }
  }

  return async function fetchPictures() {
    if (isRunning) return;
    isRunning = true;
    try {
      await run();
    } catch {
      // No signal, or no room: the drawing is there.
    } finally {
      isRunning = false;
    }
  };
}

/** Return the addresses under which this page shows the pictures it keeps. */
export function makeShelf(store, show) {
  const images = new Map();
  return {
    /** Return a picture's drawn image once it is read, else nothing; `show` follows. */
    imageOf(picture) {
      const held = images.get(picture.id);
      if (held !== undefined) return held;
      images.set(picture.id, null);
      void store
        .one("pictures", picture.id)
        .then((row) => {
          if (row === undefined) return images.delete(picture.id);
          const { width, height } = picture;
          // Kept as an element: made anew at every tap it would be decoded anew.
          images.set(picture.id, shape("image", { href: URL.createObjectURL(row.blob), width, height }));
          return show();
        })
        .catch(() => images.delete(picture.id));
      return null;
    },
  };
}

/** Return the part of a picture that is shown: all of it, or what is near a mark. */
function viewOf({ width, height }, mark, isNear) {
  if (!isNear) return [0, 0, width, height];
  const share = Math.min(1, Math.max(NEAR_LEAST, mark.width * NEAR_TIMES, mark.height * NEAR_TIMES));
  const inside = (middle) => Math.min(Math.max(middle - share / 2, 0), 1 - share);
  const left = inside(mark.x + mark.width / 2);
  const top = inside(mark.y + mark.height / 2);
  return [left * width, top * height, share * width, share * height];
}

/**
 * Return the picture of a stop with the window to look at: framed twice, an arrow under it,
 * everything else dimmed; the other windows of the stop in thin broken lines.
 */
export function seenFrom(image, stop, current, isNear) {
  const { picture } = stop;
  const mark = markOf(stop, stop.windows[current]);
  const view = viewOf(picture, mark, isNear);
  const unit = view[2] / 100;
  const at = ({ x, y, width, height }, more = 0) => ({
    x: x * picture.width - more,
    y: y * picture.height - more,
    width: width * picture.width + 2 * more,
    height: height * picture.height + 2 * more,
  });
  const drawing = shape("svg", { class: "facade seen-from", viewBox: view.join(" "), "aria-hidden": "true" });
  const here = at(mark, unit);
  const hole = `M${here.x} ${here.y}h${here.width}v${here.height}h${-here.width}z`;
  drawing.append(
    image,
    shape("path", { class: "seen-dim", d: `M0 0H${picture.width}V${picture.height}H0z${hole}`, "fill-rule": "evenodd" }),
  );
  for (const other of picture.marks.filter(({ home }) => home !== mark.home))
    drawing.append(
      shape("rect", { class: "seen-other seen-halo", ...at(other) }),
      shape("rect", { class: "seen-other", ...at(other) }),
    );
  drawing.append(
    shape("rect", { class: "seen-here seen-halo", ...here }),
    shape("rect", { class: "seen-here", ...here }),
    arrow(here, view, unit),
  );
  return drawing;
}

/** Return an arrow that points at a frame from below, or from above at the lower edge. */
function arrow({ x, y, width, height }, [, top, , tall], unit) {
  const middle = x + width / 2;
  const size = 4 * unit;
  const below = y + height + unit;
  const isBelow = below + 2 * size < top + tall;
  const [tip, back] = isBelow ? [below, size * 1.6] : [y - unit, -size * 1.6];
  return shape("path", { class: "seen-arrow", d: `M${middle} ${tip}l${-size} ${back}h${2 * size}z` });
}
