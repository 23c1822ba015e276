// Which screen is shown now, and those that need nothing else.

import { openReport, reportScreen } from "./reportsui.js";
import { roundsScreen } from "./roundsui.js";
import { outboxScreen, settingsScreen } from "./settingsui.js";
import { stopScreen } from "./stopui.js";
import { button, el, nameOf } from "./ui.js";

const VISIT_SCREENS = new Set(["visits", "visit", "chat"]);

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
  if (VISIT_SCREENS.has(state.screen) && state.visits && state.visitScreens)
    return state.visitScreens.visitScreenOf(state, act);
  const round = state.day.rounds.find(({ key }) => key === state.round);
  if (state.screen === "stop" && round?.stops[state.stop]) return stopScreen(state, act);
  return roundsScreen(state, act);
}
