// What the phone knows and decides: pure functions of facts and `now`. No DOM, no
// storage, no network, no clock. Times of this phone are milliseconds since 1970.

/**
 * One thing that somebody saw, as it waits on this phone.
 * @typedef {object} Look
 * @property {string} id made here, unique everywhere (UUIDv7)
 * @property {number} member who saw it
 * @property {string} round the round it was seen on
 * @property {number} home
 * @property {string} signal
 * @property {string} state empty where it could not be seen
 * @property {string} could_not_see the reason, else empty
 * @property {string} standpoint
 * @property {number} made_at by the clock of this phone
 * @property {number} held_until not sent before, so that it can be taken back
 * @property {string | null} replaces the look it corrects
 * @property {string} refused why the server did not take it, else empty
 * @property {ClockFacts} clock
 */

/**
 * What this phone knew of the time when something was made, so that a clock that is
 * changed later, or was just before, can be noticed and put right.
 * @typedef {object} ClockFacts
 * @property {number | null} offset how far this clock ran ahead, as last measured
 * @property {number | null} known_at by the server's clock: it was not made before this
 * @property {number} tick of a clock that nobody can set, in the life of one page
 * @property {string} page whose ticks these are
 */

/**
 * One measuring of this clock against the server's.
 * @typedef {object} Measured
 * @property {number} offset how far this clock ran ahead
 * @property {number} at by the server's clock
 * @property {number} wall by this clock
 * @property {number} tick
 * @property {string} page
 */

/**
 * @typedef {object} Seen
 * @property {string | null} id
 * @property {string} state
 * @property {string} could_not_see
 * @property {number} at
 * @property {string} by
 * @property {boolean} mine
 * @property {boolean} waiting whether it is still on this phone only
 */

/** How long "all well here" can be taken back. */
export const HOLD_MS = 6000;
export const BATCH_MOST = 100;
const DAY_MS = 86400000;
// A second tap this soon puts a slip right; later it is another look at the window.
const SLIP_MS = 120000;
const BACK_OFF_FIRST_MS = 3000;
const BACK_OFF_MOST_MS = 300000;
// Clocks that are further apart than this do not tell the same time.
const CLOCK_SHAKY_MS = 120000;
const MEASURED_FOR_MS = 600000;
const GRAVE = new Set(["help", "not_well"]);

/**
 * Return a new id that sorts by time (RFC 9562, version 7).
 * @param {number} now
 * @param {Uint8Array} random ten random bytes
 */
