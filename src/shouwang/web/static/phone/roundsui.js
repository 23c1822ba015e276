// The first screen: what is asked of this walker today.

import { looksOn, progressOf } from "./core.js";
import { reportCards } from "./reportsui.js";
import { bar, button, el, hourOf, notices } from "./ui.js";
import { visitsShown } from "./visits.js";

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

/** The visits of today in one card; their screens come when it is tapped. */
function visitsCard(state, act) {
  const shown = visitsShown(state.visits, state.filled, state.drafts);
  if (shown.length === 0) return null;
  const done = shown.filter(({ stage }) => stage === "done" || stage === "waiting").length;
  return el(
    "section",
    { class: "card" },
    el("h2", {}, state.words("visits")),
    el("p", {}, state.words("visits_done", { done, total: shown.length })),
    el("progress", { max: shown.length, value: done, "aria-label": state.words("visits") }),
    button(state.words("visits_open"), act.openVisits, { class: done < shown.length ? "big strong" : "big", data: { key: "visits" } }),
  );
}

export function roundsScreen(state, act) {
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
      visitsCard(state, act),
      rounds.length ? rounds.map(card) : el("p", { class: "card" }, state.words("no_rounds")),
      state.visits ? button(state.words("chat"), act.openChat, { class: "big", data: { key: "chat" } }) : null,
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
