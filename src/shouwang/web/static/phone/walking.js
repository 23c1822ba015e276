// What a tap on a stop does: a look is kept before anything else, and can be taken back.

import {
  HOLD_MS,
  allWellOf,
  asksAtOnce,
  lookOf,
  looksOn,
  nextToDo,
  seenOf,
  wellAnswer,
} from "./core.js";
import { NotAPhoto, shrink } from "./photo.js";
import { roomIsTight } from "./store.js";
import { answerWords, nameOf } from "./ui.js";

const GOING_MINUTES = 15;

/**
 * Return the acts of the screen of a stop. `shelf` gives the verbs of the store, `facts` what a
 * row keeps of the clocks.
 */
export function walkingActs({ state, newId, now, facts, shelf, readKept, go, show, say, flash, send }) {
  const roundNow = () => state.day.rounds.find(({ key }) => key === state.round);
  const stopNow = () => roundNow().stops[state.stop];
  const looksNow = () => looksOn(state.looks, roundNow());

  async function record(answers, held) {
    const [round, stop] = [roundNow(), stopNow()];
    const looks = answers.map(([window, answer]) =>
      lookOf({
        id: newId(),
        member: state.day.member.id,
        round,
        stop,
        window,
        answer,
        seen: seenOf(window, looksNow()),
        now: now(),
        offset: state.offset,
        clock: facts(),
        held,
      }),
    );
    await shelf().put("looks", looks);
    state.looks.push(...looks);
    return looks;
  }

  async function answer(given) {
    const stop = stopNow();
    const window = stop.windows[state.window];
    const [look] = await record([[window, given]], 0);
    const at = now() - state.offset;
    const found = state.day.signals[window.signal].answers.find((row) => row.state === given);
    if (asksAtOnce(window, given, state.day.signals, at))
      state.ask = { window, grave: found.meaning === "help", said: null };
    say(`${nameOf(window)} ${answerWords(state, window, look)}`);
    const next = nextToDo(stop, looksNow(), state.window);
    if (next !== -1) state.window = next;
    show();
    send();
  }

  async function allWell() {
    const stop = stopNow();
    const { signals } = state.day;
    const windows = allWellOf(stop, looksNow(), signals);
    const looks = await record(
      windows.map((window) => [window, wellAnswer(window, signals)]),
      HOLD_MS,
    );
    state.undo = looks.map(({ id }) => id);
    say(state.words("all_well_done", { count: looks.length }));
    show();
    setTimeout(() => {
      state.undo = null;
      show();
      send();
    }, HOLD_MS + 50);
  }

  async function undo() {
    const ids = new Set(state.undo ?? []);
    const held = state.looks.filter((look) => ids.has(look.id) && look.held_until > now());
    state.undo = null;
    await shelf().remove("looks", held.map(({ id }) => id));
    await readKept();
    show();
  }

  async function takePhoto(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const stop = stopNow();
    try {
      const blob = await shrink(file);
      const row = {
        id: newId(),
        member: state.day.member.id,
        standpoint: stop.name,
        homes: [...new Set(stop.windows.map(({ home }) => home))],
        made_at: now(),
        clock: facts(),
        refused: "",
        blob,
      };
      await shelf().put("photos", [row]);
      state.photos.push(row);
      flash("photo_kept");
      send();
    } catch (error) {
      flash(error instanceof NotAPhoto ? "not_a_photo" : "photo_no_room");
    }
    state.tight = await roomIsTight();
  }

  async function going() {
    const { window } = state.ask;
    const row = {
      id: newId(),
      member: state.day.member.id,
      home: window.home,
      minutes: GOING_MINUTES,
      made_at: now(),
      clock: facts(),
      refused: "",
    };
    await shelf().put("goings", [row]);
    state.goings.push(row);
    state.ask.said = "going_told";
    show();
    send();
  }

  function openStop(place) {
    const stop = roundNow().stops[place];
    const first = nextToDo(stop, looksNow(), -1);
    go("stop", { stop: place, window: Math.max(first, 0), undo: null });
  }

  function openRound(key) {
    state.round = key;
    const stops = roundNow().stops;
    if (stops.length === 0) return;
    const place = stops.findIndex((stop) => nextToDo(stop, looksNow(), -1) !== -1);
    openStop(Math.max(place, 0));
  }

  function chooseWindow(place) {
    state.window = place;
    show();
    // The question stands above the list.
    scrollTo(0, 0);
  }

  return { openRound, openStop, chooseWindow, answer, allWell, undo, takePhoto, going };
}
