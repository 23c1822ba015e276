// What a tap on a visit or a chat does. A form is kept with every tap: a closed tab loses
// nothing, and it goes off only when the visitor says that it is done.

import { chatOf, formOf, problemsOf, visitsShown, withAnswer, withText } from "./visits.js";

/**
 * Return the acts of the screens of visits. `shelf` gives the verbs of the store; the screens
 * themselves are fetched when the first of them is opened, from the phone's own memory.
 */
export function visitActs({ state, newId, now, facts, shelf, go, show, say, flash, send }) {
  async function open(screen, more = {}) {
    try {
      state.visitScreens ??= await import("./visitsui.js");
    } catch (error) {
      console.info(error);
      flash("screen_failed");
      return;
    }
    go(screen, more);
  }

  async function keepDraft(draft) {
    // What is typed meanwhile builds on this.
    state.draft = draft;
    state.drafts = [...state.drafts.filter(({ id }) => id !== draft.id), draft];
    await shelf().put("drafts", [draft]);
  }

  /** Keep what a tap says, and show it. */
  async function change(draft) {
    await keepDraft(draft);
    if (Object.keys(state.problems).length > 0) state.problems = problemsOf(draft);
    show();
  }

  async function openVisit(planned) {
    const { visit, draft } = visitsShown(state.visits, state.filled, state.drafts).find((row) => row.visit.id === planned);
    const begun = draft ?? formOf({ id: newId(), member: state.day.member.id, visit, form: state.visits.form });
    await open("visit", { draft: begun, planned, problems: {} });
  }

  async function finish() {
    const problems = problemsOf(state.draft);
    state.problems = problems;
    if (Object.keys(problems).length > 0) {
      show();
      document.querySelector("[data-problem]")?.scrollIntoView({ block: "center" });
      return;
    }
    const done = state.draft;
    await shelf().keep({ visits: [done] });
    await shelf().remove("drafts", [done.id]);
    state.filled.push(done);
    state.drafts = state.drafts.filter(({ id }) => id !== done.id);
    say(state.words("visit_noted"));
    go("visits", { draft: null });
    send();
  }

  async function chat(home) {
    const row = chatOf({ id: newId(), member: state.day.member.id, home, words: state.chatWords.trim(), now: now(), clock: facts() });
    await shelf().put("chats", [row]);
    state.chats.push(row);
    say(state.words("chat_noted"));
    go("rounds", { chatHome: null, chatWords: "" });
    flash("chat_noted");
    send();
  }

  const draft = () => state.draft;
  return {
    openVisits: () => open("visits"),
    openVisit,
    // The time of this tap is the time of the visit: a form opened at home proves nothing.
    sayOutcome: (outcome) => change({ ...draft(), outcome, made_at: now(), clock: facts() }),
    answerVisit: (code, value) => change(withAnswer(draft(), code, value)),
    // Under a finger that types nothing is drawn anew.
    typeVisit: (code, name, text) => keepDraft(withText(draft(), code, name, text)),
    noteVisit: (note) => keepDraft({ ...draft(), note }),
    suggestRisk: (risk) => change({ ...draft(), risk: draft().risk === risk ? "" : risk }),
    addNeed: () => change({ ...draft(), needs: [...draft().needs, { key: newId(), kind: "", urgency: "everyday", words: "" }] }),
    changeNeed(key, more, isTyped = false) {
      const needs = draft().needs.map((need) => (need.key === key ? { ...need, ...more } : need));
      return (isTyped ? keepDraft : change)({ ...draft(), needs });
    },
    dropNeed: (key) => change({ ...draft(), needs: draft().needs.filter((need) => need.key !== key) }),
    finishVisit: finish,
    openChat: () => open("chat", { chatHome: null, chatWords: "" }),
    chooseChat(home) {
      state.chatHome = home;
      show();
      scrollTo(0, 0);
    },
    typeChat(words) {
      state.chatWords = words;
    },
    chat,
  };
}
