// What must not be lost lies in this phone's own database: looks, photos apart from
// them, and who is on the way. `meta` keeps the last day, the place and the choices;
// `pictures` what one sees from the standpoints, which can be fetched again.

import { openDB } from "../vendor/idb-8.0.4.js";

const NAME = "shouwang-phone";
const VERSION = 2;
const TIGHT_BYTES = 50 * 1024 * 1024;

/**
 * Open the database; the answer has the same verbs for every kind of row. A later version
 * only adds to an earlier one: what waits stays. `blocked` is called while another page of
 * an earlier version is open, which must be closed first.
 */
export async function openStore(blocked = () => undefined) {
  const database = await openDB(NAME, VERSION, {
    upgrade(made, before) {
      if (before < 1) {
        for (const name of ["looks", "photos", "goings"]) made.createObjectStore(name, { keyPath: "id" });
        made.createObjectStore("meta");
      }
      if (before < 2) made.createObjectStore("pictures", { keyPath: "id" });
    },
    blocked,
  });
  return {
    /** @param {"looks" | "photos" | "goings"} name */
    all: (name) => database.getAll(name),
    /** @param {"pictures"} name */
    keys: (name) => database.getAllKeys(name),
    one: (name, key) => database.get(name, key),
    /** Keep rows whole or not at all: the promise is kept once they are on the disk. */
    async put(name, rows) {
      const change = database.transaction(name, "readwrite");
      await Promise.all([...rows.map((row) => change.store.put(row)), change.done]);
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
