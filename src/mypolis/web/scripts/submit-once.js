// A second press within a few seconds sends nothing. The server is safe without it; this spares people the wait.
const PATIENCE_MS = 8000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const sent = Number(form.dataset.sent ?? 0);
  if (Date.now() - sent < PATIENCE_MS) event.preventDefault();
  else form.dataset.sent = Date.now();
});

// Back from the next page, by the browser's own memory: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
