// The screens of visits: the day's homes, the form of one, and a chat in two taps.

import { bar, button, el, notices } from "./ui.js";
import { visitsShown } from "./visits.js";

const titleOf = ({ address, name }) => [name || address, name ? el("small", {}, ` ${address}`) : null];

function visitCard(state, act, { visit, stage }) {
  const isOver = stage === "waiting" || stage === "done";
  return el(
    "section",
    { class: `card visit-card visit-${stage}` },
    el("h2", {}, ...titleOf(visit).filter(Boolean)),
    visit.why ? el("p", {}, visit.why) : null,
    visit.at_the_door.length ? el("p", { class: "said" }, visit.at_the_door.join(" · ")) : null,
    isOver
      ? el("p", { class: "seen" }, el("strong", {}, `✓ ${state.words(stage === "waiting" ? "visit_waits" : "visit_done")}`))
      : button(state.words(stage === "begun" ? "visit_go_on" : "visit_begin"), () => act.openVisit(visit.id), {
          class: "big strong",
          data: { key: `visit-${visit.id}` },
        }),
  );
}

function dayScreen(state, act) {
  const shown = visitsShown(state.visits, state.filled, state.drafts);
  return [
    bar(state, act, state.words("visits"), act.openRounds),
    ...notices(state, act),
    el("main", {}, shown.length ? shown.map((row) => visitCard(state, act, row)) : el("p", { class: "card" }, state.words("no_visits"))),
  ];
}

function typed(value, words, keep, key, more = {}) {
  const field = el(more.lines ? "textarea" : "input", {
    class: "typed",
    rows: more.lines,
    inputmode: more.inputmode,
    maxlength: more.most ?? 400,
    "aria-label": words,
    placeholder: words,
    on: { input: (event) => keep(event.target.value) },
    data: { key },
  });
  field.value = value;
  return field;
}

function choices(rows, isChosen, choose, key) {
  return el(
    "div",
    { class: "choices visit-choices" },
    rows.map(({ value, label }) =>
      button(label, () => choose(value), { class: "big", "aria-pressed": String(isChosen(value)), data: { key: `${key}-${value}` } }),
    ),
  );
}

function problem(state, code) {
  const words = state.problems[code];
  return words ? el("p", { class: "note note-grave", role: "alert", data: { problem: code } }, state.words(words)) : null;
}

function questionOf(state, act, question) {
  const { code, kind, words, required } = question;
  const said = state.draft.answers[code] ?? { value: "", words: "" };
  const hasChoices = question.choices.length > 0;
  return el(
    "section",
    { class: "card", data: { question: code } },
    el("h2", {}, words, required ? el("small", {}, ` ${state.words("must")}`) : null),
    problem(state, code),
    hasChoices
      ? choices(question.choices, (value) => said.value === value, (value) => act.answerVisit(code, value), `q-${code}`)
      : typed(said.value, words, (text) => act.typeVisit(code, "value", text), `t-${code}`, {
          inputmode: kind === "number" ? "decimal" : undefined,
        }),
    hasChoices ? typed(said.words, state.words("more_words"), (text) => act.typeVisit(code, "words", text), `w-${code}`) : null,
  );
}

function needOf(state, act, need, place) {
  const { need_kinds, urgencies } = state.visits.form;
  return el(
    "section",
    { class: "card" },
    el("h2", {}, state.words("she_needs")),
    choices(need_kinds, (value) => need.kind === value, (kind) => act.changeNeed(need.key, { kind }), `need-${place}`),
    need.kind ? choices(urgencies, (value) => need.urgency === value, (urgency) => act.changeNeed(need.key, { urgency }), `urgency-${place}`) : null,
    typed(need.words, state.words("more_words"), (words) => act.changeNeed(need.key, { words }, true), `need-words-${place}`),
    button(state.words("no_need"), () => act.dropNeed(need.key), { class: "big quiet-button", data: { key: `drop-${place}` } }),
  );
}

function riskOf(state, act, visit) {
  const others = state.visits.form.risks.filter(({ value }) => value !== visit.risk);
  return el(
    "details",
    { class: "card", open: state.draft.risk !== "" },
    el("summary", {}, state.words("suggest_risk")),
    choices(others, (value) => state.draft.risk === value, act.suggestRisk, "risk"),
    el("p", { class: "quiet" }, state.words("risk_decided")),
  );
}

function formScreen(state, act) {
  const { draft } = state;
  const { visit } = visitsShown(state.visits, state.filled, state.drafts).find((row) => row.visit.id === state.planned);
  const spoke = draft.outcome === "spoke";
  return [
    bar(state, act, visit.name || visit.address, act.openVisits),
    ...notices(state, act),
    el(
      "main",
      {},
      el("p", { class: "line" }, visit.address, visit.why ? ` · ${visit.why}` : ""),
      visit.at_the_door.length ? el("p", { class: "said" }, visit.at_the_door.join(" · ")) : null,
      problem(state, "outcome"),
      choices(state.visits.form.outcomes, (value) => draft.outcome === value, act.sayOutcome, "outcome"),
      spoke ? draft.questions.map((row) => questionOf(state, act, row)) : null,
      draft.outcome ? draft.needs.map((need, place) => needOf(state, act, need, place)) : null,
      draft.outcome
        ? button(state.words("add_need"), act.addNeed, { class: "big", data: { key: "add-need" } })
        : null,
      spoke ? riskOf(state, act, visit) : null,
      draft.outcome ? typed(draft.note, state.words("visit_note"), act.noteVisit, "note", { lines: 3 }) : null,
      el("p", { class: "quiet" }, state.words("kept_here")),
    ),
    draft.outcome
      ? el("footer", { class: "foot" }, button(state.words("visit_finish"), act.finishVisit, { class: "big wide strong", data: { key: "finish" } }))
      : null,
  ].filter(Boolean);
}

function chatScreen(state, act) {
  const homes = state.visits.chat_homes;
  const chosen = homes.find(({ home }) => home === state.chatHome);
  const chip = (row) =>
    button(row.name || row.address, () => act.chooseChat(row.home), { class: "chip", data: { key: `chat-${row.home}` } }, el("strong", {}, row.address));
  return [
    bar(state, act, state.words("chat_title"), act.openRounds),
    ...notices(state, act),
    el(
      "main",
      {},
      chosen
        ? [
            el("h2", {}, ...titleOf(chosen).filter(Boolean)),
            typed(state.chatWords, state.words("more_words"), act.typeChat, "chat-words", { lines: 2, most: 300 }),
            button(state.words("sat_with_her"), () => act.chat(chosen.home), { class: "big strong", data: { key: "sat" } }),
            button(state.words("another_home"), () => act.chooseChat(null), { class: "big quiet-button", data: { key: "other" } }),
          ]
        : homes.length
          ? [el("h2", {}, state.words("chat_with")), el("div", { class: "chips" }, homes.map(chip))]
          : el("p", { class: "card" }, state.words("no_chat_homes")),
    ),
  ];
}

/** Return the screen of visits that is open; without its visit, that of the day. */
export function visitScreenOf(state, act) {
  if (state.screen === "chat") return chatScreen(state, act);
  const shown = visitsShown(state.visits, state.filled, state.drafts);
  const isThere = shown.some(({ visit }) => visit.id === state.planned);
  return state.screen === "visit" && state.draft && isThere ? formScreen(state, act) : dayScreen(state, act);
}
