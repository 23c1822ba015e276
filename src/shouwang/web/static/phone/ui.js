// The parts that every screen is made of. Screens are made anew from the state; nothing is
// kept here.

import { waitingOf } from "./core.js";
import { answersAlone } from "./reports.js";
import { reportNotice } from "./reportsui.js";

const CALM = new Set(["photo_kept", "chat_noted"]);

/**
 * Make an element; `on` are its listeners, `data` its data attributes.
 * @returns {HTMLElement}
 */
export function el(tag, { on = {}, data = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(name, String(value));
  }
  Object.assign(made.dataset, data);
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener);
  made.append(...children.flat().filter((child) => child !== null && child !== ""));
  return made;
}

export function button(words, act, more = {}, ...before) {
  return el("button", { type: "button", on: { click: act }, ...more }, ...before, el("span", {}, words));
}

export function drawn(inner) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "-2 -2 44 38");
  drawing.setAttribute("class", "answer-picture");
  drawing.setAttribute("aria-hidden", "true");
  // Drawn by our own server, never from what somebody typed.
  drawing.innerHTML = inner;
  return drawing;
}

export function hourOf(state, at) {
  const zone = state.day?.community.zone;
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(at);
}

export function ageOf(state, age) {
  const minutes = Math.floor(age / 60000);
  if (minutes < 1) return state.words("just_now");
  if (minutes < 60) return state.words("minutes", { count: minutes });
  return state.words("hours", { count: Math.floor(minutes / 60) });
}

export function answerWords(state, window, seen) {
  if (seen.could_not_see) {
    const found = state.day.could_not_see.find(({ value }) => value === seen.could_not_see);
    return found ? found.label : seen.could_not_see;
  }
  const found = state.day.signals[window.signal].answers.find((row) => row.state === seen.state);
  return found ? found.label : seen.state;
}

export const nameOf = (window) => window.name || window.address;

/** Return what waits on this phone besides looks and photos. */
export const saidOf = (state) => [
  ...state.goings,
  ...answersAlone(state.answers, state.looks),
  ...state.filled,
  ...state.chats,
];

export function bar(state, act, title, back) {
  const { count, oldest, refused } = waitingOf(state.looks, state.photos, saidOf(state), state.now);
  const words =
    count === 0
      ? state.words("waiting_none")
      : state.words("waiting_some", { count, age: ageOf(state, oldest) });
  // Large letters leave room for the number alone.
  const shown = state.size === 18 ? words : count === 0 ? "0" : `${count} · ${ageOf(state, oldest)}`;
  return el(
    "header",
    { class: "bar" },
    back ? button(state.words("back"), back, { class: "back", data: { key: "back" } }) : null,
    el("h1", {}, title),
    button(shown, act.openOutbox, {
      "aria-label": shown === words ? undefined : `${shown} · ${words}`,
      class: count === 0 ? "waiting waiting-none" : refused ? "waiting waiting-refused" : "waiting",
      data: { key: "waiting", count },
    }),
  );
}

export function notices(state, act) {
  const { status, words } = state.sync;
  const shown = [];
  const note = (text, kind, ...more) => shown.push(el("p", { class: `note note-${kind}`, role: "status" }, text, ...more));
  if (status === "offline") note(state.words("offline"), "calm");
  if (status === "server") note(words || state.words("server"), "calm");
  if (status === "other") note(state.words("other"), "grave");
  if (status === "login")
    note(state.words("login"), "grave", el("a", { class: "big", href: state.addresses.login }, state.words("log_in")));
  if (state.day.carried) note(state.words("carried", { on: state.day.carried }), "calm");
  if (!state.worksOffline) note(state.words("needs_signal"), "calm");
  if (state.tight) note(state.words("room_tight"), "grave");
  if (state.flash) note(state.words(state.flash), CALM.has(state.flash) ? "calm" : "grave");
  if (state.update && state.screen === "rounds")
    note(state.words("new_version"), "calm", button(state.words("use_it"), act.useNewVersion, { class: "big" }));
  return [...shown, reportNotice(state, act)].filter((one) => one !== null);
}
