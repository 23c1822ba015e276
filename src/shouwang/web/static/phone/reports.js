// What passers-by reported, and what walkers answered: pure functions, as in core.js.

/**
 * What this walker said about a report, as it waits on this phone.
 * @typedef {object} Answer
 * @property {string} id made here, unique everywhere
 * @property {number} member
 * @property {string} report
 * @property {"looked" | "nothing" | "cannot"} did
 * @property {string | null} look the look that was made for it; it is sent before
 * @property {string} signal what was looked at, to show it here
 * @property {string} state
 * @property {string} could_not_see
 * @property {number} made_at by the clock of this phone
 * @property {object} clock what is needed to put that right
 * @property {string} refused
 */

/** Later nobody is sent out any more, even where no newer list has come. */
export const ASKED_FOR_MS = 12 * 3600000;

/** @returns {Answer} */
export function answerOf({ id, member, report, did, look = null, now, clock }) {
  const { signal = "", state = "", could_not_see = "" } = look ?? {};
  return {
    id,
    member,
    report: report.id,
    did,
    look: look?.id ?? null,
    signal,
    state,
    could_not_see,
    made_at: now,
    clock,
    refused: "",
  };
}

/** Return the answers that may be sent: never before the look that they name. */
export function answersDue(answers, looks, member, again) {
  const waiting = new Set(looks.map(({ id }) => id));
  return answers
    .filter((row) => row.member === member && !waiting.has(row.look))
    .filter((row) => again || row.refused === "")
    .sort((one, other) => one.made_at - other.made_at);
}

/** Return the answers that wait without a look: with one, one tap counts once. */
export function answersAlone(answers, looks) {
  const waiting = new Set(looks.map(({ id }) => id));
  return answers.filter((row) => !waiting.has(row.look));
}

/** Return an answer as the server and the desk's file read it; `at` in milliseconds. */
export function asAnswer(row, at) {
  return { id: row.id, report: row.report, did: row.did, sighting: row.look, at: new Date(at).toISOString() };
}

const isLook = ({ did, state }) => did === "nothing" || (did === "looked" && state !== "");

/**
 * Return the reports to show, as the server ordered them, those that ask first: `acts` is
 * what was done about each, what still waits here included; `isAsked` whether somebody
 * should look; `cannot` whether this walker said they cannot go.
 * @param {number} at by the server's clock
 */
export function reportsShown(reports, answers, at) {
  const shown = (reports?.reports ?? [])
    .filter((report) => at - report.at < ASKED_FOR_MS)
    .map((report) => {
      const own = answers.filter((row) => row.report === report.id && row.member === reports.member);
      const waiting = own.map((row) => actOf(row, null));
      const acts = [...report.acts, ...waiting];
      return {
        report,
        acts,
        isAsked: report.state === "new" && !acts.some(isLook),
        cannot: acts.some((row) => row.mine && row.did === "cannot"),
      };
    });
  return [...shown.filter(({ isAsked }) => isAsked), ...shown.filter(({ isAsked }) => !isAsked)];
}

/** Return an answer as an act; `at` is empty while it waits here. */
function actOf(row, at) {
  const { id, did, signal, state, could_not_see } = row;
  return { id, did, signal, state, could_not_see, at, by: "", mine: true };
}

/** Return the reports with an answer in them that was just sent, until newer ones come. */
export function answered(reports, row, at) {
  const withAct = (report) =>
    report.id === row.report && !report.acts.some(({ id }) => id === row.id)
      ? { ...report, acts: [...report.acts, actOf(row, at)] }
      : report;
  return { ...reports, reports: reports.reports.map(withAct) };
}

/** Return what can be looked for at a window: what the report is about, then as agreed. */
export function signalsAt(report, pane, signals) {
  const wanted = [...new Set([...report.ask, ...pane.signals])];
  const found = wanted.filter((name) => signals[name]?.answers.length > 0);
  return found.length > 0 ? found : ["board"];
}

/** Return where a look at a window also counts: the walker's own round past it, if any. */
export function placeInRounds(day, home, signal) {
  for (const round of day.rounds)
    for (const stop of round.stops)
      for (const window of stop.windows)
        if (window.home === home && window.signal === signal) return { round, stop, window };
  return { round: { key: "" }, stop: { name: "" }, window: { home, signal, well: [], due_at: Infinity } };
}

/** Return the server's reports with their times in milliseconds. */
export function reportsHere(given) {
  const act = (row) => ({ ...row, at: Date.parse(row.at) });
  return {
    ...given,
    reports: given.reports.map((row) => ({ ...row, at: Date.parse(row.at), acts: row.acts.map(act) })),
  };
}
