// Copies the report, and makes a PNG of its picture to save or to share. Without this script
// the text can be marked and the picture kept by hand.

/** @param {string} address */
async function pngOf(address) {
  const drawn = await (await fetch(address, { credentials: "same-origin" })).text();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((give, fail) => {
    canvas.toBlob((made) => (made ? give(made) : fail(new Error("no picture"))), "image/png");
  });
}

/** @param {HTMLElement} element */
function letForward(element) {
  const { picture = "", name = "", copied = "", failed = "" } = element.dataset;
  const text = element.querySelector("textarea");
  const told = element.querySelector("[data-told]");
  const file = async () => new File([await pngOf(picture)], name, { type: "image/png" });

  const on = (selector, act) => {
    const button = element.querySelector(selector);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        told.textContent = (await act()) ?? "";
      } catch (error) {
        if (error.name !== "AbortError") told.textContent = failed;
      }
    });
  };

  on("[data-copy]", async () => {
    text.select();
    if (navigator.clipboard) await navigator.clipboard.writeText(text.value);
    else if (!document.execCommand("copy")) throw new Error("not copied");
    return copied;
  });
  on("[data-save]", async () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await file());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
  if (navigator.canShare?.({ files: [new File([""], name, { type: "image/png" })] }))
    on("[data-share]", async () => navigator.share({ text: text.value, files: [await file()] }));
}

for (const element of document.querySelectorAll("[data-report]")) {
  letForward(/** @type {HTMLElement} */ (element));
}
