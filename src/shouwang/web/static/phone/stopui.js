// One stop: the window to look at, what can be said of it, and the others seen from here.

import { allWellOf, isToDo, looksOn, nextStop, progressOf, seenOf } from "./core.js";
import { facade } from "./draw.js";
import { markOf, seenFrom } from "./pictures.js";
import { answerWords, bar, button, drawn, el, hourOf, nameOf, notices } from "./ui.js";

function windowChip(state, act, looks, stop, place) {
  const window = stop.windows[place];
  const seen = seenOf(window, looks);
  const mark = window.away ? "away" : seen ? "done" : "todo";
  const words = window.away ? state.words("away") : seen ? answerWords(state, window, seen) : "";
  return el(
    "button",
    {
      type: "button",
      class: `chip chip-${mark}`,
      "aria-current": place === state.window ? "true" : undefined,
      on: { click: () => act.chooseWindow(place) },
      data: { key: `chip-${place}` },
    },
    el("strong", {}, window.address),
    el("span", {}, words || nameOf(window)),
  );
}

function lastWords(state, window, seen) {
  if (seen === null) return null;
  const values = {
    at: hourOf(state, seen.waiting ? seen.at - (seen.offset ?? state.offset) : seen.at),
    by: seen.by,
    what: answerWords(state, window, seen),
  };
  const words = seen.mine ? "recorded_here" : "recorded_by";
  return el("p", { class: "seen" }, state.words(words, values), " ", el("span", { class: "quiet" }, state.words("tap_to_correct")));
}

function question(state, act, looks, stop) {
  const window = stop.windows[state.window];
  const { answers, label } = state.day.signals[window.signal];
  const seen = seenOf(window, looks);
  const chosen = (value) => seen !== null && (value === seen.state || value === `!${seen.could_not_see}`);
  const answer = ({ state: value, label: words, meaning, picture }) =>
    button(
      words,
      () => act.answer(value),
      { class: `answer answer-${meaning}`, "aria-pressed": String(chosen(value)), data: { key: `answer-${value}`, answer: value } },
      picture ? drawn(picture) : null,
    );
  const reason = ({ value, label: words }) =>
    button(words, () => act.answer(`!${value}`), {
      class: "reason",
      "aria-pressed": String(chosen(`!${value}`)),
      data: { key: `reason-${value}`, answer: `!${value}` },
    });
  return el(
    "section",
    { class: "asked" },
    el("h2", {}, nameOf(window), " ", el("small", {}, `${window.address} · ${label}`)),
    window.away ? el("p", { class: "seen" }, state.words("away")) : lastWords(state, window, seen),
    el("div", { class: "answers" }, answers.map(answer)),
    el("p", { class: "reasons-title" }, state.words("could_not_see")),
    el("div", { class: "reasons" }, state.day.could_not_see.map(reason)),
  );
}

function photoButton(state, act) {
  const input = el("input", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    class: "hidden-input",
    on: { change: (event) => act.takePhoto(event.target) },
    data: { key: "photo" },
  });
  return el("label", { class: "big photo" }, state.words("photo"), input);
}

function stopFoot(state, act, looks, round) {
  const stop = round.stops[state.stop];
  const left = allWellOf(stop, looks, state.day.signals);
  const next = nextStop(round, looks, state.stop);
  const isOver = stop.windows.every((window) => !isToDo(window, looks));
  const first =
    state.undo !== null
      ? button(`${state.words("all_well_done", { count: state.undo.length })} · ${state.words("undo")}`, act.undo, { class: "big wide undo", data: { key: "undo" } })
      : left.length > 0
        ? button(state.words("all_well", { count: left.length }), act.allWell, { class: "big wide strong", data: { key: "all-well" } })
        : null;
  const canGoOn = next !== -1 && next !== state.stop;
  const on = canGoOn
    ? button(state.words("next_stop"), () => act.openStop(next), { class: isOver ? "big strong" : "big", data: { key: "next" } })
    : null;
  return el("footer", { class: "foot" }, photoButton(state, act), first, on);
}

/** A look before the agreed time proves nothing: better to know before one stands there. */
function earlyNote(state, stop) {
  const opens = Math.min(...stop.windows.filter(({ away }) => !away).map(({ opens_at }) => opens_at));
  if (!Number.isFinite(opens) || opens <= state.now - state.offset) return null;
  return el("p", { class: "note note-calm" }, state.words("too_early", { at: hourOf(state, opens) }));
}

/** The stop as a drawing or, where its picture is on this phone, as one sees it. */
function sightOf(state, act, stop, marks) {
  const window = stop.windows[state.window];
  const drawing = () => facade(state.day.buildings[window.building], stop, marks, state.window);
  if (!stop.picture?.marks.length) return drawing();
  const choice = (sight) =>
    button(state.words(sight), () => act.choose("sight", sight), {
      class: "sight",
      "aria-pressed": String(state.sight === sight),
      data: { key: `sight-${sight}` },
    });
  const image = state.sight === "picture" ? state.shelf.imageOf(stop.picture) : null;
  const isMarked = markOf(stop, window) !== undefined;
  return [
    el(
      "div",
      { class: "sights", role: "group", "aria-label": state.words("sights") },
      ["picture", "drawing"].map(choice),
      image && isMarked
        ? button(state.words(state.near ? "farther" : "nearer"), () => act.choose("near", !state.near), {
            class: "sight",
            data: { key: "near" },
          })
        : null,
    ),
    state.sight === "picture" && !isMarked ? el("p", { class: "quiet line" }, state.words("not_marked")) : null,
    state.sight === "picture" && isMarked && !image ? el("p", { class: "quiet line" }, state.words("picture_later")) : null,
    image && isMarked ? seenFrom(image, stop, state.window, state.near) : drawing(),
  ];
}

export function stopScreen(state, act) {
  const round = state.day.rounds.find(({ key }) => key === state.round);
  const stop = round.stops[state.stop];
  const looks = looksOn(state.looks, round);
  const { done, total } = progressOf(round.stops, looks);
  const marks = stop.windows.map((window) =>
    window.away ? "away" : isToDo(window, looks) ? "todo" : "done",
  );
  const place = state.words("stop_of", { place: state.stop + 1, count: round.stops.length });
  return [
    bar(state, act, stop.name, act.leaveRound),
    ...notices(state, act),
    el(
      "main",
      { class: "stop" },
      el("p", { class: "quiet line" }, `${place} · ${state.words("looked", { done, total })}`),
      done === total
        ? el("p", { class: "note note-well", role: "status" }, el("strong", {}, state.words("done_title")), " ", state.words("done_words"))
        : null,
      earlyNote(state, stop),
      stop.note ? el("p", { class: "quiet line" }, stop.note) : null,
      sightOf(state, act, stop, marks),
      question(state, act, looks, stop),
      el("div", { class: "chips" }, stop.windows.map((_, index) => windowChip(state, act, looks, stop, index))),
    ),
    stopFoot(state, act, looks, round),
  ];
}
