// Passkeys: runs the browser's ceremony for a form and sends its answer with the form.
//
//   <form data-passkey="get" data-options="{…}" [data-conditional]>
//     <input type="hidden" name="passkey"> <button type="submit">
//
// `data-passkey` is "create" or "get"; `data-options` are the server's options as JSON. What stands in a
// `data-passkey-block` is hidden until we know that the browser can do it. `data-conditional` also offers passkeys in the
// suggestions of the field with autocomplete="… webauthn". Messages: `data-passkey-none` (nothing was chosen; the browser
// does not say why), `data-passkey-known` (this device has a passkey for the account already). Whoever adds forms to the page
// later announces them with the event `passkey-forms` on an element around them.

const can = typeof PublicKeyCredential !== "undefined"
  && typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function"
  && typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

let pending = null; // the one ceremony that may run; a second one would be refused by the browser

function begin() {
  pending?.abort();
  pending = new AbortController();
  return pending;
}

async function answerOf(form, ceremony, mediation) {
  const options = JSON.parse(form.dataset.options);
  const { signal } = ceremony;
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey, signal });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey, signal, ...(mediation ? { mediation } : {}) });
}

function say(form, name) {
  for (const told of form.querySelectorAll("[data-passkey-none], [data-passkey-known]")) {
    told.hidden = !(name && told.hasAttribute(name));
  }
}

async function run(form, mediation) {
  const ceremony = begin();
  try {
    const credential = await answerOf(form, ceremony, mediation);
    if (ceremony.signal.aborted || !credential) return;
    form.elements.passkey.value = JSON.stringify(credential.toJSON());
    form.dataset.ready = "1";
    form.requestSubmit();
  } catch (error) {
    if (ceremony.signal.aborted || mediation) return;
    say(form, error.name === "InvalidStateError" ? "data-passkey-known" : "data-passkey-none");
  }
}

function prepare(form) {
  if (form.dataset.prepared) return;
  form.dataset.prepared = "1";
  form.addEventListener("submit", (event) => {
    if (form.dataset.ready) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(form, "");
    run(form);
  }, { capture: true });
}

async function offer(form) {
  const offers = await PublicKeyCredential.isConditionalMediationAvailable?.();
  if (offers && !pending) run(form, "conditional");
}

function start(place) {
  for (const block of place.querySelectorAll("[data-passkey-block]")) block.hidden = false;
  for (const form of place.querySelectorAll("form[data-passkey]")) {
    prepare(form);
    if (form.hasAttribute("data-conditional")) offer(form);
  }
}

if (can) {
  start(document);
  document.addEventListener("passkey-forms", (event) => start(event.target));
  addEventListener("pagehide", () => pending?.abort());
  // If the back button restores the page from memory, its challenge was used: get a new one.
  addEventListener("pageshow", (event) => event.persisted && document.querySelector("form[data-passkey]") && location.reload());
}
