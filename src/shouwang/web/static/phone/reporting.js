// What a tap on a report does. Like every look, an answer is kept before it is sent.

import { asksAtOnce, lookOf } from "./core.js";
import { answerOf, placeInRounds } from "./reports.js";

/**
 * Return the acts of the screens of reports. `keep` stores rows of several kinds whole or
 * not at all; `facts` is what a row keeps of the clocks.
 */
export function reportActs({ state, newId, now, facts, keep, go, show, say, send }) {
  const current = () => state.reports.reports.find(({ id }) => id === state.report);

  async function said(report, did, look = null) {
    const made = { id: newId(), member: state.day.member.id, now: now(), clock: facts() };
    const answer = answerOf({ ...made, report, did, look });
    await keep({ looks: look ? [look] : [], answers: [answer] });
    if (look) state.looks.push(look);
    state.answers.push(answer);
  }

  async function answerReport(signal, answer) {
    const pane = state.reports.windows.find(({ home }) => home === state.pane);
    const { round, stop, window } = placeInRounds(state.day, pane.home, signal);
    const look = lookOf({
      id: newId(),
      member: state.day.member.id,
      round,
      stop,
      window,
      answer,
      seen: null,
      now: now(),
      offset: state.offset,
      clock: facts(),
    });
    await said(current(), "looked", look);
    const { signals } = state.day;
    if (asksAtOnce(window, answer, signals, now() - state.offset)) {
      const found = signals[signal].answers.find((row) => row.state === answer);
      state.ask = { window: pane, grave: found.meaning === "help", said: null };
    }
    say(state.words("report_noted"));
    go("rounds");
    send();
  }

  async function answerWithout(report, did) {
    await said(report, did);
    say(state.words("report_noted"));
    go("rounds");
    send();
  }

  return {
    openReport(report) {
      go("report", { report: report.id, building: report.building, pane: report.home });
    },
    chooseBuilding(building) {
      Object.assign(state, { building, pane: null });
      show();
    },
    choosePane(pane) {
      state.pane = pane;
      show();
      scrollTo(0, 0);
    },
    answerReport,
    nothingThere: () => answerWithout(current(), "nothing"),
    cannotGo: (report) => answerWithout(report, "cannot"),
  };
}
