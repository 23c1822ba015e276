// Puts the parts together: the state of this page, what a tap does, and when to send.

import { carriedOver, clockFacts, makeId } from "./core.js";
import { makeFetching, makeShelf } from "./pictures.js";
import { makePush } from "./push.js";
import { reportActs } from "./reporting.js";
import { saveFile } from "./saving.js";
import { screenOf } from "./screens.js";
import { openStore, roomIsTight } from "./store.js";
import { makeSync } from "./sync.js";
import { visitActs } from "./visiting.js";
import { walkingActs } from "./walking.js";
import { speaker } from "./words.js";

const FRESH_EVERY_MS = 60000;
const NEW_VERSION_EVERY_MS = 3600000;
const FLASH_MS = 6000;

const page = document.querySelector("[data-phone]");
const addresses = { ...page.dataset };
const now = () => Date.now();
const newId = () => makeId(now(), crypto.getRandomValues(new Uint8Array(10)));
// Ticks go on evenly whatever the clock is set to, as long as this page lives.
const thisPage = newId();
const here = () => ({ now: now(), tick: performance.now(), page: thisPage });
const facts = () => clockFacts(state.clock, here());

const state = {
  words: speaker(navigator.language),
  addresses,
  day: null,
  looks: [],
  photos: [],
  goings: [],
  answers: [],
  reports: null,
  visits: null,
  filled: [],
  drafts: [],
  chats: [],
  draft: null,
  planned: 0,
  problems: {},
  chatHome: null,
  chatWords: "",
  visitScreens: null,
  names: {},
  screen: "rounds",
  round: "",
  stop: 0,
  window: 0,
  report: "",
  building: "",
  pane: null,
  size: 18,
  speak: false,
  sight: "picture",
  near: false,
  shelf: null,
  blocked: false,
  offset: 0,
  clock: null,
  now: now(),
  sync: { status: "ok", words: "" },
  sending: false,
  worksOffline: true,
  tight: false,
  update: false,
  flash: "",
  undo: null,
  ask: null,
  push: "hidden",
  broken: false,
  blocked: false,
};

let store = null;
let sync = null;
let push = null;
let worker = null;
let isPressed = false;
let isStale = false;

// --- showing ----------------------------------------------------------------------

/** Show the state; not under a finger, or its tap would be lost. */
function show() {
  if (isPressed) {
    isStale = true;
    return;
  }
  isStale = false;
  state.now = now();
  const held = document.activeElement?.closest("[data-key]")?.dataset.key;
  document.documentElement.dataset.size = String(state.size);
  page.replaceChildren(...screenOf(state, act));
  if (held) page.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

/** Show what came by itself; not while somebody types, or the keyboard would lose a word. */
function showWhenFree() {
  if (document.activeElement?.matches(".typed")) isStale = true;
  else show();
}

addEventListener("focusout", () => setTimeout(() => isStale && showWhenFree(), 0));

function release() {
  isPressed = false;
  // After the click that belongs to this finger.
  setTimeout(() => isStale && show(), 0);
}

addEventListener("pointerdown", () => (isPressed = true));
addEventListener("pointerup", release);
addEventListener("pointercancel", release);

function flash(key) {
  state.flash = key;
  show();
  setTimeout(() => {
    if (state.flash !== key) return;
    state.flash = "";
    show();
  }, FLASH_MS);
}

function say(words) {
  navigator.vibrate?.(30);
  if (!state.speak || !("speechSynthesis" in window)) return;
  const spoken = new SpeechSynthesisUtterance(words);
  spoken.lang = document.documentElement.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
}

function go(screen, more = {}) {
  Object.assign(state, { screen, ...more });
  store.setMeta("place", { screen: state.screen, round: state.round, stop: state.stop });
  show();
  scrollTo(0, 0);
}

// --- what is kept -----------------------------------------------------------------

async function readKept() {
  const [looks, photos, goings, answers, filled, drafts, chats, day, reports, visits, offset, clock] = await Promise.all([
    store.all("looks"),
    store.all("photos"),
    store.all("goings"),
    store.all("answers"),
    store.all("visits"),
    store.all("drafts"),
    store.all("chats"),
    store.meta("day"),
    store.meta("reports"),
    store.meta("visits"),
    store.meta("offset"),
    store.meta("clock"),
  ]);
  const before = state.day?.member.id;
  Object.assign(state, { looks, photos, goings, answers, filled, drafts, chats, day: null, offset: offset ?? 0, clock: clock ?? null });
  // What one may see another may not: only the reader's own reports are shown.
  state.reports = reports && reports.member === day?.member.id ? reports : null;
  state.visits = visits && visits.member === day?.member.id ? visits : null;
  if (day) {
    state.day = carriedOver(day, dateIn(day.community.zone, now() - state.offset));
    state.names = { ...((await store.meta("names")) ?? {}), [day.member.id]: day.member.name };
    await store.setMeta("names", state.names);
    state.words = speaker(day.language);
    document.documentElement.lang = day.language;
    // Somebody else took this phone: they begin at the beginning.
    if (before !== undefined && before !== day.member.id) Object.assign(state, { screen: "rounds", ask: null, draft: null });
    // A newer day may have fewer windows at this stop.
    const stop = state.day.rounds.find(({ key }) => key === state.round)?.stops[state.stop];
    if (stop) state.window = Math.min(state.window, stop.windows.length - 1);
  }
}

async function readChoices() {
  const names = ["size", "speak", "place", "sight", "near"];
  const [size, speak, place, sight, near] = await Promise.all(names.map((name) => store.meta(name)));
  Object.assign(state, { size: size ?? 18, speak: speak ?? false, sight: sight ?? "picture", near: near ?? false });
  if (place?.screen === "stop") Object.assign(state, place);
}

/** Return the local date of a moment, as 2026-03-02. */
function dateIn(zone, at) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(at);
}

