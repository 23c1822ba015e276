// Keeps the whole app on the phone. The server puts VERSION and FILES before this text, so
// that a new version is a new worker; it waits until nobody walks with the old one.
/* global VERSION, FILES */

const OURS = "shouwang-phone-";

self.addEventListener("install", (event) => {
  const fresh = FILES.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(OURS + VERSION).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(OURS) && name !== OURS + VERSION);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  if (event.data === "use the new version") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (!FILES.includes(pathname)) return;
  const kept = async () => {
    const cache = await caches.open(OURS + VERSION);
    return (await cache.match(pathname)) ?? fetch(event.request);
  };
  event.respondWith(kept());
});

// A message while nobody has the app open. A repeat of it replaces it: it has the same tag.
self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    // Somebody must look all the same.
  }
  const show = self.registration.showNotification(told.title || "守望", {
    body: told.text ?? "",
    tag: told.key || "shouwang",
    renotify: true,
    requireInteraction: told.urgent === true,
    lang: "zh-Hans",
    icon: FILES.find((path) => path.endsWith("icon-192.png")),
    data: { link: told.link ?? "" },
  });
  event.waitUntil(show);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { link } = event.notification.data ?? {};
  // Only our own pages: what came from outside opens nothing else.
  const own = link && new URL(link, self.location.origin).origin === self.location.origin;
  const open = async () => {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = pages.find(({ url }) => own && url === new URL(link, self.location.origin).href);
    return there ? there.focus() : self.clients.openWindow(own ? link : self.registration.scope);
  };
  event.waitUntil(open());
});
