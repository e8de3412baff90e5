// A form sent without a network would be lost with its page. So the page stays, says what to do, and says when the network
// is back. If only our server cannot be reached, the service worker responds, and the draft is kept.
const notices = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || form.method !== "post") return;
  event.preventDefault();
  const notice = notices.get(form) ?? document.getElementById("no-network").content.firstElementChild.cloneNode(true);
  notices.set(form, notice);
  (form.querySelector(".form-actions") ?? form.lastElementChild).before(notice);
  notice.focus();
});

addEventListener("online", () => {
  for (const notice of notices.values()) notice.querySelector("p").textContent = notice.dataset.back;
});
addEventListener("offline", () => {
  for (const [form, notice] of notices) {
    notice.remove();
    notices.delete(form);
  }
});