export function makeId(now, random) {
  const bytes = new Uint8Array(16);
  let rest = now;
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Return the look that an answer makes; an answer `!dark` says why nothing was seen.
 * `seen` is what the tap came upon; one's own of a moment ago is corrected by it.
 * @returns {Look}
 */
export function lookOf({ id, member, round, stop, window, answer, seen, now, offset, clock = null, held = 0 }) {
  const unseen = answer.startsWith("!");
  return {
    id,
    member,
    round: round.key,
    home: window.home,
    signal: window.signal,
    state: unseen ? "" : answer,
    could_not_see: unseen ? answer.slice(1) : "",
    standpoint: stop.name,
    made_at: now,
    held_until: now + held,
    replaces: isSlip(seen, now, offset) ? seen.id : null,
    refused: "",
    clock,
  };
}

/** Return whether `seen` is one's own and so young that another tap corrects it. */
function isSlip(seen, now, offset) {
  if (seen === null || !seen.mine) return false;
  return now - (seen.waiting ? 0 : offset) - seen.at <= SLIP_MS;
}

const keyOf = (row) => `${row.home}:${row.signal}`;

/**
 * Return the newest look at each window of a round.
 * @param {Look[]} looks
 * @returns {Map<string, Look>}
 */
export function looksOn(looks, round) {
  const newest = new Map();
  for (const look of looks) {
    if (look.round !== round.key) continue;
    const best = newest.get(keyOf(look));
    if (best === undefined || look.made_at >= best.made_at) newest.set(keyOf(look), look);
  }
  return newest;
}

/**
 * Return the day as it is walked on the local date `today`: a list of an earlier day,
 * when no newer one has come, without what was seen then.
 */
export function carriedOver(day, today) {
  if (day.on >= today) return day;
  const later = Date.parse(today) - Date.parse(day.on);
  const shift = Math.round(later / DAY_MS) * DAY_MS;
  const anew = (window) => ({
    ...window,
    last: null,
    opens_at: window.opens_at + shift,
    due_at: window.due_at + shift,
  });
  const rounds = day.rounds
    .filter((round) => round.on === day.on)
    .map((round) => ({
      ...round,
      on: today,
      key: `${round.id}:${today}`,
      stops: round.stops.map((stop) => ({ ...stop, windows: stop.windows.map(anew) })),
    }));
  return { ...day, rounds, carried: day.on };
}

/**
 * Return what was last seen of a window: here, or by anybody as the server knows it.
 * @param {Map<string, Look>} looks those of its round, by window
 * @returns {Seen | null}
 */
export function seenOf(window, looks) {
  const newest = looks.get(keyOf(window));
  if (newest === undefined) return window.last;
  return {
    id: newest.id,
    state: newest.state,
    could_not_see: newest.could_not_see,
    at: newest.made_at,
    by: "",
    mine: true,
    waiting: true,
    offset: newest.clock?.offset,
  };
}

/** Return whether somebody still has to look at a window. */
export function isToDo(window, looks) {
  return !window.away && seenOf(window, looks) === null;
}

/** Return how many of the windows of a round or a stop were looked at. */
export function progressOf(stops, looks) {
  const expected = stops.flatMap((stop) => stop.windows).filter((window) => !window.away);
  const done = expected.filter((window) => seenOf(window, looks) !== null).length;
  return { done, total: expected.length };
}

/** Return the next window of a stop to look at, from `after` on and around, else -1. */
export function nextToDo(stop, looks, after) {
  const count = stop.windows.length;
  for (let step = 1; step <= count; step += 1) {
    const place = (after + step) % count;
    if (isToDo(stop.windows[place], looks)) return place;
  }
  return -1;
}

/** Return the next stop with something to look at, from `after` on and around, else -1. */
export function nextStop(round, looks, after) {
  const count = round.stops.length;
  for (let step = 1; step <= count; step += 1) {
    const place = (after + step) % count;
    if (round.stops[place].windows.some((window) => isToDo(window, looks))) return place;
  }
  return -1;
}

/** Return the answer that means well for a window, else an empty string. */
export function wellAnswer(window, signals) {
  const found = signals[window.signal].answers.find(({ state }) => window.well.includes(state));
  return found ? found.state : "";
}

/** Return the windows that "all well here" would answer. */
export function allWellOf(stop, looks, signals) {
  return stop.windows.filter(
    (window) => isToDo(window, looks) && wellAnswer(window, signals) !== "",
  );
}

/**
 * Return whether an answer asks at once what to do: a cry for help, a sign that is not
 * well by itself, or one that does not mean well when the agreed time is over.
 * @param {number} at corrected by the clock offset
 */
export function asksAtOnce(window, answer, signals, at) {
  const found = signals[window.signal].answers.find(({ state }) => state === answer);
  if (found === undefined) return false;
  if (GRAVE.has(found.meaning)) return true;
  return !window.well.includes(answer) && at >= window.due_at;
}

/** Return the looks that may be sent now; those once refused only when asked for. */
export function lookDue(looks, member, now, again) {
  // Made later than now: the clock was set back, and holds nothing any more.
  const isHeld = (look) => look.made_at <= now && now < look.held_until;
  return looks
    .filter((look) => look.member === member && !isHeld(look))
    .filter((look) => again || look.refused === "")
    .sort((one, other) => one.made_at - other.made_at)
    .slice(0, BATCH_MOST);
}

/** Return what something that is made now keeps of the clocks. @returns {ClockFacts} */
export function clockFacts(measured, { tick, page }) {
  if (!measured) return { offset: null, known_at: null, tick, page };
  const passed = measured.page === page ? Math.max(0, tick - measured.tick) : 0;
  return { offset: measured.offset, known_at: measured.at + passed, tick, page };
}

/** Return whether a measuring still holds: lately, in this page, and nobody set the clock. */
export function isMeasured(measured, { now, tick, page }) {
  if (!measured || measured.page !== page) return false;
  const passed = tick - measured.tick;
  return passed < MEASURED_FOR_MS && Math.abs(now - measured.wall - passed) <= 1000;
}

/**
 * Return when something was made by the server's clock (`at`), how far this clock ran
 * ahead then, and whether that is `unsure` because the clock was changed in between.
 *
 * It was made after the last measuring before it and before now; within the life of one
 * page the ticks tell how long ago, at least. Of the two offsets, known then and measured
 * now, the first that fits in between holds; if none does, the nearest bound. A phone that
 * slept ticks less, so that the ticks are bounds and never the time itself.
 * @param {{made_at: number, clock?: ClockFacts | null}} row
 * @param {Measured} measured lately
 */
export function madeAt(row, measured) {
  const made = row.clock ?? { offset: null, known_at: null, tick: 0, page: "" };
  const passed = made.page === measured.page ? measured.tick - made.tick : 0;
  const latest = measured.at - passed;
  const earliest = Math.min(made.known_at ?? -Infinity, latest);
  const fits = (offset) => {
    const at = row.made_at - offset;
    return at >= earliest - CLOCK_SHAKY_MS && at <= latest + CLOCK_SHAKY_MS;
  };
  const then = made.offset ?? measured.offset;
  const isChanged = Math.abs(then - measured.offset) > CLOCK_SHAKY_MS;
  const found = [then, measured.offset].find(fits);
  if (found !== undefined) return { at: row.made_at - found, offset: found, unsure: isChanged };
  const at = Math.min(Math.max(row.made_at - then, earliest), latest);
  return { at, offset: row.made_at - at, unsure: true };
}

/** Return a look as the server reads it; `offset` and `unsure` as `madeAt` tells them. */
export function asSighting(look, { offset, unsure }) {
  return {
    id: look.id,
    home: look.home,
    signal: look.signal,
    state: look.state,
    could_not_see: look.could_not_see,
    seen_at: new Date(look.made_at).toISOString(),
    standpoint: look.standpoint,
    replaces: look.replaces,
    clock_offset_ms: Math.round(offset),
    clock_unsure: unsure,
  };
}

/**
 * Return which looks the server has, and which it refused: only what it has may go.
 * @param {Look[]} sent in the order in which they were sent
 */
export function settle(sent, answers) {
  const had = [];
  const refused = [];
  answers.forEach((answer) => {
    const look = sent[answer.index];
    if (look === undefined) return;
    if (answer.outcome === "refused") refused.push({ ...look, refused: answer.message || answer.code });
    else had.push(look);
  });
  return { had, refused };
}

/**
 * Return the day with what was just sent in it, by the server's clock, until its own comes.
 */
export function noted(day, looks, measured) {
  const ofRound = (round, row) => `${round} ${keyOf(row)}`;
  const byWindow = new Map(looks.map((look) => [ofRound(look.round, look), look]));
  const withLast = (round) => (window) => {
    const look = byWindow.get(ofRound(round.key, window));
    if (look === undefined) return window;
    const last = {
      id: look.id,
      state: look.state,
      could_not_see: look.could_not_see,
      at: madeAt(look, measured).at,
      by: day.member.name,
      mine: true,
      waiting: false,
    };
    return { ...window, last };
  };
  const rounds = day.rounds.map((round) => ({
    ...round,
    stops: round.stops.map((stop) => ({ ...stop, windows: stop.windows.map(withLast(round)) })),
  }));
  return { ...day, rounds };
}

/** Return how far this clock runs ahead (ms), from the two ends of one question. */
export function offsetOf(asked, answered, serverNow) {
  return Math.round((asked + answered) / 2 - serverNow);
}

/** Return how long to wait before trying again after `failures` (1, 2 …) in a row. */
export function backOff(failures) {
  return Math.min(BACK_OFF_FIRST_MS * 2 ** (failures - 1), BACK_OFF_MOST_MS);
}

/** Return how much waits on this phone, and how long the oldest of it has waited (ms). */
export function waitingOf(looks, photos, goings, now) {
  const all = [...looks, ...photos, ...goings];
  const oldest = all.reduce((least, row) => Math.min(least, row.made_at), now);
  return {
    count: all.length,
    oldest: now - oldest,
    refused: all.filter((row) => row.refused !== "").length,
  };
}
