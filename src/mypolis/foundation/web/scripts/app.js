// The portal as an app: registers the market's service worker, and offers to install the app on pages with an element
// [data-install], which is hidden until the browser can install it.
const manifest = document.querySelector("link[rel=manifest]");
const LATER_MS = 90 * 24 * 3600 * 1000;

if (manifest && "serviceWorker" in navigator) {
  const scope = new URL(".", manifest.href).pathname;
  const rule = { createScriptURL: (url) => url }; // the only policy that our Content-Security-Policy allows
  const worker = window.trustedTypes?.createPolicy("service-worker", rule) ?? rule;
  const address = worker.createScriptURL(`${scope}sw.js`);
  const register = () => navigator.serviceWorker.register(address, { scope, updateViaCache: "none" }).catch(() => {});
  // After the page has loaded, so that the worker's files do not delay it.
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register, { once: true });
}

// Tells the worker whose page this is, so that it keeps nothing of anybody else, and which of their pages to keep.
const holder = document.querySelector("[data-holder]")?.dataset.holder;
const keep = document.querySelector("[data-keep]")?.dataset.keep;
if (holder !== undefined) navigator.serviceWorker?.ready.then((app) => app.active?.postMessage({ holder, keep }));

// Reloads a member's page that the back button restored from memory, because the member may have signed out since.
if (holder) addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// Without a network: shows the link to kept pages, if there are any.
for (const way of document.querySelectorAll("[data-kept]")) {
  globalThis.caches?.keys().then((names) => { way.hidden = !names.some((name) => name.startsWith(way.dataset.kept)); });
}

const offer = document.querySelector("[data-install]");
const putOff = () => { try { localStorage.setItem("install-later", Date.now()); } catch { /* private window */ } };
const wasPutOff = () => {
  try { return Date.now() - Number(localStorage.getItem("install-later") ?? 0) < LATER_MS; } catch { return false; }
};

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  if (!offer || wasPutOff()) return;
  offer.hidden = false;
  offer.querySelector("[data-install-now]").onclick = async () => {
    offer.hidden = true;
    await event.prompt();
    putOff();
  };
  offer.querySelector("[data-install-later]").onclick = () => { offer.hidden = true; putOff(); };
});

// Shows the number of the member's tasks on the app's icon; only members' pages have it.
const waiting = document.querySelector("[data-waiting]")?.dataset.waiting;
if (waiting !== undefined) (Number(waiting) ? navigator.setAppBadge?.(Number(waiting)) : navigator.clearAppBadge?.())?.catch(() => {});
