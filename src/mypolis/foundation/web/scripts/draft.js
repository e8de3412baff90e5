// Keeps what was typed on a page of a journey if the network fails or the page is reloaded: only in this tab, and only as
// long as the journey lasts. It never keeps passwords, codes, fields with autocomplete="off" (ids) or checkboxes: people
// must give a consent again. The draft ends with the next step, the end, a member's page, or signing out.
const PREFIX = "draft:";
const FORGOTTEN = /^(off|one-time-code|(current|new)-password)$/;

const form = document.querySelector("form[data-draft]");
const key = form && PREFIX + form.dataset.draft;
const store = (() => { try { return window.sessionStorage; } catch { return null; } })(); // refused if cookies are

function forget(isOver) {
  for (const name of Object.keys(store).filter((one) => one.startsWith(PREFIX) && isOver(one))) store.removeItem(name);
}

function keptInputs() {
  return [...form.elements].filter((input) => input.name && !input.readOnly && !input.disabled
    && /^(text|email|tel|radio|select-one|textarea)$/.test(input.type) && !FORGOTTEN.test(input.autocomplete));
}

function save() {
  const values = keptInputs().filter((input) => input.type !== "radio" || input.checked).map((input) => [input.name, input.value]);
  if (!values.length) return;
  const draft = { until: Date.now() + 1000 * Number(form.dataset.draftLife), values };
  try { store.setItem(key, JSON.stringify(draft)); } catch { /* full or refused: nothing is kept */ }
}

// Fills in only what the server left empty, because the server's values are newer.
function restore() {
  const draft = JSON.parse(store.getItem(key) ?? "{}");
  if (!(draft.until > Date.now())) return;
  const values = new Map(draft.values);
  const isFree = (input) => input.type === "radio" ? !form.querySelector(`[name="${input.name}"]:checked`) : input.value === "";
  const empty = keptInputs().filter((input) => values.get(input.name) && isFree(input));
  for (const input of empty) {
    if (input.type !== "radio") input.value = values.get(input.name);
    else input.checked = input.value === values.get(input.name);
  }
  if (!empty.length) return;
  form.querySelector("[data-draft-told]").hidden = false;
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

if (store) {
  if (document.querySelector("[data-draft-over]")) forget(() => true);
  if (form) {
    const journey = key.slice(0, key.lastIndexOf("/") + 1);
    forget((name) => name.startsWith(journey) && name !== key);
    restore();
    form.addEventListener("input", save);
    form.addEventListener("change", save);
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-draft-ends]")) return;
    forget(() => true);
    globalThis.indexedDB?.deleteDatabase("uploads"); // files on their way, see uploads/uploads.js
  });
}
