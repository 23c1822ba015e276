// Tells this phone by itself: asks whether it may, subscribes, and tells the server where.

/** Base64url, as the server writes its key, to the bytes the browser wants. */
function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

const isSame = (left, right) =>
  left !== null && left.byteLength === right.length && new Uint8Array(left).every((byte, place) => byte === right[place]);

/**
 * Return the switch of the settings screen. `ask(path, options)` asks the server, `path` is
 * its address (none: the switch is hidden), `worker()` the registration of the service worker.
 *
 * `state()` is `"hidden"`, `"unsupported"`, `"denied"`, `"on"` or `"off"`.
 */
export function makePush({ path, ask, worker }) {
  const isSupported = "serviceWorker" in navigator && "PushManager" in self && "Notification" in self;
  const subscribed = async () => (await worker()?.pushManager.getSubscription()) ?? null;

  async function state() {
    if (!path) return "hidden";
    if (!isSupported || !worker()) return "unsupported";
    if (Notification.permission === "denied") return "denied";
    return (await subscribed()) ? "on" : "off";
  }

  /** Subscribe and tell the server; a subscription to another key of the server ends. */
  async function turnOn() {
    if ((await Notification.requestPermission()) !== "granted") return;
    const { public_key: text } = await ask(path, {});
    const key = bytesOf(text);
    const before = await subscribed();
    if (before && !isSame(before.options.applicationServerKey, key)) await before.unsubscribe();
    const made = await worker().pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    try {
      await ask(path, asJson("POST", { subscription: made.toJSON() }));
    } catch (error) {
      // What the server does not know must not look as if it were on.
      await made.unsubscribe();
      throw error;
    }
  }

  async function turnOff() {
    const made = await subscribed();
    if (!made) return;
    await made.unsubscribe();
    // A subscription that ended is found out at the next message, too.
    await ask(path, asJson("DELETE", { endpoint: made.endpoint }));
  }

  return { state, turnOn, turnOff };
}

function asJson(method, body) {
  return { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}
