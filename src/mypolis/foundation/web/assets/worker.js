// The service worker of one market. web/assets/installable_app.py puts `const APP` before it: market, version, files to keep.
//
// Pages always come from the server, so they are never outdated. The worker keeps static files, whose names change with
// their content; the page "no connection"; and the few pages that request it, such as the member's card. X-Keep-Offline
// holds an opaque id of their owner. They are deleted when that member signs out, and when anybody else's page arrives.
// A form that cannot be sent also gets the page "no connection"; the draft keeps what was typed (scripts/draft.js).
const FRAME = `frame-${APP.market}-${APP.version}`;
const PAGES = `pages-${APP.market}-`;
let holder = null; // of the newest page; null until a page has sent it
let asked = 0;

self.addEventListener("install", (event) => {
  event.waitUntil(keepFrame());
});

async function keepFrame() {
  const frame = await caches.open(FRAME);
  await frame.addAll(APP.files);
}

// The worker does not take over open pages: when it did, a form that was just being sent sometimes got no response. The
// first worker serves from the next page on; a newer one when all pages of the older one are closed.
self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldFrames());
});

async function dropOldFrames() {
  const old = (await caches.keys()).filter((name) => name.startsWith(`frame-${APP.market}-`) && name !== FRAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const isSignOut = request.method === "POST" && url.pathname === `/${APP.market}/signout/`;
  if (isSignOut) event.waitUntil(belongTo(""));
  // The response to a sign-out clears the browser's cache (Clear-Site-Data). If a worker passes on such a response,
  // Safari's engine shows it only after 70 seconds. So the browser sends this form itself, unless there is no network.
  const isOurs = request.method === "POST" && request.mode === "navigate" && (!isSignOut || !navigator.onLine);
  if (isOurs) event.respondWith(fetch(request).catch(offline));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (url.pathname.startsWith(APP.static) || APP.files.includes(url.pathname + url.search)) event.respondWith(file(request));
});

// Each page sends its member's opaque id, and which of their pages to keep.
self.addEventListener("message", (event) => event.waitUntil(hear(event.data)));

async function hear({ holder: whose, keep: address }) {
  await belongTo(whose);
  if (!whose || !address) return;
  const turn = ++asked;
  const answer = await fetch(address);
  if (turn === asked) await keep(address, answer); // otherwise a newer request has replaced it
}

async function belongTo(whose) {
  holder = whose;
  const others = (await caches.keys()).filter((name) => name.startsWith(PAGES) && name !== PAGES + whose);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function keep(address, answer) {
  const whose = answer.headers.get("X-Keep-Offline");
  if (answer.status >= 500 || (whose && holder !== null && holder !== whose)) return; // signed out in the meantime
  if (answer.ok && whose) await (await caches.open(PAGES + whose)).put(address, answer);
  else if (holder) await (await caches.open(PAGES + holder)).delete(address);
}

async function page(request, url) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(url.pathname)) ?? offline();
  }
}

function offline() {
  return caches.match(APP.offline, { cacheName: FRAME, ignoreVary: true });
}

// A kept page is also shown for its folder ("/rs/card/" of "/rs/card/offline/"), and for the URLs in X-Keep-For and all
// below them: the member's own cards, but not the card of a child.
async function kept(path) {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(PAGES))) {
    for (const answer of await (await caches.open(name)).matchAll()) {
      const own = new URL(answer.url).pathname, folder = new URL("..", answer.url).pathname;
      const places = (answer.headers.get("X-Keep-For") ?? "").split(" ").filter(Boolean);
      if (path === own || path === folder || places.some((place) => path.startsWith(place))) return answer;
    }
  }
  return undefined;
}

async function file(request) {
  return (await caches.match(request, { cacheName: FRAME, ignoreVary: true })) ?? fetch(request);
}
