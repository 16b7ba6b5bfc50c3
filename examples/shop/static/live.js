// The live sale: every step changes the page in another of the ways in which pages change. The steps follow a fixed
// sequence, so two visits that have come to the same step show the same board.

const board = document.getElementById("lots");
const sold = document.getElementById("sold");
const headline = document.getElementById("headline").firstChild;
const stepCount = document.getElementById("step");
const speed = document.getElementById("speed");
const run = document.getElementById("run");
const bench = document.getElementById("bench");
const rules = [...document.styleSheets].find((s) => s.href?.endsWith("/static/live.css"));

const soldShown = 6;
const fewestLots = 6;
const buyers = ["Kaarup", "Bremen", "Porto", "Turku", "Ghent", "Lyon", "Cork", "Graz"];

let step = 0;
let seed = 20261123;
let nextLot = 101 + board.rows.length;
const waiting = []; // rows that were sold and come back as new lots

/** A repeatable random number in [0, 1). */
function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

const pick = (list) => list[Math.floor(random() * list.length)];
const part = (row, name) => row.querySelector(`.lot-${name}`);
const lotClass = (row) => [...row.classList].find((name) => /^lot-\d+$/.test(name));
const euros = (cents) => "€" + (cents / 100).toLocaleString("en", { minimumFractionDigits: 2 });

/** Changes a price: a text node, attributes and classes. */
function reprice(row) {
  const was = Number(row.dataset.was);
  const now = Number(row.dataset.now);
  const next = Math.max(was * 0.2, Math.min(was * 0.9, now * (0.93 + random() * 0.1)));
  row.dataset.now = String(Math.round(next / 10) * 10);
  row.classList.toggle("falls", next < now);
  row.classList.toggle("rises", next >= now);
  part(row, "now").firstChild.data = euros(Number(row.dataset.now));
}

/** Sets the bar of a lot through a style sheet rule, as the object model allows and no markup shows. */
function drawBar(row) {
  dropBar(row);
  const width = Math.min(100, Number(row.dataset.left) * 10);
  rules.insertRule(`.${lotClass(row)} .bar i { inline-size: ${width}%; }`, rules.cssRules.length);
}

function dropBar(row) {
  const own = `.${lotClass(row)} .bar i`;
  for (let i = rules.cssRules.length - 1; i >= 0; i--) {
    if (rules.cssRules[i].selectorText === own) rules.deleteRule(i);
  }
}

/** Sells a piece; the last one takes the row off the board. */
function sell(row) {
  const left = Number(row.dataset.left) - 1;
  const name = part(row, "name").textContent.trim();
  headline.data = `${name}, to ${pick(buyers)}, for ${part(row, "now").textContent}`;
  const entry = document.createElement("li");
  entry.append(name, " ", Object.assign(document.createElement("b"), { textContent: part(row, "now").textContent }));
  sold.prepend(entry);
  while (sold.children.length > soldShown) sold.lastElementChild.remove();
  if (left < 1) {
    dropBar(row);
    row.remove();
    waiting.push(row);
    return;
  }
  row.dataset.left = String(left);
  part(row, "left").querySelector("b").textContent = String(left);
  drawBar(row);
}

/** Puts a row that had been sold out back as a new lot: a clone with new text, at the top. */
function restock() {
  const row = waiting.shift().cloneNode(true);
  row.classList.remove(lotClass(row), "falls", "rises");
  row.classList.add(`lot-${nextLot}`, "fresh");
  row.cells[0].textContent = String(nextLot++);
  row.dataset.left = String(2 + Math.floor(random() * 8));
  row.dataset.now = String(Math.round((Number(row.dataset.was) * 0.9) / 10) * 10);
  part(row, "now").textContent = euros(Number(row.dataset.now));
  part(row, "left").querySelector("b").textContent = row.dataset.left;
  board.prepend(row);
  drawBar(row);
}

/** Moves the cheapest of a few rows one place up. */
function climb() {
  const row = pick([...board.rows].slice(1));
  const above = row.previousElementSibling;
  if (Number(row.dataset.now) < Number(above.dataset.now)) board.insertBefore(row, above);
  else board.insertBefore(above, row.nextElementSibling);
}

function change() {
  step++;
  board.querySelector(".fresh")?.classList.remove("fresh");
  for (let i = 0; i < 2; i++) reprice(pick([...board.rows]));
  if (step % 2 === 0) sell(pick([...board.rows]));
  if (step % 3 === 0) climb();
  if (waiting.length > 0 && (step % 7 === 0 || board.rows.length < fewestLots)) restock();
  stepCount.textContent = String(step);
}

let timer;

function start() {
  timer = setInterval(change, 1000 / Number(speed.value));
  run.textContent = "Stop";
  tellBench();
}

function stop() {
  clearInterval(timer);
  timer = undefined;
  run.textContent = "Start";
  tellBench();
}

function tellBench() {
  bench.contentWindow.postMessage({ perSecond: timer === undefined ? 0 : Number(speed.value) }, location.origin);
}

run.addEventListener("click", () => (timer === undefined ? start() : stop()));
speed.addEventListener("change", () => {
  if (timer === undefined) return;
  stop();
  start();
});
bench.addEventListener("load", tellBench);
document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());

for (const row of board.rows) drawBar(row);
start();
