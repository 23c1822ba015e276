// What must not be lost lies in this phone's own database: looks, photos apart from
// them, and who is on the way. `meta` keeps the last day, the place and the choices;
// `pictures` what one sees from the standpoints, which can be fetched again.

import { openDB } from "../vendor/idb-8.0.4.js";

const NAME = "shouwang-phone";
const VERSION = 3;
const STORES = ["looks", "photos", "goings", "answers", "pictures", "visits", "drafts", "chats"];
const TIGHT_BYTES = 50 * 1024 * 1024;

/**
 * Open the database; the answer has the same verbs for every kind of row. `blocked` is
 * called while a page of an older version keeps it from being opened.
 */
export async function openStore({ blocked = () => undefined } = {}) {
  const database = await openDB(NAME, VERSION, {
    upgrade(made) {
      // From any earlier version: what is there stays as it is.
      const lacking = (name) => !made.objectStoreNames.contains(name);
      for (const name of STORES.filter(lacking)) made.createObjectStore(name, { keyPath: "id" });
      if (lacking("meta")) made.createObjectStore("meta");
    },
    blocked,
    // Another page of this phone is newer: let it in, and begin again with it.
    blocking: () => location.reload(),
  });
  return {
    /** @param {"looks" | "photos" | "goings" | "answers" | "visits" | "drafts" | "chats"} name */
    all: (name) => database.getAll(name),
    /** @param {"pictures"} name */
    keys: (name) => database.getAllKeys(name),
    one: (name, key) => database.get(name, key),
    /** Keep rows whole or not at all: the promise is kept once they are on the disk. */
    async put(name, rows) {
      const change = database.transaction(name, "readwrite");
      await Promise.all([...rows.map((row) => change.store.put(row)), change.done]);
    },
    /** Keep rows of several kinds, all of them or none: `{ looks: […], answers: […] }`. */
    async keep(kinds) {
      const change = database.transaction(Object.keys(kinds), "readwrite");
      const put = ([name, rows]) => rows.map((row) => change.objectStore(name).put(row));
      await Promise.all([...Object.entries(kinds).flatMap(put), change.done]);
    },
    async remove(name, ids) {
      const change = database.transaction(name, "readwrite");
      await Promise.all([...ids.map((id) => change.store.delete(id)), change.done]);
    },
    meta: (key) => database.get("meta", key),
    setMeta: (key, value) => database.put("meta", value, key),
    close: () => database.close(),
  };
}

/** Return whether the phone has little room left; ask it to keep what is ours. */
export async function roomIsTight() {
  if (!navigator.storage?.estimate) return false;
  if (navigator.storage.persist) await navigator.storage.persist();
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return quota > 0 && quota - usage < TIGHT_BYTES;
}
