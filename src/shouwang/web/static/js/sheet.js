// Types a paper sheet in by keyboard: a digit ticks the box of that number and goes on to
// the next line; Enter goes on without a tick. Without this script Tab and arrows do.

/** @param {HTMLFormElement} form */
function typeIn(form) {
  const steps = () =>
    [...form.querySelectorAll("input[type=time], [data-line], button[type=submit]")];

  /** @param {Element} step */
  const enter = (step) => {
    const target =
      step.querySelector("input:checked") ?? step.querySelector("input") ?? step;
    /** @type {HTMLElement} */ (target).focus();
    step.scrollIntoView({ block: "nearest" });
  };

  /** @param {Element} step */
  const goOn = (step) => {
    const all = steps();
    const next = all[all.indexOf(step) + 1];
    if (next) enter(next);
  };

  form.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const line = event.target.closest("[data-line]");
    const step = line ?? event.target.closest("input[type=time]");
    if (step && event.key === "Enter") {
      event.preventDefault();
      goOn(step);
    } else if (line && /^[0-9]$/.test(event.key)) {
      const boxes = line.querySelectorAll("input");
      const box = boxes[Number(event.key)];
      if (!box) return;
      event.preventDefault();
      box.checked = true;
      goOn(line);
    }
  });
}

document.querySelectorAll("form[data-sheet]").forEach((form) => {
  if (form instanceof HTMLFormElement) typeIn(form);
});
