// The packing bench inside the live page's frame. The page around it says how fast it goes; alone it goes by itself.

const packed = document.getElementById("packed");
const fill = document.getElementById("fill");
const bar = fill.parentElement;
const queue = document.getElementById("queue");
const towns = ["Aarhus", "Bologna", "Cádiz", "Dresden", "Espoo", "Galway", "Leuven", "Malmö", "Nantes", "Utrecht"];

const queueLength = 4;
const stepsPerParcel = 8;
let step = 0;
let joined = 0;
let timer;

function join() {
  const parcel = document.createElement("li");
  parcel.textContent = `To ${towns[joined++ % towns.length]}`;
  queue.append(parcel);
}

function change() {
  step++;
  const done = Math.round(((step % stepsPerParcel) / stepsPerParcel) * 100);
  fill.style.inlineSize = `${done}%`;
  bar.setAttribute("aria-valuenow", String(done));
  if (done > 0) return;
  packed.textContent = String(step / stepsPerParcel);
  queue.firstElementChild.remove();
  join();
}

function run(perSecond) {
  clearInterval(timer);
  if (perSecond > 0) timer = setInterval(change, 1000 / perSecond);
}

addEventListener("message", (event) => {
  if (event.origin === location.origin && Number.isFinite(event.data?.perSecond)) run(Math.min(event.data.perSecond, 60));
});

for (let i = 0; i < queueLength; i++) join();
if (parent === window) run(4);
