// Requests a token from reCAPTCHA when its script has loaded, and again before the token's two minutes are over. If none
// arrives, the form sends only our own proof.
const FRESH_MS = 100_000, PATIENCE_MS = 250;

async function ask(input) {
  const token = await window.grecaptcha.execute(input.dataset.recaptcha, { action: input.dataset.action });
  input.value = token;
}

function begin(input) {
  if (!window.grecaptcha?.execute && !window.grecaptcha?.ready) return setTimeout(begin, PATIENCE_MS, input);
  window.grecaptcha.ready(() => {
    const again = () => ask(input).catch(() => { input.value = ""; });
    again();
    setInterval(again, FRESH_MS);
    addEventListener("pageshow", (event) => { if (event.persisted) again(); });
  });
}

document.querySelectorAll("[data-recaptcha]").forEach(begin);
