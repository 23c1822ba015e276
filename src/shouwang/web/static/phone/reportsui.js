// The screens of what passers-by reported: a card on the first screen, then the window.

import { facade } from "./draw.js";
import { reportsShown, signalsAt } from "./reports.js";
import { ageOf, answerWords, bar, button, drawn, el, hourOf, nameOf, notices } from "./ui.js";

const shownNow = (state) => reportsShown(state.reports, state.answers, state.now - state.offset);

function agoWords(state, at) {
  const age = state.now - state.offset - at;
  return age < 60000 ? state.words("just_now") : state.words("ago", { age: ageOf(state, age) });
}

function actWords(state, row) {
  const seen = row.signal in state.day.signals ? answerWords(state, { signal: row.signal }, row) : row.state;
  const key = row.did === "looked" ? "report_saw" : `report_${row.did}`;
  const by = row.mine ? state.words("you") : row.by;
  const words = state.words(key, { by, what: seen });
  return row.at === null ? `${words} · ${state.words("not_sent_yet")}` : `${hourOf(state, row.at)} ${words}`;
}

function told(state, { report, acts }) {
  return [
    el("p", {}, `${report.place} · ${agoWords(state, report.at)}`),
    report.note ? el("p", { class: "said" }, report.note) : null,
    ...acts.map((row) => el("p", { class: "quiet line" }, actWords(state, row))),
  ];
}

/** What a passer-by saw, for a walker to look at; the most urgent first. */
export function reportCards(state, act) {
  return shownNow(state).map((shown) => {
    const { report, isAsked, cannot } = shown;
    const look = (words, kind) =>
      button(state.words(words), () => act.openReport(report), { class: kind, data: { key: `look-${report.id}` } });
    const cannotGo = () =>
      button(state.words("cannot_go"), () => act.cannotGo(report), { class: "big", data: { key: `cannot-${report.id}` } });
    const asked = isAsked && !cannot;
    return el(
      "section",
      { class: asked ? `card report report-${report.what}` : "card report" },
      el("h2", {}, state.words(`saw_${report.what}`)),
      told(state, shown),
      asked ? el("p", {}, el("strong", {}, state.words("please_look"))) : null,
      asked
        ? el("div", { class: "pair" }, look("i_looked", "big strong"), cannotGo())
        : look(isAsked ? "looked_after_all" : "looked_too", "big quiet-button"),
    );
  });
}

/** On a stop nobody sees the first screen: a crying face is said there, too. */
export function reportNotice(state, act) {
  const found = shownNow(state).find(
    ({ report, isAsked, cannot }) => report.what === "cry" && isAsked && !cannot,
  );
  if (found === undefined || state.screen !== "stop") return null;
  const { report } = found;
  return el(
    "p",
    { class: "note note-grave", role: "status" },
    `${state.words("saw_cry")}: ${report.place}`,
    button(state.words("show_it"), act.openRounds, { class: "big", data: { key: "report-notice" } }),
  );
}

function drawing(state, act, panes) {
  const building = state.reports.buildings[state.building];
  if (!building) return null;
  const place = panes.findIndex(({ home }) => home === state.pane);
  const made = facade(building, { windows: panes }, panes.map(() => "todo"), place);
  if (state.pane !== null) return made;
  made.classList.add("facade-choose");
  // For whoever taps the drawing; the list below says the same with words.
  made.addEventListener("click", (event) => {
    const tapped = event.target.closest("[data-place]");
    if (tapped) act.choosePane(panes[Number(tapped.dataset.place)].home);
  });
  return made;
}

function buildingChips(state, act) {
  const labels = Object.keys(state.reports.buildings);
  if (labels.length < 2) return null;
  const chip = (label) =>
    button(state.words("building", { label }), () => act.chooseBuilding(label), {
      "aria-pressed": String(label === state.building),
      class: "reason",
      data: { key: `building-${label}` },
    });
  return el("div", { class: "reasons" }, labels.map(chip));
}

function choosing(state, act, panes) {
  const chip = (pane) =>
    button(nameOf(pane), () => act.choosePane(pane.home), {
      class: "chip",
      data: { key: `pane-${pane.home}` },
    }, el("strong", {}, pane.address));
  return [
    el("h2", {}, state.words("which_window")),
    buildingChips(state, act),
    drawing(state, act, panes),
    el("div", { class: "chips" }, panes.map(chip)),
    button(state.words("nothing_there"), act.nothingThere, { class: "big", data: { key: "nothing" } }),
  ];
}

function answering(state, act, report, panes) {
  const pane = state.reports.windows.find(({ home }) => home === state.pane);
  const signals = signalsAt(report, pane, state.day.signals);
  const answer = (signal) => ({ state: value, label, meaning, picture }) =>
    button(label, () => act.answerReport(signal, value), {
      class: `answer answer-${meaning}`,
      data: { key: `answer-${signal}-${value}` },
    }, picture ? drawn(picture) : null);
  const group = (signal) => [
    el("p", { class: "reasons-title" }, state.day.signals[signal].label),
    el("div", { class: "answers" }, state.day.signals[signal].answers.map(answer(signal))),
  ];
  const reason = ({ value, label }) =>
    button(label, () => act.answerReport(signals[0], `!${value}`), {
      class: "reason",
      data: { key: `reason-${value}` },
    });
  return [
    el("h2", {}, nameOf(pane), " ", el("small", {}, pane.address)),
    drawing(state, act, panes),
    ...signals.flatMap(group),
    el("p", { class: "reasons-title" }, state.words("could_not_see")),
    el("div", { class: "reasons" }, state.day.could_not_see.map(reason)),
    report.home === null
      ? button(state.words("another_window"), () => act.choosePane(null), { class: "big quiet-button", data: { key: "another" } })
      : null,
  ];
}

/** Return the report that is open, if it still is one. */
export const openReport = (state) => shownNow(state).find(({ report }) => report.id === state.report);

/** One report: which window is it, and what is seen there now? */
export function reportScreen(state, act) {
  const shown = openReport(state);
  const panes = state.reports.windows.filter(({ building }) => building === state.building);
  const isKnown = state.reports.windows.some(({ home }) => home === state.pane);
  return [
    bar(state, act, state.words("report"), act.openRounds),
    ...notices(state, act),
    el(
      "main",
      { class: "stop" },
      el("p", { class: "line" }, el("strong", {}, state.words(`saw_${shown.report.what}`))),
      told(state, shown),
      isKnown ? answering(state, act, shown.report, panes) : choosing(state, act, panes),
    ),
  ];
}
