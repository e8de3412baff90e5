// A card's code: a fresh one comes before the old one is over, and one that is over is covered. Counted from when the page
// came, as the phone's clock may be wrong; a kept page can only believe it.
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
  } catch { /* no network: at the next tick again */ } finally {
    asking = false;
  }
}

async function renew() {
  const page = await pageAt(location.href);
  const fresh = page.querySelector("[data-code=fresh]");
  if (!fresh) { // signed out, or the cover has ended: the page itself says what is so
    if (page.querySelector("[data-holder]")) location.reload();
    return;
  }
  document.querySelector("[data-code]").replaceWith(document.adoptNode(fresh));
  ages.set(fresh, Date.now());
  const [now, then] = [page, document].map((one) => one.querySelector("[data-as-of]"));
  if (now && then) then.replaceWith(document.adoptNode(now));
}

// Parsed by the browser as it comes, as in sheet.js.
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

// At the counter the screen stays on.
const stayAwake = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});
if (document.querySelector("[data-awake]")) {
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
}
