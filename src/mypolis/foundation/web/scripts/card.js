// A card's code: loads a new one before the old one expires, and covers an expired one. The age is counted from the
// loading of the page, because the phone's clock may be wrong; a kept page must trust the clock.
const TICK_MS = 5_000;
const came = Date.now();
const ages = new WeakMap();
let asking = false;

const ageOf = (box) => Date.now() - (ages.get(box) ?? (box.dataset.code === "kept" ? 1000 * box.dataset.made : came));

async function look(box) {
  const age = ageOf(box) / (1000 * box.dataset.lasts);
  const isOver = age >= 1 || age < -0.1;
  box.querySelector("[data-over]").hidden = !isOver;
  box.querySelector("[data-good]").hidden = isOver;
  box.toggleAttribute("data-is-over", isOver);
  if (box.dataset.code !== "fresh" || age < 0.6 || asking || document.hidden) return;
  asking = true;
  try {
    await renew();
  } catch { /* no network: try again at the next tick */ } finally {
    asking = false;
  }
}

async function renew() {
  const page = await pageAt(location.href);
  const fresh = page.querySelector("[data-code=fresh]");
  if (!fresh) { // signed out, or the cover has ended: the page itself says which
    if (page.querySelector("[data-holder]")) location.reload();
    return;
  }
  document.querySelector("[data-code]").replaceWith(document.adoptNode(fresh));
  ages.set(fresh, Date.now());
  const [now, then] = [page, document].map((one) => one.querySelector("[data-as-of]"));
  if (now && then) then.replaceWith(document.adoptNode(now));
}

// The browser parses the response itself, as in sheet.js.
function pageAt(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = 10_000;
    request.onload = () => (request.status < 500 && request.response ? resolve(request.response) : reject());
    request.onerror = request.ontimeout = reject;
    request.send();
  });
}

const lookAtAll = () => document.querySelectorAll("[data-code]").forEach(look);
if (document.querySelector("[data-code]")) {
  lookAtAll();
  setInterval(lookAtAll, TICK_MS);
  document.addEventListener("visibilitychange", lookAtAll);
  addEventListener("online", lookAtAll);
}

// Keeps the screen on at the counter.
const stayAwake = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});
if (document.querySelector("[data-awake]")) {
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
}
