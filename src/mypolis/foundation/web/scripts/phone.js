// Hides the country code before the box when somebody types one.
for (const prefix of document.querySelectorAll("[data-prefix]")) {
  const input = prefix.parentElement.querySelector("input");
  const look = () => { prefix.hidden = /^\s*(\+|00)/.test(input.value); };
  input.addEventListener("input", look);
  look();
}
