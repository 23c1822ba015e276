// The last way out: everything that waits as a file that the desk can bring in.

import { asSighting } from "./core.js";
import { asAnswer } from "./reports.js";
import { asChat, asVisit } from "./visits.js";

/** Without a network the offset that was known then is the best there is. */
const offsetThen = (look, offset) => ({ offset: look.clock?.offset ?? offset, unsure: false });

/** Give everything that waits as a file that the desk can bring in. */
export async function saveFile(state, at) {
  const photos = await Promise.all(
    state.photos.map(async ({ blob, ...row }) => ({ ...row, jpeg: await base64(blob) })),
  );
  const kept = {
    shouwang_phone: 1,
    saved_at: new Date(at).toISOString(),
    offset_ms: state.offset,
    looks: state.looks.map((look) => ({ member: look.member, ...asSighting(look, offsetThen(look, state.offset)) })),
    answers: state.answers.map((row) => ({ member: row.member, ...asAnswer(row, row.made_at) })),
    more: {
      visits: state.filled.map((row) => ({ member: row.member, ...asVisit(row) })),
      chats: state.chats.map((row) => ({ member: row.member, ...asChat(row) })),
    },
    photos: photos.map(({ id, member, homes, standpoint, made_at, jpeg }) => ({
      id,
      member,
      homes,
      standpoint,
      taken_at: new Date(made_at).toISOString(),
      jpeg,
    })),
  };
  const name = `shouwang-${new Date(at).toISOString().slice(0, 16).replaceAll(":", "")}.json`;
  const file = new File([JSON.stringify(kept)], name, { type: "application/json" });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return;
    } catch {
      // Not shared: then it is saved.
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function base64(blob) {
  const address = await new Promise((give, fail) => {
    const reader = new FileReader();
    reader.onload = () => give(reader.result);
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(blob);
  });
  return String(address).slice(String(address).indexOf(",") + 1);
}
