// Live hints beside a new password, with the numbers of the server's rules (data-*), and an estimate of its strength. The
// password does not leave the page for this. The server decides: it also knows common passwords and the person's data. So
// the script says "not met" if it is sure, "met" if the server would agree, and otherwise nothing.
const HEARD_AFTER_MS = 800; // screen readers announce changes when the typing pauses
const LADDERS = [
  "0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiopšđ", "asdfghjklčć", "zxcvbnm", "yxcvbnm",
  "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "љњертзуиопшђ", "асдфгхјклчћ",
];
const LIKE_LETTERS = { "@": "a", 4: "a", 3: "e", 1: "i", "!": "i", 0: "o", 5: "s", $: "s", 7: "t" };

const isStep = (from, to) => from === to
  || LADDERS.some((row) => row.includes(from) && row.includes(to) && Math.abs(row.indexOf(from) - row.indexOf(to)) === 1);

// Estimates the bits that slow an attacker down. A run of letters counts as one word (a very long one a little more). Steps
// along the alphabet or the keyboard, and repetitions, hardly count.
function bits(password) {
  const text = password.replace(/(\p{L})([@$!013457]+)(?=\p{L})/gu, (_all, before, signs) => before + [...signs].map((sign) => LIKE_LETTERS[sign]).join(""));
  const seen = new Set();
  let last = "", words = 0;
  for (const run of text.match(/\p{L}+/gu) ?? []) {
    const low = run.toLowerCase();
    const each = run.length < 2 ? 2 : /.\p{Lu}/u.test(run) && run !== run.toUpperCase() ? 4 : 2.4;
    let worth = 0;
    for (const sign of low) {
      worth += isStep(last, sign) ? .3 : each;
      last = sign;
    }
    const isRepeated = (low + low).indexOf(low, 1) < low.length;
    words += seen.has(low) ? .5 : Math.min(worth, isRepeated ? 12 : Math.max(12, low.length));
    seen.add(low);
  }
  let rest = 0;
  for (const sign of text.replace(/[\p{L}\s]/gu, "")) {
    rest += isStep(last, sign) ? .3 : 2.5;
    last = sign;
  }
  return words + Math.min(rest, 11);
}

// Compares the password with the words in the page's other text fields, by the same rule as the server.
function isPersonal(text, form, { token, rest }) {
  const typed = [...form.querySelectorAll("input:is([type=text], [type=email]):not([inputmode])")].map((input) => input.value.trim());
  const parts = typed.map((value) => value.normalize("NFKC").toLowerCase()).flatMap((value) => [value, ...value.split(/[^\p{L}\p{N}]+/u)]);
  const words = [...new Set(parts)].filter((word) => [...word].length >= token).sort((one, other) => other.length - one.length);
  const low = text.toLowerCase();
  const left = words.reduce((before, word) => before.split(word).join(""), low);
  return left !== low && left.replace(/[^\p{L}\p{N}]/gu, "").length < rest;
}

// Returns for each rule whether it is met (true, false or undefined), and the strength from 0 to 4.
function judge(password, form, rules) {
  const text = password.normalize("NFKC"), signs = [...text];
  const met = {
    length: signs.length >= rules.least && signs.length <= rules.most,
    personal: isPersonal(text, form, rules) ? false : undefined,
    easy: new Set(signs).size < rules.signs ? false : undefined,
  };
  const found = bits(text);
  let strength = text === "" ? 0 : found < 20 ? 1 : found < 36 ? 2 : found < 48 ? 3 : 4;
  if (Object.values(met).includes(false)) strength = Math.min(strength, 1);
  if (strength >= 3) met.easy = true;
  return { met, strength };
}

for (const list of document.querySelectorAll("[data-least]")) {
  const input = document.getElementById(list.dataset.for), meter = document.querySelector(`[data-strength-of="${input.id}"]`);
  const [bars, heard] = meter.querySelectorAll("p"), words = bars.dataset.words.split("|");
  const rules = Object.fromEntries(["least", "most", "signs", "token", "rest"].map((name) => [name, Number(list.dataset[name])]));
  let timer = 0;
  const look = () => {
    const { met, strength } = judge(input.value, input.form, rules);
    for (const hint of list.querySelectorAll("[data-hint]")) {
      if (input.value === "" || met[hint.dataset.hint] === undefined) delete hint.dataset.met;
      else hint.dataset.met = met[hint.dataset.hint];
    }
    meter.hidden = input.value === "";
    meter.dataset.strength = strength;
    bars.textContent = words[strength - 1] ?? "";
    clearTimeout(timer);
    timer = setTimeout(() => {
      const missing = [...list.querySelectorAll("[data-met=false]")].map((hint) => hint.textContent);
      heard.textContent = [bars.textContent, ...missing].join(". ");
    }, HEARD_AFTER_MS);
  };
  input.form.addEventListener("input", look); // the password may contain a name that is typed later
  look();
}

// For the repeated password: says whether both are the same, when the second is as long as the first.
for (const told of document.querySelectorAll("[data-same-as]")) {
  const first = document.getElementById(told.dataset.sameAs), second = document.getElementById(told.dataset.for);
  second.form.addEventListener("input", () => {
    const isSame = second.value === first.value, early = second.value === "" || second.value.length < first.value.length;
    told.dataset.met = isSame;
    told.textContent = early ? "" : isSame ? told.dataset.same : told.dataset.differ;
  });
}
