// Sends chosen files at once, piece by piece (tus 1.0), next to a form that works without script, too. A lost network, a
// reload or another device only interrupts: the server knows what has arrived. Pictures are made smaller first. The files
// themselves stay in this browser's own store until they have arrived, or until sign-out (draft.js deletes the store).
const VERSION = { "Tus-Resumable": "1.0.0" };
const LONG_SIDE = 2400, QUALITY = 0.85, PREVIEW = 96;
const SHRINKABLE = /^image\/(jpeg|png|webp)$/;
const DELAYS_MS = [500, 1000, 2000, 4000, 8000, 15000];
const STALL_MS = 30_000;
const GOES_ON = new Set([0, 408, 409, 423, 429, 500, 502, 503, 504]);

class Refused extends Error {
  constructor(status, text) { super(text); this.status = status; }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const online = () => navigator.onLine || new Promise((done) => addEventListener("online", done, { once: true }));
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// The browser's store: each file under the address of its upload. Without one (private windows), a reload asks for the file again.
const store = {
  open() {
    return new Promise((done, fail) => {
      const request = indexedDB.open("uploads", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("files");
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  },
  async run(mode, act) {
    try {
      const base = await this.open();
      try {
        return await new Promise((done, fail) => {
          const request = act(base.transaction("files", mode).objectStore("files"));
          request.onsuccess = () => done(request.result);
          request.onerror = () => fail(request.error);
        });
      } finally { base.close(); }
    } catch { return undefined; }
  },
  keep(url, file) { return this.run("readwrite", (files) => files.put(file, url)); },
  get(url) { return this.run("readonly", (files) => files.get(url)); },
  forget(url) { return this.run("readwrite", (files) => files.delete(url)); },
};

async function pictureOf(file) { // null for what this browser cannot decode, such as PDF and, mostly, HEIC
  try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { return null; }
}

function drawn(picture, side, canvas = document.createElement("canvas")) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff"; // JPEG has no transparency
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function smaller(file, picture) {
  if (!picture || !SHRINKABLE.test(file.type) || Math.max(picture.width, picture.height) <= LONG_SIDE) return file;
  const shrunk = await new Promise((done) => drawn(picture, LONG_SIDE).toBlob(done, "image/jpeg", QUALITY));
  return shrunk && shrunk.size < file.size ? shrunk : file;
}

class Row { // one file: its line in the list, and its way to the server
  constructor(box, name) {
    this.box = box;
    this.name = name;
    this.line = box.querySelector("template").content.firstElementChild.cloneNode(true);
    this.line.querySelector("[data-name]").textContent = name;
    const button = this.line.querySelector("button");
    button.setAttribute("aria-label", `${button.textContent.trim()}: ${name}`);
    button.addEventListener("click", () => this.remove());
    box.querySelector("[data-list]").append(this.line);
  }

  say(state, text) {
    this.line.dataset.state = state;
    this.line.querySelector("[data-says]").textContent = text ?? this.box.dataset[state] ?? "";
  }

  show(offset, length) {
    const bar = this.line.querySelector("progress");
    bar.max = length;
    bar.value = offset;
  }

  async take(file) {
    const picture = await pictureOf(file);
    if (picture) {
      drawn(picture, PREVIEW, this.line.querySelector("canvas"));
      this.line.querySelector("canvas").hidden = false;
    }
    this.file = await smaller(file, picture);
    picture?.close();
    this.show(this.offset ?? 0, this.file.size);
  }

  async send() {
    if (this.file.size > Number(this.box.dataset.mostBytes)) return this.say("tooLarge");
    for (let failures = 0; !this.gone; failures += 1) {
      const before = this.offset ?? 0;
      try {
        this.say("sending");
        await this.goOn();
        return this.arrived();
      } catch (error) {
        if (this.gone) return undefined;
        if (!GOES_ON.has(error.status ?? 0)) return this.say("refused", error.message);
        if ((this.offset ?? 0) > before) failures = 0;
        this.say("waiting");
        await pause(DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)]);
        await online();
      }
    }
    return undefined;
  }

  async goOn() {
    if (this.url) await this.ask();
    if (!this.url) await this.begin();
    while (this.offset < this.file.size) this.offset = await this.patch();
  }

  async ask() {
    const answer = await this.fetch(this.url, "HEAD");
    if (answer.status === 404 || answer.status === 410) {
      store.forget(this.url);
      this.url = null;
    } else if (answer.ok) this.offset = Number(answer.headers.get("Upload-Offset"));
    else throw new Refused(answer.status, this.box.dataset.refused);
  }

  async begin() {
    const { target, reference, kind } = this.box.dataset;
    const told = { filename: this.name, [target]: reference, document: kind };
    const pairs = Object.entries(told).map(([key, value]) => `${key} ${base64(value)}`);
    const answer = await this.fetch(this.box.dataset.url, "POST", {
      "Upload-Length": String(this.file.size), "Upload-Metadata": pairs.join(","),
    });
    if (answer.status !== 201) {
      const problem = await answer.json().catch(() => null);
      throw new Refused(answer.status, problem?.detail ?? this.box.dataset.refused);
    }
    this.url = new URL(answer.headers.get("Location"), location.href).pathname;
    this.offset = 0;
    await store.keep(this.url, this.file);
  }

  fetch(url, method, headers = {}) {
    const csrf = { "X-CSRFToken": this.box.dataset.csrf };
    return fetch(url, { method, headers: { ...VERSION, ...csrf, ...headers }, signal: AbortSignal.timeout?.(STALL_MS) });
  }

  patch() { // by XMLHttpRequest, because fetch does not tell how much was sent
    return new Promise((done, fail) => {
      const request = this.request = new XMLHttpRequest();
      const from = this.offset;
      let timer = 0;
      const alive = () => { clearTimeout(timer); timer = setTimeout(() => request.abort(), STALL_MS); };
      request.open("PATCH", this.url);
      const sent = { ...VERSION, "X-CSRFToken": this.box.dataset.csrf, "Upload-Offset": String(from) };
      for (const [name, value] of Object.entries(sent)) request.setRequestHeader(name, value);
      request.setRequestHeader("Content-Type", "application/offset+octet-stream");
      request.upload.onprogress = ({ loaded }) => { alive(); this.show(from + loaded, this.file.size); };
      request.onload = () => {
        if (request.status === 204) return done(Number(request.getResponseHeader("Upload-Offset")));
        let problem = null;
        try { problem = JSON.parse(request.responseText); } catch { /* a proxy's page */ }
        return fail(new Refused(request.status, problem?.detail ?? this.box.dataset.refused));
      };
      request.onerror = request.onabort = () => fail(new Refused(0, ""));
      request.onloadend = () => clearTimeout(timer);
      alive();
      request.send(this.file.slice(from));
    });
  }

  arrived() {
    this.show(1, 1);
    this.say("arrived");
    store.forget(this.url);
    this.box.dispatchEvent(new CustomEvent("upload-arrived", { bubbles: true, detail: { url: this.url } }));
  }

  async remove() {
    this.gone = true;
    this.request?.abort();
    if (this.url) {
      const answer = await this.fetch(this.url, "DELETE").catch(() => null);
      if (answer?.status === 403) {
        this.gone = false;
        return this.say("refused", (await answer.json().catch(() => null))?.detail);
      }
      store.forget(this.url);
    }
    this.line.remove();
    this.box.querySelector("[data-upload]").focus();
    this.box.dispatchEvent(new CustomEvent("upload-removed", { bubbles: true }));
    return undefined;
  }
}

let queue = Promise.resolve(); // one file at a time: a phone's network is not faster with several
const enqueue = (act) => { queue = queue.then(act, act); };

async function unfinished(box) { // what an earlier visit or another device began
  const { target, reference, kind, url } = box.dataset;
  const answer = await fetch(`${url}?${new URLSearchParams({ [target]: reference })}`, { headers: VERSION });
  if (!answer.ok) return [];
  const found = (await answer.json()).uploads.filter((one) => one.document === kind);
  return Promise.all(found.map(async (one) => {
    const row = new Row(box, one.name);
    Object.assign(row, { url: one.url, offset: one.offset, length: one.length });
    row.show(one.offset, one.length);
    const file = await store.get(one.url);
    if (!file || file.size !== one.length) row.say("again");
    else enqueue(async () => { await row.take(file); await row.send(); });
    return row;
  }));
}

async function chosen(box, rows, files) {
  for (const file of files) {
    const row = new Row(box, file.name);
    row.say("waiting");
    enqueue(async () => {
      await row.take(file);
      const known = rows.find((one) => !one.file && one.name === row.name && one.length === row.file.size);
      if (known) { // the same file again: continue where it stopped
        known.line.remove();
        Object.assign(row, { url: known.url, offset: known.offset });
        rows.splice(rows.indexOf(known), 1);
      }
      await row.send();
    });
  }
}

for (const box of document.querySelectorAll("[data-uploads]")) {
  const input = box.querySelector("[data-upload]");
  const rows = unfinished(box).catch(() => []);
  input.removeAttribute("name"); // the form must not send them a second time
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    await chosen(box, await rows, files);
  });
}
