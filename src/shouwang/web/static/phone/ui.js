// What is on the screen: every screen is made anew from the state; nothing is kept here.

import {
  allWellOf,
  isToDo,
  looksOn,
  nextStop,
  progressOf,
  seenOf,
  waitingOf,
} from "./core.js";
import { facade } from "./draw.js";
import { markOf, seenFrom } from "./pictures.js";
import { answersAlone } from "./reports.js";
import { openReport, reportCards, reportNotice, reportScreen } from "./reportsui.js";

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
const saidOf = (state) => [...state.goings, ...answersAlone(state.answers, state.looks)];

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
  if (state.flash) note(state.words(state.flash), state.flash === "photo_kept" ? "calm" : "grave");
  if (state.update && state.screen === "rounds")
    note(state.words("new_version"), "calm", button(state.words("use_it"), act.useNewVersion, { class: "big" }));
  return [...shown, reportNotice(state, act)].filter((one) => one !== null);
}

/** Rounds that one is asked to walk, and those one cannot. */
function coverCards(state, act) {
  const { offers, dropped } = state.day;
  const title = (row) => el("h2", {}, `${row.at} ${row.name}`, " ", row.on === state.day.on ? "" : el("small", {}, row.on));
  return [
    ...offers.map((row) =>
      el(
        "section",
        { class: "card offer" },
        title(row),
        el("p", {}, state.words("offered")),
        el(
          "div",
          { class: "pair" },
          button(state.words("i_walk"), () => act.reply(row.id, true), { class: "big strong", data: { key: `walk-${row.id}` } }),
          button(state.words("i_cannot"), () => act.reply(row.id, false), { class: "big", data: { key: `decline-${row.id}` } }),
        ),
      ),
    ),
    ...dropped.map((row) =>
      el(
        "section",
        { class: "card" },
        title(row),
        el("p", {}, state.words("dropped")),
        button(state.words("can_after_all"), () => act.cannot(row.round, row.on, false), { class: "big", data: { key: `back-${row.round}` } }),
      ),
    ),
  ];
}

function roundsScreen(state, act) {
  const { rounds } = state.day;
  const card = (round) => {
    const { done, total } = progressOf(round.stops, looksOn(state.looks, round));
    const words = done === 0 ? "walk" : done < total ? "go_on" : "look_again";
    return el(
      "section",
      { class: "card" },
      el("h2", {}, `${round.at} ${round.name}`),
      el("p", {}, done === total ? state.words("all_looked") : state.words("looked", { done, total })),
      el("progress", { max: Math.max(total, 1), value: done, "aria-label": round.name }),
      button(state.words(words), () => act.openRound(round.key), {
        class: done < total ? "big strong" : "big",
        data: { key: `round-${round.key}` },
      }),
      round.mine && done < total
        ? button(state.words("cannot_today"), () => act.cannot(round.id, round.on, true), {
            class: "big quiet-button",
            data: { key: `out-${round.id}` },
          })
        : null,
    );
  };
  return [
    bar(state, act, state.words("rounds"), null),
    ...notices(state, act),
    el(
      "main",
      {},
      reportCards(state, act),
      coverCards(state, act),
      rounds.length ? rounds.map(card) : el("p", { class: "card" }, state.words("no_rounds")),
      el("p", { class: "quiet" }, `${state.day.community.name} · ${state.day.member.name} · ${state.words("fetched", { at: hourOf(state, state.day.fetched_at) })}`),
      el(
        "p",
        { class: "pair" },
        button(state.words("settings"), act.openSettings, { class: "big", data: { key: "settings" } }),
        el("a", { class: "big", href: "/" }, state.words("desk")),
      ),
    ),
  ];
}

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