// --- what a tap does --------------------------------------------------------------

/** What cannot be kept on this phone must be said at once, and not look as if it were. */
const kept =
  (act) =>
  async (...given) => {
    try {
      await act(...given);
    } catch (error) {
      console.error(error);
      flash("not_kept");
    }
  };

/** Say who walks; without signal somebody must be phoned instead. */
async function tellNow(path, body) {
  try {
    await sync.tell(path, body);
    await sync.flush();
  } catch {
    flash("not_told");
  }
}

/** Be told on this phone, or no longer. */
async function tellHere(wanted) {
  state.push = "busy";
  show();
  try {
    await (wanted ? push.turnOn() : push.turnOff());
  } catch (error) {
    console.info(error);
    flash("push_failed");
  }
  await readPush();
}

async function readPush() {
  state.push = (await push?.state()) ?? "hidden";
  show();
}

const parts = { state, newId, now, facts, go, show, say, flash, send: () => sync.flush() };
const reporting = reportActs({ ...parts, keep: (kinds) => store.keep(kinds) });
const visiting = visitActs({ ...parts, shelf: () => store });
const walking = walkingActs({ ...parts, shelf: () => store, readKept });

const act = {
  ...reporting,
  ...Object.fromEntries(Object.entries(visiting).map(([name, does]) => [name, kept(does)])),
  ...walking,
  answer: kept(walking.answer),
  allWell: kept(walking.allWell),
  undo: kept(walking.undo),
  going: kept(walking.going),
  answerReport: kept(reporting.answerReport),
  nothingThere: kept(reporting.nothingThere),
  cannotGo: kept(reporting.cannotGo),
  openRounds: () => go("rounds"),
  openOutbox: () => go("outbox"),
  openSettings() {
    go("settings");
    void readPush();
  },
  tellHere,
  leaveRound: () => go("rounds", { undo: null }),
  notGoing() {
    state.ask.said = "not_going_words";
    show();
  },
  closeAsk() {
    state.ask = null;
    show();
  },
  async sendNow() {
    state.sending = true;
    show();
    await sync.flush({ again: true });
    state.sending = false;
    state.tight = await roomIsTight();
    show();
  },
  saveFile: () => saveFile(state, now()),
  cannot: (round, on, out) => tellNow(addresses.cannot, { round, on, out }),
  reply: (offer, walks) => tellNow(addresses.reply, { offer, walks }),
  async choose(name, value) {
    state[name] = value;
    await store.setMeta(name, value);
    show();
  },
  useNewVersion() {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    worker.waiting?.postMessage("use the new version");
  },
};

// --- beginning --------------------------------------------------------------------

function cookie(name) {
  const found = document.cookie.split("; ").find((row) => row.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

async function told({ status, words = "", sent = 0 }) {
  const isNews = status !== undefined && (status !== state.sync.status || words !== state.sync.words);
  if (status) state.sync = { status, words };
  // Only what came or went changes what is kept: a try that failed shows at most itself.
  const isKept = sent > 0 || status === "ok" || status === "other";
  if (isKept) await readKept();
  if (isKept || isNews) showWhenFree();
}

async function keepTheApp() {
  if (!("serviceWorker" in navigator)) {
    state.worksOffline = false;
    return;
  }
  try {
    worker = await navigator.serviceWorker.register(addresses.worker, { scope: addresses.scope });
  } catch {
    // No signal, or a browser that only seems to have one: the page works as it is.
    state.worksOffline = navigator.serviceWorker.controller !== null;
    return;
  }
  const look = () => {
    state.update = worker.waiting !== null && navigator.serviceWorker.controller !== null;
    show();
  };
  worker.addEventListener("updatefound", () => worker.installing?.addEventListener("statechange", look));
  look();
  setInterval(() => worker.update().catch(() => undefined), NEW_VERSION_EVERY_MS);
}

function otherPage() {
  state.blocked = true;
  show();
}

async function begin() {
  try {
    store = await openStore({ blocked: otherPage });
  } catch {
    state.broken = true;
    show();
    return;
  }
  state.blocked = false;
  state.shelf = makeShelf(store, show);
  const idle = makeFetching({
    store,
    isSending: () => sync.isSending(),
    hasRoom: async () => !(await roomIsTight()),
    got: show,
  });
  sync = makeSync({ store, addresses, now, here, cookie, told: (change) => void told(change), idle });
  push = makePush({ path: addresses.push, ask: sync.ask, worker: () => worker });
  await Promise.all([readKept(), readChoices()]);
  const round = state.day?.rounds.find(({ key }) => key === state.round);
  if (state.screen === "stop" && round?.stops[state.stop]) act.openStop(state.stop);
  show();
  const send = () => sync.flush();
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  setInterval(() => document.visibilityState === "visible" && send(), FRESH_EVERY_MS);
  send();
  state.tight = await roomIsTight();
  await keepTheApp();
  show();
}

begin();
