// After a refused form: the summary of what is wrong gets the focus, and its links put it into the field.
document.querySelector("[data-autofocus]")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".errors a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});
