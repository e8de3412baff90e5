// Saves a draft when a field was changed and left, so that nothing is lost and other devices see it. Without this script
// the button "Continue" saves the whole page. Without a network it says so and tries again.
const RETRY_MS = 5000;

const form = document.querySelector("form[data-saves]");
const note = form?.querySelector("[data-note]");
let isSaving = false;
let isChanged = false;
let retry = 0;

async function save() {
  clearTimeout(retry);
  if (isSaving) return;
  if (!navigator.onLine) return say("offline"); // the event `online` saves
  isSaving = true;
  isChanged = false;
  say("saving");
  const sent = new FormData(form);
  try {
    const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(sent), headers: { Accept: "application/json" } });
    if (answer.headers.get("Content-Type") === "application/json") take(await answer.json(), sent);
    else say(answer.status >= 500 ? "offline" : "over");
    if (answer.status >= 500) retry = setTimeout(save, RETRY_MS);
  } catch {
    say("offline");
    retry = setTimeout(save, RETRY_MS);
  }
  isSaving = false;
  if (isChanged) save();
}

function say(what) {
  note.textContent = note.dataset[what];
}

// What the server has now becomes the original of the next save. Fields that only another device changed show its value.
function take(saved, sent) {
  form.elements.version.value = saved.version;
  if (saved.line) form.elements.line.value = saved.line;
  for (const [name, text] of Object.entries(saved.was)) form.elements[`was-${name}`].value = text;
  for (const [name, text] of Object.entries(saved.theirs)) show(name, text, sent);
  for (const input of form.querySelectorAll("[id^=id_]")) clear(input);
  for (const [name, messages] of Object.entries(saved.errors)) complain(name, messages);
  say("saved");
  if (form.querySelector(".field-wrong")) note.textContent = "";
}

function show(name, text, sent) {
  if (form.elements[`${name}_day`]) {
    const [year = "", month = "", day = ""] = text.split("-");
    for (const [part, digits] of [["day", day], ["month", month], ["year", year]]) show(`${name}_${part}`, digits, sent);
    return;
  }
  const input = form.elements[name];
  if (input && input.value === (sent.get(name) ?? "").replaceAll("\r\n", "\n")) input.value = text;
}

function clear(input) {
  const field = input.closest(".field-wrong");
  if (!field) return;
  field.classList.remove("field-wrong");
  field.querySelector(".field-error")?.remove();
  for (const one of field.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
}

// A field that somebody is still filling in has no error yet.
function complain(name, messages) {
  const input = document.getElementById(`id_${name}`);
  const field = input?.closest(".field");
  if (!field || field.contains(document.activeElement)) return;
  const error = document.getElementById("field-error").content.firstElementChild.cloneNode(true);
  error.id = `id_${name}_error`;
  error.querySelector("p").textContent = messages.join(" ");
  field.classList.add("field-wrong");
  (field.querySelector(".field-hint") ?? field.querySelector(".field-label")).after(error);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", [`${input.id}_helptext`, error.id].filter((id) => document.getElementById(id) || id === error.id).join(" "));
}

if (form) {
  form.addEventListener("change", () => {
    isChanged = true;
    save();
  });
  addEventListener("online", () => { if (note.textContent === note.dataset.offline) save(); });
}
