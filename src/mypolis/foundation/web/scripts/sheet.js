// A link with data-sheet opens its page in a dialog, so that nothing typed is lost. If that fails, it works as a link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-sheet]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    const page = await documentAt(link.href);
    show(page.querySelector("h1").textContent, page.querySelector(".prose"));
  } catch {
    open(link.href, "_blank", "noopener");
  }
});

// The browser parses the response itself, because our Content-Security-Policy forbids making a page from a string.
function documentAt(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => resolve(request.response);
    request.onerror = reject;
    request.send();
  });
}

function show(title, text) {
  const dialog = document.getElementById("sheet").content.firstElementChild.cloneNode(true);
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".dialog-body").append(document.adoptNode(text));
  dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("[data-dismiss]")) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
