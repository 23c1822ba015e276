// Sends what waits and fetches the day. One upload at a time; what waits is deleted only
// after the server's yes; who must log in first loses nothing.

import { asSighting, backOff, isMeasured, lookDue, madeAt, noted, offsetOf, settle } from "./core.js";
import { answered, answersDue, asAnswer, reportsHere } from "./reports.js";
import { asChat, asVisit, visited } from "./visits.js";

const LOOKS_WITHIN_MS = 30000;
const PHOTO_WITHIN_MS = 120000;

/** The server said no, or said nothing (`status` 0). */
class NotTaken extends Error {
  constructor(status, words = "") {
    super(words);
    this.status = status;
  }
}

/**
 * Return the one that sends. `told` is called with what changed: `status` is `"ok"`,
 * `"offline"`, `"login"`, `"other"` (somebody else is logged in) or `"server"`.
 * `idle` is called when everything was sent and nothing more is being sent.
 */
export function makeSync({ store, addresses, now, here, cookie, told, idle = () => undefined }) {
  let running = null;
  let wanted = null;
  let failures = 0;
  let timer = 0;
  let isSent = false;

  async function ask(path, options, within) {
    const stop = new AbortController();
    const end = setTimeout(() => stop.abort(), within);
    let answer;
    try {
      answer = await fetch(path, {
        credentials: "same-origin",
        cache: "no-store",
        signal: stop.signal,
        ...options,
        headers: { "X-CSRFToken": cookie("csrftoken"), ...options.headers },
      });
      const body = await answer.json();
      if (answer.ok) return body;
      throw new NotTaken(answer.status, body.error?.message ?? "");
    } catch (error) {
      if (error instanceof NotTaken) throw error;
      throw new NotTaken(answer === undefined ? 0 : answer.status);
    } finally {
      clearTimeout(end);
    }
  }

  const asJson = (body) => ({
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });

  /** Keep how far this clock is off, from the two ends of one question. */
  async function measure(asked, serverNow) {
    const { now: wall, tick, page } = here();
    const offset = offsetOf(asked, wall, serverNow);
    const measured = { offset, at: wall - offset, wall, tick, page };
    await store.setMeta("clock", measured);
    await store.setMeta("offset", offset);
    return measured;
  }

  /** Return how far this clock is off: as known, else ask, for it may have been set. */
  async function clockNow() {
    const known = await store.meta("clock");
    if (isMeasured(known, here())) return known;
    const asked = now();
    return measure(asked, Date.parse((await ask(addresses.clock, {}, LOOKS_WITHIN_MS)).now));
  }

  const timeOf = async (row) => new Date(madeAt(row, await clockNow()).at).toISOString();

  async function sendLooks(member, again) {
    for (let tried = again; ; tried = false) {
      const batch = lookDue(await store.all("looks"), member, now(), tried);
      if (batch.length === 0) return;
      const measured = await clockNow();
      const body = {
        member,
        device_now: new Date(now()).toISOString(),
        sightings: batch.map((look) => asSighting(look, madeAt(look, measured))),
      };
      const { answers } = await ask(addresses.sightings, asJson(body), LOOKS_WITHIN_MS);
      const { had, refused } = settle(batch, answers);
      await store.put("looks", refused);
      const day = await store.meta("day");
      if (day) await store.setMeta("day", noted(day, had, measured));
      await store.remove("looks", had.map(({ id }) => id));
      told({ sent: had.length });
      if (had.length === 0) return;
    }
  }

  async function sendGoings(member, again) {
    for (const row of await store.all("goings")) {
      if (row.member !== member || (row.refused !== "" && !again)) continue;
      const body = { member, home: row.home, minutes: row.minutes, at: await timeOf(row) };
      await oneByOne("goings", row, () => ask(addresses.going, asJson(body), LOOKS_WITHIN_MS));
    }
  }

  /** After the looks that they name. */
  async function sendAnswers(member, again) {
    const [answers, looks] = [await store.all("answers"), await store.all("looks")];
    for (const row of answersDue(answers, looks, member, again)) {
      const { at } = madeAt(row, await clockNow());
      const body = { ...asAnswer(row, at), member };
      await oneByOne("answers", row, async () => {
        await ask(addresses.reports, asJson(body), LOOKS_WITHIN_MS);
        const reports = await store.meta("reports");
        if (reports) await store.setMeta("reports", answered(reports, row, at));
      });
    }
  }

  async function sendPhotos(member, again) {
    for (const row of await store.all("photos")) {
      if (row.member !== member || (row.refused !== "" && !again)) continue;
      const body = new FormData();
      body.set("id", row.id);
      body.set("member", String(member));
      body.set("taken_at", await timeOf(row));
      body.set("standpoint", row.standpoint);
      for (const home of row.homes) body.append("homes", String(home));
      body.set("photo", row.blob, "photo.jpg");
      await oneByOne("photos", row, () => ask(addresses.photos, { method: "POST", body }, PHOTO_WITHIN_MS));
    }
  }

  async function sendVisits(member, again) {
    for (const row of await dueOf("visits", member, again)) {
      await oneByOne("visits", row, async () => {
        await ask(addresses.visits, asJson(await withOffset(row, asVisit(row))), LOOKS_WITHIN_MS);
        const visits = await store.meta("visits");
        if (visits) await store.setMeta("visits", visited(visits, row));
      });
    }
    for (const row of await dueOf("chats", member, again))
      await oneByOne("chats", row, async () =>
        ask(addresses.chats, asJson(await withOffset(row, asChat(row))), LOOKS_WITHIN_MS),
      );
  }

  /** How far this clock was off then, judged as late as can be: it is no part of what was said. */
  const withOffset = async (row, told) => ({
    ...told,
    member: row.member,
    clock_offset_ms: Math.round(madeAt(row, await clockNow()).offset),
  });

  const dueOf = async (name, member, again) =>
    (await store.all(name)).filter((row) => row.member === member && (again || row.refused === ""));

  /** Send one row; what the server will never take stays here and says why. */
  async function oneByOne(name, row, send) {
    try {
      await send();
      await store.remove(name, [row.id]);
      told({ sent: 1 });
    } catch (error) {
      const never = [400, 404, 413, 422].includes(error.status);
      if (!never) throw error;
      await store.put(name, [{ ...row, refused: error.message || String(error.status) }]);
    }
  }

  async function fetchDay() {
    const asked = now();
    const day = await ask(addresses.day, {}, LOOKS_WITHIN_MS);
    await measure(asked, Date.parse(day.now));
    await store.setMeta("day", asHere(day));
    return day;
  }

  async function fetchReports() {
    await store.setMeta("reports", reportsHere(await ask(addresses.reports, {}, LOOKS_WITHIN_MS)));
  }

  async function fetchVisits() {
    await store.setMeta("visits", await ask(addresses.visits, {}, LOOKS_WITHIN_MS));
  }

  async function run(again) {
    const known = await store.meta("day");
    // Whoever was logged in last is the one whose looks go first, before anything is read.
    if (known) {
      await sendLooks(known.member.id, again);
      await sendGoings(known.member.id, again);
      await sendAnswers(known.member.id, again);
      await sendVisits(known.member.id, again);
    }
    const day = await fetchDay();
    if (!known || known.member.id !== day.member.id) await sendLooks(day.member.id, again);
    await sendGoings(day.member.id, again);
    await sendAnswers(day.member.id, again);
    await sendVisits(day.member.id, again);
    await fetchReports();
    await fetchVisits();
    await sendPhotos(day.member.id, again);
  }

  function failed(error) {
    failures += 1;
    const status = error.status;
    if (status === 401 || status === 403) told({ status: "login" });
    else if (status === 409) return otherMember();
    else told({ status: status === 0 ? "offline" : "server", words: error.message });
    timer = setTimeout(() => flush(), backOff(failures));
    return undefined;
  }

  /** Somebody else is logged in now: show their day, keep what is not theirs. */
  async function otherMember() {
    await fetchDay();
    told({ status: "other" });
    timer = setTimeout(() => flush(), 0);
  }

  async function once(again) {
    clearTimeout(timer);
    isSent = false;
    try {
      await run(again);
      failures = 0;
      told({ status: "ok" });
      isSent = true;
    } catch (error) {
      await Promise.resolve(failed(error instanceof NotTaken ? error : strange(error))).catch(
        () => told({ status: "server" }),
      );
    }
  }

  function strange(error) {
    // Our own mistake must not look like poor signal.
    console.error(error);
    return new NotTaken(599);
  }

  /** Send now; while something is being sent, once more after that. */
  function flush({ again = false } = {}) {
    if (running !== null) {
      wanted = { again: again || wanted?.again === true };
      return running;
    }
    running = exclusively(() => once(again)).finally(() => {
      running = null;
      const next = wanted;
      wanted = null;
      if (next !== null) flush(next);
      else if (isSent) idle();
    });
    return running;
  }

  /** Tell the server something now or not at all; what cannot wait is not kept. */
  const tell = (path, body) => ask(path, asJson(body), LOOKS_WITHIN_MS);

  return {
    flush,
    tell,
    ask: (path, options) => ask(path, options, LOOKS_WITHIN_MS),
    isSending: () => running !== null,
  };
}

/** Two pages of one phone must not send the same thing at once. */
function exclusively(act) {
  return navigator.locks ? navigator.locks.request("shouwang-outbox", act) : act();
}

/** Return the server's day with its times in milliseconds. */
export function asHere(day) {
  const inWindow = (window) => ({
    ...window,
    opens_at: Date.parse(window.opens_at),
    due_at: Date.parse(window.due_at),
    last: window.last && { ...window.last, at: Date.parse(window.last.at), waiting: false },
  });
  return {
    ...day,
    fetched_at: Date.parse(day.now),
    rounds: day.rounds.map((round) => ({
      ...round,
      stops: round.stops.map((stop) => ({ ...stop, windows: stop.windows.map(inWindow) })),
    })),
  };
}
