// The claims desk by keyboard, and the strip of papers: next page, zoom, turn; kept for each claim in this tab.
const typing = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
const panel = document.querySelector("[data-keys]");
const toggle = panel?.querySelector("[data-keys-on]");
const SETTING = "desk-keys-off";

function setUpKeys() {
  toggle.closest("label").hidden = false;
  toggle.checked = localStorage.getItem(SETTING) !== "1";
  toggle.addEventListener("change", () => localStorage.setItem(SETTING, toggle.checked ? "0" : "1"));
  document.addEventListener("keydown", onKey);
}

function onKey(event) {
  if (event.key === "Enter" && event.ctrlKey && event.target.matches?.(typing)) return save(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
  if (!toggle.checked || event.target.closest?.(typing) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") panel.open = !panel.open;
  else if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
  else {
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
    if (!target || target.closest("[hidden]")) return;
    target.click();
  }
  if (panel.open && event.key === "?") panel.scrollIntoView({ block: "nearest" });
  event.preventDefault();
}

// Enter alone opens a list, and begins a new line in a note. Keys that are switched off do not matter here.
function save(event) {
  event.preventDefault();
  event.target.form?.requestSubmit();
}

function moveRow(step) {
  const links = [...document.querySelectorAll("[data-rows] :is(th, li > .row) a")];
  const now = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, now + step))]?.focus();
}

if (toggle) setUpKeys();

const strip = document.querySelector("[data-pages]");
const tools = document.querySelector("[data-page-tools]");

function setUpPages() {
  const figures = [...strip.querySelectorAll("figure")];
  const name = `desk-papers-${document.querySelector("[data-claim]").dataset.claim}`;
  const place = tools.querySelector("[data-page-place]");
  const kept = { page: 0, zoom: 0, turns: {}, ...JSON.parse(sessionStorage.getItem(name) ?? "{}") };

  function show() {
    strip.style.setProperty("--zoom", String(1.25 ** kept.zoom));
    figures.forEach((figure, index) => {
      const turn = kept.turns[index] ?? 0;
      figure.toggleAttribute("data-current", index === kept.page);
      if (turn) figure.dataset.turned = String(turn);
      else delete figure.dataset.turned;
    });
    place.textContent = `${kept.page + 1}/${figures.length}`;
    sessionStorage.setItem(name, JSON.stringify(kept));
  }

  // Pages before it become larger too. On narrow screens the strip scrolls, on wide ones the side that holds it.
  function showInPlace() {
    const top = () => figures[kept.page].getBoundingClientRect().top;
    const before = top();
    show();
    for (const box of [strip, strip.closest(".desk-side")]) box.scrollTop += top() - before;
  }

  function goTo(page) {
    kept.page = Math.min(figures.length - 1, Math.max(0, page));
    show();
    figures[kept.page].scrollIntoView({ block: "start" });
  }

  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.page) return goTo(kept.page + Number(button.dataset.page));
    if (button.dataset.zoom) kept.zoom = Math.min(6, Math.max(-3, kept.zoom + Number(button.dataset.zoom)));
    else kept.turns[kept.page] = ((kept.turns[kept.page] ?? 0) + 90) % 360;
    showInPlace();
  });
  kept.page = Math.min(kept.page, figures.length - 1);
  tools.hidden = false;
  if (kept.page > 0 && !location.hash) goTo(kept.page);
  else show();
}

if (strip && tools) setUpPages();
