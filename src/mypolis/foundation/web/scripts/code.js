// Accepts a code that is pasted with spaces or inside a sentence. Fills it in, if the browser can read the SMS.
const inputs = document.querySelectorAll("input[autocomplete='one-time-code']");

for (const input of inputs) {
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    const code = text.match(/\d(?:[\s-]*\d){5}(?!\d)/)?.[0].replace(/\D/g, "");
    if (!code) return;
    event.preventDefault();
    input.value = code;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

if ("OTPCredential" in window && inputs.length) {
  const stop = new AbortController();
  inputs[0].form?.addEventListener("submit", () => stop.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: stop.signal })
    .then((message) => { if (message && !inputs[0].value) inputs[0].value = message.code; })
    .catch(() => {}); // refused, no SMS, or the form was sent: the person types the code
}
