// Counts down until another code can be requested. With aria-disabled, the button can still get the focus.
for (const button of document.querySelectorAll("[data-resend-after]")) {
  const label = button.textContent;
  const until = Date.now() + 1000 * Number(button.dataset.resendAfter);
  let timer = 0;
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds > 0) {
      button.setAttribute("aria-disabled", "true");
      button.textContent = button.dataset.wait.replace("{seconds}", seconds);
      return;
    }
    clearInterval(timer);
    button.removeAttribute("aria-disabled");
    button.textContent = label;
  };
  button.addEventListener("click", (event) => {
    if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  });
  timer = setInterval(tick, 500);
  tick();
}
