// The lock of the desk. Two minutes before the session locks, the page says so. Then the lock lies over the page, until
// a passkey or a code lifts it; what was typed stays. The server locks by itself: this only hides the open page.
//
// Only what a person does keeps the session awake: a key, a click, the wheel. It is told once a minute at most.
const WARNING_MS = 120_000;
const TELL_EVERY_MS = 60_000;
const ASK_EVERY_MS = 30_000; // while locked: another tab may have unlocked the session
const TICK_MS = 5_000;
const ACTS = ["keydown", "pointerdown", "wheel"];

const template = document.getElementById("desk-lock");

if (template) {
  const { awake, unlock, staff } = template.dataset;
  const dialog = template.content.querySelector("dialog").cloneNode(true);
  const warning = template.content.querySelector(".toasts").cloneNode(true);
  const secret = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { Accept: "application/json", "X-CSRFToken": secret };

  let locksAt = 0;
  let askedAt = Date.now();
  let toldAt = Date.now();
  let renewedAt = 0;
  let isWarned = false;
  let before = null; // what the lock covers: [the hidden elements, title, focus, place]; null while the page is open

  const setClock = (seconds) => { locksAt = Date.now() + 1000 * seconds; };

  async function ask(method = "GET") {
    askedAt = Date.now();
    try {
      const answer = await fetch(awake, { method, headers, cache: "no-store" });
      if (answer.ok) take(await answer.json());
    } catch { /* without a network the page locks by its own clock */ }
  }

  function take(told) {
    if (told.staff === null) return cover("over");
    if (String(told.staff) !== staff) return location.reload(); // somebody else signed in here
    const left = Math.min(told.locks_in, told.ends_in);
    setClock(left);
    if (left <= 0) return cover("locked");
    uncover();
    warn(1000 * left <= WARNING_MS ? (told.ends_in <= told.locks_in ? "ends" : "locks") : "");
  }

  function warn(what) {
    isWarned = what !== "";
    if (!isWarned) return warning.remove();
    if (!warning.isConnected) document.body.append(warning);
    const words = warning.querySelector("[data-locks]"); // set after it was added, so that screen readers announce it
    words.textContent = words.dataset[what];
  }

  function cover(why) {
    for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== why;
    if (before) return;
    warn("");
    const open = [...document.body.children].filter((one) => !one.hidden && one !== dialog);
    before = [open, document.title, document.activeElement, scrollY];
    for (const one of open) one.hidden = true;
    document.title = template.dataset.title;
    document.body.append(dialog);
    dialog.dispatchEvent(new Event("passkey-forms", { bubbles: true }));
    dialog.showModal();
    renew();
  }

  function uncover() {
    if (!before) return;
    const [open, title, focus, place] = before;
    before = null;
    for (const one of open) one.hidden = false;
    dialog.close();
    dialog.remove();
    document.title = title;
    focus?.focus({ preventScroll: true });
    scrollTo(0, place);
  }

  // A passkey signs a challenge that is good once and for five minutes.
  async function renew() {
    renewedAt = Date.now();
    const form = dialog.querySelector("form[data-passkey]");
    delete form.dataset.ready;
    try {
      const answer = await fetch(unlock, { headers, cache: "no-store" });
      form.dataset.options = (await answer.json()).options;
    } catch { /* the session is over, or there is no network: asked again soon */ }
  }

  function say(text) {
    const line = dialog.querySelector("[data-problem]");
    line.hidden = text === "";
    line.textContent = text;
  }

  async function prove(form) {
    say("");
    try {
      const answer = await fetch(unlock, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) });
      const told = await answer.json();
      if (answer.ok) take(told);
      else say(told.problem);
    } catch {
      say(dialog.dataset.failed);
    }
    form.reset();
    if (before) renew();
  }

  dialog.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== unlock) return;
    event.preventDefault();
    prove(event.target);
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => { if (before) dialog.showModal(); });

  for (const kind of ACTS) {
    addEventListener(kind, (event) => {
      if (before || !event.isTrusted || !(isWarned || Date.now() - toldAt > TELL_EVERY_MS)) return;
      toldAt = Date.now();
      ask("POST");
    }, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });

  setInterval(() => {
    const left = locksAt - Date.now();
    if (before) {
      if (Date.now() - askedAt > ASK_EVERY_MS) ask();
      if (Date.now() - renewedAt > 4 * TELL_EVERY_MS) renew();
    } else if (left <= 0) {
      cover("locked"); // at once, also after the computer slept; the answer may uncover it
      ask();
    } else if (left <= WARNING_MS && !isWarned) {
      ask();
    }
  }, TICK_MS);
  setClock(Number(template.dataset.left));
}
