// ALTCHA's proof of work: find n with SHA-256(salt + n) = challenge, in slices so that the page stays responsive. We use our
// own SHA-256, because the browser's is asynchronous (slow for a hundred thousand tiny texts) and missing on plain http.
const SLICE_MS = 6; // on a phone four times as slow, still no long task
const roots = (power) => {
  const found = [];
  for (let n = 2; found.length < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) found.push((n ** power * 2 ** 32) | 0);
  }
  return found;
};
const K = roots(1 / 3), START = roots(1 / 2).slice(0, 8), W = new Int32Array(64);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function sha256(text) { // ASCII in, hex out
  const words = new Int32Array((((text.length + 8) >> 6) + 1) << 4);
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  words[words.length - 1] = text.length * 8;
  const hash = Int32Array.from(START);
  for (let at = 0; at < words.length; at += 16) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      const x = W[i - 15], y = W[i - 2];
      W[i] = i < 16 ? words[at + i]
        : W[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + W[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
      const t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((part, i) => { hash[i] += part; });
  }
  return Array.from(hash, (part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
}

async function solve({ salt, challenge, maxnumber }) {
  let pause = performance.now() + SLICE_MS;
  for (let n = 0; n <= maxnumber; n++) {
    if (sha256(salt + n) === challenge) return n;
    if (performance.now() > pause) {
      await new Promise((resume) => setTimeout(resume));
      pause = performance.now() + SLICE_MS;
    }
  }
  throw new Error("no solution");
}

async function prove(box) {
  const say = (state) => {
    box.dataset.state = state;
    box.querySelector("[role=status]").textContent = box.dataset[state];
  };
  say("working");
  try {
    const began = performance.now();
    const answer = await fetch(box.dataset.challengeUrl, { headers: { Accept: "application/json" } });
    const task = await answer.json();
    const number = await solve(task);
    const { algorithm, challenge, salt, signature } = task;
    const took = Math.round(performance.now() - began);
    box.querySelector("input").value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature, took }));
    say("done");
  } catch {
    say("failed");
  }
}

const proveAll = () => document.querySelectorAll("[data-captcha]").forEach(prove);
proveAll();
// Back from the next page: the proof may be used already, so make a new one.
addEventListener("pageshow", (event) => { if (event.persisted) proveAll(); });
