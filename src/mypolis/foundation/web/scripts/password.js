// Shows and hides the password. Hides it before sending, so that browsers never store it as plain text.
for (const button of document.querySelectorAll("[data-shows]")) {
  const input = document.getElementById(button.dataset.shows);
  const word = button.querySelector("span");
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    word.textContent = shown ? button.dataset.hide : button.dataset.show;
  };
  input.spellcheck = false;
  input.autocapitalize = "none";
  button.hidden = false;
  button.addEventListener("click", () => {
    show(input.type === "password");
    input.focus();
  });
  input.form?.addEventListener("submit", () => show(false));
}