function stopScreen(state, act) {
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

function outboxScreen(state, act) {
  const rows = [...state.looks, ...state.photos, ...saidOf(state)];
  const mine = state.day?.member.id;
  const others = rows.filter((row) => row.member !== mine);
  const refused = rows.filter((row) => row.refused !== "");
  const { count } = waitingOf(state.looks, state.photos, saidOf(state), state.now);
  const otherName = state.names[others[0]?.member];
  return [
    bar(state, act, state.words("outbox"), act.openRounds),
    ...notices(state, act),
    el(
      "main",
      {},
      el("p", { class: "card" }, count === 0 ? state.words("waiting_none") : state.words("outbox_safe")),
      others.length
        ? el(
            "p",
            { class: "note note-grave" },
            otherName
              ? state.words("of_other", { count: others.length, name: otherName })
              : state.words("of_other_unnamed", { count: others.length }),
          )
        : null,
      refused.map((row) => el("p", { class: "note note-grave" }, state.words("refused", { why: row.refused }))),
      button(state.sending ? state.words("sending") : state.words("send_now"), act.sendNow, {
        class: "big strong",
        data: { key: "send" },
      }),
      count
        ? [
            el("p", { class: "quiet" }, state.words("export_words")),
            button(state.words("export"), act.saveFile, { class: "big", data: { key: "export" } }),
          ]
        : [],
    ),
  ];
}

/** The switch "tell me on this phone", or in plain words why there is none. */
function pushChoice(state, choice, act) {
  if (state.push === "hidden") return [];
  const title = el("h2", {}, state.words("push"));
  if (state.push === "unsupported" || state.push === "denied")
    return [title, el("p", { class: "note note-calm", role: "status" }, state.words(`push_${state.push}`))];
  const isBusy = state.push === "busy";
  return [
    title,
    el("p", { class: "quiet", role: "status" }, state.words(`push_${state.push}`)),
    el(
      "div",
      { class: "choices" },
      [true, false].map((on) =>
        choice(state.words(on ? "on" : "off"), !isBusy && (state.push === "on") === on, () => !isBusy && act.tellHere(on), `push-${on}`),
      ),
    ),
  ];
}

function settingsScreen(state, act) {
  const choice = (words, isChosen, choose, key) =>
    button(words, choose, { class: "big", "aria-pressed": String(isChosen), data: { key } });
  return [
    bar(state, act, state.words("settings"), act.openRounds),
    ...notices(state, act),
    el(
      "main",
      {},
      el("h2", {}, state.words("text_size")),
      el(
        "div",
        { class: "choices" },
        [18, 24, 30].map((size) =>
          choice(state.words(`size_${size}`), state.size === size, () => act.choose("size", size), `size-${size}`),
        ),
      ),
      el("h2", {}, state.words("speak")),
      el(
        "div",
        { class: "choices" },
        [true, false].map((on) =>
          choice(state.words(on ? "on" : "off"), state.speak === on, () => act.choose("speak", on), `speak-${on}`),
        ),
      ),
      pushChoice(state, choice, act),
    ),
  ];
}

function phoneLink(state) {
  const number = state.day.community.desk_phone;
  if (!number) return el("p", {}, state.words("no_phone"));
  return el("a", { class: "big strong", href: `tel:${number}`, data: { key: "phone" } }, `${state.words("phone_desk")} ${number}`);
}

/** The question that a crying face asks at once. */
function askScreen(state, act) {
  const { window, grave, said } = state.ask;
  const title = state.words(grave ? "ask_help" : "ask_not_well", { name: nameOf(window) });
  const body =
    said === null
      ? [
          el("p", {}, state.words("ask_words")),
          button(state.words("going"), act.going, { class: "big strong", data: { key: "going" } }),
          phoneLink(state),
          button(state.words("not_going"), act.notGoing, { class: "big", data: { key: "not-going" } }),
        ]
      : [
          el("p", {}, state.words(said)),
          phoneLink(state),
          button(state.words("close"), act.closeAsk, { class: "big", data: { key: "close" } }),
        ];
  return [
    el(
      "main",
      { class: "ask" },
      el("section", { role: "alertdialog", "aria-label": title }, el("h1", {}, title), el("p", {}, window.address), ...body),
    ),
  ];
}

function emptyScreen(state) {
  const { status } = state.sync;
  const words = state.broken ? "broken" : state.blocked ? "close_others" : status === "offline" || status === "server" ? "first_visit" : "loading";
  return [
    el(
      "main",
      { class: "ask" },
      el("h1", {}, "守望"),
      status === "login"
        ? el("a", { class: "big strong", href: state.addresses.login }, state.words("log_in"))
        : el("p", { role: "status" }, state.words(words)),
    ),
  ];
}

/** Return what the screen shows now. */
export function screenOf(state, act) {
  if (state.broken || !state.day) return emptyScreen(state);
  if (state.ask !== null) return askScreen(state, act);
  if (state.screen === "outbox") return outboxScreen(state, act);
  if (state.screen === "settings") return settingsScreen(state, act);
  if (state.screen === "report" && openReport(state)) return reportScreen(state, act);
  const round = state.day.rounds.find(({ key }) => key === state.round);
  if (state.screen === "stop" && round?.stops[state.stop]) return stopScreen(state, act);
  return roundsScreen(state, act);
}
