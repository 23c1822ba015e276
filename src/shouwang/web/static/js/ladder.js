// Adds, moves and takes out a step of a ladder without a new page. Without this script the
// same buttons send the form.

/** @param {HTMLFormElement} form */
function ladder(form) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.value === "save") return;
    event.preventDefault();
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, button),
    }).catch(() => null);
    const page = answer?.ok
      ? new DOMParser().parseFromString(await answer.text(), "text/html")
      : null;
    const fresh = page?.querySelector("[data-steps]");
    const steps = form.querySelector("[data-steps]");
    if (!fresh || !steps) {
      // Not the page we know, such as a login that ran out: send it as without a script.
      form.append(Object.assign(document.createElement("input"), {
        type: "hidden", name: button.name, value: button.value,
      }));
      form.submit();
      return;
    }
    steps.replaceWith(document.adoptNode(fresh));
    focusAfter(form, button.value);
  });
}

/** Puts the focus where the step went. @param {HTMLFormElement} form @param {string} act */
function focusAfter(form, act) {
  const [what, place] = act.split("-");
  const at = Number(place ?? 0) + ({ up: -1, down: 1 }[what] ?? 0);
  const wanted = form.querySelector(`button[value="${what}-${at}"]`);
  const last = [...form.querySelectorAll(".step")].at(-1)?.querySelector("input");
  const target = what === "add" ? last : (wanted ?? form.querySelector("button[value=add]"));
  /** @type {HTMLElement | null | undefined} */ (target)?.focus();
}

document.querySelectorAll("form[data-ladder]").forEach((form) => {
  if (form instanceof HTMLFormElement) ladder(form);
});
