// The key of the search in the header. It rests while somebody types elsewhere, while a dialog is open, and if keys were
// switched off in this browser (on the page My account, or under "Keys" at a list).
const SETTING = "desk-keys-off";
const typing = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
const box = document.querySelector("[data-search-key]");
const toggle = document.querySelector("[data-search-keys-on]");

document.addEventListener("keydown", (event) => {
  if (event.key !== box?.dataset.searchKey || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.repeat || event.defaultPrevented || event.isComposing) return;
  if (event.target.closest?.(typing) || document.querySelector("dialog[open]")) return;
  if (localStorage.getItem(SETTING) === "1") return;
  event.preventDefault(); // the character must not land in the box
  box.focus();
  box.select();
});

if (toggle) {
  toggle.closest("[hidden]").hidden = false;
  toggle.checked = localStorage.getItem(SETTING) !== "1";
  toggle.addEventListener("change", () => localStorage.setItem(SETTING, toggle.checked ? "0" : "1"));
}
