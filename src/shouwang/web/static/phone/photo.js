// A photo is made small and upright on the phone; drawing it anew leaves every word of
// its metadata behind, the place included.

const SIDE_MOST = 1600;
const QUALITY = 0.82;

export class NotAPhoto extends Error {}

/**
 * Return the picture in `file` as a JPEG of at most 1600 px a side.
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
export async function shrink(file) {
  const whole = await decoded(file);
  try {
    const share = Math.min(1, SIDE_MOST / Math.max(whole.width, whole.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(whole.width * share));
    canvas.height = Math.max(1, Math.round(whole.height * share));
    const context = canvas.getContext("2d");
    if (context === null) throw new NotAPhoto();
    context.imageSmoothingQuality = "medium";
    context.drawImage(whole, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((give) => canvas.toBlob(give, "image/jpeg", QUALITY));
    if (made === null) throw new NotAPhoto();
    return /** @type {Blob} */ (made);
  } finally {
    whole.close();
  }
}

async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new NotAPhoto();
  }
}
