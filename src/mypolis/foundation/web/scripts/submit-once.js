// A form that was sent says so after a second, until the response arrives. A second press within a few seconds does
// nothing. The server is safe without this; it only helps people who wait.
const PATIENCE_MS = 8000;
const SHOWN_AFTER_MS = 1000;
const shown = new Map(); // form: [timer, the status line]

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const sent = Number(form.dataset.sent ?? 0);
  if (Date.now() - sent < PATIENCE_MS) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = Date.now();
  // The response opens in another tab, or is a file: this page stays, so it waits for nothing.
  if (form.target === "_blank" || "givesFile" in form.dataset) return;
  stop(form);
  const button = event.submitter ?? form.querySelector("[type=submit]");
  shown.set(form, [setTimeout(() => tell(form, button), SHOWN_AFTER_MS)]);
});

function tell(form, button) {
  const line = document.getElementById("sending").content.firstElementChild.cloneNode(true);
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("data-busy", "");
  (form.querySelector(".form-actions") ?? form).append(line);
  line.querySelector("span").textContent = line.dataset.words; // set after the line was added, so that screen readers announce it
  shown.set(form, [0, line, button]);
}

function stop(form) {
  const [timer, line, button] = shown.get(form) ?? [];
  clearTimeout(timer);
  line?.remove();
  button?.removeAttribute("data-busy");
  form.removeAttribute("aria-busy");
  shown.delete(form);
}

// If the back button restores the page from memory, the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    stop(form);
    delete form.dataset.sent;
  }
});
