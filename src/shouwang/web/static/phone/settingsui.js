// What waits on this phone, and how this phone is set.

import { waitingOf } from "./core.js";
import { bar, button, el, notices, saidOf } from "./ui.js";

export function outboxScreen(state, act) {
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

export function settingsScreen(state, act) {
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
