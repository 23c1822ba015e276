// Visits of today and chats, as they wait on this phone: pure functions, as in core.js.

/**
 * A form that is being filled in, or was: one for each planned visit. It lies in the store
 * of drafts while it is half done, and in the store of visits once it was sent off.
 * @typedef {object} Filled
 * @property {string} id made here, unique everywhere
 * @property {number} member
 * @property {number} home
 * @property {number} planned
 * @property {number} form the version that is filled in
 * @property {object[]} questions those of that version, so that a newer one changes nothing
 * @property {string} outcome empty until it is said
 * @property {Record<string, {value: string, words: string}>} answers
 * @property {{key: string, kind: string, urgency: string, words: string}[]} needs
 * @property {string} risk
 * @property {string} note
 * @property {object} visit whose it is, for a day on which it is carried no longer
 * @property {number} made_at by the clock of this phone, when it was said what became of it
 * @property {object} clock
 * @property {string} refused
 */

/** Return an empty form for a planned visit, with the questions as they are asked now. */
export function formOf({ id, member, visit, form }) {
  return {
    id,
    member,
    home: visit.home,
    planned: visit.id,
    visit,
    form: form.version,
    questions: form.questions,
    outcome: "",
    answers: {},
    needs: [],
    risk: "",
    note: "",
    made_at: 0,
    clock: null,
    refused: "",
  };
}

/** Return a form with one answer more; the same answer again takes it back. */
export function withAnswer(filled, code, value) {
  const had = filled.answers[code] ?? { value: "", words: "" };
  const now = { ...had, value: had.value === value ? "" : value };
  return { ...filled, answers: { ...filled.answers, [code]: now } };
}

/** Return a form with what was typed to a question, or beside its answer. */
export function withText(filled, code, name, text) {
  const had = filled.answers[code] ?? { value: "", words: "" };
  return { ...filled, answers: { ...filled.answers, [code]: { ...had, [name]: text } } };
}

const NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/** Return what is missing or not right: a key of words for each question's code. */
export function problemsOf(filled) {
  if (filled.outcome === "") return { outcome: "say_outcome" };
  if (filled.outcome !== "spoke") return {};
  const found = {};
  for (const { code, kind, required } of filled.questions) {
    const value = (filled.answers[code]?.value ?? "").trim();
    if (value === "" && required) found[code] = "has_to_be_answered";
    else if (value !== "" && kind === "number" && !NUMBER.test(value)) found[code] = "not_a_number";
  }
  return found;
}

/** Return a form as the server and the desk's file read it. */
export function asVisit(filled) {
  const spoke = filled.outcome === "spoke";
  const answers = Object.entries(filled.answers)
    .filter(([, { value, words }]) => value.trim() || words.trim())
    .map(([code, { value, words }]) => ({ code, value: numberOf(filled, code, value), words }));
  return {
    id: filled.id,
    home: filled.home,
    outcome: filled.outcome,
    visited_at: new Date(filled.made_at).toISOString(),
    form: filled.form,
    answers: spoke ? answers : [],
    needs: filled.needs.filter(({ kind, words }) => kind || words.trim()).map((need) => ({ ...need, kind: need.kind || "other" })),
    risk: filled.risk,
    note: filled.note,
    clock_offset_ms: offsetOf(filled),
  };
}

function numberOf(filled, code, value) {
  const isNumber = filled.questions.some((row) => row.code === code && row.kind === "number");
  return isNumber ? value.trim().replace(",", ".") : value;
}

// As known when it was made: sent again, it says the same, and is the same.
const offsetOf = (row) => (row.clock?.offset == null ? null : Math.round(row.clock.offset));

/** Return a chat as it waits on this phone. */
export function chatOf({ id, member, home, words, now, clock }) {
  return { id, member, home, words, made_at: now, clock, refused: "" };
}

/** Return a chat as the server and the desk's file read it. */
export function asChat(row) {
  return {
    id: row.id,
    home: row.home,
    at: new Date(row.made_at).toISOString(),
    words: row.words,
    clock_offset_ms: offsetOf(row),
  };
}

/**
 * Return the visits to show, each with how it stands: todo, begun, waiting or done. A form
 * that was begun and is carried no longer can still be finished: it is judged by a person.
 */
export function visitsShown(given, filled, drafts) {
  if (!given) return [];
  const mine = (rows) => rows.filter(({ member }) => member === given.member);
  const shown = given.visits.map((visit) => {
    const of = (rows) => mine(rows).find((row) => row.planned === visit.id);
    const [waits, draft] = [of(filled), of(drafts)];
    const stage = waits ? "waiting" : visit.done ? "done" : draft ? "begun" : "todo";
    return { visit, draft, stage };
  });
  const carried = new Set(given.visits.map(({ id }) => id));
  const left = mine(drafts).filter(({ planned, outcome }) => outcome !== "" && !carried.has(planned));
  return [...shown, ...left.map((draft) => ({ visit: draft.visit, draft, stage: "begun" }))];
}

/** Return the visits with one that was just sent, until newer ones come. */
export function visited(given, row) {
  const seen = (visit) => (visit.id === row.planned ? { ...visit, done: true } : visit);
  return given && { ...given, visits: given.visits.map(seen) };
}
