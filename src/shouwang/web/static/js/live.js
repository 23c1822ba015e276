// Keeps a page fresh: a stream of changes, or polling where there is none.
// A page without this script is whole; it is only as old as its last load.

const POLL_EVERY_MS = 15000;
const FAILURES_BEFORE_POLLING = 3;

/** @param {HTMLElement} element */
function keepFresh(element) {
  const url = element.dataset.live ?? "";
  const words = document.querySelector("[data-live-words]");
  let revision = "";
  let failures = 0;

  /** @param {boolean} lost */
  const tell = (lost) => {
    if (words) words.textContent = lost ? (element.dataset.lost ?? "") : "";
  };

  const refresh = async () => {
    const answer = await fetch(element.dataset.part ?? "", { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    element.innerHTML = await answer.text();
    tell(false);
  };

  /** @param {string} next */
  const changed = (next) => {
    const isFirst = revision === "";
    if (next === revision) return;
    revision = next;
    if (!isFirst) refresh().catch(() => tell(true));
  };

  const poll = async () => {
    try {
      const answer = await fetch(`${url}?poll=1`, { credentials: "same-origin" });
      changed(String((await answer.json()).revision));
      tell(false);
    } catch {
      tell(true);
    }
  };

  const stream = new EventSource(url);
  stream.addEventListener("board", (event) => {
    failures = 0;
    changed(event.data);
  });
  stream.addEventListener("error", () => {
    failures += 1;
    tell(true);
    if (failures >= FAILURES_BEFORE_POLLING) {
      stream.close();
      setInterval(poll, POLL_EVERY_MS);
    }
  });
}

for (const element of document.querySelectorAll("[data-live]")) {
  keepFresh(/** @type {HTMLElement} */ (element));
}
